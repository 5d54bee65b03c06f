// What all executors have. concurrent.futures: `Executor`.
import { given, rangeError, typeError } from './errors.js';
import type { EventLoop } from './event-loop.js';
import { type JobOptions, notClonable } from './executor-job.js';
import { ExecutorMap, type MapOptions } from './executor-map.js';
import type { Pool, Preparation } from './executor-pool.js';
import type { Future } from './future.js';
import { type AnyJobFunction, isReference, type JobFunction, targetOf } from './job-target.js';
import { Operation } from './operation.js';
import { checkOptions } from './options.js';
import { getRunningLoop, runningLoop } from './running.js';
import type { Coroutine } from './stepping.js';

const JOB_OPTIONS = ['signal', 'terminate'];

/** Options of `Executor.shutdown`. */
export interface ShutdownOptions {
  /** Whether to wait for the jobs and the end of the workers; true without it. */
  wait?: boolean | undefined;
  /** Whether to cancel the jobs that have not begun; false without it. concurrent.futures: `cancel_futures`. */
  cancelFutures?: boolean | undefined;
}

/** A call of `submit` or `runInExecutor`, its leading options apart. @internal */
export interface JobCall {
  readonly options: JobOptions;
  readonly func: unknown;
  readonly args: unknown[];
}

/** Executors that were dropped without a shutdown: their workers end. */
const dropped = new FinalizationRegistry<Pool>((pool) => pool.shutdown(false));

/**
 * Runs functions somewhere else: ThreadPoolExecutor, ProcessPoolExecutor. concurrent.futures: `Executor`.
 *
 * An executor belongs to no loop: all loops of its thread can give it jobs, and each gets futures of its own.
 */
export abstract class Executor {
  /** @internal */
  readonly pool: Pool;

  /** @internal */
  constructor(pool: Pool) {
    this.pool = pool;
    dropped.register(this, pool, this);
  }

  /**
   * Has `func(...args)` called in a worker, and gives a future of its result in the running loop. concurrent.futures:
   * `Executor.submit`.
   *
   * @param func a function that closes over nothing, or a reference: `{ module, export }`.
   * @param args copies of them arrive; what is wrapped in `transfer()` moves.
   * @throws TypeError for a function or an argument that can't be sent (`ERR_NOT_CLOSED`, `ERR_NOT_CLONEABLE`); RuntimeError
   * where no loop runs, or after the shutdown; BrokenExecutor. From the future: what the function throws; BrokenExecutor when
   * its worker ended; CancelledError.
   * @example
   * const sum = yield* executor.submit((a: number, b: number) => a + b, 2, 3);
   */
  submit<A extends unknown[], T>(func: JobFunction<A, T>, ...args: A): Future<Awaited<T>>;
  submit<A extends unknown[], T>(
    options: JobOptions,
    func: JobFunction<A, T>,
    ...args: A
  ): Future<Awaited<T>>;
  submit(...call: unknown[]): Future<unknown> {
    return this.start(getRunningLoop(), jobCallOf(call, 'submit'), 'submit');
  }

  /**
   * Calls `func` for each item, in workers; the results come in the order of the items. concurrent.futures: `Executor.map`.
   *
   * `for…of` gives futures, `for await` results. Who leaves the loop cancels what has not begun. `timeout`: seconds from now
   * on, after which what is not there yet is a TimeoutError. `chunksize`: how many items go to a worker in one piece, for
   * many small ones.
   *
   * @throws as `submit`; RangeError for a chunksize that is no positive integer.
   * @example
   * for (const size of executor.map(measure, paths)) total += yield* size;
   * // for await (const size of executor.map(measure, paths, { timeout: 60 })) total += size;
   */
  map<I, T>(
    func: JobFunction<[item: I], T>,
    items: Iterable<I>,
    options: MapOptions = {},
  ): ExecutorMap<Awaited<T>> {
    const target = targetOf(func, 'map');
    return new ExecutorMap(getRunningLoop(), this.pool, target, items, options);
  }

  /**
   * Takes no more jobs; those that were submitted are done, or cancelled, and the workers end. concurrent.futures:
   * `Executor.shutdown`.
   *
   * @throws RuntimeError where no loop runs that could wait.
   * @example
   * yield* executor.shutdown();
   */
  shutdown(options: ShutdownOptions & { wait: false }): void;
  shutdown(options?: ShutdownOptions): Operation<void>;
  shutdown(options: ShutdownOptions = {}): Operation<void> | void {
    checkOptions(options, ['wait', 'cancelFutures'], 'shutdown');
    const { wait = true, cancelFutures = false } = options;
    const loop = wait ? getRunningLoop() : null;
    dropped.unregister(this);
    this.pool.shutdown(cancelFutures);
    if (loop !== null) return new Operation(loop, ended(this.pool, loop));
  }

  /** `shutdown`, without waiting. */
  [Symbol.dispose](): void {
    this.shutdown({ wait: false });
  }

  /** `shutdown`; waits where a loop runs. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (runningLoop() === null) this.shutdown({ wait: false });
    else await this.shutdown();
  }

  /** @internal A job of `loop`. */
  start(loop: EventLoop, { options, func, args }: JobCall, method: string): Future<unknown> {
    return this.pool.submit(
      loop,
      { kind: 'job', target: targetOf(func, method), args, each: false },
      options,
    );
  }
}

/** The parts of a call that may begin with options. @internal */
export function jobCallOf(call: readonly unknown[], method: string): JobCall {
  const [first, ...rest] = call;
  if (typeof first !== 'object' || first === null || isReference(first) || Symbol.iterator in first)
    return { options: {}, func: first, args: rest };
  checkOptions(first, JOB_OPTIONS, method);
  return { options: first, func: rest[0], args: rest.slice(1) };
}

/** What prepares workers, checked. @internal */
export function preparationOf(
  initializer: AnyJobFunction | undefined,
  initargs: readonly unknown[] = [],
): Preparation | null {
  if (initializer === undefined) return null;
  if (!Array.isArray(initargs)) throw typeError(`initargs must be an array, got ${given(initargs)}`);
  const target = targetOf(initializer, 'initializer');
  const args = initargs.map((arg: unknown, at) => {
    try {
      return structuredClone(arg);
    } catch (error) {
      throw notClonable(target, initargs, at, error);
    }
  });
  return { target, args };
}

/** A number of workers, checked. @internal */
export function workerCount(maxWorkers: unknown, otherwise: number): number {
  if (maxWorkers === null || maxWorkers === undefined) return otherwise;
  if (typeof maxWorkers !== 'number')
    throw typeError(`maxWorkers must be a number, got ${given(maxWorkers)}`);
  if (!(maxWorkers > 0)) throw rangeError(`maxWorkers must be greater than 0, got ${maxWorkers}`);
  if (!Number.isInteger(maxWorkers)) throw rangeError(`maxWorkers must be an integer, got ${maxWorkers}`);
  return maxWorkers;
}

function* ended(pool: Pool, loop: EventLoop): Coroutine<void> {
  yield* pool.whenEnded(loop);
}
