// The types of what stands on tasks. Nothing here runs: tsc is the test.
// biome-ignore-all lint/correctness/useYield: nor does it have to wait.

import type { Coroutine, EventLoop, Future, Operation, Scope, Task, TaskGroup, Timeout } from 'mioloop';
import {
  asCompleted,
  ensureFuture,
  gather,
  Runner,
  runCoroutineThreadsafe,
  shield,
  sleep,
  ThreadsafeCoroutine,
  taskGroup,
  timeout,
  wait,
  waitFor,
} from 'mioloop';
import type { Assert, Equal } from './equal.js';

declare const loop: EventLoop;
declare const future: Future<string>;
declare const task: Task<number>;
declare const tasks: Task<number>[];
declare const coroutine: Coroutine<boolean>;

function* body(limit: Timeout) {
  limit.reschedule(null);
  yield* sleep(0);
  return 'text';
}

// A scope has the type of what its body gives, whatever the body is, for yield* and for await.

export const byGenerator = timeout(1, body);
export type Generators = Assert<Equal<typeof byGenerator, Scope<string>>>;
export const byAsync = timeout(1, async (limit) => limit.expired());
export type AsyncFunctions = Assert<Equal<typeof byAsync, Scope<boolean>>>;
export const byFuture = timeout(1, () => future);
export type Futures = Assert<Equal<typeof byFuture, Scope<string>>>;
export const byScope = timeout(1, () => timeout(1, body));
export type Scopes = Assert<Equal<typeof byScope, Scope<string>>>;
export const byNothing = taskGroup((group) => {
  group.createTask(coroutine);
});
export type PlainFunctions = Assert<Equal<typeof byNothing, Scope<void>>>;
export const withoutYield = taskGroup(function* (group: TaskGroup) {
  return group.createTask(coroutine);
});
export type TasksAreKept = Assert<Equal<typeof withoutYield, Scope<Task<boolean>>>>;

export function* inPlace(): Coroutine<string> {
  const text: string = yield* timeout(1, body);
  const yes: boolean = yield* waitFor(coroutine, 1);
  // @ts-expect-error: a forgotten star
  yield timeout(1, body);
  return text + yes;
}
export const awaited = async () => await timeout(1, body);
export type AwaitGivesT = Assert<Equal<ReturnType<typeof awaited>, Promise<string>>>;

// @ts-expect-error: the delay comes first
timeout(body, 1);
// @ts-expect-error: null is no limit, undefined is a mistake
timeout(undefined, body);
// @ts-expect-error: a timeout has a body
timeout(1);

// Several things keep their types, and their places.

export const three = gather(future, task, coroutine);
export type ATuple = Assert<Equal<typeof three, Future<[string, number, boolean]>>>;
export const many = gather(...tasks);
export type AnArray = Assert<Equal<typeof many, Future<number[]>>>;
export const functions = gather(
  async () => 'text',
  function* () {
    yield* sleep(0);
    return 1;
  },
);
export type FunctionsToo = Assert<Equal<typeof functions, Future<[string, number]>>>;
export const outcomes = gather(future, task, { returnExceptions: true });
export type ErrorsToo = Assert<Equal<typeof outcomes, Future<[string | Error, number | Error]>>>;
// @ts-expect-error: a promise is no coroutine
gather(Promise.resolve(1));
// @ts-expect-error: a wrong option
gather(future, { return_exceptions: true });

export const waiting = wait(tasks);
export type WaitGivesSets = Assert<
  Equal<typeof waiting, Operation<[done: Set<Task<number>>, pending: Set<Task<number>>]>>
>;
// @ts-expect-error: coroutines are no futures
wait([coroutine]);
// @ts-expect-error: there are three ways
wait(tasks, { returnWhen: 'LAST_COMPLETED' });

export async function* completed() {
  for (const next of asCompleted(tasks)) yield await next;
  for await (const one of asCompleted(tasks)) yield `${one.getName()} ${tasks.indexOf(one)} ${one.result()}`;
  for await (const one of asCompleted([coroutine])) yield one.result();
}
export type CompletedInOrder = Assert<
  Equal<ReturnType<typeof completed>, AsyncGenerator<string | number | boolean, void, unknown>>
>;

export const shielded = shield(coroutine);
export type ShieldKeepsT = Assert<Equal<typeof shielded, Future<boolean>>>;
export const ensured = ensureFuture(task);
export type TheFutureItself = Assert<Equal<typeof ensured, Task<number>>>;
export const made = ensureFuture(coroutine);
export type ATaskOfIt = Assert<Equal<typeof made, Future<boolean>>>;

export const ran = () => new Runner().run(coroutine);
export type RunGivesAPromise = Assert<Equal<ReturnType<typeof ran>, Promise<boolean>>>;
export const ranSync = () => new Runner().runSync(coroutine);
export type RunSyncGivesIt = Assert<Equal<ReturnType<typeof ranSync>, boolean>>;

export const remote = new ThreadsafeCoroutine(loop, function* (text: string, count: number) {
  yield* sleep(0);
  return text.repeat(count);
});
export const called = () => runCoroutineThreadsafe(remote, 'text', 2);
export type TheRemoteIsTyped = Assert<Equal<ReturnType<typeof called>, Promise<string>>>;
// @ts-expect-error: an argument is missing
export const wrong = () => runCoroutineThreadsafe(remote, 'text');
export const here = () => runCoroutineThreadsafe(coroutine, loop);
export type HereToo = Assert<Equal<ReturnType<typeof here>, Promise<boolean>>>;
