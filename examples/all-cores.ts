// One port, all cores: a worker thread for each, with a loop of its own, and `reusePort` has the system share the
// connections out. `all-cores.js [port] [threads]`: each connection is told which thread serves it.
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { isMainThread, parentPort, threadId, Worker, workerData } from 'node:worker_threads';
import { getRunningLoop, Protocol, run, socket, type Transport } from 'mioloop';

const HOST = '127.0.0.1';

class Greeter extends Protocol {
  override connectionMade(transport: Transport): void {
    transport.write(Buffer.from(`thread ${threadId}\n`));
    transport.close();
  }
}

/** In each worker. */
function* serve(port: number) {
  const server = yield* getRunningLoop().createServer(() => new Greeter(), HOST, port, { reusePort: true });
  parentPort!.postMessage('ready');
  yield* server.serveForever();
}

/** In the main thread. */
async function main(port: number, threads: number): Promise<void> {
  // Port 0 is decided here: this socket never listens, but nobody else gets its port meanwhile.
  using reserved = new socket.Socket(socket.AF_INET, socket.SOCK_STREAM);
  reserved.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, true);
  reserved.bind([HOST, port]);
  const [, bound] = reserved.getsockname();
  const file = new URL(import.meta.url);
  const workers = Array.from({ length: threads }, () => new Worker(file, { workerData: bound }));
  await Promise.all(workers.map((worker) => once(worker, 'message')));
  console.log(`Serving on ${HOST}:${bound} with ${threads} threads, Ctrl-C ends it`);
}

if (isMainThread) {
  const [port = 8888, threads = availableParallelism()] = process.argv.slice(2).map(Number);
  await main(port, threads);
} else {
  await run(serve(workerData));
}
