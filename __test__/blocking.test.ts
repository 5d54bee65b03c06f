// What blocking mode can't do, and how it says so: V8 drains no microtasks inside one, and libuv stands still.

import test from 'ava';
import { RuntimeError, runSync, sleep } from 'mioloop';
import { freshLoop } from './support/leaks.js';
import { fromMacrotask } from './support/modes.js';
import { linesOf } from './support/program.js';

test.serial('a generator runs in blocking mode from a microtask', async (t) => {
  await Promise.resolve();
  t.is(runSync(answer), 42);
  t.is(runSync(answer()), 42);
  t.is(
    runSync(() => answer()),
    42,
  );
});

test.serial(
  'an async function in blocking mode from a microtask fails at once and says what to do',
  async (t) => {
    await Promise.resolve();
    let log = '';
    const error = t.throws(
      () =>
        runSync(async () => {
          log += 'begun';
          await sleep(0);
          log += 'never';
        }),
      { instanceOf: RuntimeError },
    );
    t.true(error.message.includes('setImmediate(() => runSync('), error.message);
    await fromMacrotask(() => undefined);
    t.false(log.includes('never'));
  },
);

test.serial('in the body of an ES module generators run, and an async function fails at once', async (t) => {
  const lines = await linesOf(`
    import { runSync, sleep } from 'mioloop';
    console.log(runSync(function* () { yield* sleep(0.001); return 'a generator runs'; }));
    try {
      runSync(async () => { await sleep(0); });
    } catch (error) {
      console.log(error.name, error.message.includes('setImmediate(() => runSync('));
    }
    setImmediate(() => {
      console.log(runSync(async () => { await sleep(0.001); return 'an async function runs later'; }));
    });
  `);
  t.deepEqual(lines, ['a generator runs', 'RuntimeError true', 'an async function runs later']);
});

test.serial(
  'a wait that only libuv could end is an error in blocking mode, and names the task',
  async (t) => {
    const waits: (() => Promise<unknown>)[] = [
      async () => new Promise(() => undefined),
      async () => (await import('node:fs/promises')).readFile('/dev/null'),
      async () => new Promise((resolve) => setTimeout(resolve, 1)),
    ];
    for (const wait of waits) {
      const loop = freshLoop();
      const task = () => loop.createTask(wait, { name: 'the waiting one' });
      await t.throwsAsync(
        fromMacrotask(() => loop.runUntilCompleteSync(task())),
        { instanceOf: RuntimeError, message: /the waiting one/ },
      );
      loop.close();
    }
  },
);

function* answer() {
  yield* sleep(0);
  return 42;
}
