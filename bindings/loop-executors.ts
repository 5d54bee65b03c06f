// The executors of a loop: the default one, and calls in any.
import { given, RuntimeError, typeError } from './errors.js';
import type { EventLoop } from './event-loop.js';
import { Executor, jobCallOf } from './executor.js';
import type { Future } from './future.js';
import type { Coroutine } from './stepping.js';
import { ThreadPoolExecutor } from './thread-pool-executor.js';

/** What the threads of a default executor are called. */
const THREAD_NAME_PREFIX = 'asyncio';

/** @internal */
export class LoopExecutors {
  readonly #loop: EventLoop;
  #default: ThreadPoolExecutor | null = null;
  #isShutDown = false;

  constructor(loop: EventLoop) {
    this.#loop = loop;
  }

  /** A call of `runInExecutor`; options may come first. */
  run(first: unknown, ...rest: unknown[]): Future<unknown> {
    const leads = typeof first === 'object' && first !== null && !(first instanceof Executor);
    const [executor, ...call] = leads ? rest : [first, ...rest];
    const { options, func, args } = jobCallOf(leads ? [first, ...call] : call, 'runInExecutor');
    return this.#executor(executor).start(this.#loop, { options, func, args }, 'runInExecutor');
  }

  setDefault(executor: unknown): void {
    if (!(executor instanceof ThreadPoolExecutor))
      throw typeError(`executor must be ThreadPoolExecutor instance, got ${given(executor)}`);
    this.#default = executor;
  }

  /** Waits for the default executor's jobs and threads, `timeout` seconds at most. */
  *shutdown(timeout: number | null): Coroutine<void> {
    this.#isShutDown = true;
    const executor = this.#default;
    if (executor === null) return;
    executor.shutdown({ wait: false });
    const ended = executor.pool.whenEnded(this.#loop);
    let late = false;
    const timeIsUp = (): void => {
      late = ended.cancel();
    };
    const timer = timeout === null ? null : this.#loop.callLater(timeout, timeIsUp);
    try {
      yield* ended;
    } catch (error) {
      if (!late) throw error;
      const text = `The executor did not finishing joining its threads within ${timeout} seconds.`;
      process.emitWarning(text, { type: 'RuntimeWarning', code: 'MIOLOOP_EXECUTOR_JOIN' });
    } finally {
      timer?.cancel();
    }
  }

  /** The loop closes: nobody waits. */
  close(): void {
    this.#isShutDown = true;
    this.#default?.shutdown({ wait: false });
    this.#default = null;
  }

  #executor(executor: unknown): Executor {
    if (executor instanceof Executor) return executor;
    if (executor !== null && executor !== undefined)
      throw typeError(`an executor or null was expected by runInExecutor(), got ${given(executor)}`);
    if (this.#isShutDown)
      throw new RuntimeError('Executor shutdown has been called', 'ERR_EXECUTOR_SHUT_DOWN');
    this.#default ??= new ThreadPoolExecutor(null, { threadNamePrefix: THREAD_NAME_PREFIX });
    return this.#default;
  }
}
