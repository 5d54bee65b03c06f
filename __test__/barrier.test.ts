// Barrier: its phases filling, draining, resetting and broken, and cancels in each.

import { inspect } from 'node:util';
import {
  Barrier,
  BrokenBarrierError,
  CancelledError,
  type Coroutine,
  type EventLoop,
  RuntimeError,
  sleep,
  type Task,
} from 'mioloop';
import { failure, thrown } from './support/failure.js';
import { turns } from './support/hall.js';
import { inLoop } from './support/modes.js';

const N = 5;

function crowd<T>(loop: EventLoop, count: number, body: (number: number) => Coroutine<T>): Task<T>[] {
  return Array.from({ length: count }, (_, number) => loop.createTask(body(number)));
}

function* all<T>(tasks: Task<T>[]): Coroutine<T[]> {
  const results: T[] = [];
  for (const task of tasks) results.push(yield* task);
  return results;
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

inLoop('a barrier prints its phase and how many wait (B84)', function* (t, loop) {
  const barrier = new Barrier(N);
  t.is(String(barrier), '<Barrier [filling, waiters:0/5]>');
  const wait = function* () {
    return yield* failure(barrier.wait());
  };
  const tasks = crowd(loop, 2, wait);
  yield* sleep(0);
  t.is(inspect(barrier), '<Barrier [filling, waiters:2/5]>');
  tasks.push(...crowd(loop, 3, wait));
  yield* sleep(0);
  t.is(String(barrier), '<Barrier [draining, waiters:0/5]>');
  tasks.push(...crowd(loop, 2, wait));
  yield* sleep(0);
  yield* barrier.reset();
  t.is(String(barrier), '<Barrier [resetting, waiters:0/5]>');
  tasks.push(...crowd(loop, 2, wait));
  yield* sleep(0);
  yield* barrier.abort();
  t.is(String(barrier), '<Barrier [broken]>');
  t.true(barrier.broken);
  yield* all(tasks);
});

inLoop('all go on together, each with its own number, and again (B84)', function* (t, loop) {
  const barrier = new Barrier(N);
  const log: string[] = [];
  const tasks = crowd(loop, N, function* () {
    const first = yield* barrier.wait();
    log.push('first');
    const second = yield* barrier.wait();
    log.push('second');
    return [first, second];
  });
  const results = yield* all(tasks);
  t.deepEqual(results.map(([first]) => first).sort(), upTo(N));
  t.deepEqual(results.map(([, second]) => second).sort(), upTo(N));
  t.deepEqual(log, [...Array(N).fill('first'), ...Array(N).fill('second')]);
  t.is(barrier.nWaiting, 0);
  t.is(barrier.parties, N);
  t.false(barrier.broken);
});

inLoop('a barrier of one never makes wait (B84)', function* (t) {
  const barrier = new Barrier(1);
  t.is(yield* barrier.wait(), 0);
  t.is(yield* barrier.wait(), 0);
  t.is(barrier.nWaiting, 0);
});

inLoop('tasks come one by one, and nWaiting counts them (B84)', function* (t, loop) {
  const barrier = new Barrier(3);
  const wait = () => barrier.wait();
  const tasks: Task<number>[] = [];
  for (const count of [1, 2]) {
    tasks.push(
      ...crowd(loop, 1, () =>
        (function* () {
          return yield* wait();
        })(),
      ),
    );
    yield* sleep(0);
    t.is(barrier.nWaiting, count);
  }
  t.is(yield* barrier.wait(), 2);
  t.deepEqual(yield* all(tasks), [0, 1]);
});

inLoop('while it drains, who comes waits outside (B84)', function* (t, loop) {
  const barrier = new Barrier(N);
  const phases: boolean[] = [];
  const tasks = crowd(loop, N, function* () {
    yield* barrier.wait();
    phases.push(String(barrier).includes('draining'));
    yield* barrier.wait();
  });
  yield* all(tasks);
  t.deepEqual(phases, [true, true, true, true, false]);
  t.is(barrier.nWaiting, 0);
});

inLoop('cancel() of one that waits leaves a place for another (B84)', function* (t, loop) {
  const barrier = new Barrier(3);
  function* wait(): Coroutine<number> {
    return yield* barrier.wait();
  }
  const [first, second] = crowd(loop, 2, wait);
  yield* sleep(0);
  t.is(barrier.nWaiting, 2);
  first!.cancel();
  yield* sleep(0);
  t.is(barrier.nWaiting, 1);
  t.true((yield* failure(first!)) instanceof CancelledError);
  const others = crowd(loop, 2, wait);
  t.deepEqual((yield* all([second!, ...others])).sort(), [1, 1, 2]);
  t.false(barrier.broken);
});

inLoop('reset() of an empty barrier does nothing (B84)', function* (t) {
  const barrier = new Barrier(1);
  yield* barrier.reset();
  t.is(String(barrier), '<Barrier [filling, waiters:0/1]>');
});

inLoop('reset() gives BrokenBarrierError to those who wait, and it works again (B84)', function* (t, loop) {
  const barrier = new Barrier(N);
  let errors = 0;
  const tasks = crowd(loop, N - 1, function* () {
    const error = yield* failure(barrier.wait());
    if (error instanceof BrokenBarrierError) errors += 1;
    return yield* barrier.wait();
  });
  yield* sleep(0);
  yield* barrier.reset();
  yield* turns(3);
  t.is(errors, N - 1);
  yield* barrier.wait();
  yield* all(tasks);
  t.false(barrier.broken);
  t.is(barrier.nWaiting, 0);
});

inLoop(
  'reset() in the middle of draining: who has left is well, the others get the error (B84)',
  function* (t, loop) {
    const barrier = new Barrier(N);
    const log: string[] = [];
    let left = 0;
    const tasks = crowd(loop, N, function* () {
      const error = yield* failure(barrier.wait());
      if (error === undefined) {
        log.push('through');
        left += 1;
        if (left === 3) yield* barrier.reset();
      } else {
        t.true(error instanceof BrokenBarrierError);
        log.push('error');
      }
    });
    yield* all(tasks);
    t.deepEqual(log, ['through', 'through', 'through', 'error', 'error']);
    t.is(String(barrier), '<Barrier [filling, waiters:0/5]>');
  },
);

inLoop('reset() while it drains does not reach those who wait outside (B84)', function* (t, loop) {
  const barrier = new Barrier(N);
  const waiting: string[] = [];
  let through = 0;
  const tasks = crowd(loop, N, function* () {
    const error = yield* failure(barrier.wait());
    if (error !== undefined) {
      waiting.push('inside: error');
      yield* barrier.wait();
      return;
    }
    through += 1;
    if (through === 3) yield* barrier.reset();
    yield* barrier.wait();
    waiting.push('outside: through');
  });
  yield* all(tasks);
  t.deepEqual(waiting.sort(), [
    'inside: error',
    'inside: error',
    'outside: through',
    'outside: through',
    'outside: through',
  ]);
});

inLoop('abort() breaks it for those who wait and those who come, until reset() (B84)', function* (t, loop) {
  const barrier = new Barrier(3);
  const tasks = crowd(loop, 2, function* () {
    return yield* failure(barrier.wait());
  });
  yield* sleep(0);
  yield* barrier.abort();
  t.true(barrier.broken);
  t.is(barrier.nWaiting, 0);
  const errors = [...(yield* all(tasks)), yield* failure(barrier.wait())];
  for (const error of errors) {
    t.true(error instanceof BrokenBarrierError);
    t.true(error instanceof RuntimeError);
    t.like(error as Error, { name: 'BrokenBarrierError', code: 'ERR_BROKEN_BARRIER' });
  }
  t.deepEqual(
    errors.map((error) => (error as Error).message),
    ['Abort or reset of barrier', 'Abort or reset of barrier', 'Barrier aborted'],
  );
  yield* barrier.reset();
  t.false(barrier.broken);
  const again = crowd(loop, 3, function* () {
    return yield* barrier.wait();
  });
  t.deepEqual(yield* all(again), [2, 0, 1].sort());
});

inLoop('abort() while it drains also reaches those who wait outside (B84)', function* (t, loop) {
  const barrier = new Barrier(N);
  const log: string[] = [];
  let left = 0;
  const tasks = crowd(loop, N, function* () {
    if ((yield* failure(barrier.wait())) !== undefined) {
      log.push('inside');
      return;
    }
    left += 1;
    if (left > 2) yield* barrier.abort();
    else if ((yield* failure(barrier.wait())) !== undefined) log.push('outside');
  });
  yield* all(tasks);
  t.true(barrier.broken);
  t.deepEqual(log.sort(), ['inside', 'inside', 'outside', 'outside']);
});

inLoop('async functions wait too, and a cancel leaves the place (B84)', function* (t, loop) {
  const barrier = new Barrier(3);
  const log: string[] = [];
  const worker = (name: string) =>
    loop.createTask(async () => {
      const index = await barrier.wait();
      log.push(`${name} ${index}`);
    });
  const [a, b] = [worker('a'), worker('b')];
  yield* sleep(0);
  a.cancel();
  t.true((yield* failure(a)) instanceof CancelledError);
  t.is(barrier.nWaiting, 1);
  const [c, d] = [worker('c'), worker('d')];
  for (const task of [b, c, d]) yield* task;
  t.is(log.length, 3);
  t.deepEqual(log.map((line) => line.split(' ')[0]).sort(), ['b', 'c', 'd']);
});

inLoop('parties must be a whole number from 1 on (B84)', function* (t) {
  yield* sleep(0);
  for (const wrong of [0, -4, Number.NaN, 1.5, Number.POSITIVE_INFINITY]) {
    const error = thrown(() => new Barrier(wrong)) as Error;
    t.true(error instanceof RangeError, `${wrong}`);
    t.regex(error.message, /^parties must be/);
    t.like(error, { code: 'ERR_INVALID_ARG_VALUE' });
  }
  for (const wrong of [undefined, '3', null]) {
    t.like(thrown(() => new Barrier(wrong as never)) as Error, { code: 'ERR_INVALID_ARG_TYPE' });
  }
});
