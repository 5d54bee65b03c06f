// What a wait ends with, for tests of errors inside coroutines.

import type { Coroutine, Future, Scope } from 'mioloop';

/** The error that the future or the coroutine ends with; undefined when it has none. */
export function* failure(awaited: Future<unknown> | Coroutine<unknown> | Scope<unknown>): Coroutine<unknown> {
  try {
    yield* awaited;
  } catch (error) {
    return error;
  }
  return undefined;
}

/** The error that a call throws; undefined when it has none. */
export function thrown(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return error;
  }
  return undefined;
}
