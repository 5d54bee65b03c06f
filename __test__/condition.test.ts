// Condition: notifications, the lock around them, and what a cancel does to both.

import { inspect } from 'node:util';
import {
  CancelledError,
  Condition,
  type Coroutine,
  type EventLoop,
  Lock,
  newEventLoop,
  RuntimeError,
  sleep,
} from 'mioloop';
import { failure, thrown } from './support/failure.js';
import { turns } from './support/hall.js';
import { bothModes, inLoop } from './support/modes.js';

/** A task that waits once, notes its name, and keeps the lock, or releases it. */
function waiter(loop: EventLoop, condition: Condition, log: unknown[], name: unknown, releases: boolean) {
  return loop.createTask(function* () {
    yield* condition.acquire();
    if (yield* condition.wait()) log.push(name);
    if (releases) condition.release();
    return true;
  });
}

inLoop('a condition prints the state of its lock and how many wait (B84)', function* (t, loop) {
  const condition = new Condition();
  t.is(String(condition), '<Condition [unlocked]>');
  const tasks = [1, 2].map((name) => waiter(loop, condition, [], name, true));
  yield* sleep(0);
  yield* condition.acquire();
  t.is(inspect(condition), '<Condition [locked, waiters:2]>');
  condition.notifyAll();
  condition.release();
  for (const task of tasks) yield* task;
});

inLoop('notify() wakes so many, which go on one by one as they get the lock (B84)', function* (t, loop) {
  const condition = new Condition();
  const log: unknown[] = [];
  const tasks = [1, 2, 3].map((name) => waiter(loop, condition, log, name, false));
  yield* sleep(0);
  t.false(condition.locked());
  yield* condition.acquire();
  condition.notify();
  yield* sleep(0);
  t.deepEqual(log, []);
  condition.release();
  yield* sleep(0);
  t.deepEqual(log, [1]);
  t.true(condition.locked());
  condition.notify(2);
  yield* sleep(0);
  t.deepEqual(log, [1]);
  condition.release();
  yield* sleep(0);
  t.deepEqual(log, [1, 2]);
  condition.release();
  yield* sleep(0);
  t.deepEqual(log, [1, 2, 3]);
  t.true(tasks.every((task) => task.result()));
});

inLoop('notify(n) of more than wait, and notifyAll(), wake all (B84)', function* (t, loop) {
  const condition = new Condition();
  const log: unknown[] = [];
  const all = (names: number[]) => names.map((name) => waiter(loop, condition, log, name, true));
  const tasks = all([1, 2, 3]);
  yield* sleep(0);
  yield* condition.with(() => condition.notify(0));
  yield* turns(2);
  t.deepEqual(log, []);
  yield* condition.with(() => condition.notify(1));
  yield* sleep(0);
  t.deepEqual(log, [1]);
  yield* condition.with(() => {
    condition.notify(1);
    condition.notify(2048);
  });
  yield* turns(2);
  t.deepEqual(log, [1, 2, 3]);
  tasks.push(...all([4, 5]));
  yield* sleep(0);
  yield* condition.with(() => condition.notifyAll());
  for (const task of tasks) yield* task;
  t.deepEqual(log, [1, 2, 3, 4, 5]);
});

inLoop(
  'waitFor() gives what the predicate gives, and asks it at every notification (B84)',
  function* (t, loop) {
    const condition = new Condition();
    const answers: unknown[] = [false, 0, 'yes'];
    const task = loop.createTask(function* () {
      using _guard = yield* condition.acquire();
      return yield* condition.waitFor(() => answers.shift());
    });
    for (let count = 0; count < 2; count++) {
      yield* turns(2);
      t.false(task.done());
      yield* condition.with(() => condition.notify());
    }
    t.is(yield* task, 'yes');
    t.false(condition.locked());
  },
);

inLoop('without the lock wait(), notify() and notifyAll() are errors (B84)', function* (t) {
  const condition = new Condition();
  t.deepEqual(yield* condition.waitFor(() => [1, 2, 3]), [1, 2, 3], 'it does not have to wait');
  for (const error of [
    yield* failure(condition.wait()),
    yield* failure(condition.waitFor(() => false)),
    thrown(() => condition.notify()),
    thrown(() => condition.notifyAll()),
  ]) {
    t.true(error instanceof RuntimeError);
    t.like(error as Error, { code: 'ERR_NOT_ACQUIRED' });
    t.regex((error as Error).message, /^cannot (wait|notify) on un-acquired lock$/);
  }
});

inLoop('a cancelled wait() takes the lock again before the error comes (B84)', function* (t, loop) {
  const condition = new Condition();
  let error: unknown;
  let isLocked = false;
  const task = loop.createTask(function* () {
    using _guard = yield* condition.acquire();
    error = yield* failure(condition.wait());
    isLocked = condition.locked();
    throw error;
  });
  yield* sleep(0);
  const guard = yield* condition.acquire();
  task.cancel('foo');
  yield* turns(3);
  t.false(task.done(), 'the lock is held by main');
  guard.release();
  const outcome = yield* failure(task);
  t.true(outcome instanceof CancelledError);
  t.is((outcome as Error).message, 'foo');
  t.is(outcome, error, 'the very error');
  t.true(isLocked);
  t.is(String(condition), '<Condition [unlocked]>');
});

inLoop('a cancel while the lock is taken again comes out when it is held (B84)', function* (t, loop) {
  const condition = new Condition();
  let isAwake = false;
  let error: unknown;
  const task = loop.createTask(function* () {
    using _guard = yield* condition.acquire();
    error = yield* failure(condition.waitFor(() => isAwake));
    t.true(condition.locked());
    throw error;
  });
  yield* sleep(0);
  yield* condition.acquire();
  isAwake = true;
  condition.notify();
  yield* sleep(0);
  task.cancel('first');
  yield* sleep(0);
  task.cancel('foo');
  condition.release();
  const outcome = yield* failure(task);
  t.is((outcome as Error).message, 'foo');
  t.is(outcome, error);
});

inLoop('a contested lock: a cancel behind the notification leaves the lock held (B84)', function* (t, loop) {
  const condition = new Condition();
  yield* condition.acquire();
  const task = loop.createTask(function* () {
    return yield* condition.wait();
  });
  yield* sleep(0);
  t.false(condition.locked());
  yield* condition.acquire();
  condition.notify();
  loop.callSoon(() => task.cancel());
  loop.callSoon(() => condition.release());
  t.true((yield* failure(task)) instanceof CancelledError);
  t.true(condition.locked());
});

for (const [when, settle] of [
  ['before its turn', 0],
  ['while it takes the lock again', 1],
] as const) {
  inLoop(`a notified one that is cancelled ${when} passes the notification on (B84)`, function* (t, loop) {
    const condition = new Condition();
    let items = 0;
    function* consumer(): Coroutine<void> {
      using _guard = yield* condition.acquire();
      for (;;) {
        yield* condition.waitFor(() => items !== 0);
        if (items < 0) return;
        items -= 1;
      }
    }
    const [first, second] = [loop.createTask(consumer()), loop.createTask(consumer())];
    yield* sleep(0);
    yield* condition.with(function* () {
      items += 1;
      condition.notify();
      yield* turns(settle);
      first.cancel();
    });
    yield* turns(4);
    t.is(items, 0, 'the other has taken the item');
    t.true(first.cancelled());
    yield* condition.with(() => {
      items = -1;
      condition.notifyAll();
    });
    yield* second;
  });
}

inLoop('async functions wait, are notified and cancelled too (B84)', function* (t, loop) {
  const condition = new Condition();
  const log: string[] = [];
  let items = 0;
  const consumer = (name: string) =>
    loop.createTask(async () => {
      await condition.with(async () => {
        try {
          await condition.waitFor(() => items > 0);
          items -= 1;
          log.push(`${name} took one`);
        } finally {
          log.push(`${name} leaves, ${condition.locked() ? 'locked' : 'unlocked'}`);
        }
      });
    });
  const tasks = ['a', 'b', 'c'].map(consumer);
  yield* sleep(0);
  yield* condition.with(() => {
    items = 1;
    condition.notify();
  });
  tasks[0]!.cancel();
  t.true((yield* failure(tasks[0]!)) instanceof CancelledError);
  yield* tasks[1]!;
  t.deepEqual(log, ['a leaves, locked', 'b took one', 'b leaves, locked']);
  tasks[2]!.cancel();
  t.true((yield* failure(tasks[2]!)) instanceof CancelledError);
  t.false(condition.locked());
});

inLoop('several conditions may share a lock (B84)', function* (t) {
  const lock = new Lock();
  const full = new Condition(lock);
  const free = new Condition(lock);
  yield* full.with(() => {
    t.true(lock.locked());
    t.true(free.locked());
  });
  using _guard = yield* lock.acquire();
  t.true(full.locked());
  free.notify();
});

inLoop('wrong arguments are TypeErrors that say what is expected', function* (t) {
  const condition = new Condition();
  yield* condition.acquire();
  for (const [call, says] of [
    [() => new Condition({} as never), /Lock/],
    [() => condition.notify('1' as never), /number/],
    [() => condition.waitFor(undefined as never), /predicate/],
    [() => condition.with(5 as never), /function/],
  ] as const) {
    const error = thrown(call) as Error;
    t.true(error instanceof TypeError);
    t.like(error, { code: 'ERR_INVALID_ARG_TYPE' });
    t.regex(error.message, says);
  }
  const error = yield* failure(condition.waitFor(async () => true));
  t.true(error instanceof TypeError);
  t.regex((error as Error).message, /promise/);
  t.true(condition.locked());
});

bothModes('a condition belongs to the loop in which somebody waited first (B84)', async (t, bench) => {
  const condition = new Condition();
  await bench.run(function* () {
    yield* condition.acquire();
    const waiting = condition.wait();
    yield* condition.acquire();
    condition.notify();
    condition.release();
    yield* waiting;
  });
  const other = newEventLoop();
  try {
    await other.runUntilComplete(function* () {
      const error = yield* failure(condition.wait());
      t.like(error as Error, { code: 'ERR_OTHER_LOOP' });
      t.regex((error as Error).message, /^<Condition \[locked\]> is bound to a different event loop/);
      t.true(condition.locked(), 'it has not been released');
    });
  } finally {
    other.close();
  }
});
