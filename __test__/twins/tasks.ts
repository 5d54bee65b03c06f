// Futures and tasks. The Python side is python/tasks.py.

import type { EventLoop, Future } from 'mioloop';
import { sleep } from 'mioloop';
import { Boom, scenario, script, word } from './scenario.js';

scenario('done-callbacks', function* (twin) {
  const future = twin.loop.createFuture<string>();
  future.addDoneCallback(twin.logger('done callback 1'));
  future.addDoneCallback(twin.logger('done callback 2'));
  twin.loop.callSoon(twin.logger('soon, before the result'));
  future.setResult('x');
  twin.log('result set');
  future.addDoneCallback(twin.logger('done callback 3, added when done'));
  twin.log(`awaited ${yield* future}`);
  yield* twin.turns(1);
  twin.log('a turn later');
});

script('run-until-complete', async (twin) => {
  function* main() {
    twin.log('main starts');
    yield* sleep(0);
    twin.log('main after sleep(0)');
    yield* sleep(0);
    twin.loop.callSoon(twin.logger('soon, in the turn in which main returns'));
    twin.log('main returns');
    return 'value';
  }

  twin.loop.callSoon(twin.logger('soon, before the run'));
  twin.log(`returned ${await twin.runUntilComplete(main())}`);
  twin.log(`done already: ${await twin.runUntilComplete(done(twin.loop))}`);
});

function done(loop: EventLoop): Future<string> {
  const future = loop.createFuture<string>();
  future.setResult('value');
  return future;
}

scenario('task-awaits-task', function* (twin) {
  function* inner() {
    twin.log('inner starts');
    yield* sleep(0);
    twin.log('inner returns');
    return 7;
  }

  function* outer() {
    twin.log('outer starts');
    const task = twin.loop.createTask(inner());
    const value = yield* task;
    twin.log(`outer got ${value}`);
    twin.log(`outer awaited a done task: ${yield* task}`);
    return value;
  }

  const task = twin.loop.createTask(outer());
  twin.log('created');
  twin.log(`main got ${yield* task}`);
  twin.log(`main delegated: ${yield* inner()}`);
});

scenario('task-cancel', function* (twin) {
  function* waits() {
    try {
      yield* twin.loop.createFuture<void>();
    } finally {
      twin.log('task cancelled inside');
    }
  }

  function* fails() {
    twin.log('task raises');
    yield* twin.turns(0);
    throw new Boom();
  }

  const task = twin.loop.createTask(waits());
  yield* twin.turns(2);
  twin.log(`cancel: ${task.cancel()}`);
  try {
    yield* task;
  } catch (error) {
    twin.log(`main got ${word(error)}`);
  }
  const early = twin.loop.createTask(waits());
  early.addDoneCallback(twin.logger('cancelled before its first step: done'));
  early.cancel();
  twin.log('cancelled at once');
  yield* twin.turns(3);
  try {
    yield* twin.loop.createTask(fails());
  } catch (error) {
    twin.log(`main got ${word(error)}`);
  }
});
