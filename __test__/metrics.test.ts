// loop.metrics(): counts that are exact, times that add up, and a histogram of lags.

import test from 'ava';
import { LagHistogram, newEventLoop, Protocol, sleep } from 'mioloop';
import { virtualLoop } from './support/internals.js';
import { freshLoop } from './support/leaks.js';
import { bothModes, inLoop } from './support/modes.js';

/** Keeps the thread busy. */
function spin(seconds: number): void {
  const end = performance.now() + seconds * 1e3;
  while (performance.now() < end);
}

function* nothing() {}

test.serial('a new loop has done nothing', (t) => {
  const loop = freshLoop();
  const { lag, ...numbers } = loop.metrics();
  t.deepEqual(numbers, {
    turns: 0,
    busySeconds: 0,
    idleSeconds: 0,
    ready: 0,
    timers: 0,
    tasks: 0,
    transports: 0,
    servers: 0,
  });
  t.is(lag.count, 0);
  t.is(lag.percentile(50), 0);
  loop.close();
});

inLoop('what is ready, timers and tasks are counted as they come and go', function* (t, loop) {
  const counts = () => {
    const { ready, timers, tasks } = loop.metrics();
    return [ready, timers, tasks];
  };
  t.deepEqual(counts(), [0, 0, 1]);
  const first = loop.callLater(3600, () => undefined);
  loop.callLater(3600, () => undefined).cancel();
  loop.callLater(0, () => undefined);
  loop.callSoon(() => undefined);
  loop.createTask(nothing);
  t.deepEqual(counts(), [2, 2, 2]);
  yield* sleep(0);
  yield* sleep(0);
  t.deepEqual(counts(), [0, 1, 1]);
  first.cancel();
  t.deepEqual(counts(), [0, 0, 1]);
});

inLoop('transports and servers are counted while they are open', function* (t, loop) {
  const counts = () => {
    const { transports, servers } = loop.metrics();
    return [transports, servers];
  };
  const server = yield* loop.createServer(() => new Protocol(), '127.0.0.1', 0);
  t.deepEqual(counts(), [0, 1]);
  const lost = loop.createFuture<void>();
  class Client extends Protocol {
    override connectionLost() {
      lost.setResult();
    }
  }
  const [, port] = server.sockets[0]!.getsockname() as [string, number];
  const [transport] = yield* loop.createConnection(() => new Client(), '127.0.0.1', port);
  t.is(counts()[0]! >= 1, true);
  transport.close();
  server.close();
  t.is(counts()[1], 0);
  yield* lost;
  yield* server.waitClosed();
  t.deepEqual(counts(), [0, 0]);
});

inLoop('turns are counted', function* (t, loop) {
  const before = loop.metrics().turns;
  for (let turn = 0; turn < 10; turn++) yield* sleep(0);
  t.is(loop.metrics().turns - before, 10);
});

bothModes('busy and idle time are the time for which the loop ran', async (t, { loop, run }) => {
  const before = loop.time();
  let inside = 0;
  await run(function* () {
    const start = loop.time();
    for (let round = 0; round < 3; round++) {
      spin(0.01);
      yield* sleep(0.01);
    }
    inside = loop.time() - start;
    const { busySeconds, idleSeconds } = loop.metrics();
    t.true(busySeconds + idleSeconds >= inside - 1e-6, 'also while it runs');
  });
  const ran = loop.time() - before;
  const { busySeconds, idleSeconds } = loop.metrics();
  t.true(busySeconds >= 0.03 - 1e-6, `${busySeconds} s busy`);
  t.true(idleSeconds > 0, `${idleSeconds} s idle`);
  t.true(busySeconds + idleSeconds >= inside - 1e-6);
  t.true(busySeconds + idleSeconds <= ran + 1e-6);
  // Between runs nothing is counted.
  spin(0.01);
  const after = loop.metrics();
  t.is(after.busySeconds, busySeconds);
  t.is(after.idleSeconds, idleSeconds);
  await run(function* () {
    yield* sleep(0);
  });
  t.true(loop.metrics().busySeconds > busySeconds, 'and a second run counts on');
});

test.serial(
  "a hosted loop's idle time goes on while it sleeps, and is read from Node's callbacks",
  async (t) => {
    const loop = freshLoop();
    const run = loop.runForever();
    // Behind the loop's own one, which makes the first turn.
    await new Promise(setImmediate);
    const first = loop.metrics();
    spin(0.005);
    const second = loop.metrics();
    t.true(second.idleSeconds - first.idleSeconds >= 0.005 - 1e-6, "Node's own callbacks are not the loop's");
    t.true(second.busySeconds - first.busySeconds < 1e-6);
    loop.stop();
    await run;
    loop.close();
  },
);

bothModes(
  'a turn with timers counts one lag, that of the first: the time for which what was ready waited',
  async (t, { loop, run }) => {
    await run(function* () {
      const done = loop.createFuture<void>();
      const when = loop.time() + 0.005;
      for (const later of [0, 1e-6, 2e-6]) loop.callAt(when + later, () => undefined);
      loop.callAt(when + 3e-6, () => done.setResult());
      spin(0.03);
      const { lag } = loop.metrics();
      t.is(lag.count, 0);
      yield* done;
    });
    const { lag } = loop.metrics();
    t.is(lag.count, 1);
    t.true(lag.sum >= 0.025 - 1e-6);
    t.true(lag.percentile(50) >= lag.sum);
    t.true(lag.percentile(50) <= lag.sum * 2);
  },
);

test.serial('in virtual time no timer is late', (t) => {
  const loop = virtualLoop();
  loop.runUntilCompleteSync(function* () {
    for (let hour = 0; hour < 5; hour++) yield* sleep(3600);
  });
  const { lag } = loop.metrics();
  t.is(lag.count, 5);
  t.is(lag.counts[0], 5);
  t.is(lag.percentile(100), 2 ** -20);
  loop.close();
});

test.serial('buckets end at powers of two; percentiles are the ends of buckets', (t) => {
  const counts = new Array<number>(32).fill(0);
  const Histogram = LagHistogram as unknown as new (counts: readonly number[], sum: number) => LagHistogram;
  const empty = new Histogram([...counts], 0);
  counts[3] = 98;
  counts[10] = 1;
  counts[31] = 1;
  const lag = new Histogram(counts, 5000);
  t.is(lag.count, 100);
  t.deepEqual(
    [0, 1, 98, 98.5, 99, 99.5, 100].map((percent) => lag.percentile(percent)),
    [2 ** -17, 2 ** -17, 2 ** -17, 2 ** -10, 2 ** -10, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
  );
  t.is(lag.bound(20), 1);
  t.is(lag.bound(31), Number.POSITIVE_INFINITY);
  for (const percent of [-1, 101, Number.NaN])
    t.throws(() => lag.percentile(percent), { instanceOf: RangeError });
  t.deepEqual(lag.since(empty), lag);
  const none = lag.since(lag);
  t.deepEqual([none.count, none.sum], [0, 0]);
});

test.serial('a closed loop still tells what it has done', (t) => {
  const loop = newEventLoop();
  loop.runUntilCompleteSync(function* () {
    yield* sleep(0);
  });
  const { turns } = loop.metrics();
  loop.close();
  const metrics = loop.metrics();
  t.is(metrics.turns, turns);
  t.deepEqual([metrics.timers, metrics.tasks, metrics.ready], [0, 0, 0]);
});
