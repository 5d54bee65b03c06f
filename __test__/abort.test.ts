// AbortSignal and futures: a signal cancels a future or a task, and a cancelled future aborts a signal.

import { getEventListeners } from 'node:events';
import test from 'ava';
import { abortSignal, CancelledError, ContextVar, cancelOn, sleep } from 'mioloop';
import { freshLoop } from './support/leaks.js';
import { inLoop } from './support/modes.js';
import { errorOf, thrownBy } from './support/outcomes.js';

inLoop('cancelOn() cancels when the signal is aborted; the reason is kept as the cause', function* (t, loop) {
  const controller = new AbortController();
  const future = loop.createFuture<void>();
  t.is(cancelOn(future, controller.signal), future);
  const reason = new Error('the user went away');
  loop.callSoon(() => controller.abort(reason));
  const error = yield* errorOf(future);
  t.true(error instanceof CancelledError);
  t.is((error as CancelledError).message, 'the user went away');
  t.is((error as CancelledError).cause, reason);
});

inLoop('any reason will do: none, a text, an object', function* (t, loop) {
  const object = { code: 7 };
  for (const reason of [undefined, 'a text', object]) {
    const future = loop.createFuture<void>();
    const controller = new AbortController();
    cancelOn(future, controller.signal);
    controller.abort(reason);
    const error = (yield* errorOf(future)) as CancelledError;
    t.true(error instanceof CancelledError);
    if (reason === undefined) t.is((error.cause as Error).name, 'AbortError');
    else if (reason === object) t.is(error.cause, object);
    else t.is(error.message, 'a text');
  }
});

test.serial('a signal that is aborted already cancels at once', (t) => {
  const loop = freshLoop();
  const reason = new Error('long ago');
  const future = cancelOn(loop.createFuture<void>(), AbortSignal.abort(reason));
  t.true(future.cancelled());
  t.is((thrownBy(() => future.result()) as Error).cause, reason);
  const done = loop.createFuture<number>();
  done.setResult(1);
  t.is(cancelOn(done, AbortSignal.abort()).result(), 1);
  loop.close();
});

inLoop('a signal keeps no listener of futures that are done', function* (t, loop) {
  const { signal } = new AbortController();
  const futures = Array.from({ length: 20 }, () => cancelOn(loop.createFuture<number>(), signal));
  // One for all: more than ten would make Node warn of a leak.
  t.is(getEventListeners(signal, 'abort').length, 1);
  for (const [index, future] of futures.entries()) {
    if (index % 2 === 0) future.setResult(index);
    else future.cancel();
  }
  yield* sleep(0);
  t.is(getEventListeners(signal, 'abort').length, 0);
});

inLoop('a signal that is aborted when the future is done changes nothing', function* (t, loop) {
  const controller = new AbortController();
  const future = cancelOn(loop.createFuture<number>(), controller.signal);
  future.setResult(1);
  controller.abort();
  yield* sleep(0);
  t.is(future.result(), 1);
});

inLoop('createTask() takes a signal: aborting it cancels the task where it waits', function* (t, loop) {
  const controller = new AbortController();
  const reason = new Error('enough');
  const log: unknown[] = [];
  const generator = loop.createTask(
    function* () {
      try {
        yield* sleep(3600);
      } catch (error) {
        log.push((error as Error).cause);
        throw error;
      }
    },
    { signal: controller.signal },
  );
  const asyncTask = loop.createTask(
    async () => {
      try {
        await sleep(3600);
      } catch (error) {
        log.push((error as Error).cause);
        throw error;
      }
    },
    { signal: controller.signal },
  );
  yield* sleep(0);
  controller.abort(reason);
  for (const task of [generator, asyncTask]) {
    const error = yield* errorOf(task);
    t.true(error instanceof CancelledError);
    t.is((error as Error).cause, reason);
    t.is(task.cancelling(), 1);
  }
  t.deepEqual(log, [reason, reason]);
  t.is(getEventListeners(controller.signal, 'abort').length, 0);
});

inLoop('a task whose signal is aborted before it begins never begins (B61)', function* (t, loop) {
  for (const coroutine of [
    function* () {
      yield* sleep(0);
      t.fail();
    },
    async () => t.fail(),
  ]) {
    const task = loop.createTask(coroutine, { signal: AbortSignal.abort(new Error('never mind')) });
    const error = yield* errorOf(task);
    t.true(error instanceof CancelledError);
    t.is((error as Error).message, 'never mind');
  }
});

inLoop('what is no AbortSignal is a TypeError', function* (t, loop) {
  const future = loop.createFuture<void>();
  for (const signal of [null, 1, {}, new EventTarget()]) {
    t.throws(() => cancelOn(future, signal as AbortSignal), { instanceOf: TypeError });
    const options = { signal: signal as AbortSignal };
    t.throws(() => loop.createTask(function* () {}, options), { instanceOf: TypeError });
  }
  yield* sleep(0);
  t.is(future.toString(), '<Future pending>');
});

inLoop('abortSignal() is aborted by a cancel, a turn later, and by nothing else', function* (t, loop) {
  const [cancelled, fulfilled, failed] = [
    loop.createFuture<void>(),
    loop.createFuture<void>(),
    loop.createFuture<void>(),
  ];
  const signals = [cancelled, fulfilled, failed].map(abortSignal);
  cancelled.cancel('enough');
  fulfilled.setResult();
  failed.setException(new Error('boom'));
  t.false(signals[0]!.aborted);
  yield* sleep(0);
  t.deepEqual(
    signals.map((signal) => signal.aborted),
    [true, false, false],
  );
  t.true(signals[0]!.reason instanceof CancelledError);
  t.is((signals[0]!.reason as Error).message, 'enough');
  t.is((failed.exception() as Error).message, 'boom');
});

inLoop('a task that is cancelled aborts its signal when it has ended', function* (t, loop) {
  const task = loop.createTask(function* () {
    try {
      yield* sleep(3600);
    } finally {
      yield* sleep(0);
    }
  });
  const signal = abortSignal(task);
  yield* sleep(0);
  task.cancel();
  yield* sleep(0);
  t.false(signal.aborted);
  yield* errorOf(task);
  yield* sleep(0);
  t.true(signal.aborted);
});

inLoop('the listener of an aborted signal runs in no context of the one that waits', function* (t, loop) {
  const tag = new ContextVar<string>('tag');
  const controller = new AbortController();
  tag.set('of the waiting one');
  cancelOn(loop.createFuture<void>(), controller.signal);
  const seen: string[] = [];
  loop.callSoon(() => {
    tag.set('of the aborting one');
    controller.abort();
    seen.push(tag.get());
  });
  yield* sleep(0);
  t.deepEqual(seen, ['of the aborting one']);
  t.is(tag.get(), 'of the waiting one');
});
