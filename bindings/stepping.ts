// What tasks and operations share: a future whose result is that of a generator, which is stepped each time
// what it waits for is done.
import { CancelledError, cancelledBy, ExitError, given, RuntimeError } from './errors.js';
import { Future, refuseThenable, type Suspension } from './future.js';

/** A generator object that a task can run. Python: a coroutine object. */
export type Coroutine<T> = Generator<Suspension, T, unknown>;

/** A future that is the result of a coroutine: a task or an operation. */
export abstract class Stepping<T> extends Future<T> {
  /** @internal */
  protected coroutine: Coroutine<T> | null = null;
  /** @internal The future that the coroutine waits for. */
  protected waitingFor: Future<unknown> | null = null;
  /** @internal A cancel that has not reached the coroutine yet. */
  protected mustCancel = false;
  /** @internal */
  protected cancelMessage: unknown = undefined;
  private nextError: Error | null = null;
  /** @internal Takes its turn. */
  abstract run(): void;

  /** @internal What it waits for is done. */
  schedule(_future?: Future<unknown>): void {
    this.getLoop().scheduler.enqueue(this);
  }

  /** @internal Passes a cancel on to what the coroutine waits for, or keeps it for the next step. */
  protected requestCancel(message: unknown): void {
    if (this.waitingFor?.cancel(message)) return;
    this.mustCancel = true;
    this.cancelMessage = message;
  }

  /** @internal One step: from what the coroutine waited for to what it waits for next. */
  protected step(): void {
    const coroutine = this.coroutine!;
    const error = this.mustCancel || this.nextError !== null ? this.takeError() : null;
    this.waitingFor = null;
    let step: IteratorResult<Suspension, T>;
    try {
      step = error === null ? coroutine.next() : coroutine.throw(error);
    } catch (error) {
      this.fail(error);
      return;
    }
    if (step.done) this.finish(step.value);
    else this.suspend(step.value);
  }

  /** @internal The coroutine has returned. */
  protected finish(value: T): void {
    this.coroutine = null;
    if (this.mustCancel) {
      this.mustCancel = false;
      this.settleCancelled(this.cancelMessage);
      return;
    }
    try {
      refuseThenable(value);
    } catch (error) {
      this.settleException(error);
      return;
    }
    this.settleResult(value);
  }

  /** @internal The coroutine has thrown. */
  protected fail(error: unknown): void {
    this.coroutine = null;
    if (error instanceof CancelledError) {
      this.settleCancelled(error);
      return;
    }
    this.settleException(error);
    if (!(error instanceof ExitError)) return;
    // It ends the run, which is report enough.
    this.retrieve();
    throw error;
  }

  /** @internal The coroutine waits for `yielded`. */
  protected suspend(yielded: unknown): void {
    if (yielded === undefined) {
      this.schedule();
      return;
    }
    this.waitFor(yielded);
  }

  private waitFor(yielded: unknown): void {
    const problem = this.problemWith(yielded);
    if (problem !== null) {
      this.nextError = problem;
      this.schedule();
      return;
    }
    const future = yielded as Future<unknown>;
    future.blocking = false;
    future.addWaiter(this);
    this.waitingFor = future;
    if (this.mustCancel && future.cancel(this.cancelMessage)) this.mustCancel = false;
  }

  /**
   * @internal What the next step throws into the coroutine. A cancel is one with that of the future it waits for:
   * going on throws it.
   */
  protected takeError(): Error | null {
    const future = this.waitingFor;
    const wanted = this.mustCancel && !future?.endsCancelled() ? cancelledBy(this.cancelMessage) : null;
    // The error that the cancel takes the place of counts as seen.
    if (this.mustCancel && future?.hasFailed()) future.exception();
    const error = this.mustCancel ? wanted : this.nextError;
    this.mustCancel = false;
    this.nextError = null;
    return error;
  }

  private problemWith(yielded: unknown): RuntimeError | null {
    if (!(yielded instanceof Future)) {
      return new RuntimeError(
        `${this.toString()} got a bad yield: ${given(yielded)}; a coroutine waits with yield*`,
        'ERR_BAD_YIELD',
      );
    }
    if (!yielded.blocking) {
      return new RuntimeError(
        `yield was used instead of yield* in ${this.toString()} with ${yielded.toString()}; use yield*`,
        'ERR_BAD_YIELD',
      );
    }
    const problem = this.cannotWaitFor(yielded);
    if (problem !== null) yielded.blocking = false;
    return problem;
  }

  /** @internal Why `future` cannot be waited for; null when it can. */
  cannotWaitFor(future: Future<unknown>): RuntimeError | null {
    if (future.getLoop() !== this.getLoop()) {
      return new RuntimeError(
        `${this.toString()} got ${future.toString()} attached to a different loop`,
        'ERR_OTHER_LOOP',
      );
    }
    if (future === (this as unknown)) {
      return new RuntimeError(`Task cannot await on itself: ${this.toString()}`, 'ERR_AWAIT_SELF');
    }
    return null;
  }

  /** @internal The cancel that `other` kept is this one's now; it is not asked for once more. */
  cancelAgain(other: Stepping<unknown>): void {
    this.mustCancel = true;
    this.cancelMessage = other.cancelMessage;
  }

  /** @internal What it waits for. */
  getWaitingFor(): Future<unknown> | null {
    return this.waitingFor;
  }

  /** @internal Who goes on when what it waits for is done, for the call graph. */
  get awaiter(): Future<unknown> {
    return this;
  }

  /** @internal Short: the text of one that waits for this would show this once more. */
  waiterText(): string {
    return 'wakeup of an operation';
  }

  /** @internal */
  protected override details(): string[] {
    const parts = super.details();
    if (this.waitingFor !== null) parts.splice(1, 0, `wait_for=${nested(this.waitingFor)}`);
    return parts;
  }
}

/** How many futures are shown, each in the text of the one that waits for it; the rest is an ellipsis. */
const DEPTH = 3;
let depth = 0;

function nested(future: Future<unknown>): string {
  if (depth === DEPTH) return '…';
  depth += 1;
  try {
    return future.toString();
  } finally {
    depth -= 1;
  }
}
