/**
 * The echo server on mioloop: `mioloop.js <hosted|blocking> <owned|buffered> [probe] [gc]`.
 *
 * `owned` gets each packet as a Buffer of its own, `buffered` reads into one buffer that all connections share: a
 * write has taken its bytes when it returns.
 */
import { Worker } from 'node:worker_threads';
import { BufferedProtocol, getRunningLoop, Protocol, run, runSync, type Transport } from 'mioloop';
import { announce, exitWithStdin, startExtras } from './support.js';

/** Holds a whole message of 100 KiB. */
const SHARED_BUFFER = Buffer.allocUnsafeSlow(128 * 1024);

/** Runs in a thread, because a blocking loop's own thread can't see its standard input end. */
const WATCH_STDIN = `
  const { workerData } = require('node:worker_threads');
  try { while (require('node:fs').readSync(0, Buffer.alloc(64)) > 0); } catch {}
  import(workerData.mioloop).then(({ ThreadsafeHandle }) => ThreadsafeHandle.from(workerData.end).call());
`;

class Echo extends Protocol {
  #transport!: Transport;

  override connectionMade(transport: Transport): void {
    this.#transport = transport;
  }

  override dataReceived(data: Buffer): void {
    this.#transport.write(data);
  }
}

class BufferedEcho extends BufferedProtocol {
  #transport!: Transport;

  override connectionMade(transport: Transport): void {
    this.#transport = transport;
  }

  override getBuffer(): Uint8Array {
    return SHARED_BUFFER;
  }

  override bufferUpdated(nbytes: number): void {
    this.#transport.write(SHARED_BUFFER.subarray(0, nbytes));
  }
}

const args = process.argv.slice(2);
const blocking = args.includes('blocking');
const protocolFactory = args.includes('buffered') ? () => new BufferedEcho() : () => new Echo();

function* serve() {
  const loop = getRunningLoop();
  const server = yield* loop.createServer(protocolFactory, '127.0.0.1', 0);
  if (blocking) {
    const end = loop.threadsafe(() => process.exit(0)).data;
    new Worker(WATCH_STDIN, { eval: true, workerData: { mioloop: import.meta.resolve('mioloop'), end } });
  }
  const [, port] = server.sockets[0]!.getsockname() as [string, number];
  announce(port);
  yield* server.serveForever();
}

if (blocking) {
  runSync(serve);
} else {
  exitWithStdin();
  startExtras(args);
  void run(serve);
}
