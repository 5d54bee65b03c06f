// Executors that are shut down at the end of a test's body, and references to what they do.
import { type Coroutine, type Executor, type ModuleReference, reference } from 'mioloop';
import type * as jobs from './jobs.js';

type Jobs = typeof jobs;

const MODULE = new URL('./jobs.js', import.meta.url);

/** A reference to an export of jobs.ts. */
export function job<N extends keyof Jobs>(
  name: N,
): Jobs[N] extends (...args: infer A) => infer T ? ModuleReference<A, T> : never {
  return reference(MODULE, name) as never;
}

/** Runs `body`, and waits for the end of the executor's workers. */
export function* within<E extends Executor>(
  executor: E,
  body: (executor: E) => Coroutine<void>,
): Coroutine<void> {
  try {
    yield* body(executor);
  } finally {
    yield* executor.shutdown();
  }
}
