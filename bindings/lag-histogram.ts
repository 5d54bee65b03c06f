// How late timers were, counted in buckets whose bounds are powers of two of a second.
import { given, rangeError } from './errors.js';

/** How many buckets there are. @internal */
export const LAG_BUCKETS = 32;
/** The bound of the first one is 2 ** -20 seconds, a little less than a microsecond. */
const FIRST_EXPONENT = -20;

/** The bucket of a lag in seconds. @internal */
export function lagBucket(seconds: number): number {
  const units = Math.min(seconds / 2 ** FIRST_EXPONENT, 2 ** (LAG_BUCKETS - 1) - 1);
  return 32 - Math.clz32(units);
}

/**
 * How late a loop's timers were: one entry for each turn that had any to run, the lateness of the first of them. That
 * is how long whatever became ready had to wait, behind callbacks that took their time or a busy machine.
 *
 * @example
 * const { lag } = loop.metrics();
 * console.log(`99 of 100 timers were less than ${lag.percentile(99)} seconds late`);
 */
export class LagHistogram {
  /** How many lags each bucket has; `bound` tells which. */
  readonly counts: readonly number[];
  /** All lags together, in seconds. */
  readonly sum: number;

  /** @internal */
  constructor(counts: readonly number[], sum: number) {
    this.counts = counts;
    this.sum = sum;
  }

  /** How many lags there are. */
  get count(): number {
    return this.counts.reduce((total, count) => total + count, 0);
  }

  /** The seconds below which the lags of bucket `index` are: 2 ** (index - 20). The last bucket has no bound. */
  bound(index: number): number {
    return index >= LAG_BUCKETS - 1 ? Number.POSITIVE_INFINITY : 2 ** (index + FIRST_EXPONENT);
  }

  /**
   * Seconds below which so many per cent of the lags are: the bound of a bucket, so at most twice too much. 0 where
   * there are none.
   *
   * @param percent 0 to 100
   * @throws RangeError for anything else.
   */
  percentile(percent: number): number {
    if (!(percent >= 0 && percent <= 100)) {
      throw rangeError(`percent must be a number from 0 to 100, got ${given(percent)}`);
    }
    const { count } = this;
    if (count === 0) return 0;
    let left = Math.max(1, Math.ceil((count * percent) / 100));
    return this.bound(
      this.counts.findIndex((some) => {
        left -= some;
        return left <= 0;
      }),
    );
  }

  /**
   * The lags since an earlier reading.
   *
   * @example
   * const before = loop.metrics().lag;
   * yield* sleep(60);
   * console.log('in the last minute:', loop.metrics().lag.since(before).percentile(99));
   */
  since(earlier: LagHistogram): LagHistogram {
    const counts = this.counts.map((count, index) => count - earlier.counts[index]!);
    return histogram(counts, this.sum - earlier.sum);
  }
}

// A class that names itself inside would get another name in the bundle.
function histogram(counts: readonly number[], sum: number): LagHistogram {
  return new LagHistogram(counts, sum);
}
