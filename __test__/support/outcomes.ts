// What something failed with, whatever it is: tests look at errors that are no Errors, too.

import type { Coroutine, Future } from 'mioloop';

const NONE = 'it did not fail';

/** The error of a future, or of a coroutine that is run in place. */
export function* errorOf(awaited: Future<unknown> | Coroutine<unknown>): Coroutine<unknown> {
  try {
    yield* awaited as Coroutine<unknown>;
  } catch (error) {
    return error;
  }
  return NONE;
}

/** What a call throws. */
export function thrownBy(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return error;
  }
  return NONE;
}
