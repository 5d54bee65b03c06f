// What the user's code does when a future is done: a callback, in its context.
import type { AsyncResource } from 'node:async_hooks';
import { captureStores } from './async-stores.js';
import type { Context } from './context.js';
import type { EventLoop } from './event-loop.js';
import type { DoneCallback, Future, Waiter } from './future.js';
import { describe, Handle } from './handle.js';

/** A callback that `addDoneCallback` was given. @internal */
export class ScheduledCallback implements Waiter {
  readonly callback: DoneCallback<unknown>;
  private readonly loop: EventLoop;
  private readonly context: Context;
  private readonly stores: AsyncResource | null;

  constructor(loop: EventLoop, callback: DoneCallback<unknown>, context: Context) {
    this.loop = loop;
    this.callback = callback;
    this.context = context;
    this.stores = loop.followsStores ? captureStores() : null;
  }

  schedule(future: Future<unknown>): void {
    this.loop.checkOpen();
    const { loop, callback, context, stores } = this;
    loop.scheduler.enqueue(
      new Handle(loop, callback as (future: unknown) => unknown, [future], context, stores),
    );
  }

  waiterText(): string {
    return describe(this.callback as (future: unknown) => unknown);
  }
}
