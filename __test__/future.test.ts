// A future's states: pending, a result, an error, cancelled; what is refused in each.

import test from 'ava';
import { CancelledError, Future, InvalidStateError, newEventLoop, sleep } from 'mioloop';
import { freshLoop } from './support/leaks.js';
import { bothModes, inLoop } from './support/modes.js';
import { errorOf, thrownBy } from './support/outcomes.js';

test.serial('a new future is pending, and has neither a result nor an error (B51)', (t) => {
  const loop = freshLoop();
  const future = loop.createFuture<string>();
  t.true(future instanceof Future);
  t.is(future.getLoop(), loop);
  t.false(future.done());
  t.false(future.cancelled());
  t.throws(() => future.result(), { instanceOf: InvalidStateError, message: 'Result is not ready.' });
  t.throws(() => future.exception(), { instanceOf: InvalidStateError, message: 'Exception is not set.' });
  loop.close();
});

test.serial('a result can be read any number of times, and there is no error then (B51)', (t) => {
  const loop = freshLoop();
  const object = { key: 'value' };
  for (const value of [object, 42, undefined, null, '', Number.NaN]) {
    const future = loop.createFuture<unknown>();
    future.setResult(value);
    t.true(future.done());
    t.false(future.cancelled());
    t.is(future.result(), value);
    t.is(future.result(), value);
    t.is(future.exception(), null);
  }
  loop.close();
});

test.serial('an error that is set is what exception() gives and result() throws, as it is (B51)', (t) => {
  const loop = freshLoop();
  for (const error of [new RangeError('boom'), 'a string', 0, undefined]) {
    const future = loop.createFuture<never>();
    future.setException(error);
    t.true(future.done());
    t.false(future.cancelled());
    t.is(future.exception(), error);
    t.is(
      thrownBy(() => future.result()),
      error,
    );
    t.is(
      thrownBy(() => future.result()),
      error,
    );
  }
  loop.close();
});

test.serial('a done future refuses a second outcome, and keeps the first (B51)', (t) => {
  const loop = freshLoop();
  const refused = { instanceOf: InvalidStateError, code: 'ERR_INVALID_STATE' };
  const [fulfilled, failed, cancelled] = [
    loop.createFuture<number>(),
    loop.createFuture<number>(),
    loop.createFuture<number>(),
  ];
  fulfilled.setResult(1);
  failed.setException(new Error('first'));
  cancelled.cancel();
  for (const future of [fulfilled, failed, cancelled]) {
    t.throws(() => future.setResult(2), refused);
    t.throws(() => future.setException(new Error('second')), refused);
    t.false(future.cancel());
  }
  t.is(fulfilled.result(), 1);
  t.throws(() => failed.result(), { message: 'first' });
  t.true(cancelled.cancelled());
  loop.close();
});

test.serial('a promise, or another future, is no result: it is to be awaited first', (t) => {
  const loop = freshLoop();
  const future = loop.createFuture<unknown>();
  const thenable = Object.fromEntries([['then', () => undefined]]);
  const harmless = Object.fromEntries([['then', 'is no function']]);
  for (const value of [Promise.resolve(1), loop.createFuture<void>(), thenable]) {
    t.throws(() => future.setResult(value), { instanceOf: TypeError, message: /await it first/ });
  }
  t.false(future.done());
  future.setResult(harmless);
  t.is(future.result(), harmless);
  loop.close();
});

test.serial('cancel() of a pending future cancels it, of a done one it is false (B54)', (t) => {
  const loop = freshLoop();
  const future = loop.createFuture<string>();
  t.true(future.cancel());
  t.true(future.cancelled());
  t.true(future.done());
  t.throws(() => future.result(), { instanceOf: CancelledError, message: '' });
  t.throws(() => future.exception(), { instanceOf: CancelledError, message: '' });
  t.false(future.cancel());
  const done = loop.createFuture<string>();
  done.setResult('kept');
  t.false(done.cancel('too late'));
  t.false(done.cancelled());
  t.is(done.result(), 'kept');
  loop.close();
});

test.serial('the message of cancel(message) is the text of every CancelledError (B51)', (t) => {
  const loop = freshLoop();
  const future = loop.createFuture<void>();
  future.cancel('no longer wanted');
  const first = thrownBy(() => future.result());
  const second = thrownBy(() => future.exception());
  for (const error of [first, second]) {
    t.true(error instanceof CancelledError);
    t.is((error as CancelledError).message, 'no longer wanted');
    t.is((error as CancelledError).code, 'ERR_CANCELLED');
  }
  t.not(first, second);
  t.false(future.cancel('another'));
  t.throws(() => future.result(), { message: 'no longer wanted' });
  loop.close();
});

test.serial('an error as the message of cancel() gives its text, and is the cause (B51)', (t) => {
  const loop = freshLoop();
  const reason = new RangeError('the reason');
  const future = loop.createFuture<void>();
  future.cancel(reason);
  for (const get of [() => future.result(), () => future.exception()]) {
    const error = thrownBy(get) as CancelledError;
    t.is(error.message, 'the reason');
    t.is(error.cause, reason);
  }
  const numbered = loop.createFuture<void>();
  numbered.cancel(7);
  const error = thrownBy(() => numbered.result()) as CancelledError;
  t.is(error.message, '7');
  t.is(error.cause, 7);
  loop.close();
});

inLoop('a done future never suspends: yield* and its result are one (B51)', function* (t, loop) {
  const future = loop.createFuture<string>();
  future.setResult('here');
  let others = 0;
  loop.callSoon(() => {
    others += 1;
  });
  t.is(yield* future, 'here');
  t.is(yield* future, 'here');
  t.is(others, 0);
  yield* sleep(0);
  t.is(others, 1);
});

inLoop('a future passes its error and its cancellation to who waits (B51)', function* (t, loop) {
  const failing = loop.createFuture<void>();
  const error = new Error('boom');
  loop.callSoon(() => failing.setException(error));
  t.is(yield* errorOf(failing), error);
  const cancelled = loop.createFuture<void>();
  loop.callSoon(() => cancelled.cancel('enough'));
  const cancellation = yield* errorOf(cancelled);
  t.true(cancellation instanceof CancelledError);
  t.is((cancellation as CancelledError).message, 'enough');
});

inLoop('several tasks may wait for one future; all go on, in their order (B52)', function* (t, loop) {
  const future = loop.createFuture<string>();
  const log: string[] = [];
  const waiting = (name: string) =>
    loop.createTask(function* () {
      log.push(`${name} ${yield* future}`);
    });
  const tasks = [waiting('a'), waiting('b'), waiting('c')];
  const asyncTask = loop.createTask(async () => {
    log.push(`async ${await future}`);
  });
  yield* sleep(0);
  future.setResult('got it');
  for (const task of [...tasks, asyncTask]) yield* task;
  t.deepEqual(log, ['a got it', 'b got it', 'c got it', 'async got it']);
});

bothModes('a result that is set between two runs is there in the next', async (t, { loop, run }) => {
  const future = loop.createFuture<string>();
  const task = loop.createTask(function* () {
    return yield* future;
  });
  await run(function* () {
    yield* sleep(0);
  });
  t.false(task.done());
  future.setResult('set between');
  t.is(await run(task), 'set between');
});

test.serial('a future of a closed loop keeps what it has, and refuses new callbacks', (t) => {
  const loop = newEventLoop();
  const [done, pending] = [loop.createFuture<number>(), loop.createFuture<number>()];
  done.setResult(1);
  pending.addDoneCallback(() => undefined);
  loop.close();
  t.is(done.result(), 1);
  t.throws(() => done.addDoneCallback(() => undefined), { message: 'Event loop is closed' });
  t.throws(() => pending.setResult(2), { message: 'Event loop is closed' });
});
