// The way from a future to a promise: settles it in a turn of the loop, and lets what awaits it go on before
// the next callback. It also tells an async function's task what it awaits, so that a cancel can reach it.
import type { Future, Waiter } from './future.js';
import type { Runnable } from './handle.js';
import { microtasks } from './microtasks.js';
import { activeTask } from './running.js';
import type { Task } from './task.js';

/** Settles a promise with a future's outcome. @internal */
export class PromiseWaiter<T> implements Waiter, Runnable {
  readonly #future: Future<T>;
  readonly #resolve: (value: T) => void;
  readonly #reject: (reason: unknown) => void;
  readonly #owner: Task<unknown> | null;

  private constructor(future: Future<T>, resolve: (value: T) => void, reject: (reason: unknown) => void) {
    this.#future = future;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#owner = activeTask();
  }

  /** A promise of the future's outcome. */
  static promise<T>(future: Future<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const waiter = new PromiseWaiter(future, resolve, reject);
      // A cancel that came while the task awaited something foreign arrives here.
      waiter.#owner?.beginAwait(future);
      if (future.done()) waiter.run();
      else future.addWaiter(waiter);
    });
  }

  schedule(): void {
    this.#future.getLoop().scheduler.enqueue(this);
  }

  run(): void {
    this.#owner?.endAwait(this.#future);
    microtasks.due = true;
    try {
      this.#resolve(this.#future.result());
    } catch (error) {
      this.#reject(error);
    }
  }
}
