// Task factories: who makes the tasks of createTask().

import test from 'ava';
import {
  type CoroutineLike,
  copyContext,
  createEagerTaskFactory,
  currentTask,
  type EventLoop,
  eagerTaskFactory,
  sleep,
  Task,
  type TaskOptions,
} from 'mioloop';
import { freshLoop } from './support/leaks.js';
import { bothModes, inLoop } from './support/modes.js';

test.serial('a task factory is a function, or null for the default (B199)', (t) => {
  const loop = freshLoop();
  t.is(loop.getTaskFactory(), null);
  for (const value of [1, 'x', {}, undefined]) {
    t.throws(() => loop.setTaskFactory(value as never), {
      instanceOf: TypeError,
      message: /^task factory must be a callable or None/,
    });
  }
  const factory = <T>(which: EventLoop, coroutine: CoroutineLike<T>) => new Task(which, coroutine);
  loop.setTaskFactory(factory);
  t.is(loop.getTaskFactory(), factory);
  loop.setTaskFactory(null);
  t.is(loop.getTaskFactory(), null);
  loop.close();
});

inLoop(
  'the factory gets the loop, the coroutine and the options; the name is set behind it (B199)',
  function* (t, loop) {
    const calls: unknown[][] = [];
    class Job<T> extends Task<T> {}
    loop.setTaskFactory(
      <T>(which: EventLoop, coroutine: CoroutineLike<T>, options: Omit<TaskOptions, 'name'>) => {
        calls.push([which, coroutine, options]);
        return new Job(which, coroutine, options);
      },
    );
    const context = copyContext();
    const coroutine = function* () {
      yield* sleep(0);
      return 'made by the factory';
    };
    const task = loop.createTask(coroutine, { name: 'a name', context });
    t.true(task instanceof Job);
    t.is(task.getName(), 'a name');
    t.is(task.getContext(), context);
    t.is(calls.length, 1);
    t.is(calls[0]![0], loop);
    t.is(calls[0]![1], coroutine);
    t.deepEqual(Object.keys(calls[0]![2] as object), ['context']);
    t.is(yield* task, 'made by the factory');
    t.regex(loop.createTask(coroutine).getName(), /^Task-\d+$/);
    yield* sleep(0);
    yield* sleep(0);
  },
);

bothModes('runUntilComplete() has its task made by the factory, too (B199)', async (t, { loop, run }) => {
  let made = 0;
  loop.setTaskFactory((which, coroutine, options) => {
    made += 1;
    return new Task(which, coroutine, options);
  });
  t.is(
    await run(function* () {
      yield* sleep(0);
      return 1;
    }),
    1,
  );
  t.is(made, 1);
});

inLoop('an error of the factory goes to the caller (B199)', function* (t, loop) {
  loop.setTaskFactory(() => {
    throw new RangeError('no tasks today');
  });
  t.throws(() => loop.createTask(function* () {}), { message: 'no tasks today' });
  loop.setTaskFactory(null);
  yield* sleep(0);
});

inLoop('eagerTaskFactory makes every task eager (B82, B199)', function* (t, loop) {
  const log: string[] = [];
  loop.setTaskFactory(eagerTaskFactory);
  const make = (name: string, options = {}) =>
    loop.createTask(
      function* () {
        log.push(name);
        yield* sleep(0);
        return name;
      },
      { name, ...options },
    );
  const task = make('a');
  t.deepEqual(log, ['a']);
  t.true(task instanceof Task);
  t.is(task.getName(), 'a');
  t.is(yield* task, 'a');
  // Its own word counts more.
  make('b', { eagerStart: false });
  t.deepEqual(log, ['a']);
  loop.setTaskFactory(null);
  make('c');
  t.deepEqual(log, ['a']);
  yield* sleep(0);
  yield* sleep(0);
  t.deepEqual(log, ['a', 'b', 'c']);
});

inLoop('createEagerTaskFactory() makes tasks of a given class (B82, B199)', function* (t, loop) {
  class Job<T> extends Task<T> {}
  const factory = createEagerTaskFactory(Job);
  loop.setTaskFactory(factory);
  t.is(loop.getTaskFactory(), factory);
  const context = copyContext();
  const job: Task<boolean> = loop.createTask(
    function* () {
      yield* sleep(0);
      return currentTask() === job;
    },
    { context, name: 'a job' },
  );
  t.true(job instanceof Job);
  t.is(job.getContext(), context);
  t.is(job.getName(), 'a job');
  t.true(yield* job);
});
