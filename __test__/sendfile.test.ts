// loop.sendfile by the system's own call: what arrives, in which order, and what an interruption leaves behind.

import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, ftruncateSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { type Coroutine, type EventLoop, sleep, socket, type Transport } from 'mioloop';
import { Folder, TestFile } from './support/files.js';
import { Hall, turns } from './support/hall.js';
import { loopTurns } from './support/internals.js';
import { freshLoop } from './support/leaks.js';
import { Desk, type Line } from './support/lockstep.js';
import { bothModes, inLoop } from './support/modes.js';
import { Probe } from './support/probe.js';
import { bytesOf, sameBytes } from './support/random.js';
import { startPython } from './support/stranger.js';

const KIB = 1024;
const MIB = KIB * KIB;
/** More than the kernel takes for a connection that nobody reads. */
const BIG = 24 * MIB;
/** So long nothing happens in a loop that sleeps. */
const ASLEEP_MS = 20;

/** A sendfile in a task of its own. */
function* send(
  loop: EventLoop,
  transport: Transport,
  ...rest: [file: number | { fd: number }, offset?: number, count?: number | null]
): Coroutine<number> {
  return yield* loop.sendfile(transport, ...rest);
}

/** Closes the connection, waits for the stranger to see it, and compares what it got. */
function* arrived(t: ExecutionContext, transport: Transport, line: Line, expected: Buffer): Coroutine<void> {
  transport.close();
  yield* line.until(({ ended, closed }) => ended || closed);
  sameBytes(t, line.data(), expected);
}

/** The error that a coroutine ends with. */
function* failure(coroutine: Coroutine<unknown>): Coroutine<Error & { code?: string }> {
  try {
    yield* coroutine;
  } catch (error) {
    return error as Error;
  }
  throw new Error('it did not fail');
}

inLoop('a file arrives, its length is given, and its position is behind it (B161)', function* (t, loop) {
  using hall = yield* Hall.open(loop, () => new Probe(loop));
  const content = bytesOf(1, 3 * MIB + 5);
  using file = new TestFile(content);
  const [{ transport }, line] = yield* hall.join();
  t.is(yield* loop.sendfile(transport, file.fd), content.length);
  t.is(file.position, content.length);
  t.is(yield* loop.sendfile(transport, file, MIB, 2 * MIB), 2 * MIB);
  t.is(file.position, 3 * MIB);
  t.is(yield* loop.sendfile(transport, file, 3 * MIB, null), 5);
  t.is(yield* loop.sendfile(transport, file, 3 * MIB, 100), 5, 'as much as there is');
  t.is(yield* loop.sendfile(transport, file, 4 * MIB), 0, 'beyond the end');
  t.is(yield* loop.sendfile(transport, file, Number.MAX_SAFE_INTEGER), 0);
  t.is(file.position, content.length);
  const expected = [
    content,
    content.subarray(MIB, 3 * MIB),
    content.subarray(3 * MIB),
    content.subarray(3 * MIB),
  ];
  yield* arrived(t, transport, line, Buffer.concat(expected));
});

bothModes('a FileHandle is a file', async (t, { loop, run }) => {
  using folder = new Folder();
  const content = bytesOf(2, 200 * KIB);
  writeFileSync(folder.at('file'), content);
  await using file = await open(folder.at('file'));
  await run(function* () {
    using hall = yield* Hall.open(loop, () => new Probe(loop));
    const [{ transport }, line] = yield* hall.join();
    t.is(yield* loop.sendfile(transport, file, 1), content.length - 1);
    yield* arrived(t, transport, line, content.subarray(1));
  });
  t.is((await file.read()).bytesRead, 0, 'its position is at its end');
});

inLoop('files and writes of all sizes keep their order (B161)', function* (t, loop) {
  using hall = yield* Hall.open(loop, () => new Probe(loop));
  const [{ transport }, line] = yield* hall.join();
  const pieces: Buffer[] = [];
  for (const [index, size] of [3, 9 * KIB, 5 * MIB, 0, 100, 64 * KIB, 7 * MIB].entries()) {
    const before = bytesOf(10 * index, size);
    transport.write(before);
    transport.writelines([before.subarray(0, 10), before]);
    const content = bytesOf(10 * index + 1, size % 1_000_003);
    using file = new TestFile(content);
    t.is(yield* loop.sendfile(transport, file), content.length);
    pieces.push(before, before.subarray(0, 10), before, content);
    transport.write(content);
    pieces.push(content);
  }
  yield* arrived(t, transport, line, Buffer.concat(pieces));
});

inLoop('many connections get their files at the same time, one after another each', function* (t, loop) {
  using hall = yield* Hall.open(loop, () => new Probe(loop));
  const content = bytesOf(3, 2 * MIB);
  using file = new TestFile(content);
  const guests: [Probe, Line][] = [];
  for (let guest = 0; guest < 20; guest++) guests.push(yield* hall.join());

  function* serve(transport: Transport, guest: number): Coroutine<void> {
    yield* loop.sendfile(transport, file, guest, 10 * KIB);
    yield* loop.sendfile(transport, file);
    yield* loop.sendfile(transport, file, 7 * guest, 1);
  }

  const tasks = guests.map(([{ transport }], guest) => loop.createTask(serve(transport, guest)));
  for (const task of tasks) yield* task;
  for (const [guest, [{ transport }, line]] of guests.entries()) {
    const one = content.subarray(7 * guest, 7 * guest + 1);
    const expected = [content.subarray(guest, guest + 10 * KIB), content, one];
    yield* arrived(t, transport, line, Buffer.concat(expected));
  }
});

inLoop(
  'one after one that was cancelled behind writes: what was told for that one does not end it',
  function* (t, loop) {
    const [ours, theirs] = socket.socketpair();
    using peer = theirs;
    peer.setBlocking(false);
    const content = bytesOf(5, 3 * MIB);
    using file = new TestFile(content);
    const [transport] = yield* loop.createConnection(() => new Probe(loop), null, null, { sock: ours });
    const written = bytesOf(6, MIB);
    transport.write(written);
    const first = loop.sendfile(transport, file);
    yield* turns(1);
    first.cancel();
    yield* turns(1);
    const received: Buffer[] = [];
    let length = 0;
    function* receive(): Coroutine<void> {
      const data = yield* loop.sockRecv(peer, MIB);
      received.push(data);
      length += data.length;
    }
    // Before what this turn has found is told, the queue is known to be empty: a new sendfile need not wait for that.
    const second = loop.createFuture<number>();
    const look = (): void => {
      if (transport.getWriteBufferSize() > 0) {
        loop.callSoon(look);
        return;
      }
      loop.sendfile(transport, file).addDoneCallback((sent) => second.setResult(sent.result() as number));
    };
    loop.callSoon(look);
    while (length < written.length + content.length) yield* receive();
    t.is(yield* second, content.length);
    sameBytes(t, Buffer.concat(received), Buffer.concat([written, content]));
    transport.close();
    yield* turns(2);
  },
);

bothModes('a python3 program gets what it would read from the file itself', async (t, { loop, run }) => {
  using folder = new Folder();
  const content = bytesOf(4, 6 * MIB + 1);
  writeFileSync(folder.at('file'), content);
  const source = `
import hashlib, socket, sys
digest = hashlib.sha256()
with socket.create_connection(('127.0.0.1', int(sys.stdin.readline()))) as peer:
    while data := peer.recv(50_000):
        digest.update(data)
print(digest.hexdigest(), flush=True)
`;
  const python = startPython(t, source);
  if (python === undefined) return;
  const digest = once(python.stdout!, 'data');
  await run(function* () {
    class Serves extends Probe {
      override connectionMade(transport: Transport): void {
        super.connectionMade(transport);
        loop.createTask(this.serve());
      }

      *serve(): Coroutine<void> {
        const file = openSync(folder.at('file'), 'r');
        this.transport.write(content.subarray(0, 99));
        yield* loop.sendfile(this.transport, file, 99);
        closeSync(file);
        this.transport.close();
      }
    }

    using hall = yield* Hall.open(loop, () => new Serves(loop));
    python.stdin!.write(`${hall.port}\n`);
    while (hall.probes[0]?.lost === undefined) yield* sleep(0.001);
    t.is(hall.probes[0].lost, null);
  });
  const [line] = await digest;
  t.is(String(line).trim(), createHash('sha256').update(content).digest('hex'));
});

inLoop('a file that shrinks while it is sent ends where it ends', function* (t, loop) {
  using hall = yield* Hall.open(loop, () => new Probe(loop));
  using file = new TestFile(BIG);
  const [{ transport }, line] = yield* hall.join({ paused: true });
  const sending = loop.createTask(send(loop, transport, file));
  yield* turns(5);
  ftruncateSync(file.fd, 4 * KIB);
  line.resume();
  const sent = yield* sending;
  t.true(sent > 4 * KIB && sent < BIG, `${sent} bytes`);
  transport.write(Buffer.from('the rest'));
  yield* arrived(t, transport, line, Buffer.concat([Buffer.alloc(sent), Buffer.from('the rest')]));
});

inLoop('a file that grows while it is sent is sent to its new end', function* (t, loop) {
  using hall = yield* Hall.open(loop, () => new Probe(loop));
  const more = bytesOf(5, 100);
  using file = new TestFile(BIG);
  const [{ transport }, line] = yield* hall.join({ paused: true });
  const sending = loop.createTask(send(loop, transport, file));
  yield* turns(5);
  writeSync(file.fd, more, 0, more.length, BIG);
  line.resume();
  t.is(yield* sending, BIG + more.length);
  yield* arrived(t, transport, line, Buffer.concat([Buffer.alloc(BIG), more]));
});

inLoop('a file that is closed while it is sent is sent all the same', function* (t, loop) {
  using hall = yield* Hall.open(loop, () => new Probe(loop));
  using folder = new Folder();
  const content = bytesOf(6, BIG);
  writeFileSync(folder.at('file'), content);
  const file = openSync(folder.at('file'), 'r');
  const [{ transport }, line] = yield* hall.join({ paused: true });
  const sending = loop.createTask(send(loop, transport, file));
  yield* turns(3);
  closeSync(file);
  line.resume();
  t.is(yield* sending, BIG);
  yield* arrived(t, transport, line, content);
});

inLoop('what is received meanwhile comes afterwards, in order', function* (t, loop) {
  using hall = yield* Hall.open(loop, () => new Probe(loop));
  using file = new TestFile(BIG);
  const [probe, line] = yield* hall.join({ paused: true });
  const sending = loop.createTask(send(loop, probe.transport, file));
  yield* turns(2);
  line.write('question');
  yield* turns(5);
  t.is(probe.received, 0);
  t.false(probe.transport.isReading());
  line.resume();
  yield* sending;
  t.true(probe.transport.isReading());
  yield* probe.until(() => probe.received === 8);
  t.is(probe.data.toString(), 'question');
});

inLoop('an end that is received meanwhile comes afterwards', function* (t, loop) {
  using hall = yield* Hall.open(loop, () => new Probe(loop));
  using file = new TestFile(BIG);
  const [probe, line] = yield* hall.join({ paused: true });
  const sending = loop.createTask(send(loop, probe.transport, file));
  yield* turns(2);
  line.write('question');
  line.end();
  yield* turns(5);
  t.deepEqual(probe.events, ['made']);
  line.resume();
  t.is(yield* sending, BIG);
  yield* probe.until(() => probe.lost !== undefined);
  t.deepEqual(probe.events, ['made', 'data', 'eof', 'lost']);
  yield* line.until(({ ended }) => ended);
  t.is(line.look().received, BIG);
});

inLoop('who had paused reading before finds it paused', function* (t, loop) {
  using hall = yield* Hall.open(loop, () => new Probe(loop));
  using file = new TestFile(Buffer.from('content'));
  const [{ transport }] = yield* hall.join();
  transport.pauseReading();
  yield* loop.sendfile(transport, file);
  t.false(transport.isReading());
});

inLoop('one file at a time, and no writes meanwhile (B162)', function* (t, loop) {
  using hall = yield* Hall.open(loop, () => new Probe(loop));
  using file = new TestFile(BIG);
  const [{ transport }, line] = yield* hall.join({ paused: true });
  const backlog = bytesOf(7, BIG);
  transport.write(backlog);
  const sending = loop.createTask(send(loop, transport, file, 0, 5 * MIB));
  yield* turns(2);
  const refused = { name: 'RuntimeError', code: 'ERR_SENDFILE_IN_PROGRESS' };
  const refusals = () => {
    t.throws(() => transport.write(Buffer.from('x')), {
      ...refused,
      message: 'unable to write; sendfile is in progress',
    });
    t.throws(() => transport.writelines([Buffer.from('x')]), refused);
  };
  refusals();
  const second = yield* failure(send(loop, transport, file));
  t.like(second, refused);
  t.regex(second.message, /sendfile is in progress/);
  line.resume();
  while (transport.getWriteBufferSize() > 0) yield* turns(1);
  if (!sending.done()) refusals();
  t.is(yield* sending, 5 * MIB);
  transport.write(Buffer.from('x'));
  yield* arrived(t, transport, line, Buffer.concat([backlog, Buffer.alloc(5 * MIB), Buffer.from('x')]));
});

inLoop('writeEof meanwhile ends the stream behind the file', function* (t, loop) {
  using hall = yield* Hall.open(loop, () => new Probe(loop));
  using file = new TestFile(bytesOf(8, BIG));
  const [{ transport }, line] = yield* hall.join({ paused: true });
  const sending = loop.createTask(send(loop, transport, file));
  yield* turns(2);
  transport.writeEof();
  line.resume();
  t.is(yield* sending, BIG);
  yield* line.until(({ ended }) => ended);
  sameBytes(t, line.data(), bytesOf(8, BIG));
  transport.close();
});

for (const how of ['close', 'abort'] as const) {
  inLoop(`${how}() meanwhile ends it at once, with an error of the connection`, function* (t, loop) {
    using hall = yield* Hall.open(loop, () => new Probe(loop));
    const content = bytesOf(9, BIG);
    using file = new TestFile(content);
    const [probe, line] = yield* hall.join({ paused: true });
    const sending = loop.createTask(send(loop, probe.transport, file));
    yield* turns(3);
    probe.transport[how]();
    const error = yield* failure(sending as unknown as Coroutine<never>);
    t.like(error, { code: 'ECONNRESET', syscall: 'sendfile', message: 'Connection is closed by peer' });
    t.deepEqual(probe.events, ['made', 'lost']);
    t.is(probe.lost, null);
    line.resume();
    yield* line.until(({ ended, closed }) => ended || closed);
    const got = line.data();
    t.is(file.position, got.length);
    sameBytes(t, got, content.subarray(0, got.length));
  });
}

inLoop('close() while it still waits for earlier writes lets those arrive', function* (t, loop) {
  using hall = yield* Hall.open(loop, () => new Probe(loop));
  const backlog = bytesOf(10, BIG);
  using file = new TestFile(backlog);
  const [probe, line] = yield* hall.join({ paused: true });
  probe.transport.write(backlog);
  const sending = loop.createTask(send(loop, probe.transport, file));
  yield* turns(2);
  probe.transport.close();
  line.resume();
  const error = yield* failure(sending as unknown as Coroutine<never>);
  t.is(error.code, 'ECONNRESET');
  t.is(probe.lost, null);
  yield* line.until(({ ended }) => ended);
  sameBytes(t, line.data(), backlog);
  t.is(file.position, 0);
});

inLoop('a peer that resets in the middle: the error, the transport closes (B164)', function* (t, loop) {
  using hall = yield* Hall.open(loop, () => new Probe(loop));
  using file = new TestFile(BIG);
  const [probe, line] = yield* hall.join({ paused: true });
  const sending = loop.createTask(send(loop, probe.transport, file));
  yield* turns(3);
  line.reset();
  const error = yield* failure(sending as unknown as Coroutine<never>);
  t.true(error.code === 'ECONNRESET' || error.code === 'EPIPE', error.message);
  t.true(probe.transport.isClosing());
  t.true(file.position > 0 && file.position < BIG, 'it is where it was');
  yield* probe.until(() => probe.lost !== undefined);
  t.is(probe.lost, error);
});

inLoop('a peer that was gone before: the error, no signal, the transport closes', function* (t, loop) {
  using hall = yield* Hall.open(loop, () => new Probe(loop));
  using file = new TestFile(BIG);
  const [probe, line] = yield* hall.join();
  probe.transport.pauseReading();
  line.reset();
  yield* sleep(0.02);
  const error = yield* failure(send(loop, probe.transport, file));
  t.true(error.code === 'ECONNRESET' || error.code === 'EPIPE', error.message);
  yield* probe.until(() => probe.lost !== undefined);
  t.is(file.position, 0);
});

for (const after of [0, 1, 2, 3, 5]) {
  inLoop(`a cancel ${after} turns into it: not a byte more, and writing goes on (B166)`, function* (t, loop) {
    using hall = yield* Hall.open(loop, () => new Probe(loop));
    const content = bytesOf(11, BIG);
    using file = new TestFile(content);
    const [{ transport }, line] = yield* hall.join({ paused: true });
    const sending = loop.createTask(send(loop, transport, file));
    yield* turns(after);
    sending.cancel();
    const error = yield* failure(sending as unknown as Coroutine<never>);
    t.is(error.name, 'CancelledError');
    const sent = file.position;
    if (after === 0) t.is(sent, 0);
    transport.write(Buffer.from('afterwards'));
    line.resume();
    yield* arrived(t, transport, line, Buffer.concat([content.subarray(0, sent), Buffer.from('afterwards')]));
  });
}

inLoop('a cancel behind a backlog leaves the backlog, and writing goes on (B166)', function* (t, loop) {
  using hall = yield* Hall.open(loop, () => new Probe(loop));
  using file = new TestFile(BIG);
  const backlog = bytesOf(12, BIG);
  const [{ transport }, line] = yield* hall.join({ paused: true });
  transport.write(backlog);
  const sending = loop.createTask(send(loop, transport, file));
  yield* turns(3);
  sending.cancel();
  t.is((yield* failure(sending as unknown as Coroutine<never>)).name, 'CancelledError');
  t.true(transport.isReading());
  transport.write(Buffer.from('afterwards'));
  line.resume();
  yield* arrived(t, transport, line, Buffer.concat([backlog, Buffer.from('afterwards')]));
  t.is(file.position, 0);
});

inLoop('a file right behind a cancelled one is another one', function* (t, loop) {
  using hall = yield* Hall.open(loop, () => new Probe(loop));
  const [one, two] = [bytesOf(13, 3 * MIB), bytesOf(14, 5 * MIB)];
  using first = new TestFile(one);
  using second = new TestFile(two);
  const [{ transport }, line] = yield* hall.join();
  const expected: Buffer[] = [];
  for (let round = 0; round < 10; round++) {
    const sending = loop.createTask(send(loop, transport, first));
    yield* turns(round);
    const wasLate = !sending.cancel();
    if (!wasLate) yield* failure(sending as unknown as Coroutine<never>);
    expected.push(one.subarray(0, first.position));
    t.is(yield* loop.sendfile(transport, second), two.length);
    expected.push(two);
    yield* loop.sendfile(transport, first, 0, 1);
    expected.push(one.subarray(0, 1));
  }
  yield* arrived(t, transport, line, Buffer.concat(expected));
});

test.serial('a sendfile from outside of a turn wakes a loop that sleeps [hosted]', async (t) => {
  const loop = freshLoop();
  using desk = new Desk();
  const content = bytesOf(15, 5 * MIB);
  using file = new TestFile(content);
  const running = loop.runForever();
  const [transport] = await loop.createConnection(() => new Probe(loop), '127.0.0.1', desk.port);
  const [line] = desk.lines();
  for (let before = -1; before !== loopTurns(loop); ) {
    before = loopTurns(loop);
    await wait(ASLEEP_MS);
  }
  t.is(await loop.sendfile(transport, file), content.length);
  transport.close();
  while (!line!.look().ended) await wait(1);
  sameBytes(t, line!.data(), content);
  loop.stop();
  await running;
  loop.close();
});

bothModes('a loop that is closed in the middle leaves nothing open', async (t, { loop, run }) => {
  using file = new TestFile(BIG);
  const line = await run(function* () {
    const hall = yield* Hall.open(loop, () => new Probe(loop));
    const [{ transport }, line] = yield* hall.join({ paused: true });
    // Nobody waits for it when the loop closes.
    void loop.sendfile(transport, file);
    yield* turns(3);
    return line;
  });
  loop.close();
  line.destroy();
  t.pass();
});
