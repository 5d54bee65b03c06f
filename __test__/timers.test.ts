// callLater, callAt and the clock. In virtual time wherever that suffices; never early in real time.

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import test from 'ava';
import { type EventLoop, sleep, TimerHandle } from 'mioloop';
import { loopTurns, virtualLoop } from './support/internals.js';
import { freshLoop } from './support/leaks.js';
import { bothModes, fromMacrotask, inLoop } from './support/modes.js';

const DAY = 86_400;
const YEAR = 365 * DAY;

/** asyncio allows its clock's resolution, a nanosecond; this is what is lost in a double of seconds since boot. */
const CLOCK_RESOLUTION = 1e-6;

const nothing = (): void => undefined;

test.serial('a delay that is no number is refused (B30)', (t) => {
  const loop = freshLoop();
  for (const value of [null, undefined, '1', {}]) {
    const time = value as unknown as number;
    t.throws(() => loop.callLater(time, nothing), { instanceOf: TypeError, message: /delay/ });
    t.throws(() => loop.callAt(time, nothing), { instanceOf: TypeError, message: /when/ });
  }
  loop.close();
});

inLoop('negative delays are ordered by their value (B31)', function* (t, loop) {
  const log: number[] = [];
  for (const delay of [-1, -3, -2, 0, -2.5]) loop.callLater(delay, () => log.push(delay));
  yield* sleep(0);
  yield* sleep(0);
  t.deepEqual(log, [-3, -2.5, -2, -1, 0]);
});

test.serial('callLater() gives a TimerHandle whose when() is the time, also for 0 and less (B32)', (t) => {
  const loop = freshLoop();
  for (const delay of [10, 0.5, 0, -5]) {
    const before = loop.time();
    const handle = loop.callLater(delay, nothing);
    const after = loop.time();
    t.true(handle instanceof TimerHandle);
    t.true(handle.when() >= before + delay && handle.when() <= after + delay, `delay ${delay}`);
  }
  for (const when of [loop.time() + 1.25, 0, -1]) t.is(loop.callAt(when, nothing).when(), when);
  loop.close();
});

bothModes('when() stays after the timer ran or was cancelled (B32)', async (t, bench) => {
  const { loop } = bench;
  const ran = loop.callLater(0, () => loop.stop());
  const cancelled = loop.callLater(5, nothing);
  const times = [ran.when(), cancelled.when()];
  cancelled.cancel();
  await bench.runForever();
  t.deepEqual([ran.when(), cancelled.when()], times);
});

bothModes("no timer is early, on our clock and on the system's (B33)", async (t, bench) => {
  const { loop } = bench;
  const early: string[] = [];
  let left = 0;
  for (let index = 0; index < 400; index++) {
    const delay = index * 0.000_237;
    const start = process.hrtime.bigint();
    left += 1;
    const handle = loop.callLater(delay, () => {
      const waited = Number(process.hrtime.bigint() - start) / 1e9;
      if (waited < delay - CLOCK_RESOLUTION) early.push(`${delay} s: ${waited} s on the system's clock`);
      if (loop.time() < handle.when() - CLOCK_RESOLUTION) early.push(`${delay} s: at ${loop.time()}`);
      left -= 1;
      if (left === 0) loop.stop();
    });
  }
  await bench.runForever();
  t.deepEqual(early, []);
});

bothModes('a delay counts from the call, however long the callback has run (B33)', async (t, bench) => {
  const { loop } = bench;
  const delay = 0.002;
  let waited = 0;
  loop.callSoon(() => {
    const before = loop.time();
    spin(0.01);
    t.true(loop.time() - before >= 0.01 - CLOCK_RESOLUTION, 'the clock goes on inside a callback');
    const start = process.hrtime.bigint();
    loop.callLater(delay, () => {
      waited = Number(process.hrtime.bigint() - start) / 1e9;
      loop.stop();
    });
  });
  await bench.runForever();
  t.true(waited >= delay - CLOCK_RESOLUTION, `${waited} s`);
});

inLoop('time() is monotonic', function* (t, loop) {
  let last = loop.time();
  for (let index = 0; index < 10_000; index++) {
    const now = loop.time();
    if (now < last) t.fail(`${now} after ${last}`);
    last = now;
  }
  yield* sleep(0);
  t.true(loop.time() >= last);
});

bothModes('tiny delays do not make the loop spin (B34)', async (t, bench) => {
  const { loop } = bench;
  for (const delay of [1e-2, 1e-4, 1e-6, 1e-8, 1e-10]) loop.callLater(delay, nothing);
  await bench.run(function* () {
    for (const delay of [1e-2, 1e-4, 1e-6, 1e-8, 1e-10]) yield* sleep(delay);
  });
  t.true(loopTurns(loop) <= 20, `${loopTurns(loop)} turns`);
});

virtually(
  'timers due at the same time run in one turn, in the order of their making (B34)',
  async (t, bench) => {
    const { loop } = bench;
    const when = loop.time() + 5;
    const log: [name: string, turn: number][] = [];
    for (const name of ['a', 'b', 'c']) loop.callAt(when, () => log.push([name, loopTurns(loop)]));
    loop.callAt(when, () => loop.stop());
    await bench.runForever();
    const turn = loopTurns(loop);
    t.deepEqual(log, [
      ['a', turn],
      ['b', turn],
      ['c', turn],
    ]);
  },
);

virtually('timers run by their time, not by the order of their making', async (t, bench) => {
  const { loop } = bench;
  const delays = [3, 0.001, 70, 1, 0.5, 4000, 0.01, 100_000, 2, 0.0005];
  const log: number[] = [];
  for (const delay of delays) loop.callLater(delay, () => log.push(delay));
  loop.callLater(DAY * 2, () => loop.stop());
  await bench.runForever();
  t.deepEqual(
    log,
    delays.toSorted((a, b) => a - b),
  );
});

virtually('the loop sleeps until the first timer that is not cancelled (B35)', async (t, bench) => {
  const { loop } = bench;
  const start = loop.time();
  for (let second = 1; second < 100; second++) loop.callLater(second, () => t.fail()).cancel();
  loop.callLater(100, () => loop.stop());
  await bench.runForever();
  t.is(loopTurns(loop), 1);
  t.true(loop.time() >= start + 100 && loop.time() < start + 101, `${loop.time() - start} s`);
});

virtually('a timer cancelled by the timer ahead of it does not run (B35)', async (t, bench) => {
  const { loop } = bench;
  const when = loop.time() + 1;
  loop.callAt(when, () => same.cancel());
  const same = loop.callAt(when, () => t.fail('due in the same turn'));
  loop.callLater(0.5, () => later.cancel());
  const later = loop.callLater(2, () => t.fail('due later'));
  loop.callLater(3, () => loop.stop());
  await bench.runForever();
  t.true(same.cancelled() && later.cancelled());
});

virtually('a wait longer than a day ends at its time (B35)', async (t, bench) => {
  const { loop } = bench;
  const start = loop.time();
  const times: number[] = [];
  for (const days of [400, 3, 30]) {
    loop.callLater(days * DAY, () => times.push(Math.floor((loop.time() - start) / DAY)));
  }
  loop.callLater(401 * DAY, () => loop.stop());
  await bench.runForever();
  t.deepEqual(times, [3, 30, 400]);
});

bothModes('a cancelled timer frees its callback and arguments at once (B37)', async (t, { loop }) => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const { handle, held } = scheduleSomethingLarge(loop);
  await fromMacrotask(collect);
  t.true(
    held.every((reference) => reference.deref() !== undefined),
    'a timer holds what it needs',
  );
  handle.cancel();
  await fromMacrotask(collect);
  t.deepEqual(
    held.map((reference) => reference.deref()),
    [undefined, undefined],
  );
  t.true(handle.cancelled());
});

test.serial('TimerHandles compare by when(), and are equal by time, callback and arguments (B38)', (t) => {
  const loop = freshLoop();
  const when = loop.time() + 10;
  const a = loop.callAt(when, nothing);
  const b = loop.callAt(when, nothing);
  const c = loop.callAt(when + 1, nothing);
  const d = loop.callAt(when - 1, nothing);
  const other = loop.callAt(when, () => undefined);
  t.true(d < a && a < c && c > d && a <= c && c >= a);
  t.false(a < b || a > b);
  t.true(a <= b && a >= b);
  t.true(a.equals(b));
  for (const different of [
    c,
    other,
    loop.callAt(when, nothing as (x: number) => void, 1),
    loop.callSoon(nothing),
    when,
  ]) {
    t.false(a.equals(different));
  }
  b.cancel();
  t.false(a.equals(b), 'one of them is cancelled');
  t.deepEqual(
    [a, c, d].toSorted((x, y) => x.when() - y.when()),
    [d, a, c],
  );
  loop.close();
});

bothModes('huge delays neither overflow nor fire nor make the loop spin (B39)', async (t, bench) => {
  const { loop } = bench;
  const huge = [YEAR, 2 ** 31, 2 ** 32, 1e10, 2 ** 53, 1e18, 1e300, Number.MAX_VALUE, Infinity];
  const handles = huge.map((delay) => loop.callLater(delay, () => t.fail(`${delay} s are over`)));
  for (const [index, handle] of handles.entries()) t.true(handle.when() >= huge[index]!);
  loop.callLater(0.02, () => loop.callSoon(() => loop.stop()));
  await bench.runForever();
  t.true(loopTurns(loop) <= 5, `${loopTurns(loop)} turns`);
  for (const handle of handles) handle.cancel();
});

bothModes('a time long past is due at once (B39)', async (t, bench) => {
  const { loop } = bench;
  const log: number[] = [];
  for (const when of [0, -1e300, -Number.MAX_VALUE, -Infinity, -1]) loop.callAt(when, () => log.push(when));
  loop.callSoon(() => loop.callSoon(() => loop.stop()));
  await bench.runForever();
  t.deepEqual(log, [-Infinity, -Number.MAX_VALUE, -1e300, -1, 0]);
});

virtually('years apart, timers still come in order (B39)', async (t, bench) => {
  const { loop } = bench;
  const log: number[] = [];
  for (const years of [100, 2, 50, 1]) loop.callLater(years * YEAR, () => log.push(years));
  loop.callLater(101 * YEAR, () => loop.stop());
  await bench.runForever();
  t.deepEqual(log, [1, 2, 50, 100]);
});

bothModes('many timers: each runs once, by its time, and the cancelled ones never', async (t, bench) => {
  const { loop } = bench;
  const due: number[] = [];
  let expected = 0;
  const delay = (index: number): number => ((index * 7919) % 1000) / 20_000;
  for (let index = 0; index < 20_000; index++) {
    const handle: TimerHandle = loop.callLater(delay(index), () => due.push(handle.when()));
    if (index % 3 === 0) handle.cancel();
    else expected += 1;
  }
  loop.callLater(0.06, () => loop.stop());
  await bench.runForever();
  t.is(due.length, expected);
  t.deepEqual(
    due,
    due.toSorted((a, b) => a - b),
  );
});

/** In both modes, on a clock that moves only when nothing is ready. */
function virtually(title: string, body: Parameters<typeof bothModes>[1]): void {
  bothModes(`${title}, in virtual time`, body, virtualLoop);
}

/** Keeps the thread busy for that many seconds. */
function spin(seconds: number): void {
  const end = process.hrtime.bigint() + BigInt(Math.ceil(seconds * 1e9));
  while (process.hrtime.bigint() < end);
}

function scheduleSomethingLarge(loop: EventLoop) {
  const argument = { bytes: new Uint8Array(1024) };
  const captured = { bytes: new Uint8Array(1024) };
  const handle = loop.callLater(YEAR, (_argument: object) => captured.bytes, argument);
  return { handle, held: [new WeakRef(argument), new WeakRef(captured)] };
}

inLoop("a timer that takes a cancelled one's place takes nothing else back", function* (t, loop) {
  const fired: string[] = [];
  const later = (name: string) => loop.callLater(0.001, () => fired.push(name));
  const [a, b] = [later('a'), later('b')];
  yield* sleep(0);
  a.cancel();
  b.cancel();
  yield* sleep(0);
  // b's place is taken, left and taken again, while the record of its cancel has the number of the kept one's.
  const first = later('first');
  later('kept');
  first.cancel();
  later('last');
  while (fired.length < 2) yield* sleep(0.001);
  t.deepEqual(fired, ['kept', 'last']);
});
