// One turn of the loop, as CPython's `_run_once`: poll, what other threads posted, what is ready, completions
// in the order they came, timers that are due. What these schedule waits for the next turn.
import { active } from './context.js';
import { ExitError } from './errors.js';
import type { EventLoop } from './event-loop.js';
import type { Handle, Runnable } from './handle.js';
import { drainMicrotasks, microtasks } from './microtasks.js';
import { type CompletionReceiver, Core, type Posted } from './native/core.js';
import { COMPLETE_TIMER, POLL_NOW } from './native/layout.js';
import { ReadyQueue } from './ready-queue.js';
import { running } from './running.js';
import { Timers } from './timers.js';

/** Something with a slot in the core that gets completions: a transport, a listener, a connection attempt. @internal */
export interface Source {
  readonly generation: number;
  complete(kind: number, offset: number, length: number, detail: number): void;
}

/** The turns of one loop. @internal */
export class Scheduler implements CompletionReceiver {
  readonly core: Core;
  readonly timers: Timers;
  readonly ready = new ReadyQueue();
  /** Turns made so far; a look that found nothing, before Node's loop goes to sleep, is none. */
  turns = 0;
  readonly #loop: EventLoop;
  readonly #sources: (Source | undefined)[] = [];
  #current: Runnable | null = null;
  #exit: ExitError | null = null;
  #onPosted: (posted: Posted) => void = () => {};

  constructor(loop: EventLoop, core: Core) {
    this.#loop = loop;
    this.core = core;
    this.timers = new Timers(core);
  }

  /** Adds something to run in the next turn. */
  enqueue(runnable: Runnable): void {
    this.ready.push(runnable);
    const wake = this.core.wake;
    if (wake !== null) wake();
  }

  /** Gives the completions of a slot to `source`. */
  attach(slot: number, source: Source): void {
    this.core.reserve(slot);
    this.#sources[slot] = source;
  }

  /** Ends `attach`. */
  detach(slot: number): void {
    this.#sources[slot] = undefined;
  }

  /** Every source that is attached. */
  sources(): Source[] {
    return this.#sources.filter((source) => source !== undefined);
  }

  /** Who handles what other threads post. */
  set onPosted(handler: (posted: Posted) => void) {
    this.#onPosted = handler;
  }

  /** Ends the turn, and with it the run, by `error`: from a microtask, where throwing would reach nobody. */
  exit(error: ExitError): void {
    this.#exit ??= error;
    this.enqueue({ run: () => this.#throwExit() });
  }

  /**
   * One turn; `way` is one of POLL_…. An ExitError comes out at once; what it left of the turn is done by
   * the next one.
   */
  turn(way: number): void {
    const { core, ready } = this;
    const outerLoop = running.loop;
    const outerValues = active.values;
    running.loop = this.#loop;
    core.wake = null;
    try {
      if (!core.undrained) core.poll(way);
      if (way === POLL_NOW || core.found > 0 || ready.length > 0 || core.posted) this.turns += 1;
      if (core.posted) for (const posted of core.native.takePosted()) this.#onPosted(posted);
      this.#runReady(ready.length);
      this.#drain();
      drainMicrotasks();
      if (this.#exit !== null) this.#throwExit();
    } finally {
      running.loop = outerLoop;
      active.values = outerValues;
    }
  }

  complete(kind: number, slot: number, generation: number, offset: number, length: number, detail: number): void {
    if (kind === COMPLETE_TIMER) {
      const handle = this.timers.takeDue(slot, generation);
      if (handle !== undefined) {
        this.#current = handle;
        handle.run();
        this.#current = null;
      }
    } else {
      const source = this.#sources[slot];
      if (source !== undefined && source.generation === generation) source.complete(kind, offset, length, detail);
    }
    if (microtasks.due) drainMicrotasks();
  }

  #runReady(count: number): void {
    const ready = this.ready;
    let left = count;
    for (;;) {
      try {
        while (left > 0) {
          left -= 1;
          const runnable = ready.shift();
          this.#current = runnable;
          runnable.run();
          if (microtasks.due) drainMicrotasks();
        }
        this.#current = null;
        return;
      } catch (error) {
        this.#failed(error);
      }
    }
  }

  #drain(): void {
    for (;;) {
      try {
        this.core.drain(this);
        return;
      } catch (error) {
        this.#failed(error);
      }
    }
  }

  /** A callback has thrown: to the exception handler, unless the error ends the run. */
  #failed(error: unknown): void {
    const current = this.#current;
    this.#current = null;
    if (error instanceof ExitError) throw error;
    this.#loop.reportCallback(error, current as Handle | null);
    if (microtasks.due) drainMicrotasks();
  }

  #throwExit(): void {
    const error = this.#exit;
    this.#exit = null;
    if (error !== null) throw error;
  }
}
