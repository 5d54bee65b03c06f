// Keeps a cancel of the waiter from what is waited for. asyncio: `shield`.
import { DoneWaiter } from './done-waiter.js';
import { ensureFuture } from './ensure-future.js';
import type { Awaitable } from './event-loop.js';
import type { Future } from './future.js';

/**
 * A future of the outcome of `awaitable` that can be cancelled without it. asyncio: `shield`. When `awaitable` is
 * cancelled by somebody else, so is this future.
 *
 * @throws TypeError for what can't be awaited; RuntimeError for a coroutine without a current loop.
 * @example
 * const saved = loop.createTask(save(order));
 * yield* shield(saved);              // a cancel ends the waiting; the order is saved all the same
 */
export function shield<T>(awaitable: Awaitable<T>): Future<T> {
  const inner = ensureFuture(awaitable);
  if (inner.done()) return inner;
  const outer = inner.getLoop().createFuture<T>();
  const innerDone = new DoneWaiter(() => settleLike(outer, inner), outer);
  inner.addWaiter(innerDone);
  // Nobody looks at the outcome any more, then: an error of it is reported as that of any task.
  outer.addWaiter(new DoneWaiter(() => inner.removeWaiter(innerDone), null));
  return outer;
}

function settleLike<T>(outer: Future<T>, inner: Future<T>): void {
  if (outer.cancelled()) {
    // Cancelled in this very turn: the error counts as seen.
    if (!inner.cancelled()) inner.exception();
    return;
  }
  if (inner.cancelled()) {
    outer.cancel();
    return;
  }
  if (inner.hasFailed()) outer.setException(inner.exception());
  else outer.setResult(inner.result());
}
