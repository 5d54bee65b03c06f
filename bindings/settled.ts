// What did not have to wait: an awaitable that is done from the beginning.
import type { EventLoop } from './event-loop.js';
import { Future, type Suspension } from './future.js';

/** A result, without a generator. It may be a promise, as an item of a queue may. @internal */
export class Settled<T> extends Future<T> implements Iterator<Suspension, T, unknown> {
  constructor(loop: EventLoop, value: T) {
    super(loop);
    this.settleResult(value);
  }

  override [Symbol.iterator](): Iterator<Suspension, T, unknown> {
    return this;
  }

  next(): IteratorResult<Suspension, T> {
    return { done: true, value: this.result() };
  }
}

/** What failed at once: as the error of a coroutine, it comes to who awaits. @internal */
export function failed(loop: EventLoop, error: unknown): Future<never> {
  const future = loop.createFuture<never>();
  future.setException(error);
  return future;
}
