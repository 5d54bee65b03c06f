// A program from beginning to end: a loop, a main coroutine, and everything closed again. asyncio: `run`.
import { type CoroutineLike, isCoroutine, notCoroutine } from './coroutine.js';
import { RuntimeError } from './errors.js';
import type { EventLoop } from './event-loop.js';
import { newEventLoop } from './loops.js';
import { running } from './running.js';
import type { Coroutine } from './stepping.js';

/** Options of `run` and `runSync`. */
export interface RunOptions {
  /** Debug mode. */
  debug?: boolean;
  /** Makes the loop; `newEventLoop` without one. */
  loopFactory?: () => EventLoop;
}

/**
 * Runs `main` on a new loop, hosted, and closes the loop. asyncio: `run`. Tasks that are left are cancelled.
 *
 * @throws what `main` throws; TypeError for a promise (give `() => f(x)`); RuntimeError inside a running loop.
 * @example
 * await run(function* () { yield* sleep(1); console.log('a second later'); });
 */
export async function run<T>(main: CoroutineLike<T>, options: RunOptions = {}): Promise<T> {
  const loop = prepare(main, options, 'run');
  try {
    return await loop.runUntilComplete(main);
  } finally {
    try {
      if (loop.tasks.size > 0) await loop.runUntilComplete(cancelTasks(loop));
    } finally {
      loop.close();
    }
  }
}

/** `run`, blocking: Node's own loop stands still until `main` is done. */
export function runSync<T>(main: CoroutineLike<T>, options: RunOptions = {}): T {
  const loop = prepare(main, options, 'runSync');
  try {
    return loop.runUntilCompleteSync(main);
  } finally {
    try {
      if (loop.tasks.size > 0) loop.runUntilCompleteSync(cancelTasks(loop));
    } finally {
      loop.close();
    }
  }
}

function prepare(main: unknown, options: RunOptions, name: string): EventLoop {
  if (running.loop !== null) {
    throw new RuntimeError(`${name}() cannot be called from a running event loop`, 'ERR_OTHER_LOOP_RUNNING');
  }
  if (!isCoroutine(main) && typeof main !== 'function') throw notCoroutine(main);
  const loop = (options.loopFactory ?? newEventLoop)();
  if (options.debug !== undefined) loop.setDebug(options.debug);
  return loop;
}

/** Cancels what is left, waits for it, and reports what went wrong meanwhile. */
function* cancelTasks(loop: EventLoop): Coroutine<void> {
  const own = running.task;
  const left = [...loop.tasks].filter((task) => task !== own);
  for (const task of left) task.cancel();
  for (const task of left) {
    if (!task.done()) {
      const ended = loop.createFuture<void>();
      task.addDoneCallback(() => ended.setResult(undefined));
      yield* ended;
    }
    if (task.cancelled()) continue;
    const exception = task.exception();
    if (exception === null) continue;
    const message = 'unhandled exception during asyncio.run() shutdown';
    loop.callExceptionHandler({ message, exception, task });
  }
}
