// StreamReader, fed by hand: its limit, and when it pauses who feeds it.

import { inspect } from 'node:util';
import { NotImplementedError, type RuntimeError, StreamReader } from 'mioloop';
import { failure, thrown } from './support/failure.js';
import { text, Valve } from './support/hand-fed.js';
import { inLoop } from './support/modes.js';

inLoop('more than twice the limit unread pauses, the limit or less resumes (B187)', function* (t, loop) {
  const reader = new StreamReader(10, loop);
  const valve = new Valve();
  reader.setTransport(valve);
  reader.feedData(Buffer.alloc(20));
  t.deepEqual(valve.calls, [], 'twice the limit is not more');
  reader.feedData(Buffer.alloc(1));
  reader.feedData(Buffer.alloc(1));
  t.deepEqual(valve.calls, ['pause'], 'once');
  yield* reader.readexactly(11);
  t.deepEqual(valve.calls, ['pause'], '11 are left');
  yield* reader.read(1);
  t.deepEqual(valve.calls, ['pause', 'resume']);
  t.true(inspect(reader).startsWith('<StreamReader 10 bytes limit=10 transport=<Valve>'));
  const error = thrown(() => reader.setTransport(valve)) as RuntimeError;
  t.is(error.message, 'Transport already set');
  t.is(error.code, 'ERR_TRANSPORT_SET');
});

inLoop('without a limit it is 64 KiB (B187)', function* (t, loop) {
  const reader = new StreamReader(undefined, loop);
  const valve = new Valve();
  reader.setTransport(valve);
  reader.feedData(Buffer.alloc(0x20000, 'a'));
  t.deepEqual(valve.calls, []);
  reader.feedData(Buffer.from('\n'));
  t.deepEqual(valve.calls, ['pause']);
  t.true((yield* failure(reader.readline())) instanceof RangeError);
  reader.feedData(Buffer.alloc(0x10000, 'a'));
  reader.feedData(Buffer.from('\n'));
  t.is((yield* reader.readline()).length, 0x10001);
});

inLoop(
  'who waits resumes what was paused, for what it waits for would never come (B187)',
  function* (t, loop) {
    const reader = new StreamReader(2, loop);
    const valve = new Valve();
    reader.setTransport(valve);
    reader.feedData(Buffer.from('12345'));
    t.deepEqual(valve.calls, ['pause']);
    const reading = reader.readexactly(12);
    t.deepEqual(valve.calls, ['pause', 'resume']);
    reader.feedData(Buffer.from('67890'));
    t.deepEqual(valve.calls, ['pause', 'resume'], 'nor is it paused meanwhile');
    reader.feedData(Buffer.from('ab'));
    t.is(text(yield* reading), '1234567890ab');
  },
);

inLoop('a transport that cannot pause is left alone (B187)', function* (t, loop) {
  const reader = new StreamReader(1, loop);
  let calls = 0;
  reader.setTransport({
    pauseReading() {
      calls += 1;
      throw new NotImplementedError();
    },
    resumeReading() {
      calls += 1;
    },
  });
  for (let count = 0; count < 10; count++) reader.feedData(Buffer.from('abc'));
  t.is(calls, 1);
  t.is((yield* reader.readexactly(30)).length, 30);
  t.is(calls, 1);
});

inLoop('limits that are none are refused (B187)', function* (t, loop) {
  for (const bad of [0, -1, Number.NaN]) {
    const error = thrown(() => new StreamReader(bad, loop));
    t.true(error instanceof RangeError);
    t.regex((error as Error).message, /^Limit cannot be <= 0/);
  }
  for (const bad of ['5', null, {}]) {
    t.true(thrown(() => new StreamReader(bad as never, loop)) instanceof TypeError);
  }
});

inLoop('many small pieces do not cost more than they are (B187)', function* (t, loop) {
  const reader = new StreamReader(1024 * 1024, loop);
  const before = process.memoryUsage();
  const piece = Buffer.alloc(1);
  for (let count = 0; count < 1_000_000; count++) reader.feedData(piece.fill(count));
  const after = process.memoryUsage();
  const grown = after.heapUsed + after.external - before.heapUsed - before.external;
  t.true(grown < 60e6, `${grown} bytes`);
  const all = yield* reader.readexactly(1_000_000);
  for (let at = 0; at < all.length; at += 997) t.is(all[at], at & 0xff);
});
