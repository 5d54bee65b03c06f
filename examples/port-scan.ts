// Which ports of this machine answer? A queue of ports, a few workers in a task group, a limit in time for each
// attempt and for the whole. `node build/examples/port-scan.js 8000 8100`
import { fileURLToPath } from 'node:url';
import {
  type Coroutine,
  getRunningLoop,
  Protocol,
  Queue,
  QueueShutDown,
  run,
  TimeoutError,
  taskGroup,
  timeout,
} from 'mioloop';

const WORKERS = 20;
const ATTEMPT_SECONDS = 0.5;
const WHOLE_SECONDS = 30;

function* isOpen(port: number): Coroutine<boolean> {
  try {
    const [transport] = yield* timeout(ATTEMPT_SECONDS, () =>
      getRunningLoop().createConnection(() => new Protocol(), '127.0.0.1', port),
    );
    transport.close();
    return true;
  } catch (error) {
    if (error instanceof TimeoutError || (error as NodeJS.ErrnoException).code === 'ECONNREFUSED')
      return false;
    throw error;
  }
}

function* worker(ports: Queue<number>, open: number[]): Coroutine<void> {
  for (;;) {
    try {
      const port = yield* ports.get();
      if (yield* isOpen(port)) open.push(port);
    } catch (error) {
      if (error instanceof QueueShutDown) return;
      throw error;
    }
  }
}

/** The ports from `first` to `last` that accept a connection. */
export function* scan(first: number, last: number): Coroutine<number[]> {
  const ports = new Queue<number>(WORKERS);
  const open: number[] = [];
  yield* timeout(WHOLE_SECONDS, () =>
    taskGroup(function* (group) {
      for (let number = 0; number < WORKERS; number++) group.createTask(worker(ports, open));
      for (let port = first; port <= last; port++) yield* ports.put(port);
      ports.shutdown();
    }),
  );
  return open.sort((a, b) => a - b);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [first = 8000, last = 8100] = process.argv.slice(2).map(Number);
  const open = await run(scan(first, last));
  console.log(`open between ${first} and ${last}: ${open.join(', ') || 'none'}`);
}
