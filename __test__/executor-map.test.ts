// Executor.map: many jobs, and their results in order.

import test from 'ava';
import { CancelledError, gather, run, ThreadPoolExecutor, TimeoutError } from 'mioloop';
import { job, within } from './support/executors.js';
import { inLoop } from './support/modes.js';
import { errorOf } from './support/outcomes.js';

const ITEMS = Array.from({ length: 25 }, (_, n) => n);
const SQUARES = ITEMS.map((n) => n * n);
const square = (n: number): number => n * n;

for (const chunksize of [1, 4, 100]) {
  inLoop(`the results come in the order of the items, ${chunksize} in a piece`, function* (t) {
    yield* within(new ThreadPoolExecutor(2), function* (executor) {
      const results: number[] = [];
      for (const result of executor.map(square, ITEMS, { chunksize })) results.push(yield* result);
      t.deepEqual(results, SQUARES);
      t.deepEqual(yield* gather(...executor.map(square, new Set(ITEMS), { chunksize })), SQUARES);
      t.deepEqual([...executor.map(square, [], { chunksize })], []);
      const late = async (n: number): Promise<number> => {
        await new Promise((resolve) => setTimeout(resolve, 5 - n));
        return n;
      };
      t.deepEqual(yield* gather(...executor.map(late, [1, 2, 3], { chunksize })), [1, 2, 3]);
    });
  });
}

inLoop('an error comes at its place; who leaves cancels what has not begun', function* (t) {
  yield* within(new ThreadPoolExecutor(1), function* (executor) {
    const failing = (n: number): number => {
      if (n === 2) throw new RangeError('two');
      return n;
    };
    const results: number[] = [];
    const all = executor.map(failing, ITEMS);
    const error = yield* errorOf(
      (function* () {
        for (const result of all) results.push(yield* result);
      })(),
    );
    t.true(error instanceof RangeError);
    t.deepEqual(results, [0, 1]);
    t.true(all.next().done);
    t.is(yield* executor.submit(job('add'), 1, 1), 2);
  });
});

inLoop('what takes longer than the timeout is a TimeoutError', function* (t) {
  yield* within(new ThreadPoolExecutor(1), function* (executor) {
    const words = new Int32Array(new SharedArrayBuffer(4));
    const wait = (shared: Int32Array): unknown => Atomics.wait(shared, 0, 0);
    for (const chunksize of [1, 2]) {
      Atomics.store(words, 0, 0);
      const [first, second, third] = [
        ...executor.map(wait, [words, words, words], { timeout: 0.01, chunksize }),
      ];
      t.true((yield* errorOf(first!)) instanceof TimeoutError);
      t.true((yield* errorOf(third!)) instanceof TimeoutError);
      t.true(second!.done());
      Atomics.store(words, 0, 1);
      Atomics.notify(words, 0);
    }
    t.deepEqual(yield* gather(...executor.map(square, [1, 2], { timeout: 60 })), [1, 4]);
  });
});

test.serial('for await gives the results themselves', async (t) => {
  await run(async () => {
    await using executor = new ThreadPoolExecutor(2);
    const results: number[] = [];
    for await (const result of executor.map(square, ITEMS, { timeout: 60 })) results.push(result);
    t.deepEqual(results, SQUARES);
    const left = executor.map(square, ITEMS);
    for await (const result of left) if (result === 1) break;
    t.true(left.next().done);
    await t.throwsAsync(
      async () => {
        for await (const _ of executor.map(job('fail'), ['range', 'string'])) t.fail();
      },
      { instanceOf: RangeError },
    );
  });
});

inLoop('wrong arguments are refused, and leave nothing behind', function* (t) {
  yield* within(new ThreadPoolExecutor(1), function* (executor) {
    t.throws(() => executor.map(square, [1], { chunksize: 0 }), {
      instanceOf: RangeError,
      message: 'chunksize must be >= 1, got 0',
    });
    t.throws(() => executor.map(square, [1], { chunksize: '1' as never }), { instanceOf: TypeError });
    t.throws(() => executor.map(square, 5 as never), { instanceOf: TypeError });
    t.throws(() => executor.map(square, [1], { timeout: '1' as never }), { instanceOf: TypeError });
    t.throws(() => executor.map(square, [1], { size: 1 } as never), { code: 'ERR_NOT_IMPLEMENTED' });
    t.throws(() => executor.map((value: unknown) => value, [1, () => 1]), { code: 'ERR_NOT_CLONEABLE' });
    const future = executor.submit(job('add'), 1, 1);
    t.false(future.cancelled());
    t.is(yield* future, 2);
    const cancelled = executor.map(square, [1]).next().value!;
    cancelled.cancel();
    t.true((yield* errorOf(cancelled)) instanceof CancelledError);
  });
});
