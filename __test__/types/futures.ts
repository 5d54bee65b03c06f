// The types of what can be waited for. Nothing here runs: tsc is the test.

import type {
  Context,
  Coroutine,
  CoroutineLike,
  EventLoop,
  Future,
  Operation,
  Protocol,
  Server,
  Suspension,
  Task,
  Transport,
} from 'mioloop';
import { run, runSync, sleep } from 'mioloop';
import type { Assert, Equal } from './equal.js';

// A future is typed both ways.

export const byAwait = async (future: Future<string>) => await future;
export type AwaitGivesT = Assert<Equal<ReturnType<typeof byAwait>, Promise<string>>>;
export type AwaitedIsT = Assert<Equal<Awaited<Future<string>>, string>>;

export function* byYieldStar(future: Future<string>) {
  return yield* future;
}
export type YieldStarGivesT = Assert<
  Equal<ReturnType<typeof byYieldStar>, Generator<Suspension, string, unknown>>
>;
export type AGeneratorIsACoroutine = Assert<
  ReturnType<typeof byYieldStar> extends Coroutine<string> ? true : false
>;

export function* bothInOne(future: Future<string>, task: Task<number>): Coroutine<[string, number]> {
  const text: string = yield* future;
  const number: number = yield* task;
  // @ts-expect-error: a result keeps its type
  const wrong: number = yield* future;
  return [text, number + wrong];
}

export const chained = (future: Future<string>) => future.then((text) => text.length);
export type ThenGivesANativePromise = Assert<Equal<ReturnType<typeof chained>, Promise<number>>>;
export const rescued = (future: Future<string>) => future.catch(() => null);
export type CatchAddsItsType = Assert<Equal<ReturnType<typeof rescued>, Promise<string | null>>>;
export type FinallyKeepsT = Assert<Equal<ReturnType<Future<string>['finally']>, Promise<string>>>;

export type ResultIsT = Assert<Equal<ReturnType<Future<string>['result']>, string>>;
export type ExceptionIsUnknown = Assert<Equal<ReturnType<Future<string>['exception']>, unknown>>;

// A forgotten star is an error, wherever the coroutine is written.

export function* forgottenStar(future: Future<string>): Coroutine<void> {
  // @ts-expect-error: yield without a star
  yield future;
}

export function forgottenStarIn(loop: EventLoop, future: Future<string>): void {
  // @ts-expect-error: yield without a star
  loop.createTask(function* () {
    yield future;
  });
  // @ts-expect-error: yield without a star
  void run(function* () {
    yield sleep(1);
  });
  // @ts-expect-error: only what a future yields can be yielded
  loop.createTask(function* () {
    yield 1;
  });
}

// What can be run, and what it gives.

export function whatCanBeRun(loop: EventLoop, coroutine: Coroutine<number>, future: Future<number>) {
  const fromObject = loop.createTask(coroutine);
  const fromFunction = loop.createTask(function* () {
    yield* sleep(0);
    return 1;
  });
  const fromAsync = loop.createTask(async () => 1, { name: 'one' });
  // @ts-expect-error: the first part of a promise has run already; `() => promise` is the way
  loop.createTask(Promise.resolve(1));
  // @ts-expect-error: a function with arguments would be called without them
  loop.createTask(async (argument: string) => argument);
  // @ts-expect-error: a future is no coroutine
  loop.createTask(future);
  return [fromObject, fromFunction, fromAsync] as const;
}
export type TasksAreTyped = Assert<
  Equal<ReturnType<typeof whatCanBeRun>, readonly [Task<number>, Task<number>, Task<number>]>
>;

export const ways = (loop: EventLoop, main: CoroutineLike<Date>, future: Future<Date>) =>
  ({
    run: run(main),
    runSync: runSync(main),
    untilComplete: loop.runUntilComplete(future),
    untilCompleteSync: loop.runUntilCompleteSync(main),
    forever: loop.runForever(),
  }) as const;
export type RunsAreTyped = Assert<
  Equal<
    ReturnType<typeof ways>,
    {
      readonly run: Promise<Date>;
      readonly runSync: Date;
      readonly untilComplete: Promise<Date>;
      readonly untilCompleteSync: Date;
      readonly forever: Promise<void>;
    }
  >
>;

export type BlockingForeverGivesNothing = Assert<Equal<ReturnType<EventLoop['runForeverSync']>, void>>;

export const slept = () => [sleep(1), sleep(1, 'text' as const)] as const;
export type SleepIsTyped = Assert<Equal<ReturnType<typeof slept>, readonly [Future<void>, Future<'text'>]>>;

// Operations are futures.

export function operations(loop: EventLoop, factory: () => Protocol) {
  const connection: Operation<[Transport, Protocol]> = loop.createConnection(factory, 'localhost', 80);
  const asFuture: Future<[Transport, Protocol]> = connection;
  const server: Future<Server> = loop.createServer(factory, null, 0, { backlog: 10, reusePort: true });
  return [asFuture, server];
}

export function callbacksOfAFuture(future: Future<string>, context: Context): void {
  future.addDoneCallback((done) => done.result().toUpperCase(), { context });
  // @ts-expect-error: the callback is given a future of the same type
  future.addDoneCallback((done: Future<number>) => done.result());
  // @ts-expect-error: a result has the future's type
  future.setResult(1);
}
