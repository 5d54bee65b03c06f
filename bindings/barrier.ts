// A point at which a number of tasks wait for one another. asyncio: `Barrier`.
import { Condition } from './condition.js';
import { isCoroutine } from './coroutine.js';
import { BrokenBarrierError, given, rangeError, typeError } from './errors.js';
import type { Future } from './future.js';
import { LoopBound } from './loop-bound.js';
import { Operation } from './operation.js';
import { getRunningLoop } from './running.js';
import type { Coroutine } from './stepping.js';

/**
 * - filling: tasks come and wait
 * - draining: all were there; they leave, and who comes waits outside
 * - resetting: as draining, but those who waited leave with an error
 * - broken: whoever waits or comes gets an error
 */
type Phase = 'filling' | 'draining' | 'resetting' | 'broken';

/**
 * Lets `parties` tasks go on together, when the last has come; then it can be used again. asyncio: `Barrier`.
 *
 * @example
 * const barrier = new Barrier(3);
 * const index = yield* barrier.wait();      // or await barrier.wait()
 * if (index === 0) console.log('one of the three prints this');
 */
export class Barrier extends LoopBound {
  /** How many tasks it takes. */
  readonly parties: number;
  private readonly changed = new Condition();
  private phase: Phase = 'filling';
  /** How many are in. */
  private inside = 0;

  /**
   * @param parties how many tasks wait for one another
   * @throws TypeError for what is no number; RangeError when it is less than 1 or not whole.
   */
  constructor(parties: number) {
    super();
    if (typeof parties !== 'number')
      throw typeError(`a number of parties is expected, not ${given(parties)}`);
    if (!(parties >= 1)) throw rangeError(`parties must be > 0, not ${parties}`);
    if (!Number.isInteger(parties)) throw rangeError(`parties must be a whole number, not ${parties}`);
    this.parties = parties;
  }

  /** How many tasks wait for the others; 0 while they leave. asyncio: `n_waiting`. */
  get nWaiting(): number {
    return this.phase === 'filling' ? this.inside : 0;
  }

  /** Whether `abort()` has broken it. */
  get broken(): boolean {
    return this.phase === 'broken';
  }

  /**
   * Waits until `parties` tasks do. asyncio: `wait`, and `async with barrier as index`.
   *
   * @returns a number from 0 to `parties` − 1, another for each task
   * @throws BrokenBarrierError when the barrier is broken, or reset while it waits; CancelledError, after which the
   * barrier waits for somebody else in its place.
   */
  wait(): Future<number> {
    return this.locked(() => this.meeting());
  }

  /** Empties it: those who wait get BrokenBarrierError, and a broken barrier works again. asyncio: `reset`. */
  reset(): Future<void> {
    return this.locked(() => this.change(this.inside > 0 ? 'resetting' : 'filling'));
  }

  /** Breaks it: those who wait, and all who come, get BrokenBarrierError until `reset()`. asyncio: `abort`. */
  abort(): Future<void> {
    return this.locked(() => this.change('broken'));
  }

  /** @internal */
  protected override stateText(): string {
    return this.broken ? '[broken]' : `[${this.phase}, waiters:${this.nWaiting}/${this.parties}]`;
  }

  /** Runs `body` with the lock held: at once, or when the lock is free. */
  private locked<T>(body: () => Coroutine<T> | T): Future<T> {
    return new Operation(getRunningLoop(), this.holding(body));
  }

  private *holding<T>(body: () => Coroutine<T> | T): Coroutine<T> {
    const guard = yield* this.changed.acquire();
    try {
      const result = body();
      return isCoroutine(result) ? yield* result as Coroutine<T> : (result as T);
    } finally {
      guard.release();
    }
  }

  private change(phase: Phase): void {
    this.phase = phase;
    this.changed.notifyAll();
  }

  private *meeting(): Coroutine<number> {
    yield* this.changed.waitFor(() => this.phase === 'filling' || this.broken);
    if (this.broken) throw new BrokenBarrierError('Barrier aborted');
    const index = this.inside;
    this.inside += 1;
    try {
      if (this.inside === this.parties) this.change('draining');
      else yield* this.othersComing();
      return index;
    } finally {
      this.inside -= 1;
      if (this.inside === 0) this.change(this.broken ? 'broken' : 'filling');
    }
  }

  private *othersComing(): Coroutine<void> {
    yield* this.changed.waitFor(() => this.phase !== 'filling');
    if (this.phase !== 'draining') throw new BrokenBarrierError('Abort or reset of barrier');
  }
}
