// A function in a thread, awaited. asyncio: `to_thread`.

import { jobCallOf } from './executor.js';
import type { JobOptions } from './executor-job.js';
import type { Future } from './future.js';
import type { JobFunction } from './job-target.js';
import { Operation } from './operation.js';
import { getRunningLoop } from './running.js';
import type { Coroutine } from './stepping.js';

/**
 * Runs `func(...args)` in a thread of the default executor and gives its result. asyncio: `to_thread`. What can be given and
 * what comes back is said at `loop.runInExecutor`. Context variables do not go with it: a worker thread shares no objects with
 * this one; pass their values as arguments.
 *
 * @throws RuntimeError where no loop runs. Out of the operation: as `loop.runInExecutor`.
 * @example
 * const digest = yield* toThread((text: string) => {
 *   const { createHash } = process.getBuiltinModule('node:crypto');
 *   return createHash('sha256').update(text).digest('hex');
 * }, 'hello');
 */
export function toThread<A extends unknown[], T>(func: JobFunction<A, T>, ...args: A): Operation<Awaited<T>>;
export function toThread<A extends unknown[], T>(
  options: JobOptions,
  func: JobFunction<A, T>,
  ...args: A
): Operation<Awaited<T>>;
export function toThread(...call: unknown[]): Operation<unknown> {
  const loop = getRunningLoop();
  const { options, func, args } = jobCallOf(call, 'toThread');
  return new Operation(
    loop,
    waiting(() => loop.executors.run(options, null, func, ...args)),
  );
}

function* waiting<T>(start: () => Future<T>): Coroutine<T> {
  return yield* start();
}
