// One turn of the loop, as CPython's `_run_once`: poll, what other threads posted, what is ready, completions
// in the order they came, timers that are due. What these schedule waits for the next turn.
import { leaveStores, left } from './async-stores.js';
import { ExitError } from './errors.js';
import type { EventLoop } from './event-loop.js';
import { Handle, type Runnable, type TimerHandle } from './handle.js';
import { Meter } from './meter.js';
import { drainMicrotasks, HAS_TICK_CALLBACK, microtasks } from './microtasks.js';
import type { CompletionReceiver, Core, Posted } from './native/core.js';
import {
  COMPLETE_ACCEPTED,
  COMPLETE_READY,
  COMPLETE_SIGNAL,
  COMPLETE_TIMER,
  POLL_NOW,
  POLL_SLEEP,
} from './native/layout.js';
import type { Observer } from './observer.js';
import { ReadyQueue } from './ready-queue.js';
import { running } from './running.js';
import { Timers } from './timers.js';

/** Something with a slot in the core that gets completions: a transport, a listener, a connection attempt. @internal */
export interface Source {
  readonly generation: number;
  complete(kind: number, offset: number, length: number, detail: number): void;
}

/** Where what is to run comes in. @internal */
export interface Entrance {
  push(runnable: Runnable): void;
}

/** The turns of one loop. @internal */
export class Scheduler implements CompletionReceiver {
  readonly core: Core;
  readonly timers: Timers;
  readonly ready = new ReadyQueue();
  /** The ready queue itself, or who watches what comes in. */
  entrance: Entrance = this.ready;
  /** How long turns take, and how late they are. */
  readonly meter = new Meter();
  /** Turns made so far; a look that found nothing, before Node's loop goes to sleep, is none. */
  turns = 0;
  /**
   * Whether the turn stopped in the middle so that the host can settle promises: only where the host does not
   * let it be done in place. The next call of `turn` goes on with it.
   */
  interrupted = false;
  /** Whether the last turn found anything to do. Only after one that did not is everything applied and armed. */
  worked = false;
  /** Whether promises settle while the loop runs: not in a blocking run that began inside a microtask. */
  settles = true;
  /** Who watches the turns: debug mode, instruments. */
  observer: Observer | null = null;
  readonly #loop: EventLoop;
  readonly #sources: (Source | undefined)[] = [];
  /**
   * How many sources are attached, and how many of them only watch a descriptor of the user's; an object of its own,
   * because it outlives a loop that is collected.
   */
  readonly open = { attached: 0, watched: 0 };
  /** The timer whose callback runs. */
  #timer: TimerHandle | null = null;
  /** The last turn that had timers to run. */
  #timersTurn = 0;
  #exit: ExitError | null = null;
  /** Callbacks that the present turn has still to run. */
  #left = 0;
  #onPosted: (posted: Posted) => void = () => {};

  constructor(loop: EventLoop, core: Core) {
    this.#loop = loop;
    this.core = core;
    this.timers = new Timers(core);
  }

  /** Adds something to run in the next turn. */
  enqueue(runnable: Runnable): void {
    this.entrance.push(runnable);
    const wake = this.core.wake;
    if (wake !== null) wake();
  }

  /** Gives the completions of a slot to `source`. */
  attach(slot: number, source: Source): void {
    this.core.reserve(slot);
    if (this.#sources[slot] === undefined) this.open.attached += 1;
    this.#sources[slot] = source;
  }

  /** Ends `attach`. */
  detach(slot: number, source: Source): void {
    if (this.#sources[slot] !== source) return;
    this.open.attached -= 1;
    this.#sources[slot] = undefined;
  }

  /** The source that is attached to `slot`. */
  sourceAt(slot: number): Source | undefined {
    return this.#sources[slot];
  }

  /** The sources that are attached. */
  *sources(): Generator<Source, void> {
    for (const source of this.#sources) if (source !== undefined) yield source;
  }

  /** How many sources are attached. */
  get attached(): number {
    return this.open.attached;
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
   * the next call.
   */
  turn(way: number): void {
    const { core } = this;
    const outerLoop = running.loop;
    const outerValues = running.values;
    running.loop = this.#loop;
    core.wake = null;
    try {
      if (this.interrupted) this.interrupted = false;
      else this.#begin(way);
      this.#runReady();
      if (!this.interrupted) this.#drain();
      if (this.interrupted) return;
      drainMicrotasks();
      if (this.#loop.failures.isFresh) this.#loop.failures.letGo();
      if (this.#exit !== null) this.#throwExit();
    } finally {
      running.loop = outerLoop;
      running.task = null;
      running.values = outerValues;
    }
  }

  #begin(way: number): void {
    const { core, ready } = this;
    // What an error left undelivered comes first: a poll would read over its bytes.
    const polls = !core.undrained;
    // The one that was told of the beginning, whoever watches at the end.
    const observer = polls ? this.observer : null;
    observer?.beforePoll(way);
    if (polls) this.#poll(way);
    this.worked = core.found > 0 || core.unfinished || ready.length > 0 || core.posted;
    observer?.afterPoll(core.found);
    if (way === POLL_NOW || this.worked) this.turns += 1;
    if (core.posted) {
      // As callbacks of their own, in their order: an error of one is not the others'.
      for (const posted of core.native.takePosted()) this.ready.push({ run: () => this.#onPosted(posted) });
    }
    this.#left = ready.length;
  }

  #poll(way: number): void {
    if (way !== POLL_SLEEP) {
      this.core.poll(way);
      return;
    }
    this.meter.sleep();
    this.core.poll(way);
    this.meter.wake();
  }

  complete(
    kind: number,
    slot: number,
    generation: number,
    offset: number,
    length: number,
    detail: number,
  ): void {
    const { observer } = this;
    if (left.stores) leaveStores();
    if (kind === COMPLETE_TIMER) {
      const handle = this.timers.takeDue(slot, generation);
      if (handle !== undefined) {
        if (this.#timersTurn !== this.turns) this.#noteLag(handle);
        this.#timer = handle;
        if (observer === null) handle.run();
        else this.#observe(observer, handle, handle, () => handle.run());
        this.#timer = null;
      }
    } else if (kind === COMPLETE_SIGNAL) {
      this.#loop.signals.deliver();
    } else {
      const source = this.#sources[slot];
      if (source !== undefined && source.generation === generation) {
        // What a ready descriptor makes run is observed callback by callback: it comes by `dispatch`.
        if (observer === null || kind === COMPLETE_READY) source.complete(kind, offset, length, detail);
        else this.#observe(observer, source, null, () => source.complete(kind, offset, length, detail));
      } else if (kind === COMPLETE_ACCEPTED) {
        // Its listener was closed in this turn; nobody else will ever know of the connection.
        this.core.native.closeSource(offset, length);
      }
    }
    if (microtasks.due) this.#settle();
  }

  /** Runs `handle` for what a completion has told, as a callback of its own. An ExitError comes out. */
  dispatch(handle: Handle): void {
    const { observer } = this;
    try {
      if (observer === null) handle.run();
      else this.#observe(observer, handle, handle, () => handle.run());
    } catch (error) {
      this.#failed(error, handle);
    }
    if (microtasks.due) this.#settle();
  }

  /** The first timer of a turn tells for how long what was ready had to wait. */
  #noteLag(handle: TimerHandle): void {
    this.#timersTurn = this.turns;
    this.meter.late(this.#loop.time() - handle.when());
  }

  /** Lets what awaits go on, before the next callback. */
  #settle(): void {
    if (HAS_TICK_CALLBACK) {
      drainMicrotasks();
    } else {
      microtasks.due = false;
      this.interrupted = true;
    }
  }

  #runReady(): void {
    const ready = this.ready;
    let runnable: Runnable | null = null;
    for (;;) {
      try {
        while (this.#left > 0 && !this.interrupted) {
          this.#left -= 1;
          runnable = ready.shift();
          if (left.stores) leaveStores();
          if (this.observer === null) runnable.run();
          else this.#runObserved(this.observer, runnable);
          if (microtasks.due) this.#settle();
        }
        return;
      } catch (error) {
        this.#failed(error, runnable);
      }
    }
  }

  #runObserved(observer: Observer, runnable: Runnable): void {
    this.#observe(observer, runnable, runnable, () => runnable.run());
  }

  #observe(observer: Observer, subject: object, from: Runnable | null, run: () => void): void {
    observer.before(subject);
    try {
      run();
      // What goes on after an `await` belongs to the callback that made it go on.
      if (microtasks.due) this.#settle();
    } catch (error) {
      // Here, where it is still known what ran: the report says who made it.
      this.#failed(error, from);
    } finally {
      observer.after(subject);
    }
  }

  #drain(): void {
    for (;;) {
      try {
        this.core.drain(this);
        return;
      } catch (error) {
        this.#failed(error, this.#timer);
      }
    }
  }

  /** A callback has thrown: to the exception handler, unless the error ends the run. */
  #failed(error: unknown, from: Runnable | null): void {
    running.task = null;
    this.#timer = null;
    if (error instanceof ExitError) throw error;
    this.#loop.reportCallback(error, from instanceof Handle ? from : null);
    if (microtasks.due) this.#settle();
  }

  #throwExit(): void {
    const error = this.#exit;
    this.#exit = null;
    if (error !== null) throw error;
  }
}
