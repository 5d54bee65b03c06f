// The workers of an executor and the jobs that wait for them: who gets which job, what happens when a worker ends, and the
// end of all. What a worker is, a thread or a process, is in files of their own; this is the same for both.
import type { TransferListItem } from 'node:worker_threads';
import { type BrokenExecutor, RuntimeError } from './errors.js';
import type { EventLoop } from './event-loop.js';
import { Job, type JobKeeper, type JobOptions, type JobOrder } from './executor-job.js';
import type { Answer, Order, TargetText } from './executor-wire.js';
import type { Future } from './future.js';
import { OutsideFuture } from './outside-future.js';
import { unpackError } from './packed-error.js';

/** A thread or a process that does jobs, one at a time. @internal */
export interface Worker {
  /** Sends `order`. @throws for what can't be sent; nothing was sent then. */
  send(order: Order, list: readonly TransferListItem[]): void;
  /** Ends it now, whatever it does. */
  kill(): void;
  /** What is known of why it has ended, as in 'its worker …'. */
  endText(): string;
  /** Hands the answers to the pool that are there. */
  collect(): void;
}

/** What makes workers, and tells the pool of them. @internal */
export interface WorkerMaker {
  /** A new worker for a job of `loop`; it has to be told to begin. `answered` and `ended` of the pool are called for it. */
  make(number: number, pool: Pool, loop: EventLoop): Worker;
  /** From now on `loop` has to hear of answers. @throws RuntimeError where it can't. */
  join(loop: EventLoop): void;
  /** Copies of `values`, as a worker would get them, and what moves with them. @throws for what can't be cloned. */
  clone(values: readonly unknown[], list: readonly TransferListItem[]): [unknown[], TransferListItem[]];
  /** There are no workers any more, and there will be none. */
  close(): void;
  /** The error of a job whose worker has ended. */
  broken(message: string, options?: ErrorOptions): BrokenExecutor;
}

/** How a pool prepares its workers. @internal */
export interface Preparation {
  readonly target: TargetText;
  readonly args: readonly unknown[];
}

/** A worker, and what the pool knows of it. */
interface Place {
  job: Job<unknown> | null;
  /** It has begun, and was prepared. */
  ready: boolean;
  /** Nobody wonders why it ends. */
  told: boolean;
  /** What it said of its end. */
  last: Extract<Answer, { kind: 'dying' }> | null;
}

/** @internal */
export class Pool implements JobKeeper {
  readonly maxWorkers: number;
  readonly #maker: WorkerMaker;
  readonly #preparation: Preparation | null;
  readonly #places = new Map<Worker, Place>();
  /** The last one that became idle is the next to be used: its memory is still warm. */
  readonly #idle: Worker[] = [];
  readonly #queue = new Set<Job<unknown>>();
  readonly #loops = new WeakSet<EventLoop>();
  /** Those who wait for the end of all workers. */
  #waiters: OutsideFuture<void>[] = [];
  #started = 0;
  #isShutDown = false;
  /** Why there will be no workers any more. */
  #broken: { text: string; cause: unknown } | null = null;

  constructor(maker: WorkerMaker, maxWorkers: number, preparation: Preparation | null) {
    this.#maker = maker;
    this.maxWorkers = maxWorkers;
    this.#preparation = preparation;
  }

  /**
   * A job of `loop`; it begins at once where a worker is free, or may be started.
   * @throws RuntimeError after the shutdown; BrokenExecutor; TypeError for arguments that can't be cloned.
   */
  submit<T>(loop: EventLoop, order: JobOrder, options: JobOptions): Job<T> {
    if (this.#broken !== null) throw this.#brokenError();
    if (this.#isShutDown)
      throw new RuntimeError('cannot schedule new futures after shutdown', 'ERR_EXECUTOR_SHUT_DOWN');
    this.#join(loop);
    if (this.#idle.length === 0) this.#lookAround(loop);
    const job = new Job<T>(loop, this, order, options);
    if (job.done()) return job;
    try {
      if (this.#idle.length === 0) this.#start(loop);
      const worker = this.#idle.at(-1);
      if (worker === undefined) {
        job.keep();
        this.#queue.add(job as Job<unknown>);
      } else {
        this.#assign(worker, job as Job<unknown>);
        this.#idle.pop();
      }
    } catch (error) {
      job.withdraw();
      throw error;
    }
    return job;
  }

  /** A job was cancelled. */
  cancelled(job: Job<unknown>, ends: boolean): void {
    if (this.#queue.delete(job) || !ends) return;
    for (const [worker, place] of this.#places) {
      if (place.job !== job) continue;
      place.told = true;
      worker.kill();
    }
  }

  /** @internal */
  clone(values: readonly unknown[], list: readonly TransferListItem[]): [unknown[], TransferListItem[]] {
    return this.#maker.clone(values, list);
  }

  /** No more jobs; those that wait are still done, or cancelled. */
  shutdown(cancelFutures: boolean): void {
    this.#isShutDown = true;
    for (const job of [...this.#queue]) {
      if (job.getLoop().isClosed()) this.#queue.delete(job);
      else if (cancelFutures) job.cancel();
    }
    if (this.#queue.size > 0) return;
    // Who has a job reads this behind it, even where nobody hears its answer any more.
    for (const [worker, place] of this.#places) this.#dismiss(worker, place);
    this.#checkEnd();
  }

  /** Done when no worker is left; to be asked for after the shutdown. */
  whenEnded(loop: EventLoop): Future<void> {
    const future = new OutsideFuture<void>(loop);
    this.#waiters.push(future);
    this.#join(loop);
    this.#checkEnd();
    return future;
  }

  /** A worker has answered. */
  answered(worker: Worker, answer: Answer): void {
    const place = this.#places.get(worker);
    if (place === undefined) return;
    switch (answer.kind) {
      case 'ready':
        place.ready = true;
        return;
      case 'unready':
        this.#break(`its initializer failed`, unpackError(answer.error));
        return;
      case 'dying':
        place.last = answer;
        return;
    }
    const { job } = place;
    place.job = null;
    job?.deliver(() => {
      if (answer.kind === 'done') job.setResult(answer.value);
      else job.setException(unpackError(answer.error));
    });
    this.#next(worker, place);
  }

  /** A worker is no more. Its job fails; those that wait get another one. */
  ended(worker: Worker): void {
    const place = this.#places.get(worker);
    if (place === undefined) return;
    this.#places.delete(worker);
    const at = this.#idle.indexOf(worker);
    if (at >= 0) this.#idle.splice(at, 1);
    const how = place.last === null ? worker.endText() : endText(place.last);
    const cause = place.last?.error == null ? {} : { cause: unpackError(place.last.error) };
    const { job } = place;
    job?.deliver(() => {
      job.setException(this.#maker.broken(`${job.targetText()} has no result: its worker ${how}`, cause));
    });
    if (job === null && place.last !== null && !place.told) reportLost(how, place.last);
    // Another one would end the same way.
    if (!place.ready && !place.told) this.#break(`a worker ${how} before it could begin`, cause.cause);
    const [waiting] = this.#queue;
    if (waiting !== undefined) this.#replace(waiting.getLoop());
    this.#checkEnd();
  }

  /** `loop` hears of answers. */
  #join(loop: EventLoop): void {
    if (this.#loops.has(loop)) return;
    this.#maker.join(loop);
    this.#loops.add(loop);
  }

  /** Answers for a loop that does not run now have reached nobody yet. */
  #lookAround(loop: EventLoop): void {
    for (const [worker, { job }] of [...this.#places]) if (job?.getLoop() !== loop) worker.collect();
  }

  /** One more idle worker, unless there are enough of them. */
  #start(loop: EventLoop): void {
    if (this.#places.size >= this.maxWorkers) return;
    const worker = this.#maker.make(this.#started++, this, loop);
    this.#places.set(worker, { job: null, ready: false, told: false, last: null });
    this.#idle.push(worker);
    worker.send({ kind: 'begin', target: null, args: [], ...this.#preparation }, []);
  }

  #replace(loop: EventLoop): void {
    try {
      this.#start(loop);
    } catch (error) {
      this.#break('a worker could not be started', error);
    }
    const worker = this.#idle.pop();
    if (worker !== undefined) this.#next(worker, this.#places.get(worker)!);
  }

  #assign(worker: Worker, job: Job<unknown>): void {
    job.send((order, list) => worker.send(order, list));
    this.#places.get(worker)!.job = job;
  }

  /** What a worker does that has nothing to do. */
  #next(worker: Worker, place: Place): void {
    // It is about to end.
    if (place.told) return;
    for (const job of this.#queue) {
      this.#queue.delete(job);
      // A job of a loop that was closed is nobody's.
      if (job.getLoop().isClosed()) continue;
      try {
        this.#assign(worker, job);
        return;
      } catch (error) {
        job.deliver(() => job.setException(error));
      }
    }
    if (this.#isShutDown) this.#dismiss(worker, place);
    else this.#idle.push(worker);
  }

  #dismiss(worker: Worker, place: Place): void {
    if (place.told) return;
    place.told = place.job === null;
    worker.send({ kind: 'end' }, []);
  }

  /** No worker can be prepared: all that waits fails, and so will all that comes. */
  #break(text: string, cause: unknown): void {
    this.#broken ??= { text, cause };
    this.#isShutDown = true;
    const left = [...this.#queue];
    this.#queue.clear();
    for (const [worker, place] of this.#places) {
      place.told = true;
      if (place.job !== null) left.unshift(place.job);
      place.job = null;
      worker.kill();
    }
    for (const job of left) job.deliver(() => job.setException(this.#brokenError()));
  }

  #brokenError(): BrokenExecutor {
    const { text, cause } = this.#broken!;
    return this.#maker.broken(`the executor is not usable anymore: ${text}`, { cause });
  }

  #checkEnd(): void {
    if (!this.#isShutDown || this.#places.size > 0) return;
    this.#maker.close();
    for (const future of this.#waiters) future.deliver(() => future.setResult());
    this.#waiters = [];
  }
}

/** It had no job, so no job can tell of it. */
function reportLost(how: string, { error }: Extract<Answer, { kind: 'dying' }>): void {
  const stack = error === null || 'thrown' in error ? undefined : error.stack;
  process.emitWarning(`a worker of an executor, which had no job, ${how}`, {
    type: 'ExecutorWarning',
    code: 'MIOLOOP_WORKER_LOST',
    ...(stack === undefined ? {} : { detail: stack }),
  });
}

function endText({ exitCode, error }: Extract<Answer, { kind: 'dying' }>): string {
  return error === null ? `called process.exit(${exitCode})` : 'ended by an error that nobody caught';
}
