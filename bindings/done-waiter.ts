// What the library itself does when futures are done: as a done callback it has its own place in the turn, but
// it needs no handle, and one serves any number of futures.
import type { Future, Waiter } from './future.js';
import type { Runnable } from './handle.js';

/** Calls `callback` with each future that it was added to, in the turn after that one is done. @internal */
export class DoneWaiter implements Waiter {
  readonly callback: (future: Future<unknown>) => void;
  /** The future or task that goes on because of it. */
  readonly awaiter: Future<unknown> | null;

  constructor(callback: (future: Future<unknown>) => void, awaiter: Future<unknown> | null) {
    this.callback = callback;
    this.awaiter = awaiter;
  }

  schedule(future: Future<unknown>): void {
    future.getLoop().scheduler.enqueue(new DoneCall(this.callback, future));
  }

  waiterText(): string {
    return `${this.callback.name || 'callback'}()`;
  }
}

class DoneCall implements Runnable {
  private readonly callback: (future: Future<unknown>) => void;
  private readonly future: Future<unknown>;

  constructor(callback: (future: Future<unknown>) => void, future: Future<unknown>) {
    this.callback = callback;
    this.future = future;
  }

  run(): void {
    this.callback(this.future);
  }
}
