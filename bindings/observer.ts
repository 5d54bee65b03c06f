// Who watches the turns of a loop: debug mode, and instruments. While nobody does, a turn asks once.
import type { Runnable } from './handle.js';

/** Is told of everything that a turn does. @internal */
export interface Observer {
  /** The selector is asked; `waits` when it may sleep. */
  beforePoll(waits: boolean): void;
  /** The selector has answered, with so many events. */
  afterPoll(events: number): void;
  /** A callback begins: a handle, a task, or what gets an event. */
  before(subject: Runnable | object): void;
  /** The callback has ended, and what awaits its results has gone on. */
  after(subject: Runnable | object): void;
}
