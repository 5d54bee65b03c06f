// currentTask and allTasks: between interleaved tasks, after every kind of await, in callbacks; in both modes.

import { readFile } from 'node:fs/promises';
import test from 'ava';
import {
  allTasks,
  ContextVar,
  type Coroutine,
  currentTask,
  getRunningLoop,
  RuntimeError,
  sleep,
  type Task,
} from 'mioloop';
import { freshLoop } from './support/leaks.js';
import { bothModes, inLoop } from './support/modes.js';
import { errorOf } from './support/outcomes.js';

const NONE = { instanceOf: RuntimeError, message: 'no running event loop' };

test.serial('without a running loop the loop has to be given (B70)', (t) => {
  t.throws(() => currentTask(), NONE);
  t.throws(() => allTasks(), NONE);
  const loop = freshLoop();
  t.is(currentTask(loop), null);
  t.deepEqual(allTasks(loop), new Set());
  loop.close();
});

inLoop('each of interleaved generators is the current task in its own steps (B70)', function* (t, loop) {
  const seen: [name: string, task: Task<unknown> | null][] = [];
  function* steps(name: string): Coroutine<void> {
    for (let step = 0; step < 3; step++) {
      seen.push([name, currentTask()]);
      yield* sleep(0);
      yield* nested(name);
    }
  }
  function* nested(name: string): Coroutine<void> {
    seen.push([name, currentTask()]);
    yield* sleep(0);
  }
  const me = currentTask();
  const tasks = { a: loop.createTask(steps('a')), b: loop.createTask(steps('b')) };
  t.is(currentTask(), me);
  yield* tasks.a;
  yield* tasks.b;
  t.is(seen.length, 12);
  for (const [name, task] of seen) t.is(task, tasks[name as 'a' | 'b']);
  t.is(currentTask(), me);
});

bothModes('an async function is the current task after each await (B70)', async (t, { loop, run }) => {
  const seen: (Task<unknown> | null)[] = [];
  const look = (): void => {
    seen.push(currentTask());
  };
  const main = async (): Promise<void> => {
    look();
    await sleep(0);
    look();
    await Promise.resolve();
    look();
    await null;
    look();
    const future = loop.createFuture<void>();
    loop.callSoon(() => future.setResult());
    await future;
    look();
    await Promise.all([sleep(0), sleep(0.001)]);
    look();
    await new Promise<void>((resolve) => process.nextTick(resolve));
    look();
    await nested();
    look();
    try {
      await Promise.reject(new Error('boom'));
    } catch {
      look();
    }
    for await (const _ of asyncGenerator()) look();
  };
  const nested = async (): Promise<void> => {
    look();
    await sleep(0);
    look();
  };
  async function* asyncGenerator() {
    look();
    yield 1;
    await sleep(0);
    look();
  }
  const tasks = [loop.createTask(main), loop.createTask(main)];
  await run(function* () {
    for (const task of tasks) yield* task;
  });
  t.is(seen.length, 28);
  for (const task of tasks) t.is(seen.filter((one) => one === task).length, 14);
});

/** Before, it is known behind every `await`, but not in callbacks of Node's own. */
const FOLLOWS_CALLBACKS = Number.parseInt(process.versions.node, 10) >= 24;

test.serial(
  'hosted: it is right behind promises of Node, and from Node 24 on in its callbacks (B70)',
  async (t) => {
    const loop = freshLoop();
    const tag = new ContextVar<string>('tag');
    const seen: [Task<unknown> | null, string, boolean][] = [];
    const look = (): void => {
      seen.push([currentTask(), tag.get('unset'), getRunningLoop() === loop]);
    };
    const main = (name: string) => async (): Promise<void> => {
      tag.set(name);
      look();
      await readFile('/dev/null');
      look();
      await new Promise<void>((resolve) => {
        setTimeout(() => {
          if (FOLLOWS_CALLBACKS) look();
          resolve();
        }, 1);
      });
      look();
      await new Promise<void>((resolve) => {
        setImmediate(() => {
          if (FOLLOWS_CALLBACKS) look();
          resolve();
        });
      });
      look();
      tag.set(`${name}, changed`);
      await readFile('/dev/null');
      look();
    };
    const tasks = ['a', 'b'].map((name) => loop.createTask(main(name)));
    await loop.runUntilComplete(function* () {
      for (const task of tasks) yield* task;
    });
    for (const [index, task] of tasks.entries()) {
      const name = 'ab'[index]!;
      const own = seen.filter(([one]) => one === task);
      t.deepEqual(
        own.map(([, value]) => value),
        [...new Array(FOLLOWS_CALLBACKS ? 6 : 4).fill(name), `${name}, changed`],
      );
      t.true(own.every(([, , same]) => same));
    }
    t.is(seen.length, FOLLOWS_CALLBACKS ? 14 : 10);
    t.is(tag.get('unset'), 'unset');
    loop.close();
  },
);

inLoop('callbacks of the loop have no task (B70)', function* (t, loop) {
  const seen: unknown[] = [];
  const look = (): void => {
    seen.push(currentTask());
  };
  const future = loop.createFuture<void>();
  loop.callSoon(look);
  loop.callLater(-1, look);
  loop.callSoonThreadsafe(look);
  future.addDoneCallback(look);
  future.setResult();
  const asyncTask = loop.createTask(async () => {
    loop.callSoon(look);
    await sleep(0);
    loop.callSoon(look);
    await Promise.resolve();
    loop.callLater(-1, look);
    await sleep(0);
  });
  yield* asyncTask;
  yield* sleep(0);
  yield* sleep(0);
  t.deepEqual(seen, new Array(7).fill(null));
});

inLoop('an async callback has no task either, before and after its awaits (B70)', function* (t, loop) {
  const seen: unknown[] = [];
  const ended = loop.createFuture<void>();
  loop.callSoon(async () => {
    seen.push(currentTask());
    await sleep(0);
    seen.push(currentTask());
    await Promise.resolve();
    seen.push(currentTask());
    ended.setResult();
  });
  yield* ended;
  t.deepEqual(seen, [null, null, null]);
});

bothModes('behind an error or an exit nothing is the current task (B70)', async (t, { loop, run }) => {
  const failed = loop.createTask(function* () {
    yield* sleep(0);
    throw new Error('boom');
  });
  const seen: unknown[] = [];
  failed.addDoneCallback(() => seen.push(currentTask()));
  await t.throwsAsync(run(failed), { message: 'boom' });
  t.deepEqual(seen, [null]);
  t.is(currentTask(loop), null);
  t.throws(() => currentTask(), NONE);
});

inLoop('allTasks() are those that are not done, also while they are cancelled (B70)', function* (t, loop) {
  const me = currentTask()!;
  t.deepEqual(allTasks(), new Set([me]));
  const waiting = loop.createTask(function* () {
    try {
      yield* sleep(3600);
    } finally {
      yield* sleep(0);
    }
  });
  const asyncTask = loop.createTask(async () => {
    await sleep(0);
  });
  t.deepEqual(allTasks(loop), new Set([me, waiting, asyncTask]));
  t.is(allTasks().size, 3);
  yield* asyncTask;
  t.deepEqual(allTasks(), new Set([me, waiting]));
  waiting.cancel();
  t.true(allTasks().has(waiting));
  yield* errorOf(waiting);
  t.deepEqual(allTasks(), new Set([me]));
  // A copy each time: changing it changes nothing.
  allTasks().clear();
  t.is(allTasks().size, 1);
});

bothModes('a loop knows its own tasks only (B70)', async (t, { loop, run }) => {
  const other = freshLoop();
  await run(function* () {
    const task = loop.createTask(function* () {
      yield* sleep(0);
    });
    t.is(currentTask(other), null);
    t.deepEqual(allTasks(other), new Set());
    yield* task;
  });
  other.close();
});
