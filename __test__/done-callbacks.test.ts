// Done callbacks of futures: by callSoon, in order, in their context; and taken back.

import test from 'ava';
import { Context, ContextVar, copyContext, type Future, getRunningLoop, sleep } from 'mioloop';
import { loopTurns } from './support/internals.js';
import { freshLoop } from './support/leaks.js';
import { bothModes, inLoop } from './support/modes.js';

type Settle = (future: Future<number>) => void;

const WAYS: [name: string, settle: Settle][] = [
  ['a result', (future) => future.setResult(1)],
  ['an error', (future) => future.setException(new Error('boom'))],
  ['a cancel', (future) => future.cancel()],
];

for (const [name, settle] of WAYS) {
  inLoop(`after ${name} the callbacks come in the next turn, in their order (B52, B54)`, function* (t, loop) {
    const future = loop.createFuture<number>();
    const log: string[] = [];
    const logger = (text: string) => (done: Future<number>) => {
      t.is(done, future);
      t.is(getRunningLoop(), loop);
      log.push(text);
    };
    future.addDoneCallback(logger('first'));
    future.addDoneCallback(logger('second'));
    loop.callSoon(() => log.push('scheduled before'));
    const turn = loopTurns(loop);
    settle(future);
    loop.callSoon(() => log.push('scheduled behind'));
    future.addDoneCallback(logger('third'));
    t.deepEqual(log, []);
    yield* sleep(0);
    t.is(loopTurns(loop), turn + 1);
    t.deepEqual(log, ['scheduled before', 'first', 'second', 'scheduled behind', 'third']);
    if (name === 'an error') t.truthy(future.exception());
  });
}

inLoop('a callback of a done future comes in the next turn (B52)', function* (t, loop) {
  const future = loop.createFuture<number>();
  future.setResult(7);
  const log: number[] = [];
  future.addDoneCallback((done) => {
    log.push(done.result());
    done.addDoneCallback((again) => log.push(again.result() + 1));
  });
  t.deepEqual(log, []);
  yield* sleep(0);
  t.deepEqual(log, [7]);
  yield* sleep(0);
  t.deepEqual(log, [7, 8]);
});

inLoop('a callback that was added twice comes twice (B52)', function* (t, loop) {
  const future = loop.createFuture<void>();
  let calls = 0;
  const count = (): void => {
    calls += 1;
  };
  future.addDoneCallback(count);
  future.addDoneCallback(count);
  future.setResult();
  yield* sleep(0);
  t.is(calls, 2);
});

bothModes('a callback that throws is reported, and the others come (B26, B52)', async (t, bench) => {
  const { loop } = bench;
  const error = new Error('boom');
  const log: unknown[] = [];
  loop.setExceptionHandler((_loop, { message, exception, handle }) => {
    log.push(message, exception, handle?.cancelled());
  });
  await bench.run(function* () {
    const future = loop.createFuture<void>();
    future.addDoneCallback(function breaks() {
      throw error;
    });
    future.addDoneCallback(() => log.push('the next one'));
    future.setResult();
    yield* sleep(0);
  });
  t.deepEqual(log, ['Exception in callback breaks()', error, false, 'the next one']);
});

test.serial('removeDoneCallback() removes every equal one, and tells how many (B53)', (t) => {
  const loop = freshLoop();
  const future = loop.createFuture<void>();
  const one = () => 1;
  const two = () => 2;
  const three = () => 3;
  t.is(future.removeDoneCallback(one), 0);
  for (const callback of [one, two, one, three, one]) future.addDoneCallback(callback);
  t.is(future.removeDoneCallback(one), 3);
  t.is(future.removeDoneCallback(one), 0);
  t.is(future.removeDoneCallback(three), 1);
  t.is(future.toString(), '<Future pending cb=[two()]>');
  t.is(future.removeDoneCallback(two), 1);
  t.is(future.toString(), '<Future pending>');
  loop.close();
});

inLoop('a callback that is removed does not come; the rest keep their order (B53)', function* (t, loop) {
  const future = loop.createFuture<void>();
  const log: string[] = [];
  const removed = (): void => {
    log.push('removed');
  };
  future.addDoneCallback(() => log.push('first'));
  future.addDoneCallback(removed);
  future.addDoneCallback(() => log.push('second'));
  future.addDoneCallback(removed);
  t.is(future.removeDoneCallback(removed), 2);
  future.setResult();
  yield* sleep(0);
  t.deepEqual(log, ['first', 'second']);
});

inLoop('callbacks may remove and add others while they are run (B53)', function* (t, loop) {
  const future = loop.createFuture<void>();
  const log: string[] = [];
  const last = (): void => {
    log.push('last');
  };
  future.addDoneCallback(() => {
    // It is scheduled already: taking it back is too late, as in asyncio.
    log.push(`removed ${future.removeDoneCallback(last)}`);
    future.addDoneCallback(() => log.push('added by the first'));
  });
  future.addDoneCallback(last);
  future.setResult();
  yield* sleep(0);
  t.deepEqual(log, ['removed 0', 'last']);
  yield* sleep(0);
  t.deepEqual(log, ['removed 0', 'last', 'added by the first']);
});

inLoop('a task that waits is not removed with the callbacks of its future (B53)', function* (t, loop) {
  const future = loop.createFuture<string>();
  const nothing = (): void => undefined;
  const task = loop.createTask(function* () {
    return yield* future;
  });
  future.addDoneCallback(nothing);
  yield* sleep(0);
  t.is(future.removeDoneCallback(nothing), 1);
  future.setResult('still waited for');
  t.is(yield* task, 'still waited for');
});

inLoop('a callback runs in the context of who added it, or in the one given (B71)', function* (t, loop) {
  const tag = new ContextVar<string>('tag');
  const future = loop.createFuture<void>();
  const log: string[] = [];
  const push = (): void => {
    log.push(tag.get('unset'));
    tag.set('changed by a callback');
  };
  const given = new Context();
  given.run(() => tag.set('given'));
  tag.set('when the first was added');
  future.addDoneCallback(push);
  tag.set('when the second was added');
  future.addDoneCallback(push);
  future.addDoneCallback(push, { context: given });
  future.addDoneCallback(push, { context: given });
  tag.set('when it was done');
  future.setResult();
  future.addDoneCallback(push);
  yield* sleep(0);
  t.deepEqual(log, [
    'when the first was added',
    'when the second was added',
    'given',
    'changed by a callback',
    'when it was done',
  ]);
  t.is(tag.get(), 'when it was done');
  t.is(given.get(tag), 'changed by a callback');
});

test.serial('what is no function, or no context, is refused at once', (t) => {
  const loop = freshLoop();
  const future = loop.createFuture<void>();
  for (const value of [null, 1, 'x', {}, Promise.resolve()]) {
    t.throws(() => future.addDoneCallback(value as unknown as () => void), { instanceOf: TypeError });
  }
  for (const context of [1, 'x', {}, null]) {
    const options = { context: context as unknown as Context };
    t.throws(() => future.addDoneCallback(() => undefined, options), { instanceOf: TypeError });
  }
  future.addDoneCallback(() => undefined, {});
  future.addDoneCallback(() => undefined, { context: copyContext() });
  loop.close();
});
