// PriorityQueue: the order of items, and what has none.

import test from 'ava';
import { PriorityQueue, sleep } from 'mioloop';
import { failure, thrown } from './support/failure.js';
import { inLoop } from './support/modes.js';
import { Random } from './support/random.js';

function sorted<T>(queue: PriorityQueue<T>, items: Iterable<T>): T[] {
  for (const item of items) queue.putNowait(item);
  const out: T[] = [];
  while (!queue.empty()) out.push(queue.getNowait());
  return out;
}

inLoop('the smallest item comes first (B85)', function* (t, loop) {
  const queue = new PriorityQueue<number>();
  for (const item of [1, 3, 2]) yield* queue.put(item);
  t.deepEqual([yield* queue.get(), yield* queue.get(), yield* queue.get()], [1, 2, 3]);
  const waiting = loop.createTask(function* () {
    return yield* queue.get();
  });
  queue.putNowait(7);
  queue.putNowait(5);
  t.is(yield* waiting, 5);
});

test.serial('a thousand random numbers come out sorted, with puts and gets mixed', (t) => {
  const random = new Random(85);
  const queue = new PriorityQueue<number>();
  const model: number[] = [];
  for (let step = 0; step < 4_000; step++) {
    if (model.length === 0 || (random.below(2) === 0 && step < 3_000)) {
      const item = random.below(200);
      queue.putNowait(item);
      model.push(item);
      model.sort((a, b) => a - b);
    } else {
      t.is(queue.getNowait(), model.shift()!);
    }
    t.is(queue.qsize(), model.length);
  }
});

test.serial('numbers, strings, dates, arrays and objects with valueOf() have an order', (t) => {
  t.deepEqual(sorted(new PriorityQueue<number | bigint>(), [3, 2n, 2.5, -1]), [-1, 2n, 2.5, 3]);
  t.deepEqual(sorted(new PriorityQueue<string>(), ['b', 'a', 'B', '']), ['', 'B', 'a', 'b']);
  const dates = [5, 1, 3].map((time) => new Date(time));
  t.deepEqual(
    sorted(new PriorityQueue<Date>(), dates).map((date) => date.getTime()),
    [1, 3, 5],
  );
  const tuples: (number | string)[][] = [[2, 'a'], [1, 'z'], [1], [1, 'b'], []];
  t.deepEqual(sorted(new PriorityQueue<unknown[]>(), tuples), [[], [1], [1, 'b'], [1, 'z'], [2, 'a']]);
  const y = [[1, 2n], 'y'];
  const x = [[1, 2], 'x'];
  t.deepEqual(sorted(new PriorityQueue<unknown[]>(), [y, x]), [x, y], 'a number equals its bigint');
  t.deepEqual(sorted(new PriorityQueue<unknown>(), [2, true, false]), [false, true, 2]);
  // What is equal need have no order.
  const job = {};
  t.deepEqual(
    sorted(new PriorityQueue<unknown[]>(), [
      [1, job],
      [1, job],
    ]).length,
    2,
  );
});

test.serial('the option compare decides instead', (t) => {
  const queue = new PriorityQueue<string>(0, { compare: (a, b) => b.length - a.length });
  t.deepEqual(sorted(queue, ['a', 'ccc', 'bb']), ['ccc', 'bb', 'a']);
  t.deepEqual(sorted(new PriorityQueue<number>(0, { compare: undefined }), [2, 1]), [1, 2]);
  const error = thrown(() => new PriorityQueue(0, { compare: 5 as never }));
  t.true(error instanceof TypeError);
  t.like(error as Error, { code: 'ERR_INVALID_ARG_TYPE' });
});

inLoop('an item that has no order among the others is a TypeError, and is not in', function* (t) {
  for (const [first, second] of [
    [1, 'a'],
    [{}, {}],
    [undefined, 1],
    [null, null],
    [[1], 1],
    [
      [1, {}],
      [1, {}],
    ],
    [Symbol('a'), Symbol('b')],
  ]) {
    const queue = new PriorityQueue<unknown>();
    queue.putNowait(first);
    const error = thrown(() => queue.putNowait(second));
    t.true(error instanceof TypeError);
    t.like(error as Error, { code: 'ERR_NOT_COMPARABLE' });
    t.regex((error as Error).message, /'<' is not supported between/);
    t.true((yield* failure(queue.put(second))) instanceof TypeError);
    t.is(queue.qsize(), 1);
    t.is(queue.getNowait(), first);
    queue.taskDone();
    t.true(thrown(() => queue.taskDone()) instanceof RangeError);
  }
});

test.serial('a comparison that throws on the way out leaves the queue as it was', (t) => {
  let fails = false;
  const queue = new PriorityQueue<number>(0, {
    compare: (a, b) => {
      if (fails) throw new Error('no');
      return a - b;
    },
  });
  for (const item of [4, 2, 5, 1, 3]) queue.putNowait(item);
  fails = true;
  t.is((thrown(() => queue.getNowait()) as Error).message, 'no');
  t.is((thrown(() => queue.putNowait(0)) as Error).message, 'no');
  fails = false;
  t.deepEqual(sorted(queue, []), [1, 2, 3, 4, 5]);
});

inLoop('a put that fails after it was woken lets the next one put', function* (t, loop) {
  const queue = new PriorityQueue<unknown>(2);
  queue.putNowait(1);
  queue.putNowait(2);
  const wrong = loop.createTask(function* () {
    yield* queue.put('no number');
  });
  const right = loop.createTask(function* () {
    yield* queue.put(3);
  });
  yield* sleep(0);
  t.is(queue.getNowait(), 1);
  t.like((yield* failure(wrong)) as Error, { code: 'ERR_NOT_COMPARABLE' });
  for (let turn = 0; turn < 5; turn++) yield* sleep(0);
  t.true(right.done());
  t.is(queue.qsize(), 2);
});

inLoop('a get that fails after it was woken lets the next one get', function* (t, loop) {
  let failures = 1;
  const queue = new PriorityQueue<number>(0, {
    compare: (a, b) => {
      if (b === 2 && failures-- > 0) throw new Error('no');
      return a - b;
    },
  });
  const wrong = loop.createTask(function* () {
    return yield* queue.get();
  });
  const right = loop.createTask(function* () {
    return yield* queue.get();
  });
  yield* sleep(0);
  for (const item of [1, 2, 3]) queue.putNowait(item);
  t.is(((yield* failure(wrong)) as Error | undefined)?.message, 'no');
  t.is(yield* right, 1);
  yield* sleep(0);
});
