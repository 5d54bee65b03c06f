// What counts as a coroutine: a generator object, a Scope, a generator function, or an async function.
import { given, typeError } from './errors.js';
import { Future } from './future.js';
import type { Scope } from './scope.js';
import type { Coroutine } from './stepping.js';

/** What `createTask` and `run` take: a generator object, a Scope, or a function that gives a generator or a promise. */
export type CoroutineLike<T> = Coroutine<T> | Scope<T> | (() => Coroutine<T>) | (() => Promise<T>);

const GeneratorFunction = Object.getPrototypeOf(function* () {}) as object;
const AsyncGeneratorFunction = Object.getPrototypeOf(async function* () {}) as object;
const AsyncGeneratorPrototype = Object.getPrototypeOf(async function* () {}.prototype) as object;
const GeneratorPrototype = Object.getPrototypeOf(function* () {}.prototype) as object;

/** Marks a scope: its class stands on tasks, and tasks on this file. @internal */
export const SCOPE: unique symbol = Symbol('scope');

/** Whether `value` is a scope. @internal */
export function isScope(value: unknown): value is Scope<unknown> {
  return typeof value === 'object' && value !== null && SCOPE in value;
}

/** Whether `value` is a generator object. @internal */
export function isCoroutine(value: unknown): value is Coroutine<unknown> {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.prototype.isPrototypeOf.call(GeneratorPrototype, value)
  );
}

/** Whether `value` is a generator function. @internal */
export function isCoroutineFunction(value: unknown): value is () => Coroutine<unknown> {
  return typeof value === 'function' && Object.getPrototypeOf(value) === GeneratorFunction;
}

/** Whether `value` is an async generator, or a function that makes one. @internal */
export function isAsyncGenerator(value: unknown): boolean {
  if (typeof value === 'function') return Object.getPrototypeOf(value) === AsyncGeneratorFunction;
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.prototype.isPrototypeOf.call(AsyncGeneratorPrototype, value)
  );
}

/** What errors say of one. @internal */
export const ASYNC_GENERATOR =
  'an async generator: an async generator is no coroutine; an async function can go through it with for await';

/** Whether `value` is something that `createTask` and `run` take. @internal */
export function isCoroutineLike(value: unknown): value is CoroutineLike<unknown> {
  return typeof value === 'function' || isCoroutine(value) || isScope(value);
}

/** Ends a coroutine that nobody is going to run. @internal */
export function closeCoroutine(coroutine: CoroutineLike<unknown>): void {
  if (isScope(coroutine)) coroutine.discard();
  else if (isCoroutine(coroutine)) coroutine.return(undefined);
}

/** Whether `value` is an object that can be gone through. @internal */
export function isIterable(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Symbol.iterator in value;
}

/** Whether `value` can be awaited as a promise can. @internal */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    (typeof value === 'object' || typeof value === 'function') &&
    value !== null &&
    'then' in value &&
    typeof value.then === 'function'
  );
}

/**
 * The generator of a task's body; null for another function, which is called at the task's first step.
 * @throws TypeError for anything else; for a promise it says what to give instead.
 * @internal
 */
export function coroutineOf<T>(coroutine: CoroutineLike<T>): Coroutine<T> | null {
  if (isCoroutine(coroutine)) return coroutine as Coroutine<T>;
  if (isScope(coroutine)) return coroutine.begin();
  if (isCoroutineFunction(coroutine)) return coroutine() as Coroutine<T>;
  if (typeof coroutine === 'function' && !isAsyncGenerator(coroutine)) return null;
  throw notCoroutine(coroutine);
}

/** What the body of a task goes on with after its call: a coroutine, unless it gave a result or a promise. @internal */
export function continuationOf(result: unknown): Coroutine<unknown> | null {
  if (isCoroutine(result)) return result;
  if (isScope(result)) return result.begin();
  return result instanceof Future ? waitingFor(result) : null;
}

function* waitingFor(future: Future<unknown>): Coroutine<unknown> {
  return yield* future;
}

/** The name of a coroutine's function, where it is known: a generator object does not tell. @internal */
export function nameOf(coroutine: unknown): string {
  if (isScope(coroutine)) return `${coroutine.name}()`;
  return typeof coroutine === 'function' ? `${coroutine.name || '(anonymous)'}()` : 'generator';
}

/**
 * Checks the body of a scope.
 * @throws TypeError for what is no function: it is too late then for what it should have been called in.
 * @internal
 */
export function checkBody(body: unknown, method: string): void {
  if (typeof body === 'function') return;
  // Nobody is going to run it, and nobody needs to be warned.
  if (isCoroutineLike(body)) closeCoroutine(body);
  throw typeError(
    `a function is expected as the body of ${method}(), not ${given(body)}: give function* () { … } or () => f(x)`,
  );
}

/** The error of a value that is given where a coroutine is expected. @internal */
export function notCoroutine(value: unknown): TypeError {
  if (isThenable(value)) {
    return typeError(
      'a coroutine was expected, got a promise, whose first part has already run: give a function instead, () => f(x), ' +
        'or wait for it with wrapFuture(promise)',
    );
  }
  if (isAsyncGenerator(value)) return typeError(`a coroutine was expected, got ${ASYNC_GENERATOR}`);
  return typeError(
    `a coroutine was expected, got ${given(value)}: give a generator, a generator function or an async function`,
  );
}
