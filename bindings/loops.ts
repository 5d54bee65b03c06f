// The current loop of a thread, for code that is not in a callback. asyncio: `get_event_loop` and its kin.

import { AbstractEventLoop } from './abstract-loop.js';
import { given, RuntimeError, typeError } from './errors.js';
import { EventLoop } from './event-loop.js';
import { runningLoop } from './running.js';

let current: EventLoop | null = null;

/** A new event loop. asyncio: `new_event_loop`. */
export function newEventLoop(): EventLoop {
  return new EventLoop();
}

/** Sets the thread's current loop. asyncio: `set_event_loop`. @throws TypeError for what is no loop. */
export function setEventLoop(loop: EventLoop | null): void {
  if (loop !== null && !(loop instanceof AbstractEventLoop)) {
    throw typeError(`loop argument must be an instance of AbstractEventLoop or None, not ${given(loop)}`);
  }
  current = loop;
}

/**
 * The running loop, else the one that `setEventLoop` set. asyncio: `get_event_loop`.
 * @throws RuntimeError `ERR_NO_CURRENT_LOOP` without both. (Old Pythons made one; use `run` or `newEventLoop`.)
 */
export function getEventLoop(): EventLoop {
  const loop = runningLoop() ?? current;
  if (loop === null) {
    throw new RuntimeError(
      'There is no current event loop in this thread: use run(), or setEventLoop(newEventLoop())',
      'ERR_NO_CURRENT_LOOP',
    );
  }
  return loop;
}
