// Cancelling tasks: when it arrives, who catches it, what is left of it. The Python side is python/cancellation.py.

import type { Coroutine } from 'mioloop';
import { CancelledError, currentTask, sleep } from 'mioloop';
import { Boom, said, scenario } from './scenario.js';

scenario('cancel-before-start (B61)', function* (twin) {
  const task = twin.loop.createTask(twin.steps('never', 10));
  task.addDoneCallback((done) => twin.log(`cancelled: ${done.cancelled()}`));
  twin.log(`cancel: ${task.cancel('too early')}, done: ${task.done()}`);
  twin.log(yield* twin.outcome(task, said));
});

scenario('cancel-twice (B62)', function* (twin) {
  const task = twin.loop.createTask(twin.steps('task', 10));
  yield* twin.turns(2);
  twin.log(
    `cancel: ${task.cancel('first')}, again: ${task.cancel('second')}, requests: ${task.cancelling()}`,
  );
  twin.log(yield* twin.outcome(task, said));
  twin.log(`requests: ${task.cancelling()}`);
});

scenario('cancel-in-two-turns (B62)', function* (twin) {
  function* stubborn() {
    for (let attempt = 0; attempt < 3; attempt++) {
      try {
        yield* sleep(0);
        yield* twin.loop.createFuture<void>();
      } catch (error) {
        twin.log(`attempt ${attempt} caught ${said(error)}`);
      }
    }
    return 'survived';
  }

  const task = twin.loop.createTask(stubborn());
  yield* twin.turns(3);
  for (let number = 0; number < 3; number++) {
    task.cancel(`number ${number}`);
    yield* twin.turns(number + 1);
  }
  twin.log(yield* twin.outcome(task, said));
  twin.log(`cancelled: ${task.cancelled()}, requests: ${task.cancelling()}`);
});

scenario('cancel-while-catching (B62)', function* (twin) {
  function* catches() {
    const error = yield* twin.caught();
    twin.log(`caught ${said(error)}`);
    yield* twin.turns(3);
    twin.log('never');
  }

  const task = twin.loop.createTask(catches());
  yield* twin.turns(2);
  task.cancel('first');
  yield* twin.turns(2);
  task.cancel('second');
  twin.log(yield* twin.outcome(task, said));
});

scenario('cancel-ignored (B62)', function* (twin) {
  function* ignores() {
    yield* twin.caught();
    twin.log('ignored');
    yield* twin.turns(1);
    return 'value';
  }

  const task = twin.loop.createTask(ignores());
  yield* twin.turns(1);
  task.cancel();
  twin.log(yield* twin.outcome(task));
  twin.log(`cancelled: ${task.cancelled()}, requests: ${task.cancelling()}, cancel: ${task.cancel()}`);
});

scenario('cancel-itself (B63)', function* (twin) {
  function* waitsThen() {
    twin.log(`cancel: ${currentTask()!.cancel('myself')}`);
    const future = twin.loop.createFuture<void>();
    const error = yield* twin.caught(future);
    twin.log(`caught ${said(error)}, the future is cancelled: ${future.cancelled()}`);
    throw error;
  }

  function* returns(): Coroutine<string> {
    currentTask()!.cancel('at the end');
    return 'value';
  }

  function* raises(): Coroutine<void> {
    currentTask()!.cancel();
    throw new Boom('text');
  }

  for (const body of [waitsThen, returns, raises]) {
    const task = twin.loop.createTask<unknown>(body());
    twin.log(yield* twin.outcome(task, said));
    twin.log(`cancelled: ${task.cancelled()}`);
  }
});

scenario('cancel-itself-with-done-futures (B63)', function* (twin) {
  function* awaitsDone() {
    currentTask()!.cancel('myself');
    const done = twin.loop.createFuture<string>();
    done.setResult('a done future does not suspend');
    twin.log(yield* done);
    yield* sleep(0);
    twin.log('never');
  }

  twin.log(yield* twin.outcome(twin.loop.createTask(awaitsDone()), said));
});

scenario('uncancel-counts (B64)', function* (twin) {
  function* counts() {
    const task = currentTask()!;
    yield* twin.caught();
    twin.log(`caught with ${task.cancelling()}`);
    twin.log(`uncancel: ${task.uncancel()}, ${task.uncancel()}, ${task.uncancel()}`);
    yield* twin.turns(1);
    task.cancel('again');
    twin.log(`requests: ${task.cancelling()}`);
    yield* twin.turns(1);
    twin.log('never');
  }

  const task = twin.loop.createTask(counts());
  yield* twin.turns(2);
  task.cancel();
  task.cancel();
  twin.log(yield* twin.outcome(task, said));
  twin.log(`requests: ${task.cancelling()}, uncancel of a done task: ${task.uncancel()}`);
});

scenario('uncancel-in-time (B64)', function* (twin) {
  function* takesBack(name: string, cancels: number) {
    const task = currentTask()!;
    for (let time = 0; time < cancels; time++) task.cancel();
    twin.log(`${name}: left ${task.uncancel()}`);
    yield* twin.turns(1);
    return `${name}: not cancelled`;
  }

  for (const [name, cancels] of Object.entries({ one: 1, two: 2 })) {
    twin.log(yield* twin.outcome(twin.loop.createTask(takesBack(name, cancels))));
  }
  const early = twin.loop.createTask(twin.steps('cancelled and taken back before it starts', 1));
  early.cancel();
  early.uncancel();
  twin.log(yield* twin.outcome(early));
});

scenario('cancel-with-cleanup (B62)', function* (twin) {
  function* level(depth: number): Coroutine<void> {
    try {
      if (depth === 0) yield* twin.loop.createFuture<void>();
      else yield* level(depth - 1);
    } finally {
      twin.log(`level ${depth} cleans up`);
      yield* twin.turns(depth);
      twin.log(`level ${depth} is clean`);
    }
  }

  const task = twin.loop.createTask(level(2));
  yield* twin.turns(2);
  task.cancel('clean up');
  twin.log(yield* twin.outcome(task, said));
});

scenario('cancel-becomes-an-error (B62)', function* (twin) {
  function* fails() {
    yield* twin.caught();
    throw new Boom('instead');
  }

  function* raisesByItself() {
    yield* twin.turns(1);
    throw new CancelledError('by itself');
  }

  const failing = twin.loop.createTask(fails());
  yield* twin.turns(1);
  failing.cancel();
  twin.log(yield* twin.outcome(failing, said));
  twin.log(`cancelled: ${failing.cancelled()}`);
  const raising = twin.loop.createTask(raisesByItself());
  twin.log(yield* twin.outcome(raising, said));
  twin.log(`cancelled: ${raising.cancelled()}, requests: ${raising.cancelling()}`);
});

scenario('cancel-done-tasks (B54)', function* (twin) {
  function* returns(): Coroutine<string> {
    return 'value';
  }

  function* fails(): Coroutine<string> {
    throw new Boom();
  }

  for (const body of [returns, fails]) {
    const task = twin.loop.createTask(body());
    yield* twin.turns(1);
    twin.log(`done: ${task.done()}, cancel: ${task.cancel()}, requests: ${task.cancelling()}`);
    twin.log(yield* twin.outcome(task));
  }
});
