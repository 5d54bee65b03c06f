// createConnection to a host with several addresses: their order, what is thrown when all fail, where the connection
// comes from.

import test from 'ava';
import { type AddrInfo, socket } from 'mioloop';
import { portOf, turns } from './support/hall.js';
import { interleaved } from './support/internals.js';
import { descriptors } from './support/leaks.js';
import { Desk } from './support/lockstep.js';
import { inLoop } from './support/modes.js';
import { ClosedPort, infoOf, withBook } from './support/names.js';
import { errorOf } from './support/outcomes.js';
import { Probe } from './support/probe.js';

type SystemError = NodeJS.ErrnoException & { address?: string; port?: number };

const hosts = (infos: AddrInfo[]): string[] => infos.map(({ address }) => address[0]);

test('interleave: the families take turns, behind the first ones of the first (B135)', (t) => {
  const infos = ['::1', '::2', '::3', '::4', '1.1.1.1', '2.2.2.2'].map((host) => infoOf(host, 80));
  t.deepEqual(hosts(interleaved(infos, 1)), ['::1', '1.1.1.1', '::2', '2.2.2.2', '::3', '::4']);
  t.deepEqual(hosts(interleaved(infos, 3)), ['::1', '::2', '::3', '1.1.1.1', '::4', '2.2.2.2']);
  t.deepEqual(hosts(interleaved(infos, 9)), ['::1', '::2', '::3', '::4', '1.1.1.1', '2.2.2.2']);
  t.deepEqual(hosts(interleaved(infos.slice(4), 1)), ['1.1.1.1', '2.2.2.2']);
  t.deepEqual(interleaved([], 1), []);
});

withBook('the order of the look-up, or the families in turns (B135)', function* (t, loop) {
  using desk = new Desk();
  const tried = ['127.0.0.9', '127.0.0.8', '::1', '127.0.0.1'];
  loop.enter('many', ...tried);
  const seen = [
    { options: {}, order: tried },
    { options: { interleave: 0 }, order: tried },
    { options: { interleave: 1 }, order: ['127.0.0.9', '::1', '127.0.0.8', '127.0.0.1'] },
    { options: { interleave: 2 }, order: ['127.0.0.9', '127.0.0.8', '::1', '127.0.0.1'] },
    { options: { happyEyeballsDelay: 9 }, order: ['127.0.0.9', '::1', '127.0.0.8', '127.0.0.1'] },
    { options: { happyEyeballsDelay: 9, interleave: 0 }, order: tried },
  ];
  using closed = new ClosedPort('127.0.0.7');
  for (const { options, order } of seen) {
    const all = { ...options, allErrors: true };
    const error = yield* errorOf(loop.createConnection(() => new Probe(loop), 'many', closed.port, all));
    t.deepEqual(
      (error as AggregateError).errors.map(({ address }: SystemError) => address),
      order,
      JSON.stringify(options),
    );
    const made = loop.createConnection(() => new Probe(loop), 'many', desk.port, options);
    const [transport] = yield* made;
    t.is(transport.getExtraInfo('peername')![0], '127.0.0.1');
    transport.abort();
    yield* turns(2);
  }
});

const REFUSED = ['127.0.0.2', '127.0.0.3'];

withBook('all addresses fail: one error names them all (B132)', function* (t, loop) {
  loop.enter('many', ...REFUSED);
  using closed = new ClosedPort();
  const { port } = closed;
  const before = descriptors().size;
  for (const options of [{}, { happyEyeballsDelay: 0.01 }]) {
    const error = yield* errorOf(loop.createConnection(() => new Probe(loop), 'many', port, options));
    t.true(error instanceof AggregateError);
    const { message, errors, code } = error as AggregateError & { code: string };
    const each = REFUSED.map((host) => `connect ECONNREFUSED ${host}:${port}`);
    t.is(message, `Multiple exceptions: ${each.join(', ')}`);
    t.is(code, 'ERR_MULTIPLE_EXCEPTIONS');
    t.deepEqual(
      errors.map(({ message }: Error) => message),
      each,
    );
    t.is(descriptors().size, before);
  }
});

withBook('one address, or errors with one text: that error (B132)', function* (t, loop) {
  loop.enter('many', '127.0.0.2');
  using closed = new ClosedPort();
  for (const addresses of [['127.0.0.2'], ['127.0.0.2', '127.0.0.2']]) {
    loop.enter('many', ...addresses);
    for (const options of [{}, { happyEyeballsDelay: 0.01 }]) {
      const attempt = loop.createConnection(() => new Probe(loop), 'many', closed.port, options);
      const { code, address, port } = (yield* errorOf(attempt)) as SystemError;
      t.deepEqual([code, address, port], ['ECONNREFUSED', '127.0.0.2', closed.port]);
    }
  }
});

withBook('allErrors: an AggregateError even of one (B132)', function* (t, loop) {
  loop.enter('many', '127.0.0.2');
  using closed = new ClosedPort();
  for (const happyEyeballsDelay of [null, 0.25]) {
    const options = { allErrors: true, happyEyeballsDelay };
    const error = yield* errorOf(loop.createConnection(() => new Probe(loop), 'many', closed.port, options));
    t.true(error instanceof AggregateError);
    t.is((error as Error).message, 'create_connection failed');
    t.deepEqual(
      (error as AggregateError).errors.map(({ code }: SystemError) => code),
      ['ECONNREFUSED'],
    );
  }
});

withBook('a name without any address', function* (t, loop) {
  loop.enter('many');
  const error = yield* errorOf(loop.createConnection(() => new Probe(loop), 'many', 80));
  t.is((error as Error).message, 'getaddrinfo() returned empty list');
  t.is((error as SystemError).code, 'ERR_NO_ADDRESS');
});

inLoop('localAddr: the connection comes from there (B133)', function* (t, loop) {
  using desk = new Desk();
  for (const localAddr of [
    ['127.0.0.9', 0],
    ['127.0.0.9', '0'],
    [Buffer.from('127.0.0.9'), null],
  ] as const) {
    const options = { localAddr };
    const [transport] = yield* loop.createConnection(() => new Probe(loop), '127.0.0.1', desk.port, options);
    t.is(transport.getExtraInfo('sockname')![0], '127.0.0.9');
    transport.abort();
    yield* turns(2);
  }
});

withBook('localAddr: addresses of another family are skipped (B133)', function* (t, loop) {
  loop.enter('many', '::1', '127.0.0.9');
  using desk = new Desk();
  const options = { localAddr: ['many', 0] as const };
  const [transport] = yield* loop.createConnection(() => new Probe(loop), '127.0.0.1', desk.port, options);
  t.is(transport.getExtraInfo('sockname')![0], '127.0.0.9');
  transport.abort();
  yield* turns(2);
});

inLoop('localAddr: none of the family is an error that says so (B133)', function* (t, loop) {
  const before = descriptors().size;
  const options = { localAddr: ['::1', 0] as const };
  const error = yield* errorOf(loop.createConnection(() => new Probe(loop), '127.0.0.1', 9, options));
  t.regex((error as Error).message, /no matching local address with family=AF_INET found/);
  t.is((error as SystemError).code, 'EADDRNOTAVAIL');
  t.is(descriptors().size, before);
});

withBook('localAddr in use: the error names it (B133)', function* (t, loop) {
  loop.enter('many', '127.0.0.1', '127.0.0.2');
  using desk = new Desk();
  using taken = new ClosedPort('127.0.0.1');
  using alsoTaken = new ClosedPort('127.0.0.2', taken.port);
  const { port } = taken;
  const text = (host: string) =>
    `bind EADDRINUSE: error while attempting to bind on address ${host}:${port}: address already in use`;
  const connect = (localAddr: readonly [string, number]) =>
    loop.createConnection(() => new Probe(loop), '127.0.0.1', desk.port, { localAddr });
  const before = descriptors().size;
  const one = (yield* errorOf(connect(['127.0.0.1', port]))) as SystemError;
  t.is(one.message, text('127.0.0.1'));
  t.deepEqual([one.code, one.syscall, one.address, one.port], ['EADDRINUSE', 'bind', '127.0.0.1', port]);
  const both = (yield* errorOf(connect(['many', alsoTaken.port]))) as AggregateError;
  t.deepEqual(
    both.errors.map(({ message }: Error) => message),
    [text('127.0.0.1'), text('127.0.0.2')],
  );
  t.is(descriptors().size, before);
});

withBook('localAddr in use at one address: the next one (B133)', function* (t, loop) {
  loop.enter('many', '127.0.0.1', '127.0.0.2');
  using desk = new Desk();
  using taken = new ClosedPort('127.0.0.1');
  const options = { localAddr: ['many', taken.port] as const };
  const [transport] = yield* loop.createConnection(() => new Probe(loop), '127.0.0.1', desk.port, options);
  t.deepEqual(transport.getExtraInfo('sockname'), ['127.0.0.2', taken.port]);
  transport.abort();
  yield* turns(2);
});

inLoop('a port as text, bytes or the name of a service (B131)', function* (t, loop) {
  using desk = new Desk();
  for (const port of [`${desk.port}`, Buffer.from(`${desk.port}`)]) {
    for (const host of ['127.0.0.1', new Uint8Array(Buffer.from('127.0.0.1'))]) {
      const [transport] = yield* loop.createConnection(() => new Probe(loop), host, port);
      t.is(transport.getExtraInfo('peername')![1], desk.port);
      transport.abort();
      yield* turns(2);
    }
  }
  const error = yield* errorOf(loop.createConnection(() => new Probe(loop), '127.0.0.1', 'tcpmux'));
  t.regex((error as SystemError).code!, /^(ECONNREFUSED|EAI_SERVICE)$/);
  if ((error as SystemError).code === 'ECONNREFUSED') t.is((error as SystemError).port, 1);
});

inLoop('without a host: this machine (B131)', function* (t, loop) {
  using desk = new Desk();
  const options = { family: socket.AF_INET };
  const [transport] = yield* loop.createConnection(() => new Probe(loop), null, desk.port, options);
  t.deepEqual(transport.getExtraInfo('peername'), ['127.0.0.1', desk.port]);
  transport.abort();
  yield* turns(2);
});

inLoop('family: the other one is not tried', function* (t, loop) {
  const server = yield* loop.createServer(() => new Probe(loop), '127.0.0.1', 0);
  const connect = (family: number) =>
    loop.createConnection(() => new Probe(loop), 'localhost', portOf(server), { family });
  const [transport] = yield* connect(socket.AF_INET);
  t.is(transport.getExtraInfo('peername')!.length, 2);
  transport.abort();
  t.true((yield* errorOf(connect(socket.AF_INET6))) instanceof Error);
  server.close();
});
