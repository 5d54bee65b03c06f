// The arguments of callSoon and its kin, which may begin with an object that carries the context.
import { type Context, checkContext } from './context.js';
import { isCoroutine, isCoroutineFunction } from './coroutine.js';
import { given, rangeError, typeError } from './errors.js';

/** The context that a leading object carries. @internal */
export function contextOf(options: unknown, method: string): Context {
  if (typeof options !== 'object' || options === null || !('context' in options))
    throw notCallable(options, method);
  return checkContext(options.context, method);
}

/** @throws TypeError unless `callback` can be called by the loop. @internal */
export function checkCallback(callback: unknown, method: string, debug: boolean): void {
  if (typeof callback !== 'function') throw notCallable(callback, method);
  // It would make a generator that nobody runs. An async function is fine: it runs, and is watched.
  if (debug && isCoroutineFunction(callback)) throw typeError(`coroutines cannot be used with ${method}()`);
}

function notCallable(value: unknown, method: string): TypeError {
  if (isCoroutine(value)) return typeError(`coroutines cannot be used with ${method}()`);
  return typeError(`a callable object was expected by ${method}(), got ${given(value)}`);
}

/** @internal */
export function methodFor(name: 'delay' | 'when'): string {
  return name === 'delay' ? 'callLater' : 'callAt';
}

/** The error of a delay or a time that is none. @internal */
export function badTime(name: 'delay' | 'when', value: unknown): TypeError | RangeError {
  if (value === null || value === undefined)
    return typeError(name === 'delay' ? 'delay must not be None' : 'when cannot be None');
  if (typeof value === 'number') return rangeError(`${name} must be a number of seconds, got NaN`);
  return typeError(`${name} must be a number of seconds, got ${given(value)}`);
}
