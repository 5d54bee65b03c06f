// createServer on several addresses: hosts, families, one port for all, and what is released when one can't be had.

import { constants } from 'node:os';
import test from 'ava';
import { type EventLoop, type Server, type ServerOptions, socket } from 'mioloop';
import { portOf } from './support/hall.js';
import { bindAddresses } from './support/internals.js';
import { descriptors } from './support/leaks.js';
import { Line } from './support/lockstep.js';
import { inLoop } from './support/modes.js';
import { infoOf, withBook } from './support/names.js';
import { errorOf, thrownBy } from './support/outcomes.js';
import { Echo } from './support/probe.js';

const { AF_INET, AF_INET6, SO_KEEPALIVE, SO_REUSEADDR, SO_REUSEPORT, SOL_SOCKET } = socket;

type SystemError = NodeJS.ErrnoException & { address?: string; port?: number };

const hostsOf = (server: Server): string[] => server.sockets.map((one) => one.getsockname()[0]).sort();
const portsOf = (server: Server): number[] => server.sockets.map((one) => one.getsockname()[1]);

/** Talks to an echo server and leaves. */
function* checkEcho(port: number, host: string) {
  const line = Line.connect(port, { host });
  line.write('hello');
  yield* line.until(({ received }) => received === 5);
  line.destroy();
}

for (const host of ['', null, undefined]) {
  for (const port of [0, null, undefined, '0']) {
    if ((host ?? port ?? null) === null) continue;
    inLoop(
      `host ${JSON.stringify(host)}, port ${JSON.stringify(port)}: every interface, on one port (B137)`,
      function* (t, loop) {
        const server = yield* loop.createServer(() => new Echo(loop), host, port);
        t.deepEqual(hostsOf(server), ['0.0.0.0', '::']);
        t.is(new Set(portsOf(server)).size, 1);
        for (const address of ['127.0.0.1', '::1']) yield* checkEcho(portOf(server), address);
        server.close();
      },
    );
  }
}

inLoop('family: only that one (B137)', function* (t, loop) {
  for (const [family, any, local] of [
    [AF_INET, '0.0.0.0', '127.0.0.1'],
    [AF_INET6, '::', '::1'],
  ] as const) {
    const every = yield* loop.createServer(() => new Echo(loop), null, 0, { family });
    t.deepEqual(hostsOf(every), [any]);
    yield* checkEcho(portOf(every), local);
    every.close();
  }
  // A literal address of the other family is none.
  const error = yield* errorOf(loop.createServer(() => new Echo(loop), '127.0.0.1', 0, { family: AF_INET6 }));
  t.is((error as SystemError).syscall, 'getaddrinfo');
});

inLoop('flags: without AI_PASSIVE no host is this machine alone', function* (t, loop) {
  const server = yield* loop.createServer(() => new Echo(loop), null, 0, { flags: 0 });
  t.deepEqual(hostsOf(server), ['127.0.0.1', '::1']);
  server.close();
});

inLoop('several hosts: each address once, all on one port (B137)', function* (t, loop) {
  const hosts = ['127.0.0.1', '::1', '127.0.0.2', '127.0.0.1', 'localhost'];
  for (const list of [hosts, new Set(hosts), hosts.map((host) => Buffer.from(host))]) {
    const server = yield* loop.createServer(() => new Echo(loop), list, 0);
    t.deepEqual(hostsOf(server), ['127.0.0.1', '127.0.0.2', '::1']);
    t.is(new Set(portsOf(server)).size, 1);
    for (const host of hostsOf(server)) yield* checkEcho(portOf(server), host);
    server.close();
  }
});

withBook('a name with an address that this machine does not have: the others (B137)', function* (t, loop) {
  loop.enter('many', '192.0.2.7', '127.0.0.1', '2001:db8::7', '127.0.0.2');
  const server = yield* loop.createServer(() => new Echo(loop), 'many', 0);
  t.deepEqual(hostsOf(server), ['127.0.0.1', '127.0.0.2']);
  t.is(new Set(portsOf(server)).size, 1);
  server.close();
});

withBook('no address that this machine has: an error names them (B137)', function* (t, loop) {
  loop.enter('many', '192.0.2.7', '2001:db8::7');
  loop.enter('none');
  const before = descriptors().size;
  const listen = (host: string | string[]) => errorOf(loop.createServer(() => new Echo(loop), host, 7));
  const { message, code, syscall } = (yield* listen('many')) as SystemError;
  t.is(message, 'bind EADDRNOTAVAIL: could not bind on any address out of [192.0.2.7:7, [2001:db8::7]:7]');
  t.deepEqual([code, syscall], ['EADDRNOTAVAIL', 'bind']);
  t.regex(((yield* listen([])) as Error).message, /could not bind on any address out of \[\]/);
  t.is(((yield* listen('none')) as Error).message, 'getaddrinfo(none) returned empty list');
  t.is(descriptors().size, before);
});

inLoop('one host of several can not be resolved, or bound: nothing is left open (B137)', function* (t, loop) {
  const taken = yield* loop.createServer(() => new Echo(loop), '127.0.0.3', 0);
  const before = descriptors().size;
  const listen = (hosts: unknown[], port: number) =>
    errorOf(loop.createServer(() => new Echo(loop), hosts as string[], port));
  const refused = (yield* listen(['127.0.0.1', '127.0.0.2', '127.0.0.3'], portOf(taken))) as SystemError;
  t.deepEqual([refused.code, refused.address], ['EADDRINUSE', '127.0.0.3']);
  t.is(
    refused.message,
    `bind EADDRINUSE: error while attempting to bind on address 127.0.0.3:${portOf(taken)}: address already in use`,
  );
  t.is(((yield* listen(['127.0.0.1', 'no-such-host.invalid'], 0)) as SystemError).syscall, 'getaddrinfo');
  t.true((yield* listen(['127.0.0.1', 5], 0)) instanceof TypeError);
  t.is(descriptors().size, before);
  taken.close();
});

inLoop('a service that nobody knows is an error of the look-up (B131)', function* (t, loop) {
  const error = yield* errorOf(loop.createServer(() => new Echo(loop), '127.0.0.1', 'no-such-service'));
  t.is((error as SystemError).syscall, 'getaddrinfo');
});

inLoop('the options of its sockets are set (B137)', function* (t, loop) {
  const optionsOf = function* (options: ServerOptions) {
    const server = yield* loop.createServer(() => new Echo(loop), '127.0.0.1', 0, options);
    const [one] = server.sockets;
    const set = [SO_REUSEADDR, SO_REUSEPORT, SO_KEEPALIVE].map(
      (name) => one!.getsockopt(SOL_SOCKET, name) !== 0,
    );
    server.close();
    return set;
  };
  t.deepEqual(yield* optionsOf({}), [true, false, false]);
  t.deepEqual(yield* optionsOf({ reuseAddress: null, reusePort: null, keepAlive: null }), [
    true,
    false,
    false,
  ]);
  t.deepEqual(yield* optionsOf({ reuseAddress: false }), [false, false, false]);
  t.deepEqual(yield* optionsOf({ reusePort: true, keepAlive: true }), [true, true, true]);
});

/** A loop whose native part binds as the test says, and what it was asked. */
function scripted(bind: (host: string, port: number) => number) {
  const asked: string[] = [];
  const open = new Map<number, number>();
  const native = {
    bind: ({ host, port }: { host: string; port: number }) => {
      asked.push(`${host} ${port}`);
      const bound = bind(host, port);
      if (bound < 1024) return bound;
      const slot = asked.length;
      open.set(slot, bound);
      return { slot, generation: 0 };
    },
    addresses: (slot: number) => ({ local: { family: AF_INET, host: '', port: open.get(slot) } }),
    closeSource: (slot: number) => open.delete(slot),
  };
  return { loop: { scheduler: { core: { native } } } as unknown as EventLoop, asked, open };
}

const OPTIONS = { backlog: 1, reuseAddress: true, reusePort: false, keepAlive: false };
const BOTH = ['0.0.0.0', '::'].map((host) => infoOf(host, 0));

test('port 0 for both families: another port when the second one has it already (B137)', (t) => {
  const ports = [2001, 2002, 2003];
  const { loop, asked, open } = scripted((_host, port) => {
    if (port === 0) return ports.shift()!;
    return port < 2003 ? constants.errno.EADDRINUSE : port;
  });
  t.is(bindAddresses(loop, BOTH, OPTIONS).length, 2);
  t.deepEqual(asked, ['0.0.0.0 0', ':: 2001', '0.0.0.0 0', ':: 2002', '0.0.0.0 0', ':: 2003']);
  t.deepEqual([...open.values()], [2003, 2003], 'the others are closed');
});

test('port 0 for both families: an end of trying, and nothing is left open (B137)', (t) => {
  const { loop, asked, open } = scripted((_host, port) => (port === 0 ? 2001 : constants.errno.EADDRINUSE));
  const error = thrownBy(() => bindAddresses(loop, BOTH, OPTIONS)) as SystemError;
  t.deepEqual([error.code, error.address, error.port], ['EADDRINUSE', '::', 2001]);
  t.is(asked.length, 32);
  t.is(open.size, 0);
});

test('a port that the user chose is tried once (B137)', (t) => {
  const { loop, asked, open } = scripted((host, port) => (host === '::' ? constants.errno.EADDRINUSE : port));
  const both = ['0.0.0.0', '::'].map((host) => infoOf(host, 2001));
  t.is((thrownBy(() => bindAddresses(loop, both, OPTIONS)) as SystemError).code, 'EADDRINUSE');
  t.is(asked.length, 2);
  t.is(open.size, 0);
});

test('a system without SO_REUSEPORT says so (B137)', (t) => {
  const { loop } = scripted(() => constants.errno.ENOPROTOOPT);
  const error = thrownBy(() => bindAddresses(loop, BOTH, { ...OPTIONS, reusePort: true }));
  t.true(error instanceof RangeError);
  t.regex((error as Error).message, /reusePort is not supported/);
});
