// Futures: states, errors, callbacks, and who may wait. The Python side is python/futures.py.

import type { Future } from 'mioloop';
import { newEventLoop } from 'mioloop';
import { Boom, said, scenario, tried } from './scenario.js';

scenario('future-states (B51)', function* (twin) {
  const state = (name: string, future: Future<unknown>) => {
    twin.log(`${name}: done ${future.done()}, cancelled ${future.cancelled()}`);
    twin.log(`${name}: result ${tried(() => future.result())}, exception ${tried(() => future.exception())}`);
  };

  const fresh = twin.loop.createFuture<string>();
  state('new', fresh);
  fresh.setResult('value');
  state('with a result', fresh);
  const failed = twin.loop.createFuture<void>();
  failed.setException(new Boom());
  twin.log(`failed: done ${failed.done()}, cancelled ${failed.cancelled()}`);
  twin.log(
    `failed: result ${tried(() => failed.result())}, exception ${failed.exception()!.constructor.name}`,
  );
  const cancelled = twin.loop.createFuture<void>();
  cancelled.cancel();
  state('cancelled', cancelled);
  twin.log(`of this loop: ${fresh.getLoop() === twin.loop}`);
});

scenario('second-results (B51, B54)', function* (twin) {
  const settle = (name: string, future: Future<unknown>) => {
    twin.log(`${name}: set_result ${tried(() => future.setResult(1))}`);
    twin.log(`${name}: set_exception ${tried(() => future.setException(new Boom()))}`);
    twin.log(`${name}: cancel ${future.cancel('late')}`);
  };

  const done = twin.loop.createFuture<unknown>();
  done.setResult('first');
  settle('done', done);
  twin.log(`still ${done.result()}`);
  const cancelled = twin.loop.createFuture<unknown>();
  cancelled.cancel('first');
  settle('cancelled', cancelled);
  twin.log(`still ${tried(() => cancelled.result(), said)}`);
});

scenario('cancelled-with-a-message (B51)', function* (twin) {
  const future = twin.loop.createFuture<void>();
  twin.log(`cancel: ${future.cancel('why')}`);
  twin.log(tried(() => future.result(), said));
  twin.log(tried(() => future.exception(), said));
  twin.log(yield* twin.outcome(future, said));
  const plain = twin.loop.createFuture<void>();
  plain.cancel();
  twin.log(yield* twin.outcome(plain, said));
});

scenario('removed-callbacks (B53)', function* (twin) {
  const first = () => {
    twin.log('first');
    twin.log(`removed when it is scheduled already: ${future.removeDoneCallback(last)}`);
  };
  const twice = () => twin.log('never');
  const last = () => twin.log('last');

  const future = twin.loop.createFuture<string>();
  future.addDoneCallback(twice);
  future.addDoneCallback(first);
  future.addDoneCallback(twice);
  future.addDoneCallback(last);
  twin.log(`removed: ${future.removeDoneCallback(twice)}`);
  twin.log(`removed again: ${future.removeDoneCallback(twice)}`);
  future.setResult('x');
  twin.log(`removed when done: ${future.removeDoneCallback(last)}`);
  yield* twin.turns(2);
});

scenario('callbacks-get-their-future (B52)', function* (twin) {
  const check = (future: Future<unknown>) => (given: Future<unknown>) => {
    twin.log(`got its future: ${given === future}, done: ${given.done()}`);
  };
  const adds = (given: Future<unknown>) => {
    twin.log('adds one more');
    given.addDoneCallback(twin.logger('one more, a turn later'));
  };

  let future = twin.loop.createFuture<number>();
  for (const settle of [
    () => future.setResult(1),
    () => future.setException(new Boom()),
    () => future.cancel(),
  ]) {
    future = twin.loop.createFuture();
    future.addDoneCallback(check(future));
    settle();
    tried(() => future.exception());
  }
  future.addDoneCallback(adds);
  twin.log('settled');
  yield* twin.turns(3);
});

scenario('callbacks-that-raise (B26, B52)', function* (twin) {
  const raises = () => {
    twin.log('raises');
    throw new Boom();
  };

  const future = twin.loop.createFuture<string>();
  future.addDoneCallback(raises);
  future.addDoneCallback(twin.logger('the next callback'));
  future.setResult('x');
  twin.log(`awaited ${yield* future}`);
  yield* twin.turns(2);
});

scenario('cancelled-callbacks (B54)', function* (twin) {
  const future = twin.loop.createFuture<void>();
  future.addDoneCallback(twin.logger('callback 1'));
  future.addDoneCallback(twin.logger('callback 2'));
  twin.loop.callSoon(twin.logger('soon'));
  twin.log(`cancel: ${future.cancel()}, again: ${future.cancel()}`);
  yield* twin.turns(2);
});

scenario('two-wait (B57)', function* (twin) {
  function* waits(name: string) {
    twin.log(`${name} ${yield* twin.outcome(future, said)}`);
  }

  let future = twin.loop.createFuture<string>();
  for (const settle of [
    () => future.setResult('value'),
    () => future.setException(new Boom('text')),
    () => future.cancel('why'),
  ]) {
    future = twin.loop.createFuture();
    const tasks = ['a', 'b'].map((name) => twin.loop.createTask(waits(name)));
    yield* twin.turns(1);
    settle();
    twin.log('settled');
    for (const task of tasks) yield* task;
  }
});

scenario('done-futures-do-not-wait (B51)', function* (twin) {
  const future = twin.loop.createFuture<string>();
  twin.loop.callSoon(twin.logger('soon'));
  future.setResult('value');
  for (let time = 0; time < 3; time++) twin.log(`awaited ${yield* future}`);
  const failed = twin.loop.createFuture<void>();
  failed.setException(new Boom('text'));
  twin.log(yield* twin.outcome(failed, said));
  twin.log(yield* twin.outcome(failed, said));
  yield* twin.turns(1);
  twin.log('a turn later');
});

scenario('same-error (B51)', function* (twin) {
  const error = new Boom('text');
  const future = twin.loop.createFuture<void>();
  future.setException(error);
  for (let time = 0; time < 2; time++) {
    try {
      yield* future;
    } catch (caught) {
      twin.log(`the same: ${caught === error}`);
    }
  }
  twin.log(`the same: ${future.exception() === error}`);
});

scenario('other-loops-future (B66)', function* (twin) {
  const other = newEventLoop();
  const foreign = other.createFuture<string>();

  function* waits() {
    yield* foreign;
  }

  twin.log(yield* twin.outcome(twin.loop.createTask(waits())));
  foreign.setResult('done');
  twin.log(yield* twin.outcome(foreign));
  other.close();
});

scenario('result-set-by-a-waiter (B52)', function* (twin) {
  function* sets(name: string, mine: Future<number>, theirs: Future<number>) {
    twin.log(`${name} waits`);
    const value = yield* mine;
    twin.log(`${name} got ${value}`);
    theirs.setResult(value + 1);
  }

  const futures = Array.from({ length: 4 }, () => twin.loop.createFuture<number>());
  const tasks = [0, 1, 2].map((i) => twin.loop.createTask(sets(`task ${i}`, futures[i]!, futures[i + 1]!)));
  futures[0]!.setResult(0);
  twin.log(`main got ${yield* futures[3]!}`);
  for (const task of tasks) yield* task;
  twin.log('done');
});
