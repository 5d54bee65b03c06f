// Those who wait at a lock, an event, a semaphore or a queue, first come, first served. A linked list, because who
// is cancelled leaves from the middle.
import type { Waiting } from './waiting.js';

/** Answer of `resume`: it was in vain, wait once more at the end of the line. @internal */
export const AGAIN: unique symbol = Symbol('again');

/** Answer of `resume`: it was in vain, wait on at the head of the line. @internal */
export const STILL: unique symbol = Symbol('still');

/** What happens to one that waited. Both are called in its own step, after it has left the line. @internal */
export interface Rules<T, I> {
  /** It was woken; its result, or AGAIN, or STILL. An error is its outcome. */
  resume(item: I): T | typeof AGAIN | typeof STILL;
  /** It was cancelled; `woken` when a wake-up had come already, which somebody else must have now. */
  abandon(woken: boolean): void;
}

/** A line of waiting ones. @internal */
export class Line<T, I = undefined> {
  readonly rules: Rules<T, I>;
  /** How many stand in the line, with those that are woken or cancelled and have not made their step yet. */
  size = 0;
  first: Waiting<T, I> | null = null;
  private last: Waiting<T, I> | null = null;
  /** All before it were reached by a wake-up or a cancel; null: all. */
  private unreached: Waiting<T, I> | null = null;

  constructor(rules: Rules<T, I>) {
    this.rules = rules;
  }

  push(waiting: Waiting<T, I>): void {
    waiting.before = this.last;
    if (this.last === null) this.first = waiting;
    else this.last.after = waiting;
    this.last = waiting;
    this.unreached ??= waiting;
    waiting.stands = true;
    this.size += 1;
  }

  /** Puts one that has left back in front of all. */
  unshift(waiting: Waiting<T, I>): void {
    waiting.after = this.first;
    if (this.first === null) this.last = waiting;
    else this.first.before = waiting;
    this.first = waiting;
    this.unreached = waiting;
    waiting.stands = true;
    this.size += 1;
  }

  /** Does nothing for one that has left. */
  remove(waiting: Waiting<T, I>): void {
    if (!waiting.stands) return;
    if (this.unreached === waiting) this.unreached = waiting.after;
    if (waiting.before === null) this.first = waiting.after;
    else waiting.before.after = waiting.after;
    if (waiting.after === null) this.last = waiting.before;
    else waiting.after.before = waiting.before;
    waiting.before = null;
    waiting.after = null;
    waiting.stands = false;
    this.size -= 1;
  }

  /** Whether nobody is left who may still go on. */
  isIdle(): boolean {
    for (let waiting = this.first; waiting !== null; waiting = waiting.after) {
      if (!waiting.endsCancelled()) return false;
    }
    return true;
  }

  /** Wakes the first `count` that nothing has reached yet; they stay until their step. Returns how many. */
  wake(count: number): number {
    let woken = 0;
    while (this.unreached !== null && woken < count) {
      if (this.unreached.wake()) woken += 1;
      this.unreached = this.unreached.after;
    }
    return woken;
  }

  /** Sends up to `count` away, awake; the cancelled ones before them go too. */
  dismiss(count: number): void {
    for (let left = count; left > 0 && this.first !== null; ) {
      const waiting = this.first;
      this.remove(waiting);
      if (waiting.wake()) left -= 1;
    }
  }
}
