// What a method gives that is a coroutine in asyncio: it runs to its first suspension at once. `yield*`
// delegates to its generator, so that it costs exactly asyncio's turns; `await`, or nobody, drives it as a task.
import type { EventLoop } from './event-loop.js';
import { type Future, notAwaited, type Suspension, type Waiter } from './future.js';
import { PromiseWaiter } from './promise-waiter.js';
import { type Coroutine, Stepping } from './stepping.js';

/**
 * A future that does its work whether or not somebody waits.
 *
 * @example
 * const [transport] = yield* loop.createConnection(() => new Client(), 'localhost', 8888);
 */
export class Operation<T> extends Stepping<T> {
  /** A task steps the generator through `yield*`, instead of this object itself. */
  #delegated = false;
  /** Scheduled for a plain `yield`, not waiting for a future. */
  #yielded = false;
  /** The `await` of an async function: it goes on in the last step itself, as one that awaits a coroutine does. */
  #awaiter: PromiseWaiter<T> | null = null;

  /** @internal */
  constructor(loop: EventLoop, coroutine: Coroutine<T>) {
    super(loop);
    this.coroutine = coroutine;
    this.step();
  }

  override cancel(message?: unknown): boolean {
    if (this.done()) return false;
    this.requestCancel(message);
    return true;
  }

  /** @internal */
  run(): void {
    if (this.#delegated || this.done()) return;
    this.#yielded = false;
    this.step();
    if (this.done()) this.#awaiter?.run();
  }

  /** @internal */
  override addWaiter(waiter: Waiter): void {
    if (this.#awaiter === null && waiter instanceof PromiseWaiter && !this.done()) this.#awaiter = waiter;
    else super.addWaiter(waiter);
  }

  /** @internal */
  override getWaiters(): readonly Waiter[] {
    return this.#awaiter === null ? super.getWaiters() : [this.#awaiter, ...super.getWaiters()];
  }

  /** @internal */
  protected override suspend(yielded: unknown): void {
    this.#yielded = yielded === undefined;
    super.suspend(yielded);
  }

  override [Symbol.iterator](): Iterator<Suspension, T, unknown> {
    if (this.done() || this.#delegated || this.mustCancel) return super[Symbol.iterator]();
    const future = this.waitingFor;
    if (future === null && !this.#yielded) return super[Symbol.iterator]();
    // What it waits for may be done already: then its own wake-up is on the way, and it goes on by itself.
    if (future?.done()) return super[Symbol.iterator]();
    this.#delegated = true;
    future?.removeWaiter(this);
    return new Delegation(this, future);
  }

  /** @internal Ends a delegation that was none. */
  takeBack(future: Future<unknown>): void {
    this.#delegated = false;
    future.blocking = false;
    future.addWaiter(this);
  }

  /** @internal One step on behalf of the task that delegates. */
  delegate(
    resume: (coroutine: Coroutine<T>) => IteratorResult<Suspension, T>,
  ): IteratorResult<Suspension, T> {
    const cancellation = this.mustCancel ? this.takeError() : null;
    this.waitingFor = null;
    let step: IteratorResult<Suspension, T>;
    try {
      step = cancellation === null ? resume(this.coroutine!) : this.coroutine!.throw(cancellation);
    } catch (error) {
      this.fail(error);
      // The one who waits has it.
      this.retrieve();
      this.#awaiter?.schedule();
      throw error;
    }
    if (step.done) {
      this.finish(step.value);
      this.#awaiter?.schedule();
    } else if (step.value !== undefined) this.waitingFor = step.value as unknown as Future<unknown>;
    return step;
  }
}

class Delegation<T> implements Iterator<Suspension, T, unknown> {
  readonly #operation: Operation<T>;
  readonly #future: Future<unknown> | null;
  #begun = false;

  constructor(operation: Operation<T>, future: Future<unknown> | null) {
    this.#operation = operation;
    this.#future = future;
  }

  next(): IteratorResult<Suspension, T> {
    if (!this.#begun) {
      this.#begun = true;
      if (this.#future !== null) this.#future.blocking = true;
      return { done: false, value: (this.#future ?? undefined) as unknown as Suspension };
    }
    return this.#operation.delegate((coroutine) => coroutine.next());
  }

  throw(error: unknown): IteratorResult<Suspension, T> {
    return this.#operation.delegate((coroutine) => coroutine.throw(error));
  }

  return(value: T): IteratorResult<Suspension, T> {
    if (this.#future?.blocking) {
      // No task took what was yielded: this is destructuring, or for…of. The operation goes on by itself.
      this.#operation.takeBack(this.#future);
      throw notAwaited(this.#operation);
    }
    return this.#operation.delegate((coroutine) => coroutine.return(value));
  }
}
