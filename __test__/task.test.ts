// Tasks: their first step, their end, their names and texts; what they refuse.

import { inspect } from 'node:util';
import test from 'ava';
import {
  type Coroutine,
  copyContext,
  getRunningLoop,
  InvalidStateError,
  newEventLoop,
  RuntimeError,
  sleep,
  Task,
} from 'mioloop';
import { freshLoop } from './support/leaks.js';
import { bothModes, inLoop } from './support/modes.js';
import { errorOf } from './support/outcomes.js';

inLoop('the first step comes with the next turn, for every kind of coroutine (B59)', function* (t, loop) {
  const log: string[] = [];
  function* generator(name: string): Coroutine<string> {
    log.push(name);
    yield* sleep(0);
    return name;
  }
  const tasks = [
    loop.createTask(generator('a generator')),
    loop.createTask(() => generator('a function that gives a generator')),
    loop.createTask(function* () {
      return yield* generator('a generator function');
    }),
    loop.createTask(async () => {
      log.push('an async function');
      await sleep(0);
      return 'an async function';
    }),
  ];
  for (const task of tasks) t.true(task instanceof Task);
  log.push('made');
  yield* sleep(0);
  log.push('a turn later');
  const results: string[] = [];
  for (const task of tasks) results.push(yield* task);
  t.deepEqual(log, ['made', ...results, 'a turn later']);
});

inLoop('a task gives its result, or its error, and is done then (B51, B59)', function* (t, loop) {
  const error = new RangeError('boom');
  const fulfilled = loop.createTask(function* () {
    yield* sleep(0);
    return 42;
  });
  const failed = loop.createTask(async () => {
    await sleep(0);
    throw error;
  });
  for (const task of [fulfilled, failed]) {
    t.false(task.done());
    t.throws(() => task.result(), { instanceOf: InvalidStateError });
    t.throws(() => task.exception(), { instanceOf: InvalidStateError });
  }
  t.is(yield* fulfilled, 42);
  t.is(fulfilled.result(), 42);
  t.is(fulfilled.exception(), null);
  t.is(yield* errorOf(failed), error);
  t.is(failed.exception(), error);
  t.throws(() => failed.result(), { is: error });
  for (const task of [fulfilled, failed]) t.false(task.cancelled());
});

inLoop('what is no coroutine is refused, and the error says what to give (B1)', function* (t, loop) {
  for (const value of [1, 'x', null, undefined, {}, [], loop.createFuture<void>(), Promise.resolve()]) {
    t.throws(() => loop.createTask(value as never), {
      instanceOf: TypeError,
      message: /^a coroutine was expected, got /,
    });
  }
  t.throws(() => loop.createTask(Promise.resolve() as never), { message: /\(\) => f\(x\).*wrapFuture/ });
  yield* sleep(0);
});

test.serial('a task cannot be given a result or an error (B67)', (t) => {
  const loop = freshLoop();
  const task = loop.createTask(function* () {
    yield* sleep(0);
  });
  t.throws(() => task.setResult(), {
    instanceOf: RuntimeError,
    message: 'Task does not support set_result operation',
  });
  t.throws(() => task.setException(new Error('boom')), {
    instanceOf: RuntimeError,
    message: 'Task does not support set_exception operation',
  });
  loop.runUntilCompleteSync(task);
  loop.close();
});

inLoop('a task that awaits itself gets an error, and nothing hangs (B66)', function* (t, loop) {
  const message = /^Task cannot await on itself: <Task pending name='me' coro=<\w+\(\)>.*>$/;
  const generator: Task<unknown> = loop.createTask(
    function* waits() {
      yield* generator;
    },
    { name: 'me' },
  );
  const asyncFunction: Task<unknown> = loop.createTask(
    async function waits() {
      await asyncFunction;
    },
    { name: 'me' },
  );
  for (const task of [generator, asyncFunction]) {
    const error = yield* errorOf(task);
    t.true(error instanceof RuntimeError);
    t.regex((error as Error).message, message);
  }
});

inLoop('a future of another loop cannot be waited for (B66)', function* (t, loop) {
  const other = newEventLoop();
  const future = other.createFuture<void>();
  const tasks = [
    loop.createTask(function* () {
      yield* future;
    }),
    loop.createTask(async () => {
      await future;
    }),
  ];
  for (const task of tasks) {
    const error = yield* errorOf(task);
    t.true(error instanceof RuntimeError);
    t.is((error as RuntimeError).code, 'ERR_OTHER_LOOP');
    t.regex((error as Error).message, /^<Task .*> got <Future pending.*> attached to a different loop$/);
  }
  t.is(future.toString(), '<Future pending>');
  other.close();
});

inLoop('tasks without a name are numbered in the order of their making (B68)', function* (t, loop) {
  const make = () => loop.createTask(function* () {});
  const [first, second, third] = [make(), make(), make()];
  const number = Number(/^Task-(\d+)$/.exec(first.getName())?.[1]);
  t.is(second.getName(), `Task-${number + 1}`);
  t.is(third.getName(), `Task-${number + 2}`);
  const other = loop.createTask(function* () {}, { name: 'no number' });
  t.is(make().getName(), `Task-${number + 3}`);
  t.is(other.getName(), 'no number');
  yield* sleep(0);
});

inLoop('a name can be given and set; it becomes a string (B68)', function* (t, loop) {
  const task = loop.createTask(function* () {}, { name: 'given' });
  t.is(task.getName(), 'given');
  task.setName('set');
  t.is(task.getName(), 'set');
  task.setName(7 as unknown as string);
  t.is(task.getName(), '7');
  t.is(loop.createTask(function* () {}, { name: 12 as unknown as string }).getName(), '12');
  yield* task;
  task.setName('set when done');
  t.is(task.getName(), 'set when done');
});

inLoop(
  'a task prints its state, name, coroutine, what it waits for and who waits (B68)',
  function* (t, loop) {
    const future = loop.createFuture<void>();
    function watches(): void {}
    const make = (name: string) =>
      loop.createTask(
        function* work() {
          yield* future;
          return name;
        },
        { name },
      );
    const task = make('a task');
    t.is(inspect(task), "<Task pending name='a task' coro=<work()>>");
    t.is(`${task}`, inspect(task));
    task.addDoneCallback(watches);
    t.is(`${task}`, "<Task pending name='a task' coro=<work()> cb=[watches()]>");
    yield* sleep(0);
    t.regex(
      `${task}`,
      /^<Task pending name='a task' coro=<work\(\)> wait_for=<Future pending cb=\[.*\]> cb=\[watches\(\)\]>$/,
    );
    const cancelled = make('another');
    yield* sleep(0);
    cancelled.cancel();
    t.regex(`${cancelled}`, /^<Task cancelling name='another' coro=<work\(\)> wait_for=<Future cancelled>>$/);
    yield* errorOf(cancelled);
    t.is(`${cancelled}`, "<Task cancelled name='another' coro=<work()>>");
    // They shared the future.
    yield* errorOf(task);
  },
);

inLoop('a done task prints its result or its error (B68)', function* (t, loop) {
  const anonymous = loop.createTask(
    (function* () {
      yield* sleep(0);
      return 'the end';
    })(),
    { name: 'a' },
  );
  const failed = loop.createTask(
    async function work() {
      throw new Error('boom');
    },
    { name: 'b' },
  );
  yield* anonymous;
  yield* errorOf(failed);
  t.is(`${anonymous}`, "<Task finished name='a' coro=<generator> result='the end'>");
  t.is(`${failed}`, "<Task finished name='b' coro=<work()> exception=Error('boom')>");
});

inLoop('getCoro() is the generator, or the function of an async task (B69)', function* (t, loop) {
  function* generator() {
    yield* sleep(0);
  }
  const coroutine = generator();
  const asyncFunction = async (): Promise<void> => undefined;
  const task = loop.createTask(coroutine);
  const asyncTask = loop.createTask(asyncFunction);
  t.is(task.getCoro(), coroutine);
  t.is(asyncTask.getCoro(), asyncFunction);
  yield* task;
  t.is(task.getCoro(), coroutine);
  yield* asyncTask;
});

inLoop('getContext() is the context that was given, else the copy that was made (B69)', function* (t, loop) {
  const context = copyContext();
  const given = loop.createTask(function* () {}, { context });
  t.is(given.getContext(), context);
  const copied = loop.createTask(function* () {});
  t.not(copied.getContext(), context);
  yield* copied;
  for (const wrong of [1, 'x', {}]) {
    t.throws(() => loop.createTask(function* () {}, { context: wrong as never }), { instanceOf: TypeError });
  }
});

bothModes(
  'stop() in a task leaves its later steps to the next run (B73)',
  async (t, { loop, run, runForever }) => {
    const log: string[] = [];
    const task = loop.createTask(function* () {
      log.push('stops');
      getRunningLoop().stop();
      yield* sleep(0);
      log.push('goes on');
      return 'result';
    });
    await t.throwsAsync(run(task), { message: 'Event loop stopped before Future completed.' });
    t.deepEqual(log, ['stops']);
    t.false(task.done());
    loop.callSoon(() => loop.stop());
    await runForever();
    t.deepEqual(log, ['stops', 'goes on']);
    t.is(await run(task), 'result');
  },
);
