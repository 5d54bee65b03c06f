// ThreadsafeCoroutine: calls that come too late are answered, cancels always arrive, errors stay what they are.

import {
  CancelledError,
  type Coroutine,
  RuntimeError,
  runCoroutineThreadsafe,
  sleep,
  ThreadsafeCoroutine,
} from 'mioloop';
import { freshLoop } from './support/leaks.js';
import { type Bench, bothModes } from './support/modes.js';

const CLOSED_LOOP = { instanceOf: RuntimeError, code: 'ERR_LOOP_CLOSED' };

function* add(left: number, right: number): Coroutine<number> {
  yield* sleep(0);
  return left + right;
}

/** Runs the loop until the promise is settled, between two pauses of Node. */
async function settled<T>(bench: Bench, promise: Promise<T>): Promise<T> {
  let isOver = false;
  const over = (): void => {
    isOver = true;
  };
  promise.then(over, over);
  while (!isOver) {
    await bench.run(function* () {
      yield* sleep(0.001);
    });
    await new Promise(setImmediate);
  }
  return promise;
}

bothModes('a call of a closed ThreadsafeCoroutine is an error at the caller (B83)', async (t, bench) => {
  const remote = new ThreadsafeCoroutine(bench.loop, add);
  const before = runCoroutineThreadsafe(remote.data, 1, 2);
  remote.close();
  for (const call of [before, runCoroutineThreadsafe(remote.data, 1, 2)]) {
    const error = await t.throwsAsync(settled(bench, call), { instanceOf: RuntimeError });
    t.like(error, { code: 'ERR_THREADSAFE_COROUTINE_CLOSED' });
    t.regex(error.message, /is closed/);
  }
});

bothModes('what runs when a ThreadsafeCoroutine is closed goes on (B83)', async (t, bench) => {
  const remote = new ThreadsafeCoroutine(bench.loop, function* (value: number) {
    remote.close();
    yield* sleep(0);
    return value;
  });
  t.is(await settled(bench, runCoroutineThreadsafe(remote.data, 5)), 5);
});

bothModes('a call that its loop has not seen when it closes is an error at the caller', async (t) => {
  const loop = freshLoop();
  const remote = new ThreadsafeCoroutine(loop, add);
  const closed = new ThreadsafeCoroutine(loop, add);
  const calls = [remote, closed].map(({ data }) => runCoroutineThreadsafe(data, 1, 2));
  closed.close();
  loop.close();
  for (const call of calls) await t.throwsAsync(call, CLOSED_LOOP);
  await t.throwsAsync(runCoroutineThreadsafe(remote.data, 1, 2), CLOSED_LOOP);
  await t.throwsAsync(runCoroutineThreadsafe(closed.data, 1, 2), CLOSED_LOOP);
});

for (const closes of [false, true]) {
  const title = closes ? 'a coroutine of a closed one' : 'a coroutine';
  bothModes(`${title} that runs when its loop closes is an error at the caller`, async (t, { mode }) => {
    const loop = freshLoop();
    const reports: string[] = [];
    loop.setExceptionHandler((_loop, context) => reports.push(context.message));
    const remote = new ThreadsafeCoroutine(loop, function* () {
      loop.stop();
      yield* loop.createFuture<void>();
    });
    const call = runCoroutineThreadsafe(remote.data);
    if (mode === 'hosted') await loop.runForever();
    else loop.runForeverSync();
    if (closes) remote.close();
    loop.close();
    await t.throwsAsync(call, CLOSED_LOOP);
    t.deepEqual(reports, ['Task was destroyed but it is pending!']);
  });
}

class Weird extends Error {
  override get name(): string {
    return 'Inherited';
  }
  get code(): string {
    return 'E_INHERITED';
  }
}

const unclonable = { f: () => undefined };

for (const [what, reason, says] of [
  ['an object with a function', unclonable, /f: \[Function: f\]/],
  ['a symbol', Symbol('enough'), /Symbol\(enough\)/],
  ['an error whose cause is one', new Error('enough', { cause: unclonable }), /^enough$/],
  [
    'an object whose getter throws',
    {
      get property() {
        throw new Error('no');
      },
    },
    /property/,
  ],
] as const) {
  bothModes(`an abort whose reason is ${what} cancels the task on the loop (B83)`, async (t, bench) => {
    const { loop } = bench;
    const controller = new AbortController();
    const seen: unknown[] = [];
    const remote = new ThreadsafeCoroutine(loop, function* () {
      loop.stop();
      try {
        yield* loop.createFuture<void>();
      } catch (error) {
        seen.push(error);
        loop.stop();
        throw error;
      }
    });
    const call = runCoroutineThreadsafe({ signal: controller.signal }, remote.data);
    await bench.runForever();
    controller.abort(reason);
    const error = await t.throwsAsync(call, { instanceOf: CancelledError });
    t.is(error.cause, reason);
    await bench.runForever();
    t.true(seen[0] instanceof CancelledError);
    t.regex((seen[0] as Error).message, says);
    remote.close();
  });
}

bothModes(
  'errors keep their names and codes between threads, also inherited ones (B83)',
  async (t, bench) => {
    const cause = new CancelledError('inner');
    const aborted = Object.assign(new DOMException('aborted', 'AbortError'), { extra: 1 });
    const hidden = Object.defineProperty(new TypeError('hidden'), 'name', { value: 'Hidden' });
    const errors: Error[] = [
      aborted,
      new DOMException('no', 'DataCloneError'),
      new Weird('w', { cause }),
      hidden,
    ];
    const remote = new ThreadsafeCoroutine(bench.loop, function* (index: number) {
      yield* sleep(0);
      throw errors[index];
    });
    for (const [index, error] of errors.entries()) {
      const got = (await t.throwsAsync(settled(bench, runCoroutineThreadsafe(remote.data, index)), {
        any: true,
      })) as Error & { code?: unknown };
      t.not(got, error);
      t.is(got.name, error.name);
      t.is(got.message, error.message);
      t.is(got.code, (error as { code?: unknown }).code);
      t.is(got.stack, error.stack);
      t.is(got instanceof DOMException, error instanceof DOMException);
      t.is((got as { extra?: unknown }).extra, (error as { extra?: unknown }).extra);
      t.is((got.cause as Error | undefined)?.message, (error.cause as Error | undefined)?.message);
    }
    remote.close();
  },
);
