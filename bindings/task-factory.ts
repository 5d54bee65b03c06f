// Who makes the tasks of a loop. asyncio: task factories.
import type { CoroutineLike } from './coroutine.js';
import type { EventLoop } from './event-loop.js';
import { Task, type TaskOptions } from './task.js';

/**
 * Makes the task of `createTask`. The name is set afterwards, as asyncio does it.
 *
 * @example
 * loop.setTaskFactory((loop, coroutine, options) => new LoggedTask(loop, coroutine, options));
 */
export type TaskFactory = <T>(
  loop: EventLoop,
  coroutine: CoroutineLike<T>,
  options: Omit<TaskOptions, 'name'>,
) => Task<T>;

/**
 * Starts every task at once, inside `createTask`. asyncio: `eager_task_factory`.
 *
 * @example
 * loop.setTaskFactory(eagerTaskFactory);
 */
export const eagerTaskFactory: TaskFactory = createEagerTaskFactory(Task);

/**
 * A factory that starts tasks of `constructor` at once. asyncio: `create_eager_task_factory`.
 *
 * @param taskClass Task, or a class that extends it.
 * @example
 * class Named extends Task {}
 * loop.setTaskFactory(createEagerTaskFactory(Named));
 * loop.createTask(function* () {}) instanceof Named; // true
 */
export function createEagerTaskFactory(taskClass: typeof Task): TaskFactory {
  return (loop, coroutine, options) => new taskClass(loop, coroutine, { eagerStart: true, ...options });
}

/** @internal */
export function madeBy<T>(
  factory: TaskFactory,
  loop: EventLoop,
  coroutine: CoroutineLike<T>,
  options: TaskOptions = {},
): Task<T> {
  const { name, ...others } = options;
  const task = factory(loop, coroutine, others);
  if (name !== undefined) task.setName(name);
  return task;
}
