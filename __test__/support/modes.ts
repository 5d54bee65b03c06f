// The two run modes. A test that holds in both is written once and runs as two tests; each has its own loop, closed
// at the end, and fails when the loop's exception handler is called though the test has set none.

import test, { type ExecutionContext } from 'ava';
import { type Coroutine, type EventLoop, type Future, newEventLoop } from 'mioloop';
import { watched } from './leaks.js';

export type Mode = 'hosted' | 'blocking';

export const MODES: readonly Mode[] = ['hosted', 'blocking'];

/** A loop and the way it is run in this test. */
export interface Bench {
  readonly loop: EventLoop;
  readonly mode: Mode;
  /** `runUntilComplete` in this test's mode. */
  run<T>(awaitable: (() => Coroutine<T>) | Coroutine<T> | Future<T>): Promise<T>;
  /** `runForever` in this test's mode. */
  runForever(): Promise<void>;
}

/** Two tests, one a mode; the body starts the loop itself and can await anything between two runs. */
export function bothModes(
  title: string,
  body: (t: ExecutionContext, bench: Bench) => Promise<void>,
  makeLoop: () => EventLoop = newEventLoop,
): void {
  for (const mode of MODES) {
    test.serial(`${title} [${mode}]`, (t) => withBench(t, mode, (bench) => body(t, bench), makeLoop));
  }
}

/** Two tests, one a mode, whose body is a coroutine that the loop runs. */
export function inLoop(
  title: string,
  main: (t: ExecutionContext, loop: EventLoop, mode: Mode) => Coroutine<void>,
): void {
  bothModes(title, (t, { loop, mode, run }) => run(() => main(t, loop, mode)));
}

/** Runs `body` with a new loop in the given mode, and closes the loop. */
export async function withBench(
  t: ExecutionContext,
  mode: Mode,
  body: (bench: Bench) => Promise<void>,
  makeLoop: () => EventLoop = newEventLoop,
): Promise<void> {
  const loop = watched(makeLoop());
  loop.setExceptionHandler((_loop, context) => {
    t.fail(`unexpected call of the exception handler: ${context.message}: ${String(context.exception)}`);
  });
  try {
    await body({
      loop,
      mode,
      run: (awaitable) => {
        const started = () => (typeof awaitable === 'function' ? awaitable() : awaitable);
        return mode === 'hosted'
          ? loop.runUntilComplete(started())
          : fromMacrotask(() => loop.runUntilCompleteSync(started()));
      },
      runForever: () => (mode === 'hosted' ? loop.runForever() : fromMacrotask(() => loop.runForeverSync())),
    });
  } finally {
    loop.close();
  }
}

/** Calls `fn` outside of any microtask, as a CommonJS main would: there, async functions proceed in blocking mode. */
export function fromMacrotask<T>(fn: () => T): Promise<T> {
  return new Promise((resolve, reject) => {
    setImmediate(() => {
      try {
        resolve(fn());
      } catch (error) {
        reject(error);
      }
    });
  });
}
