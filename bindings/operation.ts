// What a method gives that is a coroutine in asyncio: it runs to its first suspension at once. `yield*`
// delegates to its generator, so that it costs exactly asyncio's turns; `await`, or nobody, drives it as a task.
import type { AsyncResource } from 'node:async_hooks';
import { captureStores } from './async-stores.js';
import { recordAwait } from './await-frames.js';
import { currentValues, type Values } from './context.js';
import type { EventLoop } from './event-loop.js';
import { type Future, notAwaited, type Suspension, type Waiter } from './future.js';
import { PromiseWaiter } from './promise-waiter.js';
import { running } from './running.js';
import { type Coroutine, Stepping } from './stepping.js';
import { forgetUnawaited, watchOperation } from './unawaited.js';

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
  /** The context variables between two steps of its own, and the stores of AsyncLocalStorage: of who made it. */
  #values: Values;
  readonly #stores: AsyncResource | null;
  /** Debug mode warns when it is collected and nobody has waited. */
  #watched = false;

  /** @internal */
  constructor(loop: EventLoop, coroutine: Coroutine<T>) {
    super(loop);
    this.coroutine = coroutine;
    this.#stores = loop.followsStores ? captureStores() : null;
    this.step();
    this.#values = currentValues();
    if (loop.debugging) {
      this.#watched = true;
      watchOperation(this);
    }
  }

  override result(): T {
    if (this.#watched) this.#awaited();
    return super.result();
  }

  override exception(): unknown {
    if (this.#watched) this.#awaited();
    return super.exception();
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
    if (this.#stores === null) this.#advance();
    else this.#stores.runInAsyncScope(this.#advance, this);
    if (this.done()) this.#awaiter?.run();
  }

  #advance(): void {
    running.values = this.#values;
    // It is a part of the async function that awaits it.
    running.task = this.#awaiter?.awaiter ?? null;
    this.step();
    running.task = null;
    this.#values = running.values;
  }

  /** @internal */
  override addWaiter(waiter: Waiter): void {
    if (this.#watched) this.#awaited();
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
    if (this.#watched) this.#awaited();
    if (this.done() || this.#delegated || this.mustCancel) return super[Symbol.iterator]();
    const future = this.waitingFor;
    if (future === null && !this.#yielded) return super[Symbol.iterator]();
    // What it waits for may be done already: then its own wake-up is on the way, and it goes on by itself.
    if (future?.done()) return super[Symbol.iterator]();
    this.#delegated = true;
    future?.removeWaiter(this);
    return new Delegation(this, future);
  }

  /** Somebody has asked for it. */
  #awaited(): void {
    this.#watched = false;
    forgetUnawaited(this);
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
    const go = cancellation === null ? resume : (coroutine: Coroutine<T>) => coroutine.throw(cancellation);
    this.waitingFor = null;
    let step: IteratorResult<Suspension, T>;
    try {
      if (this.#stores === null) step = go(this.coroutine!);
      else step = this.#stores.runInAsyncScope(go, undefined, this.coroutine!);
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
      if (this.#operation.getLoop().debugging) recordAwait(this.#future);
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
