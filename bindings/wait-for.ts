// Waiting for one thing, for a limited time. asyncio: `wait_for`.
import { isCoroutineFunction, isCoroutineLike } from './coroutine.js';
import { currentTask } from './current-task.js';
import { DoneWaiter } from './done-waiter.js';
import { ensureFuture, notAwaitable } from './ensure-future.js';
import { CancelledError, secondsOrNull, TimeoutError } from './errors.js';
import type { Awaitable } from './event-loop.js';
import { Future } from './future.js';
import { Scope, type ScopeBody } from './scope.js';
import type { Coroutine } from './stepping.js';
import { timeout } from './timeouts.js';

/**
 * Waits for `awaitable`, at most `seconds`: then it is cancelled, and once it has ended TimeoutError is thrown.
 * asyncio: `wait_for`. When the wait is cancelled, so is `awaitable`; `shield` keeps it. What ends with a result
 * in spite of the cancel gives that result.
 *
 * @param seconds null: no limit; 0 or less: only what is done already has a result, a coroutine never begins
 * @throws TimeoutError; what `awaitable` throws. At once: TypeError for what can't be awaited or a wrong time.
 * @example
 * const line = yield* waitFor(reader.readline(), 30);
 */
export function waitFor<T>(awaitable: Awaitable<T>, seconds: number | null): Scope<T> {
  const limit = secondsOrNull(seconds, 'timeout');
  if (!(awaitable instanceof Future) && !isCoroutineLike(awaitable)) throw notAwaitable(awaitable);
  return new Scope('waitFor', () => waiting(awaitable, limit));
}

function* waiting<T>(awaitable: Awaitable<T>, limit: number | null): Coroutine<T> {
  if (limit === null || limit > 0) return yield* timeout(limit, bodyFor(awaitable));
  const future = ensureFuture(awaitable);
  if (future.done()) return future.result();
  yield* cancelAndWait(future);
  try {
    return future.result();
  } catch (error) {
    throw error instanceof CancelledError ? new TimeoutError(undefined, { cause: error }) : error;
  }
}

/** A body that waits for `awaitable`, in place wherever that can be seen before it is called. */
function bodyFor<T>(awaitable: Awaitable<T>): ScopeBody<unknown, T> {
  if (typeof awaitable === 'function' && !isCoroutineFunction(awaitable)) return () => awaitable();
  const coroutine = awaitable as Exclude<typeof awaitable, () => Promise<T>>;
  return function* () {
    return yield* typeof coroutine === 'function' ? coroutine() : coroutine;
  };
}

/** Cancels `future` and waits for its end; a cancel of the waiter does not depend on that end. */
function* cancelAndWait(future: Future<unknown>): Coroutine<void> {
  const ended = future.getLoop().createFuture<void>();
  const waiter = new DoneWaiter(() => {
    if (!ended.done()) ended.setResult();
  }, currentTask());
  future.addWaiter(waiter);
  try {
    future.cancel();
    yield* ended;
  } finally {
    future.removeWaiter(waiter);
  }
}
