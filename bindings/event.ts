// A flag that tasks can wait for. asyncio: `Event`.
import type { Future } from './future.js';
import { Line } from './line.js';
import { bracketed, LoopBound } from './loop-bound.js';
import { getRunningLoop } from './running.js';
import { failed, Settled } from './settled.js';
import { Waiting } from './waiting.js';

/**
 * A flag, unset at first; `wait()` waits until it is set. asyncio: `Event`. (Not the web's `Event`.)
 *
 * @example
 * const ready = new Event();
 * loop.callLater(1, () => ready.set());
 * yield* ready.wait();       // or await ready.wait()
 */
export class Event extends LoopBound {
  private flag = false;
  private readonly line = new Line<true>({ resume: () => true, abandon: () => undefined });

  /** Whether the flag is set. */
  isSet(): boolean {
    return this.flag;
  }

  /** Sets the flag. All that wait go on, even if it is cleared again before their turn. */
  set(): void {
    if (this.flag) return;
    this.flag = true;
    this.line.wake(Number.POSITIVE_INFINITY);
  }

  /** Clears the flag: from now on `wait()` waits for the next `set()`. */
  clear(): void {
    this.flag = false;
  }

  /**
   * Waits until the flag is set; gives true, at once where it is. asyncio: `wait`.
   *
   * @throws CancelledError when the task is cancelled while it waits; RuntimeError `ERR_OTHER_LOOP` when tasks of
   * another loop have waited for this event, `ERR_NO_RUNNING_LOOP` outside of a loop.
   */
  wait(): Future<true> {
    const loop = getRunningLoop();
    if (this.flag) return new Settled<true>(loop, true);
    const refusal = this.bind(loop);
    return refusal === null ? new Waiting(loop, this.line, undefined) : failed(loop, refusal);
  }

  /** @internal */
  protected override stateText(): string {
    return bracketed(this.flag ? 'set' : 'unset', this.line.size);
  }
}
