// loop.sockSendfile: a file on a socket of the user's.

import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { type Coroutine, type EventLoop, SendfileNotAvailableError, socket } from 'mioloop';
import { makePipe, TestFile } from './support/files.js';
import { turns } from './support/hall.js';
import { Desk, type Line } from './support/lockstep.js';
import { inLoop } from './support/modes.js';
import { bytesOf, sameBytes } from './support/random.js';

const KIB = 1024;
const MIB = KIB * KIB;
/** More than the kernel takes for a connection that nobody reads. */
const BIG = 24 * MIB;

type Arguments = Parameters<EventLoop['sockSendfile']>;

/** A socket that is connected with a stranger. */
function* connected(loop: EventLoop, desk: Desk): Coroutine<[socket.Socket, Line]> {
  const sock = new socket.Socket(socket.AF_INET, socket.SOCK_STREAM);
  yield* loop.sockConnect(sock, ['127.0.0.1', desk.port]);
  const lines = yield* desk.accepted(1);
  return [sock, lines.at(-1)!];
}

function* send(loop: EventLoop, ...given: unknown[]): Coroutine<number> {
  return yield* loop.sockSendfile(...(given as Arguments));
}

function* failure(coroutine: Iterable<unknown>): Coroutine<Error & { code?: string }> {
  try {
    yield* coroutine as Coroutine<unknown>;
  } catch (error) {
    return error as Error;
  }
  throw new Error('it did not fail');
}

/** All that the stranger gets, to the end. */
function* allOf(sock: socket.Socket, line: Line): Coroutine<Buffer> {
  sock.close();
  yield* line.until(({ ended, closed }) => ended || closed);
  return line.data();
}

inLoop(
  'a file arrives between what is sent before and after, its position follows (B161)',
  function* (t, loop) {
    using desk = new Desk();
    const [sock, line] = yield* connected(loop, desk);
    const content = bytesOf(1, 5 * MIB + 7);
    using file = new TestFile(content);
    yield* loop.sockSendall(sock, content);
    t.is(yield* loop.sockSendfile(sock, file), content.length);
    t.is(file.position, content.length);
    yield* loop.sockSendall(sock, Buffer.from('in between'));
    t.is(yield* loop.sockSendfile(sock, file.fd, 1000, 2000), 2000);
    t.is(file.position, 3000);
    t.is(yield* loop.sockSendfile(sock, file, content.length - 3, 2000), 3);
    t.is(yield* loop.sockSendfile(sock, file, content.length + 3), 0);
    t.is(file.position, content.length);
    const parts = [
      content,
      content,
      Buffer.from('in between'),
      content.subarray(1000, 3000),
      content.subarray(-3),
    ];
    sameBytes(t, yield* allOf(sock, line), Buffer.concat(parts));
  },
);

inLoop('those that send on one socket are served in the order in which they asked', function* (t, loop) {
  using desk = new Desk({ paused: true });
  const [sock, line] = yield* connected(loop, desk);
  const [content, data] = [bytesOf(2, BIG), bytesOf(3, 3 * MIB)];
  using file = new TestFile(content);
  const tasks = [
    loop.createTask(send(loop, sock, file)),
    loop.createTask(send(loop, sock, file, 5, 10)),
    loop.createTask(sendAll(loop, sock, data)),
    loop.createTask(send(loop, sock, file, 7, MIB)),
  ];
  yield* turns(5);
  line.resume();
  const [first, second, third, last] = tasks;
  t.deepEqual([yield* first!, yield* second!, yield* third!, yield* last!], [BIG, 10, 0, MIB]);
  const expected = [content, content.subarray(5, 15), data, content.subarray(7, 7 + MIB)];
  sameBytes(t, yield* allOf(sock, line), Buffer.concat(expected));
});

function* sendAll(loop: EventLoop, sock: socket.Socket, data: Buffer): Coroutine<number> {
  yield* loop.sockSendall(sock, data);
  return 0;
}

inLoop('a big file does not hold others up', function* (t, loop) {
  using desk = new Desk();
  const [sock, line] = yield* connected(loop, desk);
  using file = new TestFile(20 * MIB);
  const sending = loop.createTask(send(loop, sock, file));
  let count = 0;
  for (; !sending.done(); count++) yield* turns(1);
  t.true(count >= 20, `${count} turns for 20 portions`);
  t.is((yield* allOf(sock, line)).length, 20 * MIB);
});

inLoop('a file that shrinks or grows while it is sent ends where it ends', function* (t, loop) {
  using desk = new Desk({ paused: true });
  const [sock, line] = yield* connected(loop, desk);
  using file = new TestFile(BIG);
  let sending = loop.createTask(send(loop, sock, file));
  yield* turns(5);
  writeSync(file.fd, Buffer.from('more'), 0, 4, BIG);
  line.resume();
  t.is(yield* sending, BIG + 4);
  line.pause();
  sending = loop.createTask(send(loop, sock, file));
  yield* turns(1);
  ftruncateSync(file.fd, 10);
  line.resume();
  const sent = yield* sending;
  t.true(sent > 10 && sent < BIG, `${sent} bytes`);
  const expected = [Buffer.alloc(BIG), Buffer.from('more'), Buffer.alloc(sent)];
  sameBytes(t, yield* allOf(sock, line), Buffer.concat(expected));
});

for (const after of [0, 1, 2, 5]) {
  inLoop(`a cancel ${after} turns into it: not a byte more, and sending goes on (B166)`, function* (t, loop) {
    using desk = new Desk({ paused: true });
    const [sock, line] = yield* connected(loop, desk);
    const content = bytesOf(4, BIG);
    using file = new TestFile(content);
    const sending = loop.createTask(send(loop, sock, file));
    yield* turns(after);
    sending.cancel();
    t.is((yield* failure(sending)).name, 'CancelledError');
    const sent = file.position;
    if (after === 0) t.is(sent, 0);
    t.false(loop.removeWriter(sock), 'nothing is registered');
    line.resume();
    yield* loop.sockSendall(sock, Buffer.from('afterwards'));
    const expected = [content.subarray(0, sent), Buffer.from('afterwards')];
    sameBytes(t, yield* allOf(sock, line), Buffer.concat(expected));
  });
}

inLoop('a peer that resets in the middle, and one that is gone (B164)', function* (t, loop) {
  using desk = new Desk({ paused: true });
  const [sock, line] = yield* connected(loop, desk);
  using file = new TestFile(BIG);
  const sending = loop.createTask(send(loop, sock, file));
  yield* turns(3);
  line.reset();
  const error = yield* failure(sending);
  t.true(error.code === 'ECONNRESET' || error.code === 'EPIPE', error.message);
  t.true(file.position > 0 && file.position < BIG);
  t.is((yield* failure(send(loop, sock, file))).code, 'EPIPE');
  sock.close();
  t.is((yield* failure(send(loop, sock, file))).code, 'EBADF');
});

inLoop('a socket that is closed in the middle: EBADF', function* (t, loop) {
  using desk = new Desk({ paused: true });
  const [sock] = yield* connected(loop, desk);
  using file = new TestFile(BIG);
  const sending = loop.createTask(send(loop, sock, file));
  yield* turns(3);
  sock.close();
  t.is((yield* failure(sending)).code, 'EBADF');
});

inLoop('what is no regular file: by reads, or not available (B163)', function* (t, loop) {
  using desk = new Desk();
  const [sock, line] = yield* connected(loop, desk);
  const pipe = makePipe();
  const error = yield* failure(send(loop, sock, pipe.reading, 0, null, { fallback: false }));
  t.true(error instanceof SendfileNotAvailableError);
  const sending = loop.createTask(send(loop, sock, pipe.reading));
  yield* turns(5);
  const data = bytesOf(5, 50_000);
  writeSync(pipe.writing, data);
  yield* turns(5);
  t.false(sending.done());
  closeSync(pipe.writing);
  t.is(yield* sending, data.length);
  closeSync(pipe.reading);
  const zeros = openSync('/dev/zero', 'r');
  t.is(yield* loop.sockSendfile(sock, zeros, 0, 5 * MIB), 5 * MIB);
  closeSync(zeros);
  sameBytes(t, yield* allOf(sock, line), Buffer.concat([data, Buffer.alloc(5 * MIB)]));
});

inLoop('arguments are checked (B165)', function* (t, loop) {
  using desk = new Desk();
  const [sock, line] = yield* connected(loop, desk);
  using file = new TestFile(Buffer.from('content'));
  using datagrams = new socket.Socket(socket.AF_INET, socket.SOCK_DGRAM);
  datagrams.setBlocking(false);
  const wrong: [name: string, message: RegExp, ...given: unknown[]][] = [
    ['RangeError', /^only SOCK_STREAM type sockets are supported$/, datagrams, file],
    ['TypeError', /^a socket\.Socket of mioloop is expected, got an object$/, {}, file],
    ['TypeError', /^file must be a descriptor, a FileHandle or/, sock, 'a path'],
    ['TypeError', /^count must be a positive integer \(got the string "1"\)$/, sock, file, 0, '1'],
    ['RangeError', /^count must be a positive integer \(got 0\)$/, sock, file, 0, 0],
    ['TypeError', /^offset must be a non-negative integer \(got 1.5\)$/, sock, file, 1.5],
    ['RangeError', /^offset must be a non-negative integer \(got -1\)$/, sock, file, -1],
    ['TypeError', /^fallback must be a boolean/, sock, file, 0, null, { fallback: 'no' }],
  ];
  for (const [name, message, ...given] of wrong) {
    const error = yield* failure(send(loop, ...given));
    t.is(error.name, name);
    t.regex(error.message, message);
  }
  loop.setDebug(true);
  sock.setBlocking(true);
  const error = yield* failure(send(loop, sock, file));
  t.is(error.name, 'RangeError');
  t.regex(error.message, /^the socket must be non-blocking/);
  t.is((yield* allOf(sock, line)).length, 0);
});
