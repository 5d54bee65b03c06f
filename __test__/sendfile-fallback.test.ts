// loop.sendfile by reads and writes: for pipes and for transports without a system call, with the transport's own flow
// control, and a protocol that stands in meanwhile.

import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import type { Coroutine, EventLoop, Transport } from 'mioloop';
import { makePipe, TestFile } from './support/files.js';
import { Hall, reportsOf, turns } from './support/hall.js';
import type { Line } from './support/lockstep.js';
import { inLoop } from './support/modes.js';
import { BufferedProbe, Probe } from './support/probe.js';
import { bytesOf, sameBytes } from './support/random.js';

const KIB = 1024;
const MIB = KIB * KIB;
const BIG = 24 * MIB;

/** Makes a transport send files as one does that has no system call for it (TLS, say). */
function withoutSystemCall<T extends Transport>(transport: T): T {
  return Object.defineProperty(transport, 'sendfileMode', { value: 'fallback' });
}

function* send(loop: EventLoop, transport: Transport, file: number | TestFile): Coroutine<number> {
  return yield* loop.sendfile(transport, file);
}

function* failure(coroutine: Iterable<unknown>): Coroutine<Error & { code?: string }> {
  try {
    yield* coroutine as Coroutine<unknown>;
  } catch (error) {
    return error as Error;
  }
  throw new Error('it did not fail');
}

/** Waits until the stranger has seen the end. */
function* allOf(transport: Transport, line: Line): Coroutine<Buffer> {
  transport.close();
  yield* line.until(({ ended, closed }) => ended || closed);
  return line.data();
}

inLoop('a file arrives between what was written before and after (B161)', function* (t, loop) {
  using hall = yield* Hall.open(loop, () => new Probe(loop));
  const content = bytesOf(1, 3 * MIB + 5);
  using file = new TestFile(content);
  const [{ transport }, line] = yield* hall.join();
  withoutSystemCall(transport);
  transport.write(content);
  t.is(yield* loop.sendfile(transport, file), content.length);
  t.is(file.position, content.length);
  transport.write(Buffer.from('in between'));
  t.is(yield* loop.sendfile(transport, file, MIB, 100_000), 100_000);
  t.is(file.position, MIB + 100_000);
  t.is(yield* loop.sendfile(transport, file, content.length - 3, 100_000), 3);
  t.is(yield* loop.sendfile(transport, file, content.length), 0);
  t.is(file.position, content.length);
  const parts = [content.subarray(MIB, MIB + 100_000), content.subarray(-3)];
  const expected = Buffer.concat([content, content, Buffer.from('in between'), ...parts]);
  sameBytes(t, yield* allOf(transport, line), expected);
});

inLoop('it waits for a slow reader: little waits in memory', function* (t, loop) {
  using hall = yield* Hall.open(loop, () => new Probe(loop));
  const content = bytesOf(2, BIG);
  using file = new TestFile(content);
  const [probe, line] = yield* hall.join({ paused: true });
  const { transport } = probe;
  withoutSystemCall(transport);
  const sending = loop.createTask(send(loop, transport, file));
  const [, high] = transport.getWriteBufferLimits();
  while (transport.getWriteBufferSize() <= high) yield* turns(1);
  yield* turns(20);
  t.true(transport.getWriteBufferSize() <= 2 * high, `${transport.getWriteBufferSize()} bytes wait`);
  t.not(transport.getProtocol(), probe);
  line.resume();
  t.is(yield* sending, BIG);
  t.is(transport.getProtocol(), probe);
  sameBytes(t, yield* allOf(transport, line), content);
  t.deepEqual(
    probe.events.filter((event) => event === 'pause').length,
    probe.events.filter((event) => event === 'resume').length,
    'of pauses it hears both ends, or none',
  );
});

inLoop('a protocol that was paused before is resumed afterwards', function* (t, loop) {
  using hall = yield* Hall.open(loop, () => new Probe(loop));
  const backlog = bytesOf(3, BIG);
  using file = new TestFile(backlog);
  const [probe, line] = yield* hall.join({ paused: true });
  const { transport } = probe;
  withoutSystemCall(transport);
  transport.write(backlog);
  t.deepEqual(probe.events, ['made', 'pause']);
  const sending = loop.createTask(send(loop, transport, file));
  yield* turns(5);
  line.resume();
  t.is(yield* sending, BIG);
  yield* probe.until(() => probe.events.at(-1) === 'resume');
  t.deepEqual(probe.events, ['made', 'pause', 'resume']);
  sameBytes(t, yield* allOf(transport, line), Buffer.concat([backlog, backlog]));
});

inLoop('a buffered protocol is one again afterwards, and reads', function* (t, loop) {
  using hall = yield* Hall.open(loop, () => new BufferedProbe(loop));
  using file = new TestFile(bytesOf(4, MIB));
  const [probe, line] = yield* hall.join();
  withoutSystemCall(probe.transport);
  const sending = loop.createTask(send(loop, probe.transport, file));
  yield* turns(1);
  t.false(probe.transport.isReading());
  line.write('question');
  t.is(yield* sending, MIB);
  t.true(probe.transport.isReading());
  yield* probe.until(() => probe.received === 8);
  t.is(probe.data.toString(), 'question');
});

inLoop(
  'a peer that resets in the middle: the error, and the protocol hears of it once (B164)',
  function* (t, loop) {
    using hall = yield* Hall.open(loop, () => new Probe(loop));
    using file = new TestFile(BIG);
    const [probe, line] = yield* hall.join({ paused: true });
    withoutSystemCall(probe.transport);
    const sending = loop.createTask(send(loop, probe.transport, file));
    yield* turns(60);
    line.reset();
    const error = yield* failure(sending);
    t.true(error.code === 'ECONNRESET' || error.code === 'EPIPE', error.message);
    t.true(probe.transport.isClosing());
    yield* probe.until(() => probe.lost !== undefined);
    yield* turns(3);
    t.deepEqual(probe.events, ['made', 'lost']);
    t.true(file.position > 0 && file.position < BIG);
  },
);

for (const how of ['close', 'abort'] as const) {
  inLoop(`${how}() meanwhile ends it with an error of the connection`, function* (t, loop) {
    using hall = yield* Hall.open(loop, () => new Probe(loop));
    const content = bytesOf(5, BIG);
    using file = new TestFile(content);
    const [probe, line] = yield* hall.join({ paused: true });
    withoutSystemCall(probe.transport);
    const sending = loop.createTask(send(loop, probe.transport, file));
    yield* turns(60);
    probe.transport[how]();
    line.resume();
    const error = yield* failure(sending);
    t.is(error.code, 'ECONNRESET');
    yield* probe.until(() => probe.lost !== undefined);
    t.is(probe.lost, null);
    yield* line.until(({ ended, closed }) => ended || closed);
    const got = line.data();
    sameBytes(t, got, content.subarray(0, got.length));
  });
}

for (const after of [0, 1, 2, 40]) {
  inLoop(
    `a cancel ${after} turns into it: the protocol is back, and writing goes on (B166)`,
    function* (t, loop) {
      using hall = yield* Hall.open(loop, () => new Probe(loop));
      const content = bytesOf(6, BIG);
      using file = new TestFile(content);
      const [probe, line] = yield* hall.join({ paused: true });
      const { transport } = probe;
      withoutSystemCall(transport);
      const sending = loop.createTask(send(loop, transport, file));
      yield* turns(after);
      sending.cancel();
      t.is((yield* failure(sending)).name, 'CancelledError');
      t.is(transport.getProtocol(), probe);
      t.true(transport.isReading());
      transport.write(Buffer.from('afterwards'));
      line.resume();
      const expected = [content.subarray(0, file.position), Buffer.from('afterwards')];
      sameBytes(t, yield* allOf(transport, line), Buffer.concat(expected));
    },
  );
}

inLoop(
  'a cancel while it waits for a slow reader: what was written before arrives (B166)',
  function* (t, loop) {
    using hall = yield* Hall.open(loop, () => new Probe(loop));
    const content = bytesOf(7, BIG);
    using file = new TestFile(content);
    const [probe, line] = yield* hall.join({ paused: true });
    const { transport } = probe;
    withoutSystemCall(transport);
    const sending = loop.createTask(send(loop, transport, file));
    const [, high] = transport.getWriteBufferLimits();
    while (transport.getWriteBufferSize() <= high) yield* turns(1);
    yield* turns(5);
    sending.cancel();
    t.is((yield* failure(sending)).name, 'CancelledError');
    t.deepEqual(probe.events, ['made', 'pause'], 'it is told what it does not know');
    transport.write(Buffer.from('afterwards'));
    line.resume();
    yield* probe.until(() => probe.events.at(-1) === 'resume');
    const expected = [content.subarray(0, file.position), Buffer.from('afterwards')];
    sameBytes(t, yield* allOf(transport, line), Buffer.concat(expected));
  },
);

inLoop('the file of a pipe: what comes, until it ends, without holding the loop up', function* (t, loop) {
  using hall = yield* Hall.open(loop, () => new Probe(loop));
  const pipe = makePipe();
  const [{ transport }, line] = yield* hall.join();
  const sending = loop.createTask(send(loop, transport, pipe.reading));
  const pieces = [1, 100, 60_000, 7].map((size, index) => bytesOf(index, size));
  for (const piece of pieces) {
    yield* turns(7);
    t.false(sending.done());
    writeSync(pipe.writing, piece);
  }
  yield* turns(7);
  closeSync(pipe.writing);
  const expected = Buffer.concat(pieces);
  t.is(yield* sending, expected.length);
  closeSync(pipe.reading);
  sameBytes(t, yield* allOf(transport, line), expected);
});

inLoop('of a pipe, no more than is asked for; a cancel leaves the rest (B166)', function* (t, loop) {
  using hall = yield* Hall.open(loop, () => new Probe(loop));
  using pipe = makePipe();
  const [{ transport }, line] = yield* hall.join();
  writeSync(pipe.writing, Buffer.from('one two three'));
  t.is(yield* loop.sendfile(transport, pipe.reading, 0, 4), 4);
  t.is(yield* loop.sendfile(transport, pipe.reading, 0, 4), 4);
  const sending = loop.createTask(send(loop, transport, pipe.reading));
  yield* turns(5);
  sending.cancel();
  t.is((yield* failure(sending)).name, 'CancelledError');
  writeSync(pipe.writing, Buffer.from('four'));
  t.is(yield* loop.sendfile(transport, pipe.reading, 0, 2), 2);
  t.is((yield* allOf(transport, line)).toString(), 'one two threefo');
});

if (process.platform === 'linux') {
  inLoop('a file of /proc, which has no size', function* (t, loop) {
    using hall = yield* Hall.open(loop, () => new Probe(loop));
    const expected = readFileSync('/proc/version');
    const file = openSync('/proc/version', 'r');
    const [{ transport }, line] = yield* hall.join();
    t.is(yield* loop.sendfile(transport, file), expected.length);
    closeSync(file);
    sameBytes(t, yield* allOf(transport, line), expected);
  });
}

inLoop('a device that never ends gives as much as is asked for', function* (t, loop) {
  using hall = yield* Hall.open(loop, () => new Probe(loop));
  const file = openSync('/dev/zero', 'r');
  const [{ transport }, line] = yield* hall.join();
  t.is(yield* loop.sendfile(transport, file, 0, 3 * MIB), 3 * MIB);
  closeSync(file);
  sameBytes(t, yield* allOf(transport, line), Buffer.alloc(3 * MIB));
});

inLoop('others write meanwhile as they like; the pieces stay whole', function* (t, loop) {
  using hall = yield* Hall.open(loop, () => new Probe(loop));
  using file = new TestFile(Buffer.alloc(MIB, 'f'));
  const [{ transport }, line] = yield* hall.join();
  withoutSystemCall(transport);
  const sending = loop.createTask(send(loop, transport, file));
  let written = 0;
  while (!sending.done()) {
    yield* turns(1);
    transport.write(Buffer.from('w'));
    written += 1;
  }
  const got = (yield* allOf(transport, line)).toString();
  t.is(got.replaceAll('w', '').length, MIB);
  t.is(got.replaceAll('f', '').length, written);
});

inLoop('who resumes reading meanwhile is told, and the connection closes', function* (t, loop) {
  const reports = reportsOf(loop);
  using hall = yield* Hall.open(loop, () => new Probe(loop));
  using file = new TestFile(BIG);
  const [probe, line] = yield* hall.join({ paused: true });
  withoutSystemCall(probe.transport);
  const sending = loop.createTask(send(loop, probe.transport, file));
  yield* turns(3);
  probe.transport.resumeReading();
  line.write('x');
  t.is((yield* failure(sending)).code, 'ECONNRESET');
  t.is(reports.length, 1);
  yield* probe.until(() => probe.lost !== undefined);
  t.is(probe.lost?.message, 'Invalid state: reading should be paused');
});
