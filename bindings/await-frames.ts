// Where tasks wait, in debug mode: the calls that led to the `yield*`, through every generator that delegates. A
// suspended generator tells none of it, so it has to be noted before.
import type { Future } from './future.js';
import { running } from './running.js';
import { type StackFrame, stepStack } from './source-traceback.js';
import type { Task } from './task.js';

interface Await {
  /** Null for a turn of the loop. */
  readonly future: Future<unknown> | null;
  readonly frames: StackFrame[];
}

const awaits = new WeakMap<Task<unknown>, Await>();

/** The task that runs is about to wait for `future`; null: for the next turn. @internal */
export function recordAwait(future: Future<unknown> | null): void {
  const { task } = running;
  if (task !== null) awaits.set(task, { future, frames: stepStack() });
}

/** The calls to where `task` waits, outermost first; undefined where nobody noted them. @internal */
export function awaitFrames(task: Task<unknown>): StackFrame[] | undefined {
  const noted = awaits.get(task);
  return noted !== undefined && noted.future === task.getWaitingFor() ? noted.frames : undefined;
}
