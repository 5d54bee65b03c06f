// The wait of who opens a transport, until its protocol has it.
import type { Future } from './future.js';
import type { Coroutine } from './stepping.js';
import type { BaseTransport } from './transport.js';

/** Gives the transport and its protocol when `waiter` is done; closes the transport if nobody gets it. @internal */
export function* openedTransport<T extends Pick<BaseTransport, 'close'>, P>(
  waiter: Future<void>,
  transport: T,
  protocol: P,
): Coroutine<[transport: T, protocol: P]> {
  let complete = false;
  try {
    yield* waiter;
    complete = true;
    return [transport, protocol];
  } finally {
    // Also when the wait was cancelled, or the coroutine closed.
    if (!complete) transport.close();
  }
}
