// Who serves a connection on streams: a task, and what becomes of the connection when it ends.
import { isCoroutine, isCoroutineFunction } from './coroutine.js';
import type { EventLoop } from './event-loop.js';
import { isAsyncFunction } from './functions.js';
import type { Waiter } from './future.js';
import type { Runnable } from './handle.js';
import { turnOf } from './sleep.js';
import type { Coroutine } from './stepping.js';
import type { StreamReader } from './stream-reader.js';
import type { StreamWriter } from './stream-writer.js';
import type { Task } from './task.js';
import type { Transport } from './transport.js';

/** Who serves a connection: a generator function or an async function becomes a task; another one is called. */
export type ClientConnectedCallback = (reader: StreamReader, writer: StreamWriter) => unknown;

/** Has a connection served; an error is reported and closes it, as a cancel does. @internal */
export function serve(
  loop: EventLoop,
  callback: ClientConnectedCallback,
  reader: StreamReader,
  writer: StreamWriter,
  transport: Transport,
): void {
  const task = start(loop, callback, reader, writer);
  task.addWaiter(new Service(loop, task, transport));
}

/** Waits for the end of who serves; lighter than a done callback, because there is one for each connection. */
class Service implements Waiter, Runnable {
  private readonly loop: EventLoop;
  private readonly task: Task<unknown>;
  private readonly transport: Transport;

  constructor(loop: EventLoop, task: Task<unknown>, transport: Transport) {
    this.loop = loop;
    this.task = task;
    this.transport = transport;
  }

  schedule(): void {
    this.loop.scheduler.enqueue(this);
  }

  run(): void {
    const { task, transport } = this;
    if (!task.cancelled()) {
      const exception = task.exception();
      if (!task.hasFailed()) return;
      const message = 'Unhandled exception in client_connected_cb';
      this.loop.callExceptionHandler({ message, exception, transport });
    }
    transport.close();
  }

  waiterText(): string {
    return 'close()';
  }
}

/**
 * A function that is neither a generator function nor an async one is called at once, in a task all the same: it may
 * give a coroutine or a promise.
 */
function start(
  loop: EventLoop,
  callback: ClientConnectedCallback,
  reader: StreamReader,
  writer: StreamWriter,
): Task<unknown> {
  const call = () => callback(reader, writer) as Promise<unknown>;
  if (isAsyncFunction(callback)) return loop.createTask(call);
  if (isCoroutineFunction(callback)) return loop.createTask(call() as unknown as Coroutine<unknown>);
  const begin = () => {
    const result: unknown = call();
    return (isCoroutine(result) ? inNextTurn(loop, result) : result) as Promise<unknown>;
  };
  return loop.createTask(begin, { eagerStart: true });
}

/** As the first step of a task. */
function* inNextTurn(loop: EventLoop, coroutine: Coroutine<unknown>): Coroutine<unknown> {
  yield* turnOf(loop);
  return yield* coroutine;
}
