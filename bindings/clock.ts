// The loop's clock in JavaScript: the same monotonic clock as the core's, without a call into it.

// The global is a getter, and slower to read than its clock; imported, the module would take time to load.
const { performance } = globalThis;

/** Seconds between the clock's zero and `performance.now()`'s. */
const BASE = calibrate();

// performance.now() counts on the monotonic clock from the thread's start. The tightest of a few readings is
// taken, and its later end, so that this clock is never behind the core's: a timer that the core finds due is
// due here too.
function calibrate(): number {
  let best = Number.POSITIVE_INFINITY;
  let base = 0;
  for (let round = 0; round < 8; round++) {
    const before = process.hrtime();
    const now = performance.now();
    const after = process.hrtime();
    const width = after[0] - before[0] + (after[1] - before[1]) * 1e-9;
    if (width < best) {
      best = width;
      base = after[0] + after[1] * 1e-9 - now * 1e-3;
    }
  }
  return base;
}

/** Seconds on the monotonic clock. @internal */
export function monotonic(): number {
  return performance.now() * 1e-3 + BASE;
}
