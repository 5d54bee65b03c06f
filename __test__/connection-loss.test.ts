// Connections that end by the peer's doing, writes after the end, and what is still known of a closed transport.

import { setImmediate as immediate } from 'node:timers/promises';
import type { ExecutionContext } from 'ava';
import type { Transport } from 'mioloop';
import { Hall, turns } from './support/hall.js';
import { Line } from './support/lockstep.js';
import { bothModes, inLoop } from './support/modes.js';
import { Probe } from './support/probe.js';
import { bytesOf } from './support/random.js';

const BIG = 16 * 1024 * 1024;

function checkReset(t: ExecutionContext, lost: Error | null | undefined): void {
  const error = lost as NodeJS.ErrnoException;
  t.true(error instanceof Error);
  t.is(error.code, 'ECONNRESET');
  t.true((error.errno ?? 0) < 0);
  t.is(typeof error.syscall, 'string');
}

inLoop(
  'a reset peer is reported as a reset, in the shape of a system error (B47, B102)',
  function* (t, loop) {
    using hall = yield* Hall.open(loop, () => new Probe(loop));
    const [probe, line] = yield* hall.join();
    line.reset();
    yield* probe.until(() => probe.lost !== undefined);
    checkReset(t, probe.lost);
    yield* turns(3);
    t.deepEqual(probe.events, ['made', 'lost']);
  },
);

inLoop(
  'a reset is the reason though writes are queued, and they are dropped (B108, B117)',
  function* (t, loop) {
    using hall = yield* Hall.open(loop, () => new Probe(loop));
    const [probe, line] = yield* hall.join({ paused: true });
    for (let round = 0; round < 16; round++) probe.transport.write(bytesOf(round, BIG / 16));
    t.true(probe.transport.getWriteBufferSize() > 0);
    line.reset();
    yield* probe.until(() => probe.lost !== undefined);
    checkReset(t, probe.lost);
    t.is(probe.transport.getWriteBufferSize(), 0);
    yield* turns(3);
    t.is(probe.events.filter((event) => event === 'lost').length, 1);
  },
);

inLoop('a reset while reading is paused is noticed by the next write (B117)', function* (t, loop) {
  using hall = yield* Hall.open(loop, () => new Probe(loop));
  const [probe, line] = yield* hall.join();
  probe.transport.pauseReading();
  line.reset();
  yield* turns(3);
  for (let round = 0; round < 3; round++) {
    probe.transport.write(Buffer.from('is anybody there?'));
    yield* turns(2);
  }
  yield* probe.until(() => probe.lost !== undefined);
  t.regex((probe.lost as NodeJS.ErrnoException).code ?? '', /^(EPIPE|ECONNRESET)$/);
  t.is(probe.transport.getWriteBufferSize(), 0);
  t.deepEqual(probe.events, ['made', 'lost']);
});

inLoop(
  'writing to a peer that has gone loses the connection once, without a report (B47, B117)',
  function* (t, loop) {
    using hall = yield* Hall.open(loop, () => new Probe(loop));
    const [probe, line] = yield* hall.join();
    probe.keepOpen = true;
    line.destroy();
    yield* probe.until(() => probe.events.includes('eof'));
    for (let round = 0; round < 20 && probe.lost === undefined; round++) {
      probe.transport.write(bytesOf(round, 100));
      yield* turns(2);
    }
    t.regex((probe.lost as NodeJS.ErrnoException).code ?? '', /^(EPIPE|ECONNRESET)$/);
    yield* turns(3);
    t.deepEqual(probe.events, ['made', 'eof', 'lost']);
  },
);

inLoop('a write after close() or abort() is dropped (B110)', function* (t, loop) {
  using hall = yield* Hall.open(loop, () => new Probe(loop));
  for (const end of ['close', 'abort'] as const) {
    const [probe, line] = yield* hall.join();
    probe.transport[end]();
    probe.transport.write(Buffer.from('too late'));
    probe.transport.write(bytesOf(1, 100_000));
    probe.transport.writelines([Buffer.from('also too late')]);
    t.is(probe.transport.getWriteBufferSize(), 0);
    yield* line.until(({ ended }) => ended);
    t.is(line.look().received, 0);
    probe.transport.write(Buffer.from('much too late'));
    t.is(probe.transport.getWriteBufferSize(), 0);
    t.deepEqual(probe.events, ['made', 'lost']);
  }
});

bothModes('the fifth write after the end warns, and each one after it (B110)', async (t, { loop, run }) => {
  const warnings: string[] = [];
  const note = ({ message }: Error) => warnings.push(message);
  process.on('warning', note);
  const { transport } = await run(function* () {
    using hall = yield* Hall.open(loop, () => new Probe(loop));
    const [probe] = yield* hall.join();
    probe.transport.close();
    return probe;
  });
  for (let write = 1; write <= 4; write++) transport.write(Buffer.from('x'));
  await immediate();
  t.deepEqual(warnings, []);
  for (let write = 5; write <= 7; write++) transport.write(Buffer.from('x'));
  await immediate();
  process.off('warning', note);
  t.deepEqual(warnings, Array(3).fill('socket.send() raised exception.'));
});

inLoop('the peer ends in the middle of our big write: it still gets everything (B106)', function* (t, loop) {
  using hall = yield* Hall.open(loop, () => new Probe(loop));
  const [probe, line] = yield* hall.join({ paused: true });
  probe.transport.write(bytesOf(1, BIG));
  line.end();
  yield* probe.until(() => probe.events.includes('eof'));
  t.true(probe.transport.isClosing());
  line.resume();
  const { received } = yield* line.until(({ ended }) => ended);
  t.is(received, BIG);
  yield* probe.until(() => probe.lost !== undefined);
  t.is(probe.lost, null);
});

interface SocketInfo {
  fileno(): number;
  getsockname(): [host: string, port: number];
  getpeername(): [host: string, port: number];
}

inLoop(
  'getExtraInfo() gives socket, sockname, peername, and a default for the rest (B112)',
  function* (t, loop) {
    using hall = yield* Hall.open(loop, () => new Probe(loop));
    const [{ transport }, line] = yield* hall.join();
    t.deepEqual(transport.getExtraInfo('sockname'), ['127.0.0.1', hall.port]);
    t.deepEqual(transport.getExtraInfo('peername'), ['127.0.0.1', line.localPort]);
    const socket = transport.getExtraInfo('socket') as SocketInfo;
    t.deepEqual(socket.getsockname(), ['127.0.0.1', hall.port]);
    t.deepEqual(socket.getpeername(), ['127.0.0.1', line.localPort]);
    t.true(socket.fileno() >= 0);
    t.is(transport.getExtraInfo('no such thing') ?? null, null);
    t.is(transport.getExtraInfo('no such thing', 'a default'), 'a default');
    t.deepEqual(transport.getExtraInfo('sockname', 'unused'), ['127.0.0.1', hall.port]);
  },
);

inLoop('getExtraInfo() still answers when the connection is gone (B112)', function* (t, loop) {
  using hall = yield* Hall.open(loop, () => new Probe(loop));
  const [probe, line] = yield* hall.join();
  const { transport } = probe;
  transport.close();
  yield* probe.until(() => probe.lost !== undefined);
  yield* turns(3);
  t.deepEqual(transport.getExtraInfo('sockname'), ['127.0.0.1', hall.port]);
  t.deepEqual(transport.getExtraInfo('peername'), ['127.0.0.1', line.localPort]);
  t.is((transport.getExtraInfo('socket') as SocketInfo).fileno(), -1);
  t.is(transport.getExtraInfo('no such thing', 3), 3);
});

inLoop('the addresses of an IPv6 connection have four parts (B112)', function* (t, loop) {
  const made: Probe[] = [];
  const factory = (): Probe => {
    const probe = new Probe(loop);
    made.push(probe);
    return probe;
  };
  const server = yield* loop.createServer(factory, '::1', 0);
  const [, port] = server.sockets[0]!.getsockname() as [string, number];
  const line = Line.connect(port, { host: '::1' });
  while (made.length === 0) yield* turns(1);
  const [probe] = made;
  yield* probe!.until(() => probe!.events.includes('made'));
  t.deepEqual(probe!.transport.getExtraInfo('sockname'), ['::1', port, 0, 0]);
  t.deepEqual(probe!.transport.getExtraInfo('peername'), ['::1', line.localPort, 0, 0]);
  server.close();
  line.destroy();
});

inLoop(
  'a transport whose peer was gone before it was accepted knows its peername (B112)',
  function* (t, loop) {
    let transport: Transport | undefined;

    class Keeps extends Probe {
      override connectionMade(made: Transport): void {
        super.connectionMade(made);
        transport = made;
      }
    }

    using hall = yield* Hall.open(loop, () => new Keeps(loop));
    const line = hall.knock();
    line.reset();
    yield* turns(6);
    if (transport === undefined) {
      t.pass('this kernel drops such a connection');
      return;
    }
    t.deepEqual(transport.getExtraInfo('peername'), ['127.0.0.1', line.localPort]);
    const [probe] = hall.probes;
    yield* probe!.until(() => probe!.lost !== undefined);
    checkReset(t, probe!.lost);
  },
);
