// AbortSignal and futures, in both directions: a signal cancels a future, and a cancelled future aborts a signal.
import { captureContext } from './context.js';
import { DoneWaiter } from './done-waiter.js';
import { given, typeError } from './errors.js';
import { errorOf, type Future } from './future.js';

/** What each signal cancels. It has one listener for all: Node takes more than ten for a leak, and warns. */
const dependents = new WeakMap<AbortSignal, Set<Future<unknown>>>();

/**
 * Cancels `future` (a task, as a rule) when `signal` is aborted; at once when it is already. The signal's reason
 * becomes the `cause` of the CancelledError.
 *
 * @returns the future.
 * @throws TypeError for what is no AbortSignal.
 * @example
 * const task = cancelOn(loop.createTask(work), AbortSignal.timeout(1000));
 */
export function cancelOn<F extends Future<unknown>>(future: F, signal: AbortSignal): F {
  if (!(signal instanceof AbortSignal)) throw typeError(`an AbortSignal is expected, not ${given(signal)}`);
  if (signal.aborted) {
    future.cancel(signal.reason);
    return future;
  }
  const futures = cancelledBySignal(signal);
  futures.add(future);
  // A signal may live as long as the program: it must not collect futures that are done.
  const forgetSignal = (): void => {
    futures.delete(future);
    if (futures.size === 0) signal.removeEventListener('abort', onAbort);
  };
  future.addWaiter(new DoneWaiter(forgetSignal, null));
  return future;
}

/**
 * A signal that is aborted when `future` is cancelled, in the turn after; the reason is its CancelledError. It is for
 * calls of Node's that a cancel should end.
 *
 * @example
 * const future = loop.createFuture();
 * const socket = net.connect({ port, signal: abortSignal(future) });
 */
export function abortSignal(future: Future<unknown>): AbortSignal {
  const controller = new AbortController();
  const context = captureContext(future.getLoop().followsStores);
  const abort = (): void => {
    if (future.cancelled()) context.call(controller, controller.abort, errorOf(future));
  };
  future.addWaiter(new DoneWaiter(abort, null));
  return controller.signal;
}

/** The futures that `signal` cancels; it is listened to as long as there are any. */
function cancelledBySignal(signal: AbortSignal): Set<Future<unknown>> {
  let futures = dependents.get(signal);
  if (futures === undefined) {
    futures = new Set();
    dependents.set(signal, futures);
  }
  if (futures.size === 0) signal.addEventListener('abort', onAbort, { once: true });
  return futures;
}

function onAbort(event: Event): void {
  const signal = event.target as AbortSignal;
  for (const future of dependents.get(signal) ?? []) {
    // Nothing of a closed loop goes on any more.
    if (!future.getLoop().isClosed()) future.cancel(signal.reason);
  }
}
