// wrapFuture: promises as futures of the loop, and cancellation both ways.

import test from 'ava';
import { CancelledError, Future, RuntimeError, sleep, wrapFuture } from 'mioloop';
import { freshLoop } from './support/leaks.js';
import { bothModes, fromMacrotask, inLoop } from './support/modes.js';
import { errorOf } from './support/outcomes.js';

bothModes('a promise becomes a future with its result or its error (B56)', async (t, { loop }) => {
  const error = new RangeError('boom');
  await loop.runUntilComplete(function* () {
    const fulfilled = wrapFuture(Promise.resolve('value'));
    t.true(fulfilled instanceof Future);
    t.is(fulfilled.getLoop(), loop);
    t.is(yield* fulfilled, 'value');
    const failed = wrapFuture(Promise.reject(error));
    t.is(yield* errorOf(failed), error);
  });
});

inLoop('a future is given back as it is (B56)', function* (t, loop) {
  const future = loop.createFuture<number>();
  t.is(wrapFuture(future), future as Future<unknown> as Future<number>);
  yield* sleep(0);
});

test.serial('without a running loop the loop has to be given', async (t) => {
  t.throws(() => wrapFuture(Promise.resolve()), {
    instanceOf: RuntimeError,
    message: 'no running event loop',
  });
  const loop = freshLoop();
  const future = wrapFuture(Promise.resolve(1), { loop });
  t.is(future.getLoop(), loop);
  t.is(await loop.runUntilComplete(future), 1);
  loop.close();
});

inLoop('what is neither a promise nor a function that gives one is a TypeError', function* (t) {
  for (const value of [1, 'x', null, undefined, {}, () => 1]) {
    t.throws(() => wrapFuture(value as unknown as Promise<void>), { instanceOf: TypeError });
  }
  yield* sleep(0);
});

inLoop(
  'cancelling the future ends the wait at once, and the late outcome is dropped (B56)',
  function* (t, loop) {
    let settle!: { resolve(): void; reject(error: Error): void };
    for (const outcome of ['resolve', 'reject'] as const) {
      const promise = new Promise<void>((resolve, reject) => {
        settle = { resolve, reject };
      });
      const future = wrapFuture(promise);
      const task = loop.createTask(function* () {
        yield* future;
      });
      yield* sleep(0);
      t.true(task.cancel('enough'));
      const error = yield* errorOf(task);
      t.true(error instanceof CancelledError);
      t.is((error as Error).message, 'enough');
      settle[outcome](new Error('too late'));
      yield* sleep(0);
      t.true(future.cancelled());
    }
  },
);

inLoop('a cancelled future aborts the signal that its function was given (B56)', function* (t) {
  const signals: AbortSignal[] = [];
  const future = wrapFuture((signal) => {
    signals.push(signal);
    return new Promise<void>(() => undefined);
  });
  t.is(signals.length, 1);
  t.false(signals[0]!.aborted);
  future.cancel('enough');
  yield* sleep(0);
  t.true(signals[0]!.aborted);
  t.true(signals[0]!.reason instanceof CancelledError);
  t.is((signals[0]!.reason as CancelledError).message, 'enough');
});

inLoop('a function whose work ends well never sees its signal aborted (B56)', function* (t) {
  const signals: AbortSignal[] = [];
  const future = wrapFuture(async (signal) => {
    signals.push(signal);
    return 'value';
  });
  t.is(yield* future, 'value');
  t.false(future.cancel());
  yield* sleep(0);
  t.false(signals[0]!.aborted);
});

inLoop('an aborted signal cancels the future, its reason is the cause (B56)', function* (t) {
  const controller = new AbortController();
  const future = wrapFuture(new Promise<void>(() => undefined), { signal: controller.signal });
  const reason = new Error('the user went away');
  controller.abort(reason);
  const error = yield* errorOf(future);
  t.true(error instanceof CancelledError);
  t.is((error as Error).cause, reason);
});

inLoop('an outcome that is cancelled elsewhere cancels the future (B56)', function* (t, loop) {
  const inner = loop.createFuture<void>();
  const outer = wrapFuture(inner.then());
  inner.cancel('from inside');
  const error = yield* errorOf(outer);
  t.true(error instanceof CancelledError);
  t.is((error as Error).message, 'from inside');
  t.true(outer.cancelled());
});

test.serial('an outcome that comes when the loop is closed is dropped (B56)', async (t) => {
  const outcomes: (() => void)[] = [];
  const loop = freshLoop();
  await loop.runUntilComplete(function* () {
    wrapFuture(new Promise<void>((resolve) => outcomes.push(resolve)));
    wrapFuture(new Promise<void>((_resolve, reject) => outcomes.push(() => reject(new Error('too late')))));
    yield* sleep(0);
  });
  loop.close();
  for (const settle of outcomes) settle();
  await fromMacrotask(() => undefined);
  t.pass();
});
