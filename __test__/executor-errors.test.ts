// Errors of jobs, and workers that end: what the caller gets, and that others hear nothing of it.
import {
  BrokenExecutor,
  BrokenThreadPool,
  CancelledError,
  gather,
  getRunningLoop,
  IncompleteReadError,
  ThreadPoolExecutor,
} from 'mioloop';
import { job, within } from './support/executors.js';
import { inLoop } from './support/modes.js';
import { errorOf } from './support/outcomes.js';

inLoop('an error comes back with its class, message, code, cause and the stack of its thread', function* (t) {
  yield* within(new ThreadPoolExecutor(1), function* (executor) {
    const thrown = function* (kind: string) {
      return (yield* errorOf(executor.submit(job('fail'), kind))) as Error & Record<string, unknown>;
    };
    const range = yield* thrown('range');
    t.true(range instanceof RangeError);
    t.is(range.message, 'too far');
    t.regex(range.stack!, /^RangeError: too far\n {4}at fail \(.*jobs\.js:\d+:\d+\)/);
    t.true(range.cause instanceof TypeError);
    const system = yield* thrown('system');
    t.like(system, { code: 'ENOENT', syscall: 'open', path: '/nowhere/to/be/found', name: 'Error' });
    t.is(typeof system.errno, 'number');
    const several = (yield* thrown('aggregate')) as unknown as AggregateError;
    t.true(several instanceof AggregateError);
    t.true(several.errors[0] instanceof RangeError);
    t.is((several.errors[1] as Error).name, 'Unknown');
    const unknown = yield* thrown('unknown');
    t.like(unknown, { name: 'Unknown', message: 'who knows', extra: { deep: [1, 2] } });
    t.true(unknown instanceof Error);
    t.false('call' in unknown);
    const ours = (yield* thrown('ours')) as unknown as IncompleteReadError;
    t.true(ours instanceof IncompleteReadError);
    t.is(ours.expected, 10);
    t.deepEqual(Buffer.from(ours.partial).toString(), 'abc');
    t.is((yield* thrown('abort')).name, 'AbortError');
    t.is((yield* thrown('string')) as unknown, 'a string');
    t.true((yield* thrown('cancelled')) instanceof CancelledError);
  });
});

const ENDINGS: readonly [title: string, func: () => unknown, message: RegExp, cause: string | null][] = [
  ['process.exit()', () => process.exit(3), /its worker called process\.exit\(3\)$/, null],
  [
    'an error that nobody catches',
    () =>
      new Promise(() => {
        setTimeout(() => {
          throw new RangeError('in a timer');
        }, 1);
      }),
    /its worker ended by an error that nobody caught$/,
    'in a timer',
  ],
  [
    'a rejection that nobody handles',
    () =>
      new Promise(() => {
        void Promise.reject(new RangeError('unhandled'));
      }),
    /its worker ended by an error that nobody caught$/,
    'unhandled',
  ],
];

for (const [title, func, message, cause] of ENDINGS) {
  inLoop(`a thread that ends by ${title} fails its own job only, and is replaced`, function* (t) {
    yield* within(new ThreadPoolExecutor(2), function* (executor) {
      const beside = executor.submit(job('later'), 30, 'beside');
      const failing = executor.submit(func);
      const waiting = [1, 2, 3].map((n) => executor.submit(job('add'), n, 1));
      const error = (yield* errorOf(failing)) as Error & { code: string };
      t.true(error instanceof BrokenThreadPool && error instanceof BrokenExecutor);
      t.is(error.code, 'ERR_BROKEN_THREAD_POOL');
      t.regex(error.message, message);
      if (cause !== null) t.is((error.cause as Error).message, cause);
      t.is(yield* beside, 'beside');
      t.deepEqual(yield* gather(...waiting), [2, 3, 4]);
    });
  });
}

inLoop('a thread without memory fails its own job only', function* (t) {
  const resourceLimits = { maxOldGenerationSizeMb: 16 };
  yield* within(new ThreadPoolExecutor(1, { resourceLimits }), function* (executor) {
    const eating = executor.submit(() => {
      // In small pieces: a large one that finds no room would end the process on some Nodes.
      let last: unknown = null;
      for (;;) last = { last };
    });
    const after = executor.submit(job('add'), 1, 1);
    const error = (yield* errorOf(eating)) as Error;
    t.true(error instanceof BrokenThreadPool);
    t.regex(
      error.message,
      /its worker ended (by .*memory|without a word, as one does that has no memory left)/,
    );
    t.is(yield* after, 2);
  });
});

inLoop('one job after another ends its thread: each fails, and the executor goes on', function* (t) {
  yield* within(new ThreadPoolExecutor(2), function* (executor) {
    const ending = Array.from({ length: 6 }, () => executor.submit(() => process.exit(0)));
    for (const future of ending) t.true((yield* errorOf(future)) instanceof BrokenThreadPool);
    t.is(yield* executor.submit(job('add'), 1, 1), 2);
  });
});

inLoop('a thread that ends though it has no job is warned of, with the error', function* (t) {
  const warnings: (Error & { code?: string; detail?: string })[] = [];
  const { emitWarning } = process;
  const executor = new ThreadPoolExecutor(1);
  const leaveTimer = (): void => {
    setTimeout(() => {
      throw new RangeError('left behind');
    }, 1);
  };
  const ended = getRunningLoop().createFuture<void>();
  process.emitWarning = ((message: string, options: object) => {
    warnings.push(Object.assign(new Error(message), options));
    ended.setResult(undefined);
  }) as never;
  try {
    const waiting = getRunningLoop().callLater(60, () => {});
    yield* executor.submit(leaveTimer);
    yield* ended;
    waiting.cancel();
    t.is(yield* executor.submit(job('add'), 1, 1), 2);
  } finally {
    process.emitWarning = emitWarning;
    yield* executor.shutdown();
  }
  t.is(warnings.length, 1);
  t.like(warnings[0], {
    message: 'a worker of an executor, which had no job, ended by an error that nobody caught',
    code: 'MIOLOOP_WORKER_LOST',
  });
  t.regex(warnings[0]!.detail!, /^RangeError: left behind\n/);
});
