// Who runs when: callbacks, first steps and wake-ups in one queue. The Python side is python/ordering.py.

import type { Coroutine, Future, Task } from 'mioloop';
import { sleep } from 'mioloop';
import { scenario, script, type Twin } from './scenario.js';

script('interleaved-chains (B19, B21)', async (twin) => {
  const link = (name: string, left: number) => {
    twin.log(`${name} ${left}`);
    if (left > 0) twin.loop.callSoon(link, name, left - 1);
  };

  for (const [name, length] of [['a', 3] as const, ['b', 1] as const, ['c', 2] as const]) {
    twin.loop.callSoon(link, name, length);
  }
  twin.loop.callSoon(stopAfter, twin, 4);
  await twin.runForever();
});

script('arguments (B19)', async (twin) => {
  const takes = (...args: unknown[]) => twin.log(`${args.length}: ${args.join(' ')}`);

  for (let count = 0; count < 5; count++) twin.loop.callSoon(takes, ...Array(count).keys());
  twin.loop.callSoonThreadsafe(takes, 'threadsafe', 1);
  twin.loop.callLater(-1, takes, 'later', 2);
  twin.loop.callAt(-1, takes, 'at', 3);
  twin.loop.callSoon(stopAfter, twin, 1);
  await twin.runForever();
});

script('cancelled-handles (B20)', async (twin) => {
  const cancelsItself = () => {
    itself.cancel();
    twin.log(`cancelled itself: ${itself.cancelled()}`);
  };
  const cancelsOthers = () => {
    done.cancel();
    later.cancel();
    later.cancel();
    twin.log(`cancelled what ran: ${done.cancelled()}, and what has yet to run: ${later.cancelled()}`);
  };

  const done = twin.loop.callSoon(twin.logger('runs'));
  const itself = twin.loop.callSoon(cancelsItself);
  twin.loop.callSoon(cancelsOthers);
  const later = twin.loop.callSoon(twin.logger('never'));
  const threadsafe = twin.loop.callSoonThreadsafe(twin.logger('never, threadsafe'));
  threadsafe.cancel();
  twin.log(`before the run: ${done.cancelled()}, ${threadsafe.cancelled()}`);
  twin.loop.callSoon(stopAfter, twin, 1);
  await twin.runForever();
});

script('first-steps (B19, B59)', async (twin) => {
  function* starts(name: string): Coroutine<void> {
    twin.log(`${name} starts`);
  }
  const creates = () => {
    twin.loop.callSoon(twin.logger('soon 1'));
    twin.loop.createTask(starts('task 1'));
    twin.loop.callSoon(twin.logger('soon 2'));
    twin.loop.createTask(starts('task 2'));
    twin.loop.callSoon(twin.logger('soon 3'));
    twin.log('created');
  };

  twin.loop.createTask(starts('task 0, from before the run'));
  twin.loop.callSoon(creates);
  twin.loop.callSoon(stopAfter, twin, 3);
  await twin.runForever();
});

scenario('wake-ups (B52, B57)', function* (twin) {
  function* waits(name: string) {
    twin.log(`${name} got ${yield* future}`);
  }

  const future = twin.loop.createFuture<string>();
  const tasks = [twin.loop.createTask(waits('task 1'))];
  yield* twin.turns(1);
  future.addDoneCallback(twin.logger('callback between'));
  tasks.push(twin.loop.createTask(waits('task 2')));
  yield* twin.turns(1);
  future.addDoneCallback(twin.logger('callback behind'));
  twin.loop.callSoon(twin.logger('soon, before the result'));
  future.setResult('it');
  twin.loop.callSoon(twin.logger('soon, after the result'));
  twin.log('result set');
  tasks.push(twin.loop.createTask(waits('task 3, which comes late')));
  for (const task of tasks) yield* task;
  twin.log('all done');
});

scenario('fair-shares (B78)', function* (twin) {
  function* works(name: string, steps: number) {
    for (let step = 0; step < steps; step++) {
      twin.log(`${name} step ${step}`);
      yield* sleep(0);
    }
    twin.log(`${name} done`);
  }

  const tasks = Object.entries({ a: 1, b: 3, c: 0, d: 2 }).map(([name, steps]) =>
    twin.loop.createTask(works(name, steps)),
  );
  for (const task of tasks) yield* task;
  twin.log('all done');
});

scenario('delegation (B59)', function* (twin) {
  function* level(depth: number): Coroutine<number> {
    twin.log(`level ${depth}`);
    if (depth === 0) {
      yield* sleep(0);
      return 0;
    }
    const value = (yield* level(depth - 1)) + 1;
    twin.log(`back in level ${depth} with ${value}`);
    return value;
  }

  twin.log(`delegated: ${yield* level(4)}`);
  twin.log(`as a task: ${yield* twin.loop.createTask(level(2))}`);
});

scenario('chain-of-tasks (B59)', function* (twin) {
  function* link(depth: number): Coroutine<number> {
    twin.log(`link ${depth} starts`);
    let value = 0;
    if (depth > 0) value = (yield* twin.loop.createTask(link(depth - 1))) + 1;
    twin.log(`link ${depth} returns ${value}`);
    return value;
  }

  twin.log(`main got ${yield* twin.loop.createTask(link(3))}`);
});

scenario('ping-pong (B52)', function* (twin) {
  function* plays(name: string, mine: 0 | 1, other: 0 | 1) {
    for (let round = 0; round < 3; round++) {
      const ball = yield* balls[mine];
      balls[mine] = twin.loop.createFuture<number>();
      twin.log(`${name} has ball ${ball}`);
      balls[other].setResult(ball + 1);
    }
  }

  const balls: [Future<number>, Future<number>] = [twin.loop.createFuture(), twin.loop.createFuture()];
  const players = [twin.loop.createTask(plays('ping', 0, 1)), twin.loop.createTask(plays('pong', 1, 0))];
  balls[0].setResult(1);
  for (const player of players) yield* player;
  twin.log(`ball ${yield* balls[0]} is left`);
});

scenario('done-in-their-turns (B52, B59)', function* (twin) {
  function* works(name: string, steps: number) {
    yield* twin.turns(steps);
    twin.log(`${name} returns`);
  }

  const tasks: Task<void>[] = [];
  for (const [name, steps] of Object.entries({ slow: 2, quick: 1, 'at once': 0 })) {
    const task = twin.loop.createTask(works(name, steps));
    task.addDoneCallback(twin.logger(`${name} is done`));
    tasks.push(task);
  }
  for (const task of tasks) {
    yield* task;
    twin.log('main goes on');
  }
});

scenario('soon-from-everywhere (B21)', function* (twin) {
  const soon = (origin: string) => {
    twin.loop.callSoon(twin.logger(`soon, from ${origin}`));
    twin.log(origin);
  };
  function* step(): Coroutine<void> {
    soon('a task');
  }

  const future = twin.loop.createFuture<string>();
  future.addDoneCallback(() => soon('a done callback'));
  twin.loop.callSoon(soon, 'a callback');
  twin.loop.callLater(0, soon, 'a timer');
  twin.loop.createTask(step());
  future.setResult('x');
  soon('main');
  yield* twin.turns(4);
});

/** Stops the loop that many turns later, behind all that runs then. */
function stopAfter(twin: Twin, turns: number): void {
  if (turns === 0) twin.loop.stop();
  else twin.loop.callSoon(stopAfter, twin, turns - 1);
}
