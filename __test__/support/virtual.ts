// Tests whose time is virtual: it moves only when nothing is ready, so that a timer of an hour is due at once.

import type { ExecutionContext } from 'ava';
import type { Coroutine, EventLoop, Suspension } from 'mioloop';
import { virtualLoop } from './internals.js';
import { bothModes, type Mode } from './modes.js';

/** `inLoop` on a loop of virtual time. */
export function inVirtualTime(
  title: string,
  main: (t: ExecutionContext, loop: EventLoop, mode: Mode) => Coroutine<void>,
): void {
  bothModes(title, (t, { loop, mode, run }) => run(() => main(t, loop, mode)), virtualLoop);
}

/** What a coroutine throws. */
export function* thrownBy(
  body: () => { [Symbol.iterator](): Iterator<Suspension, unknown, unknown> },
): Coroutine<unknown> {
  try {
    yield* body();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}
