// Lock, Event, Condition, Semaphore and Barrier. The Python side is python/locks.py.

import type { Coroutine, Future, Task } from 'mioloop';
import { Barrier, Condition, Event, Lock, Semaphore } from 'mioloop';
import { scenario, type Twin, word } from './scenario.js';

/** A task that logs what its body ends with. */
export function spawn(
  twin: Twin,
  name: string,
  body: () => Coroutine<unknown> | Future<unknown>,
): Task<void> {
  return twin.loop.createTask(function* () {
    try {
      yield* body();
    } catch (error) {
      twin.log(`${name}: ${word(error)}`);
      return;
    }
    twin.log(`${name} ends`);
  });
}

export function* finish(tasks: Iterable<Task<void>>): Coroutine<void> {
  for (const task of tasks) yield* task;
}

function* hold(twin: Twin, lock: Lock | Semaphore, name: string, turns: number): Coroutine<void> {
  yield* lock.with(function* () {
    twin.log(`${name} has it`);
    yield* twin.turns(turns);
    twin.log(`${name} lets go`);
  });
}

function holders(twin: Twin, lock: Lock | Semaphore, names: string, turns: (index: number) => number) {
  return [...names].map((name, index) => spawn(twin, name, () => hold(twin, lock, name, turns(index))));
}

scenario('lock-order (B84)', function* (twin) {
  const lock = new Lock();
  yield* finish(holders(twin, lock, 'abcd', (index) => index));
  twin.log(`locked ${lock.locked()}`);
});

scenario('lock-again-and-again (B84)', function* (twin) {
  const lock = new Lock();
  function* worker(name: string) {
    for (let count = 0; count < 3; count++) {
      yield* lock.with(() => twin.log(`${name} ${count}`));
      yield* twin.turns(count);
    }
  }
  yield* finish([...'abc'].map((name) => spawn(twin, name, () => worker(name))));
});

scenario('lock-releaser-waits (B84)', function* (twin) {
  const lock = new Lock();
  yield* lock.acquire();
  const [task] = holders(twin, lock, 'a', () => 2);
  yield* twin.turns(1);
  lock.release();
  twin.log(`released, locked ${lock.locked()}`);
  yield* lock.acquire();
  twin.log('main has it');
  yield* task!;
});

scenario('lock-cancel-and-release (B84)', function* (twin) {
  const lock = new Lock();
  yield* lock.acquire();
  const tasks = holders(twin, lock, 'abc', () => 1);
  yield* twin.turns(1);
  tasks[0]!.cancel();
  lock.release();
  twin.log(`cancelled and released, locked ${lock.locked()}`);
  yield* finish(tasks);
});

scenario('lock-cancel-woken (B84)', function* (twin) {
  const lock = new Lock();
  yield* lock.acquire();
  const tasks = holders(twin, lock, 'abc', () => 1);
  yield* twin.turns(1);
  lock.release();
  tasks[0]!.cancel();
  twin.loop.callSoon(() => tasks[1]!.cancel());
  yield* finish(tasks);
});

scenario('lock-all-cancelled (B84)', function* (twin) {
  const lock = new Lock();
  yield* lock.acquire();
  const tasks = holders(twin, lock, 'ab', () => 1);
  yield* twin.turns(1);
  for (const task of tasks) task.cancel();
  lock.release();
  yield* lock.acquire();
  twin.log('main has it');
  tasks.push(...holders(twin, lock, 'c', () => 0));
  yield* twin.turns(2);
  lock.release();
  yield* finish(tasks);
});

scenario('lock-cancel-holder (B84)', function* (twin) {
  const lock = new Lock();
  const tasks = holders(twin, lock, 'abc', () => 3);
  yield* twin.turns(2);
  tasks[0]!.cancel();
  tasks[1]!.cancel();
  yield* finish(tasks);
});

scenario('event-set-and-clear (B84)', function* (twin) {
  const event = new Event();
  const waiter = (name: string) =>
    spawn(twin, name, function* () {
      twin.log(`${name} got ${yield* event.wait()}`);
    });
  const tasks = [...'ab'].map(waiter);
  yield* twin.turns(1);
  tasks.push(waiter('c'));
  event.set();
  twin.log(`set ${event.isSet()}`);
  event.clear();
  yield* twin.turns(1);
  tasks.push(waiter('d'));
  yield* twin.turns(1);
  event.set();
  tasks.push(waiter('e'));
  yield* finish(tasks);
});

scenario('event-cancel (B84)', function* (twin) {
  const event = new Event();
  const tasks = [...'abc'].map((name) => spawn(twin, name, () => event.wait()));
  yield* twin.turns(1);
  tasks[0]!.cancel();
  event.set();
  tasks[1]!.cancel();
  yield* finish(tasks);
});

function notified(twin: Twin, condition: Condition, names: string, turns: (index: number) => number) {
  return [...names].map((name, index) =>
    spawn(twin, name, function* () {
      yield* condition.with(function* () {
        twin.log(`${name} waits`);
        twin.log(`${name} got ${yield* condition.wait()}`);
        yield* twin.turns(turns(index));
      });
    }),
  );
}

scenario('condition-notify (B84)', function* (twin) {
  const condition = new Condition();
  const tasks = notified(twin, condition, 'abcde', (index) => index);
  yield* twin.turns(2);
  yield* condition.with(function* () {
    condition.notify();
    twin.log('notified one');
    yield* twin.turns(2);
  });
  yield* twin.turns(2);
  yield* condition.with(() => {
    condition.notify(2);
    twin.log('notified two');
  });
  yield* twin.turns(2);
  yield* condition.with(() => {
    condition.notifyAll();
    twin.log('notified all');
  });
  yield* finish(tasks);
});

scenario('condition-wait-for (B84)', function* (twin) {
  const condition = new Condition();
  const items: number[] = [];
  function* consumer(name: string) {
    using _guard = yield* condition.acquire();
    for (let count = 0; count < 2; count++) {
      yield* condition.waitFor(() => items.length > 0);
      twin.log(`${name} took ${items.shift()}`);
    }
  }
  function* producer() {
    for (let item = 0; item < 6; item++) {
      yield* condition.with(() => {
        items.push(item);
        condition.notify();
      });
      yield* twin.turns(item % 3);
    }
  }
  const tasks = [...'abc'].map((name) => spawn(twin, name, () => consumer(name)));
  tasks.push(spawn(twin, 'producer', producer));
  yield* finish(tasks);
});

scenario('condition-cancel-waiting (B84)', function* (twin) {
  const condition = new Condition();
  const tasks = notified(twin, condition, 'ab', () => 1);
  yield* twin.turns(2);
  yield* condition.acquire();
  tasks[0]!.cancel();
  yield* twin.turns(2);
  tasks[0]!.cancel();
  yield* twin.turns(2);
  twin.log(`a done ${tasks[0]!.done()}`);
  condition.release();
  yield* tasks[0]!;
  yield* condition.with(() => condition.notify());
  yield* finish(tasks);
});

scenario('condition-cancel-notified (B84)', function* (twin) {
  const condition = new Condition();
  const tasks = notified(twin, condition, 'abc', () => 0);
  yield* twin.turns(2);
  yield* condition.with(() => {
    condition.notify();
    tasks[0]!.cancel();
    twin.log('notified a, and cancelled it');
  });
  yield* twin.turns(4);
  yield* condition.with(() => {
    condition.notify();
    twin.log('notified the last');
  });
  yield* finish(tasks);
});

scenario('condition-cancel-relock (B84)', function* (twin) {
  const condition = new Condition();
  const tasks = notified(twin, condition, 'abc', () => 0);
  yield* twin.turns(2);
  yield* condition.with(function* () {
    condition.notify();
    yield* twin.turns(1);
    tasks[0]!.cancel();
    twin.log('cancelled a, which waits for the lock');
    yield* twin.turns(2);
  });
  yield* twin.turns(4);
  yield* condition.with(() => condition.notifyAll());
  yield* finish(tasks);
});

scenario('conditions-of-one-lock (B84)', function* (twin) {
  const lock = new Lock();
  const ping = new Condition(lock);
  const pong = new Condition(lock);
  const player = (name: string, mine: Condition, other: Condition) =>
    spawn(twin, name, function* () {
      using _guard = yield* lock.acquire();
      for (let count = 0; count < 3; count++) {
        twin.log(`${name} ${count}`);
        other.notify();
        if (count < 2) yield* mine.wait();
      }
    });
  yield* finish([player('ping', ping, pong), player('pong', pong, ping)]);
});

scenario('condition-unlocked (B84)', function* (twin) {
  const condition = new Condition();
  yield* spawn(twin, 'wait', () => condition.wait());
  yield* spawn(twin, 'wait for', () => condition.waitFor(() => false));
  twin.log(`at once ${yield* condition.waitFor(() => 7)}`);
});

scenario('semaphore-order (B84)', function* (twin) {
  const semaphore = new Semaphore(2);
  yield* finish(holders(twin, semaphore, 'abcdef', (index) => index % 3));
  twin.log(`locked ${semaphore.locked()}`);
});

scenario('semaphore-fair (B84)', function* (twin) {
  const semaphore = new Semaphore(1);
  function* worker(name: string) {
    for (let count = 0; count < 2; count++) {
      yield* semaphore.acquire();
      twin.log(`${name} ${count}`);
      yield* twin.turns(1);
      semaphore.release();
    }
  }
  yield* finish([...'abc'].map((name) => spawn(twin, name, () => worker(name))));
});

scenario('semaphore-wakes-several (B84)', function* (twin) {
  const semaphore = new Semaphore(0);
  function* taker(name: string) {
    yield* semaphore.acquire();
    twin.log(`${name} has one, locked ${semaphore.locked()}`);
  }
  function* giver() {
    for (let count = 0; count < 3; count++) semaphore.release();
    twin.log(`gave three, locked ${semaphore.locked()}`);
    yield* taker('giver');
  }
  const tasks = [
    spawn(twin, 'a', () => taker('a')),
    spawn(twin, 'giver', giver),
    spawn(twin, 'b', () => taker('b')),
    spawn(twin, 'c', () => taker('c')),
  ];
  yield* twin.turns(4);
  semaphore.release();
  yield* finish(tasks);
});

scenario('semaphore-cancel (B84)', function* (twin) {
  const semaphore = new Semaphore(0);
  const tasks = holders(twin, semaphore, 'abcd', () => 0);
  yield* twin.turns(1);
  tasks[0]!.cancel();
  semaphore.release();
  tasks[1]!.cancel();
  twin.log(`released, locked ${semaphore.locked()}`);
  yield* twin.turns(1);
  twin.log(`locked ${semaphore.locked()}`);
  yield* finish(tasks);
  twin.log(`locked ${semaphore.locked()}`);
});

scenario('semaphore-cancel-last (B84)', function* (twin) {
  const semaphore = new Semaphore(1);
  function* first() {
    yield* semaphore.with(() => twin.turns(1));
    tasks[1]!.cancel();
  }
  const tasks = [spawn(twin, 'a', first), ...holders(twin, semaphore, 'b', () => 1)];
  yield* finish(tasks);
  yield* semaphore.acquire();
  twin.log('main has it');
});

function meetings(twin: Twin, barrier: Barrier, names: string): Task<void>[] {
  return [...names].map((name) => meeting(twin, barrier, name));
}

function meeting(twin: Twin, barrier: Barrier, name: string): Task<void> {
  return spawn(twin, name, function* () {
    twin.log(`${name} comes`);
    const index = yield* barrier.wait();
    twin.log(`${name} goes, number ${index}, ${barrier.nWaiting} wait`);
  });
}

scenario('barrier-twice (B84)', function* (twin) {
  const barrier = new Barrier(3);
  const tasks = meetings(twin, barrier, 'abcd');
  yield* twin.turns(2);
  twin.log(`${barrier.nWaiting} wait`);
  tasks.push(...meetings(twin, barrier, 'ef'));
  yield* finish(tasks);
  twin.log(`${barrier.nWaiting} wait, broken ${barrier.broken}`);
});

scenario('barrier-rounds (B84)', function* (twin) {
  const barrier = new Barrier(3);
  function* worker(name: string, turns: number) {
    for (let count = 0; count < 3; count++) {
      yield* twin.turns(turns);
      twin.log(`${name} round ${count}, number ${yield* barrier.wait()}`);
    }
  }
  yield* finish([...'abc'].map((name, turns) => spawn(twin, name, () => worker(name, turns))));
});

scenario('barrier-reset (B84)', function* (twin) {
  const barrier = new Barrier(3);
  const tasks = meetings(twin, barrier, 'ab');
  yield* twin.turns(1);
  yield* barrier.reset();
  twin.log(`reset, ${barrier.nWaiting} wait`);
  tasks.push(...meetings(twin, barrier, 'cde'));
  yield* finish(tasks);
  yield* barrier.reset();
  twin.log(`reset again, broken ${barrier.broken}`);
});

scenario('barrier-reset-draining (B84)', function* (twin) {
  const barrier = new Barrier(4);
  function* worker(name: string) {
    const index = yield* barrier.wait();
    twin.log(`${name} goes, number ${index}`);
    if (name === 'd') {
      yield* barrier.reset();
      twin.log('d has reset');
    }
  }
  const tasks = [...'abcd'].map((name) => spawn(twin, name, () => worker(name)));
  yield* twin.turns(2);
  tasks.push(meeting(twin, barrier, 'late'));
  yield* finish(tasks.slice(0, 4));
  tasks.push(...meetings(twin, barrier, 'xyz'));
  yield* finish(tasks);
});

scenario('barrier-abort (B84)', function* (twin) {
  const barrier = new Barrier(3);
  const tasks = meetings(twin, barrier, 'ab');
  yield* twin.turns(1);
  yield* barrier.abort();
  twin.log(`broken ${barrier.broken}, ${barrier.nWaiting} wait`);
  tasks.push(meeting(twin, barrier, 'c'));
  yield* finish(tasks);
  yield* barrier.reset();
  twin.log(`broken ${barrier.broken}`);
  yield* finish(meetings(twin, barrier, 'def'));
});

scenario('barrier-cancel (B84)', function* (twin) {
  const barrier = new Barrier(3);
  const tasks = meetings(twin, barrier, 'ab');
  yield* twin.turns(1);
  tasks[0]!.cancel();
  yield* twin.turns(1);
  twin.log(`${barrier.nWaiting} wait`);
  tasks.push(...meetings(twin, barrier, 'cd'));
  yield* twin.turns(1);
  tasks[1]!.cancel();
  yield* finish(tasks);
  twin.log(`${barrier.nWaiting} wait, broken ${barrier.broken}`);
});
