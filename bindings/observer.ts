// Who watches the turns of a loop: debug mode, and instruments. While nobody does, a turn asks once.
import type { Runnable } from './handle.js';

/** Is told of everything that a turn does. @internal */
export interface Observer {
  /** The selector is asked; `way` is one of POLL_…. */
  beforePoll(way: number): void;
  /** The selector has answered, with so many events; the scheduler's `worked` tells of this turn. */
  afterPoll(events: number): void;
  /** A callback begins: a handle, a task, or what gets an event. */
  before(subject: Runnable | object): void;
  /** The callback has ended, and what awaits its results has gone on. */
  after(subject: Runnable | object): void;
}
