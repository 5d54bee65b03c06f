// Attempts at the same thing that begin one after another, until one succeeds. asyncio: `staggered_race`.
import { ExitError, TimeoutError } from './errors.js';
import { Event } from './event.js';
import type { EventLoop } from './event-loop.js';
import type { Coroutine } from './stepping.js';
import { Task } from './task.js';
import { ALL_COMPLETED, waiting } from './wait.js';
import { waitFor } from './wait-for.js';

/** What became of a race. @internal */
export interface RaceOutcome<T> {
  /** The attempt that has won, and which it is; null when all have failed. */
  winner: { result: T; index: number } | null;
  /** The error of each attempt that has begun; null for the winner. */
  errors: unknown[];
}

/**
 * Begins the first of `attempts`, and the next one when the one before has failed or `delay` seconds are over; null
 * waits for the failure. The first that succeeds ends the race: the others are cancelled, and have ended when this
 * returns.
 *
 * `discard` gets the result of an attempt that succeeds when another one has won, or when nobody waits any more.
 * @internal
 */
export function* staggeredRace<T>(
  loop: EventLoop,
  attempts: readonly (() => Coroutine<T>)[],
  delay: number | null,
  discard: (result: T) => void,
): Coroutine<RaceOutcome<T>> {
  const race = new Race(loop, attempts, delay, discard);
  return yield* race.run();
}

class Race<T> {
  readonly #loop: EventLoop;
  readonly #attempts: readonly (() => Coroutine<T>)[];
  readonly #delay: number | null;
  readonly #discard: (result: T) => void;
  /** One for each attempt, and one that finds none left. */
  readonly #tasks: Task<void>[] = [];
  readonly #errors: unknown[] = [];
  #winner: { result: T; index: number } | null = null;
  /** Nobody takes a result any more. */
  #over = false;

  constructor(
    loop: EventLoop,
    attempts: readonly (() => Coroutine<T>)[],
    delay: number | null,
    discard: (result: T) => void,
  ) {
    this.#loop = loop;
    this.#attempts = attempts;
    this.#delay = delay;
    this.#discard = discard;
  }

  *run(): Coroutine<RaceOutcome<T>> {
    let complete = false;
    this.#begin(null);
    try {
      // While some are waited for, others begin.
      for (let ended = 0; ended < this.#tasks.length; ) {
        const [done] = yield* waiting(this.#loop, new Set(this.#tasks), null, ALL_COMPLETED);
        ended = done.size;
        for (const task of done) if (!task.cancelled()) task.result();
      }
      complete = true;
      return { winner: this.#winner, errors: this.#errors };
    } finally {
      this.#over = true;
      for (const task of this.#tasks) task.cancel();
      if (!complete && this.#winner !== null) this.#discard(this.#winner.result);
    }
  }

  /** A task for the next attempt. It is none of the user's, so no task factory makes it. */
  #begin(previousFailed: Event | null): void {
    this.#tasks.push(new Task(this.#loop, this.#attempt(previousFailed)));
  }

  *#attempt(previousFailed: Event | null): Coroutine<void> {
    if (previousFailed !== null) yield* this.#turnComes(previousFailed);
    const index = this.#errors.length;
    const attempt = this.#attempts[index];
    if (attempt === undefined) return;
    const failed = new Event();
    this.#begin(failed);
    this.#errors.push(null);
    let result: T;
    try {
      result = yield* attempt();
    } catch (error) {
      if (error instanceof ExitError) throw error;
      this.#errors[index] = error;
      failed.set();
      return;
    }
    this.#won(index, result);
  }

  *#turnComes(previousFailed: Event): Coroutine<void> {
    try {
      yield* waitFor(previousFailed.wait(), this.#delay);
    } catch (error) {
      if (!(error instanceof TimeoutError)) throw error;
    }
  }

  #won(index: number, result: T): void {
    if (this.#winner !== null || this.#over) {
      this.#discard(result);
      return;
    }
    this.#winner = { result, index };
    // Not the winner's own task: it is about to end.
    for (const [at, task] of this.#tasks.entries()) if (at !== index) task.cancel();
  }
}
