// Waiting for time to pass. asyncio: `sleep`.
import { recordAwait } from './await-frames.js';
import { CancelledError, given, rangeError, typeError } from './errors.js';
import type { EventLoop } from './event-loop.js';
import { Future, type Suspension, type Waiter } from './future.js';
import { Operation } from './operation.js';
import { getRunningLoop } from './running.js';
import type { Coroutine } from './stepping.js';

/**
 * Waits for `delay` seconds and gives `result`. A delay of 0 (or less) is exactly one turn of the loop.
 *
 * @param delay seconds
 * @throws TypeError for a delay that is no number, RangeError for NaN.
 * @example
 * yield* sleep(0.5);
 */
export function sleep(delay: number): Future<void>;
export function sleep<T>(delay: number, result: T): Future<T>;
export function sleep<T>(delay: number, result?: T): Future<T | undefined> {
  if (typeof delay !== 'number') throw typeError(`a delay in seconds is expected, not ${given(delay)}`);
  if (Number.isNaN(delay)) throw rangeError('Invalid delay: NaN (not a number)');
  const loop = getRunningLoop();
  return delay > 0 ? new Operation(loop, timeOf(loop, delay, result)) : new Turn(loop, result);
}

/** One turn of `loop`. @internal */
export function turnOf(loop: EventLoop): Future<void> {
  return new Turn<void>(loop, undefined);
}

/** `delay` seconds of `loop`, which need not run yet. @internal */
export function* timeOf<T>(loop: EventLoop, delay: number, result: T): Coroutine<T> {
  const future = loop.createFuture<T>();
  const timer = loop.callLater(delay, () => {
    if (!future.done()) future.setResult(result);
  });
  try {
    return yield* future;
  } finally {
    timer.cancel();
  }
}

const FRESH = 0;
/** A generator waits: its task goes on in the next turn. */
const YIELDED = 1;
/** Something else waits: a callback sets the result in the next turn. */
const SCHEDULED = 2;

// The answers to `yield*` that are always the same; nobody else gets to see them.
const SUSPENDED = { done: false, value: undefined as unknown as Suspension } as const;
const DONE = { done: true, value: undefined as never } as const;

/** One turn. With `yield*` it needs neither a callback nor a timer: the task goes to the end of the queue. */
class Turn<T> extends Future<T> implements Iterator<Suspension, T, unknown> {
  private readonly outcome: T;
  private phase = FRESH;

  constructor(loop: EventLoop, result: T) {
    super(loop);
    this.outcome = result;
  }

  override [Symbol.iterator](): Iterator<Suspension, T, unknown> {
    return this.phase === FRESH ? this : super[Symbol.iterator]();
  }

  next(): IteratorResult<Suspension, T> {
    if (this.phase === YIELDED) {
      if (this.done()) return { done: true, value: this.result() };
      this.settleResult(this.outcome);
      return this.outcome === undefined ? DONE : { done: true, value: this.outcome };
    }
    this.phase = YIELDED;
    if (this.getLoop().debugging) recordAwait(null);
    return SUSPENDED;
  }

  throw(error: unknown): IteratorResult<Suspension, T> {
    if (error instanceof CancelledError) this.settleCancelled(error);
    else if (!this.done()) this.settleException(error);
    throw error;
  }

  return(value: T): IteratorResult<Suspension, T> {
    return { done: true, value };
  }

  /** Somebody waits who is not a generator: the result and the wake-up come in the same next turn. */
  override addWaiter(waiter: Waiter): void {
    if (this.done() || this.phase !== FRESH) {
      super.addWaiter(waiter);
      return;
    }
    this.phase = SCHEDULED;
    this.getLoop().scheduler.enqueue({
      run: () => {
        if (!this.done()) this.settleResult(this.outcome);
      },
    });
    waiter.schedule(this);
  }
}
