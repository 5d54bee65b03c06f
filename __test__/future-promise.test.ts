// A future as a promise, and as what `yield*` delegates to; and what is said to those who use it otherwise.

import test from 'ava';
import { CancelledError, type Coroutine, RuntimeError, sleep } from 'mioloop';
import { freshLoop } from './support/leaks.js';
import { bothModes, inLoop } from './support/modes.js';
import { errorOf } from './support/outcomes.js';

bothModes('then(), catch() and finally() give native promises of the outcome', async (t, { loop, run }) => {
  const [fulfilled, failed, cancelled] = [
    loop.createFuture<number>(),
    loop.createFuture<number>(),
    loop.createFuture<number>(),
  ];
  const error = new Error('boom');
  const log: unknown[] = [];
  const promises = [
    fulfilled.then((value) => log.push(value)),
    fulfilled.finally(() => log.push('finally')).then((value) => log.push(value)),
    failed.catch((reason) => log.push(reason)),
    failed.then(undefined, (reason) => log.push(reason)),
    failed.finally(() => log.push('finally, failed')).catch((reason) => log.push(reason)),
    cancelled.catch((reason) => log.push(reason instanceof CancelledError && reason.message)),
  ];
  for (const promise of promises) t.true(promise instanceof Promise);
  await run(function* () {
    fulfilled.setResult(1);
    failed.setException(error);
    cancelled.cancel('enough');
    yield* sleep(0);
  });
  await Promise.all(promises);
  t.is(log.filter((entry) => entry === 1).length, 2);
  t.is(log.filter((entry) => entry === error).length, 3);
  for (const entry of ['finally', 'finally, failed', 'enough']) t.true(log.includes(entry));
});

test.serial('a done future can be awaited though no loop runs', async (t) => {
  const loop = freshLoop();
  const future = loop.createFuture<string>();
  future.setResult('here');
  t.is(await future, 'here');
  const failed = loop.createFuture<string>();
  failed.setException(new RangeError('boom'));
  await t.throwsAsync(async () => failed, { instanceOf: RangeError, message: 'boom' });
  loop.close();
  t.is(await future, 'here');
});

bothModes('a future passes through an async function as a promise does', async (t, { loop, run }) => {
  const future = loop.createFuture<string>();
  const outer = async (): Promise<string> => future;
  const task = loop.createTask(async () => [await outer(), ...(await Promise.all([future, future]))]);
  loop.callSoon(() => future.setResult('x'));
  t.deepEqual(await run(task), ['x', 'x', 'x']);
});

inLoop('yield* keeps the type and the identity of the result', function* (t, loop) {
  const object = { key: 'value' };
  const future = loop.createFuture<{ key: string }>();
  loop.callSoon(() => future.setResult(object));
  const result: { key: string } = yield* future;
  t.is(result, object);
});

inLoop('a forgotten star is an error that names the future and the remedy (B57)', function* (t, loop) {
  const future = loop.createFuture<void>();
  function* forgotten(): Coroutine<void> {
    yield future as never;
  }
  const task = loop.createTask(forgotten, { name: 'forgetful' });
  const error = yield* errorOf(task);
  t.true(error instanceof RuntimeError);
  t.is((error as RuntimeError).code, 'ERR_BAD_YIELD');
  t.regex(
    (error as RuntimeError).message,
    /^yield was used instead of yield\* in <Task pending name='forgetful' .*> with <Future pending>; use yield\*$/,
  );
  t.is(future.toString(), '<Future pending>');
  future.setResult();
  yield* future;
});

inLoop('what is yielded that is no future is a bad yield, and the coroutine may go on', function* (t, loop) {
  const log: unknown[] = [];
  function* bad(value: unknown): Coroutine<string> {
    try {
      yield value as never;
    } catch (error) {
      log.push((error as RuntimeError).code, (error as RuntimeError).message);
    }
    yield* sleep(0);
    return 'went on';
  }
  for (const [value, shown] of [
    [1, '1'],
    ['x', 'the string "x"'],
    [null, 'null'],
    [{}, 'an object'],
    [Promise.resolve(), 'an instance of Promise'],
    [sleep(0), ''],
  ] as const) {
    log.length = 0;
    t.is(yield* loop.createTask(bad(value)), 'went on');
    t.is(log[0], 'ERR_BAD_YIELD');
    t.true(String(log[1]).includes(shown));
    t.regex(String(log[1]), /yield\*/);
  }
});

inLoop('a bare yield is one turn, as None is in asyncio', function* (t, loop) {
  const log: string[] = [];
  const task = loop.createTask(function* () {
    log.push('before');
    yield undefined as never;
    log.push('a turn later');
  });
  yield* sleep(0);
  t.deepEqual(log, ['before']);
  loop.callSoon(() => log.push('scheduled meanwhile'));
  yield* task;
  t.deepEqual(log, ['before', 'a turn later', 'scheduled meanwhile']);
});

inLoop('for…of, spreading and destructuring of a future are errors (B57)', function* (t, loop) {
  const future = loop.createFuture<unknown>();
  const list = future as unknown as Iterable<unknown>;
  const ways: (() => unknown)[] = [
    () => {
      for (const _ of list);
    },
    () => {
      for (const _ of list) break;
    },
    () => [...list],
    () => Array.from(list),
    () => {
      const [first] = list;
      return first;
    },
    () => new Set(list),
  ];
  for (const way of ways) {
    t.throws(way, {
      instanceOf: RuntimeError,
      message: /^await wasn't used with future <Future pending>: use yield\* \(or await\)$/,
    });
  }
  // It is as good as before.
  const task = loop.createTask(function* () {
    return yield* future;
  });
  yield* sleep(0);
  future.setResult('unharmed');
  t.is(yield* task, 'unharmed');
});

inLoop('a generator that is driven by hand, not by a task, is told (B57)', function* (t, loop) {
  const future = loop.createFuture<void>();
  function* delegates() {
    yield* future;
  }
  const generator = delegates();
  generator.next();
  t.throws(() => generator.next(), { instanceOf: RuntimeError, message: /await wasn't used with future/ });
  yield* sleep(0);
});
