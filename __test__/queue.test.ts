// Queue and LifoQueue: order, waiting on both sides, cancellation races, join and shutdown.

import { inspect } from 'node:util';
import test from 'ava';
import {
  CancelledError,
  type EventLoop,
  LifoQueue,
  newEventLoop,
  PriorityQueue,
  Queue,
  QueueEmpty,
  QueueFull,
  QueueShutDown,
  sleep,
  type Task,
} from 'mioloop';
import { failure, thrown } from './support/failure.js';
import { turns } from './support/hall.js';
import { loopTurns } from './support/internals.js';
import { bothModes, inLoop } from './support/modes.js';

const KINDS = [Queue, LifoQueue, PriorityQueue] as const;

function getter<T>(loop: EventLoop, queue: Queue<T>): Task<T> {
  return loop.createTask(function* () {
    return yield* queue.get();
  });
}

function putter<T>(loop: EventLoop, queue: Queue<T>, item: T): Task<void> {
  return loop.createTask(function* () {
    yield* queue.put(item);
  });
}

inLoop('a queue prints its items and who waits (B85)', function* (t, loop) {
  const queue = new Queue<unknown>(1);
  t.is(String(queue), '<Queue maxsize=1>');
  const waiting = getter(loop, queue);
  yield* sleep(0);
  t.is(inspect(queue), '<Queue maxsize=1 _getters[1]>');
  queue.putNowait('a');
  yield* waiting;
  queue.putNowait({ b: 1 });
  const blocked = putter(loop, queue, 2);
  yield* sleep(0);
  t.is(String(queue), '<Queue maxsize=1 _queue=[ { b: 1 } ] _putters[1] tasks=2>');
  queue.shutdown();
  yield* failure(blocked);
  t.is(String(queue), '<Queue maxsize=1 _queue=[ { b: 1 } ] tasks=2 shutdown>');
  t.is(String(new LifoQueue()), '<LifoQueue maxsize=0>');
});

inLoop(
  'items come out in their order, and put and get of a queue with room cost no turn (B85)',
  function* (t, loop) {
    const queue = new Queue<number>();
    const start = loopTurns(loop);
    t.true(queue.empty());
    for (const item of [1, 3, 2]) yield* queue.put(item);
    t.is(queue.qsize(), 3);
    t.false(queue.full());
    const items: number[] = [];
    while (!queue.empty()) items.push(yield* queue.get());
    t.deepEqual(items, [1, 3, 2]);
    t.is(loopTurns(loop), start);
  },
);

inLoop('a LifoQueue gives the newest item first (B85)', function* (t) {
  const queue = new LifoQueue<number>(3);
  for (const item of [1, 3, 2]) yield* queue.put(item);
  t.true(queue.full());
  t.is(String(queue), '<LifoQueue maxsize=3 _queue=[ 1, 3, 2 ] tasks=3>');
  t.deepEqual([yield* queue.get(), yield* queue.get(), yield* queue.get()], [2, 3, 1]);
});

inLoop('items keep their order while the queue grows and shrinks (B85)', function* (t) {
  yield* sleep(0);
  const queue = new Queue<number>();
  const expected: number[] = [];
  let next = 0;
  for (const [puts, gets] of [
    [5, 2],
    [9, 10],
    [40, 1],
    [10_000, 9_000],
    [3, 1_044],
    [7, 7],
  ] as const) {
    for (let count = 0; count < puts; count++) {
      expected.push(next);
      queue.putNowait(next++);
    }
    for (let count = 0; count < gets; count++) t.is(queue.getNowait(), expected.shift()!);
    t.is(queue.qsize(), expected.length);
  }
  t.true(queue.empty());
});

inLoop('put() of a full queue waits until there is room (B85)', function* (t, loop) {
  const queue = new Queue<number>(2);
  t.is(queue.maxsize, 2);
  const put: number[] = [];
  const task = loop.createTask(function* () {
    for (let item = 0; item < 3; item++) {
      yield* queue.put(item);
      put.push(item);
    }
  });
  yield* turns(2);
  t.deepEqual(put, [0, 1]);
  t.is(yield* queue.get(), 0);
  yield* sleep(0);
  t.deepEqual(put, [0, 1, 2]);
  t.is(yield* queue.get(), 1);
  t.is(yield* queue.get(), 2);
  t.true(task.done());
});

inLoop(
  'get() of an empty queue waits for an item, and those who wait are served in order (B85)',
  function* (t, loop) {
    const queue = new Queue<string>();
    const tasks = [getter(loop, queue), getter(loop, queue)];
    yield* sleep(0);
    loop.callSoon(() => {
      queue.putNowait('a');
      queue.putNowait('b');
    });
    t.is(yield* tasks[0]!, 'a');
    t.is(yield* tasks[1]!, 'b');
  },
);

inLoop('one that was woken and finds nothing waits again, at the end of the line (B85)', function* (t, loop) {
  const queue = new Queue<string>();
  const [first, second] = [getter(loop, queue), getter(loop, queue)];
  yield* sleep(0);
  queue.putNowait('a');
  t.is(queue.getNowait(), 'a', 'faster than the one that was woken');
  yield* sleep(0);
  t.is(String(queue), '<Queue maxsize=0 _getters[2] tasks=1>');
  queue.putNowait('b');
  queue.putNowait('c');
  t.is(yield* second, 'b');
  t.is(yield* first, 'c');
  const full = new Queue<number>(1);
  full.putNowait(1);
  const blocked = putter(loop, full, 2);
  yield* sleep(0);
  full.getNowait();
  full.putNowait(3);
  yield* sleep(0);
  t.is(String(full), '<Queue maxsize=1 _queue=[ 3 ] _putters[1] tasks=2>');
  full.getNowait();
  yield* blocked;
  t.is(full.getNowait(), 2);
});

inLoop('putNowait() and getNowait() never wait (B85)', function* (t) {
  yield* sleep(0);
  const queue = new Queue<number>(1);
  const empty = thrown(() => queue.getNowait());
  t.true(empty instanceof QueueEmpty);
  t.like(empty as Error, { name: 'QueueEmpty', code: 'ERR_QUEUE_EMPTY' });
  queue.putNowait(1);
  const full = thrown(() => queue.putNowait(2));
  t.true(full instanceof QueueFull);
  t.like(full as Error, { name: 'QueueFull', code: 'ERR_QUEUE_FULL' });
  t.is(queue.getNowait(), 1);
});

inLoop('a maxsize that is not whole is rounded up, 0 or less is none (B85)', function* (t) {
  const queue = new Queue<number>(1.3);
  yield* queue.put(1);
  t.false(queue.full());
  yield* queue.put(2);
  t.true(queue.full());
  t.true(thrown(() => queue.putNowait(3)) instanceof QueueFull);
  const endless = new Queue<number>(-1);
  endless.putNowait(1);
  t.false(endless.full());
});

inLoop('producers and consumers of a queue of one place all come to their end (B85)', function* (t, loop) {
  const queue = new Queue<number>(1);
  const received: number[] = [];
  const tasks = [0, 1, 2].flatMap((base) => [
    loop.createTask(function* () {
      for (let item = 0; item < 50; item++) yield* queue.put(100 * base + item);
    }),
    loop.createTask(async () => {
      for (let count = 0; count < 50; count++) received.push(await queue.get());
    }),
  ]);
  for (const task of tasks) yield* task;
  t.is(received.length, 150);
  t.is(new Set(received).size, 150);
  t.true(queue.empty());
});

inLoop('items may be promises and futures: yield* gives them as they are', function* (t, loop) {
  const queue = new Queue<PromiseLike<number>>();
  const future = loop.createFuture<number>();
  const promise = Promise.resolve(2);
  const waiting = getter(loop, queue);
  const direct = queue.get();
  yield* sleep(0);
  queue.putNowait(promise);
  queue.putNowait(future);
  t.is(yield* direct, promise);
  t.is(direct.result(), promise);
  t.regex(String(direct), /^<\w+ finished result=Promise \{ 2\b.*\}>$/);
  // A task's result cannot be a future.
  t.true((yield* failure(waiting)) instanceof TypeError);
  yield* queue.put(future);
  t.is(yield* queue.get(), future);
});

inLoop('a cancelled get() takes no item, before its turn and behind its wake-up (B85)', function* (t, loop) {
  const queue = new Queue<unknown>();
  const [first, second] = [getter(loop, queue), getter(loop, queue)];
  yield* sleep(0);
  first.cancel();
  t.true((yield* failure(first)) instanceof CancelledError);
  t.is(String(queue), '<Queue maxsize=0 _getters[1]>');
  yield* queue.put('a');
  t.is(yield* second, 'a');
  const dropped = getter(loop, queue);
  yield* sleep(0);
  queue.putNowait(1);
  queue.putNowait(2);
  dropped.cancel();
  t.true((yield* failure(dropped)) instanceof CancelledError);
  t.is(yield* getter(loop, queue), 1, 'nothing is lost');
});

inLoop('the wake-up of a cancelled get() goes to the next that waits (B85)', function* (t, loop) {
  const queue = new Queue<number>();
  const readers = [getter(loop, queue), getter(loop, queue), getter(loop, queue)];
  yield* sleep(0);
  queue.putNowait(1);
  queue.putNowait(2);
  readers[0]!.cancel();
  t.true((yield* failure(readers[0]!)) instanceof CancelledError);
  t.deepEqual([yield* readers[1]!, yield* readers[2]!].sort(), [1, 2]);
});

inLoop(
  'a cancelled put() puts nothing in, and its place goes to the next that waits (B85)',
  function* (t, loop) {
    const queue = new Queue<string>(1);
    const [a, b, c] = ['a', 'b', 'X'].map((item) => putter(loop, queue, item));
    yield* sleep(0);
    t.true(a!.done());
    t.false(b!.done());
    c!.cancel();
    yield* sleep(0);
    t.true(c!.cancelled());
    t.is(String(queue), "<Queue maxsize=1 _queue=[ 'a' ] _putters[1] tasks=1>");
    t.is(queue.getNowait(), 'a');
    yield* sleep(0);
    t.is(queue.getNowait(), 'b');
    yield* b!;
    // Woken, and cancelled before its turn.
    queue.putNowait('1');
    const [dropped, next] = [putter(loop, queue, '2'), putter(loop, queue, '3')];
    yield* sleep(0);
    t.is(queue.getNowait(), '1');
    dropped.cancel();
    t.true((yield* failure(dropped)) instanceof CancelledError);
    yield* next;
    t.is(queue.getNowait(), '3');
    t.true(queue.empty());
  },
);

inLoop(
  'async functions: cancels lose nothing, and items come in the same turn as with yield* (B85)',
  function* (t, loop) {
    const queue = new Queue<string>();
    const log: [item: string, turn: number][] = [];
    const reader = () =>
      loop.createTask(async () => {
        log.push([await queue.get(), loopTurns(loop)]);
      });
    const [first, second] = [reader(), reader()];
    const third = loop.createTask(function* () {
      log.push([yield* queue.get(), loopTurns(loop)]);
    });
    yield* sleep(0);
    const start = loopTurns(loop);
    queue.putNowait('a');
    queue.putNowait('b');
    first.cancel();
    yield* third;
    yield* second;
    t.true((yield* failure(first)) instanceof CancelledError);
    t.deepEqual(log, [
      ['a', start + 1],
      ['b', start + 2],
    ]);
    // The same on the other side.
    const full = new Queue<string>(1);
    full.putNowait('x');
    const writer = (item: string) =>
      loop.createTask(async () => {
        await full.put(item);
      });
    const [dropped, next] = [writer('dropped'), writer('next')];
    yield* sleep(0);
    full.getNowait();
    dropped.cancel();
    yield* next;
    t.is(full.getNowait(), 'next');
  },
);

inLoop('a get() that nobody awaits takes its item in its turn, unless it is cancelled', function* (t) {
  const queue = new Queue<string>();
  const [first, second, third] = [queue.get(), queue.get(), queue.get()];
  t.true(first.cancel());
  queue.putNowait('a');
  queue.putNowait('b');
  t.true(second.cancel('late'), 'it has been woken, and has not taken anything yet');
  yield* turns(2);
  t.true(first.cancelled());
  t.true(second.cancelled());
  t.is(third.result(), 'a');
  t.is(queue.qsize(), 1);
});

for (const Kind of KINDS) {
  inLoop(`${Kind.name}: join() waits for as many taskDone() as items (B85)`, function* (t, loop) {
    const queue = new Kind<number>();
    yield* queue.join();
    yield* queue.join();
    for (let item = 0; item < 100; item++) queue.putNowait(item);
    let sum = 0;
    const workers = [0, 1].map(() =>
      loop.createTask(function* () {
        for (;;) {
          sum += yield* queue.get();
          yield* sleep(0);
          queue.taskDone();
        }
      }),
    );
    yield* queue.join();
    t.is(sum, 4950);
    for (const worker of workers) worker.cancel();
    for (const worker of workers) t.true((yield* failure(worker)) instanceof CancelledError);
  });

  inLoop(`${Kind.name}: taskDone() more often than items is a RangeError (B85)`, function* (t) {
    yield* sleep(0);
    const queue = new Kind<number>();
    const error = thrown(() => queue.taskDone());
    t.true(error instanceof RangeError);
    t.like(error as Error, { message: 'taskDone() called too many times', code: 'ERR_TASK_DONE' });
  });

  inLoop(
    `${Kind.name}: shutdown() of an empty queue ends those who wait and those who come (B85)`,
    function* (t, loop) {
      const queue = new Kind<string>();
      const waiting = getter(loop, queue);
      const asyncWaiting = loop.createTask(async () => queue.get());
      yield* sleep(0);
      queue.shutdown();
      t.is(String(queue), `<${Kind.name} maxsize=0 shutdown>`);
      yield* queue.join();
      yield* sleep(0);
      t.true(waiting.done());
      for (const error of [
        yield* failure(waiting),
        yield* failure(asyncWaiting),
        yield* failure(queue.put('data')),
        yield* failure(queue.get()),
        thrown(() => queue.putNowait('data')),
        thrown(() => queue.getNowait()),
      ]) {
        t.true(error instanceof QueueShutDown);
        t.like(error as Error, { name: 'QueueShutDown', code: 'ERR_QUEUE_SHUT_DOWN' });
      }
    },
  );

  inLoop(`${Kind.name}: shutdown() leaves what is in to be taken (B85)`, function* (t, loop) {
    const queue = new Kind<string>(1);
    queue.putNowait('data');
    const join = loop.createTask(function* () {
      yield* queue.join();
    });
    const blocked = putter(loop, queue, 'data2');
    yield* sleep(0);
    queue.shutdown();
    t.is(queue.qsize(), 1);
    yield* sleep(0);
    t.true((yield* failure(blocked)) instanceof QueueShutDown);
    t.is(yield* queue.get(), 'data');
    yield* sleep(0);
    t.false(join.done());
    t.true((yield* failure(queue.get())) instanceof QueueShutDown);
    queue.taskDone();
    yield* sleep(0);
    t.true(join.done());
    t.true(thrown(() => queue.taskDone()) instanceof RangeError);
  });

  inLoop(
    `${Kind.name}: shutdown(true) drops what is in, but not what is being worked on (B85)`,
    function* (t, loop) {
      const queue = new Kind<string>();
      const join = loop.createTask(function* () {
        yield* queue.join();
      });
      queue.putNowait('a');
      queue.putNowait('b');
      yield* sleep(0);
      yield* queue.get();
      queue.shutdown(true);
      t.is(queue.qsize(), 0);
      yield* sleep(0);
      t.false(join.done());
      t.true((yield* failure(queue.get())) instanceof QueueShutDown);
      queue.taskDone();
      yield* join;
      t.true(thrown(() => queue.taskDone()) instanceof RangeError);
      const idle = new Kind<string>();
      idle.putNowait('a');
      const joining = idle.join();
      idle.shutdown(true);
      yield* joining;
      t.true(idle.empty());
    },
  );
}

bothModes('a queue belongs to the loop in which somebody waited first (B85)', async (t, bench) => {
  const queue = new Queue<number>(1);
  await bench.run(function* () {
    const waiting = queue.get();
    queue.putNowait(1);
    yield* waiting;
  });
  const other = newEventLoop();
  try {
    await other.runUntilComplete(function* () {
      yield* queue.put(1);
      for (const error of [yield* failure(queue.put(2)), yield* failure(queue.join())]) {
        t.like(error as Error, { code: 'ERR_OTHER_LOOP' });
        t.regex((error as Error).message, /^<Queue maxsize=1 .*> is bound to a different event loop/);
      }
      t.is(yield* queue.get(), 1);
    });
  } finally {
    other.close();
  }
});

test.serial('outside of a loop only the methods that never wait work', (t) => {
  const queue = new Queue<number>();
  queue.putNowait(1);
  t.is(queue.getNowait(), 1);
  for (const call of [() => queue.put(1), () => queue.get(), () => queue.join()]) {
    t.like(thrown(call) as Error, { code: 'ERR_NO_RUNNING_LOOP' });
  }
  t.true(queue.empty());
});

test.serial('maxsize must be a number', (t) => {
  for (const Kind of KINDS) {
    t.like(thrown(() => new Kind('1' as never)) as Error, { code: 'ERR_INVALID_ARG_TYPE' });
    t.like(thrown(() => new Kind(null as never)) as Error, { code: 'ERR_INVALID_ARG_TYPE' });
    t.true(thrown(() => new Kind(Number.NaN)) instanceof RangeError);
  }
});
