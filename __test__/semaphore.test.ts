// Semaphore and BoundedSemaphore: the counter, order, and cancellation races.

import { inspect } from 'node:util';
import { BoundedSemaphore, CancelledError, type EventLoop, newEventLoop, Semaphore, sleep } from 'mioloop';
import { failure, thrown } from './support/failure.js';
import { turns } from './support/hall.js';
import { loopTurns } from './support/internals.js';
import { bothModes, inLoop } from './support/modes.js';

/** A task that acquires and notes its name. */
function taker(loop: EventLoop, semaphore: Semaphore, log: unknown[], name: unknown) {
  return loop.createTask(function* () {
    yield* semaphore.acquire();
    log.push(name);
    return true;
  });
}

inLoop('a semaphore prints its counter and how many wait (B84)', function* (t) {
  const semaphore = new Semaphore();
  t.is(String(semaphore), '<Semaphore [unlocked, value:1]>');
  yield* semaphore.acquire();
  t.is(inspect(semaphore), '<Semaphore [locked]>');
  const waiting = [semaphore.acquire(), semaphore.acquire()];
  t.is(String(semaphore), '<Semaphore [locked, waiters:2]>');
  for (const each of waiting) each.cancel();
  yield* sleep(0);
  t.is(String(new BoundedSemaphore(3)), '<BoundedSemaphore [unlocked, value:3]>');
  t.true(new Semaphore(0).locked());
});

inLoop('as many as the counter says go on, the others when it is released (B84)', function* (t, loop) {
  const semaphore = new Semaphore(3);
  const log: unknown[] = [];
  yield* semaphore.acquire();
  yield* semaphore.acquire();
  t.false(semaphore.locked());
  const tasks = [1, 2, 3].map((name) => taker(loop, semaphore, log, name));
  yield* sleep(0);
  t.deepEqual(log, [1]);
  t.is(String(semaphore), '<Semaphore [locked, waiters:2]>');
  tasks.push(taker(loop, semaphore, log, 4));
  semaphore.release();
  semaphore.release();
  yield* sleep(0);
  t.deepEqual(log, [1, 2, 3]);
  t.is(String(semaphore), '<Semaphore [locked, waiters:1]>');
  semaphore.release();
  for (const task of tasks) t.true(yield* task);
});

inLoop('cancelled ones are passed over (B84)', function* (t, loop) {
  const semaphore = new Semaphore(0);
  const tasks = [1, 2, 3, 4].map((name) => taker(loop, semaphore, [], name));
  yield* sleep(0);
  tasks[0]!.cancel();
  tasks[1]!.cancel();
  semaphore.release();
  yield* turns(2);
  t.deepEqual(
    tasks.map((task) => task.done()),
    [true, true, true, false],
  );
  t.true(tasks[2]!.result());
  t.true(semaphore.locked());
  tasks[3]!.cancel();
  yield* sleep(0);
  t.true(tasks[3]!.cancelled());
});

inLoop('one that was woken and then cancelled passes it on (B84)', function* (t, loop) {
  const semaphore = new Semaphore(0);
  const log: unknown[] = [];
  const [first, second] = [1, 2].map((name) => taker(loop, semaphore, log, name));
  yield* sleep(0);
  semaphore.release();
  first!.cancel();
  yield* second!;
  t.true(first!.cancelled());
  t.deepEqual(log, [2]);
  t.is(String(semaphore), '<Semaphore [locked]>');
});

inLoop(
  'the only one that waits is cancelled as it is woken: the semaphore is free (B84)',
  function* (t, loop) {
    const semaphore = new Semaphore(1);
    const first = loop.createTask(function* () {
      yield* semaphore.with(() => sleep(0));
      second.cancel();
    });
    const second = loop.createTask(function* () {
      yield* semaphore.with(() => t.fail());
    });
    yield* first;
    t.true((yield* failure(second)) instanceof CancelledError);
    t.false(semaphore.locked());
    yield* semaphore.acquire();
  },
);

inLoop('tasks take turns, nobody is served twice before the others (B84)', function* (t, loop) {
  const semaphore = new Semaphore(1);
  const log: string[] = [];
  const tasks = ['a', 'b', 'c'].map((name) =>
    loop.createTask(function* () {
      for (const round of [1, 2]) {
        yield* semaphore.acquire();
        log.push(`${name}${round}`);
        yield* turns(3);
        semaphore.release();
      }
    }),
  );
  for (const task of tasks) yield* task;
  t.deepEqual(log, ['a1', 'b1', 'c1', 'a2', 'b2', 'c2']);
});

inLoop('who releases and acquires again stands behind those who wait (B84)', function* (t, loop) {
  const semaphore = new Semaphore(1);
  const log: unknown[] = [];
  const tasks = [
    taker(loop, semaphore, log, 1),
    loop.createTask(function* () {
      yield* semaphore.acquire();
      log.push(2);
      semaphore.release();
      yield* semaphore.acquire();
      log.push(4);
      return true;
    }),
    taker(loop, semaphore, log, 3),
  ];
  yield* sleep(0);
  semaphore.release();
  semaphore.release();
  for (const task of tasks) yield* task;
  t.deepEqual(log, [1, 2, 3, 4]);
});

inLoop('one acquisition wakes all that the counter allows by then (B84)', function* (t, loop) {
  const semaphore = new Semaphore(0);
  const log: unknown[] = [];
  const tasks = [
    loop.createTask(function* () {
      yield* semaphore.acquire();
      tasks.push(
        loop.createTask(function* () {
          yield* sleep(0);
          log.push(4);
          return true;
        }),
      );
      log.push(1);
      return true;
    }),
    loop.createTask(function* () {
      for (let count = 0; count < 3; count++) semaphore.release();
      t.true(semaphore.locked(), 'the first has been woken, and is before');
      yield* semaphore.acquire();
      log.push(2);
      return true;
    }),
    taker(loop, semaphore, log, 3),
  ];
  yield* sleep(0);
  t.is(String(semaphore), '<Semaphore [locked, waiters:3]>');
  for (const task of tasks) yield* task;
  t.deepEqual(log, [1, 2, 3, 4]);
});

inLoop('async functions: order, turns and cancels are those of generators (B84)', function* (t, loop) {
  const semaphore = new Semaphore(0);
  const log: [name: string, turn: number][] = [];
  const tasks = ['a', 'b', 'c'].map((name) =>
    loop.createTask(async () => {
      using _guard = await semaphore.acquire();
      log.push([name, loopTurns(loop)]);
      await semaphore.with(async () => undefined).catch(() => undefined);
    }),
  );
  yield* sleep(0);
  const start = loopTurns(loop);
  semaphore.release();
  semaphore.release();
  tasks[0]!.cancel();
  t.true((yield* failure(tasks[0]!)) instanceof CancelledError);
  yield* sleep(0);
  t.deepEqual(log, [
    ['b', start + 1],
    ['c', start + 2],
  ]);
  semaphore.release();
  semaphore.release();
  yield* tasks[1]!;
  yield* tasks[2]!;
});

inLoop('a guard gives back what it took, once (B84)', function* (t) {
  const semaphore = new Semaphore(2);
  {
    using _first = yield* semaphore.acquire();
    using second = yield* semaphore.acquire();
    t.true(semaphore.locked());
    second.release();
    t.is(String(semaphore), '<Semaphore [unlocked, value:1]>');
  }
  t.is(String(semaphore), '<Semaphore [unlocked, value:2]>');
});

inLoop('with() releases whatever happens (B84)', function* (t) {
  const semaphore = new Semaphore(1);
  const error = new Error('inside');
  const failing = semaphore.with(() => {
    t.true(semaphore.locked());
    throw error;
  });
  t.is(yield* failure(failing), error);
  t.is(yield* semaphore.with(() => 7), 7);
  t.false(semaphore.locked());
});

inLoop('release() adds to a Semaphore without end, and not to a bounded one (B84)', function* (t) {
  const semaphore = new Semaphore(1);
  semaphore.release();
  t.is(String(semaphore), '<Semaphore [unlocked, value:2]>');
  const bounded = new BoundedSemaphore(2);
  const error = thrown(() => bounded.release());
  t.true(error instanceof RangeError);
  t.like(error as Error, { message: 'BoundedSemaphore released too many times', code: 'ERR_NOT_ACQUIRED' });
  yield* bounded.acquire();
  bounded.release();
  t.true(thrown(() => bounded.release()) instanceof RangeError);
});

inLoop('an initial value must be a whole number from 0 on (B84)', function* (t) {
  yield* sleep(0);
  for (const Class of [Semaphore, BoundedSemaphore]) {
    for (const wrong of [-1, Number.NaN, 1.5, Number.POSITIVE_INFINITY]) {
      const error = thrown(() => new Class(wrong)) as Error;
      t.true(error instanceof RangeError, `${wrong}`);
      t.regex(error.message, /^Semaphore initial value must be/);
      t.like(error, { code: 'ERR_INVALID_ARG_VALUE' });
    }
    for (const wrong of ['1', null, {}]) {
      const error = thrown(() => new Class(wrong as never)) as Error;
      t.true(error instanceof TypeError);
      t.like(error, { code: 'ERR_INVALID_ARG_TYPE' });
    }
  }
});

bothModes('a semaphore belongs to the loop in which somebody waited first (B84)', async (t, bench) => {
  const semaphore = new Semaphore(0);
  await bench.run(function* () {
    const waiting = semaphore.acquire();
    semaphore.release();
    yield* waiting;
  });
  const other = newEventLoop();
  try {
    await other.runUntilComplete(function* () {
      const error = yield* failure(semaphore.acquire());
      t.like(error as Error, { code: 'ERR_OTHER_LOOP' });
      t.regex((error as Error).message, /^<Semaphore \[locked\]> is bound to a different event loop/);
    });
  } finally {
    other.close();
  }
});

inLoop('many releases of one turn take no longer for those that were woken before', function* (t) {
  const COUNT = 100_000;
  const semaphore = new Semaphore(0);
  const waiting = Array.from({ length: COUNT }, () => semaphore.acquire());
  waiting[1]!.cancel();
  // Where each looked at all those before it, this would take a minute.
  for (let index = 0; index < COUNT; index++) semaphore.release();
  yield* sleep(0);
  t.deepEqual(
    waiting.filter((each) => each.cancelled() || !each.done()),
    [waiting[1]!],
  );
  t.is(String(semaphore), '<Semaphore [unlocked, value:1]>');
});
