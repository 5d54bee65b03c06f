// What `acquire`, `get` and their kin give when they have to wait. It is at once asyncio's coroutine and the future
// that this awaits, so that a hand-over makes one object. A task steps it through `yield*`; else it steps itself.
import { recordAwait } from './await-frames.js';
import { CancelledError, cancelledBy } from './errors.js';
import type { EventLoop } from './event-loop.js';
import { Future, notAwaited, type Suspension, type Waiter } from './future.js';
import type { Runnable } from './handle.js';
import { AGAIN, type Line, STILL } from './line.js';
import { PromiseWaiter } from './promise-waiter.js';
import { Stepping } from './stepping.js';
import type { Task } from './task.js';

// What has reached it.
const NOTHING = 0;
const WAKE_UP = 1;
const CANCEL = 2;
/** A cancel behind the wake-up. */
const BOTH = 3;

// Who steps it.
const ITSELF = 0;
/** A generator has yielded it; its task comes now. */
const NOBODY_YET = 1;
const TASK = 2;

/** One that waits in a line. @internal */
export class Waiting<T, I = undefined>
  extends Future<T>
  implements Iterator<Suspension, T, unknown>, Runnable
{
  // Of its line.
  before: Waiting<T, I> | null = null;
  after: Waiting<T, I> | null = null;
  stands = false;

  private readonly line: Line<T, I>;
  private readonly item: I;
  private news = NOTHING;
  private driver = ITSELF;
  private task: Waiter | null = null;
  /** The `await` of an async function: it goes on in the step itself, as a coroutine would. */
  private awaiter: PromiseWaiter<T> | null = null;
  private cancelMessage: unknown = undefined;

  constructor(loop: EventLoop, line: Line<T, I>, item: I) {
    super(loop);
    this.line = line;
    this.item = item;
    line.push(this);
  }

  /** The task of an async function that goes on in its step. */
  get asyncTask(): Task<unknown> | null {
    return this.awaiter?.awaiter ?? null;
  }

  override endsCancelled(): boolean {
    return this.news === CANCEL || super.endsCancelled();
  }

  /** Schedules its step; false when something has reached it before. */
  wake(): boolean {
    if (this.news !== NOTHING) return false;
    this.news = WAKE_UP;
    this.schedule();
    return true;
  }

  /** False also when a wake-up has come and a task delegates: cancel the task, which keeps it for its step. */
  override cancel(message?: unknown): boolean {
    if (this.done()) return false;
    if (this.news === NOTHING) {
      this.news = CANCEL;
      this.cancelMessage = message;
      this.schedule();
    } else if (this.driver === TASK) {
      return false;
    } else if (this.news !== CANCEL) {
      this.news = BOTH;
      this.cancelMessage = message;
    }
    return true;
  }

  /** Its own step. */
  run(): void {
    if (this.done()) return;
    try {
      if (this.news !== WAKE_UP) this.fail(cancelledBy(this.cancelMessage));
      else if (!this.resume()) return;
    } catch (error) {
      this.settleException(error);
    }
    this.awaiter?.run();
  }

  override [Symbol.iterator](): Iterator<Suspension, T, unknown> {
    const isFree = this.driver === ITSELF && this.news === NOTHING;
    return isFree ? this : super[Symbol.iterator]();
  }

  /** The step of the task that delegates. */
  next(): IteratorResult<Suspension, T> {
    if (this.driver === ITSELF) return this.offer();
    if (this.news === NOTHING) throw notAwaited(this);
    if (this.news !== WAKE_UP) return this.throw(cancelledBy(this.cancelMessage));
    let isOver: boolean;
    try {
      isOver = this.resume();
    } catch (error) {
      this.deliver(error);
      throw error;
    }
    if (!isOver) return this.offer();
    this.awaiter?.schedule();
    return { done: true, value: this.result() };
  }

  throw(error: unknown): IteratorResult<Suspension, T> {
    if (this.done()) throw error;
    if (error instanceof CancelledError) {
      this.fail(error);
      this.awaiter?.schedule();
    } else {
      this.leave();
      this.deliver(error);
    }
    throw error;
  }

  return(value: T): IteratorResult<Suspension, T> {
    if (this.driver === NOBODY_YET) {
      // No task took what was yielded: this is destructuring, or for…of. It goes on by itself.
      this.driver = ITSELF;
      this.blocking = false;
      throw notAwaited(this);
    }
    if (!this.done()) this.fail(new CancelledError());
    // Its generator was closed by somebody else; the task has to find out.
    this.task?.schedule(this);
    return { done: true, value };
  }

  override addWaiter(waiter: Waiter): void {
    if (this.driver === NOBODY_YET && waiter instanceof Stepping) {
      this.driver = TASK;
      this.task = waiter;
      // What it takes over from an operation may have been woken before.
      if (this.news !== NOTHING) waiter.schedule(this);
    } else if (this.awaiter === null && waiter instanceof PromiseWaiter && !this.done()) {
      this.awaiter = waiter;
    } else {
      super.addWaiter(waiter);
    }
  }

  override getWaiters(): readonly Waiter[] {
    return [this.task, this.awaiter, ...super.getWaiters()].filter((waiter) => waiter !== null);
  }

  /** An operation that drove it hands it to the task that delegates to the operation. */
  override removeWaiter(waiter: Waiter): void {
    if (waiter !== this.task) {
      super.removeWaiter(waiter);
      return;
    }
    this.task = null;
    this.driver = NOBODY_YET;
  }

  private schedule(): void {
    if (this.task !== null) this.task.schedule(this);
    else this.getLoop().scheduler.enqueue(this);
  }

  private offer(): IteratorResult<Suspension, T> {
    if (this.getLoop().debugging) recordAwait(this);
    this.driver = NOBODY_YET;
    this.task = null;
    this.blocking = true;
    return { done: false, value: this as unknown as Suspension };
  }

  /** Goes on after a wake-up; false when it has to wait again. */
  private resume(): boolean {
    const { line } = this;
    line.remove(this);
    const outcome = line.rules.resume(this.item);
    if (outcome === AGAIN || outcome === STILL) {
      this.news = NOTHING;
      if (outcome === AGAIN) line.push(this);
      else line.unshift(this);
      return false;
    }
    this.settleResult(outcome);
    return true;
  }

  private leave(): void {
    this.line.remove(this);
    this.line.rules.abandon(this.news === WAKE_UP || this.news === BOTH);
  }

  private fail(error: CancelledError): void {
    this.leave();
    this.settleCancelled(error);
  }

  /** The error goes to the task that delegates: it has been asked for. */
  private deliver(error: unknown): void {
    this.settleException(error);
    this.exception();
    this.awaiter?.schedule();
  }
}
