// The types of locks and queues. Nothing here runs: tsc is the test.

import type { Condition, Coroutine, Future, Guard, Lock, Scope, Semaphore, Suspension } from 'mioloop';
import { PriorityQueue, Queue, sleep, timeout } from 'mioloop';
import type { Assert, Equal } from './equal.js';

export function* guarded(lock: Lock): Coroutine<void> {
  using guard = yield* lock.acquire();
  const same: Guard = guard;
  same.release();
}

// with() gives what its body gives, and is for yield* or for await as the body is.

export const byGenerator = (lock: Lock) =>
  lock.with(function* (): Generator<Suspension, number, unknown> {
    return (yield* lock.acquire()) ? 1 : 0;
  });
export type GeneratorGivesAScope = Assert<Equal<ReturnType<typeof byGenerator>, Scope<number>>>;
export const byAsync = (lock: Lock) => lock.with(async () => 'text');
export type AsyncGivesAPromise = Assert<Equal<ReturnType<typeof byAsync>, Promise<string>>>;
export const byScope = (lock: Lock) => lock.with(() => timeout(1, () => sleep(1, 5)));
export type ScopeGivesAScope = Assert<Equal<ReturnType<typeof byScope>, Scope<number>>>;
// Only at run time a function that gives a promise is told from an async one; what both give can be awaited.
export const byPromise = (lock: Lock) => lock.with(() => Promise.resolve('text'));
export type PromiseGivesWhatIsAwaited = Assert<Equal<ReturnType<typeof byPromise>, Promise<string>>>;
export const scopeAsPromise = (scope: Scope<string>): Promise<string> => scope;
export const byFunction = (lock: Lock) => lock.with(() => 5);
export type FunctionGivesAScope = Assert<Equal<ReturnType<typeof byFunction>, Scope<number>>>;

export function* scopesAreDelegatedTo(
  lock: Lock,
  semaphore: Semaphore,
  condition: Condition,
): Coroutine<number> {
  const first: number = yield* lock.with(() => timeout(1, () => sleep(1, 5)));
  const second: number = yield* semaphore.with(() => timeout(1, () => sleep(1, 5)));
  return first + second + (yield* condition.with(() => lock.with(() => 5)));
}

export function* asyncBodyIsForAwait(lock: Lock): Coroutine<void> {
  // @ts-expect-error: a promise cannot be delegated to
  yield* lock.with(async () => 'text');
}

export const found = (condition: Condition) => condition.waitFor(() => 'found' as string | undefined);
export type WaitForGivesThePredicatesValue = Assert<
  Equal<ReturnType<typeof found>, Future<string | undefined>>
>;

// A queue keeps the type of its items.

export function* items(queue: Queue<string>): Coroutine<string> {
  yield* queue.put('text');
  // @ts-expect-error: a number is no item of it
  queue.putNowait(5);
  return yield* queue.get();
}
export const byLength = new PriorityQueue<string>(0, { compare: (a, b) => a.length - b.length });
export const asQueue: Queue<string> = byLength;
// @ts-expect-error: a priority is no maxsize
export const wrong = new Queue<string>('5');
