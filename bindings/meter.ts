// Keeps a loop's times: how long it was busy and idle, and how late its timers were. It reads the clock only where the
// loop goes to sleep and is woken, and once in a turn that has timers to run: never for a callback.
import { monotonic } from './clock.js';
import { LAG_BUCKETS, LagHistogram, lagBucket } from './lag-histogram.js';

/** The times of one loop. @internal */
export class Meter {
  #idle = 0;
  /** Seconds of the runs that have ended. */
  #ended = 0;
  /** When the present run began; null between two. */
  #begun: number | null = null;
  /** Since when the loop sleeps; null while it is busy. */
  #asleep: number | null = null;
  readonly #lags = new Array<number>(LAG_BUCKETS).fill(0);
  #lagSum = 0;

  /** A run begins. */
  begin(): void {
    this.#begun = monotonic();
  }

  /** The run has ended. */
  end(): void {
    const now = monotonic();
    this.wake(now);
    this.#ended += now - (this.#begun ?? now);
    this.#begun = null;
  }

  /** The loop goes to sleep. */
  sleep(): void {
    if (this.#begun !== null) this.#asleep = monotonic();
  }

  /** The loop goes on. */
  wake(now = monotonic()): void {
    if (this.#asleep === null) return;
    this.#idle += now - this.#asleep;
    this.#asleep = null;
  }

  /** The first timer of a turn runs, so many seconds late. */
  late(seconds: number): void {
    this.#lags[lagBucket(seconds)]! += 1;
    this.#lagSum += seconds;
  }

  /** Seconds up to now. */
  times(): { busySeconds: number; idleSeconds: number } {
    const now = monotonic();
    const idleSeconds = this.#idle + now - (this.#asleep ?? now);
    return { busySeconds: this.#ended + now - (this.#begun ?? now) - idleSeconds, idleSeconds };
  }

  lag(): LagHistogram {
    return new LagHistogram([...this.#lags], this.#lagSum);
  }
}
