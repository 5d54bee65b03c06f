// createConnection: to addresses and names, and the ways in which it fails.

import { spawnSync } from 'node:child_process';
import { createServer as createNodeServer } from 'node:net';
import { CancelledError, sleep } from 'mioloop';
import { Hall, portOf, turns } from './support/hall.js';
import { descriptors } from './support/leaks.js';
import { Desk } from './support/lockstep.js';
import { bothModes, inLoop } from './support/modes.js';
import { BufferedProbe, Echo, Probe } from './support/probe.js';
import { bytesOf, sameBytes } from './support/random.js';
import { hasPython, Stranger } from './support/stranger.js';

type SystemError = NodeJS.ErrnoException & { address?: string; port?: number; hostname?: string };

/** A port on which nobody listens, right now. */
async function freePort(): Promise<number> {
  const server = createNodeServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

bothModes(
  'a literal address, both ways: every byte arrives at Node and comes back',
  async (t, { loop, run }) => {
    await using stranger = await Stranger.echo();
    const content = bytesOf(1, 1_000_000);
    await run(function* () {
      const [transport, probe] = yield* loop.createConnection(
        () => new Probe(loop),
        '127.0.0.1',
        stranger.port,
      );
      t.is(probe.transport, transport);
      t.is(transport.getProtocol(), probe);
      t.deepEqual(transport.getExtraInfo('peername'), ['127.0.0.1', stranger.port]);
      transport.write(content);
      yield* probe.until(() => probe.received === content.length);
      sameBytes(t, probe.data, content);
      transport.writeEof();
      yield* probe.until(() => probe.lost !== undefined);
      t.is(probe.lost, null);
    });
    const { received, ended, error } = await stranger.outcome();
    sameBytes(t, received, content);
    t.true(ended);
    t.is(error, null);
  },
);

inLoop('a name, localhost, is resolved', function* (t, loop) {
  using desk = new Desk({ greeting: Buffer.from('hello') });
  const [transport, probe] = yield* loop.createConnection(() => new Probe(loop), 'localhost', desk.port);
  yield* probe.until(() => probe.received === 5);
  t.is(transport.getExtraInfo('peername')![1], desk.port);
  transport.close();
  yield* probe.until(() => probe.lost !== undefined);
});

inLoop('an IPv6 literal', function* (t, loop) {
  using desk = new Desk({ host: '::1', greeting: Buffer.from('hello') });
  const [transport, probe] = yield* loop.createConnection(() => new BufferedProbe(loop), '::1', desk.port);
  yield* probe.until(() => probe.received === 5);
  t.deepEqual(transport.getExtraInfo('peername'), ['::1', desk.port, 0, 0]);
  transport.close();
  yield* probe.until(() => probe.lost !== undefined);
});

bothModes(
  'nobody listens: ECONNREFUSED with address and port, and nothing is leaked',
  async (t, { loop, run }) => {
    const port = await freePort();
    const before = descriptors().size;
    await run(function* () {
      for (const host of ['127.0.0.1', 'localhost']) {
        let made = 0;
        let error: unknown;
        const factory = (): Probe => {
          made += 1;
          return new Probe(loop);
        };
        try {
          yield* loop.createConnection(factory, host, port);
        } catch (thrown) {
          error = thrown;
        }
        t.true(error instanceof Error);
        const { code, errno, syscall, address, port: told, message } = error as SystemError;
        t.is(made, 0, 'no protocol is made');
        if (host === 'localhost' && code !== 'ECONNREFUSED') continue; // several addresses, several errors
        t.is(code, 'ECONNREFUSED');
        t.true(errno! < 0);
        t.is(syscall, 'connect');
        t.regex(address!, host === 'localhost' ? /^(127\.0\.0\.1|::1)$/ : /^127\.0\.0\.1$/);
        t.is(told, port);
        t.regex(message, new RegExp(`connect ECONNREFUSED .*:${port}$`));
      }
      yield* turns(2);
      t.is(descriptors().size, before);
    });
  },
);

inLoop('an unresolvable host: an error in the shape of dns.lookup, with the hostname', function* (t, loop) {
  const hostname = 'no-such-host.invalid';
  for (const attempt of [
    () => loop.createConnection(() => new Probe(loop), hostname, 80),
    () => loop.createServer(() => new Probe(loop), hostname, 0),
  ]) {
    let error: unknown;
    try {
      yield* attempt();
    } catch (thrown) {
      error = thrown;
    }
    t.true(error instanceof Error);
    const { code, syscall, hostname: told, errno, message } = error as SystemError;
    // A machine without a name server can't tell for sure.
    t.regex(code!, /^(ENOTFOUND|EAI_AGAIN)$/);
    t.is(syscall, 'getaddrinfo');
    t.is(told, hostname);
    t.is(typeof errno, 'number');
    t.is(message, `getaddrinfo ${code} ${hostname}`);
  }
});

inLoop(
  'a factory that throws: createConnection throws it, the socket is closed, no report',
  function* (t, loop) {
    using desk = new Desk();
    const before = descriptors().size;
    const boom = new Error('boom');
    let error: unknown;
    try {
      yield* loop.createConnection(
        (): Probe => {
          throw boom;
        },
        '127.0.0.1',
        desk.port,
      );
    } catch (thrown) {
      error = thrown;
    }
    t.is(error, boom);
    const [line] = yield* desk.accepted(1);
    yield* line!.until(({ ended }) => ended);
    line!.destroy();
    t.true(descriptors().size <= before);
  },
);

inLoop('a factory that gives no protocol is a TypeError, and the socket is closed', function* (t, loop) {
  using desk = new Desk();
  for (const value of [undefined, null, 5]) {
    let error: unknown;
    try {
      yield* loop.createConnection(() => value as unknown as Probe, '127.0.0.1', desk.port);
    } catch (thrown) {
      error = thrown;
    }
    t.true(error instanceof TypeError);
    t.true((error as Error).message.includes(String(value)), 'says what was given');
  }
  const lines = yield* desk.accepted(3);
  for (const line of lines) yield* line.until(({ ended }) => ended);
});

inLoop(
  'cancelled at any turn of its way: the socket is closed, CancelledError comes out (B134)',
  function* (t, loop) {
    using desk = new Desk();
    const before = descriptors();
    const opened = () => [...descriptors()].filter(([fd, target]) => before.get(fd) !== target);
    for (const host of ['127.0.0.1', 'localhost']) {
      for (let turn = 0; turn <= 4; turn++) {
        const probe = new Probe(loop);
        const task = loop.createTask(
          (function* () {
            yield* loop.createConnection(() => probe, host, desk.port);
          })(),
        );
        yield* turns(turn);
        const pending = task.cancel();
        let error: unknown;
        try {
          yield* task;
        } catch (thrown) {
          error = thrown;
        }
        if (pending) t.true(error instanceof CancelledError, `after ${turn} turns`);
        else probe.transport.abort();
        if (probe.events.length > 0) yield* probe.until(() => probe.lost !== undefined);
        yield* turns(2);
        // The stranger may hear of its connection a little later.
        let left = opened();
        for (let look = 0; look < 5000 && left.length > 0; look++) {
          for (const line of desk.lines()) line.destroy();
          yield* sleep(0.001);
          left = opened();
        }
        t.deepEqual(left, [], `cancelled after ${turn} turns`);
      }
    }
  },
);

inLoop('many connections at once, client and server on one loop', function* (t, loop) {
  using hall = yield* Hall.open(loop, () => new Echo(loop));
  const tasks = Array.from({ length: 100 }, (_, guest) =>
    loop.createTask(
      (function* () {
        const [transport, probe] = yield* loop.createConnection(
          () => new Probe(loop),
          '127.0.0.1',
          hall.port,
        );
        const content = bytesOf(guest, guest * 700);
        transport.write(content);
        transport.writeEof();
        yield* probe.until(() => probe.lost !== undefined);
        sameBytes(t, probe.data, content);
      })(),
    ),
  );
  for (const task of tasks) yield* task;
  t.is(hall.probes.length, 100);
  t.is(portOf(hall.server), hall.port);
});

/** Reads TCP_NODELAY of the descriptors that it inherits; one line for each. */
const NODELAY = `
import socket, sys
for fd in (3, 4):
    s = socket.socket(fileno=fd)
    print(s.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
    s.detach()
`;

bothModes('TCP_NODELAY is set on both sides (B122)', async (t, { loop, run }) => {
  const transports = await run(function* () {
    using hall = yield* Hall.open(loop, () => new Probe(loop));
    const [transport] = yield* loop.createConnection(() => new Probe(loop), '127.0.0.1', hall.port);
    while (hall.probes[0]?.transport === undefined) yield* turns(1);
    return [transport, hall.probes[0].transport];
  });
  const fds = transports.map((transport) => transport.getExtraInfo('socket')!.fileno());
  if (!hasPython) {
    t.log('skipped: no python3 here');
    t.pass();
    return;
  }
  const { stdout } = spawnSync('python3', ['-c', NODELAY], { stdio: ['ignore', 'pipe', 'inherit', ...fds] });
  t.deepEqual(stdout.toString().trim().split('\n'), ['1', '1']);
});
