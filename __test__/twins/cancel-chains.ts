// Cancels among tasks that wait for each other, or for the same future. The Python side is python/cancel_chains.py.

import type { Future } from 'mioloop';
import { currentTask } from 'mioloop';
import { said, scenario, script, tried } from './scenario.js';

scenario('cancel-goes-inwards (B60, B65)', function* (twin) {
  function* outer(name: string, inner: Future<unknown>) {
    try {
      return yield* inner;
    } catch (error) {
      twin.log(`${name} caught ${said(error)}`);
      throw error;
    }
  }

  const innermost = twin.loop.createTask(twin.steps('innermost', 20));
  const middle = twin.loop.createTask(outer('middle', innermost));
  const outermost = twin.loop.createTask(outer('outermost', middle));
  yield* twin.turns(3);
  outermost.cancel('from outside');
  twin.log('cancelled the outermost');
  twin.log(yield* twin.outcome(outermost, said));
  twin.log(`cancelled: ${innermost.cancelled()}, ${middle.cancelled()}, ${outermost.cancelled()}`);
  twin.log(`requests: ${innermost.cancelling()}, ${middle.cancelling()}, ${outermost.cancelling()}`);
});

scenario('cancel-of-what-is-awaited (B60)', function* (twin) {
  function* outer() {
    return yield* inner;
  }

  const inner = twin.loop.createTask(twin.steps('inner', 10));
  const task = twin.loop.createTask(outer());
  yield* twin.turns(2);
  inner.cancel('only the inner one');
  twin.log(yield* twin.outcome(task, said));
  twin.log(`requests: ${inner.cancelling()}, ${task.cancelling()}, cancelled: ${task.cancelled()}`);
});

scenario('cancel-when-the-result-is-there (B60)', function* (twin) {
  function* outer(future: Future<string>) {
    try {
      twin.log(`got ${yield* future}`);
    } catch (error) {
      twin.log(`caught ${said(error)}, though there is ${future.result()}`);
      throw error;
    }
  }

  const future = twin.loop.createFuture<string>();
  const task = twin.loop.createTask(outer(future));
  yield* twin.turns(2);
  future.setResult('a result');
  twin.log(`cancel: ${task.cancel('too late')}`);
  twin.log(yield* twin.outcome(task, said));
});

scenario('cancel-shared-future (B60)', function* (twin) {
  function* shares(name: string) {
    const error = yield* twin.caught(future);
    twin.log(`${name} caught ${said(error)}`);
    throw error;
  }

  const future = twin.loop.createFuture<void>();
  const tasks = ['a', 'b', 'c'].map((name) => twin.loop.createTask(shares(name)));
  yield* twin.turns(1);
  tasks[1]!.cancel('b only');
  for (const task of tasks) {
    twin.log(`${yield* twin.outcome(task, said)}, requests: ${task.cancelling()}`);
  }
});

scenario('cancel-refused-by-the-inner-task (B60, B62)', function* (twin) {
  function* refuses() {
    yield* twin.caught();
    twin.log('inner refuses');
    yield* twin.turns(1);
    return 'inner result';
  }

  function* outer() {
    twin.log(`outer got ${yield* inner}`);
    yield* twin.turns(1);
    return 'outer result';
  }

  const inner = twin.loop.createTask(refuses());
  const task = twin.loop.createTask(outer());
  yield* twin.turns(2);
  task.cancel();
  twin.log(yield* twin.outcome(task));
  twin.log(`requests: ${inner.cancelling()}, ${task.cancelling()}`);
});

scenario('cancel-in-one-turn-with-others (B60)', function* (twin) {
  const tasks = ['a', 'b', 'c'].map((name) => twin.loop.createTask(twin.steps(name, 3)));
  for (const task of tasks) {
    task.addDoneCallback((done) => twin.log(`done, cancelled: ${done.cancelled()}`));
  }
  yield* twin.turns(1);
  twin.loop.callSoon(() => tasks[0]!.cancel());
  twin.loop.callSoon(() => tasks[2]!.cancel());
  for (const task of tasks) twin.log(yield* twin.outcome(task));
});

script('cancel-what-runs-until-complete (B65)', async (twin) => {
  const task = twin.loop.createTask(twin.steps('main', 10));
  twin.loop.callSoon(() => twin.loop.callSoon(() => task.cancel('from a callback')));
  twin.log(await twin.ran(task, said));
});

scenario('cancel-the-caller (B60)', function* (twin) {
  function* cancels() {
    twin.log(`cancels its creator: ${creator.cancel('by my child')}`);
    yield* twin.turns(1);
    return 'child done';
  }

  const creator = currentTask()!;
  const child = twin.loop.createTask(cancels());
  twin.log(yield* twin.outcome(child, said));
  twin.log(`requests: ${creator.cancelling()}, ${child.cancelling()}, child cancelled: ${child.cancelled()}`);
  twin.log(`left: ${creator.uncancel()}`);
  yield* twin.turns(1);
  twin.log('main goes on');
});

scenario('cancel-message-for-all (B65)', function* (twin) {
  function* waits(name: string) {
    twin.log(`${name} ${yield* twin.outcome(task, said)}`);
  }

  const task = twin.loop.createTask(twin.steps('task', 10));
  const waiters = ['first', 'second'].map((name) => twin.loop.createTask(waits(name)));
  yield* twin.turns(2);
  task.cancel('why');
  for (const waiter of waiters) yield* waiter;
  twin.log(`later: ${tried(() => task.result(), said)}`);
});
