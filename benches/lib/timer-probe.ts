/** How late Node's own `setTimeout` fires, to see whether a loop beside it leaves it its turn. */
import { percentile } from './stats.js';

/** The delay that is asked for. */
const DELAY_MS = 10;

export interface ProbeResult {
  fired: number;
  p50Ms: number;
  p99Ms: number;
  maxMs: number;
}

/** A chain of timers; each one's lateness is kept until `take()`. */
export class TimerProbe {
  #late: number[] = [];
  #due = 0;

  start(): void {
    this.#due = performance.now() + DELAY_MS;
    setTimeout(() => {
      this.#late.push(Math.max(0, performance.now() - this.#due));
      this.start();
    }, DELAY_MS);
  }

  /** The figures since the last call; a timer that is overdue right now counts as well. */
  take(): ProbeResult {
    const overdue = performance.now() - this.#due;
    const late = overdue > 0 ? [...this.#late, overdue] : this.#late;
    this.#late = [];
    return {
      fired: late.length,
      p50Ms: percentile(late, 0.5),
      p99Ms: percentile(late, 0.99),
      maxMs: percentile(late, 1),
    };
  }
}
