// What is particular to cancelling async functions: several awaits at once, and promises that are not the loop's.

import test from 'ava';
import { type CancelledError, InvalidStateError, sleep, wrapFuture } from 'mioloop';
import { virtualLoop } from './support/internals.js';
import { bothModes, inLoop } from './support/modes.js';
import { errorOf } from './support/outcomes.js';
import { linesOf, runProgram } from './support/program.js';
import { debugReportsOf } from './support/reports.js';

/** A promise that is none of the loop's. */
function foreign<T>(): { promise: Promise<T>; resolve(value: T): void; reject(error: unknown): void } {
  let settle!: [(value: T) => void, (error: unknown) => void];
  const promise = new Promise<T>((...both) => {
    settle = both;
  });
  return { promise, resolve: settle[0], reject: settle[1] };
}

inLoop('Promise.all of futures and tasks: a cancel reaches every one (B60)', function* (t, loop) {
  const futures = [loop.createFuture<void>(), loop.createFuture<void>()];
  const child = loop.createTask(function* () {
    yield* sleep(3600);
  });
  const parent = loop.createTask(async () => {
    await Promise.all([...futures, child, sleep(3600)]);
  });
  yield* sleep(0);
  yield* sleep(0);
  t.true(parent.cancel('all of it'));
  const error = yield* errorOf(parent);
  t.is((error as Error).message, 'all of it');
  t.true(futures.every((future) => future.cancelled()));
  yield* errorOf(child);
  t.true(child.cancelled());
});

inLoop('Promise.race: the losers go on, and a later cancel reaches them (B60)', function* (t, loop) {
  const [winner, loser] = [loop.createFuture<string>(), loop.createFuture<string>()];
  const log: unknown[] = [];
  const task = loop.createTask(async () => {
    log.push(await Promise.race([winner, loser]));
    await loop.createFuture<void>();
  });
  yield* sleep(0);
  winner.setResult('the winner');
  yield* sleep(0);
  t.deepEqual(log, ['the winner']);
  t.false(loser.done());
  task.cancel();
  yield* errorOf(task);
  t.true(task.cancelled());
});

inLoop('while a foreign promise is awaited, a cancelled task stays pending (B60)', function* (t, loop) {
  const { promise, resolve } = foreign<string>();
  const log: unknown[] = [];
  const task = loop.createTask(async () => {
    log.push(await promise);
    try {
      await loop.createFuture<void>();
    } catch (error) {
      log.push(error);
      throw error;
    }
  });
  yield* sleep(0);
  t.true(task.cancel('patience'));
  for (let turn = 0; turn < 5; turn++) yield* sleep(0);
  t.false(task.done());
  t.regex(`${task}`, /^<Task cancelling /);
  resolve('the foreign result');
  yield* errorOf(task);
  t.true(task.cancelled());
  t.is(log[0], 'the foreign result');
  t.is((log[1] as CancelledError).message, 'patience');
});

inLoop('a foreign promise that fails after the cancel fails the task (B62)', function* (t, loop) {
  const { promise, reject } = foreign<void>();
  const task = loop.createTask(async () => promise);
  yield* sleep(0);
  task.cancel();
  const error = new RangeError('boom');
  reject(error);
  t.is(yield* errorOf(task), error);
  t.false(task.cancelled());
});

inLoop('one that returns before it waits for the loop again ends cancelled (B63)', function* (t, loop) {
  const { promise, resolve } = foreign<string>();
  const task = loop.createTask(async () => promise);
  yield* sleep(0);
  task.cancel('in time');
  resolve('too late');
  const error = yield* errorOf(task);
  t.true(task.cancelled());
  t.is((error as Error).message, 'in time');
});

inLoop('uncancel() while a foreign promise is awaited takes the cancel back (B64)', function* (t, loop) {
  const { promise, resolve } = foreign<string>();
  const task = loop.createTask(async () => {
    const result = await promise;
    await sleep(0);
    return result;
  });
  yield* sleep(0);
  task.cancel();
  t.is(task.uncancel(), 0);
  resolve('kept');
  t.is(yield* task, 'kept');
});

inLoop('wrapFuture() makes the wait for a foreign promise end at once (B56)', function* (t, loop) {
  const task = loop.createTask(async () => {
    await wrapFuture(new Promise(() => undefined));
  });
  yield* sleep(0);
  task.cancel('at once');
  const error = yield* errorOf(task);
  t.is((error as Error).message, 'at once');
});

inLoop('a task that awaits a task: the cancel goes through, one turn each (B60)', function* (t, loop) {
  const log: string[] = [];
  const inner = loop.createTask(async () => {
    try {
      await sleep(3600);
    } finally {
      log.push('inner');
    }
  });
  const outer = loop.createTask(async () => {
    try {
      await inner;
    } finally {
      log.push('outer');
    }
  });
  yield* sleep(0);
  t.true(outer.cancel());
  yield* errorOf(outer);
  t.deepEqual(log, ['inner', 'outer']);
  t.true(inner.cancelled() && outer.cancelled());
});

inLoop('a cancel in the turn in which the future is done wins over its result (B60)', function* (t, loop) {
  const future = loop.createFuture<string>();
  const log: unknown[] = [];
  const task = loop.createTask(async () => {
    try {
      log.push(await future);
    } catch (error) {
      log.push((error as Error).message);
    }
    log.push(await future);
  });
  yield* sleep(0);
  future.setResult('the result');
  t.true(task.cancel('the cancel'));
  yield* task;
  t.deepEqual(log, ['the cancel', 'the result']);
});

inLoop('errors of awaited futures are thrown where they are awaited', function* (t, loop) {
  const task = loop.createTask(async () => {
    const future = loop.createFuture<void>();
    future.cancel('before it is awaited');
    try {
      await future;
    } catch (error) {
      t.is((error as Error).message, 'before it is awaited');
    }
    t.throws(() => future.setResult(), { instanceOf: InvalidStateError });
    return 'went on';
  });
  t.is(yield* task, 'went on');
});

bothModes(
  'debug mode reports a cancel that was not delivered for a second',
  async (t, { loop, run }) => {
    loop.setDebug(true);
    const all = debugReportsOf(t, loop);
    const undelivered = () => all.filter(({ kind }) => kind === 'cancel-undelivered');
    const [stuck, settled] = [foreign<void>(), foreign<void>()];
    const inTime = loop.createFuture<void>();
    await run(function* () {
      const task = loop.createTask(async () => stuck.promise, { name: 'stuck' });
      const others = [
        loop.createTask(async () => settled.promise, { name: 'settled' }),
        loop.createTask(async () => inTime, { name: 'delivered' }),
      ];
      yield* sleep(0);
      for (const one of [task, ...others]) one.cancel();
      settled.resolve();
      yield* sleep(0.9);
      t.deepEqual(undelivered(), []);
      yield* sleep(0.2);
      stuck.resolve();
      for (const one of [task, ...others]) yield* errorOf(one);
      t.is(undelivered().length, 1);
      const { message, subject } = undelivered()[0]!;
      t.is(subject, task);
      t.regex(message, /^cancel of <Task cancelling name='stuck' .*> was not delivered for 1 s: /);
      t.regex(message, /await wrapFuture\(promise\)/);
    });
  },
  virtualLoop,
);

test.serial('the report of an undelivered cancel is written to stderr, in debug mode only', async (t) => {
  const program = (debug: boolean): string => `
    import { newEventLoop, sleep } from 'mioloop';
    const loop = newEventLoop();
    loop.setDebug(${debug});
    loop.slowCallbackDuration = 3600;
    await loop.runUntilComplete(async () => {
      const task = loop.createTask(() => new Promise((resolve) => setTimeout(resolve, 1200)), { name: 'stuck' });
      await sleep(0);
      task.cancel();
      await task.then(() => {}, () => {});
    });
    loop.close();
  `;
  const { stderr, code } = await runProgram(program(true));
  t.is(code, 0);
  t.regex(stderr, /^cancel of <Task cancelling name='stuck' .*> was not delivered for 1 s: .*\n$/);
  t.deepEqual(await linesOf(program(false)), []);
});
