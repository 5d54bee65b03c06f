// The timers that are set: which handle has which slot of the core's wheel.
import type { TimerHandle } from './handle.js';
import type { Core } from './native/core.js';
import { SUBMIT_NOTHING, SUBMIT_TIMER_CANCEL } from './native/layout.js';

/** The timers of one loop. @internal */
export class Timers {
  readonly #core: Core;
  #handles: (TimerHandle | undefined)[] = [];
  #generations: number[] = [];
  #free: number[] = [];
  /** The slot whose timer was cancelled last, and the record that says so. */
  #cancelled = -1;
  #cancelRecord = -1;
  #cancelFlush = -1;

  constructor(core: Core) {
    this.#core = core;
  }

  /** How many are set. */
  get size(): number {
    return this.#handles.length - this.#free.length;
  }

  /** Sets `handle` for its time. */
  add(handle: TimerHandle): void {
    const slot = this.#free.pop() ?? this.#handles.length;
    if (slot === this.#handles.length) this.#generations.push(0);
    this.#handles[slot] = handle;
    handle.slot = slot;
    const core = this.#core;
    const generation = this.#generations[slot]!;
    // A timer that is moved is cancelled and set again, in the slot that it had: one record does both.
    handle.moved = slot === this.#cancelled && core.isLast(this.#cancelRecord, this.#cancelFlush);
    if (handle.moved) core.withdrawLast();
    // Before the record: while the loop does not run it is applied before `submitTimer` returns.
    handle.flush = core.flushes;
    handle.record = core.submitTimer(slot, generation, handle.when());
  }

  /** Takes `handle` out: it is cancelled. One that was set since the last flush never reaches the core. */
  remove(handle: TimerHandle): void {
    const { slot } = handle;
    const generation = this.#generations[slot]!;
    this.#release(handle);
    const core = this.#core;
    if (handle.flush !== core.flushes) {
      this.#cancelFlush = core.flushes;
      this.#cancelRecord = core.submit(SUBMIT_TIMER_CANCEL, slot, generation);
      this.#cancelled = slot;
    } else if (handle.moved) {
      // Its record took the place of the cancel of an earlier timer, which the core has.
      core.replace(handle.record, SUBMIT_TIMER_CANCEL);
    } else {
      core.replace(handle.record, SUBMIT_NOTHING);
    }
  }

  /** The handle that is due, unless it was cancelled meanwhile. It is not set any more then. */
  takeDue(slot: number, generation: number): TimerHandle | undefined {
    if (this.#generations[slot] !== generation) return undefined;
    const handle = this.#handles[slot];
    if (handle !== undefined) this.#release(handle);
    return handle;
  }

  /** Forgets every timer; their handles count as cancelled. */
  clear(): void {
    for (const handle of this.#handles) handle?.cancel();
    this.#handles = [];
    this.#generations = [];
    this.#free = [];
  }

  #release(handle: TimerHandle): void {
    const { slot } = handle;
    handle.slot = -1;
    this.#handles[slot] = undefined;
    this.#generations[slot] = (this.#generations[slot]! + 1) & 0x7fffffff;
    this.#free.push(slot);
  }
}
