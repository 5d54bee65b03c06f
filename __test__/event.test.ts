// Event: setting, clearing, and those who wait.

import { inspect } from 'node:util';
import test from 'ava';
import { CancelledError, Event, newEventLoop, sleep } from 'mioloop';
import { failure, thrown } from './support/failure.js';
import { loopTurns } from './support/internals.js';
import { bothModes, inLoop } from './support/modes.js';

inLoop('an event prints its state and how many wait (B84)', function* (t) {
  const event = new Event();
  t.is(String(event), '<Event [unset]>');
  const waiting = event.wait();
  t.is(inspect(event), '<Event [unset, waiters:1]>');
  event.set();
  t.is(String(event), '<Event [set, waiters:1]>');
  yield* waiting;
  t.is(String(event), '<Event [set]>');
});

inLoop('set() lets all that wait go on, in the order of asking (B84)', function* (t, loop) {
  const event = new Event();
  const log: string[] = [];
  const waits = (name: string) =>
    loop.createTask(function* () {
      if (yield* event.wait()) log.push(name);
    });
  const tasks = [waits('a'), waits('b')];
  yield* sleep(0);
  t.deepEqual(log, []);
  tasks.push(waits('c'));
  event.set();
  yield* sleep(0);
  // c had not begun to wait: for it the event is set.
  t.deepEqual(log, ['c', 'a', 'b']);
  t.true(tasks.every((task) => task.done()));
});

inLoop('wait() of a set event gives true without a turn (B84)', function* (t, loop) {
  const event = new Event();
  event.set();
  t.true(event.isSet());
  const start = loopTurns(loop);
  t.true(yield* event.wait());
  t.is(loopTurns(loop), start);
  event.clear();
  t.false(event.isSet());
  t.false(event.wait().done());
});

inLoop('clear() does not take back a set() that came before (B84)', function* (t, loop) {
  const event = new Event();
  const task = loop.createTask(function* () {
    return yield* event.wait();
  });
  yield* sleep(0);
  event.set();
  event.clear();
  t.false(event.isSet());
  event.set();
  event.set();
  t.is(String(event), '<Event [set, waiters:1]>');
  yield* sleep(0);
  t.true(task.result());
  t.is(String(event), '<Event [set]>');
});

inLoop('cancel() of one that waits takes it out of the line (B84)', function* (t, loop) {
  const event = new Event();
  const task = loop.createTask(function* () {
    yield* event.wait();
  });
  loop.callSoon(() => task.cancel());
  t.true((yield* failure(task)) instanceof CancelledError);
  t.is(String(event), '<Event [unset]>');
});

inLoop('async functions wait too, and go on in the same turn as generators (B84)', function* (t, loop) {
  const event = new Event();
  const log: [name: string, turn: number][] = [];
  loop.createTask(async () => {
    t.true(await event.wait());
    log.push(['async', loopTurns(loop)]);
  });
  const task = loop.createTask(function* () {
    yield* event.wait();
    log.push(['generator', loopTurns(loop)]);
  });
  const cancelled = loop.createTask(async () => {
    await event.wait();
  });
  yield* sleep(0);
  const start = loopTurns(loop);
  event.set();
  cancelled.cancel();
  yield* task;
  t.deepEqual(log, [
    ['async', start + 1],
    ['generator', start + 1],
  ]);
  t.true((yield* failure(cancelled)) instanceof CancelledError);
});

bothModes('an event belongs to the loop in which somebody waited first (B84)', async (t, bench) => {
  const event = new Event();
  await bench.run(function* () {
    t.true((yield* failure(cancelledWait(event))) instanceof CancelledError);
  });
  const other = newEventLoop();
  try {
    await other.runUntilComplete(function* () {
      const error = yield* failure(event.wait());
      t.like(error as Error, { code: 'ERR_OTHER_LOOP' });
      t.regex((error as Error).message, /^<Event \[unset\]> is bound to a different event loop/);
    });
  } finally {
    other.close();
  }
});

function cancelledWait(event: Event) {
  const waiting = event.wait();
  waiting.cancel();
  return waiting;
}

test.serial('an event can be set outside of a loop, but not waited for', (t) => {
  const event = new Event();
  event.set();
  t.true(event.isSet());
  t.like(thrown(() => event.wait()) as Error, { code: 'ERR_NO_RUNNING_LOOP' });
});
