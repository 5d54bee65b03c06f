// Several runs on one loop, and an orderly end. asyncio: `Runner`.
import { type Context, copyContext } from './context.js';
import { type CoroutineLike, isCoroutineLike, notCoroutine } from './coroutine.js';
import { allTasks } from './current-task.js';
import { RuntimeError } from './errors.js';
import type { EventLoop } from './event-loop.js';
import { isAsyncFunction } from './functions.js';
import type { Future } from './future.js';
import { gatherAll } from './gather.js';
import { Interrupts } from './interrupts.js';
import { newEventLoop, setEventLoop, unsetEventLoop } from './loops.js';
import { canDrain, cannotDrain } from './microtasks.js';
import { checkOptions } from './options.js';
import { running } from './running.js';
import type { Task } from './task.js';

/** How long the end waits for the threads of the loop's executor: asyncio's five minutes. */
const EXECUTOR_JOIN_SECONDS = 300;

/** Options of a Runner. */
export interface RunnerOptions {
  /** Debug mode. */
  debug?: boolean | undefined;
  /** Makes the loop. Without one it is `newEventLoop`, and the thread's current loop while the runner is open. */
  loopFactory?: (() => EventLoop) | undefined;
}

/** Options of `Runner.run`. */
export interface RunnerRunOptions {
  /** The context of this run; without one, the context that all runs of the runner share. */
  context?: Context | undefined;
}

/**
 * Runs coroutines one after another on one loop, which it makes when it is first needed and closes in order:
 * what is left is cancelled and waited for. asyncio: `Runner`. For a single coroutine there is `run`.
 *
 * @example
 * await using runner = new Runner();
 * await runner.run(connect);
 * const answer = await runner.run(ask);
 */
export class Runner {
  private readonly options: RunnerOptions;
  private loop: EventLoop | null = null;
  private context: Context | null = null;
  private closed = false;

  constructor(options: RunnerOptions = {}) {
    checkOptions(options, ['debug', 'loopFactory'], 'Runner');
    this.options = options;
  }

  /** The loop; made now when there is none yet. @throws RuntimeError when the runner is closed. */
  getLoop(): EventLoop {
    if (this.closed) throw new RuntimeError('Runner is closed', 'ERR_RUNNER_CLOSED');
    this.loop ??= this.newLoop();
    return this.loop;
  }

  /**
   * Runs `coroutine`, hosted, and gives its result. Ctrl-C as in `run`.
   * @throws what it throws; KeyboardInterrupt after Ctrl-C; TypeError for what is no coroutine; RuntimeError inside a running loop, or when the
   * runner is closed.
   */
  async run<T>(coroutine: CoroutineLike<T>, options: RunnerRunOptions = {}): Promise<T> {
    const task = this.taskOf(coroutine, options, 'run');
    const interrupts = interruptsOf(task);
    try {
      return await task.getLoop().runUntilComplete(task);
    } catch (error) {
      throw interrupts.outcome(error);
    } finally {
      interrupts.end();
    }
  }

  /** `run`, blocking: Node's own loop stands still until the coroutine is done. */
  runSync<T>(coroutine: CoroutineLike<T>, options: RunnerRunOptions = {}): T {
    if (isAsyncFunction(coroutine) && !canDrain()) throw cannotDrain();
    const task = this.taskOf(coroutine, options, 'runSync');
    const interrupts = interruptsOf(task);
    try {
      return task.getLoop().runUntilCompleteSync(task);
    } catch (error) {
      throw interrupts.outcome(error);
    } finally {
      interrupts.end();
    }
  }

  /**
   * Cancels the tasks that are left, waits for their end and reports their errors, ends async generators and the
   * executor (for five minutes at most), and closes the loop. Again: nothing.
   */
  async close(): Promise<void> {
    const loop = this.beginClose();
    if (loop === null) return;
    try {
      for (const step of shutdown(loop)) await loop.runUntilComplete(step);
    } finally {
      this.endClose(loop);
    }
  }

  /** `close`, blocking. */
  closeSync(): void {
    const loop = this.beginClose();
    if (loop === null) return;
    try {
      for (const step of shutdown(loop)) loop.runUntilCompleteSync(step);
    } finally {
      this.endClose(loop);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  [Symbol.dispose](): void {
    this.closeSync();
  }

  private newLoop(): EventLoop {
    const { debug, loopFactory } = this.options;
    const loop = (loopFactory ?? newEventLoop)();
    if (loopFactory === undefined) setEventLoop(loop);
    if (debug !== undefined) loop.setDebug(debug);
    this.context = copyContext();
    return loop;
  }

  private taskOf<T>(coroutine: CoroutineLike<T>, options: RunnerRunOptions, method: string): Task<T> {
    checkOptions(options, ['context'], method);
    const { context } = options;
    if (!isCoroutineLike(coroutine)) throw notCoroutine(coroutine);
    if (running.loop !== null || this.loop?.isRunning()) {
      throw new RuntimeError(
        `Runner.${method}() cannot be called from a running event loop`,
        'ERR_OTHER_LOOP_RUNNING',
      );
    }
    const loop = this.getLoop();
    return loop.createTask(coroutine, { context: context ?? this.context! });
  }

  /** The loop to be closed, null where there is none. */
  private beginClose(): EventLoop | null {
    const { loop } = this;
    if (loop?.isRunning()) throw new RuntimeError('Cannot close a running event loop', 'ERR_LOOP_RUNNING');
    return loop;
  }

  private endClose(loop: EventLoop): void {
    if (this.options.loopFactory === undefined) unsetEventLoop(loop);
    this.loop = null;
    this.closed = true;
    loop.close();
  }
}

function interruptsOf(task: Task<unknown>): Interrupts {
  try {
    return new Interrupts(task);
  } catch (error) {
    // It will not be run; nor may a later run of the runner begin it.
    task.cancel();
    throw error;
  }
}

/** What has to be complete before `loop` can be closed, one after the other. */
function* shutdown(loop: EventLoop): Generator<Future<unknown>, void, void> {
  const left = [...allTasks(loop)];
  if (left.length > 0) {
    for (const task of left) task.cancel();
    yield gatherAll(left, true);
    for (const task of left) report(loop, task);
  }
  yield loop.shutdownAsyncgens();
  yield loop.shutdownDefaultExecutor(EXECUTOR_JOIN_SECONDS);
}

function report(loop: EventLoop, task: Task<unknown>): void {
  if (!task.hasFailed()) return;
  const exception = task.exception();
  const message = 'unhandled exception during asyncio.run() shutdown';
  loop.callExceptionHandler({ message, exception, task });
}
