// The way from a future to a promise: settles it in a turn of the loop, and lets what awaits it go on before
// the next callback. It also tells an async function's task what it awaits, so that a cancel can reach it.
import type { Future, Waiter } from './future.js';
import type { Runnable } from './handle.js';
import { microtasks } from './microtasks.js';
import { activeTask } from './running.js';
import type { Task } from './task.js';

/** Settles a promise with a future's outcome. @internal */
export class PromiseWaiter<T> implements Waiter, Runnable {
  private readonly future: Future<T>;
  private readonly resolve: (value: T) => void;
  private readonly reject: (reason: unknown) => void;
  /** The async function's task that waits. */
  readonly awaiter: Task<unknown> | null;

  private constructor(
    future: Future<T>,
    resolve: (value: T) => void,
    reject: (reason: unknown) => void,
    awaiter: Task<unknown> | null,
  ) {
    this.future = future;
    this.resolve = resolve;
    this.reject = reject;
    this.awaiter = awaiter;
  }

  /** A promise of the future's outcome; `isAwait` when the code that runs now goes on with it. */
  static promise<T>(future: Future<T>, isAwait: boolean): Promise<T> {
    return new Promise((resolve, reject) => {
      const task = isAwait ? activeTask() : null;
      const waiter = new PromiseWaiter(future, resolve, reject, task?.canAwait ? task : null);
      const problem = waiter.awaiter?.cannotWaitFor(future) ?? null;
      if (problem !== null) {
        reject(problem);
        return;
      }
      if (future.done()) {
        waiter.settle(null);
        return;
      }
      // A cancel that came while the task awaited something foreign arrives here.
      waiter.awaiter?.beginAwait(future);
      future.addWaiter(waiter);
    });
  }

  schedule(): void {
    this.future.getLoop().scheduler.enqueue(this);
  }

  run(): void {
    this.settle(this.awaiter?.endAwait(this.future) ?? null);
  }

  waiterText(): string {
    return this.awaiter === null ? 'a promise' : `wakeup of ${this.awaiter.getName()}`;
  }

  /** Debug mode names who goes on, and so who takes the time. */
  toString(): string {
    return (this.awaiter ?? this.future).toString();
  }

  private settle(cancellation: Error | null): void {
    microtasks.due = true;
    try {
      const result = this.future.result();
      if (cancellation === null) this.resolve(result);
      else this.reject(cancellation);
    } catch (error) {
      this.reject(cancellation ?? error);
    }
  }
}
