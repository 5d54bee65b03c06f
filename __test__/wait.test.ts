// wait: when it ends, what is done and what is not, and what it takes.

import test from 'ava';
import {
  ALL_COMPLETED,
  CancelledError,
  type Coroutine,
  FIRST_COMPLETED,
  FIRST_EXCEPTION,
  type Future,
  type ReturnWhen,
  RuntimeError,
  sleep,
  type Task,
  wait,
} from 'mioloop';
import { loopTurns } from './support/internals.js';
import { freshLoop } from './support/leaks.js';
import { inLoop } from './support/modes.js';
import { inVirtualTime, thrownBy } from './support/virtual.js';

function* crash(delay: number): Coroutine<never> {
  yield* sleep(delay);
  throw new Error('err');
}

inVirtualTime('wait() ends when all are done, whatever their outcome (B75)', function* (t, loop) {
  const start = loop.time();
  const good = loop.createTask(() => sleep(0.1, 42));
  const late = loop.createTask(() => sleep(0.15, 'late'));
  const bad = loop.createTask(crash(0.05));
  const cancelled = loop.createFuture<void>();
  loop.callLater(0.01, () => cancelled.cancel());
  const [done, pending] = yield* wait<Future<unknown>>([good, late, bad, cancelled]);
  t.deepEqual(done, new Set([good, late, bad, cancelled]));
  t.is(pending.size, 0);
  t.is(Math.round((loop.time() - start) * 1e3), 150);
  t.is((bad.exception() as Error).message, 'err');
  t.is(good.result(), 42);
  // Again: nothing to wait for, and still one turn.
  const turn = loopTurns(loop);
  const [again] = yield* wait([good, late]);
  t.is(again.size, 2);
  t.is(loopTurns(loop) - turn, 2);
});

inVirtualTime('with FIRST_COMPLETED it ends with the first (B75)', function* (t, loop) {
  const never = loop.createTask(() => sleep(10));
  const first = loop.createTask(() => sleep(0.1));
  const [done, pending] = yield* wait([never, first], { returnWhen: FIRST_COMPLETED });
  t.deepEqual([...done], [first]);
  t.deepEqual([...pending], [never]);
  t.false(never.done());
  never.cancel();
  yield* wait([never]);
});

inLoop('with FIRST_COMPLETED all that are done in that turn are done (B75)', function* (t, loop) {
  const one = loop.createTask(() => sleep(0));
  const other = loop.createTask(() => sleep(0));
  const [done, pending] = yield* wait([one, other], { returnWhen: FIRST_COMPLETED });
  t.is(done.size, 2);
  t.is(pending.size, 0);
});

inVirtualTime(
  'with FIRST_EXCEPTION it ends with the first error, or with the last of all (B75)',
  function* (t, loop) {
    const never = loop.createTask(() => sleep(10));
    const bad = loop.createTask(crash(0.1));
    const [done, pending] = yield* wait<Task<unknown>>([never, bad], { returnWhen: FIRST_EXCEPTION });
    t.deepEqual([...done], [bad]);
    t.deepEqual([...pending], [never]);

    // A cancellation is no error.
    const cancelled = loop.createFuture<void>();
    loop.callLater(0.1, () => cancelled.cancel());
    const good = loop.createTask(() => sleep(0.2));
    const [all] = yield* wait<Future<unknown>>([cancelled, good], { returnWhen: FIRST_EXCEPTION });
    t.is(all.size, 2);

    const at = loop.createTask(crash(0));
    const [first] = yield* wait<Task<unknown>>([never, at], { returnWhen: FIRST_EXCEPTION });
    t.deepEqual([...first], [at]);
    never.cancel();
    yield* wait([never]);
  },
);

inVirtualTime('a timeout ends it without an error, and cancels nothing (B75)', function* (t, loop) {
  const good = loop.createTask(() => sleep(0.1));
  const late = loop.createTask(() => sleep(0.15));
  const start = loop.time();
  const [done, pending] = yield* wait([good, late], { timeout: 0.11 });
  t.deepEqual([...done], [good]);
  t.deepEqual([...pending], [late]);
  t.is(Math.round((loop.time() - start) * 1e3), 110);
  t.false(late.cancelled());
  const [rest] = yield* wait([late], { timeout: 10 });
  t.deepEqual([...rest], [late]);
  t.is(Math.round((loop.time() - start) * 1e3), 150);
  const none = loop.createFuture<void>();
  const [, still] = yield* wait([none], { timeout: 0 });
  t.deepEqual([...still], [none]);
  t.is(none.toString(), '<Future pending>');
});

inVirtualTime('a cancel ends the wait and nothing else (B75)', function* (t, loop) {
  const future = loop.createFuture<void>();
  const task = loop.createTask(function* () {
    yield* wait([future], { timeout: 10 });
  });
  yield* sleep(0.1);
  task.cancel('enough');
  const error = yield* thrownBy(() => task);
  t.true(error instanceof CancelledError);
  t.is((error as Error).message, 'enough');
  t.false(future.done());
  t.is(future.toString(), '<Future pending>');
  yield* sleep(20);
});

inLoop('duplicates count once, and any iterable is taken (B75)', function* (t, loop) {
  const one = loop.createTask(() => sleep(0, 'test'));
  const [done] = yield* wait([one, one, one]);
  t.deepEqual([...done], [one]);
  const two = loop.createTask(() => sleep(0, 'test'));
  const byName = new Map([['two', two]]);
  for (const futures of [new Set([one, two]), byName.values()]) {
    const [all] = yield* wait<Task<string>>(futures);
    t.true(all.has(two));
  }
  const generated = function* (): Generator<Task<string>> {
    yield one;
  };
  // It can't be told from a coroutine.
  t.throws(() => wait(generated()), { instanceOf: TypeError, message: /spread it/ });
  yield* wait([...generated()]);
});

inLoop('async functions await it (B75)', function* (t, loop) {
  yield* loop.createTask(async () => {
    const tasks = [loop.createTask(async () => 1), loop.createTask(() => sleep(10, 2))];
    const [done, pending] = await wait(tasks, { returnWhen: FIRST_COMPLETED });
    t.deepEqual([...done], [tasks[0]!]);
    for (const task of pending) task.cancel();
    const [cancelled] = await wait(pending, { returnWhen: ALL_COMPLETED });
    t.true(cancelled.has(tasks[1]!));
  });
});

inLoop('coroutines, nothing at all, and unknown conditions are refused (B75)', function* (t, loop) {
  const future = loop.createFuture<void>();
  const list = (...values: unknown[]) => values as Future<void>[];
  t.throws(() => wait([]), { instanceOf: RangeError, message: 'Set of Tasks/Futures is empty.' });
  t.throws(() => wait(list(future, crash(0))), {
    instanceOf: TypeError,
    message: 'Passing coroutines is forbidden, use tasks explicitly.',
  });
  t.throws(() => wait(list(async () => {})), { instanceOf: TypeError, message: /coroutines is forbidden/ });
  for (const wrong of [future, crash(0), crash, 1, null, {}, 'text'] as unknown as Future<void>[][]) {
    t.throws(() => wait(wrong), { instanceOf: TypeError, message: /^expect a list of futures/ });
  }
  t.throws(() => wait(list(1)), { instanceOf: TypeError });
  t.throws(() => wait(list(Promise.resolve())), { instanceOf: TypeError });
  t.throws(() => wait([future], { returnWhen: -1 as unknown as ReturnWhen }), {
    instanceOf: RangeError,
    message: 'Invalid returnWhen value: -1',
  });
  t.throws(() => wait([future], { timeout: Number.NaN }), { instanceOf: RangeError });
  t.throws(() => wait([future], { timeout: '1' as unknown as number }), { instanceOf: TypeError });
  t.is(future.toString(), '<Future pending>');
  yield* sleep(0);
});

test.serial('it needs a running loop (B75)', (t) => {
  const loop = freshLoop();
  t.throws(() => wait([loop.createFuture()]), { instanceOf: RuntimeError, code: 'ERR_NO_RUNNING_LOOP' });
  loop.close();
});
