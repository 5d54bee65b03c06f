// Ends that are easily got wrong: errors that are no Error, tasks that wait for each other, a handler that ends the
// closing, what comes after the end, and several loops in a thread.

import { setTimeout as later } from 'node:timers/promises';
import test from 'ava';
import {
  abortSignal,
  allTasks,
  ContextVar,
  type Coroutine,
  cancelOn,
  currentTask,
  FIRST_EXCEPTION,
  getRunningLoop,
  newEventLoop,
  Protocol,
  run,
  SystemExit,
  shield,
  sleep,
  type Task,
  taskGroup,
  wait,
} from 'mioloop';
import { reportsOf } from './support/hall.js';
import { bothModes, inLoop } from './support/modes.js';
import { linesOf } from './support/program.js';

inLoop('an error may be null: shield(), wait() and task groups take it for an error', function* (t, loop) {
  const failing = () =>
    loop.createTask(function* () {
      yield* sleep(0);
      throw null;
    });
  const outcome = shield(failing());
  yield* wait([outcome]);
  t.is(outcome.exception(), null);
  t.false(outcome.cancelled());
  const endless = loop.createTask(() => sleep(3600));
  const [done] = yield* wait([failing(), endless], { returnWhen: FIRST_EXCEPTION });
  t.is(done.size, 1);
  endless.cancel();
  let caught: unknown;
  try {
    yield* taskGroup(function* (group) {
      group.createTask(failing);
      yield* sleep(3600);
    });
  } catch (error) {
    caught = error;
  }
  t.deepEqual((caught as AggregateError).errors, [null]);
});

inLoop('the text of tasks that wait for each other ends', function* (t, loop) {
  const tasks: Task<void>[] = [];
  for (const other of [1, 0]) {
    tasks.push(
      loop.createTask(function* (): Coroutine<void> {
        yield* tasks[other]!;
      }),
    );
  }
  yield* sleep(0);
  t.regex(String(tasks[0]), /^<Task pending name='.*' coro=<.*> wait_for=<Task .*…/);
  const inner = loop.createFuture<void>();
  let last: Task<void> = loop.createTask(() => inner);
  for (let index = 0; index < 3000; index++) {
    const before = last;
    last = loop.createTask(() => before);
  }
  yield* sleep(0);
  yield* sleep(0);
  t.true(String(last).length < 1000);
  inner.setResult();
  yield* last;
  // Nothing can end these two: closing the loop reports them.
  const reports = reportsOf(loop);
  loop.callSoon(() => t.is(reports.length, 0));
});

test.serial('a generator task that failed is collected, and its error reported (B50)', async (t) => {
  const lines = await linesOf(
    `
      import { newEventLoop, sleep } from 'mioloop';
      import { setTimeout as later } from 'node:timers/promises';
      import { setFlagsFromString } from 'node:v8';
      import { runInNewContext } from 'node:vm';
      setFlagsFromString('--expose-gc');
      const gc = runInNewContext('gc');
      const loop = newEventLoop();
      let reports = 0;
      loop.setExceptionHandler(() => { reports += 1; });
      const running = loop.runForever();
      for (let index = 0; index < 100; index++) {
        loop.callSoon(() => { loop.createTask((function* () { yield* sleep(0); throw new Error('x'); })()); });
      }
      for (let tries = 0; tries < 100 && reports < 90; tries++) {
        await later(1);
        gc();
      }
      console.log(reports >= 90);
      loop.stop();
      await running;
      loop.close();
    `,
  );
  t.deepEqual(lines, ['true']);
});

bothModes(
  'a failed future that a cancel comes behind counts as seen (B50, B60)',
  async (t, { loop, run: play }) => {
    const reports = reportsOf(loop);
    await play(function* () {
      const future = loop.createFuture<void>();
      const task = loop.createTask(() => future);
      yield* sleep(0);
      future.setException(new Error('seen'));
      task.cancel();
      yield* wait([task]);
      t.true(task.cancelled());
    });
    loop.close();
    t.deepEqual(reports, []);
  },
);

test.serial('close() closes although a handler of its reports ends it', async (t) => {
  const loop = newEventLoop();
  const port = await loop.runUntilComplete(function* () {
    const server = yield* loop.createServer(() => new Protocol(), '127.0.0.1', 0);
    loop.createTask(() => sleep(3600));
    return server.sockets[0]!.getsockname()[1] as number;
  });
  loop.setExceptionHandler(() => {
    throw new SystemExit('enough');
  });
  t.throws(() => loop.close(), { instanceOf: SystemExit });
  loop.close();
  await t.throwsAsync(
    run(function* () {
      yield* getRunningLoop().createConnection(() => new Protocol(), '127.0.0.1', port);
    }),
    { code: 'ECONNREFUSED' },
  );
});

test.serial('what comes after close() reaches nobody: a signal, the end of a foreign promise', async (t) => {
  const loop = newEventLoop();
  loop.setExceptionHandler(() => {});
  const controller = new AbortController();
  let resolve!: () => void;
  const foreign = new Promise<void>((settle) => {
    resolve = settle;
  });
  await loop.runUntilComplete(function* () {
    cancelOn(loop.createFuture(), controller.signal).addDoneCallback(() => t.fail());
    loop.createTask(async () => await foreign).addDoneCallback(() => t.fail());
    yield* sleep(0);
  });
  loop.close();
  controller.abort();
  resolve();
  await later(1);
  t.pass();
});

test.serial('several hosted loops: behind a foreign promise each function is on its own', async (t) => {
  let resolve!: () => void;
  const foreign = new Promise<void>((settle) => {
    resolve = settle;
  });
  const other = run(async () => {
    const own = getRunningLoop();
    await foreign;
    t.is(getRunningLoop(), own);
    await sleep(0.001);
    return currentTask()?.getLoop() === own;
  });
  const first = run(function* () {
    yield* sleep(0.001);
    resolve();
    yield* sleep(0.01);
  });
  t.true(await other);
  await first;
});

inLoop(
  'then(callback) and catch(callback) are no wait of the task that calls them (B66)',
  function* (t, loop) {
    const background = loop.createTask(() => sleep(3600));
    const task = loop.createTask(async () => {
      background.catch(() => {});
      currentTask()?.catch(() => {});
      await sleep(3600);
    });
    yield* sleep(0);
    task.cancel();
    yield* wait([task]);
    t.true(task.cancelled());
    t.false(background.done());
    background.cancel();
  },
);

inLoop("abortSignal()'s listeners run in the context in which it was asked for", function* (t, loop) {
  const tag = new ContextVar('tag', 'unset');
  const future = loop.createFuture<void>();
  const seen: string[] = [];
  tag.set('mine');
  abortSignal(future).addEventListener('abort', () => seen.push(tag.get()));
  loop.callSoon(() => {
    loop.callSoon(() => tag.set('a stranger'));
    future.cancel();
  });
  for (let turn = 0; turn < 3; turn++) yield* sleep(0);
  t.deepEqual(seen, ['mine']);
});

bothModes(
  'an eager task that ends the run leaves the others their cleanup (B10, B82, B87)',
  async (t, bench) => {
    const { loop } = bench;
    const log: string[] = [];
    const other = loop.createTask(function* () {
      try {
        yield* sleep(3600);
      } finally {
        log.push('cleanup');
      }
    });
    loop.callSoon(() => {
      loop.createTask(
        () => {
          throw new SystemExit('enough');
        },
        { eagerStart: true },
      );
    });
    await t.throwsAsync(bench.runForever(), { instanceOf: SystemExit });
    t.deepEqual([...allTasks(loop)], [other]);
    other.cancel();
    await bench.run(function* () {
      yield* wait([other]);
    });
    t.deepEqual(log, ['cleanup']);
  },
);
