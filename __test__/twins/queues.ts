// Queue, LifoQueue and PriorityQueue. The Python side is python/queues.py.

import type { Coroutine, Task } from 'mioloop';
import { LifoQueue, PriorityQueue, Queue } from 'mioloop';
import { finish, spawn } from './locks.js';
import { scenario, type Twin } from './scenario.js';

function produce<T>(twin: Twin, queue: Queue<T>, name: string, items: T[]): Task<void> {
  return spawn(twin, name, function* () {
    for (const item of items) {
      yield* queue.put(item);
      twin.log(`${name} put ${item}`);
    }
  });
}

function consume<T>(twin: Twin, queue: Queue<T>, name: string, count: number): Task<void> {
  return spawn(twin, name, function* () {
    for (let left = count; left > 0; left--) twin.log(`${name} got ${yield* queue.get()}`);
  });
}

function getters<T>(twin: Twin, queue: Queue<T>, names: string): Task<void>[] {
  return [...names].map((name) => consume(twin, queue, name, 1));
}

function putter<T>(twin: Twin, queue: Queue<T>, item: T): Task<void> {
  return spawn(twin, `put ${item}`, () => queue.put(item));
}

const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

scenario('queue-one-place (B85)', function* (twin) {
  const queue = new Queue<number>(1);
  yield* finish([produce(twin, queue, 'producer', range(5)), consume(twin, queue, 'consumer', 5)]);
});

scenario('queue-without-limit (B85)', function* (twin) {
  const queue = new Queue<number>();
  yield* finish([consume(twin, queue, 'consumer', 4), produce(twin, queue, 'producer', range(4))]);
});

scenario('queue-crowd (B85)', function* (twin) {
  const queue = new Queue<string>(2);
  const tasks = [...'ab'].map((name) => {
    const items = range(4).map((number) => `${name}${number}`);
    return produce(twin, queue, name, items);
  });
  tasks.push(...[...'xy'].map((name) => consume(twin, queue, name, 4)));
  yield* finish(tasks);
  twin.log(`${queue.qsize()} left`);
});

scenario('queue-get-order (B85)', function* (twin) {
  const queue = new Queue<number>();
  const tasks = getters(twin, queue, 'abc');
  yield* twin.turns(1);
  for (const item of range(2)) queue.putNowait(item);
  tasks.push(...getters(twin, queue, 'd'));
  yield* twin.turns(2);
  queue.putNowait(2);
  queue.putNowait(3);
  yield* finish(tasks);
});

scenario('queue-item-stolen (B85)', function* (twin) {
  const queue = new Queue<number>(1);
  yield* stolenFromGetters(twin, queue);
  queue.putNowait(4);
  const tasks = [putter(twin, queue, 5), putter(twin, queue, 6)];
  yield* twin.turns(1);
  queue.getNowait();
  queue.putNowait(7);
  yield* twin.turns(2);
  for (let count = 0; count < 3; count++) {
    twin.log(`main took ${yield* queue.get()}`);
    yield* twin.turns(2);
  }
  yield* finish(tasks);
});

function* stolenFromGetters(twin: Twin, queue: Queue<number>): Coroutine<void> {
  const tasks = getters(twin, queue, 'ab');
  yield* twin.turns(1);
  queue.putNowait(1);
  twin.log(`main took ${queue.getNowait()}`);
  yield* twin.turns(2);
  queue.putNowait(2);
  yield* twin.turns(2);
  queue.putNowait(3);
  yield* finish(tasks);
}

scenario('queue-cancel-get (B85)', function* (twin) {
  const queue = new Queue<number>();
  const tasks = getters(twin, queue, 'abcd');
  yield* twin.turns(1);
  tasks[0]!.cancel();
  queue.putNowait(1);
  tasks[1]!.cancel();
  queue.putNowait(2);
  yield* twin.turns(3);
  twin.log(`${queue.qsize()} left`);
  yield* finish(tasks);
});

scenario('queue-cancel-get-later (B85)', function* (twin) {
  const queue = new Queue<number>();
  const tasks = getters(twin, queue, 'abc');
  yield* twin.turns(1);
  twin.loop.callSoon(() => queue.putNowait(1));
  twin.loop.callSoon(() => tasks[0]!.cancel());
  twin.loop.callSoon(() => tasks[1]!.cancel());
  yield* finish(tasks);
});

scenario('queue-cancel-put (B85)', function* (twin) {
  const queue = new Queue<number>(1);
  queue.putNowait(0);
  const tasks = [1, 2, 3].map((item) => putter(twin, queue, item));
  yield* twin.turns(1);
  twin.log(`main took ${queue.getNowait()}`);
  tasks[0]!.cancel();
  yield* twin.turns(3);
  twin.log(`main took ${queue.getNowait()}`);
  yield* finish(tasks);
  twin.log(`main took ${queue.getNowait()}`);
  twin.log(`empty ${queue.empty()}`);
});

scenario('queue-join (B85)', function* (twin) {
  const queue = new Queue<number>();
  yield* queue.join();
  twin.log('nothing to wait for');
  for (const item of range(5)) queue.putNowait(item);
  const tasks = [...'ab'].map((name) =>
    spawn(twin, name, function* () {
      for (;;) {
        const item = yield* queue.get();
        yield* twin.turns(item);
        twin.log(`${name} did ${item}`);
        queue.taskDone();
      }
    }),
  );
  yield* finish(['join', 'second join'].map((name) => spawn(twin, name, () => queue.join())));
  for (const task of tasks) task.cancel();
  yield* finish(tasks);
});

scenario('queue-join-and-more (B85)', function* (twin) {
  const queue = new Queue<number>();
  queue.putNowait(1);
  const joins = [spawn(twin, 'join', () => queue.join())];
  yield* twin.turns(1);
  queue.taskDone();
  queue.putNowait(2);
  joins.push(spawn(twin, 'second join', () => queue.join()));
  yield* twin.turns(3);
  twin.log(`second done ${joins[1]!.done()}`);
  queue.taskDone();
  yield* finish(joins);
});

scenario('queue-shutdown (B85)', function* (twin) {
  const queue = new Queue<number>(2);
  queue.putNowait(1);
  queue.putNowait(2);
  const tasks = [3, 4].map((item) => putter(twin, queue, item));
  tasks.push(spawn(twin, 'join', () => queue.join()));
  yield* twin.turns(1);
  queue.shutdown();
  twin.log('shut down');
  yield* twin.turns(2);
  tasks.push(consume(twin, queue, 'consumer', 3));
  yield* twin.turns(2);
  queue.taskDone();
  queue.taskDone();
  yield* finish(tasks);
});

scenario('queue-shutdown-getters (B85)', function* (twin) {
  const queue = new Queue<number>();
  const tasks = getters(twin, queue, 'abc');
  yield* twin.turns(1);
  queue.putNowait(1);
  tasks[1]!.cancel();
  queue.shutdown();
  tasks[2]!.cancel();
  tasks.push(...getters(twin, queue, 'd'));
  yield* finish(tasks);
});

scenario('queue-shutdown-immediate (B85)', function* (twin) {
  const queue = new Queue<number>(3);
  for (const item of range(3)) queue.putNowait(item);
  const tasks = [putter(twin, queue, 3), spawn(twin, 'join', () => queue.join())];
  yield* twin.turns(1);
  twin.log(`main took ${yield* queue.get()}`);
  queue.shutdown(true);
  twin.log(`${queue.qsize()} left`);
  yield* twin.turns(3);
  queue.taskDone();
  yield* finish(tasks);
  yield* finish([consume(twin, queue, 'late', 1), putter(twin, queue, 4)]);
});

scenario('lifo-queue (B85)', function* (twin) {
  const queue = new LifoQueue<number>(3);
  yield* finish([produce(twin, queue, 'producer', range(7)), consume(twin, queue, 'consumer', 7)]);
});

interface Job {
  priority: number;
  name: number;
}

scenario('priority-queue-ties (B85)', function* (twin) {
  yield* twin.turns(0);
  const queue = new PriorityQueue<Job>(0, { compare: (a, b) => a.priority - b.priority });
  const tell = ({ priority, name }: Job): void => twin.log(`${priority} ${name}`);
  let number = 7;
  for (let round = 0; round < 60; round++) {
    number = (number * 31) % 101;
    queue.putNowait({ priority: number % 4, name: round });
    if (number % 3 === 0) tell(queue.getNowait());
  }
  while (!queue.empty()) tell(queue.getNowait());
});

scenario('priority-queue-tuples (B85)', function* (twin) {
  const queue = new PriorityQueue<[priority: number, name: string]>(4);
  function* consumer() {
    for (let count = 0; count < 8; count++) {
      const [priority, name] = yield* queue.get();
      twin.log(`${priority} ${name}`);
      yield* twin.turns(1);
    }
  }
  function* producer() {
    for (const [index, priority] of [3, 1, 2, 1, 0, 3, 2, 1].entries()) {
      yield* queue.put([priority, 'hgfedcba'.charAt(index)]);
    }
  }
  yield* finish([spawn(twin, 'producer', producer), spawn(twin, 'consumer', consumer)]);
});
