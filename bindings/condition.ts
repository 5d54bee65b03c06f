// A lock on which tasks wait for one another's changes. asyncio: `Condition`.
import { isThenable } from './coroutine.js';
import { CancelledError, given, RuntimeError, typeError } from './errors.js';
import type { EventLoop } from './event-loop.js';
import type { Future } from './future.js';
import type { Guard } from './guard.js';
import { Line } from './line.js';
import { Lock } from './lock.js';
import { bracketed, LoopBound } from './loop-bound.js';
import { Operation } from './operation.js';
import { getRunningLoop } from './running.js';
import type { Scope } from './scope.js';
import type { Coroutine } from './stepping.js';
import { Waiting } from './waiting.js';
import { within } from './within.js';

/**
 * A lock with a line of those who wait, holding it, until another task notifies them. asyncio: `Condition`.
 *
 * @example
 * const changed = new Condition();
 * // a consumer                               // a producer
 * yield* changed.with(function* () {          yield* changed.with(function* () {
 *   yield* changed.waitFor(() => items > 0);    items += 1;
 *   items -= 1;                                 changed.notify();
 * });                                         });
 */
export class Condition extends LoopBound {
  private readonly lock: Lock;
  private readonly line = new Line<undefined>({ resume: () => undefined, abandon: () => undefined });

  /**
   * @param lock the lock to use; a new one without it
   * @throws TypeError for what is no Lock.
   */
  constructor(lock: Lock | null = null) {
    super();
    if (lock !== null && !(lock instanceof Lock)) throw typeError(`a Lock is expected, not ${given(lock)}`);
    this.lock = lock ?? new Lock();
  }

  /** Whether somebody holds the lock. */
  locked(): boolean {
    return this.lock.locked();
  }

  /** Takes the lock, as `Lock.acquire`. */
  acquire(): Future<Guard> {
    return this.lock.acquire();
  }

  /** Frees the lock, as `Lock.release`. */
  release(): void {
    this.lock.release();
  }

  /** Runs `body` while the lock is held, as `Lock.with`. asyncio: `async with condition`. */
  with<T>(body: () => Coroutine<T> | Future<T> | Scope<T>): Scope<T>;
  with<T>(body: () => PromiseLike<T>): Promise<T>;
  with<T>(body: () => T): Scope<T>;
  with<T>(body: () => unknown): Scope<T> | Promise<T> {
    return within(this, body);
  }

  /**
   * Frees the lock, waits to be notified, and takes the lock again, also when it is cancelled. It may return though
   * nothing has changed: use `waitFor`, or check in a loop. asyncio: `wait`.
   *
   * @returns true
   * @throws RuntimeError `ERR_NOT_ACQUIRED` when the lock is not held, `ERR_OTHER_LOOP` when tasks of another loop
   * have waited; CancelledError, with the lock held.
   */
  wait(): Future<true> {
    const loop = getRunningLoop();
    return new Operation(loop, this.waiting(loop));
  }

  /**
   * Waits until `predicate()`, called with the lock held, gives something truthy. asyncio: `wait_for`.
   *
   * @returns what the predicate gave
   * @throws as `wait`, what the predicate throws, and TypeError when it is no function or gives a promise.
   */
  waitFor<T>(predicate: () => T): Future<T> {
    if (typeof predicate !== 'function') throw typeError(`a predicate is expected, not ${given(predicate)}`);
    const loop = getRunningLoop();
    return new Operation(loop, this.waitingFor(loop, predicate));
  }

  /**
   * Wakes up to `count` of those who wait, first come, first served. They go on once they have the lock.
   * asyncio: `notify`.
   *
   * @throws RuntimeError `ERR_NOT_ACQUIRED` when the lock is not held; TypeError for a count that is no number.
   */
  notify(count = 1): void {
    if (typeof count !== 'number') throw typeError(`a number is expected, not ${given(count)}`);
    if (!this.locked()) throw new RuntimeError('cannot notify on un-acquired lock', 'ERR_NOT_ACQUIRED');
    this.line.wake(count);
  }

  /** Wakes all that wait. asyncio: `notify_all`. @throws as `notify`. */
  notifyAll(): void {
    this.notify(this.line.size);
  }

  /** @internal */
  protected override stateText(): string {
    return bracketed(this.locked() ? 'locked' : 'unlocked', this.line.size);
  }

  private *waiting(loop: EventLoop): Coroutine<true> {
    if (!this.locked()) throw new RuntimeError('cannot wait on un-acquired lock', 'ERR_NOT_ACQUIRED');
    const refusal = this.bind(loop);
    if (refusal !== null) throw refusal;
    this.release();
    try {
      try {
        yield* new Waiting(loop, this.line, undefined);
      } finally {
        yield* this.takeAgain();
      }
    } catch (error) {
      // It may have been notified before: somebody else is to hear of it, even if for nothing.
      this.line.wake(1);
      throw error;
    }
    return true;
  }

  /** However often it is cancelled meanwhile; the last cancel comes out. */
  private *takeAgain(): Coroutine<void> {
    let cancelled: CancelledError | null = null;
    for (;;) {
      try {
        yield* this.acquire();
        break;
      } catch (error) {
        if (!(error instanceof CancelledError)) throw error;
        cancelled = error;
      }
    }
    if (cancelled !== null) throw cancelled;
  }

  private *waitingFor<T>(loop: EventLoop, predicate: () => T): Coroutine<T> {
    for (;;) {
      const result = predicate();
      if (isThenable(result)) {
        throw typeError('the predicate gave a promise, which is always truthy: it must not be async');
      }
      if (result) return result;
      yield* this.waiting(loop);
    }
  }
}
