// A counter that limits how many tasks go on at a time. asyncio: `Semaphore`, `BoundedSemaphore`.
import { given, rangeError, typeError } from './errors.js';
import type { Future } from './future.js';
import { Guard } from './guard.js';
import { Line } from './line.js';
import { bracketed, LoopBound } from './loop-bound.js';
import { getRunningLoop } from './running.js';
import type { Scope } from './scope.js';
import { failed, Settled } from './settled.js';
import type { Coroutine } from './stepping.js';
import { Waiting } from './waiting.js';
import { within } from './within.js';

/**
 * A counter: `acquire()` takes one away and waits at 0, `release()` adds one. asyncio: `Semaphore`. Who waits goes
 * on in the order of asking, and nobody overtakes.
 *
 * @example
 * const connections = new Semaphore(10);
 * yield* connections.with(function* () { yield* download(url); }); // ten at a time
 */
export class Semaphore extends LoopBound {
  private value: number;
  private readonly line = new Line<Guard>({
    resume: () => {
      this.wakeAllowed();
      return new Guard(this);
    },
    abandon: (woken) => {
      if (woken) this.value += 1;
      this.wakeAllowed();
    },
  });

  /**
   * @param value how many may go on at a time
   * @throws TypeError for what is no number; RangeError when it is negative or not whole.
   */
  constructor(value = 1) {
    super();
    if (typeof value !== 'number') throw typeError(`an initial value is expected, not ${given(value)}`);
    if (!(value >= 0)) throw rangeError(`Semaphore initial value must be >= 0, not ${value}`);
    if (!Number.isInteger(value))
      throw rangeError(`Semaphore initial value must be a whole number, not ${value}`);
    this.value = value;
  }

  /** Whether `acquire()` would have to wait: the counter is 0, or others are before. */
  locked(): boolean {
    return this.value === 0 || !this.line.isIdle();
  }

  /**
   * Takes one from the counter, or waits until that is possible. asyncio: `acquire`.
   *
   * @returns a guard, to be released by `using` or `release()`; `semaphore.release()` does the same.
   * @throws CancelledError when the task is cancelled while it waits; RuntimeError `ERR_OTHER_LOOP` when tasks of
   * another loop have waited for this semaphore, `ERR_NO_RUNNING_LOOP` outside of a loop.
   * @example
   * using guard = yield* semaphore.acquire();
   */
  acquire(): Future<Guard> {
    const loop = getRunningLoop();
    if (!this.locked()) {
      this.value -= 1;
      return new Settled(loop, new Guard(this));
    }
    const refusal = this.bind(loop);
    return refusal === null ? new Waiting(loop, this.line, undefined) : failed(loop, refusal);
  }

  /** Adds one to the counter, or lets the first that waits go on. asyncio: `release`. */
  release(): void {
    this.value += 1;
    this.wakeNext();
  }

  /**
   * Runs `body` between `acquire` and `release`, which comes whatever happens. asyncio: `async with semaphore`.
   *
   * @param body a generator function, or a function that gives a future or a scope (the result is for `yield*` or
   * `await`), or an async function (for `await`), which stays in the caller's task. What a plain function gives a promise
   * for is a Scope too; to its type it is a Promise, since TypeScript can't tell it from an async function.
   * @throws what `acquire` and `body` throw.
   * @example
   * await semaphore.with(async () => { await download(url); });
   */
  with<T>(body: () => Coroutine<T> | Future<T> | Scope<T>): Scope<T>;
  with<T>(body: () => PromiseLike<T>): Promise<T>;
  with<T>(body: () => T): Scope<T>;
  with<T>(body: () => unknown): Scope<T> | Promise<T> {
    return within(this, body);
  }

  /** @internal */
  protected override stateText(): string {
    return bracketed(this.locked() ? 'locked' : `unlocked, value:${this.value}`, this.line.size);
  }

  /** @internal The counter. */
  protected count(): number {
    return this.value;
  }

  private wakeNext(): boolean {
    if (this.line.wake(1) === 0) return false;
    this.value -= 1;
    return true;
  }

  /** Those who came while others were before them, as many as the counter allows. */
  private wakeAllowed(): void {
    while (this.value > 0 && this.wakeNext());
  }
}

/**
 * A semaphore that is never released more often than it was acquired. asyncio: `BoundedSemaphore`.
 *
 * @example
 * const slots = new BoundedSemaphore(2);
 * slots.release();      // RangeError: nobody has acquired it
 */
export class BoundedSemaphore extends Semaphore {
  private readonly bound: number;

  /** As `Semaphore`. */
  constructor(value = 1) {
    super(value);
    this.bound = value;
  }

  /** As `Semaphore`. @throws RangeError `ERR_NOT_ACQUIRED` when the counter is at its initial value. */
  override release(): void {
    if (this.count() >= this.bound) {
      throw rangeError('BoundedSemaphore released too many times', 'ERR_NOT_ACQUIRED');
    }
    super.release();
  }
}
