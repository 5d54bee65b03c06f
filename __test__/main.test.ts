// run and runSync: what they take, what they give, what they refuse.

import test from 'ava';
import {
  CancelledError,
  type Coroutine,
  type EventLoop,
  getRunningLoop,
  newEventLoop,
  RuntimeError,
  run,
  runSync,
  sleep,
} from 'mioloop';
import { freshLoop, watched } from './support/leaks.js';
import { bothModes, fromMacrotask, MODES, type Mode } from './support/modes.js';

type Main<T> = Parameters<typeof run<T>>[0];
type Options = Parameters<typeof run>[1];

/** `run` in either mode. */
function runIn<T>(mode: Mode, main: Main<T>, options?: Options): Promise<T> {
  return mode === 'hosted' ? run(main, options) : fromMacrotask(() => runSync(main, options));
}

function* twice(value: number) {
  yield* sleep(0);
  return value * 2;
}

const twiceAsync = async (value: number): Promise<number> => {
  await sleep(0);
  return value * 2;
};

for (const mode of MODES) {
  const name = mode === 'hosted' ? 'run()' : 'runSync()';

  test.serial(`${name} takes a generator function, a generator and an async function`, async (t) => {
    const generatorFunction = () => twice(1);
    t.is(await runIn(mode, generatorFunction), 2);
    t.is(
      await runIn(mode, function* () {
        return yield* twice(2);
      }),
      4,
    );
    t.is(await runIn(mode, twice(3)), 6);
    t.is(await runIn(mode, () => twiceAsync(4)), 8);
    t.is(await runIn(mode, async () => (await twiceAsync(5)) + (await twiceAsync(0))), 10);
  });

  test.serial(`${name} gives any result as it is`, async (t) => {
    const object = { key: 'value' };
    for (const value of [object, undefined, null, 0, '', false, Number.NaN]) {
      t.is(await runIn(mode, returning(value)), value);
      t.is(await runIn(mode, async () => value), value);
    }
  });

  test.serial(`${name} fails with the very error of its coroutine`, async (t) => {
    const errors = [new Error('boom'), new CancelledError('enough'), 'a string', undefined];
    for (const error of errors) {
      t.is(await failure(runIn(mode, failing(error))), error);
      t.is(
        await failure(
          runIn(mode, async () => {
            await sleep(0);
            throw error;
          }),
        ),
        error,
      );
    }
  });

  test.serial(`${name} makes a loop of its own and closes it`, async (t) => {
    const loops: EventLoop[] = [];
    const main = () => remember(loops);
    await runIn(mode, main);
    await runIn(mode, main);
    await failure(
      runIn(mode, function* () {
        yield* remember(loops);
        throw new Error('boom');
      }),
    );
    t.is(new Set(loops).size, 3);
    t.true(loops.every((loop) => loop.isClosed() && !loop.isRunning()));
  });

  test.serial(`${name} takes a loop factory and debug`, async (t) => {
    const loop = newEventLoop();
    const loops: EventLoop[] = [];
    const options = { debug: true, loopFactory: () => watched(loop) };
    t.true(await runIn(mode, () => debugOf(loops), options));
    t.deepEqual(loops, [loop]);
    t.true(loop.isClosed());
    t.false(await runIn(mode, () => debugOf(loops), { debug: false }));
  });

  test.serial(`${name} refuses a promise, and says what to give instead`, async (t) => {
    const promise = twicePromise();
    await t.throwsAsync(runIn(mode, promise as unknown as Main<number>), {
      instanceOf: TypeError,
      message: /\(\) => f\(x\)/,
    });
    t.is(await promise, 1);
  });

  test.serial(`${name} refuses what is no coroutine (B1)`, async (t) => {
    for (const value of ['blah', 1, null, undefined, {}, []]) {
      await t.throwsAsync(runIn(mode, value as unknown as Main<number>), { instanceOf: TypeError });
    }
  });

  test.serial(`${name} cancels the tasks that are left, and waits for them`, async (t) => {
    const log: string[] = [];
    await runIn(mode, function* () {
      getRunningLoop().createTask(lingering(log));
      yield* sleep(0);
      log.push('main returns');
    });
    t.deepEqual(log, ['main returns', 'cancelled', 'cleaned up']);
  });

  test.serial(`${name} inside a running loop is an error`, async (t) => {
    await runIn(mode, function* () {
      t.throws(() => runSync(() => twice(1)), { instanceOf: RuntimeError, message: /running event loop/ });
      yield* sleep(0);
    });
  });
}

bothModes('runUntilComplete() takes a future and a task, done or not', async (t, { loop, run: complete }) => {
  const future = loop.createFuture<string>();
  loop.callSoon(() => future.setResult('set later'));
  t.is(await complete(future), 'set later');
  t.is(await complete(future), 'set later');
  t.is(await complete(loop.createTask(twice(4))), 8);
  const failed = loop.createFuture<never>();
  failed.setException(new RangeError('set'));
  await t.throwsAsync(complete(failed), { instanceOf: RangeError, message: 'set' });
});

bothModes('a future of another loop is refused (B2)', async (t, bench) => {
  const other = freshLoop();
  await t.throwsAsync(bench.run(other.createFuture<void>()), { instanceOf: RangeError });
  t.false(bench.loop.isRunning());
  other.close();
});

bothModes('a loop that stops before its main is done is an error (B3)', async (t, bench) => {
  const { loop } = bench;
  loop.callSoon(() => loop.stop());
  await t.throwsAsync(bench.run(loop.createFuture<void>()), {
    instanceOf: RuntimeError,
    message: 'Event loop stopped before Future completed.',
  });
});

bothModes('a forgotten star is an error that says so', async (t, bench) => {
  const { loop } = bench;
  const future = loop.createFuture<void>();
  await t.throwsAsync(bench.run(forgotten), { instanceOf: RuntimeError, message: /use yield\*/ });
  await t.throwsAsync(bench.run(caught), { message: /the coroutine goes on/ });

  function* forgotten() {
    yield future as never;
  }

  function* caught() {
    try {
      yield* forgotten();
    } catch (error) {
      t.regex(String(error), /use yield\*/);
    }
    yield* sleep(0);
    throw new Error('the coroutine goes on');
  }
});

bothModes('what is no future is no wait', async (t, bench) => {
  for (const value of [1, 'x', {}, Promise.resolve(), null]) {
    await t.throwsAsync(bench.run(yields(value)), { instanceOf: RuntimeError, message: /yield\*/ });
  }
});

bothModes('for…of over a future is an error', async (t, bench) => {
  const future = bench.loop.createFuture<void>();
  await t.throwsAsync(bench.run(iterates), { instanceOf: RuntimeError });

  // biome-ignore lint/correctness/useYield: iterating is the mistake that is tested.
  function* iterates() {
    for (const _ of future as unknown as Iterable<unknown>);
  }
});

bothModes('a promise as the result of a generator is an error', async (t, bench) => {
  await t.throwsAsync(bench.run(returning(Promise.resolve(1))), { instanceOf: TypeError });
});

// biome-ignore lint/correctness/useYield: it returns in its first step.
function* returning<T>(value: T): Coroutine<T> {
  return value;
}

function* failing(error: unknown): Coroutine<never> {
  yield* sleep(0);
  throw error;
}

function* yields(value: unknown): Coroutine<void> {
  yield value as never;
}

function* remember(loops: EventLoop[]): Coroutine<void> {
  loops.push(getRunningLoop());
  yield* sleep(0);
}

function* debugOf(loops: EventLoop[]): Coroutine<boolean> {
  yield* remember(loops);
  return getRunningLoop().getDebug();
}

function* lingering(log: string[]): Coroutine<void> {
  try {
    yield* sleep(3600);
  } catch (error) {
    log.push(error instanceof CancelledError ? 'cancelled' : 'failed');
    yield* sleep(0);
  } finally {
    log.push('cleaned up');
  }
}

async function twicePromise(): Promise<number> {
  return 1;
}

/** What a promise is rejected with, whatever it is. */
async function failure(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => 'it did not fail',
    (error: unknown) => error,
  );
}
