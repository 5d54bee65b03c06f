// The tasks of a loop that are not done, in the order of their making: a list through the tasks themselves. A Set of a
// hundred thousand tasks costs more than stepping them.
import type { Task } from './task.js';

/** The tasks of one loop. @internal */
export class TaskList implements Iterable<Task<unknown>> {
  size = 0;
  private first: Task<unknown> | null = null;
  private last: Task<unknown> | null = null;

  add(task: Task<unknown>): void {
    this.size += 1;
    task.previous = this.last;
    if (this.last === null) this.first = task;
    else this.last.next = task;
    this.last = task;
  }

  /** Takes `task` out, which is in the list. */
  delete(task: Task<unknown>): void {
    this.size -= 1;
    const { previous, next } = task;
    if (previous === null) this.first = next;
    else previous.next = next;
    if (next === null) this.last = previous;
    else next.previous = previous;
    task.previous = null;
    task.next = null;
  }

  /** Those that are there now: whoever goes through them may end some. */
  [Symbol.iterator](): Iterator<Task<unknown>> {
    const tasks: Task<unknown>[] = [];
    for (let task = this.first; task !== null; task = task.next) tasks.push(task);
    return tasks.values();
  }
}
