// Async generators that the loop was told of: closed by shutdownAsyncgens(), their errors reported.

import { once } from 'node:events';
import test from 'ava';
import { type ExceptionContext, getRunningLoop, run, sleep } from 'mioloop';
import { collect } from './support/collect.js';
import { freshLoop } from './support/leaks.js';
import { bothModes, fromMacrotask, inLoop } from './support/modes.js';
import { errorOf } from './support/outcomes.js';

/** A generator that notes its end, and may wait in it. */
async function* numbers(log: string[], name: string, end: () => Promise<void> = async () => {}) {
  try {
    for (let number = 0; ; number++) yield number;
  } finally {
    await end();
    log.push(`${name} closed`);
  }
}

bothModes(
  'what is tracked is closed, what has ended or not begun stays as it is (B200)',
  async (t, { loop, run }) => {
    const log: string[] = [];
    const [begun, untouched, ended, foreign] = ['begun', 'untouched', 'ended', 'foreign'].map((name) =>
      numbers(log, name),
    ) as [AsyncGenerator<number>, AsyncGenerator<number>, AsyncGenerator<number>, AsyncGenerator<number>];
    await run(
      loop.createTask(async () => {
        for (const generator of [begun, untouched, ended]) t.is(loop.trackAsyncgen(generator), generator);
        t.deepEqual(await begun.next(), { done: false, value: 0 });
        await foreign.next();
        await ended.next();
        await ended.return(undefined);
        t.deepEqual(log, ['ended closed']);
        await loop.shutdownAsyncgens();
        t.deepEqual(log, ['ended closed', 'begun closed']);
        t.deepEqual(await begun.next(), { done: true, value: undefined });
        t.deepEqual(await foreign.next(), { done: false, value: 1 });
        // Again: there is nothing left.
        await loop.shutdownAsyncgens();
      }),
    );
    t.deepEqual(log, ['ended closed', 'begun closed']);
  },
);

bothModes('all are closed at once, and each is waited for (B200)', async (t, { loop, run }) => {
  const log: string[] = [];
  const slow = numbers(log, 'slow', async () => {
    for (let turn = 0; turn < 3; turn++) await sleep(0);
  });
  const quick = numbers(log, 'quick');
  await run(
    loop.createTask(async () => {
      for (const generator of [slow, quick]) await loop.trackAsyncgen(generator).next();
      await loop.shutdownAsyncgens();
      log.push('shut down');
    }),
  );
  t.deepEqual(log, ['quick closed', 'slow closed', 'shut down']);
});

bothModes(
  'an error of one is reported with it, and the others are closed (B45, B46, B200)',
  async (t, bench) => {
    const { loop } = bench;
    const reports: ExceptionContext[] = [];
    loop.setExceptionHandler((_loop, context) => reports.push(context));
    const log: string[] = [];
    const error = new RangeError('boom');
    const bad = numbers(log, 'bad', async () => {
      throw error;
    });
    const good = numbers(log, 'good');
    await bench.run(
      loop.createTask(async () => {
        for (const generator of [bad, good]) await loop.trackAsyncgen(generator).next();
        await loop.shutdownAsyncgens();
      }),
    );
    t.deepEqual(log, ['good closed']);
    t.is(reports.length, 1);
    const [{ message, exception, asyncgen }] = reports as [ExceptionContext];
    t.is(message, 'an error occurred during closing of asynchronous generator');
    t.is(exception, error);
    t.is(asyncgen, bad);
  },
);

inLoop('a cancel of the shutdown reaches who waits for it (B200)', function* (t, loop) {
  let go = (): void => undefined;
  const stuck = numbers([], 'stuck', () => new Promise<void>((resolve) => (go = resolve)));
  const task = loop.createTask(async () => {
    await loop.trackAsyncgen(stuck).next();
    await loop.shutdownAsyncgens();
  });
  for (let turn = 0; turn < 3; turn++) yield* sleep(0);
  task.cancel('enough');
  const error = yield* errorOf(task);
  t.is((error as Error).message, 'enough');
  go();
});

test.serial('after the shutdown a generator that is given is warned of (B200)', async (t) => {
  const loop = freshLoop();
  const generator = numbers([], 'late');
  await loop.runUntilComplete(loop.shutdownAsyncgens());
  const warned = once(process, 'warning');
  loop.trackAsyncgen(generator);
  const [warning] = (await warned) as [Error & { code?: string }];
  t.is(warning.name, 'ResourceWarning');
  t.is(warning.code, 'MIOLOOP_ASYNCGEN_AFTER_SHUTDOWN');
  t.regex(warning.message, /after shutdownAsyncgens\(\)/);
  loop.close();
});

test.serial('what is no async generator is a TypeError (B200)', (t) => {
  const loop = freshLoop();
  for (const value of [null, undefined, 1, {}, (function* () {})(), async () => {}, numbers]) {
    t.throws(() => loop.trackAsyncgen(value as never), { instanceOf: TypeError });
  }
  loop.close();
});

test.serial('run() closes what is tracked (B200)', async (t) => {
  const log: string[] = [];
  await run(async () => {
    const generator = getRunningLoop().trackAsyncgen(numbers(log, 'tracked'));
    for await (const number of generator) {
      if (number === 0) {
        // Left in the middle, without the loop's own end of it.
        void generator.next();
        break;
      }
    }
    await getRunningLoop().trackAsyncgen(numbers(log, 'left')).next();
    log.push('main returns');
  });
  t.is(log.at(-1), 'left closed');
  t.true(log.includes('main returns'));
});

test.serial('a tracked generator is not kept alive (B200)', async (t) => {
  const loop = freshLoop();
  const log: string[] = [];
  await loop.runUntilComplete(async () => {
    const begin = async () => void (await loop.trackAsyncgen(numbers(log, 'dropped')).next());
    for (let index = 0; index < 50; index++) await begin();
  });
  await fromMacrotask(() => undefined);
  await collect();
  await loop.runUntilComplete(loop.shutdownAsyncgens());
  t.true(log.length < 50, `${log.length} were alive`);
  loop.close();
});
