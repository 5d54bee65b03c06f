// Mutual exclusion between tasks. asyncio: `Lock`.
import { RuntimeError } from './errors.js';
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
 * A lock that one task holds at a time. Who waits gets it in the order of asking, and nobody overtakes.
 * asyncio: `Lock`. It is for tasks of one loop, not for threads.
 *
 * @example
 * const lock = new Lock();
 * yield* lock.with(function* () { yield* update(); });
 * await lock.with(async () => { await update(); });   // in an async function
 */
export class Lock extends LoopBound {
  private held = false;
  private readonly line = new Line<Guard>({
    resume: () => {
      this.held = true;
      return new Guard(this);
    },
    abandon: () => {
      if (!this.held) this.wakeFirst();
    },
  });

  /** Whether somebody holds it. */
  locked(): boolean {
    return this.held;
  }

  /**
   * Waits until the lock is free and takes it. asyncio: `acquire`.
   *
   * @returns a guard, to be released by `using` or `release()`; `lock.release()` does the same.
   * @throws CancelledError when the task is cancelled while it waits; RuntimeError `ERR_OTHER_LOOP` when tasks of
   * another loop have waited for this lock, `ERR_NO_RUNNING_LOOP` outside of a loop.
   * @example
   * using guard = yield* lock.acquire();
   */
  acquire(): Future<Guard> {
    const loop = getRunningLoop();
    if (!this.held && this.line.isIdle()) {
      this.held = true;
      return new Settled(loop, new Guard(this));
    }
    const refusal = this.bind(loop);
    return refusal === null ? new Waiting(loop, this.line, undefined) : failed(loop, refusal);
  }

  /**
   * Frees the lock, whoever took it; the first that waits gets it. asyncio: `release`.
   * @throws RuntimeError `ERR_NOT_ACQUIRED` when nobody holds it.
   */
  release(): void {
    if (!this.held) throw new RuntimeError('Lock is not acquired.', 'ERR_NOT_ACQUIRED');
    this.held = false;
    this.wakeFirst();
  }

  /**
   * Runs `body` while the lock is held, and releases it whatever happens. asyncio: `async with lock`.
   *
   * @param body a generator function, or a function that gives a future or a scope (the result is for `yield*` or
   * `await`), or an async function (for `await`), which stays in the caller's task. What a plain function gives a promise
   * for is a Scope too; to its type it is a Promise, since TypeScript can't tell it from an async function.
   * @throws what `acquire` and `body` throw.
   * @example
   * const total = yield* lock.with(function* () { return yield* sum(); });
   */
  with<T>(body: () => Coroutine<T> | Future<T> | Scope<T>): Scope<T>;
  with<T>(body: () => PromiseLike<T>): Promise<T>;
  with<T>(body: () => T): Scope<T>;
  with<T>(body: () => unknown): Scope<T> | Promise<T> {
    return within(this, body);
  }

  /** @internal */
  protected override stateText(): string {
    return bracketed(this.held ? 'locked' : 'unlocked', this.line.size);
  }

  /** One that is woken or cancelled already goes on by itself, and passes the lock on if it does not take it. */
  private wakeFirst(): void {
    this.line.first?.wake();
  }
}
