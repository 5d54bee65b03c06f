// Runner, and the end of run() and runSync(): one loop for several runs, and everything shut down in order.

import test from 'ava';
import {
  CancelledError,
  Context,
  ContextVar,
  type Coroutine,
  type CoroutineLike,
  copyContext,
  type EventLoop,
  getEventLoop,
  getRunningLoop,
  newEventLoop,
  Runner,
  type RunnerOptions,
  type RunnerRunOptions,
  RuntimeError,
  run,
  runSync,
  SystemExit,
  sleep,
  type Task,
} from 'mioloop';
import { watched } from './support/leaks.js';
import { fromMacrotask, MODES, type Mode } from './support/modes.js';

/** A runner that is used and closed in one of the two ways. */
class InMode {
  readonly runner: Runner;

  constructor(
    readonly mode: Mode,
    options?: RunnerOptions,
  ) {
    this.runner = new Runner(options);
  }

  run<T>(coroutine: CoroutineLike<T>, options?: RunnerRunOptions): Promise<T> {
    return this.mode === 'hosted'
      ? this.runner.run(coroutine, options)
      : fromMacrotask(() => this.runner.runSync(coroutine, options));
  }

  close(): Promise<void> {
    return this.mode === 'hosted' ? this.runner.close() : fromMacrotask(() => this.runner.closeSync());
  }
}

function runIn<T>(mode: Mode, main: CoroutineLike<T>, options?: RunnerOptions): Promise<T> {
  return mode === 'hosted' ? run(main, options) : fromMacrotask(() => runSync(main, options));
}

function* twice(value: number): Coroutine<number> {
  yield* sleep(0);
  return value * 2;
}

/** What is left running, and how it ends. */
function* leftover(log: string[], error: unknown = null): Coroutine<void> {
  try {
    yield* sleep(3600);
  } catch (cancel) {
    log.push(cancel instanceof CancelledError ? 'cancelled' : 'failed');
    yield* sleep(0);
    log.push('cleaned up');
    throw error ?? cancel;
  }
}

for (const mode of MODES) {
  const titled = (title: string): string => `${title} [${mode}]`;

  test.serial(
    titled('a runner makes its loop when it is first needed, for all its runs (B86)'),
    async (t) => {
      let made = 0;
      const bench = new InMode(mode, {
        loopFactory: () => {
          made += 1;
          return watched(newEventLoop());
        },
      });
      t.is(made, 0);
      t.is(await bench.run(twice(1)), 2);
      t.is(await bench.run(async () => (await sleep(0, 3)) * 2), 6);
      const loop = bench.runner.getLoop();
      t.is(
        await bench.run(function* () {
          yield* sleep(0);
          return getRunningLoop() === loop;
        }),
        true,
      );
      t.is(made, 1);
      t.false(loop.isClosed());
      await bench.close();
      t.true(loop.isClosed());
    },
  );

  test.serial(titled('the context is one over all runs, unless another is given (B86)'), async (t) => {
    const variable = new ContextVar<number>('variable', -1);
    const swap = function* (value: number): Coroutine<number> {
      const old = variable.get();
      yield* sleep(0);
      variable.set(value);
      return old;
    };
    const bench = new InMode(mode);
    t.is(await bench.run(swap(1)), -1);
    t.is(await bench.run(swap(2)), 1);
    const other = new Context();
    t.is(await bench.run(swap(3), { context: other }), -1);
    t.is(other.get(variable), 3);
    t.is(
      await bench.run(function* () {
        yield* sleep(0);
        return copyContext().get(variable);
      }),
      2,
    );
    t.is(variable.get(), -1);
    await bench.close();
  });

  test.serial(titled('a closed runner is closed for good, and closing again is nothing (B86)'), async (t) => {
    const bench = new InMode(mode);
    const loop = bench.runner.getLoop();
    await bench.close();
    t.true(loop.isClosed());
    await bench.close();
    const closed = { instanceOf: RuntimeError, message: 'Runner is closed', code: 'ERR_RUNNER_CLOSED' };
    t.throws(() => bench.runner.getLoop(), closed);
    const coroutine = twice(1);
    await t.throwsAsync(bench.run(coroutine), closed);
    // One that was never used has nothing to close.
    const unused = new InMode(mode);
    await unused.close();
    t.is(await unused.run(twice(2)), 4);
    await unused.close();
  });

  test.serial(titled('a runner takes coroutines only (B86)'), async (t) => {
    const bench = new InMode(mode);
    const future = bench.runner.getLoop().createFuture<void>();
    for (const wrong of [123, null, undefined, {}, future, Promise.resolve()]) {
      await t.throwsAsync(bench.run(wrong as unknown as Coroutine<void>), {
        instanceOf: TypeError,
        message: /^a coroutine was expected/,
      });
    }
    await bench.close();
  });

  test.serial(titled('a runner cannot run inside a running loop (B86)'), async (t) => {
    const bench = new InMode(mode);
    await bench.run(function* () {
      const sync = t.throws(() => bench.runner.runSync(twice(1)), { instanceOf: RuntimeError });
      t.is(sync.message, 'Runner.runSync() cannot be called from a running event loop');
      const hosted = bench.runner.run(twice(1)).catch((error: Error) => error.message);
      yield* sleep(0);
      yield* getRunningLoop().createTask(async () => {
        t.is(await hosted, 'Runner.run() cannot be called from a running event loop');
      });
    });
    await bench.close();
  });

  test.serial(titled('debug is that of the loop (B86)'), async (t) => {
    for (const debug of [true, false]) {
      const bench = new InMode(mode, { debug });
      t.is(bench.runner.getLoop().getDebug(), debug);
      await bench.close();
    }
  });

  test.serial(
    titled('the runner sets the current loop, and unsets it; one with a factory does not (B87)'),
    async (t) => {
      const bench = new InMode(mode);
      const loop = bench.runner.getLoop();
      t.is(getEventLoop(), loop);
      await bench.run(twice(1));
      t.is(getEventLoop(), loop);
      await bench.close();
      t.throws(() => getEventLoop(), { code: 'ERR_NO_CURRENT_LOOP' });
      const made = new InMode(mode, { loopFactory: newEventLoop });
      made.runner.getLoop();
      t.throws(() => getEventLoop(), { code: 'ERR_NO_CURRENT_LOOP' });
      await made.close();
      await runIn(mode, twice(1));
      t.throws(() => getEventLoop(), { code: 'ERR_NO_CURRENT_LOOP' });
    },
  );

  test.serial(titled('what is left is cancelled and waited for, also when main fails (B87)'), async (t) => {
    for (const failing of [false, true]) {
      const log: string[] = [];
      let left: Task<void> | undefined;
      const outcome = await runIn(mode, function* () {
        left = getRunningLoop().createTask(leftover(log));
        getRunningLoop().createTask(async () => {
          try {
            await sleep(3600);
          } finally {
            log.push('async function');
          }
        });
        yield* sleep(0);
        if (failing) throw new RangeError('main failed');
        return 123;
      }).catch((error: Error) => error.message);
      t.is(outcome, failing ? 'main failed' : 123);
      t.true(left!.cancelled());
      t.deepEqual(log.sort(), ['async function', 'cancelled', 'cleaned up']);
    }
  });

  test.serial(titled('errors of what is left are reported, each with its task (B87)'), async (t) => {
    const reports: unknown[] = [];
    const boom = new Error('boom');
    let left: Task<void> | undefined;
    const value = await runIn(mode, function* () {
      const loop = getRunningLoop();
      loop.setExceptionHandler((_loop, context) => reports.push(context));
      left = loop.createTask(leftover([], boom));
      loop.createTask(leftover([]));
      yield* sleep(0);
      return 123;
    });
    t.is(value, 123);
    t.deepEqual(reports, [
      { message: 'unhandled exception during asyncio.run() shutdown', exception: boom, task: left },
    ]);
  });

  test.serial(titled('async generators of the loop are closed after the tasks (B87)'), async (t) => {
    const log: string[] = [];
    const endless = async function* (): AsyncGenerator<number> {
      try {
        for (let count = 0; ; count++) yield count;
      } finally {
        log.push('generator closed');
      }
    };
    const kept: AsyncGenerator[] = [];
    await runIn(mode, async () => {
      const generator = getRunningLoop().trackAsyncgen(endless());
      kept.push(generator);
      getRunningLoop().createTask(leftover(log));
      await generator.next();
      await sleep(0);
    });
    t.deepEqual(log, ['cancelled', 'cleaned up', 'generator closed']);
  });

  test.serial(
    titled('the shutdown is that of the loop: tasks, generators, executor, close (B87)'),
    async (t) => {
      const log: string[] = [];
      const loopFactory = (): EventLoop => {
        const loop = newEventLoop();
        const { shutdownAsyncgens, shutdownDefaultExecutor, close } = loop;
        loop.shutdownAsyncgens = () => {
          log.push('asyncgens');
          return shutdownAsyncgens.call(loop);
        };
        loop.shutdownDefaultExecutor = (timeout) => {
          log.push(`executor ${timeout}`);
          return shutdownDefaultExecutor.call(loop, timeout);
        };
        loop.close = () => {
          log.push('close');
          close.call(loop);
        };
        return loop;
      };
      await runIn(
        mode,
        function* () {
          getRunningLoop().createTask(leftover(log));
          yield* sleep(0);
        },
        { loopFactory },
      );
      t.deepEqual(log, ['cancelled', 'cleaned up', 'asyncgens', 'executor 300', 'close']);
    },
  );

  test.serial(
    titled('an ExitError of what is left comes out, and the loop is closed all the same (B87)'),
    async (t) => {
      const exit = new SystemExit('enough');
      let loop: EventLoop | undefined;
      const main = function* (): Coroutine<void> {
        loop = getRunningLoop();
        loop.createTask(leftover([], exit));
        yield* sleep(0);
      };
      t.is(await t.throwsAsync(runIn(mode, main), { any: true }), exit);
      t.true(loop!.isClosed());
    },
  );
}

test.serial('a hosted shutdown leaves Node running, and waits as long as it takes (B87)', async (t) => {
  const log: string[] = [];
  await run(function* () {
    getRunningLoop().createTask(function* () {
      try {
        yield* sleep(3600);
      } finally {
        // Only Node can end this wait.
        const ended = getRunningLoop().createFuture<void>();
        setTimeout(() => {
          log.push('a timer of Node');
          ended.setResult();
        }, 5);
        yield* ended;
        log.push('cleaned up');
      }
    });
    yield* sleep(0);
  });
  t.deepEqual(log, ['a timer of Node', 'cleaned up']);
});

test.serial('a runner is disposed of in both ways (B86)', async (t) => {
  const runner = new Runner();
  const loop = runner.getLoop();
  t.is(await runner.run(twice(1)), 2);
  await runner[Symbol.asyncDispose]();
  t.true(loop.isClosed());
  await fromMacrotask(() => {
    const blocking = new Runner();
    t.is(blocking.runSync(twice(2)), 4);
    blocking[Symbol.dispose]();
    t.throws(() => blocking.getLoop(), { message: 'Runner is closed' });
  });
});

test.serial('a runner that runs cannot be closed, nor run a second coroutine (B86)', async (t) => {
  const runner = new Runner();
  const first = runner.run(function* () {
    yield* sleep(0);
    yield* sleep(0);
    return 'first';
  });
  await t.throwsAsync(runner.run(twice(1)), { message: /cannot be called from a running event loop/ });
  await t.throwsAsync(runner.close(), { message: 'Cannot close a running event loop' });
  t.throws(() => runner.closeSync(), { message: 'Cannot close a running event loop' });
  t.is(await first, 'first');
  await runner.close();
});

test.serial(
  'hosted runners side by side: each has its loop, and the last that set it is the current one',
  async (t) => {
    const [one, other] = [new Runner(), new Runner()];
    const results = await Promise.all([one.run(twice(1)), other.run(twice(2))]);
    t.deepEqual(results, [2, 4]);
    t.is(getEventLoop(), other.getLoop());
    await one.close();
    t.is(getEventLoop(), other.getLoop());
    await other.close();
    t.throws(() => getEventLoop(), { code: 'ERR_NO_CURRENT_LOOP' });
  },
);
