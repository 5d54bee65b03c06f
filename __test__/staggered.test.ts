// Attempts that begin one after another: who begins when, who wins, and what becomes of the others.

import type { ExecutionContext } from 'ava';
import {
  CancelledError,
  type Coroutine,
  createEagerTaskFactory,
  type EventLoop,
  type Future,
  sleep,
  Task,
} from 'mioloop';
import { turns } from './support/hall.js';
import { staggeredRace } from './support/internals.js';
import { bothModes } from './support/modes.js';
import { inVirtualTime, thrownBy } from './support/virtual.js';

type Attempt = () => Coroutine<string>;

const failing = (text: string, seconds = 0): Attempt =>
  function* () {
    if (seconds > 0) yield* sleep(seconds);
    throw new RangeError(text);
  };

const succeeding = (text: string, seconds = 0): Attempt =>
  function* () {
    if (seconds > 0) yield* sleep(seconds);
    return text;
  };

/** Succeeds when the door opens. */
const behind = (door: Future<string>): Attempt =>
  function* () {
    return yield* door;
  };

/** A race in which nothing may be left over. */
function* race(t: ExecutionContext, loop: EventLoop, attempts: Attempt[], delay: number | null) {
  return yield* staggeredRace(loop, attempts, delay, (result) => t.fail(`${result} was left over`));
}

inVirtualTime('nobody takes part: nobody wins (B135)', function* (t, loop) {
  for (const delay of [null, 0, 1])
    t.deepEqual(yield* race(t, loop, [], delay), { winner: null, errors: [] });
});

inVirtualTime('the first one succeeds: the others never begin (B135)', function* (t, loop) {
  const attempts = [succeeding('first'), succeeding('second')];
  for (const delay of [null, 1]) {
    const outcome = yield* race(t, loop, attempts, delay);
    t.deepEqual(outcome, { winner: { result: 'first', index: 0 }, errors: [null] });
  }
});

inVirtualTime('the first one fails: the second begins (B135)', function* (t, loop) {
  for (const delay of [null, 1]) {
    const attempts = [failing('first', 0.25), succeeding('second', 0.25)];
    const begin = loop.time();
    const { winner, errors } = yield* race(t, loop, attempts, delay);
    t.is(loop.time() - begin, 0.5, 'without a wait for the delay');
    t.deepEqual(winner, { result: 'second', index: 1 });
    t.is(errors.length, 2);
    t.true(errors[0] instanceof RangeError);
    t.is(errors[1], null);
  }
});

inVirtualTime(
  'the first one takes too long: the second begins beside it, and wins (B135)',
  function* (t, loop) {
    const begin = loop.time();
    const { winner, errors } = yield* race(t, loop, [succeeding('first', 10), succeeding('second')], 0.25);
    t.is(loop.time() - begin, 0.25);
    t.deepEqual(winner, { result: 'second', index: 1 });
    t.true(errors[0] instanceof CancelledError);
    t.is(errors[1], null);
  },
);

inVirtualTime('one that began earlier can still win (B135)', function* (t, loop) {
  const begin = loop.time();
  const attempts = [succeeding('first', 1), succeeding('second', 10), succeeding('third', 10)];
  const { winner, errors } = yield* race(t, loop, attempts, 0.75);
  t.is(loop.time() - begin, 1);
  t.deepEqual(winner, { result: 'first', index: 0 });
  t.is(errors.length, 2, 'the third has not begun');
  t.true(errors[1] instanceof CancelledError);
});

inVirtualTime('all fail: the errors in the order of the attempts (B135)', function* (t, loop) {
  for (const delay of [null, 0.25]) {
    const attempts = [failing('first', 1), failing('second', 0.5), failing('third')];
    const { winner, errors } = yield* race(t, loop, attempts, delay);
    t.is(winner, null);
    t.deepEqual(
      errors.map((error) => (error as Error).message),
      ['first', 'second', 'third'],
    );
  }
});

inVirtualTime('a delay of 0: each begins a few turns behind the one before (B135)', function* (t, loop) {
  const begun: number[] = [];
  const attempts = [0, 1, 2].map((number) => {
    return function* () {
      begun.push(number);
      return yield* succeeding(`${number}`, 3 - number)();
    };
  });
  const begin = loop.time();
  const { winner } = yield* race(t, loop, attempts, 0);
  t.deepEqual(begun, [0, 1, 2]);
  t.deepEqual(winner, { result: '2', index: 2 });
  t.is(loop.time() - begin, 1);
});

inVirtualTime('the losers have ended when the race is over (B135)', function* (t, loop) {
  const ended: string[] = [];
  function* slow(): Coroutine<string> {
    try {
      yield* sleep(60);
      return 'slow';
    } finally {
      yield* turns(3);
      ended.push('slow');
    }
  }
  const { winner } = yield* race(t, loop, [slow, succeeding('quick')], 0.25);
  t.is(winner?.result, 'quick');
  t.deepEqual(ended, ['slow']);
});

inVirtualTime('two succeed in the same turn: one wins, the other is left over (B135)', function* (t, loop) {
  const left: string[] = [];
  const doors = [loop.createFuture<string>(), loop.createFuture<string>()];
  const attempts = doors.map(behind);
  loop.callLater(1, () => {
    for (const [number, door] of doors.entries()) door.setResult(`${number}`);
  });
  const outcome = yield* staggeredRace(loop, attempts, 0.25, (result) => left.push(result));
  t.is(outcome.winner?.result, '0');
  // It was cancelled on its way, or it came through: either way nobody forgets it.
  t.true(left.length === 1 || outcome.errors[1] instanceof CancelledError);
});

inVirtualTime('a loser that succeeds in spite of its cancel is left over (B135)', function* (t, loop) {
  const left: string[] = [];
  function* stubborn(): Coroutine<string> {
    try {
      yield* sleep(60);
    } catch {
      // It has what it wanted.
    }
    return 'stubborn';
  }
  const attempts = [stubborn, succeeding('quick')];
  const { winner } = yield* staggeredRace(loop, attempts, 0.25, (result) => left.push(result));
  t.is(winner?.result, 'quick');
  t.deepEqual(left, ['stubborn']);
});

inVirtualTime('a race that is cancelled cancels every attempt (B134, B135)', function* (t, loop) {
  const ended: string[] = [];
  const attempts = ['first', 'second', 'third'].map((name) => {
    return function* (): Coroutine<string> {
      try {
        return yield* succeeding(name, 60)();
      } finally {
        ended.push(name);
      }
    };
  });
  const task = new Task(loop, race(t, loop, attempts, 1));
  yield* sleep(1.5);
  task.cancel();
  t.true((yield* thrownBy(() => task)) instanceof CancelledError);
  yield* turns(2);
  t.deepEqual(ended, ['first', 'second']);
});

inVirtualTime(
  'cancelled when there is a winner already: its result is left over (B134, B135)',
  function* (t, loop) {
    for (let turn = 0; turn < 8; turn++) {
      const taken: string[] = [];
      const door = loop.createFuture<string>();
      const attempts = [behind(door), succeeding('second', 60)];
      const task: Task<void> = new Task(
        loop,
        (function* () {
          const { winner } = yield* staggeredRace(loop, attempts, 0.25, (result) => taken.push(result));
          taken.push(winner!.result);
        })(),
      );
      yield* sleep(1);
      door.setResult('first');
      yield* turns(turn);
      const isPending = task.cancel();
      if (isPending) t.true((yield* thrownBy(() => task as Future<void>)) instanceof CancelledError);
      yield* turns(3);
      t.deepEqual(taken, ['first'], `cancelled after ${turn} turns`);
    }
  },
);

bothModes('a factory of eager tasks changes nothing (B135)', async (t, { loop, run }) => {
  loop.setTaskFactory(createEagerTaskFactory(Task));
  const { winner, errors } = await run(() =>
    race(t, loop, [failing('first'), failing('second'), succeeding('third')], null),
  );
  t.is(winner?.result, 'third');
  t.is(errors.length, 3);
});

bothModes('a race can be what a run waits for (B135)', async (t, { loop, run }) => {
  const { winner } = await run(race(t, loop, [succeeding('first')], null));
  t.is(winner?.result, 'first');
});
