// createDatagramEndpoint: its arguments and options, and that nothing is left open whatever goes wrong (support/leaks.ts
// looks after each test).

import {
  DatagramProtocol,
  type EventLoop,
  type Future,
  type InternetAddress,
  NotImplementedError,
  RuntimeError,
  socket,
} from 'mioloop';
import { DatagramProbe } from './support/datagram-probe.js';
import { turns } from './support/hall.js';
import { descriptors } from './support/leaks.js';
import { MailBox } from './support/mail.js';
import { bothModes, inLoop } from './support/modes.js';

const LOCAL = '127.0.0.1';
const { AF_INET, AF_INET6, AF_UNIX, SOCK_DGRAM, SOCK_STREAM } = socket;

type Loose = (...args: unknown[]) => Future<unknown>;
const factory = (): DatagramProtocol => new DatagramProtocol();

/** The error of opening; a Future that is open is closed by the test's end. */
function* failed(loop: EventLoop, ...args: unknown[]): Generator<never, NodeJS.ErrnoException> {
  const open = loop.createDatagramEndpoint.bind(loop) as unknown as Loose;
  const before = descriptors();
  try {
    yield* open(...args) as unknown as Generator<never, unknown>;
  } catch (error) {
    const left = [...descriptors()].filter(([fd, target]) => before.get(fd) !== target);
    if (left.length > 0) throw new Error(`left open: ${left}`);
    return error as NodeJS.ErrnoException;
  }
  throw new Error(`opened with ${JSON.stringify(args)}`);
}

inLoop('without an address and without a family: RangeError (B123)', function* (t, loop) {
  for (const nothing of [[], [null, null], [undefined, null, { family: 0 }], ['', '']]) {
    const error = yield* failed(loop, factory, ...nothing);
    t.true(error instanceof RangeError);
    t.regex(error.message, /^unexpected address family/);
  }
});

inLoop('with a family alone: a socket that is not bound', function* (t, loop) {
  using probe = yield* DatagramProbe.open(loop, null, null, { family: AF_INET });
  t.deepEqual(probe.transport.getExtraInfo('sockname'), ['0.0.0.0', 0]);
  t.is(probe.transport.getExtraInfo('peername'), undefined);
  using box = new MailBox({ echo: true });
  probe.transport.sendto(Buffer.from('hello'), [LOCAL, box.port]);
  yield* probe.received(1);
});

inLoop('an address that is no pair is a TypeError (B123)', function* (t, loop) {
  const wrong = ['localhost', [LOCAL], [LOCAL, 1, 2], [LOCAL, 1, 2, 3], {}, 5, new Map()];
  for (const address of wrong) {
    for (const args of [
      [address, null],
      [null, address],
    ]) {
      const error = yield* failed(loop, factory, ...args);
      t.true(error instanceof TypeError, String(error));
      t.is(error.code, 'ERR_INVALID_ARG_TYPE');
      t.regex(error.message, /must be \[host, port\]/);
    }
  }
  for (const address of [
    [LOCAL, -1],
    [LOCAL, 65_536],
    [LOCAL, 1.5],
  ]) {
    t.true((yield* failed(loop, factory, address)) instanceof RangeError);
  }
  for (const address of [
    [5, 1],
    [LOCAL, {}],
  ]) {
    t.true((yield* failed(loop, factory, address)) instanceof TypeError);
  }
});

inLoop('an option that is no boolean where one is needed is a TypeError (B123)', function* (t, loop) {
  for (const options of [{ reusePort: 1 }, { allowBroadcast: 'yes' }]) {
    const error = yield* failed(loop, factory, [LOCAL, 0], null, options);
    t.true(error instanceof TypeError, String(error));
    t.regex(error.message, /must be a boolean, got /);
  }
});

inLoop('addresses without a common family: RangeError (B123)', function* (t, loop) {
  for (const args of [
    [
      [LOCAL, 0],
      ['::1', 9],
    ],
    [
      ['::1', 0],
      [LOCAL, 9],
    ],
  ]) {
    const error = yield* failed(loop, factory, ...args);
    t.true(error instanceof RangeError);
    t.regex(error.message, /^can not get address information/);
  }
});

inLoop('a literal of another family than asked for is an error of its own (B123)', function* (t, loop) {
  const error = yield* failed(loop, factory, ['::1', 0], null, { family: AF_INET });
  t.is(error.syscall, 'getaddrinfo');
  using probe = yield* DatagramProbe.open(loop, ['::1', 0], null, { family: AF_INET6 });
  t.is((probe.transport.getExtraInfo('sockname') as InternetAddress)[0], '::1');
});

inLoop(
  'sock beside any other argument is a RangeError that lists them; the socket stays the user’s (B123)',
  function* (t, loop) {
    using sock = new socket.Socket(AF_INET, SOCK_DGRAM);
    const cases: [unknown, unknown, object, string][] = [
      [[LOCAL, 0], null, {}, `localAddr=["${LOCAL}",0]`],
      [null, [LOCAL, 9], {}, `remoteAddr=["${LOCAL}",9]`],
      [null, null, { family: AF_INET }, `family=${AF_INET}`],
      [null, null, { proto: 1 }, 'proto=1'],
      [null, null, { flags: 1 }, 'flags=1'],
      [null, null, { reusePort: true }, 'reusePort=true'],
      [null, null, { allowBroadcast: true }, 'allowBroadcast=true'],
      [null, null, { allowBroadcast: true, flags: 2 }, 'allowBroadcast=true, flags=2'],
    ];
    for (const [local, remote, options, problems] of cases) {
      const error = yield* failed(loop, factory, local, remote, { sock, ...options });
      t.true(error instanceof RangeError);
      const text = 'socket modifier keyword arguments can not be used when sock is specified.';
      t.is(error.message, `${text} (${problems})`);
    }
    t.true(sock.fileno() >= 0);
  },
);

inLoop('a stream socket is a RangeError, what is no socket a TypeError (B123)', function* (t, loop) {
  using stream = new socket.Socket(AF_INET, SOCK_STREAM);
  const error = yield* failed(loop, factory, null, null, { sock: stream });
  t.true(error instanceof RangeError);
  t.is(error.message, `A datagram socket was expected, got ${stream}`);
  for (const sock of [5, {}, 'text', loop]) {
    t.true((yield* failed(loop, factory, null, null, { sock })) instanceof TypeError);
  }
});

inLoop('a closed socket is EBADF; a transport’s own is refused', function* (t, loop) {
  const closed = new socket.Socket(AF_INET, SOCK_DGRAM);
  closed.close();
  t.is((yield* failed(loop, factory, null, null, { sock: closed })).code, 'EBADF');
  const sock = new socket.Socket(AF_INET, SOCK_DGRAM);
  sock.bind([LOCAL, 0]);
  using probe = yield* DatagramProbe.open(loop, null, null, { sock });
  const error = yield* failed(loop, factory, null, null, { sock });
  t.true(error instanceof RuntimeError);
  t.is(error.code, 'ERR_SOCKET_OWNED');
  t.throws(() => sock.close(), { code: 'ERR_SOCKET_OWNED' });
  t.false(probe.transport.isClosing());
});

inLoop('a given socket is the transport’s: it does not block, and closes with it', function* (t, loop) {
  const sock = new socket.Socket(AF_INET, SOCK_DGRAM);
  sock.bind([LOCAL, 0]);
  t.true(sock.getBlocking());
  const probe = yield* DatagramProbe.open(loop, null, null, { sock });
  t.false(sock.getBlocking());
  using box = new MailBox({ echo: true });
  probe.transport.sendto(Buffer.from('hello'), [LOCAL, box.port]);
  yield* probe.received(1);
  probe.transport.close();
  yield* turns(2);
  t.is(sock.fileno(), -1);
  sock.close();
});

inLoop('a given socket that is connected has a peer, and needs no address', function* (t, loop) {
  using box = new MailBox({ echo: true });
  const sock = new socket.Socket(AF_INET, SOCK_DGRAM);
  sock.connect([LOCAL, box.port]);
  using probe = yield* DatagramProbe.open(loop, null, null, { sock });
  t.deepEqual(probe.transport.getExtraInfo('peername'), [LOCAL, box.port]);
  probe.transport.sendto(Buffer.from('hello'));
  yield* probe.received(1);
  // asyncio would send it to the peer, whatever the address.
  using other = new MailBox();
  probe.transport.sendto(Buffer.from('to another'), [LOCAL, other.port]);
  yield* other.until(1);
});

inLoop('a socket that is given up by its factory’s error stays the user’s (B124)', function* (t, loop) {
  using sock = new socket.Socket(AF_INET, SOCK_DGRAM);
  const boom = new Error('boom');
  const fails = (): never => {
    throw boom;
  };
  t.is(yield* failed(loop, fails, null, null, { sock }), boom);
  t.true(sock.fileno() >= 0);
  t.is(yield* failed(loop, fails, [LOCAL, 0]), boom);
  for (const nonsense of [() => null, () => 5, () => undefined]) {
    t.true((yield* failed(loop, nonsense, [LOCAL, 0])) instanceof TypeError);
  }
  for (const nonsense of [null, undefined, {}, 5, new DatagramProtocol()]) {
    t.true((yield* failed(loop, nonsense, [LOCAL, 0])) instanceof TypeError);
  }
});

inLoop(
  'the error of binding is the system’s, with the address; nothing is left open (B124)',
  function* (t, loop) {
    using taken = yield* DatagramProbe.open(loop);
    const error = yield* failed(loop, factory, [LOCAL, taken.port]);
    t.is(error.code, 'EADDRINUSE');
    t.is(error.message, `bind EADDRINUSE ${LOCAL}:${taken.port}`);
    t.is((yield* failed(loop, factory, ['203.0.113.7', 0])).code, 'EADDRNOTAVAIL');
    t.is((yield* failed(loop, factory, null, ['255.255.255.255', 9])).code, 'EACCES');
    t.is((yield* failed(loop, factory, null, null, { family: 9999 })).code, 'EAFNOSUPPORT');
    t.is((yield* failed(loop, factory, null, null, { family: AF_INET, proto: 6 })).code, 'EPROTONOSUPPORT');
  },
);

inLoop('a name that has no address is the resolver’s error', function* (t, loop) {
  const error = yield* failed(loop, factory, ['nobody.invalid', 9]);
  t.is(error.syscall, 'getaddrinfo');
});

inLoop('reuseAddress is refused as in the reference; unknown options are, too', function* (t, loop) {
  const error = yield* failed(loop, factory, [LOCAL, 0], null, { reuseAddress: true });
  t.true(error instanceof RangeError);
  t.regex(
    error.message,
    /^Passing reuseAddress: true is no longer supported, as the usage of SO_REUSEPORT in UDP poses/,
  );
  const unknown = yield* failed(loop, factory, [LOCAL, 0], null, { reuseport: true });
  t.true(unknown instanceof NotImplementedError);
  t.true((yield* failed(loop, factory, [LOCAL, 0], null, null)) instanceof TypeError);
  t.true((yield* failed(loop, factory, [LOCAL, 0], null, 5)) instanceof TypeError);
  using probe = yield* DatagramProbe.open(loop);
  const view = probe.transport.getExtraInfo('socket')!;
  for (const option of [socket.SO_REUSEADDR, socket.SO_REUSEPORT!, socket.SO_BROADCAST]) {
    t.is(view.getsockopt(socket.SOL_SOCKET, option), 0);
  }
});

inLoop('reusePort: two endpoints share a port (B123)', function* (t, loop) {
  using one = yield* DatagramProbe.open(loop, [LOCAL, 0], null, { reusePort: true });
  using other = yield* DatagramProbe.open(loop, [LOCAL, one.port], null, { reusePort: true });
  t.is(other.port, one.port);
  using box = new MailBox();
  box.send(one.port, 'to one of them');
  while (one.datagrams.length + other.datagrams.length === 0) yield* turns(1);
  yield* turns(3);
  t.is(one.datagrams.length + other.datagrams.length, 1);
});

inLoop(
  'allowBroadcast: the socket is not connected, and sends to its remote address only (B123)',
  function* (t, loop) {
    using box = new MailBox({ host: '0.0.0.0' });
    const everyone = '127.255.255.255';
    using probe = yield* DatagramProbe.open(loop, null, [everyone, box.port], { allowBroadcast: true });
    t.is(probe.transport.getExtraInfo('peername'), undefined);
    probe.transport.sendto(Buffer.from('to all'));
    probe.transport.sendto(Buffer.from('to all again'), [everyone, box.port]);
    t.throws(() => probe.transport.sendto(Buffer.from('x'), [LOCAL, box.port]), {
      instanceOf: RangeError,
      message: /^Invalid address: must be null or \["127\.255\.255\.255",/,
    });
    yield* box.until(2);
    t.deepEqual(box.texts(), ['to all', 'to all again']);
    using answering = new MailBox({ broadcast: true });
    // It has a port since it has sent.
    const [, port] = probe.transport.getExtraInfo('socket')!.getsockname();
    answering.sendTo(LOCAL, port, 'an answer');
    yield* probe.received(1);
  },
);

inLoop('the paths of a Unix endpoint are strings (B123)', function* (t, loop) {
  for (const address of [['/tmp/x', 0], 5, {}, Buffer.from('/tmp/x')]) {
    const error = yield* failed(loop, factory, address, null, { family: AF_UNIX });
    t.true(error instanceof TypeError);
    t.regex(error.message, /^string is expected/);
  }
  t.true(
    (yield* failed(loop, factory, `/tmp/${'x'.repeat(200)}`, null, { family: AF_UNIX })) instanceof
      RangeError,
  );
  t.is((yield* failed(loop, factory, '/no/such/folder/x', null, { family: AF_UNIX })).code, 'ENOENT');
  t.is((yield* failed(loop, factory, null, '/no/such/folder/x', { family: AF_UNIX })).code, 'ENOENT');
});

inLoop('a cancel while it opens closes the socket', function* (t, loop) {
  const probe = new DatagramProbe(loop);
  const opening = loop.createTask(function* () {
    yield* loop.createDatagramEndpoint(() => probe, [LOCAL, 0]);
  });
  yield* turns(1);
  opening.cancel();
  yield* turns(4);
  t.true(opening.cancelled());
  t.deepEqual(probe.events, ['made', 'lost']);
});

bothModes('on a closed loop it is refused (B12)', async (t, { loop }) => {
  loop.close();
  t.throws(() => loop.createDatagramEndpoint(factory, [LOCAL, 0]), { code: 'ERR_LOOP_CLOSED' });
});
