// Debug mode's watch: callbacks that take long, and polls that were not to sleep and did.
import { monotonic } from './clock.js';
import { debugReport } from './debug.js';
import type { EventLoop } from './event-loop.js';
import type { Handle } from './handle.js';
import { POLL_NOW } from './native/layout.js';
import type { Observer } from './observer.js';

/** Finds what holds the loop up. @internal */
export class DebugObserver implements Observer {
  /** What runs now: who made it is part of an error's report. */
  current: object | null = null;
  readonly #loop: EventLoop;
  #polled = 0;
  #begun = 0;
  #waits = false;

  constructor(loop: EventLoop) {
    this.#loop = loop;
  }

  beforePoll(way: number): void {
    this.#waits = way !== POLL_NOW;
    this.#polled = monotonic();
  }

  afterPoll(events: number): void {
    const seconds = monotonic() - this.#polled;
    if (this.#waits || seconds < this.#loop.slowCallbackDuration) return;
    const message = `poll took ${seconds.toFixed(3)} seconds: ${events} events`;
    debugReport({ kind: 'slow-poll', loop: this.#loop, message, seconds });
  }

  before(subject: object): void {
    this.current = subject;
    this.#begun = monotonic();
  }

  after(subject: object): void {
    this.current = null;
    const seconds = monotonic() - this.#begun;
    if (seconds < this.#loop.slowCallbackDuration) return;
    const message = `Executing ${String(subject)} took ${seconds.toFixed(3)} seconds`;
    debugReport({ kind: 'slow-callback', loop: this.#loop, message, seconds, subject: subject as Handle });
  }
}
