// Which task runs, and which there are. asyncio: `current_task`, `all_tasks`.
import type { EventLoop } from './event-loop.js';
import { activeTask, getRunningLoop } from './running.js';
import type { Task } from './task.js';

/**
 * The task whose step it is, also after an `await` of an async function; null in callbacks of the loop. In callbacks of
 * Node's own that an async function has made it is that function's task, from Node 24 on. asyncio: `current_task`.
 *
 * @param loop the task of this loop; of the running one without it.
 * @throws RuntimeError `ERR_NO_RUNNING_LOOP` when no loop is given and none runs.
 * @example
 * function* main() { console.log(currentTask()?.getName()); } // Task-1
 */
export function currentTask(loop: EventLoop = getRunningLoop()): Task<unknown> | null {
  const task = activeTask();
  return task?.getLoop() === loop ? task : null;
}

/**
 * The tasks that are not done. asyncio: `all_tasks`.
 *
 * @param loop of this loop; of the running one without it.
 * @throws RuntimeError `ERR_NO_RUNNING_LOOP` when no loop is given and none runs.
 * @example
 * for (const task of allTasks()) if (task !== currentTask()) task.cancel();
 */
export function allTasks(loop: EventLoop = getRunningLoop()): Set<Task<unknown>> {
  return new Set(loop.tasks);
}
