// sockRecv and its kin, with strangers at the other end: what they give, what they refuse, who is served first.

import { type Future, gather, Protocol, RuntimeError, sleep, socket, waitFor } from 'mioloop';
import { bothModes, inLoop } from './support/modes.js';
import { errorOf } from './support/outcomes.js';
import { bound, closing, drain, fill, listening, made, pair, send, tcpPair } from './support/sockets.js';
import { hasPython, Stranger, startPython } from './support/stranger.js';

/** Bytes that differ by their place. */
function pattern(size: number): Buffer {
  const bytes = Buffer.alloc(size);
  for (let at = 0; at < size; at++) bytes[at] = (at * 31 + (at >> 8)) & 0xff;
  return bytes;
}

// ---- with strangers ------------------------------------------------------------------------------

bothModes('connect, send and receive, with an echo of Node’s net (B93)', async (t, { loop, run }) => {
  await using stranger = await Stranger.echo();
  await run(function* () {
    const sock = closing(t, new socket.Socket());
    t.true(sock.getBlocking());
    yield* loop.sockConnect(sock, ['127.0.0.1', stranger.port]);
    t.false(sock.getBlocking(), 'the loop made it so: nothing blocks the thread');
    yield* loop.sockSendall(sock, Buffer.from('GET / HTTP/1.0\r\n\r\n'));
    const data = yield* loop.sockRecv(sock, 1024);
    t.is(data.toString(), 'GET / HTTP/1.0\r\n\r\n');
    sock.shutdown(socket.SHUT_WR);
    t.is((yield* loop.sockRecv(sock, 1024)).length, 0);
    t.is((yield* loop.sockRecv(sock, 1024)).length, 0);
  });
});

bothModes('an async function does the same', async (t, { loop, run }) => {
  await using stranger = await Stranger.echo();
  await run(
    loop.createTask(async () => {
      const sock = closing(t, new socket.Socket());
      await loop.sockConnect(sock, ['127.0.0.1', stranger.port]);
      const [, data] = await Promise.all([
        loop.sockSendall(sock, Buffer.from('hello')),
        loop.sockRecv(sock, 1024),
      ]);
      t.is(data.toString(), 'hello');
      await loop.sockSendall(sock, Buffer.from('again'));
      const buffer = Buffer.alloc(10);
      const count = await loop.sockRecvInto(sock, buffer);
      t.is(buffer.toString('utf8', 0, count), 'again');
    }),
  );
});

const SIZE = 1_000_000;

bothModes('a megabyte through an echo, received as bytes (B99)', async (t, { loop, run }) => {
  await using stranger = await Stranger.echo();
  const sent = pattern(SIZE);
  await run(function* () {
    const sock = made(t);
    yield* loop.sockConnect(sock, ['127.0.0.1', stranger.port]);
    const sending = loop.sockSendall(sock, sent);
    const pieces: Buffer[] = [];
    let size = 0;
    while (size < SIZE) {
      const piece = yield* loop.sockRecv(sock, SIZE);
      t.not(piece.length, 0);
      pieces.push(piece);
      size += piece.length;
    }
    yield* sending;
    t.true(Buffer.concat(pieces).equals(sent));
  });
});

bothModes('a megabyte through an echo, received into a buffer (B99)', async (t, { loop, run }) => {
  await using stranger = await Stranger.echo();
  const sent = pattern(SIZE);
  await run(function* () {
    const sock = made(t);
    yield* loop.sockConnect(sock, ['127.0.0.1', stranger.port]);
    const sending = loop.sockSendall(sock, sent);
    const received = Buffer.alloc(SIZE);
    let size = 0;
    // Parts of a larger buffer are as good (B95).
    while (size < SIZE) size += yield* loop.sockRecvInto(sock, received.subarray(size, size + 50_000));
    yield* sending;
    t.true(received.equals(sent));
  });
});

bothModes('connections of Node’s net are accepted', async (t, { loop, run }) => {
  const listener = listening(t);
  await using stranger = await Stranger.client();
  await run(function* () {
    stranger.connect(listener.getsockname()[1]);
    const [connection, [host, port]] = yield* loop.sockAccept(closing(t, listener));
    closing(t, connection);
    t.is(host, '127.0.0.1');
    t.deepEqual(connection.getpeername(), [host, port]);
    t.false(connection.getBlocking());
    t.deepEqual([connection.family, connection.type], [listener.family, listener.type]);
    yield* loop.sockSendall(connection, Buffer.from('welcome'));
    connection.close();
  });
  const { received, ended } = await stranger.outcome();
  t.is(received.toString(), 'welcome');
  t.true(ended);
});

bothModes('a connection that the peer resets is its error', async (t, { loop, run }) => {
  const listener = listening(t);
  await using stranger = await Stranger.client();
  await run(function* () {
    stranger.connect(listener.getsockname()[1]);
    const [connection] = yield* loop.sockAccept(listener);
    closing(t, connection);
    const reading = loop.sockRecv(connection, 10);
    stranger.reset();
    const error = (yield* errorOf(reading)) as NodeJS.ErrnoException;
    t.is(error.code, 'ECONNRESET');
    t.is(error.syscall, 'recv');
    t.is(error.message, 'recv ECONNRESET');
  });
});

if (hasPython) {
  bothModes('a python3 server of Unix sockets and datagrams', async (t, { loop, run }) => {
    const child = startPython(
      t,
      `
import socket, sys
stream = socket.socket(socket.AF_UNIX); stream.bind('\\0' + sys.argv[1]); stream.listen()
datagrams = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); datagrams.bind(('127.0.0.1', 0))
print(datagrams.getsockname()[1], flush=True)
connection, _ = stream.accept()
connection.sendall(connection.recv(100).upper())
data, address = datagrams.recvfrom(100)
datagrams.sendto(data.upper(), address)
`,
      `mioloop-${process.pid}`,
    )!;
    const port = Number(await new Promise<string>((resolve) => child.stdout!.once('data', resolve)));
    await run(function* () {
      const stream = made(t, socket.SOCK_STREAM, socket.AF_UNIX);
      yield* loop.sockConnect(stream, `\0mioloop-${process.pid}`);
      yield* loop.sockSendall(stream, Buffer.from('stream'));
      t.is((yield* loop.sockRecv(stream, 100)).toString(), 'STREAM');
      const datagrams = made(t, socket.SOCK_DGRAM);
      t.is(yield* loop.sockSendto(datagrams, Buffer.from('datagram'), ['127.0.0.1', port]), 8);
      const [data, address] = yield* loop.sockRecvfrom(datagrams, 100);
      t.is(data.toString(), 'DATAGRAM');
      t.deepEqual(address, ['127.0.0.1', port]);
    });
  });
}

// ---- connecting ----------------------------------------------------------------------------------

inLoop('names are resolved for the socket’s own family, type and protocol (B96)', function* (t, loop) {
  const listener = listening(t);
  const [, port] = listener.getsockname();
  const sock = made(t);
  yield* loop.sockConnect(sock, ['localhost', port]);
  t.deepEqual(sock.getpeername(), ['127.0.0.1', port]);
  // The literal of another family is no address of this one.
  const other = made(t);
  const error = (yield* errorOf(loop.sockConnect(other, ['::1', port]))) as NodeJS.ErrnoException;
  t.is(error.syscall, 'getaddrinfo');
  const [accepted] = yield* loop.sockAccept(listener);
  closing(t, accepted);
});

inLoop('who is refused, or goes nowhere, hears it (B96)', function* (t, loop) {
  const listener = listening(t);
  const address = listener.getsockname();
  listener.close();
  const sock = made(t);
  const error = (yield* errorOf(loop.sockConnect(sock, address))) as NodeJS.ErrnoException;
  t.is(error.message, `connect ECONNREFUSED 127.0.0.1:${address[1]}`);
  const local = made(t, socket.SOCK_STREAM, socket.AF_UNIX);
  const missing = (yield* errorOf(loop.sockConnect(local, '/no/such/socket'))) as NodeJS.ErrnoException;
  t.is(missing.message, 'connect ENOENT /no/such/socket');
});

inLoop('a cancelled attempt to connect leaves the socket to the next (B94)', function* (t, loop) {
  const listener = bound(t);
  const address = listener.getsockname();
  const sock = made(t);
  const task = loop.createTask(function* () {
    yield* loop.sockConnect(sock, address);
  });
  yield* sleep(0);
  task.cancel();
  listener.listen();
  // The first one is refused, because nobody listened yet; Linux needs a try to forget that.
  let error: unknown = null;
  for (let attempt = 0; attempt < 3; attempt++) {
    error = yield* errorOf(loop.sockConnect(sock, address));
    if (error === 'it did not fail') break;
    t.is((error as NodeJS.ErrnoException).code, 'ECONNREFUSED');
  }
  t.is(error, 'it did not fail');
  t.deepEqual(sock.getpeername(), address);
  const [accepted] = yield* loop.sockAccept(listener);
  closing(t, accepted);
  t.true(task.cancelled());
});

inLoop('a Unix listener that is full is an error at once, not a wait without end', function* (t, loop) {
  const name = `\0mioloop-full-${process.pid}-${Math.trunc(loop.time() * 1e6)}`;
  const listener = made(t, socket.SOCK_STREAM, socket.AF_UNIX);
  listener.bind(name);
  listener.listen(0);
  let error: unknown = 'it did not fail';
  for (let count = 0; count < 10 && error === 'it did not fail'; count++) {
    const sock = made(t, socket.SOCK_STREAM, socket.AF_UNIX);
    error = yield* errorOf(loop.sockConnect(sock, name));
  }
  t.is((error as NodeJS.ErrnoException).code, process.platform === 'linux' ? 'EAGAIN' : 'ECONNREFUSED');
});

inLoop('datagrams go to names, too', function* (t, loop) {
  const [ours, theirs] = [bound(t, socket.SOCK_DGRAM), bound(t, socket.SOCK_DGRAM)];
  const [, port] = theirs.getsockname();
  t.is(yield* loop.sockSendto(ours, Buffer.from('by name'), ['localhost', port]), 7);
  const [data, address] = yield* loop.sockRecvfrom(theirs, 100);
  t.is(data.toString(), 'by name');
  t.deepEqual(address, ours.getsockname());
});

// ---- datagrams -----------------------------------------------------------------------------------

inLoop('a datagram is cut at the size that is asked for (B95)', function* (t, loop) {
  const [ours, theirs] = [bound(t, socket.SOCK_DGRAM), bound(t, socket.SOCK_DGRAM)];
  const address = ours.getsockname();
  for (const text of ['one', 'two', 'three', 'four']) {
    yield* loop.sockSendto(theirs, Buffer.from(text), address);
  }
  t.is((yield* loop.sockRecv(ours, 2)).toString(), 'on');
  const buffer = Buffer.alloc(8, '.');
  t.deepEqual(yield* loop.sockRecvfromInto(ours, buffer.subarray(1), 2), [2, theirs.getsockname()]);
  t.is(buffer.toString(), '.tw.....');
  t.is((yield* loop.sockRecvfromInto(ours, buffer))[0], 5);
  t.is(buffer.toString(), 'three...');
  const [data] = yield* loop.sockRecvfrom(ours, 1);
  t.is(data.toString(), 'f');
});

inLoop('datagrams as large as they can be, and empty ones', function* (t, loop) {
  const [ours, theirs] = pair(t, socket.AF_UNIX, socket.SOCK_DGRAM);
  const large = pattern(150_000);
  for (const size of [150_000, 65_536, 40_000, 8193, 8192, 1, 0]) {
    yield* loop.sockSendall(theirs, large.subarray(0, size));
    const data = yield* loop.sockRecv(ours, 200_000);
    t.true(data.equals(large.subarray(0, size)), `${size} bytes`);
  }
});

inLoop('sending a datagram waits while the other end is full (B95)', function* (t, loop) {
  const [ours, theirs] = pair(t, socket.AF_UNIX, socket.SOCK_DGRAM);
  theirs.close();
  const receiver = made(t, socket.SOCK_DGRAM, socket.AF_UNIX);
  const name = `\0mioloop-datagrams-${process.pid}-${Math.trunc(loop.time() * 1e6)}`;
  receiver.bind(name);
  const sender = made(t, socket.SOCK_DGRAM, socket.AF_UNIX);
  let sent = 0;
  let last: Future<number>;
  do {
    last = loop.sockSendto(sender, Buffer.from(`number ${sent++}`), name);
  } while (last.done() && sent < 10_000);
  t.false(last.done());
  yield* sleep(0);
  t.false(last.done());
  for (let number = 0; number < sent; number++) {
    t.is((yield* loop.sockRecv(receiver, 100)).toString(), `number ${number}`);
  }
  t.true((yield* last) > 0);
  ours.close();
});

// ---- who is first --------------------------------------------------------------------------------

inLoop('readers of one socket are served in the order in which they asked', function* (t, loop) {
  const [ours, theirs] = pair(t, socket.AF_UNIX, socket.SOCK_SEQPACKET);
  const order: string[] = [];
  const readers = ['a', 'b', 'c', 'd'].map((name) =>
    loop.createTask(function* () {
      for (let round = 0; round < 3; round++) {
        order.push(`${name}${(yield* loop.sockRecv(ours, 10)).toString()}`);
      }
    }),
  );
  yield* sleep(0);
  for (let number = 0; number < 12; number++) {
    send(theirs, String(number));
    // Some come together, some alone.
    if (number % 3 !== 0) for (let turn = 0; turn < number; turn++) yield* sleep(0);
  }
  yield* gather(...readers);
  const numbers = order.map((text) => Number(text.slice(1)));
  t.deepEqual(
    numbers,
    [...numbers].sort((a, b) => a - b),
  );
  t.deepEqual(order.map((text) => text[0]).join(''), 'abcdabcdabcd');
});

inLoop('messages of several senders are not mixed', function* (t, loop) {
  const [ours, theirs] = tcpPair(t);
  fill(ours);
  const size = 300_000;
  const senders = [1, 2, 3].map((byte) => loop.sockSendall(ours, Buffer.alloc(size, byte)));
  let spaces = 0;
  const received: number[] = [];
  while (received.length < 3 * size) {
    for (const byte of yield* loop.sockRecv(theirs, 65_536)) {
      if (byte === 0x20) spaces += 1;
      else received.push(byte);
    }
  }
  yield* gather(...senders);
  t.not(spaces, 0);
  for (const byte of [1, 2, 3]) {
    t.is(received.indexOf(byte), (byte - 1) * size);
    t.is(received.lastIndexOf(byte), byte * size - 1);
  }
});

inLoop('an accepter and a reader of addReader hear of the same connection', function* (t, loop) {
  const listener = listening(t);
  const accepting = loop.sockAccept(listener);
  let told = 0;
  loop.addReader(listener, () => {
    told += 1;
    loop.removeReader(listener);
  });
  const sock = made(t);
  yield* loop.sockConnect(sock, listener.getsockname());
  const [connection] = yield* accepting;
  closing(t, connection);
  t.is(told, 1);
  t.deepEqual(connection.getpeername(), sock.getsockname());
});

inLoop('a reader of addReader on a socket that sockRecv waits for is first', function* (t, loop) {
  const [ours, theirs] = pair(t);
  const reading = loop.sockRecv(ours, 10);
  const seen: string[] = [];
  loop.addReader(ours, () => {
    seen.push(ours.recv(1).toString());
    if (seen.length === 2) loop.removeReader(ours);
  });
  send(theirs, 'abc');
  t.is((yield* reading).toString(), 'bc');
  t.deepEqual(seen, ['a']);
  // Removing the one leaves the other.
  loop.addReader(ours, () => t.fail('it was removed'));
  const next = loop.sockRecv(ours, 10);
  t.true(loop.removeReader(ours));
  send(theirs, 'x');
  t.is((yield* next).toString(), 'x');
});

inLoop('adding and removing a writer leaves who sends in peace', function* (t, loop) {
  const [ours, theirs] = pair(t);
  fill(ours);
  const sending = loop.sockSendall(ours, Buffer.from('last'));
  loop.addWriter(ours, () => undefined);
  yield* sleep(0);
  t.true(loop.removeWriter(ours));
  drain(theirs);
  yield* sending;
  t.is(theirs.recv(100).toString(), 'last');
});

// ---- ends ----------------------------------------------------------------------------------------

inLoop('closing a socket ends those who wait at it', function* (t, loop) {
  const [ours] = pair(t);
  fill(ours);
  const waits = [
    loop.sockRecv(ours, 10),
    loop.sockRecvInto(ours, Buffer.alloc(10)),
    loop.sockSendall(ours, Buffer.from('x')),
  ];
  yield* sleep(0);
  t.deepEqual(
    waits.map((wait) => wait.done()),
    [false, false, false],
  );
  ours.close();
  const errors: unknown[] = [];
  for (const wait of waits) errors.push(yield* errorOf(wait));
  t.deepEqual(
    errors.map((error) => (error as Error).message),
    ['recv EBADF', 'recv EBADF', 'send EBADF'],
  );
});

inLoop('a socket that is detached counts as closed, and its descriptor goes on', function* (t, loop) {
  const [ours, theirs] = pair(t);
  const reading = loop.sockRecv(ours, 10);
  const fd = ours.detach();
  t.is(((yield* errorOf(reading)) as NodeJS.ErrnoException).code, 'EBADF');
  const again = closing(t, new socket.Socket({ fileno: fd }));
  send(theirs, 'x');
  t.is((yield* loop.sockRecv(again, 10)).toString(), 'x');
});

inLoop('a number that is another socket’s now has nothing of the old one', function* (t, loop) {
  const [first] = pair(t);
  const reading = loop.sockRecv(first, 10);
  const fd = first.fileno();
  first.close();
  const [second, theirSecond] = pair(t);
  t.is(second.fileno(), fd);
  const other = loop.sockRecv(second, 10);
  send(theirSecond, 'second');
  t.is((yield* other).toString(), 'second');
  t.is(((yield* errorOf(reading)) as NodeJS.ErrnoException).code, 'EBADF');
});

bothModes('a socket can go from one loop to the next', async (t, { loop, mode, run }) => {
  const [ours, theirs] = pair(t);
  const { newEventLoop } = await import('mioloop');
  const other = newEventLoop();
  await run(function* () {
    const reading = loop.sockRecv(ours, 10);
    yield* sleep(0);
    send(theirs, mode);
    t.is((yield* reading).toString(), mode);
  });
  await other.runUntilComplete(function* () {
    const reading = other.sockRecv(ours, 10);
    yield* sleep(0);
    send(theirs, mode);
    t.is((yield* reading).toString(), mode);
  });
  other.close();
  await run(function* () {
    const reading = loop.sockRecv(ours, 10);
    yield* sleep(0);
    send(theirs, mode);
    t.is((yield* reading).toString(), mode);
  });
});

inLoop('a timeout ends a wait, and the socket goes on', function* (t, loop) {
  const [ours, theirs] = pair(t);
  const error = yield* errorOf(waitFor(loop.sockRecv(ours, 10), 0.001) as never);
  t.is((error as Error).name, 'TimeoutError');
  send(theirs, 'x');
  t.is((yield* loop.sockRecv(ours, 10)).toString(), 'x');
});

// ---- what is refused -----------------------------------------------------------------------------

type Loose = (...args: unknown[]) => Future<unknown>;

inLoop('what is no socket of the user’s is a TypeError', function* (t, loop) {
  const methods = loop as unknown as Record<string, Loose>;
  const others: Record<string, unknown[]> = {
    sockRecv: [1],
    sockRecvInto: [Buffer.alloc(1)],
    sockRecvfrom: [1],
    sockRecvfromInto: [Buffer.alloc(1)],
    sockSendall: [Buffer.alloc(1)],
    sockSendto: [Buffer.alloc(1), ['127.0.0.1', 1]],
    sockConnect: [['127.0.0.1', 1]],
    sockAccept: [],
  };
  for (const [method, args] of Object.entries(others)) {
    for (const value of [0, null, {}, 'socket']) {
      const error = (yield* errorOf(methods[method]!(value, ...args))) as NodeJS.ErrnoException;
      t.true(error instanceof TypeError, method);
      t.is(error.code, 'ERR_INVALID_ARG_TYPE');
      t.regex(error.message, /^a socket\.Socket of mioloop is expected, got /);
    }
  }
});

inLoop('wrong arguments come to who awaits', function* (t, loop) {
  const [ours] = pair(t);
  const udp = made(t, socket.SOCK_DGRAM);
  const methods = loop as unknown as Record<string, Loose>;
  const wrong: [method: string, args: unknown[], kind: typeof TypeError | typeof RangeError, text: RegExp][] =
    [
      ['sockRecv', [ours, '1'], TypeError, /size must be a number/],
      ['sockRecv', [ours, -1], RangeError, /size must be a whole number/],
      ['sockRecv', [ours, 1.5], RangeError, /got 1.5/],
      ['sockRecvfrom', [ours, Number.NaN], RangeError, /got NaN/],
      ['sockRecvInto', [ours, 'x'], TypeError, /Uint8Array/],
      ['sockRecvInto', [ours, new DataView(new ArrayBuffer(1))], TypeError, /an instance of DataView/],
      ['sockRecvfromInto', [ours, Buffer.alloc(2), 3], RangeError, /3 bytes into 2/],
      ['sockRecvfromInto', [ours, Buffer.alloc(2), -1], RangeError, /got -1/],
      ['sockSendall', [ours, 'text'], TypeError, /the string "text"/],
      ['sockSendto', [udp, 'text', ['127.0.0.1', 1]], TypeError, /Uint8Array/],
      ['sockSendto', [udp, 'text', ['localhost', 1]], TypeError, /Uint8Array/],
      ['sockSendto', [udp, Buffer.alloc(1), ['127.0.0.1', 65_536]], RangeError, /port/],
      ['sockSendto', [udp, Buffer.alloc(1), '/path'], TypeError, /\[host, port\]/],
      ['sockSendto', [udp, Buffer.alloc(1)], TypeError, /\[host, port\]/],
      ['sockConnect', [udp, '/path'], TypeError, /\[host, port\]/],
      ['sockConnect', [udp, ['127.0.0.1']], RangeError, /\[host, port\]/],
      ['sockConnect', [ours, ['127.0.0.1', 1]], TypeError, /path/],
      ['sockConnect', [ours, 'x'.repeat(200)], RangeError, /AF_UNIX path too long/],
    ];
  for (const [method, args, kind, text] of wrong) {
    const error = (yield* errorOf(methods[method]!(...args))) as Error;
    t.is(error.constructor, kind, `${method}: ${error.message}`);
    t.regex(error.message, text);
  }
});

inLoop('in debug mode a socket that blocks is refused (B93)', function* (t, loop) {
  const [ours] = pair(t);
  loop.setDebug(true);
  ours.setBlocking(true);
  const error = (yield* errorOf(loop.sockRecv(ours, 1))) as NodeJS.ErrnoException;
  t.true(error instanceof RangeError);
  t.regex(error.message, /^the socket must be non-blocking/);
  t.true(ours.getBlocking());
  const udp = closing(t, new socket.Socket(socket.AF_INET, socket.SOCK_DGRAM));
  for (const operation of [
    loop.sockConnect(udp, ['localhost', 1]),
    loop.sockSendto(udp, Buffer.alloc(1), ['localhost', 1]),
  ]) {
    t.regex(((yield* errorOf(operation)) as Error).message, /^the socket must be non-blocking/);
  }
  loop.setDebug(false);
});

inLoop(
  'memory that is given away while a call waits is an error, not the end of the stream',
  function* (t, loop) {
    const [ours, theirs] = pair(t);
    const into = new Uint8Array(10);
    const reading = loop.sockRecvInto(ours, into);
    structuredClone(into.buffer, { transfer: [into.buffer] });
    send(theirs, 'x');
    const error = (yield* errorOf(reading)) as Error;
    t.true(error instanceof TypeError);
    t.regex(error.message, /detached or resized/);
    // It has taken nothing.
    t.is((yield* loop.sockRecv(ours, 10)).toString(), 'x');
    fill(ours);
    const data = new Uint8Array(10);
    const sending = loop.sockSendall(ours, data);
    structuredClone(data.buffer, { transfer: [data.buffer] });
    drain(theirs);
    t.regex(((yield* errorOf(sending)) as Error).message, /detached or resized/);
  },
);

inLoop('bytes are sent as they are when they are sent', function* (t, loop) {
  const [ours, theirs] = pair(t);
  fill(ours);
  const data = Buffer.from('before');
  const sending = loop.sockSendall(ours, data);
  data.write('behind');
  drain(theirs);
  yield* sending;
  t.is(theirs.recv(100).toString(), 'behind');
});

inLoop('a socket that belongs to a transport is refused, and who waits at it hears so', function* (t, loop) {
  const [ours, theirs] = pair(t);
  const reading = loop.sockRecv(ours, 10);
  (ours as unknown as { giveTo(owner: string): void }).giveTo('transport');
  const message = `File descriptor ${ours.fileno()} is used by a transport`;
  for (const operation of [reading, loop.sockRecv(ours, 10), loop.sockSendall(ours, Buffer.alloc(1))]) {
    const error = (yield* errorOf(operation)) as RuntimeError;
    t.true(error instanceof RuntimeError);
    t.is(error.code, 'ERR_DESCRIPTOR_USED');
    t.is(error.message, message);
  }
  t.throws(() => ours.close(), { code: 'ERR_SOCKET_OWNED' });
  (ours as unknown as { giveTo(owner: null): void }).giveTo(null);
  theirs.close();
});

bothModes('a socket that was watched can be given to a transport', async (t, { loop, run }) => {
  await using stranger = await Stranger.echo();
  await run(function* () {
    const sock = closing(t, new socket.Socket());
    yield* loop.sockConnect(sock, ['127.0.0.1', stranger.port]);
    yield* loop.sockSendall(sock, Buffer.from('by hand'));
    t.is((yield* loop.sockRecv(sock, 100)).toString(), 'by hand');
    loop.addReader(sock, () => t.fail('it is the transport’s'));
    const reading = loop.sockRecv(sock, 100);
    const received = loop.createFuture<string>();
    class Hears extends Protocol {
      override dataReceived(data: Buffer): void {
        received.setResult(data.toString());
      }
    }
    const [transport] = yield* loop.createConnection(() => new Hears(), null, null, { sock });
    transport.write(Buffer.from('by a transport'));
    t.is(yield* received, 'by a transport');
    t.is(((yield* errorOf(reading)) as RuntimeError).code, 'ERR_DESCRIPTOR_USED');
    t.throws(() => loop.removeReader(sock), { code: 'ERR_DESCRIPTOR_USED' });
    transport.abort();
    yield* sleep(0);
    yield* sleep(0);
    t.is(sock.fileno(), -1);
  });
});

bothModes('a listening socket that was watched can be given to a server', async (t, { loop, run }) => {
  await run(function* () {
    const listener = listening(t);
    const accepting = loop.sockAccept(listener);
    const connected = loop.createFuture<void>();
    class Greets extends Protocol {
      override connectionMade(): void {
        connected.setResult();
      }
    }
    const server = yield* loop.createServer(() => new Greets(), null, null, { sock: listener });
    t.is(((yield* errorOf(accepting)) as RuntimeError).code, 'ERR_DESCRIPTOR_USED');
    const sock = made(t);
    yield* loop.sockConnect(sock, listener.getsockname());
    yield* connected;
    server.close();
    server.abortClients();
    yield* sleep(0);
    yield* sleep(0);
  });
});

bothModes('a transport’s own socket is refused', async (t, { loop, run }) => {
  await using stranger = await Stranger.echo();
  await run(function* () {
    const [transport] = yield* loop.createConnection(() => new Protocol(), '127.0.0.1', stranger.port);
    const theirs = transport.getExtraInfo('socket') as unknown as socket.Socket;
    const error = (yield* errorOf(loop.sockRecv(theirs, 1))) as Error;
    t.is(error.message, 'a socket.Socket of mioloop is expected, got an instance of TransportSocket');
    transport.abort();
    yield* sleep(0);
  });
});

bothModes(
  'a blocking run in which somebody waits for a socket is not one that nothing can wake',
  async (t, bench) => {
    const { loop, run } = bench;
    const listener = listening(t);
    await using stranger = await Stranger.client();
    stranger.connect(listener.getsockname()[1]);
    const [connection] = await run(loop.sockAccept(listener));
    stranger.write('hello');
    t.is((await run(loop.sockRecv(closing(t, connection), 10))).toString(), 'hello');
  },
);
