// Lock: order, cancellation races, guards, `with`, and the loop that it belongs to.

import { inspect } from 'node:util';
import test from 'ava';
import { CancelledError, type EventLoop, Lock, newEventLoop, RuntimeError, sleep, type Task } from 'mioloop';
import { failure, thrown } from './support/failure.js';
import { loopTurns } from './support/internals.js';
import { bothModes, inLoop } from './support/modes.js';

/** A task that acquires, notes its name, and keeps the lock. */
function taker(loop: EventLoop, lock: Lock, name: string, log: string[]): Task<boolean> {
  return loop.createTask(function* () {
    yield* lock.acquire();
    log.push(name);
    return true;
  });
}

inLoop('a lock prints its state and how many wait (B84)', function* (t, loop) {
  const lock = new Lock();
  t.is(String(lock), '<Lock [unlocked]>');
  yield* lock.acquire();
  t.is(inspect(lock), '<Lock [locked]>');
  const task = taker(loop, lock, 'a', []);
  yield* sleep(0);
  t.is(`${lock}`, '<Lock [locked, waiters:1]>');
  lock.release();
  yield* task;
  t.is(String(lock), '<Lock [locked]>');
});

inLoop('those who wait get the lock one by one, in the order of asking (B84)', function* (t, loop) {
  const lock = new Lock();
  const log: string[] = [];
  yield* lock.acquire();
  const tasks = ['a', 'b'].map((name) => taker(loop, lock, name, log));
  yield* sleep(0);
  t.deepEqual(log, []);
  lock.release();
  yield* sleep(0);
  t.deepEqual(log, ['a']);
  yield* sleep(0);
  t.deepEqual(log, ['a']);
  tasks.push(taker(loop, lock, 'c', log));
  lock.release();
  yield* sleep(0);
  t.deepEqual(log, ['a', 'b']);
  lock.release();
  yield* sleep(0);
  t.deepEqual(log, ['a', 'b', 'c']);
  t.true(tasks.every((task) => task.result()));
});

inLoop('a free lock that others were woken for is not taken before them (B84)', function* (t, loop) {
  const lock = new Lock();
  const log: string[] = [];
  yield* lock.acquire();
  loop.createTask(function* () {
    using _guard = yield* lock.acquire();
    log.push('first');
  });
  yield* sleep(0);
  lock.release();
  t.false(lock.locked());
  yield* lock.acquire();
  t.deepEqual(log, ['first']);
});

inLoop('cancel() of one that waits takes it out of the line (B84)', function* (t, loop) {
  const lock = new Lock();
  yield* lock.acquire();
  const task = taker(loop, lock, 'a', []);
  loop.callSoon(() => task.cancel('enough'));
  const error = yield* failure(task);
  t.true(error instanceof CancelledError);
  t.is((error as Error).message, 'enough');
  t.is(String(lock), '<Lock [locked]>');
});

inLoop('a release in the turn of a cancel goes to the next in the line (B84)', function* (t, loop) {
  const lock = new Lock();
  function* hold(blocker?: ReturnType<EventLoop['createFuture']>) {
    const guard = yield* lock.acquire();
    try {
      if (blocker !== undefined) yield* blocker;
    } finally {
      guard.release();
    }
  }
  const blocker = loop.createFuture<unknown>();
  const a = loop.createTask(hold(blocker));
  yield* sleep(0);
  const b = loop.createTask(hold());
  const c = loop.createTask(hold());
  yield* sleep(0);
  t.is(String(lock), '<Lock [locked, waiters:2]>');
  blocker.setResult(undefined);
  b.cancel();
  t.is(String(lock), '<Lock [locked, waiters:2]>', 'it leaves in its own step');
  yield* sleep(0);
  t.false(lock.locked());
  t.true(a.done());
  t.true(b.cancelled());
  yield* c;
  t.false(lock.locked());
});

inLoop('a cancel before the release does not let two have the lock (B84)', function* (t, loop) {
  const lock = new Lock();
  const log: string[] = [];
  yield* lock.acquire();
  const [first, second, third] = ['a', 'b', 'c'].map((name) => taker(loop, lock, name, log));
  yield* sleep(0);
  loop.callSoon(() => {
    first!.cancel();
    lock.release();
  });
  t.true((yield* failure(first!)) instanceof CancelledError);
  t.deepEqual(log, ['b']);
  t.true(second!.done());
  third!.cancel();
  yield* sleep(0);
  t.true(third!.cancelled());
});

inLoop('one that was woken and then cancelled passes the lock on (B84)', function* (t, loop) {
  const lock = new Lock();
  const log: string[] = [];
  yield* lock.acquire();
  const b = taker(loop, lock, 'b', log);
  yield* sleep(0);
  const c = taker(loop, lock, 'c', log);
  yield* sleep(0);
  lock.release();
  b.cancel();
  yield* sleep(0);
  t.true(b.cancelled());
  t.false(lock.locked());
  yield* c;
  t.deepEqual(log, ['c']);
});

inLoop('release() of a free lock is an error (B84)', function* (t) {
  const lock = new Lock();
  const error = thrown(() => lock.release());
  t.true(error instanceof RuntimeError);
  t.like(error as RuntimeError, { message: 'Lock is not acquired.', code: 'ERR_NOT_ACQUIRED' });
  const guard = yield* lock.acquire();
  lock.release();
  t.false(lock.locked());
  t.like(thrown(() => guard.release()) as RuntimeError, { code: 'ERR_NOT_ACQUIRED' });
});

inLoop('a guard releases once, by using or by release()', function* (t) {
  const lock = new Lock();
  {
    using guard = yield* lock.acquire();
    t.true(lock.locked());
    t.truthy(guard);
  }
  t.false(lock.locked());
  {
    using guard = yield* lock.acquire();
    guard.release();
    t.false(lock.locked());
    yield* lock.acquire();
    t.like(thrown(() => guard.release()) as RuntimeError, { code: 'ERR_NOT_ACQUIRED' });
  }
  t.true(lock.locked(), 'the guard has let go before: this is the next one');
});

inLoop('with() releases after a result, an error and a cancel, and costs no turn (B84)', function* (t, loop) {
  const lock = new Lock();
  const start = loopTurns(loop);
  const result = yield* lock.with(function* () {
    yield* new Lock().acquire();
    t.true(lock.locked());
    return 7;
  });
  t.is(result, 7);
  t.is(yield* lock.with(() => 'plain'), 'plain');
  const error = new Error('inside');
  const failing = lock.with(function* () {
    yield* new Lock().acquire();
    throw error;
  });
  t.is(yield* failure(failing), error);
  t.false(lock.locked());
  t.is(loopTurns(loop), start);
  const task = loop.createTask(function* () {
    yield* lock.with(function* () {
      yield* sleep(3600);
    });
  });
  yield* sleep(0);
  t.true(lock.locked());
  task.cancel();
  yield* failure(task);
  t.false(lock.locked());
});

inLoop('with() of an async function belongs to the task that calls it', function* (t, loop) {
  const lock = new Lock();
  const log: string[] = [];
  const worker = (name: string) =>
    loop.createTask(async () => {
      const result = await lock.with(async () => {
        log.push(`${name} in`);
        try {
          await sleep(name === 'cancelled' ? 3600 : 0);
        } catch (error) {
          await sleep(0);
          log.push(`${name} cleaned up, lock ${lock.locked() ? 'held' : 'free'}`);
          throw error;
        }
        return name;
      });
      log.push(`${result} out`);
    });
  const first = worker('first');
  const cancelled = worker('cancelled');
  const last = worker('last');
  yield* first;
  yield* sleep(0);
  cancelled.cancel();
  t.true((yield* failure(cancelled)) instanceof CancelledError);
  yield* last;
  t.deepEqual(log, [
    'first in',
    'first out',
    'cancelled in',
    'cancelled cleaned up, lock held',
    'last in',
    'last out',
  ]);
  t.false(lock.locked());
});

inLoop('with() of a function that gives a promise holds the lock until that is done', function* (t, loop) {
  const lock = new Lock();
  const log: string[] = [];
  const save = async (name: string): Promise<string> => {
    log.push(`${name} in`);
    await sleep(0);
    await sleep(0);
    log.push(`${name} out`);
    return name;
  };
  const tasks = ['a', 'b'].map((name) =>
    loop.createTask(async () => {
      t.is(await lock.with(() => save(name)), name);
    }),
  );
  for (const task of tasks) yield* task;
  t.deepEqual(log, ['a in', 'a out', 'b in', 'b out']);
  // A cancel reaches what the promise's own code awaits, also after a wait for the lock.
  const guard = yield* lock.acquire();
  const forever = async (): Promise<void> => {
    await sleep(3600);
  };
  const task = loop.createTask(async () => {
    await lock.with(() => forever());
  });
  yield* sleep(0);
  guard.release();
  yield* sleep(0);
  yield* sleep(0);
  task.cancel();
  t.true((yield* failure(task)) instanceof CancelledError);
  t.false(lock.locked());
});

inLoop('await gives the lock in the same turn as yield* (B84)', function* (t, loop) {
  const lock = new Lock();
  const log: [name: string, turn: number][] = [];
  yield* lock.acquire();
  const note = (name: string): void => {
    log.push([name, loopTurns(loop)]);
  };
  loop.createTask(function* () {
    yield* lock.acquire();
    note('generator');
    lock.release();
  });
  const asyncTask = loop.createTask(async () => {
    const guard = await lock.acquire();
    note('async');
    guard.release();
  });
  const last = loop.createTask(function* () {
    using _guard = yield* lock.acquire();
    note('last');
  });
  yield* sleep(0);
  const start = loopTurns(loop);
  lock.release();
  yield* last;
  t.true(asyncTask.done());
  t.deepEqual(log, [
    ['generator', start + 1],
    ['async', start + 2],
    ['last', start + 3],
  ]);
});

inLoop('async functions: a cancel after the wake-up passes the lock on (B84)', function* (t, loop) {
  const lock = new Lock();
  yield* lock.acquire();
  const waiting = loop.createTask(async () => {
    await lock.acquire();
  });
  const next = loop.createTask(async () => {
    await lock.acquire();
    return 'next';
  });
  yield* sleep(0);
  lock.release();
  waiting.cancel('late');
  t.is(((yield* failure(waiting)) as Error).message, 'late');
  t.true(waiting.cancelled());
  t.is(yield* next, 'next');
});

inLoop('an acquisition that nobody awaits takes its turn, and can be cancelled', function* (t) {
  const lock = new Lock();
  const first = lock.acquire();
  const second = lock.acquire();
  const third = lock.acquire();
  t.true(first.done());
  t.false(second.done());
  t.true(second.cancel('no'));
  t.false(second.done(), 'it ends in its own step');
  lock.release();
  yield* sleep(0);
  t.true(second.cancelled());
  t.false(second.cancel());
  yield* third;
  t.true(lock.locked());
  t.false(first.cancel());
});

inLoop('destructuring an acquisition is an error, and it goes on by itself', function* (t) {
  const lock = new Lock();
  yield* lock.acquire();
  const waiting = lock.acquire();
  const error = thrown(() => {
    const [guard] = waiting as unknown as unknown[];
    return guard;
  });
  t.like(error as RuntimeError, { code: 'ERR_NOT_AWAITED' });
  lock.release();
  yield* sleep(0);
  t.true(waiting.done());
});

inLoop('a generator that is closed while it waits leaves the line', function* (t, loop) {
  const lock = new Lock();
  yield* lock.acquire();
  function* waits() {
    yield* lock.acquire();
  }
  const coroutine = waits();
  const closed = loop.createTask(coroutine);
  yield* sleep(0);
  t.is(String(lock), '<Lock [locked, waiters:1]>');
  coroutine.return();
  t.is(String(lock), '<Lock [locked]>');
  yield* closed;
  const task = taker(loop, lock, 'next', []);
  yield* sleep(0);
  lock.release();
  yield* task;
  t.is(yield* closed, undefined);
});

inLoop('two tasks may wait for the same acquisition', function* (t, loop) {
  const lock = new Lock();
  yield* lock.acquire();
  const waiting = lock.acquire();
  const log: string[] = [];
  waiting.addDoneCallback(() => log.push('callback'));
  const tasks = ['a', 'b'].map((name) =>
    loop.createTask(function* () {
      yield* waiting;
      log.push(name);
    }),
  );
  tasks.push(
    loop.createTask(async () => {
      await waiting;
      log.push('c');
    }),
  );
  yield* sleep(0);
  lock.release();
  for (const task of tasks) yield* task;
  t.deepEqual(log.sort(), ['a', 'b', 'c', 'callback']);
});

bothModes('a lock belongs to the loop in which somebody waited first (B84)', async (t, bench) => {
  const lock = new Lock();
  const { loop } = bench;
  await bench.run(function* () {
    yield* lock.acquire();
    const waiting = lock.acquire();
    lock.release();
    yield* waiting;
  });
  const other = newEventLoop();
  try {
    await other.runUntilComplete(function* () {
      // Nobody has to wait: the loop does not matter yet.
      lock.release();
      yield* lock.acquire();
      const error = yield* failure(lock.acquire());
      t.true(error instanceof RuntimeError);
      t.like(error as RuntimeError, { code: 'ERR_OTHER_LOOP' });
      t.regex((error as Error).message, /^<Lock \[locked\]> is bound to a different event loop/);
      t.like((yield* failure(lock.with(function* () {}))) as Error, { code: 'ERR_OTHER_LOOP' });
    });
  } finally {
    other.close();
  }
  t.false(loop.isClosed());
});

test.serial('outside of a loop acquire() and with() are errors', async (t) => {
  const lock = new Lock();
  t.like(thrown(() => lock.acquire()) as Error, { code: 'ERR_NO_RUNNING_LOOP' });
  await t.throwsAsync(lock.with(function* () {}).then(), { code: 'ERR_NO_RUNNING_LOOP' });
  await t.throwsAsync(
    lock.with(async () => {}),
    { code: 'ERR_NO_RUNNING_LOOP' },
  );
  t.false(lock.locked());
});

inLoop('with() of what is no function is a TypeError', function* (t) {
  const lock = new Lock();
  for (const wrong of [undefined, 5, (function* () {})()]) {
    const error = thrown(() => lock.with(wrong as never));
    t.true(error instanceof TypeError);
    t.like(error as Error, { code: 'ERR_INVALID_ARG_TYPE' });
  }
  t.false(lock.locked());
});

inLoop(
  'a lock with ten thousand waiters, half of them cancelled, serves the others in order',
  function* (t, loop) {
    const lock = new Lock();
    yield* lock.acquire();
    const served: number[] = [];
    const tasks = Array.from({ length: 10_000 }, (_, number) =>
      loop.createTask(function* () {
        using _guard = yield* lock.acquire();
        served.push(number);
      }),
    );
    yield* sleep(0);
    for (let number = 0; number < tasks.length; number += 2) tasks[number]!.cancel();
    lock.release();
    yield* tasks.at(-1)!;
    t.deepEqual(
      served,
      Array.from({ length: 5_000 }, (_, index) => 2 * index + 1),
    );
  },
);
