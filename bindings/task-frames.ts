// The calls of tasks that are not done: of the one that runs, of those that wait.
import { awaitFrames } from './await-frames.js';
import { isCoroutine } from './coroutine.js';
import { generatorFrames } from './generator-frames.js';
import { activeTask } from './running.js';
import { type StackFrame, stepStack } from './source-traceback.js';
import type { Task } from './task.js';

/**
 * The calls of each of `tasks`, outermost first. Of one that waits: in debug mode all that led to the `yield*`; else
 * the line of its own generator, where the inspector tells it; of an async function nothing. @internal
 */
export function taskFrames(tasks: readonly Task<unknown>[]): Map<Task<unknown>, StackFrame[]> {
  const frames = new Map<Task<unknown>, StackFrame[]>();
  const suspended: [Task<unknown>, object][] = [];
  for (const task of tasks) {
    const known = task === activeTask() ? stepStack() : task.done() ? [] : awaitFrames(task);
    frames.set(task, known ?? []);
    const coroutine = task.getCoro();
    if (known === undefined && isCoroutine(coroutine)) suspended.push([task, coroutine]);
  }
  const found = generatorFrames(suspended.map(([, coroutine]) => coroutine));
  suspended.forEach(([task], index) => {
    const frame = found[index];
    if (frame !== undefined) frames.set(task, [frame]);
  });
  return frames;
}
