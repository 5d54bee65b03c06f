// Who wants to know what a loop does, step by step. Trio's instruments are the model; asyncio has nothing like it.
import type { EventLoop } from './event-loop.js';
import type { Runnable } from './handle.js';
import { POLL_NOW, POLL_PARK } from './native/layout.js';
import type { Observer } from './observer.js';
import { PromiseWaiter } from './promise-waiter.js';
import type { Entrance } from './scheduler.js';
import { Task } from './task.js';
import { Waiting } from './waiting.js';

/**
 * Is told what a loop does, while it does it. Give the methods that you want; each is called at once and should be
 * quick. Of what was under way when it was added, it is not told the end (but of a run). One that throws is reported to
 * the exception handler, and its instrument removed.
 *
 * @example
 * const steps = new Map<Task<unknown>, number>();
 * loop.addInstrument({ beforeTaskStep: (task) => steps.set(task, (steps.get(task) ?? 0) + 1) });
 */
export interface Instrument {
  /** A run begins. */
  beforeRun?(loop: EventLoop): void;
  /** A run has ended. */
  afterRun?(loop: EventLoop): void;
  /** A task was made. */
  taskSpawned?(task: Task<unknown>): void;
  /** A task is ready: its next step comes in the next turn. Not before the step that it makes while it is made. */
  taskScheduled?(task: Task<unknown>): void;
  /** A step begins. An eager task makes its first one inside whatever runs. */
  beforeTaskStep?(task: Task<unknown>): void;
  /**
   * The step has ended, with everything that an async function does until it awaits something again. What it does
   * behind an `await` of a promise that is none of the loop's is no step.
   */
  afterTaskStep?(task: Task<unknown>): void;
  /** A task is done. */
  taskExited?(task: Task<unknown>): void;
  /**
   * The loop asks the system for events, and may wait for them: `timeout` seconds at most, 0 if it does not, Infinity
   * without a timer. Once in each turn; hosted, it is Node's own loop that waits.
   */
  beforeIoWait?(timeout: number): void;
  /** The loop goes on; `timeout` is that of `beforeIoWait`. */
  afterIoWait?(timeout: number): void;
}

/** The instruments of one loop, and what they are told from. @internal */
export class Instruments implements Observer, Entrance {
  readonly #loop: EventLoop;
  /** With each, how many steps and waits were under way when it came: of these it does not hear the end. */
  readonly #all = new Map<Instrument, number>();
  /** Whose steps are under way; null: a callback's. Eager tasks make theirs inside others. */
  readonly #steps: (Task<unknown> | null)[] = [];
  /** The timeout of the wait that is told of. */
  #timeout: number | null = null;
  #way = POLL_NOW;

  constructor(loop: EventLoop) {
    this.#loop = loop;
  }

  get size(): number {
    return this.#all.size;
  }

  add(instrument: Instrument): void {
    if (!this.#all.has(instrument)) this.#all.set(instrument, this.#underWay);
  }

  /** Whether it was there. */
  delete(instrument: Instrument): boolean {
    const wasThere = this.#all.delete(instrument);
    // Nobody will watch the end of the wait.
    if (this.#all.size === 0) this.#timeout = null;
    return wasThere;
  }

  beforeRun(): void {
    this.#tell('beforeRun', this.#loop);
  }

  afterRun(): void {
    this.#endWait();
    this.#tell('afterRun', this.#loop);
  }

  taskSpawned(task: Task<unknown>): void {
    this.#tell('taskSpawned', task);
  }

  taskExited(task: Task<unknown>): void {
    this.#tell('taskExited', task);
  }

  /** In place of the ready queue's own. */
  push(runnable: Runnable): void {
    this.#loop.scheduler.ready.push(runnable);
    const task = taskOf(runnable);
    if (task !== null) this.#tell('taskScheduled', task);
  }

  before(subject: object): void {
    const task = taskOf(subject);
    this.#steps.push(task);
    if (task !== null) this.#tell('beforeTaskStep', task);
  }

  after(): void {
    const task = this.#steps.pop() ?? null;
    this.#tellEnd('afterTaskStep', task);
  }

  beforePoll(way: number): void {
    this.#way = way;
    // Where Node's loop has waited, this is the end of that wait.
    if (this.#timeout !== null) return;
    this.#timeout = way === POLL_NOW ? 0 : this.#secondsToDeadline();
    this.#tell('beforeIoWait', this.#timeout);
  }

  afterPoll(): void {
    // Nothing was there: a hosted loop goes to sleep now, and the poll that ends the wait is yet to come.
    if (this.#way !== POLL_PARK || this.#loop.scheduler.worked) this.#endWait();
  }

  #endWait(): void {
    const timeout = this.#timeout;
    this.#timeout = null;
    if (timeout !== null) this.#tellEnd('afterIoWait', timeout);
  }

  #secondsToDeadline(): number {
    const { core } = this.#loop.scheduler;
    // Timers that were only submitted count.
    core.flush();
    const deadline = core.native.nextDeadline();
    return deadline === null ? Number.POSITIVE_INFINITY : Math.max(0, deadline - this.#loop.time());
  }

  get #underWay(): number {
    return this.#steps.length + (this.#timeout === null ? 0 : 1);
  }

  #tell(hook: keyof Instrument, argument: EventLoop | Task<unknown> | number): void {
    for (const instrument of this.#all.keys()) this.#call(instrument, hook, argument);
  }

  /** Tells those who have heard of the beginning. Null: of a callback, which nobody has. */
  #tellEnd(hook: keyof Instrument, argument: Task<unknown> | number | null): void {
    const left = this.#underWay;
    for (const [instrument, unheard] of this.#all) {
      if (unheard > left) this.#all.set(instrument, left);
      else if (argument !== null) this.#call(instrument, hook, argument);
    }
  }

  #call(instrument: Instrument, hook: keyof Instrument, argument: unknown): void {
    try {
      (instrument[hook] as ((argument: unknown) => void) | undefined)?.call(instrument, argument);
    } catch (exception) {
      // It may have removed itself.
      if (this.#all.has(instrument)) this.#loop.removeInstrument(instrument);
      const message = `Exception in ${hook}() of an instrument, which has been removed`;
      this.#loop.callExceptionHandler({ message, exception, instrument });
    }
  }
}

/** The task that makes a step where `subject` runs; null where none does. */
function taskOf(subject: object): Task<unknown> | null {
  const task =
    subject instanceof Task
      ? (subject as Task<unknown>)
      : subject instanceof PromiseWaiter
        ? subject.awaiter
        : subject instanceof Waiting
          ? subject.asyncTask
          : null;
  return task === null || task.done() ? null : task;
}
