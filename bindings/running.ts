// Which loop and which task run now, in this thread.

import { newOwnerStorage } from './async-owner.js';
import type { Values } from './context.js';
import { RuntimeError } from './errors.js';
import type { EventLoop } from './event-loop.js';
import type { Task } from './task.js';

/** What runs now. @internal */
export const running: {
  /** The loop whose turn it is. */
  loop: EventLoop | null;
  /** The task whose step it is. */
  task: Task<unknown> | null;
  /** The context variables of the callback; null between callbacks, where promises go on: then ask `asyncOwner`. */
  values: Values | null;
} = { loop: null, task: null, values: null };

/** Loops that are hosted at the moment: between their turns, Node's own callbacks run. @internal */
export const hostedLoops = new Set<EventLoop>();

/**
 * The task that an async function belongs to, for code that runs after an `await`. Nothing enters it before
 * the first async function becomes a task, so programs of generators never pay for it.
 * @internal
 */
export const asyncOwner = newOwnerStorage();

/** The task whose code runs now, also after an `await`. @internal */
export function activeTask(): Task<unknown> | null {
  return running.values === null ? (asyncOwner.getStore()?.ownerTask ?? null) : running.task;
}

/**
 * The loop that runs. asyncio: `get_running_loop`.
 *
 * Inside a turn it is the loop whose turn it is; after an `await` of something foreign, the loop of the async
 * function's task; in other callbacks of Node, the only hosted loop.
 *
 * @throws RuntimeError `ERR_NO_RUNNING_LOOP` when none runs, or several hosted ones do.
 * @example
 * function* main() { getRunningLoop().callLater(1, console.log, 'a second later'); yield* sleep(2); }
 */
export function getRunningLoop(): EventLoop {
  const loop = runningLoop();
  if (loop === null) throw new RuntimeError('no running event loop', 'ERR_NO_RUNNING_LOOP');
  return loop;
}

/** The loop that runs, or null. @internal */
export function runningLoop(): EventLoop | null {
  if (running.values !== null && running.loop !== null) return running.loop;
  // Behind an `await` it is the function's own, whichever loop's turn lets it go on.
  const owner = asyncOwner.getStore()?.ownerTask?.getLoop();
  if (owner?.isRunning()) return owner;
  if (running.loop !== null) return running.loop;
  if (hostedLoops.size !== 1) return null;
  const [only] = hostedLoops;
  return only ?? null;
}
