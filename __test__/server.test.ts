// Making a server: hosts and ports, the options, when it serves, and a port in use.

import { createServer as createNodeServer } from 'node:net';
import type { Server } from 'mioloop';
import { sleep } from 'mioloop';
import { portOf, turns } from './support/hall.js';
import { descriptors, leakedSince } from './support/leaks.js';
import { Line } from './support/lockstep.js';
import { bothModes, inLoop } from './support/modes.js';
import { Echo, Probe } from './support/probe.js';

/** Talks to an echo server and leaves. */
function* checkEcho(port: number, host = '127.0.0.1') {
  const line = Line.connect(port, { host });
  line.write('hello');
  yield* line.until(({ received }) => received === 5);
  line.end();
  yield* line.until(({ ended }) => ended);
  line.destroy();
}

const addresses = (server: Server): string[] =>
  server.sockets.map((socket) => socket.getsockname()[0]).sort();

inLoop('port 0 gives a free port, told by sockets (B140)', function* (t, loop) {
  const server = yield* loop.createServer(() => new Echo(loop), '127.0.0.1', 0);
  t.is(server.sockets.length, 1);
  const [host, port] = server.sockets[0]!.getsockname();
  t.is(host, '127.0.0.1');
  t.true(port > 0);
  t.true(server.sockets[0]!.fileno() >= 0);
  t.is(server.getLoop(), loop);
  yield* checkEcho(port);
  server.close();
});

inLoop('an IPv6 literal is listened on, and its address has four parts (B137)', function* (t, loop) {
  const server = yield* loop.createServer(() => new Echo(loop), '::1', 0);
  const [host, port, ...rest] = server.sockets[0]!.getsockname();
  t.is(host, '::1');
  t.deepEqual(rest, [0, 0]);
  yield* checkEcho(port, '::1');
  server.close();
});

inLoop('localhost is listened on at every address that it has (B137)', function* (t, loop) {
  const server = yield* loop.createServer(() => new Echo(loop), 'localhost', 0);
  t.true(addresses(server).includes('127.0.0.1') || addresses(server).includes('::1'));
  for (const socket of server.sockets) {
    const [host, port] = socket.getsockname();
    yield* checkEcho(port, host);
  }
  t.is(new Set(addresses(server)).size, addresses(server).length, 'each address once');
  server.close();
});

for (const host of ['', null, undefined]) {
  inLoop(
    `host ${JSON.stringify(host)} listens on all interfaces, IPv4 and IPv6 apart (B137)`,
    function* (t, loop) {
      const server = yield* loop.createServer(() => new Echo(loop), host, 0);
      t.true(addresses(server).includes('0.0.0.0'));
      for (const socket of server.sockets) {
        const [address, port] = socket.getsockname();
        yield* checkEcho(port, address === '::' ? '::1' : '127.0.0.1');
      }
      server.close();
    },
  );
}

inLoop('a server of 0.0.0.0 leaves the same port of :: free (B137)', function* (t, loop) {
  const four = yield* loop.createServer(() => new Echo(loop), '0.0.0.0', 0);
  const six = yield* loop.createServer(() => new Echo(loop), '::', portOf(four));
  t.is(portOf(six), portOf(four));
  yield* checkEcho(portOf(four), '127.0.0.1');
  yield* checkEcho(portOf(four), '::1');
  four.close();
  six.close();
});

inLoop('startServing: false binds, but serves only after startServing() (B140)', function* (t, loop) {
  const made: Probe[] = [];
  const factory = (): Probe => {
    const probe = new Echo(loop);
    made.push(probe);
    return probe;
  };
  const server = yield* loop.createServer(factory, '127.0.0.1', 0, { startServing: false });
  t.false(server.isServing());
  t.is(server.sockets.length, 1);
  t.throws(() => Line.connect(portOf(server)), { message: /ECONNREFUSED/ });
  yield* turns(3);
  t.is(made.length, 0);
  yield* server.startServing();
  t.true(server.isServing());
  yield* server.startServing();
  yield* checkEcho(portOf(server));
  t.is(made.length, 1);
  server.close();
});

inLoop('isServing() and sockets before and after close() (B140)', function* (t, loop) {
  const server = yield* loop.createServer(() => new Echo(loop), '127.0.0.1', 0);
  const port = portOf(server);
  t.true(server.isServing());
  server.close();
  t.false(server.isServing());
  t.deepEqual([...server.sockets], []);
  server.close();
  t.throws(() => Line.connect(port), { message: /ECONNREFUSED/ });
  yield* turns(1);
});

inLoop(
  'two servers on one port: EADDRINUSE with address and port, and nothing is leaked (B137)',
  function* (t, loop) {
    const first = yield* loop.createServer(() => new Echo(loop), '127.0.0.1', 0);
    const port = portOf(first);
    const open = descriptors().size;
    for (const options of [{}, { reuseAddress: true }, { reuseAddress: false }, { reusePort: true }]) {
      let error: unknown;
      try {
        yield* loop.createServer(() => new Echo(loop), '127.0.0.1', port, options);
      } catch (thrown) {
        error = thrown;
      }
      t.true(error instanceof Error, JSON.stringify(options));
      const {
        code,
        errno,
        address,
        port: told,
        syscall,
        message,
      } = error as NodeJS.ErrnoException & {
        address: string;
        port: number;
      };
      t.is(code, 'EADDRINUSE');
      t.true(errno! < 0);
      t.regex(syscall!, /^(bind|listen)$/);
      t.is(address, '127.0.0.1');
      t.is(told, port);
      t.regex(message, new RegExp(`EADDRINUSE.*127\\.0\\.0\\.1:${port}`));
    }
    yield* turns(2);
    t.is(descriptors().size, open);
    yield* checkEcho(port);
    first.close();
  },
);

bothModes('binding a busy port of a stranger releases every socket (B137)', async (t, { loop, run }) => {
  const stranger = createNodeServer();
  await new Promise<void>((resolve) => stranger.listen(0, '::1', resolve));
  const { port } = stranger.address() as { port: number };
  const before = descriptors();
  // All interfaces: IPv4 can be bound, IPv6 can't.
  const error = await t.throwsAsync(run(loop.createServer(() => new Echo(loop), null, port)));
  t.is((error as NodeJS.ErrnoException).code, 'EADDRINUSE');
  t.deepEqual(await leakedSince(before), []);
  await new Promise((resolve) => stranger.close(resolve));
});

inLoop('reuseAddress: a port can be had again at once after its connections ended', function* (t, loop) {
  const server = yield* loop.createServer(() => new Probe(loop), '127.0.0.1', 0);
  const port = portOf(server);
  const line = Line.connect(port);
  yield* turns(6);
  server.closeClients(); // our side ends first: it is the one that lingers in TIME_WAIT
  yield* line.until(({ ended }) => ended);
  line.end();
  server.close();
  yield* server.waitClosed();
  line.destroy();
  const again = yield* loop.createServer(() => new Echo(loop), '127.0.0.1', port);
  yield* checkEcho(port);
  again.close();
  t.pass();
});

inLoop('reusePort: two servers share a port, and each connection reaches one of them', function* (t, loop) {
  const options = { reusePort: true };
  const first = yield* loop.createServer(() => new Echo(loop), '127.0.0.1', 0, options);
  const second = yield* loop.createServer(() => new Echo(loop), '127.0.0.1', portOf(first), options);
  t.is(portOf(second), portOf(first));
  for (let guest = 0; guest < 10; guest++) yield* checkEcho(portOf(first));
  first.close();
  for (let guest = 0; guest < 5; guest++) yield* checkEcho(portOf(second));
  second.close();
});

inLoop('a cancelled createServer closes its listeners', function* (t, loop) {
  const before = descriptors().size;
  for (let turn = 0; turn <= 5; turn++) {
    const task = loop.createTask(
      (function* () {
        const server = yield* loop.createServer(() => new Echo(loop), '127.0.0.1', 0);
        server.close();
      })(),
    );
    yield* turns(turn);
    task.cancel();
    yield* turns(3);
    t.true(task.done());
    t.is(descriptors().size, before, `cancelled after ${turn} turns`);
  }
});

inLoop(
  'a factory that throws closes that client only, and does not keep waitClosed() waiting (B139)',
  function* (t, loop) {
    let guests = 0;
    const server = yield* loop.createServer(
      () => {
        guests += 1;
        if (guests === 1) throw new Error('not today');
        return new Echo(loop);
      },
      '127.0.0.1',
      0,
    );
    const refused = Line.connect(portOf(server));
    yield* refused.until(({ ended }) => ended);
    refused.destroy();
    yield* checkEcho(portOf(server));
    server.close();
    yield* server.waitClosed();
    t.is(guests, 2);
  },
);

inLoop('a factory that gives no protocol closes that client only (B139)', function* (t, loop) {
  let guests = 0;
  const factory = () => {
    guests += 1;
    return guests === 1 ? (undefined as unknown as Echo) : new Echo(loop);
  };
  const server = yield* loop.createServer(factory, '127.0.0.1', 0);
  const refused = Line.connect(portOf(server));
  yield* refused.until(({ ended }) => ended);
  refused.destroy();
  yield* checkEcho(portOf(server));
  server.close();
  yield* server.waitClosed();
  t.is(guests, 2);
});

inLoop('a backlog of one still serves one after another (B138)', function* (t, loop) {
  const server = yield* loop.createServer(() => new Echo(loop), '127.0.0.1', 0, { backlog: 1 });
  for (let guest = 0; guest < 5; guest++) yield* checkEcho(portOf(server));
  server.close();
  yield* sleep(0);
  t.pass();
});
