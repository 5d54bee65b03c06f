// runCoroutineThreadsafe: coroutines of a loop, started from outside of it, in this thread and in others.

import test from 'ava';
import {
  CancelledError,
  type Coroutine,
  type EventLoop,
  InvalidStateError,
  RuntimeError,
  runCoroutineThreadsafe,
  sleep,
  type TaskFactory,
  ThreadsafeCoroutine,
  TimeoutError,
} from 'mioloop';
import { freshLoop } from './support/leaks.js';
import { type Bench, bothModes } from './support/modes.js';
import { Remote, type RemoteWord, type Where } from './support/remote.js';

const PLACES: readonly Where[] = ['node', 'hosted', 'blocking'];

function* add(left: number, right: number): Coroutine<number> {
  yield* sleep(0);
  return left + right;
}

class Custom extends Error {
  override readonly name = 'Custom';
  readonly code = 'E_CUSTOM';
}

/** Runs the loop until a coroutine has been called `calls` times and all those calls have ended. */
async function served(
  bench: Bench,
  body: (...args: never[]) => Coroutine<unknown> | PromiseLike<unknown>,
  where: Where,
  order: (remote: Remote) => void,
  calls = 1,
): Promise<RemoteWord[]> {
  const { loop } = bench;
  let ended = 0;
  const counted = function* (...args: never[]): Coroutine<unknown> {
    try {
      const result = body(...args);
      return yield* 'next' in result ? result : loop.createTask(async () => await result);
    } finally {
      ended += 1;
      if (ended === calls) loop.callSoon(() => loop.callSoon(() => loop.stop()));
    }
  };
  const remote = new ThreadsafeCoroutine(loop, counted as (...args: unknown[]) => Coroutine<unknown>);
  const worker = await Remote.start(remote.data, where);
  order(worker);
  await bench.runForever();
  const words: RemoteWord[] = [];
  for (let call = 0; call < calls; call++) words.push(await worker.word());
  remote.close();
  return words;
}

for (const where of PLACES) {
  bothModes(`a worker (${where}) gets the result of a coroutine of the loop (B83)`, async (t, bench) => {
    const words = await served(
      bench,
      add as never,
      where,
      (remote) => {
        remote.order({ args: [1, 2] });
        remote.order({ args: [3, 4] });
      },
      2,
    );
    // Each hosted call is a run of its own there: which one hears first is nobody's promise.
    t.deepEqual(words.map(({ result }) => result).sort(), [3, 7]);
    const [slow] = await served(
      bench,
      (async (value: Map<string, number>) => {
        await sleep(0.01);
        return new Map([...value, ['b', 2]]);
      }) as never,
      where,
      (remote) => remote.order({ args: [new Map([['a', 1]])] }),
    );
    t.deepEqual(
      slow!.result,
      new Map([
        ['a', 1],
        ['b', 2],
      ]),
    );
  });

  bothModes(`a worker (${where}) gets its error: class, message, code and stack (B83)`, async (t, bench) => {
    const errors = [
      new RangeError('out of range'),
      new Custom('of my own'),
      new InvalidStateError('not now'),
      new TimeoutError('late', { cause: new CancelledError('inner') }),
      Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED', errno: -111 }),
    ];
    for (const error of errors) {
      const [word] = await served(
        bench,
        function* failing() {
          yield* sleep(0);
          throw error;
        } as never,
        where,
        (remote) => remote.order({ args: [] }),
      );
      const { failed } = word!;
      t.is(failed!.message, error.message);
      t.is(failed!.name, error.name);
      t.is(failed!.code, (error as Error & { code?: string }).code);
      t.is(failed!.stack, error.stack);
      t.is(failed!.className, error instanceof Custom ? 'Error' : error.constructor.name);
      t.is(failed!.cause, (error.cause as Error | undefined)?.message);
    }
  });

  if (where === 'blocking') continue;
  bothModes(`an abort in a worker (${where}) cancels the task on the loop (B83)`, async (t, bench) => {
    const seen: unknown[] = [];
    const [word] = await served(
      bench,
      function* waiting() {
        try {
          yield* bench.loop.createFuture<void>();
        } catch (error) {
          seen.push(error);
          throw error;
        }
      } as never,
      where,
      (remote) => remote.order({ args: [], abort: 'after' }),
    );
    t.is(word!.failed!.className, 'CancelledError');
    t.is(word!.failed!.cause, 'changed my mind');
    t.true(seen[0] instanceof CancelledError);
    t.is((seen[0] as Error).message, 'changed my mind');
  });
}

bothModes('what cannot be cloned is an error at the caller, both ways (B83)', async (t, bench) => {
  const words = await served(
    bench,
    function* giving() {
      yield* sleep(0);
      return () => 'a function';
    } as never,
    'node',
    (remote) => {
      remote.order({ args: [], unclonable: true });
      remote.order({ args: [], abort: 'before' });
      remote.order({ args: [] });
    },
  );
  t.is(words[0]!.failed!.name, 'DataCloneError');
});

bothModes('a factory that fails is an error at the caller, and is reported (B83)', async (t, bench) => {
  const { loop } = bench;
  const reports: unknown[] = [];
  loop.setExceptionHandler((_loop, context) => {
    reports.push(context.exception);
    loop.stop();
  });
  const remote = new ThreadsafeCoroutine(loop, add);
  const worker = await Remote.start(remote.data, 'node');
  const broken = new RangeError('factory');
  loop.setTaskFactory((() => {
    throw broken;
  }) as TaskFactory);
  worker.order({ args: [1, 2] });
  await bench.runForever();
  t.is((await worker.word()).failed!.message, 'factory');
  t.deepEqual(reports, [broken]);
  remote.close();
});

bothModes('a call of a closed loop fails at the caller (B83)', async (t, bench) => {
  const other = freshLoop();
  const remote = new ThreadsafeCoroutine(other, add);
  const worker = await Remote.start(remote.data, 'node');
  other.close();
  worker.order({ args: [1, 2] });
  const { failed } = await worker.word();
  t.is(failed!.message, 'Event loop is closed');
  t.is(failed!.className, 'RuntimeError');
  t.false(bench.loop.isClosed());
});

/** In this thread: what Node's own callbacks, or code between two runs, may call. */
async function here<T>(bench: Bench, begin: (loop: EventLoop) => Promise<T>): Promise<T> {
  const { loop } = bench;
  const promise = begin(loop);
  promise.then(
    () => loop.stop(),
    () => loop.stop(),
  );
  loop.callLater(5, () => loop.stop());
  await bench.runForever();
  return promise;
}

bothModes('in this thread it gives a promise of the outcome (B83)', async (t, bench) => {
  t.is(await here(bench, (loop) => runCoroutineThreadsafe(add(1, 2), loop)), 3);
  t.is(await here(bench, (loop) => runCoroutineThreadsafe(() => add(3, 4), loop)), 7);
  t.is(await here(bench, (loop) => runCoroutineThreadsafe(async () => 'async', loop)), 'async');
  const boom = new RangeError('boom');
  const failing = function* (): Coroutine<never> {
    yield* sleep(0);
    throw boom;
  };
  const error = await t.throwsAsync(
    here(bench, (loop) => runCoroutineThreadsafe(failing, loop)),
    { instanceOf: RangeError },
  );
  t.is(error, boom);
});

bothModes('in this thread a signal cancels the task, or keeps it from beginning (B83)', async (t, bench) => {
  const { loop } = bench;
  const controller = new AbortController();
  const log: string[] = [];
  const body = function* (): Coroutine<void> {
    log.push('begun');
    loop.callSoon(() => controller.abort(new Error('enough')));
    try {
      yield* loop.createFuture<void>();
    } finally {
      log.push('ended');
    }
  };
  const error = await t.throwsAsync(
    here(bench, () => runCoroutineThreadsafe(body, loop, { signal: controller.signal })),
    { instanceOf: CancelledError },
  );
  t.is((error.cause as Error).message, 'enough');
  await bench.run(function* () {
    yield* sleep(0);
    yield* sleep(0);
  });
  t.deepEqual(log, ['begun', 'ended']);
  await t.throwsAsync(runCoroutineThreadsafe(body, loop, { signal: controller.signal }), {
    instanceOf: CancelledError,
  });
  const late = new AbortController();
  const promise = runCoroutineThreadsafe(body, loop, { signal: late.signal });
  late.abort();
  await t.throwsAsync(promise, { instanceOf: CancelledError });
  await bench.run(function* () {
    for (let turn = 0; turn < 4; turn++) yield* sleep(0);
  });
  t.deepEqual(log, ['begun', 'ended']);
});

bothModes(
  'in this thread a factory that fails is the promise’s error, and is reported (B83)',
  async (t, bench) => {
    const { loop } = bench;
    const broken = new RangeError('factory');
    const reports: unknown[] = [];
    loop.setExceptionHandler((_loop, context) => reports.push(context.exception));
    loop.setTaskFactory((() => {
      throw broken;
    }) as TaskFactory);
    t.is(await t.throwsAsync(here(bench, () => runCoroutineThreadsafe(add(1, 2), loop))), broken);
    t.deepEqual(reports, [broken]);
  },
);

test.serial('it takes coroutines, and what a ThreadsafeCoroutine gave (B83)', async (t) => {
  const loop = freshLoop();
  for (const wrong of [1, null, {}, Promise.resolve(), loop.createFuture()] as unknown as Coroutine<void>[]) {
    await t.throwsAsync(runCoroutineThreadsafe(wrong, loop), {
      instanceOf: TypeError,
      message: /^A coroutine object is required/,
    });
  }
  t.throws(() => new ThreadsafeCoroutine(loop, 1 as never), { instanceOf: TypeError });
  loop.close();
  await t.throwsAsync(runCoroutineThreadsafe(add(1, 2), loop), {
    instanceOf: RuntimeError,
    code: 'ERR_LOOP_CLOSED',
  });
  t.throws(() => new ThreadsafeCoroutine(loop, add), { code: 'ERR_LOOP_CLOSED' });
});
