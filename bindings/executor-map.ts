// Several jobs, and their results in order. concurrent.futures: `Executor.map`.
import { DoneWaiter } from './done-waiter.js';
import { given, rangeError, secondsOrNull, TimeoutError, typeError } from './errors.js';
import type { EventLoop } from './event-loop.js';
import type { Job } from './executor-job.js';
import type { Pool } from './executor-pool.js';
import type { TargetText } from './executor-wire.js';
import { errorOf, type Future } from './future.js';
import type { TimerHandle } from './handle.js';
import { checkOptions } from './options.js';

/** Options of `Executor.map`. */
export interface MapOptions {
  /** Seconds after which what is not there yet fails with a TimeoutError; null, the default: none. */
  timeout?: number | null | undefined;
  /** How many items a worker gets in one piece; 1 without it. */
  chunksize?: number | undefined;
}

/**
 * What `map` gives: results in order, as futures (`for…of`) or awaited (`for await`). It is gone through once.
 *
 * @example
 * for (const result of executor.map(work, items)) console.log(yield* result);
 */
export class ExecutorMap<T> implements IterableIterator<Future<T>>, AsyncIterable<T> {
  private readonly jobs: Job<unknown>[] = [];
  private readonly futures: Future<T>[] = [];
  private readonly timer: TimerHandle | null = null;
  private left: number;
  private at = 0;

  /** @internal */
  constructor(
    loop: EventLoop,
    pool: Pool,
    target: TargetText,
    items: Iterable<unknown>,
    options: MapOptions,
  ) {
    checkOptions(options, ['timeout', 'chunksize'], 'map');
    const timeout = secondsOrNull(options.timeout ?? null, 'timeout');
    const chunksize = sizeOf(options.chunksize);
    try {
      for (const args of chunks(items, chunksize)) {
        const each = chunksize > 1;
        const job = pool.submit(loop, { kind: 'job', target, args, each }, {});
        this.jobs.push(job);
        if (each) this.futures.push(...parts<T>(job, args.length));
        else this.futures.push(job as Job<T>);
      }
    } catch (error) {
      this.cancel();
      throw error;
    }
    this.left = this.jobs.length;
    if (timeout === null || this.left === 0) return;
    this.timer = loop.callLater(timeout, () => this.timeIsUp());
    const done = new DoneWaiter(() => this.jobDone(), null);
    for (const job of this.jobs) job.addWaiter(done);
  }

  /** The next result, as a future. */
  next(): IteratorResult<Future<T>, undefined> {
    const value = this.futures[this.at++];
    return value === undefined ? { done: true, value } : { done: false, value };
  }

  /** What was not asked for is not wanted: what has not begun is cancelled. */
  return(): IteratorResult<Future<T>, undefined> {
    this.cancel();
    return { done: true, value: undefined };
  }

  [Symbol.iterator](): this {
    return this;
  }

  [Symbol.asyncIterator](): AsyncIterator<T, undefined> {
    return {
      next: async () => {
        const { done, value } = this.next();
        if (done) return { done, value };
        try {
          return { done: false, value: await value };
        } catch (error) {
          this.cancel();
          throw error;
        }
      },
      return: async () => this.return() as IteratorReturnResult<undefined>,
    };
  }

  private cancel(): void {
    this.timer?.cancel();
    const left = this.futures.slice(this.at);
    this.at = this.futures.length;
    for (const job of this.jobs) job.cancel();
    // What has failed meanwhile is not wanted either.
    for (const future of left) if (!future.cancel() && future.hasFailed()) future.exception();
  }

  private jobDone(): void {
    this.left -= 1;
    if (this.left === 0) this.timer?.cancel();
  }

  private timeIsUp(): void {
    for (const job of this.jobs) if (!job.done()) job.giveUp(new TimeoutError());
  }
}

/** The results of a job that has several. */
function parts<T>(job: Job<unknown>, count: number): Future<T>[] {
  const loop = job.getLoop();
  const futures = Array.from({ length: count }, () => loop.createFuture<T>());
  job.addWaiter(
    new DoneWaiter(() => {
      const error = job.cancelled() || job.hasFailed() ? errorOf(job) : null;
      for (const [at, future] of futures.entries()) {
        if (future.done()) continue;
        if (job.cancelled()) future.cancel();
        else if (job.hasFailed()) {
          future.setException(error);
          // What the time was not enough for, nobody needs to ask for.
          if (error instanceof TimeoutError) future.exception();
        } else future.setResult((job.result() as T[])[at]!);
      }
    }, null),
  );
  return futures;
}

function* chunks(items: Iterable<unknown>, size: number): Generator<unknown[], void> {
  if (typeof items !== 'object' || items === null || !(Symbol.iterator in items))
    throw typeError(`an iterable of items was expected by map(), got ${given(items)}`);
  let chunk: unknown[] = [];
  for (const item of items) {
    chunk.push(item);
    if (chunk.length < size) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}

function sizeOf(chunksize: unknown): number {
  if (chunksize === undefined) return 1;
  if (typeof chunksize !== 'number') throw typeError(`chunksize must be a number, got ${given(chunksize)}`);
  if (!Number.isInteger(chunksize) || chunksize < 1)
    throw rangeError(`chunksize must be >= 1, got ${chunksize}`);
  return chunksize;
}
