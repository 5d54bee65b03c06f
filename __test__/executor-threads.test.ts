// Jobs in worker threads: what goes in and comes out, in both run modes.
import test from 'ava';
import { gather, RuntimeError, ThreadPoolExecutor, toThread, transfer } from 'mioloop';
import { job, within } from './support/executors.js';
import { bothModes, inLoop, MODES, withBench } from './support/modes.js';
import { errorOf } from './support/outcomes.js';

/** A module with a default export. */
const DOUBLE = { module: 'data:text/javascript,export default (n) => n * 2' };

inLoop(
  'a function or an export of a module runs in a thread of the default executor (B196)',
  function* (t, loop) {
    t.is(yield* loop.runInExecutor(null, (a: number, b: number) => a + b, 2, 3), 5);
    t.is(yield* loop.runInExecutor(null, job('add'), 2, 3), 5);
    t.is(yield* loop.runInExecutor(null, DOUBLE, 21), 42);
    t.is(yield* toThread(job('add'), 1, 1), 2);
    t.is(yield* toThread(() => 'nothing'), 'nothing');
    const { isMainThread, name } = yield* toThread(job('thread'));
    t.false(isMainThread);
    t.is(name, 'asyncio_0', 'one thread was enough, and it has asyncio’s name');
  },
);

inLoop('an async function is awaited in the thread', function* (t, loop) {
  t.is(yield* loop.runInExecutor(null, job('later'), 5, 'done'), 'done');
  t.is(yield* toThread(async (value: number) => (await Promise.resolve(value)) + 1, 1), 2);
});

inLoop('jobs run beside each other, and each result is its own job’s', function* (t) {
  yield* within(new ThreadPoolExecutor(3, { threadNamePrefix: 'pool' }), function* (executor) {
    const sums = yield* gather(...Array.from({ length: 200 }, (_, n) => executor.submit(job('add'), n, n)));
    t.deepEqual(
      sums,
      Array.from({ length: 200 }, (_, n) => 2 * n),
    );
    const names = yield* gather(
      ...[1, 2, 3].map(() =>
        executor.submit(async () => {
          await new Promise((resolve) => setTimeout(resolve, 20));
          const { workerData } = process.getBuiltinModule('node:worker_threads');
          return (workerData as { name: string }).name;
        }),
      ),
    );
    t.deepEqual(names.sort(), ['pool_0', 'pool_1', 'pool_2']);
  });
});

inLoop('threads are started one by one, when there is work for them', function* (t) {
  yield* within(new ThreadPoolExecutor(4), function* (executor) {
    const ids = new Set<number>();
    for (let round = 0; round < 5; round++) ids.add((yield* executor.submit(job('thread'))).threadId);
    t.is(ids.size, 1);
    const names = yield* gather(executor.submit(job('thread')), executor.submit(job('later'), 1, null));
    t.regex(names[0]!.name, /^ThreadPoolExecutor-\d+_0$/);
  });
});

inLoop('arguments and results are copies; what is wrapped in transfer() moves', function* (t) {
  yield* within(new ThreadPoolExecutor(1), function* (executor) {
    const given = { map: new Map([['a', new Set([1])]]), date: new Date(0), list: [1n, undefined, null] };
    t.deepEqual(yield* executor.submit((value: unknown) => value, given), given);
    const copy = new Uint8Array(100);
    t.is(yield* executor.submit(job('keep'), copy), 100);
    t.is(copy.length, 100);
    const moving = new Uint8Array(100);
    t.is(yield* executor.submit(job('keep'), transfer(moving, [moving.buffer])), 100);
    t.is(moving.length, 0, 'it is there now');
    t.deepEqual(yield* executor.submit(job('fresh'), 3), new Uint8Array([7, 7, 7]));
    const shared = new Int32Array(new SharedArrayBuffer(4));
    yield* executor.submit((words: Int32Array) => void Atomics.store(words, 0, 5), shared);
    t.is(shared[0], 5);
  });
});

inLoop('a job that waits keeps its arguments as they were when it was given', function* (t) {
  yield* within(new ThreadPoolExecutor(1), function* (executor) {
    const first = executor.submit(job('later'), 10, null);
    const list = [1];
    const bytes = new Uint8Array(10);
    const second = executor.submit((value: number[]) => value, list);
    const third = executor.submit(job('keep'), transfer(bytes, [bytes.buffer]));
    list.push(2);
    t.is(bytes.length, 0);
    yield* first;
    t.deepEqual(yield* second, [1]);
    t.is(yield* third, 10);
    t.is(yield* executor.submit(job('kept')), 10);
  });
});

inLoop('what cannot be cloned is a TypeError that names it; the thread goes on', function* (t) {
  yield* within(new ThreadPoolExecutor(1), function* (executor) {
    const text = (_a: unknown, _b: unknown): string => 'fine';
    const asked =
      (...args: [unknown, unknown]) =>
      () =>
        executor.submit(text, ...args);
    const expected = { instanceOf: TypeError, code: 'ERR_NOT_CLONEABLE' };
    for (const round of ['sent', 'kept']) {
      const before = round === 'kept' ? executor.submit(job('later'), 5, null) : null;
      const error = t.throws(
        asked(1, () => 2),
        expected,
      );
      t.regex(error.message, /^argument 2, the function .*, of text\(\) cannot be sent to a worker: /);
      t.throws(asked(Symbol('x'), 1), { ...expected, message: /^argument 1, / });
      const bytes = new Uint8Array(1);
      t.throws(asked(transfer(bytes, [bytes.buffer, bytes.buffer]), 1), {
        ...expected,
        message: /^what moves with the arguments of /,
      });
      if (before !== null) yield* before;
    }
    const error = (yield* errorOf(executor.submit(() => () => 1))) as Error & { code: string };
    t.true(error instanceof TypeError);
    t.is(error.code, 'ERR_NOT_CLONEABLE');
    t.regex(error.message, /^the result of \(anonymous\)\(\) cannot be sent back: /);
    t.is(yield* executor.submit(text, 1, 2), 'fine');
  });
});

inLoop('an initializer prepares each thread before its first job', function* (t) {
  const initializer = job('prepare');
  yield* within(new ThreadPoolExecutor(1, { initializer, initargs: ['ready'] }), function* (executor) {
    t.is(yield* executor.submit(job('preparation')), 'ready');
  });
  yield* within(new ThreadPoolExecutor(1, { initializer: job('refuse') }), function* (executor) {
    const [first, second] = [executor.submit(job('add'), 1, 1), executor.submit(job('add'), 1, 1)];
    for (const future of [first, second]) {
      const error = (yield* errorOf(future)) as Error;
      t.is(error.name, 'BrokenThreadPool');
      t.is(error.message, 'the executor is not usable anymore: its initializer failed');
      t.is((error.cause as Error).message, 'not today');
    }
    t.throws(() => executor.submit(job('add'), 1, 1), { code: 'ERR_BROKEN_THREAD_POOL' });
  });
});

inLoop('shutdown waits for the jobs, and ends the threads', function* (t) {
  const executor = new ThreadPoolExecutor(1);
  const futures = [1, 2, 3].map((n) => executor.submit(job('later'), 2, n));
  yield* executor.shutdown();
  t.true(futures.every((future) => future.done()));
  t.deepEqual(yield* gather(...futures), [1, 2, 3]);
  t.throws(() => executor.submit(job('add'), 1, 1), {
    instanceOf: RuntimeError,
    message: 'cannot schedule new futures after shutdown',
  });
  yield* executor.shutdown();
});

inLoop('shutdown with cancelFutures cancels what has not begun', function* (t) {
  const executor = new ThreadPoolExecutor(1);
  const [first, second] = [executor.submit(job('later'), 5, 1), executor.submit(job('later'), 5, 2)];
  yield* executor.shutdown({ cancelFutures: true });
  t.is(first.result(), 1);
  t.true(second.cancelled());
  const idle = new ThreadPoolExecutor(1);
  idle.shutdown({ wait: false });
  yield* idle.shutdown();
});

bothModes('a pool is used by several loops, one after another', async (t, { run }) => {
  const executor = new ThreadPoolExecutor(1);
  // biome-ignore lint/correctness/useYield: nobody waits
  const sum = await run(function* () {
    // The thread is still at it when this loop stands still.
    executor.submit(job('later'), 20, 'lost').cancel();
    const lost = executor.submit(job('add'), 1, 1);
    lost.cancel();
    executor.submit(job('later'), 10, 'late');
    return 3;
  });
  t.is(sum, 3);
  for (const mode of MODES) {
    await withBench(t, mode, async (other) => {
      const four = await other.run(function* () {
        return yield* executor.submit(job('add'), 2, 2);
      });
      t.is(four, 4);
    });
  }
  await run(function* () {
    yield* executor.shutdown();
  });
});

test('wrong arguments are refused', (t) => {
  t.throws(() => new ThreadPoolExecutor(0), {
    instanceOf: RangeError,
    message: 'maxWorkers must be greater than 0, got 0',
  });
  t.throws(() => new ThreadPoolExecutor(-1), { instanceOf: RangeError });
  t.throws(() => new ThreadPoolExecutor(1.5), { instanceOf: RangeError });
  t.throws(() => new ThreadPoolExecutor('2' as never), { instanceOf: TypeError });
  t.throws(() => new ThreadPoolExecutor(1, { threads: 2 } as never), { code: 'ERR_NOT_IMPLEMENTED' });
  t.throws(() => new ThreadPoolExecutor(1, { initializer: job('prepare'), initargs: 5 as never }), {
    instanceOf: TypeError,
  });
  t.throws(() => new ThreadPoolExecutor(1, { initializer: job('prepare'), initargs: [() => 1] }), {
    code: 'ERR_NOT_CLONEABLE',
  });
  t.throws(() => new ThreadPoolExecutor(1, { resourceLimits: { maxOldGenerationSizeMb: 1 } }), {
    instanceOf: RangeError,
  });
  t.throws(() => new ThreadPoolExecutor(1).submit(job('add'), 1, 1), { message: 'no running event loop' });
  t.throws(() => toThread(job('add'), 1, 1), { message: 'no running event loop' });
  t.throws(() => transfer(5 as never, []), { instanceOf: TypeError });
  t.throws(() => transfer({}, 5 as never), { instanceOf: TypeError });
});
