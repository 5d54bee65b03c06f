// asCompleted: in the order of completion, as coroutines or as the futures themselves.

import {
  asCompleted,
  CancelledError,
  type Coroutine,
  type Future,
  gather,
  RuntimeError,
  Scope,
  setEventLoop,
  sleep,
  Task,
  TimeoutError,
} from 'mioloop';
import { bothModes, inLoop } from './support/modes.js';
import { inVirtualTime, thrownBy } from './support/virtual.js';

const BOOM = new Error('boom');

// biome-ignore lint/correctness/useYield: it returns in its first step.
function* give<T>(value: T): Coroutine<T> {
  return value;
}

function* later<T>(delay: number, value: T): Coroutine<T> {
  yield* sleep(delay);
  return value;
}

inVirtualTime(
  'for…of gives coroutines of the results, in the order of completion (B76)',
  function* (t, loop) {
    const start = loop.time();
    const log: [string, number][] = [];
    for (const next of asCompleted([later(0.15, 'c'), later(0.01, 'a'), later(0.1, 'b')])) {
      t.true(next instanceof Scope);
      const result: string = yield* next;
      log.push([result, Math.round((loop.time() - start) * 1e3)]);
    }
    t.deepEqual(log, [
      ['a', 10],
      ['b', 100],
      ['c', 150],
    ]);
  },
);

inVirtualTime('for await gives the futures that were passed in, done (B76)', function* (t, loop) {
  yield* loop.createTask(async () => {
    const tasks = [3, 1, 2].map((seconds) => loop.createTask(later(seconds, seconds)));
    const order: number[] = [];
    for await (const task of asCompleted(tasks)) {
      t.true(task.done());
      order.push(tasks.indexOf(task));
    }
    t.deepEqual(order, [1, 2, 0]);

    const made: string[] = [];
    for await (const future of asCompleted([later(2, 'coroutine'), () => later(1, 'function')])) {
      t.true(future instanceof Task);
      made.push(future.result());
    }
    t.deepEqual(made, ['function', 'coroutine']);
  });
});

inVirtualTime('errors come out of what is waited for, and the rest goes on (B76)', function* (t, loop) {
  const failing = function* (): Coroutine<string> {
    yield* sleep(1);
    throw BOOM;
  };
  const outcomes: unknown[] = [];
  for (const next of asCompleted<Coroutine<string>>([failing(), later(2, 'after')])) {
    try {
      outcomes.push(yield* next);
    } catch (error) {
      outcomes.push(error);
    }
  }
  t.deepEqual(outcomes, [BOOM, 'after']);
  yield* loop.createTask(async () => {
    for await (const future of asCompleted([loop.createTask(failing())])) {
      t.is(future.exception(), BOOM);
    }
  });
});

inVirtualTime('when the time is up, each that is not done gives TimeoutError (B76)', function* (t, loop) {
  const tasks = [later(0.1, 'a'), later(10, 'b'), later(20, 'c')].map((one) => loop.createTask(one));
  const outcomes: unknown[] = [];
  for (const next of asCompleted(tasks, { timeout: 0.12 })) {
    try {
      outcomes.push(yield* next);
    } catch (error) {
      outcomes.push((error as Error).constructor);
    }
  }
  t.deepEqual(outcomes, ['a', TimeoutError, TimeoutError]);
  t.false(tasks[1]!.done() || tasks[1]!.cancelled());
  yield* loop.createTask(async () => {
    const seen: Task<string>[] = [];
    await t.throwsAsync(
      async () => {
        for await (const future of asCompleted(tasks, { timeout: 5 })) seen.push(future);
      },
      { instanceOf: TimeoutError },
    );
    t.deepEqual(seen, [tasks[0]!]);
  });
  for (const task of tasks) task.cancel();
  yield* gather(...tasks, { returnExceptions: true });
});

inVirtualTime('a timeout that is not reached leaves nothing behind (B76)', function* (t, loop) {
  const results: string[] = [];
  for (const next of asCompleted([later(0.1, 'a'), later(0.1, 'b')], { timeout: 1 }))
    results.push(yield* next);
  t.deepEqual(results.sort(), ['a', 'b']);
  const before = loop.time();
  yield* sleep(0);
  t.is(loop.time(), before);
});

inVirtualTime('the iterator can be left and taken up again (B76)', function* (t) {
  const iterator = asCompleted([later(1, 'a'), later(3, 'c'), later(2, 'b')]);
  const results: string[] = [];
  for (const next of iterator) {
    results.push(yield* next);
    break;
  }
  yield* sleep(10);
  for (const next of iterator) results.push(yield* next);
  t.deepEqual(results, ['a', 'b', 'c']);
  t.deepEqual(iterator.next(), { done: true, value: undefined });
});

inLoop('coroutines may be waited for at once, first come first served (B76)', function* (t, loop) {
  const [first, second] = [loop.createFuture<string>(), loop.createFuture<string>()];
  const waiting = [...asCompleted([first, second])].map((next) => loop.createTask(next));
  yield* sleep(0);
  second.setResult('second');
  yield* sleep(0);
  first.setResult('first');
  t.deepEqual(yield* gather(...waiting), ['second', 'first']);
});

inLoop('a wait that is cancelled leaves its turn to another (B76)', function* (t, loop) {
  const futures = [loop.createFuture<string>(), loop.createFuture<string>()];
  const [one, other] = [...asCompleted(futures)].map((next) => loop.createTask(next)) as [
    Task<string>,
    Task<string>,
  ];
  yield* sleep(0);
  futures[1]!.setResult('result');
  // Cancelled in the turn in which it was woken.
  yield* sleep(0);
  one.cancel();
  t.true((yield* thrownBy(() => one)) instanceof CancelledError);
  t.is(yield* other, 'result');
  futures[0]!.cancel();
});

inLoop('duplicates count once, done ones are given, nothing gives nothing (B76)', function* (t, loop) {
  const task = loop.createTask(give('ham'));
  const coroutine = give('spam');
  const results: string[] = [];
  for (const next of asCompleted([coroutine, task, coroutine, task])) results.push(yield* next);
  t.deepEqual(results.sort(), ['ham', 'spam']);
  const again: string[] = [];
  for (const next of asCompleted(new Set([task]))) again.push(yield* next);
  t.deepEqual(again, ['ham']);
  t.deepEqual([...asCompleted([])], []);
});

inVirtualTime('a cancel of an async function that iterates ends it (B76)', function* (t, loop) {
  const inner = loop.createTask(later(10, 'late'));
  const task = loop.createTask(async () => {
    for await (const _ of asCompleted([inner]));
  });
  yield* sleep(1);
  task.cancel();
  t.true((yield* thrownBy(() => task)) instanceof CancelledError);
  t.false(inner.done());
  inner.cancel();
});

bothModes('it works on the current loop, running or set (B76)', async (t, bench) => {
  t.throws(() => asCompleted([give(1)]), { instanceOf: RuntimeError, message: /no current event loop/i });
  setEventLoop(bench.loop);
  try {
    const [next] = [...asCompleted([give(42)])];
    t.is(
      await bench.run(function* () {
        return yield* next!;
      }),
      42,
    );
  } finally {
    setEventLoop(null);
  }
});

inLoop('one thing to wait for is no list of them (B76)', function* (t, loop) {
  const wrong = [loop.createFuture<void>(), give(1), give, Promise.resolve()];
  for (const value of wrong as unknown as Future<void>[][]) {
    t.throws(() => asCompleted(value), { instanceOf: TypeError, message: /iterable of awaitables/ });
  }
  t.throws(() => asCompleted([1] as unknown as Future<void>[]), { instanceOf: TypeError });
  t.throws(() => asCompleted([give(1)], { timeout: Number.NaN }), { instanceOf: RangeError });
  yield* sleep(0);
});
