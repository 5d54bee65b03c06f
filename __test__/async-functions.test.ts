// Async functions as tasks: they go on in their place in the turn, end runs and are cancelled as coroutines are.

import test from 'ava';
import { CancelledError, getRunningLoop, SystemExit, sleep } from 'mioloop';
import { loopTurns } from './support/internals.js';
import { bothModes, inLoop } from './support/modes.js';
import { linesOf } from './support/program.js';

bothModes('an async function goes on before the next callback of the batch', async (t, bench) => {
  const { loop } = bench;
  const log: string[] = [];
  await bench.run(
    loop.createTask(async () => {
      const future = loop.createFuture<string>();
      loop.callSoon(() => {
        future.setResult('the result');
        loop.callSoon(() => log.push('scheduled behind setResult'));
      });
      log.push(await future);
      await Promise.resolve();
      log.push('after a promise of its own');
      await sleep(0);
      log.push('a turn later');
    }),
  );
  t.deepEqual(log, [
    'the result',
    'after a promise of its own',
    'scheduled behind setResult',
    'a turn later',
  ]);
});

inLoop('async functions and generators take turns, one each', function* (t, loop) {
  const log: [name: string, turn: number][] = [];
  const start = loopTurns(loop);
  const note = (name: string): void => {
    log.push([name, loopTurns(loop) - start]);
  };
  function* generator(name: string) {
    for (let round = 0; round < 3; round++) {
      note(name);
      yield* sleep(0);
    }
  }
  const asyncFunction = (name: string) => async (): Promise<void> => {
    for (let round = 0; round < 3; round++) {
      note(name);
      await sleep(0);
    }
  };
  const tasks = [
    loop.createTask(asyncFunction('a')),
    loop.createTask(generator('b')),
    loop.createTask(asyncFunction('c')),
    loop.createTask(generator('d')),
  ];
  for (const task of tasks) yield* task;
  const expected = [1, 2, 3].flatMap((turn) => ['a', 'b', 'c', 'd'].map((name) => [name, turn]));
  t.deepEqual(log, expected as typeof log);
});

bothModes(
  'an ExitError inside an async function ends the run and is not reported (B10)',
  async (t, bench) => {
    const { loop } = bench;
    const error = new SystemExit('enough');
    const main = async (): Promise<void> => {
      await sleep(0);
      throw error;
    };
    t.is(await t.throwsAsync(bench.run(loop.createTask(main)), { any: true }), error);
    loop.createTask(main);
    t.is(await t.throwsAsync(bench.runForever(), { any: true }), error);
    loop.callSoon(main);
    t.is(await t.throwsAsync(bench.runForever(), { any: true }), error);
    t.false(loop.isRunning());
  },
);

inLoop('cancel() of an async function rejects what it awaits, and it may clean up', function* (t, loop) {
  const log: string[] = [];
  const task = loop.createTask(async () => {
    try {
      await sleep(3600);
    } catch (error) {
      log.push(error instanceof CancelledError ? 'cancelled' : String(error));
      await sleep(0);
      log.push('cleaned up');
      throw error;
    }
  });
  yield* sleep(0);
  t.true(task.cancel());
  try {
    yield* task;
    t.fail();
  } catch (error) {
    t.true(error instanceof CancelledError);
  }
  t.true(task.cancelled());
  t.deepEqual(log, ['cancelled', 'cleaned up']);
});

inLoop('cancel() rejects all the futures that an async function awaits at once', function* (t, loop) {
  const futures = [loop.createFuture<void>(), loop.createFuture<void>()];
  const task = loop.createTask(async () => {
    await Promise.all(futures);
  });
  yield* sleep(0);
  task.cancel();
  try {
    yield* task;
    t.fail();
  } catch (error) {
    t.true(error instanceof CancelledError);
  }
  t.true(futures.every((future) => future.cancelled()));
});

inLoop('a cancel during a foreign promise arrives at the next await of the loop', function* (t, loop) {
  let go = (): void => undefined;
  const foreign = new Promise<void>((resolve) => {
    go = resolve;
  });
  const log: string[] = [];
  const task = loop.createTask(async () => {
    await foreign;
    log.push('not interrupted');
    await loop.createFuture<void>();
    log.push('never');
  });
  yield* sleep(0);
  task.cancel();
  yield* sleep(0);
  yield* sleep(0);
  t.false(task.done());
  go();
  try {
    yield* task;
    t.fail();
  } catch (error) {
    t.true(error instanceof CancelledError);
  }
  t.deepEqual(log, ['not interrupted']);
});

inLoop('an async function that was cancelled and returns first ends cancelled', function* (t, loop) {
  let go = (): void => undefined;
  const foreign = new Promise<void>((resolve) => {
    go = resolve;
  });
  const task = loop.createTask(async () => {
    await foreign;
    return getRunningLoop() === loop;
  });
  yield* sleep(0);
  task.cancel();
  go();
  while (!task.done()) yield* sleep(0);
  t.true(task.cancelled());
});

test.serial('on a host without process._tickCallback async functions keep their order', async (t) => {
  const lines = await linesOf(
    `
    delete process._tickCallback;
    import('mioloop').then(({ newEventLoop, sleep }) => setImmediate(async () => {
      const log = [];
      const loop = newEventLoop();
      const main = async () => {
        const future = loop.createFuture();
        loop.callSoon(() => {
          future.setResult('the result');
          loop.callSoon(() => log.push('scheduled behind setResult'));
        });
        log.push(await future);
        await sleep(0);
        log.push('a turn later');
      };
      try { loop.runUntilCompleteSync(main); } catch (error) { log.push(error.code); }
      await loop.runUntilComplete(main);
      loop.close();
      for (const line of log) console.log(line);
    }));
  `,
    { kind: 'commonjs' },
  );
  // A blocking run has no way to settle promises there, and says so.
  const blocking = 'ERR_BLOCKING_IN_MICROTASK';
  t.deepEqual(lines, [blocking, 'the result', 'scheduled behind setResult', 'a turn later']);
});
