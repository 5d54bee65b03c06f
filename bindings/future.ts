// A result that is not there yet. asyncio: `Future`. It can be awaited by an async function (`await future`)
// and delegated to by a generator (`yield* future`).
import { recordAwait } from './await-frames.js';
import { Context, checkContext, currentValues } from './context.js';
import { CancelledError, cancelledBy, given, InvalidStateError, RuntimeError, typeError } from './errors.js';
import type { EventLoop } from './event-loop.js';
import { Failure } from './failure.js';
import { PromiseWaiter } from './promise-waiter.js';
import { ScheduledCallback } from './scheduled-callback.js';
import { createdAt, recordSource } from './source-traceback.js';
import { brief, shown } from './texts.js';

declare const suspended: unique symbol;

/** What a coroutine yields to its task. Only `yield*` of a Future makes one; `yield future` does not compile. */
export interface Suspension {
  readonly [suspended]: true;
}

/** What waits for a future. @internal */
export interface Waiter {
  /** The future is done: called at once, never runs the user's code inline. */
  schedule(future: Future<unknown>): void;
  /** The future or task that goes on then, for the call graph. */
  readonly awaiter?: Future<unknown> | null;
  /** How the future's text shows it. */
  waiterText(): string;
}

/** A callback of a future. */
export type DoneCallback<T> = (future: Future<T>) => unknown;

const PENDING = 0;
const CANCELLED = 1;
/** Failed, and the error is still to be reported: the value is a Failure. */
const UNRETRIEVED = 2;
const FAILED = 3;
const FULFILLED = 4;

/**
 * A result that is not there yet. asyncio: `Future`. Made by `loop.createFuture()`.
 *
 * @example
 * const future = loop.createFuture<string>();
 * loop.callLater(1, () => future.setResult('done'));
 * const text = yield* future;       // in a generator
 * // const text = await future;     // in an async function
 */
export class Future<T> implements PromiseLike<T> {
  // Private by type only: a future is made at every step of a task, and #private members cost it 25 ns more.
  private readonly loop: EventLoop;
  private state = PENDING;
  private value: unknown = undefined;
  /** Who waits: nearly always one, which then needs no array. */
  private firstWaiter: Waiter | null = null;
  private moreWaiters: Waiter[] | null = null;
  /** @internal Set by `yield*` for the task that gets this future: a plain `yield` does not set it. */
  blocking = false;

  /** @internal Use `loop.createFuture()`. */
  constructor(loop: EventLoop) {
    this.loop = loop;
    if (loop.debugging) recordSource(this);
  }

  /** The loop that the future belongs to. */
  getLoop(): EventLoop {
    return this.loop;
  }

  /** Whether there is a result, an error, or a cancellation. */
  done(): boolean {
    return this.state !== PENDING;
  }

  /** Whether the future was cancelled. */
  cancelled(): boolean {
    return this.state === CANCELLED;
  }

  /**
   * The result.
   * @throws the error that was set; CancelledError; InvalidStateError while there is nothing.
   */
  result(): T {
    if (this.state === FULFILLED) return this.value as T;
    if (this.state === CANCELLED) throw this.cancellation();
    if (this.state !== PENDING) throw this.retrieve();
    throw new InvalidStateError('Result is not ready.');
  }

  /**
   * The error that was set, or null.
   * @throws CancelledError; InvalidStateError while there is nothing.
   */
  exception(): unknown {
    if (this.state === FULFILLED) return null;
    if (this.state === CANCELLED) throw this.cancellation();
    if (this.state !== PENDING) return this.retrieve();
    throw new InvalidStateError('Exception is not set.');
  }

  /**
   * Cancels: callbacks are scheduled, and whoever waits gets CancelledError. False when it is done already.
   *
   * @param message the text of the CancelledError; of an error that is given, the text is taken and the error is
   * the `cause`.
   */
  cancel(message?: unknown): boolean {
    if (this.state !== PENDING) return false;
    this.settleCancelled(message);
    return true;
  }

  /**
   * Sets the result.
   * @throws InvalidStateError when the future is done; TypeError for a promise (await it first).
   */
  setResult(value: T): void {
    refuseThenable(value);
    this.settleResult(value);
  }

  /** Sets an error. @throws InvalidStateError when the future is done. */
  setException(error: unknown): void {
    this.settleException(error);
  }

  /**
   * Schedules `callback` for when the future is done, in the context given or the current one; at the next
   * turn when it is done already.
   */
  addDoneCallback(callback: DoneCallback<T>, options?: { context?: Context }): void {
    if (typeof callback !== 'function') throw typeError(`a callable is expected, not ${given(callback)}`);
    const { context } = options ?? {};
    if (context !== undefined) checkContext(context, 'addDoneCallback');
    this.addWaiter(
      new ScheduledCallback(
        this.loop,
        callback as DoneCallback<unknown>,
        context ?? new Context(currentValues()),
      ),
    );
  }

  /** Removes every registration of `callback`; returns how many there were. */
  removeDoneCallback(callback: DoneCallback<T>): number {
    const waiters = this.getWaiters();
    const kept = waiters.filter((w) => !(w instanceof ScheduledCallback && w.callback === callback));
    this.setWaiters(kept);
    return waiters.length - kept.length;
  }

  // biome-ignore lint/suspicious/noThenProperty: a future is a thenable on purpose
  then<A = T, B = never>(
    onFulfilled?: ((value: T) => A | PromiseLike<A>) | null,
    onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    // `await`, `Promise.all` and their kin give both; `then(callback)` and `catch(callback)` are no one's wait.
    const isAwait = typeof onFulfilled === 'function' && typeof onRejected === 'function';
    return PromiseWaiter.promise(this, isAwait).then(onFulfilled, onRejected);
  }

  /** As a promise's `catch`. */
  catch<B = never>(onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null): Promise<T | B> {
    return this.then(undefined, onRejected);
  }

  /** As a promise's `finally`. */
  finally(onFinally?: (() => void) | null): Promise<T> {
    return this.then().finally(onFinally);
  }

  /** Waits in a generator: `const result = yield* future`. A done future does not suspend. */
  [Symbol.iterator](): Iterator<Suspension, T, unknown> {
    return new FutureIterator(this);
  }

  get [Symbol.toStringTag](): string {
    return this.constructor.name;
  }

  /** The future as asyncio prints it. */
  toString(): string {
    return `<${this.constructor.name} ${this.details().join(' ')}${createdAt(this)}>`;
  }

  /** @internal */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }

  /** @internal The parts of the text, as asyncio orders them. */
  protected details(): string[] {
    const parts = [this.stateText()];
    if (this.state === FULFILLED) parts.push(`result=${shown(this.value)}`);
    if (this.state === UNRETRIEVED || this.state === FAILED) {
      parts.push(`exception=${brief(this.peekError())}`);
    }
    const waiters = this.getWaiters();
    const [first, last] = [waiters[0], waiters.at(-1)].map((waiter) => waiter?.waiterText());
    if (waiters.length === 1) parts.push(`cb=[${first}]`);
    if (waiters.length === 2) parts.push(`cb=[${first}, ${last}]`);
    if (waiters.length > 2) parts.push(`cb=[${first}, <${waiters.length - 2} more>, ${last}]`);
    return parts;
  }

  /** @internal The state in a word. */
  protected stateText(): string {
    if (this.state === PENDING) return 'pending';
    return this.state === CANCELLED ? 'cancelled' : 'finished';
  }

  /** @internal Whether those who wait will find a cancel. */
  endsCancelled(): boolean {
    return this.cancelled();
  }

  /** @internal Whether it failed; an error may be any value, null included. */
  hasFailed(): boolean {
    return this.state === UNRETRIEVED || this.state === FAILED;
  }

  /** @internal The error of a failed one; looking is not retrieving. */
  peekError(): unknown {
    return this.state === UNRETRIEVED
      ? (this.value as Failure).error
      : this.state === FAILED
        ? this.value
        : null;
  }

  /** @internal Who waits. */
  getWaiters(): readonly Waiter[] {
    if (this.firstWaiter === null) return [];
    return this.moreWaiters === null ? [this.firstWaiter] : [this.firstWaiter, ...this.moreWaiters];
  }

  /** @internal Adds what waits; scheduled at once when the future is done. */
  addWaiter(waiter: Waiter): void {
    if (this.state !== PENDING) waiter.schedule(this);
    else if (this.firstWaiter === null) this.firstWaiter = waiter;
    else if (this.moreWaiters === null) this.moreWaiters = [waiter];
    else this.moreWaiters.push(waiter);
  }

  /** @internal Removes what waits. */
  removeWaiter(waiter: Waiter): void {
    if (this.firstWaiter === waiter && this.moreWaiters === null) this.firstWaiter = null;
    else this.setWaiters(this.getWaiters().filter((other) => other !== waiter));
  }

  private setWaiters(waiters: readonly Waiter[]): void {
    this.firstWaiter = waiters[0] ?? null;
    this.moreWaiters = waiters.length > 1 ? waiters.slice(1) : null;
  }

  /** @internal */
  protected settleResult(value: T): void {
    this.checkPending();
    this.settle(FULFILLED, value);
  }

  /** @internal */
  protected settleException(error: unknown): void {
    this.checkPending();
    const text = `${this.constructor.name} ${this.labels()}`;
    this.settle(UNRETRIEVED, new Failure(this.loop, error, this, this.reportedAs(), text, this.reportedIn()));
  }

  /** @internal What a report of its error calls it. */
  protected reportedAs(): string {
    return 'Future';
  }

  /** @internal What such a report is made in. */
  protected reportedIn(): Context | null {
    return null;
  }

  /** @internal The text of a failed one, up to the error. */
  protected labels(): string {
    return 'finished';
  }

  /** @internal By `message`, or by the CancelledError that came out of a coroutine. */
  protected settleCancelled(message: unknown): void {
    this.settle(CANCELLED, message);
  }

  /** @internal The error has been seen, or will be by somebody else: no report. */
  protected retrieve(): unknown {
    if (this.state === UNRETRIEVED) {
      const failure = this.value as Failure;
      failure.retrieved();
      this.value = failure.error;
      this.state = FAILED;
    }
    return this.value;
  }

  private checkPending(): void {
    if (this.state !== PENDING) throw new InvalidStateError(`the future is done already: ${this.toString()}`);
  }

  private settle(state: number, value: unknown): void {
    this.state = state;
    this.value = value;
    const { firstWaiter, moreWaiters } = this;
    if (firstWaiter === null) return;
    this.firstWaiter = null;
    firstWaiter.schedule(this);
    if (moreWaiters === null) return;
    this.moreWaiters = null;
    for (const another of moreWaiters) another.schedule(this);
  }

  // The first reader gets the error that ended a task, with its stack; later ones their own.
  private cancellation(): CancelledError {
    const value = this.value;
    if (value instanceof CancelledError) {
      this.value = value.cause ?? value.message;
      return value;
    }
    return cancelledBy(value);
  }
}

/** A promise would settle what awaits the future, not be its result. @internal */
export function refuseThenable(value: unknown): void {
  if (typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function') {
    throw typeError(`a result is expected, not a promise (${given(value)}); await it first`);
  }
}

/** The error of a future that failed or was cancelled. @internal */
export function errorOf(future: Future<unknown>): unknown {
  try {
    return future.result();
  } catch (error) {
    return error;
  }
}

/** The error of a future that is iterated by something else than a task's `yield*`. @internal */
export function notAwaited(future: Future<unknown>): RuntimeError {
  return new RuntimeError(
    `await wasn't used with future ${future.toString()}: use yield* (or await)`,
    'ERR_NOT_AWAITED',
  );
}

class FutureIterator<T> implements Iterator<Suspension, T, unknown> {
  readonly #future: Future<T>;
  #asked = false;

  constructor(future: Future<T>) {
    this.#future = future;
  }

  next(): IteratorResult<Suspension, T> {
    const future = this.#future;
    if (future.done()) return { done: true, value: future.result() };
    if (this.#asked) throw notAwaited(future);
    this.#asked = true;
    if (future.getLoop().debugging) recordAwait(future);
    future.blocking = true;
    return { done: false, value: future as unknown as Suspension };
  }

  throw(error: unknown): IteratorResult<Suspension, T> {
    throw error;
  }

  return(value: T): IteratorResult<Suspension, T> {
    // No task took what was yielded: this is destructuring, or for…of.
    if (this.#future.blocking) {
      this.#future.blocking = false;
      throw notAwaited(this.#future);
    }
    return { done: true, value };
  }
}
