/**
 * What every server program on mioloop does: run hosted or blocking, as its first argument says, and end with stdin.
 * As for other servers, `gc` among its arguments keeps the heap small.
 */
import { Worker } from 'node:worker_threads';
import { type Coroutine, getRunningLoop, run, runSync, type Server } from 'mioloop';
import { announce, exitWithStdin, GC_PAUSE_MS } from './support.js';

/** Runs in a thread, because a blocking loop's own thread can't see its standard input end. */
const WATCH_STDIN = `
  const { workerData } = require('node:worker_threads');
  try { while (require('node:fs').readSync(0, Buffer.alloc(64)) > 0); } catch {}
  import(workerData.mioloop).then(({ ThreadsafeHandle }) => ThreadsafeHandle.from(workerData.end).call());
`;

const args = process.argv.slice(2);
/** Whether the loop is a blocking one. */
export const blocking = args[0] === 'blocking';

/** Runs `main` on a loop, to the end of the process. */
export function runServer(main: () => Coroutine<void>): void {
  function* serve(): Coroutine<void> {
    if (blocking) watchStdin();
    if (args.includes('gc')) collect();
    yield* main();
  }
  if (blocking) {
    runSync(serve);
  } else {
    exitWithStdin();
    void run(serve);
  }
}

/** Tells where `server` listens, and serves. */
export function* serveForever(server: Server): Coroutine<void> {
  const [, port] = server.sockets[0]!.getsockname();
  announce(port);
  yield* server.serveForever();
}

/** Collects garbage again and again, by the loop's own timer: a blocking one lets no other fire. */
export function collect(): void {
  globalThis.gc?.();
  getRunningLoop().callLater(GC_PAUSE_MS / 1_000, collect);
}

function watchStdin(): void {
  const end = getRunningLoop().threadsafe(() => process.exit(0)).data;
  new Worker(WATCH_STDIN, { eval: true, workerData: { mioloop: import.meta.resolve('mioloop'), end } });
}
