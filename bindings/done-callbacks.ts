// What is called when a future is done: a callback of the user's, in its context, or one of the library's own.
import type { AsyncResource } from 'node:async_hooks';
import { captureStores } from './async-stores.js';
import type { Context } from './context.js';
import type { EventLoop } from './event-loop.js';
import type { DoneCallback, Future, Waiter } from './future.js';
import { describe, Handle, type Runnable } from './handle.js';

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

  toString(): string {
    return describe(this.callback as (future: unknown) => unknown);
  }
}

/** A callback of the library's own: it needs neither a context nor a handle. @internal */
export class InternalCallback implements Waiter, Runnable {
  readonly awaiter: Future<unknown> | null;
  private readonly loop: EventLoop;
  private readonly callback: DoneCallback<unknown>;
  private future: Future<unknown> | null = null;

  constructor(loop: EventLoop, callback: DoneCallback<unknown>, awaiter: Future<unknown> | null) {
    this.loop = loop;
    this.callback = callback;
    this.awaiter = awaiter;
  }

  schedule(future: Future<unknown>): void {
    this.future = future;
    this.loop.scheduler.enqueue(this);
  }

  run(): void {
    this.callback(this.future!);
  }

  toString(): string {
    return describe(this.callback as (future: unknown) => unknown);
  }
}
