// A program from beginning to end: a loop, a main coroutine, and everything closed again. asyncio: `run`.
import type { CoroutineLike } from './coroutine.js';
import { RuntimeError } from './errors.js';
import { checkOptions } from './options.js';
import { Runner, type RunnerOptions } from './runner.js';
import { running } from './running.js';

/** Options of `run` and `runSync`. */
export type RunOptions = RunnerOptions;

const OPTIONS = ['debug', 'loopFactory'];

/**
 * Runs `main` on a new loop, hosted, and closes the loop: tasks that are left are cancelled and waited for, their
 * errors reported. It waits for the jobs of the default executor for 300 seconds at most, as asyncio. asyncio: `run`.
 *
 * Ctrl-C (SIGINT) cancels `main`, so that it can clean up; when it has ended by that, the run ends with a KeyboardInterrupt. A
 * second Ctrl-C ends the run at once with one. If nobody catches it, the process ends as Ctrl-C ends any other. This is so in
 * the main thread, unless somebody listens to SIGINT (`process.on`, `loop.addSignalHandler`). JavaScript that does not return
 * keeps the loop from hearing of it: such a program has to be ended by another signal (Ctrl-\, SIGTERM).
 *
 * @throws what `main` throws; KeyboardInterrupt after Ctrl-C; TypeError for a promise (give `() => f(x)`); NotImplementedError for an option that there
 * is not; RuntimeError inside a running loop.
 * @example
 * await run(function* () { yield* sleep(1); console.log('a second later'); });
 */
export async function run<T>(main: CoroutineLike<T>, options: RunOptions = {}): Promise<T> {
  checkOptions(options, OPTIONS, 'run');
  checkNotRunning('run');
  const runner = new Runner(options);
  try {
    return await runner.run(main);
  } finally {
    await runner.close();
  }
}

/**
 * `run`, blocking: Node's own loop stands still until `main` is done. asyncio: `run`.
 *
 * @throws as `run`; RuntimeError for an async function where Node's microtasks cannot proceed.
 * @example
 * const answer = runSync(function* () { return yield* sleep(1, 42); });
 */
export function runSync<T>(main: CoroutineLike<T>, options: RunOptions = {}): T {
  checkOptions(options, OPTIONS, 'runSync');
  checkNotRunning('runSync');
  const runner = new Runner(options);
  try {
    return runner.runSync(main);
  } finally {
    runner.closeSync();
  }
}

function checkNotRunning(name: string): void {
  if (running.loop === null) return;
  throw new RuntimeError(`${name}() cannot be called from a running event loop`, 'ERR_OTHER_LOOP_RUNNING');
}
