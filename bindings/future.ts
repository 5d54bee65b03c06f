// A result that is not there yet. asyncio: `Future`. It can be awaited by an async function (`await future`)
// and delegated to by a generator (`yield* future`).
import { inspect } from 'node:util';
import { active, Context } from './context.js';
import { CancelledError, given, InvalidStateError, RuntimeError, typeError } from './errors.js';
import type { EventLoop } from './event-loop.js';
import { PromiseWaiter } from './promise-waiter.js';

declare const suspended: unique symbol;

/** What a coroutine yields to its task. Only `yield*` of a Future makes one; `yield future` does not compile. */
export interface Suspension {
  readonly [suspended]: true;
}

/** What waits for a future: called (never inline) when it is done. @internal */
export interface Waiter {
  schedule(future: Future<unknown>): void;
}

/** A callback of a future. */
export type DoneCallback<T> = (future: Future<T>) => unknown;

/** How a result is shown in the text of its future. */
const SHORT = { depth: 0, maxArrayLength: 5, maxStringLength: 60, breakLength: Number.POSITIVE_INFINITY };

const PENDING = 0;
const CANCELLED = 1;
const FAILED = 2;
const FULFILLED = 3;

class ScheduledCallback<T> implements Waiter {
  readonly callback: DoneCallback<T>;
  readonly #context: Context;

  constructor(callback: DoneCallback<T>, context: Context) {
    this.callback = callback;
    this.#context = context;
  }

  schedule(future: Future<unknown>): void {
    future.getLoop().callSoon({ context: this.#context }, this.callback as DoneCallback<unknown>, future);
  }
}

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
  private waiters: Waiter[] | null = null;
  /** @internal Set by `yield*` for the task that gets this future: a plain `yield` does not set it. */
  blocking = false;

  /** @internal Use `loop.createFuture()`. */
  constructor(loop: EventLoop) {
    this.loop = loop;
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
    if (this.state === FAILED) throw this.value;
    throw new InvalidStateError('Result is not ready.');
  }

  /**
   * The error that was set, or null.
   * @throws CancelledError; InvalidStateError while there is nothing.
   */
  exception(): unknown {
    if (this.state === FAILED) return this.value;
    if (this.state === CANCELLED) throw this.cancellation();
    if (this.state === PENDING) throw new InvalidStateError('Exception is not set.');
    return null;
  }

  /** Cancels: callbacks are scheduled, and whoever waits gets CancelledError. False when it is done already. */
  cancel(message?: string): boolean {
    if (this.state !== PENDING) return false;
    this.settleCancelled(message);
    return true;
  }

  /**
   * Sets the result.
   * @throws InvalidStateError when the future is done; TypeError for a promise (await it first).
   */
  setResult(value: T): void {
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
    const context = options?.context ?? new Context(active.values);
    this.addWaiter(new ScheduledCallback(callback, context));
  }

  /** Removes every registration of `callback`; returns how many there were. */
  removeDoneCallback(callback: DoneCallback<T>): number {
    const waiters = this.waiters;
    if (waiters === null) return 0;
    const kept = waiters.filter((w) => !(w instanceof ScheduledCallback && w.callback === callback));
    this.waiters = kept;
    return waiters.length - kept.length;
  }

  // biome-ignore lint/suspicious/noThenProperty: a future is a thenable on purpose
  then<A = T, B = never>(
    onFulfilled?: ((value: T) => A | PromiseLike<A>) | null,
    onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return PromiseWaiter.promise(this).then(onFulfilled, onRejected);
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
    return `<${this.constructor.name} ${this.stateText()}>`;
  }

  /** @internal */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }

  /** @internal The state as asyncio prints it. */
  protected stateText(): string {
    if (this.state === PENDING) return 'pending';
    if (this.state === CANCELLED) return 'cancelled';
    return `finished ${this.state === FAILED ? 'exception' : 'result'}=${inspect(this.value, SHORT)}`;
  }

  /** @internal Adds what waits; scheduled at once when the future is done. */
  addWaiter(waiter: Waiter): void {
    if (this.state !== PENDING) waiter.schedule(this);
    else if (this.waiters === null) this.waiters = [waiter];
    else this.waiters.push(waiter);
  }

  /** @internal Removes what waits. */
  removeWaiter(waiter: Waiter): void {
    const at = this.waiters?.indexOf(waiter) ?? -1;
    if (at >= 0) this.waiters!.splice(at, 1);
  }

  /** @internal */
  protected settleResult(value: T): void {
    this.checkPending();
    if (typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function') {
      throw typeError(`a result is expected, not a promise (${given(value)}); await it first`);
    }
    this.settle(FULFILLED, value);
  }

  /** @internal */
  protected settleException(error: unknown): void {
    this.checkPending();
    this.settle(FAILED, error);
  }

  /** @internal */
  protected settleCancelled(message: string | undefined, cause?: unknown): void {
    this.settle(CANCELLED, cause ?? message);
  }

  private checkPending(): void {
    if (this.state !== PENDING) throw new InvalidStateError(`the future is done already: ${this.toString()}`);
  }

  private settle(state: number, value: unknown): void {
    this.state = state;
    this.value = value;
    const waiters = this.waiters;
    if (waiters === null) return;
    this.waiters = null;
    for (const waiter of waiters) waiter.schedule(this);
  }

  // The first reader gets the error that ended a task, with its stack; later ones their own.
  private cancellation(): CancelledError {
    const value = this.value;
    if (value instanceof CancelledError) {
      this.value = value.message;
      return value;
    }
    return new CancelledError(typeof value === 'string' ? value : '');
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
