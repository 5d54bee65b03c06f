// Unix sockets: every kind of path, connections with strangers, and the ways in which they fail.

import { pathToFileURL } from 'node:url';
import { type EventLoop, type Operation, Protocol, socket, timeout } from 'mioloop';
import { temporaryFolder } from './support/folders.js';
import { turns } from './support/hall.js';
import { descriptors } from './support/leaks.js';
import { Desk, Line } from './support/lockstep.js';
import { inLoop } from './support/modes.js';
import { errorOf } from './support/outcomes.js';
import { Echo, Probe } from './support/probe.js';
import { bytesOf, sameBytes } from './support/random.js';

const { AF_UNIX, Socket, SOCK_DGRAM, SOCK_STREAM } = socket;

type SystemError = NodeJS.ErrnoException;

/** A server and a client of ours on one path, and what they know of each other. */
function* talk(loop: EventLoop, listenAt: string | Uint8Array | URL, connectTo = listenAt) {
  const made: Probe[] = [];
  const factory = (): Echo => {
    const probe = new Echo(loop);
    made.push(probe);
    return probe;
  };
  const server = yield* loop.createUnixServer(factory, listenAt);
  const [transport, probe] = yield* loop.createUnixConnection(() => new Probe(loop), connectTo);
  transport.write(Buffer.from('hello'));
  yield* probe.until(() => probe.received === 5);
  const known = {
    server: server.sockets[0]!.getsockname<string>(),
    ours: transport.getExtraInfo<string>('peername'),
    our: transport.getExtraInfo<string>('sockname'),
    theirs: made[0]!.transport.getExtraInfo<string>('sockname'),
    their: made[0]!.transport.getExtraInfo<string>('peername', 'none') as string,
  };
  transport.writeEof();
  yield* probe.until(() => probe.lost !== undefined);
  server.close();
  yield* server.waitClosed();
  return known;
}

inLoop('paths as text, bytes and URL; what both ends know of each other (B112, B146)', function* (t, loop) {
  using folder = temporaryFolder();
  const path = folder.file('ä.sock');
  const expected = { server: path, ours: path, our: '', theirs: path, their: '' };
  t.deepEqual(yield* talk(loop, path), expected);
  t.deepEqual(yield* talk(loop, Buffer.from(path), path), expected);
  t.deepEqual(yield* talk(loop, path, new Uint8Array(Buffer.from(path))), expected);
  t.deepEqual(yield* talk(loop, pathToFileURL(path), path), expected);
  t.deepEqual(yield* talk(loop, path, pathToFileURL(path)), expected);
});

inLoop('a path that is no text (B146)', function* (t, loop) {
  using folder = temporaryFolder();
  const path = Buffer.concat([Buffer.from(`${folder.path}/`), Buffer.from([0xff, 0xfe])]);
  const { server } = yield* talk(loop, path);
  t.is(server, path.toString());
});

if (process.platform === 'linux') {
  inLoop('an abstract name, as text and as bytes (B146)', function* (t, loop) {
    const name = `\0mioloop ${process.pid} \0 test`;
    const expected = { server: name, ours: name, our: '', theirs: name, their: '' };
    t.deepEqual(yield* talk(loop, name), expected);
    t.deepEqual(yield* talk(loop, Buffer.from(name), name), expected);
    const server = yield* loop.createUnixServer(() => new Protocol(), name);
    const error = (yield* errorOf(loop.createUnixServer(() => new Protocol(), name))) as SystemError;
    t.is(error.code, 'EADDRINUSE');
    t.is(error.message, `bind EADDRINUSE: Address '${name.replaceAll('\0', '@')}' is already in use`);
    server.close();
  });
}

inLoop("a server of ours, clients of Node's net (B146)", function* (t, loop) {
  using folder = temporaryFolder();
  const path = folder.file('ours.sock');
  const server = yield* loop.createUnixServer(() => new Echo(loop), path);
  const lines = [1, 2, 3].map(() => Line.connectUnix(path));
  for (const [guest, line] of lines.entries()) {
    const content = bytesOf(guest, 300_000);
    line.send(content);
    yield* line.until(({ received }) => received === content.length);
    sameBytes(t, line.data(), content);
    line.finish();
    yield* line.until(({ ended }) => ended);
    line.destroy();
  }
  server.close();
  yield* server.waitClosed();
});

inLoop("a server of Node's net, a client of ours (B146)", function* (t, loop) {
  using folder = temporaryFolder();
  const path = folder.file('theirs.sock');
  using desk = new Desk({ path, greeting: Buffer.from('hello') });
  const [transport, probe] = yield* loop.createUnixConnection(() => new Probe(loop), path);
  yield* probe.until(() => probe.received === 5);
  t.is(transport.getExtraInfo<string>('peername'), path);
  transport.write(Buffer.from('good bye'));
  transport.close();
  const [line] = yield* desk.accepted(1);
  yield* line!.until(({ ended }) => ended);
  t.is(line!.data().toString(), 'good bye');
});

inLoop(
  'nobody there: the error of the system, with the path, and nothing is left open (B146)',
  function* (t, loop) {
    using folder = temporaryFolder();
    const before = descriptors().size;
    const connect = (path: string) => errorOf(loop.createUnixConnection(() => new Probe(loop), path));
    const check = (error: unknown, code: string, path: string) => {
      const failure = error as SystemError & { path: string };
      t.deepEqual([failure.code, failure.syscall, failure.path], [code, 'connect', path]);
      t.is(failure.message, `connect ${code} ${path}`);
    };
    const missing = folder.file('missing.sock');
    check(yield* connect(missing), 'ENOENT', missing);
    const stale = folder.file('stale.sock');
    using socket = new Socket(AF_UNIX, SOCK_STREAM);
    socket.bind(stale);
    check(yield* connect(stale), 'ECONNREFUSED', stale);
    using datagrams = new Socket(AF_UNIX, SOCK_DGRAM);
    const other = folder.file('datagrams.sock');
    datagrams.bind(other);
    check(yield* connect(other), 'EPROTOTYPE', other);
    t.is(descriptors().size, before + 2);
  },
);

inLoop('while the queue of the server is full, connecting waits (B134)', function* (t, loop) {
  using folder = temporaryFolder();
  const path = folder.file('full.sock');
  using listener = new Socket(AF_UNIX, SOCK_STREAM);
  listener.bind(path);
  listener.listen(0);
  using filler = new Socket(AF_UNIX, SOCK_STREAM);
  filler.connect(path);
  const before = descriptors().size;
  const connect = () => loop.createUnixConnection(() => new Probe(loop), path);
  const late = yield* errorOf(loop.createTask(() => timeout(0.02, connect)));
  t.is((late as Error).name, 'TimeoutError');
  t.is(descriptors().size, before);
  const connecting = connect();
  yield* turns(3);
  t.false(connecting.done());
  listener.accept()[0].close();
  const [transport] = yield* connecting;
  transport.abort();
  yield* turns(2);
});

inLoop('a factory that throws: the connection is closed', function* (t, loop) {
  using folder = temporaryFolder();
  const path = folder.file('throws.sock');
  using desk = new Desk({ path });
  const before = descriptors().size;
  const boom = new Error('boom');
  const failing = (): Protocol => {
    throw boom;
  };
  t.is(yield* errorOf(loop.createUnixConnection(failing, path)), boom);
  const [line] = yield* desk.accepted(1);
  yield* line!.until(({ ended }) => ended);
  line!.destroy();
  t.true(descriptors().size <= before);
});

inLoop('paths that are none: a clear error, and nothing is left open (B146)', function* (t, loop) {
  const before = descriptors().size;
  const long = `/tmp/${'x'.repeat(200)}`;
  const bad: [path: unknown, errorClass: new () => Error, says: RegExp][] = [
    [
      undefined,
      RangeError,
      /^(no path and sock were specified|path was not specified, and no sock specified)$/,
    ],
    [null, RangeError, /no (path and )?sock/],
    ['', RangeError, /path must not be empty/],
    [Buffer.alloc(0), RangeError, /path must not be empty/],
    ['/tmp/a\0b', RangeError, /path must not contain a zero byte but in front, got the string/],
    [long, RangeError, /AF_UNIX path too long: 205 bytes, and \d+ are possible/],
    [Buffer.from(long), RangeError, /AF_UNIX path too long/],
    [`\0${long}`, RangeError, /AF_UNIX path too long/],
    [5, TypeError, /path must be a string, a Uint8Array or a file: URL, got 5/],
    [{}, TypeError, /path must be a string/],
    [['/tmp/x'], TypeError, /path must be a string/],
    [new URL('http://localhost/x'), TypeError, /file/],
  ];
  const loose = loop as unknown as Record<string, (...args: unknown[]) => Operation<unknown>>;
  for (const method of ['createUnixConnection', 'createUnixServer']) {
    for (const [path, errorClass, says] of bad) {
      const error = yield* errorOf(loose[method]!(() => new Protocol(), path));
      t.true(error instanceof errorClass, `${method} ${String(path)}: ${String(error)}`);
      t.regex((error as Error).message, says);
      t.is(typeof (error as SystemError).code, 'string');
    }
  }
  t.is(descriptors().size, before);
});

inLoop('the longest path that there is', function* (t, loop) {
  using folder = temporaryFolder();
  const room = (process.platform === 'linux' ? 107 : 103) - folder.path.length - 1;
  const path = folder.file('x'.repeat(room));
  t.is((yield* talk(loop, path)).server, path);
  const error = yield* errorOf(loop.createUnixServer(() => new Protocol(), `${path}x`));
  t.true(error instanceof RangeError);
});
