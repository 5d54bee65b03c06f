// The file of a Unix server's socket: whose it may be before, and what becomes of it at the end.

import {
  chmodSync,
  existsSync,
  mkdirSync,
  renameSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import test, { type ExecutionContext } from 'ava';
import { getRunningLoop, Protocol, run, type Server, socket } from 'mioloop';
import { temporaryFolder } from './support/folders.js';
import { reportsOf, turns } from './support/hall.js';
import { descriptors } from './support/leaks.js';
import { Desk, Line } from './support/lockstep.js';
import { bothModes, inLoop } from './support/modes.js';
import { errorOf } from './support/outcomes.js';
import { Echo, Probe } from './support/probe.js';

const { AF_UNIX, Socket, SOCK_DGRAM, SOCK_STREAM } = socket;

type SystemError = NodeJS.ErrnoException;

const factory = (): Protocol => new Protocol();

function bindStale(path: string): void {
  using stale = new Socket(AF_UNIX, SOCK_STREAM);
  stale.bind(path);
}

/** Talks to the echo server at `path` and leaves. */
function* checkEcho(path: string) {
  const line = Line.connectUnix(path);
  line.write('hello');
  yield* line.until(({ received }) => received === 5);
  line.destroy();
  yield* turns(3);
}

function checkTaken(t: ExecutionContext, error: unknown, path: string): void {
  const { code, syscall, message, path: told } = error as SystemError;
  t.deepEqual([code, syscall, told], ['EADDRINUSE', 'bind', path]);
  t.is(message, `bind EADDRINUSE: Address '${path}' is already in use`);
}

inLoop('a socket that a server which is gone has left is replaced (B146)', function* (t, loop) {
  using folder = temporaryFolder();
  const path = folder.file('stale.sock');
  bindStale(path);
  const server = yield* loop.createUnixServer(() => new Echo(loop), path);
  yield* checkEcho(path);
  t.is(server.sockets[0]!.getsockname<string>(), path);
  server.close();
});

inLoop('a path at which somebody answers is not taken (B146)', function* (t, loop) {
  using folder = temporaryFolder();
  const path = folder.file('busy.sock');
  using desk = new Desk({ path, greeting: Buffer.from('hello') });
  for (let attempt = 0; attempt < 2; attempt++) {
    checkTaken(t, yield* errorOf(loop.createUnixServer(factory, path)), path);
  }
  const [transport, probe] = yield* loop.createUnixConnection(() => new Probe(loop), path);
  yield* probe.until(() => probe.received === 5);
  transport.abort();
  yield* turns(2);
  t.true(desk.lines().length >= 1);
});

inLoop('nor one of our own, nor one with a full queue (B146)', function* (t, loop) {
  using folder = temporaryFolder();
  const ours = folder.file('ours.sock');
  const server = yield* loop.createUnixServer(() => new Echo(loop), ours);
  checkTaken(t, yield* errorOf(loop.createUnixServer(factory, ours)), ours);
  yield* checkEcho(ours);
  server.close();
  const full = folder.file('full.sock');
  using listener = new Socket(AF_UNIX, SOCK_STREAM);
  listener.bind(full);
  listener.listen(0);
  using filler = new Socket(AF_UNIX, SOCK_STREAM);
  filler.connect(full);
  checkTaken(t, yield* errorOf(loop.createUnixServer(factory, full)), full);
});

inLoop('a file that is no socket, a folder, a socket of another kind: they stay (B146)', function* (t, loop) {
  using folder = temporaryFolder();
  const file = folder.file('file');
  writeFileSync(file, 'precious');
  const place = folder.file('place');
  mkdirSync(place);
  const datagrams = folder.file('datagrams.sock');
  using other = new Socket(AF_UNIX, SOCK_DGRAM);
  other.bind(datagrams);
  for (const path of [file, place, datagrams]) {
    checkTaken(t, yield* errorOf(loop.createUnixServer(factory, path)), path);
    t.true(existsSync(path));
  }
});

inLoop('a folder that there is not: the error of the system (B146)', function* (t, loop) {
  using folder = temporaryFolder();
  const path = folder.file('none/x.sock');
  const { code, syscall } = (yield* errorOf(loop.createUnixServer(factory, path))) as SystemError;
  t.deepEqual([code, syscall], ['ENOENT', 'bind']);
});

inLoop('a link to a socket that is stale is replaced by the socket (B146)', function* (t, loop) {
  using folder = temporaryFolder();
  const stale = folder.file('stale.sock');
  bindStale(stale);
  const path = folder.file('link.sock');
  symlinkSync(stale, path);
  const server = yield* loop.createUnixServer(() => new Echo(loop), path);
  yield* checkEcho(path);
  server.close();
  t.false(existsSync(path));
  t.true(existsSync(stale));
});

inLoop('the file is removed when the server is closed, once (B147)', function* (t, loop) {
  using folder = temporaryFolder();
  const path = folder.file('own.sock');
  const server = yield* loop.createUnixServer(() => new Echo(loop), path);
  t.true(existsSync(path));
  t.is(String(server), `<Server sockets=[${path}]>`);
  const line = Line.connectUnix(path);
  yield* turns(6);
  server.close();
  t.false(existsSync(path), 'though a client is there');
  const second = yield* loop.createUnixServer(() => new Echo(loop), path);
  server.close();
  line.destroy();
  yield* server.waitClosed();
  t.true(existsSync(path), "the next server's");
  second.close();
  t.false(existsSync(path));
});

inLoop('cleanupSocket: false leaves it (B147)', function* (t, loop) {
  using folder = temporaryFolder();
  const path = folder.file('left.sock');
  const server = yield* loop.createUnixServer(factory, path, { cleanupSocket: false });
  server.close();
  t.true(existsSync(path));
  const again = yield* loop.createUnixServer(factory, path);
  again.close();
  t.false(existsSync(path));
});

inLoop('a file that was replaced stays, a missing one is no error (B147)', function* (t, loop) {
  using folder = temporaryFolder();
  const path = folder.file('own.sock');
  const reports = reportsOf(loop);
  const missing = yield* loop.createUnixServer(factory, path);
  unlinkSync(path);
  missing.close();
  const replace = [() => writeFileSync(path, 'new'), () => bindStale(path)];
  for (const put of replace) {
    const server = yield* loop.createUnixServer(factory, path);
    unlinkSync(path);
    put();
    server.close();
    t.true(existsSync(path));
    unlinkSync(path);
  }
  const moved = yield* loop.createUnixServer(factory, path);
  renameSync(path, folder.file('elsewhere.sock'));
  moved.close();
  t.true(existsSync(folder.file('elsewhere.sock')), 'nobody looks for it');
  t.deepEqual(reports, []);
});

inLoop('a given socket: its file is removed, too, if it has one (B147)', function* (t, loop) {
  using folder = temporaryFolder();
  for (const cleanupSocket of [true, false]) {
    const path = folder.file(`${cleanupSocket}.sock`);
    const sock = new Socket(AF_UNIX, SOCK_STREAM);
    sock.bind(path);
    const server = yield* loop.createUnixServer(() => new Echo(loop), null, { sock, cleanupSocket });
    yield* checkEcho(path);
    server.close();
    t.is(existsSync(path), !cleanupSocket);
  }
  const unbound = new Socket(AF_UNIX, SOCK_STREAM);
  const error = yield* errorOf(loop.createUnixServer(factory, null, { sock: unbound }));
  t.is((error as SystemError).code, 'EINVAL');
  unbound.close();
});

inLoop('a relative path is meant as it was when the server was made (B147)', function* (t, loop) {
  using folder = temporaryFolder();
  using elsewhere = temporaryFolder();
  const outer = process.cwd();
  let server: Server;
  try {
    process.chdir(folder.path);
    server = yield* loop.createUnixServer(factory, 'relative.sock');
    process.chdir(elsewhere.path);
    server.close();
  } finally {
    process.chdir(outer);
  }
  t.false(existsSync(folder.file('relative.sock')));
});

bothModes('closing the loop removes the file (B147)', async (t, { loop, run }) => {
  using folder = temporaryFolder();
  const path = folder.file('own.sock');
  const server = await run(loop.createUnixServer(factory, path));
  t.true(existsSync(path));
  loop.close();
  t.false(existsSync(path));
  server.close();
});

test.serial('a program whose run ends leaves no file (B147)', async (t) => {
  using folder = temporaryFolder();
  const path = folder.file('own.sock');
  await run(function* () {
    yield* getRunningLoop().createUnixServer(factory, path);
    t.true(existsSync(path));
  });
  t.false(existsSync(path));
});

inLoop('what can not be removed is reported, and the server is closed (B147)', function* (t, loop) {
  using folder = temporaryFolder();
  if (process.getuid?.() === 0) {
    // The superuser may remove everything.
    t.pass();
    return;
  }
  const path = folder.file('own.sock');
  const reports = reportsOf(loop);
  const server = yield* loop.createUnixServer(factory, path);
  chmodSync(folder.path, 0o500);
  server.close();
  chmodSync(folder.path, 0o700);
  t.is(reports.length, 1);
  t.regex(reports[0]!.message, /Unable to clean up listening UNIX socket/);
  t.is(server.sockets.length, 0);
});

inLoop('cancelled before it is there: socket and file are gone (B147)', function* (t, loop) {
  using folder = temporaryFolder();
  const path = folder.file('own.sock');
  const before = descriptors().size;
  const task = loop.createTask(function* () {
    yield* loop.createUnixServer(factory, path);
  });
  yield* turns(1);
  t.true(existsSync(path));
  task.cancel();
  yield* errorOf(task);
  t.false(existsSync(path));
  t.is(descriptors().size, before);
});

inLoop('startServing: false, a limit and a pause, as every server (B140)', function* (t, loop) {
  using folder = temporaryFolder();
  const path = folder.file('own.sock');
  const options = { startServing: false, maxConnections: 1, backlog: 5 };
  const server = yield* loop.createUnixServer(() => new Echo(loop), path, options);
  t.false(server.isServing());
  t.throws(() => Line.connectUnix(path), { message: /ECONNREFUSED/ });
  yield* server.startServing();
  const [inside, outside] = [Line.connectUnix(path), Line.connectUnix(path)];
  for (const line of [inside, outside]) line.write('hello');
  yield* inside.until(({ received }) => received === 5);
  yield* turns(5);
  t.is(outside.look().received, 0);
  inside.destroy();
  yield* outside.until(({ received }) => received === 5);
  outside.destroy();
  server.close();
  yield* server.waitClosed();
});
