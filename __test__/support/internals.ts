// The package's hooks for its own tests; the one place that knows where they are.

import type { EventLoop } from 'mioloop';

interface Testing {
  loopTurns(loop: EventLoop): number;
  virtualLoop(): EventLoop;
  constants: Readonly<Record<string, number | undefined>>;
}

const testing: Testing = await import(new URL('../../../dist/internals/testing.js', import.meta.url).href);

/** Turns that the loop has made so far, counted as CPython's `_run_once` calls. */
export function loopTurns(loop: EventLoop): number {
  return testing.loopTurns(loop);
}

/** A loop whose clock moves only when nothing is ready: a timer of a week is due at once. */
export function virtualLoop(): EventLoop {
  return testing.virtualLoop();
}

/** The numbers of the socket calls. */
export const { constants } = testing;
