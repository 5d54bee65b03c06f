// Sockets that the user gives to a transport or a server: what they must be, and whose they are before and after.

import { createServer, type Server as NodeServer } from 'node:net';
import { type Coroutine, type Operation, Protocol, socket, type Transport, TransportSocket } from 'mioloop';
import { portOf, turns } from './support/hall.js';
import { descriptors } from './support/leaks.js';
import { Desk, Line } from './support/lockstep.js';
import { bothModes, inLoop } from './support/modes.js';
import { errorOf, thrownBy } from './support/outcomes.js';
import { Echo, Probe } from './support/probe.js';

const { AF_INET, AF_UNIX, Socket, SOCK_DGRAM, SOCK_STREAM, socketpair } = socket;

type SystemError = NodeJS.ErrnoException;

/** The two ends of a TCP connection, one of them a stranger's. */
function* connected(desk: Desk) {
  const sock = new Socket(AF_INET, SOCK_STREAM);
  sock.connect(['127.0.0.1', desk.port]);
  const [line] = yield* desk.accepted(1);
  return [sock, line!] as const;
}

inLoop(
  'createConnection takes a connected socket over, which blocked until then (B130)',
  function* (t, loop) {
    using desk = new Desk();
    const [sock, line] = yield* connected(desk);
    t.true(sock.getBlocking());
    const [transport, probe] = yield* loop.createConnection(() => new Probe(loop), null, null, { sock });
    t.false(sock.getBlocking());
    t.is(probe.transport, transport);
    t.deepEqual(transport.getExtraInfo('peername'), ['127.0.0.1', desk.port]);
    line.write('hello');
    yield* probe.until(() => probe.received === 5);
    transport.write(Buffer.from('good bye'));
    yield* line.until(({ received }) => received === 8);
    transport.close();
    yield* probe.until(() => probe.lost !== undefined);
    yield* turns(1);
    t.is(sock.fileno(), -1, 'closed with the transport');
  },
);

inLoop(
  'the socket belongs to the transport: it can be used, but not closed or given again',
  function* (t, loop) {
    const [ours, theirs] = socketpair();
    const [transport] = yield* loop.createConnection(() => new Probe(loop), null, null, { sock: ours });
    for (const attempt of [() => ours.close(), () => ours.detach()]) {
      const error = thrownBy(attempt) as SystemError;
      t.is(error.code, 'ERR_SOCKET_OWNED');
      t.regex(error.message, /belongs to a transport: close that instead/);
    }
    const again = yield* errorOf(loop.createConnection(() => new Probe(loop), null, null, { sock: ours }));
    t.is((again as SystemError).code, 'ERR_SOCKET_OWNED');
    t.regex(String(ours.getsockopt(socket.SOL_SOCKET, socket.SO_TYPE)), /^\d+$/);
    t.true(transport.getExtraInfo('socket') instanceof TransportSocket);
    transport.abort();
    yield* turns(2);
    t.is(ours.fileno(), -1);
    ours.close();
    theirs.close();
  },
);

inLoop('what fails before there is a transport leaves the socket to its owner', function* (t, loop) {
  const [ours, theirs] = socketpair();
  const before = descriptors().size;
  const boom = new Error('boom');
  const failing = (): Protocol => {
    throw boom;
  };
  const attempts: (() => Operation<unknown>)[] = [
    () => loop.createConnection(failing, null, null, { sock: ours }),
    () => loop.createUnixConnection(failing, null, { sock: ours }),
    () => loop.connectAcceptedSocket(failing, ours),
  ];
  for (const attempt of attempts) {
    t.is(yield* errorOf(attempt()), boom);
    t.true(ours.fileno() >= 0);
  }
  t.is(descriptors().size, before);
  theirs.send(Buffer.from('still ours'));
  t.is(ours.recv(100).toString(), 'still ours');
  ours.close();
  theirs.close();
});

inLoop('cancelled while it waits for its transport: the socket is closed (B134)', function* (t, loop) {
  for (let turn = 1; turn < 4; turn++) {
    const [ours, theirs] = socketpair();
    const task = loop.createTask(function* () {
      const [transport] = yield* loop.connectAcceptedSocket(() => new Protocol(), ours);
      transport.abort();
    });
    yield* turns(turn);
    task.cancel();
    yield* errorOf(task);
    yield* turns(3);
    t.is(ours.fileno(), -1, `cancelled after ${turn} turns`);
    theirs.close();
  }
});

inLoop('a socket that is not connected: the transport finds out by reading', function* (t, loop) {
  const sock = new Socket(AF_INET, SOCK_STREAM);
  const [transport, probe] = yield* loop.createConnection(() => new Probe(loop), null, null, { sock });
  t.is(transport.getExtraInfo('peername', 'none'), 'none');
  yield* probe.until(() => probe.lost !== undefined);
  t.is((probe.lost as SystemError).code, 'ENOTCONN');
});

inLoop('connectAcceptedSocket serves what was accepted elsewhere', function* (t, loop) {
  using listener = new Socket(AF_INET, SOCK_STREAM);
  listener.bind(['127.0.0.1', 0]);
  listener.listen();
  const line = Line.connect(listener.getsockname()[1]);
  line.write('hello');
  const [connection, address] = listener.accept();
  const [transport, probe] = yield* loop.connectAcceptedSocket(() => new Echo(loop), connection);
  t.deepEqual(transport.getExtraInfo('peername'), address);
  yield* line.until(({ received }) => received === 5);
  line.end();
  yield* probe.until(() => probe.lost !== undefined);
  yield* line.until(({ ended }) => ended);
  line.destroy();
});

inLoop('createServer takes a bound socket over (B140)', function* (t, loop) {
  const sock = new Socket(AF_INET, SOCK_STREAM);
  sock.bind(['127.0.0.1', 0]);
  const server = yield* loop.createServer(() => new Echo(loop), null, null, { sock });
  t.deepEqual(server.sockets[0]!.getsockname(), sock.getsockname());
  t.is(server.sockets[0]!.fileno(), sock.fileno());
  t.is((thrownBy(() => sock.close()) as SystemError).code, 'ERR_SOCKET_OWNED');
  const line = Line.connect(portOf(server));
  line.write('hello');
  yield* line.until(({ received }) => received === 5);
  line.destroy();
  server.close();
  t.is(sock.fileno(), -1);
});

inLoop('createServer takes a listening socket over, with those who wait (B140)', function* (t, loop) {
  const sock = new Socket(AF_INET, SOCK_STREAM);
  sock.bind(['127.0.0.1', 0]);
  sock.listen();
  const line = Line.connect(sock.getsockname()[1]);
  line.write('hello');
  const options = { sock, startServing: false };
  const server = yield* loop.createServer(() => new Echo(loop), null, null, options);
  yield* turns(3);
  t.is(line.look().received, 0);
  yield* server.startServing();
  yield* line.until(({ received }) => received === 5);
  line.destroy();
  server.close();
});

inLoop("a socket that can not listen stays its owner's", function* (t, loop) {
  using desk = new Desk();
  const [sock] = yield* connected(desk);
  const error = yield* errorOf(loop.createServer(() => new Echo(loop), null, null, { sock }));
  t.is((error as SystemError).code, 'EINVAL');
  t.is((error as SystemError).syscall, 'listen');
  t.true(sock.fileno() >= 0);
  sock.close();
});

inLoop('a server whose socket can not listen later says so, and is closed', function* (t, loop) {
  using desk = new Desk();
  const [sock] = yield* connected(desk);
  const options = { sock, startServing: false };
  const server = yield* loop.createServer(() => new Echo(loop), null, null, options);
  t.is(((yield* errorOf(server.startServing())) as SystemError).code, 'EINVAL');
  t.false(server.isServing());
  server.close();
  t.is(sock.fileno(), -1);
});

inLoop('sockets of the wrong kind, and what is none (B130, B137, B146)', function* (t, loop) {
  const factory = (): Protocol => new Protocol();
  const loose = loop as unknown as Record<string, (...args: unknown[]) => Operation<unknown>>;
  const give: Record<string, (sock: unknown) => Operation<unknown>> = {
    createConnection: (sock) => loose.createConnection!(factory, null, null, { sock }),
    createServer: (sock) => loose.createServer!(factory, null, null, { sock }),
    connectAcceptedSocket: (sock) => loose.connectAcceptedSocket!(factory, sock),
    createUnixConnection: (sock) => loose.createUnixConnection!(factory, null, { sock }),
    createUnixServer: (sock) => loose.createUnixServer!(factory, null, { sock }),
  };
  using datagrams = new Socket(AF_INET, SOCK_DGRAM);
  using unixDatagrams = new Socket(AF_UNIX, SOCK_DGRAM);
  using internet = new Socket(AF_INET, SOCK_STREAM);
  using closed = new Socket(AF_UNIX, SOCK_STREAM);
  closed.close();
  const before = descriptors().size;
  for (const [method, attempt] of Object.entries(give)) {
    const isUnix = method.includes('Unix');
    const expected = isUnix ? /^A UNIX Domain Stream Socket was expected/ : /^A Stream Socket was expected/;
    for (const sock of isUnix ? [datagrams, unixDatagrams, internet] : [datagrams, unixDatagrams]) {
      const error = (yield* errorOf(attempt(sock))) as SystemError;
      t.true(error instanceof RangeError, method);
      t.regex(error.message, expected);
      t.regex(error.message, /got <Socket fd=\d+/);
      t.true(sock.fileno() >= 0, 'still open');
    }
    for (const none of [5, {}, 'socket', createServer(), datagrams.fileno()] as (NodeServer | unknown)[]) {
      const error = (yield* errorOf(attempt(none))) as SystemError;
      t.true(error instanceof TypeError, method);
      t.regex(error.message, /sock must be a socket\.Socket of mioloop, got /);
    }
    const error = (yield* errorOf(attempt(closed))) as SystemError;
    t.is(error.code, 'EBADF');
    t.regex(error.message, / EBADF: the socket is closed$/);
  }
  t.is(descriptors().size, before);
});

inLoop('sock together with what is about addresses (B130, B137)', function* (t, loop) {
  const [sock, theirs] = socketpair();
  const factory = (): Protocol => new Protocol();
  const both = /^host\/port and sock can not be specified at the same time$/;
  const paths = /^path and sock can not be specified at the same time$/;
  const cases: [Operation<unknown>, RegExp][] = [
    [loop.createConnection(factory, '127.0.0.1', 80, { sock }), both],
    [loop.createConnection(factory, '127.0.0.1', null, { sock }), both],
    [loop.createConnection(factory, null, 80, { sock }), both],
    [loop.createServer(factory, '', null, { sock }), both],
    [loop.createServer(factory, null, 0, { sock }), both],
    [loop.createUnixConnection(factory, '/tmp/none', { sock }), paths],
    [loop.createUnixServer(factory, '/tmp/none', { sock }), paths],
    [loop.createConnection(factory, null, null, { sock, family: AF_INET }), /^family and sock/],
    [loop.createConnection(factory, null, null, { sock, localAddr: ['::1', 0] }), /^localAddr and sock/],
    [loop.createConnection(factory, null, null, { sock, happyEyeballsDelay: 0 }), /^happyEyeballsDelay and/],
    [loop.createConnection(factory, null, null, { sock, interleave: 1 }), /^interleave and sock/],
  ];
  for (const [attempt, expected] of cases) {
    const error = yield* errorOf(attempt);
    t.true(error instanceof RangeError);
    t.regex((error as Error).message, expected);
  }
  t.true(sock.fileno() >= 0);
  sock.close();
  theirs.close();
});

bothModes('a socket can be given before the loop runs', async (t, { loop, run }) => {
  const [ours, theirs] = socketpair();
  const making = loop.createConnection(() => new Probe(loop), null, null, { sock: ours });
  const [transport, probe] = await run(making as Operation<[Transport, Probe]>);
  theirs.close();
  await run(function* (): Coroutine<void> {
    yield* probe.until(() => probe.lost !== undefined);
  });
  t.deepEqual(probe.events, ['made', 'eof', 'lost']);
  t.true(transport.isClosing());
});

inLoop('a socket that the sock methods have used is watched by the transport alone', function* (t, loop) {
  using desk = new Desk();
  const sock = new Socket(AF_INET, SOCK_STREAM);
  sock.setBlocking(false);
  yield* loop.sockConnect(sock, ['127.0.0.1', desk.port]);
  const [line] = yield* desk.accepted(1);
  // It has to wait, so that the loop watches the socket.
  const receiving = loop.sockRecv(sock, 100);
  line!.write('before');
  t.is((yield* receiving).toString(), 'before');
  loop.addReader(sock, () => t.fail('a reader of a socket that was given away'));
  const [transport, probe] = yield* loop.createConnection(() => new Probe(loop), null, null, { sock });
  line!.write('behind');
  yield* probe.until(() => probe.received === 6);
  t.is(probe.data.toString(), 'behind');
  t.is((thrownBy(() => loop.removeReader(sock)) as SystemError).code, 'ERR_DESCRIPTOR_USED');
  transport.abort();
  yield* turns(2);
});
