// A program from beginning to end: a loop, a main coroutine, and everything closed again. asyncio: `run`.
import type { CoroutineLike } from './coroutine.js';
import { RuntimeError } from './errors.js';
import { Runner, type RunnerOptions } from './runner.js';
import { running } from './running.js';

/** Options of `run` and `runSync`. */
export type RunOptions = RunnerOptions;

/**
 * Runs `main` on a new loop, hosted, and closes the loop: tasks that are left are cancelled and waited for, their
 * errors reported. asyncio: `run`.
 *
 * @throws what `main` throws; TypeError for a promise (give `() => f(x)`); RuntimeError inside a running loop.
 * @example
 * await run(function* () { yield* sleep(1); console.log('a second later'); });
 */
export async function run<T>(main: CoroutineLike<T>, options: RunOptions = {}): Promise<T> {
  checkNotRunning('run');
  const runner = new Runner(options);
  try {
    return await runner.run(main);
  } finally {
    await runner.close();
  }
}

/** `run`, blocking: Node's own loop stands still until `main` is done. */
export function runSync<T>(main: CoroutineLike<T>, options: RunOptions = {}): T {
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
