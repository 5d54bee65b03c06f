// Futures and tasks. The Python side is python/tasks.py.

import type { Coroutine, EventLoop, Task } from 'mioloop';
import { currentTask, Future, sleep } from 'mioloop';
import { Boom, said, scenario, script, tried, word } from './scenario.js';

scenario('done-callbacks (B52)', function* (twin) {
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

script('run-until-complete (B59)', async (twin) => {
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

scenario('task-awaits-task (B59)', function* (twin) {
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

scenario('task-cancel (B60, B61)', function* (twin) {
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

scenario('task-errors (B59)', function* (twin) {
  function* fails(depth: number): Coroutine<void> {
    if (depth > 0) yield* twin.loop.createTask(fails(depth - 1));
    throw new Boom(`depth ${depth}`);
  }

  const task = twin.loop.createTask(fails(2));
  task.addDoneCallback((done) => twin.log(`done with ${said(done.exception())}`));
  twin.log(yield* twin.outcome(task, said));
  twin.log(`cancelled: ${task.cancelled()}, result ${tried(() => task.result(), said)}`);
});

scenario('task-as-a-future (B51, B67)', function* (twin) {
  function* returns() {
    yield* twin.turns(1);
    return 'value';
  }

  const task = twin.loop.createTask(returns());
  twin.log(`set_result: ${tried(() => task.setResult('other'), said)}`);
  twin.log(`set_exception: ${tried(() => task.setException(new Boom()), said)}`);
  twin.log(`pending: result ${tried(() => task.result())}, exception ${tried(() => task.exception())}`);
  twin.log(`a future: ${task instanceof Future}, of this loop: ${task.getLoop() === twin.loop}`);
  twin.log(`awaited: ${yield* task}, exception ${task.exception()}`);
});

scenario('task-awaits-itself (B66)', function* (twin) {
  function* awaitsItself() {
    yield* currentTask()!;
  }

  function* recovers() {
    twin.log(yield* twin.outcome(currentTask()!, said));
    yield* twin.turns(1);
    return 'goes on';
  }

  twin.log(yield* twin.outcome(twin.loop.createTask(awaitsItself()), said));
  twin.log(yield* twin.outcome(twin.loop.createTask(recovers())));
});

scenario('task-names (B68)', function* (twin) {
  function* nothing(): Coroutine<void> {}

  const number = (task: Task<void>) => Number(task.getName().replace('Task-', ''));
  const coroutine = nothing();
  const first = twin.loop.createTask(coroutine);
  const second = twin.loop.createTask(nothing());
  const named = twin.loop.createTask(nothing(), { name: 'by hand' });
  twin.log(`the next number: ${number(second) - number(first)}, named ${named.getName()}`);
  named.setName(42 as unknown as string);
  twin.log(`renamed ${named.getName()}, a string: ${typeof named.getName() === 'string'}`);
  const third = twin.loop.createTask(nothing());
  twin.log(`a name takes no number: ${number(third) - number(second)}`);
  twin.log(`its coroutine: ${first.getCoro() === coroutine}`);
  yield* third;
});

scenario('current-task (B70)', function* (twin) {
  const current = () => currentTask()?.getName() ?? null;
  function* tells(name: string, steps: number) {
    for (let step = 0; step < steps; step++) {
      twin.log(`${name} is ${current()}`);
      yield* sleep(0);
    }
    return yield* nested();
  }
  function* nested(): Coroutine<string | null> {
    twin.loop.callSoon(() => twin.log(`in a callback: ${current()}`));
    return current();
  }

  currentTask()!.setName('main');
  const tasks = ['a', 'b'].map((name) => twin.loop.createTask(tells(name, 2), { name }));
  for (const task of tasks) {
    task.addDoneCallback(() => twin.log(`in a done callback: ${current()}`));
    twin.log(`${yield* task}, awaited by ${current()}`);
  }
  twin.loop.callLater(0, () => twin.log(`in a timer: ${current()}`));
  yield* twin.turns(2);
});

scenario('tree-of-tasks (B59)', function* (twin) {
  function* node(name: string, depth: number): Coroutine<number> {
    if (depth === 0) {
      yield* sleep(0);
      return 1;
    }
    const children = ['l', 'r'].map((side) => twin.loop.createTask(node(name + side, depth - 1)));
    let total = 0;
    for (const child of children) total += yield* child;
    twin.log(`${name} counts ${total}`);
    return total;
  }

  twin.log(`main counts ${yield* twin.loop.createTask(node('t', 3))}`);
});

scenario('task-takes-over (B59)', function* (twin) {
  function* quick(): Coroutine<string> {
    twin.log('quick');
    return 'at once';
  }

  function* creates() {
    const task = twin.loop.createTask(quick());
    twin.log(`created, done: ${task.done()}`);
    yield* sleep(0);
    twin.log(`a turn later, done: ${task.done()}`);
    return yield* task;
  }

  twin.log(yield* creates());
  twin.log(yield* twin.loop.createTask(creates()));
});

scenario('task-ends-with-its-callbacks (B52)', function* (twin) {
  function* ends(how: string) {
    yield* twin.turns(1);
    if (how === 'raises') throw new Boom('text');
    if (how === 'is cancelled') {
      currentTask()!.cancel();
      yield* twin.turns(1);
    }
    return how;
  }

  for (const how of ['returns', 'raises', 'is cancelled']) {
    const task = twin.loop.createTask(ends(how));
    task.addDoneCallback(twin.logger(`${how}: first callback`));
    twin.loop.createTask(twin.outcome(task)).addDoneCallback((done) => twin.log(`waiter: ${done.result()}`));
    yield* twin.turns(2);
    task.addDoneCallback(twin.logger(`${how}: second callback`));
    twin.log(yield* twin.outcome(task, said));
    yield* twin.turns(2);
  }
});
