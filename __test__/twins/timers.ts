// Timers and sleeps in virtual time: order, ties, cancelling, and who comes first in a turn. The Python side is
// python/timers.py. Delays are sums of powers of two, so that every deadline is exact.

import { sleep } from 'mioloop';
import { Client, Server, type Twin, virtualScenario, virtualScript } from './scenario.js';

virtualScript('timers-by-time (B35)', async (twin) => {
  for (const delay of [3, 0.5, 2, 0.25, 1, 2.75]) twin.loop.callLater(delay, twin.logger(`after ${delay}`));
  twin.loop.callAt(1.5, twin.logger('at 1.5'));
  stopAfter(twin, 4);
  await twin.runForever();
  twin.log('returned');
});

virtualScript('timers-with-one-deadline (B21, B22)', async (twin) => {
  const first = () => {
    twin.log('first');
    twin.loop.callSoon(twin.logger('soon, from the first'));
    twin.loop.callLater(0, twin.logger('timer, from the first'));
  };

  twin.loop.callAt(1, first);
  twin.loop.callLater(1, twin.logger('second'));
  twin.loop.callLater(0.5, () => twin.loop.callLater(0.5, twin.logger('fourth, made later')));
  twin.loop.callAt(1, twin.logger('third'));
  stopAfter(twin, 2);
  await twin.runForever();
});

virtualScript('deadlines-in-the-past (B31, B32)', async (twin) => {
  const schedules = () => {
    for (const when of [2, -1, 4, 3.5, 0]) {
      const timer = twin.loop.callAt(when, twin.logger(`at ${when}`));
      twin.log(`when ${timer.when()}`);
    }
    for (const delay of [-1, 0, -0.25, -100]) {
      const timer = twin.loop.callLater(delay, twin.logger(`after ${delay}`));
      twin.log(`when ${timer.when()}`);
    }
    twin.loop.callSoon(twin.logger('soon'));
    stopAfter(twin, 1);
  };

  twin.loop.callLater(4, schedules);
  await twin.runForever();
});

virtualScript('timers-cancelled-by-timers (B35)', async (twin) => {
  const cancels = () => {
    twin.log('cancels');
    sameTurn.cancel();
    later.cancel();
    earlier.cancel();
    twin.log(`cancelled: ${sameTurn.cancelled()}, ${later.cancelled()}, ${earlier.cancelled()}`);
  };

  const earlier = twin.loop.callLater(0.5, twin.logger('earlier'));
  twin.loop.callLater(1, cancels);
  const sameTurn = twin.loop.callLater(1, twin.logger('never'));
  const later = twin.loop.callLater(2, twin.logger('never'));
  stopAfter(twin, 3);
  await twin.runForever();
  twin.log('returned');
});

virtualScript('timers-cancelled-by-callbacks (B20, B22)', async (twin) => {
  const cancels = () => {
    due.cancel();
    twin.log('cancelled what is due in this turn');
  };
  const onTime = () => {
    twin.loop.callSoon(() => nextOne.cancel());
    twin.log('cancels in the next turn, by when it is due');
  };

  twin.loop.callSoon(cancels);
  const due = twin.loop.callLater(0, twin.logger('never'));
  twin.loop.callLater(1, onTime);
  const nextOne = twin.loop.callLater(1, twin.logger('runs, in the same turn'));
  stopAfter(twin, 2);
  await twin.runForever();
});

virtualScript('cancelled-heads (B35)', async (twin) => {
  for (let number = 1; number <= 200; number++) {
    const timer = twin.loop.callLater(number / 8, twin.logger(`number ${number}`));
    if (number % 40 !== 0) timer.cancel();
  }
  stopAfter(twin, 30);
  await twin.runForever();
  twin.log('returned');
});

virtualScript('soon-before-timers (B22)', async (twin) => {
  const first = () => {
    twin.log('first');
    twin.loop.callLater(0, twin.logger('timer of the first'));
    twin.loop.callSoon(second);
  };
  const second = () => {
    twin.log('second');
    twin.loop.callSoon(twin.logger('soon, from the second'));
    twin.loop.callLater(-1, twin.logger('timer of the second'));
  };

  twin.loop.callLater(0, twin.logger('timer from before'));
  twin.loop.callSoon(first);
  stopAfter(twin, 1);
  await twin.runForever();
});

virtualScenario('soon-data-timers (B22)', function* (twin) {
  class Answers extends Server {
    override dataReceived(data: Buffer): void {
      super.dataReceived(data);
      twin.loop.callSoon(twin.logger('soon, from the data'));
      twin.loop.callLater(0, twin.logger('timer, from the data'));
    }
  }

  const [, client] = yield* twin.pair(Answers, Client);
  twin.loop.callLater(0, twin.logger('timer'));
  client.transport.write(Buffer.from('ping'));
  twin.loop.callSoon(twin.logger('soon'));
  yield* sleep(1);
  client.transport.write(Buffer.from('again'));
  twin.log('wrote again');
  yield* sleep(0.5);
  twin.log('slept');
});

virtualScript('periodic (B33)', async (twin) => {
  const beat = (when: number, left: number) => {
    twin.log(`beat of ${when}`);
    if (left > 0) twin.loop.callAt(when + 0.375, beat, when + 0.375, left - 1);
    else twin.loop.stop();
  };

  twin.loop.callAt(0.375, beat, 0.375, 4);
  await twin.runForever();
});

virtualScenario('sleepers (B78)', function* (twin) {
  function* sleeps(name: string, ...delays: number[]) {
    for (const delay of delays) twin.log(`${name} got ${yield* sleep(delay, `up after ${delay}`)}`);
    return name;
  }

  const tasks = [
    twin.loop.createTask(sleeps('a', 1, 0.5, 0)),
    twin.loop.createTask(sleeps('b', 0.5, 0.25, 0.75)),
    twin.loop.createTask(sleeps('c', 0, -1, 1.5)),
  ];
  for (const task of tasks) twin.log(`${yield* task} is done`);
});

virtualScenario('sleep-cancelled (B78)', function* (twin) {
  function* sleeps(delay: number) {
    try {
      yield* sleep(delay);
    } finally {
      twin.log(`sleep of ${delay} ends`);
    }
  }

  const tasks = [100, 1, 0.5].map((delay) => twin.loop.createTask(sleeps(delay)));
  twin.loop.callLater(0.5, () => tasks[0]!.cancel());
  yield* sleep(0.5);
  tasks[1]!.cancel('enough');
  for (const task of tasks) twin.log(yield* twin.outcome(task));
  yield* sleep(2);
  twin.log('slept on');
});

virtualScript('huge-delays (B39)', async (twin) => {
  for (const delay of [1e9, 1e300, Number.POSITIVE_INFINITY]) {
    const timer = twin.loop.callLater(delay, twin.logger('never'));
    twin.log(`is later: ${timer.when() > 1e8}`);
  }
  twin.loop.callLater(0.5, twin.logger('half a second'));
  stopAfter(twin, 1);
  await twin.runForever();
});

virtualScript('within-the-resolution (B34)', async (twin) => {
  twin.loop.callLater(1 + 2 ** -31, twin.logger('half a nanosecond later: the same turn'));
  twin.loop.callLater(1, twin.logger('a second'));
  twin.loop.callLater(1 + 2 ** -10, twin.logger('a millisecond later: its own'));
  stopAfter(twin, 2);
  await twin.runForever();
});

virtualScenario('timer-handles (B32, B38)', function* (twin) {
  const timer = twin.loop.callLater(1, twin.logger('runs'));
  const same = twin.loop.callAt(1, twin.logger('runs as well'));
  const zero = twin.loop.callLater(0, twin.logger('at once'));
  const late = twin.loop.callLater(2, twin.logger('never'));
  twin.log(`when: ${timer.when()}, ${same.when()}, ${zero.when()}, ${late.when()}`);
  twin.log(`order: ${timer < late}, ${late < timer}, ${timer > zero}`);
  yield* sleep(1.5);
  late.cancel();
  timer.cancel();
  twin.log(`after: ${timer.when()}, ${timer.cancelled()}, ${late.when()}, ${late.cancelled()}`);
  yield* sleep(1);
  twin.log('done');
});

virtualScenario('timer-sets-future (B22, B52)', function* (twin) {
  function* waits(name: string) {
    twin.log(`${name} got ${yield* future}`);
  }

  const future = twin.loop.createFuture<string>();
  const tasks = ['a', 'b'].map((name) => twin.loop.createTask(waits(name)));
  twin.loop.callLater(1, () => future.setResult('it'));
  twin.loop.callLater(1, twin.logger('timer in the same turn'));
  twin.loop.callLater(1, () => twin.loop.callSoon(twin.logger('soon, behind the wake-ups')));
  for (const task of tasks) yield* task;
  twin.log('done');
});

function stopAfter(twin: Twin, delay: number): void {
  twin.loop.callLater(delay, () => twin.loop.stop());
}
