// How a connection ends: close() flushes, abort() drops, connectionLost comes exactly once and tells why.

import type { Transport } from 'mioloop';
import { Hall, turns } from './support/hall.js';
import { inLoop } from './support/modes.js';
import { Probe } from './support/probe.js';
import { bytesOf, sameBytes } from './support/random.js';

/** Bytes; more than the kernel takes for a connection that nobody reads. */
const BIG = 16 * 1024 * 1024;

inLoop('close() sends what is buffered first, then connectionLost(null) (B107)', function* (t, loop) {
  using hall = yield* Hall.open(loop, () => new Probe(loop));
  const [probe, line] = yield* hall.join({ paused: true });
  const content = bytesOf(1, BIG);
  probe.transport.write(content);
  t.true(probe.transport.getWriteBufferSize() > 0);
  probe.transport.close();
  t.true(probe.transport.isClosing());
  yield* turns(5);
  t.is(probe.lost, undefined, 'not before everything is sent');
  line.resume();
  yield* line.until(({ ended }) => ended);
  sameBytes(t, line.data(), content);
  yield* probe.until(() => probe.lost !== undefined);
  t.is(probe.lost, null);
  t.is(probe.events.filter((event) => event === 'lost').length, 1);
});

inLoop(
  'close() of an idle connection calls connectionLost(null) by callSoon, never inline (B107)',
  function* (t, loop) {
    using hall = yield* Hall.open(loop, () => new Probe(loop));
    const [probe, line] = yield* hall.join();
    const order: string[] = [];
    loop.callSoon(() => order.push('before'));
    probe.transport.close();
    t.is(probe.lost, undefined);
    loop.callSoon(() => order.push(probe.lost === null ? 'after connectionLost' : 'before connectionLost'));
    yield* turns(2);
    t.deepEqual(order, ['before', 'after connectionLost']);
    const { error } = yield* line.until(({ ended }) => ended);
    t.is(error, null);
  },
);

inLoop('after close() nothing more is read, even while the buffer drains (B107)', function* (t, loop) {
  using hall = yield* Hall.open(loop, () => new Probe(loop));
  const [probe, line] = yield* hall.join({ paused: true });
  probe.transport.write(bytesOf(1, BIG));
  probe.transport.close();
  line.deliver('nobody hears this');
  yield* turns(3);
  line.resume();
  yield* probe.until(() => probe.lost !== undefined);
  t.false(probe.events.includes('data'));
});

type Ending = (transport: Transport) => void;
const close: Ending = (transport) => transport.close();
const abort: Ending = (transport) => transport.abort();
const dispose: Ending = (transport) => transport[Symbol.dispose]();

const ENDINGS: [title: string, endings: Ending[]][] = [
  ['close(), close()', [close, close]],
  ['close(), abort()', [close, abort]],
  ['abort(), abort()', [abort, abort]],
  ['abort(), close()', [abort, close]],
  ['Symbol.dispose, close()', [dispose, close]],
];

for (const [title, endings] of ENDINGS) {
  for (const backedUp of [false, true]) {
    if (backedUp && !endings.includes(abort)) continue;
    const state = backedUp ? 'a backed-up' : 'an idle';
    inLoop(`${title} on ${state} transport: connectionLost(null) exactly once (B108)`, function* (t, loop) {
      using hall = yield* Hall.open(loop, () => new Probe(loop));
      const [probe] = yield* hall.join({ paused: backedUp });
      if (backedUp) probe.transport.write(bytesOf(1, BIG));
      for (const end of endings) end(probe.transport);
      t.true(probe.transport.isClosing());
      t.is(probe.lost, undefined, 'not inline');
      yield* probe.until(() => probe.lost !== undefined);
      yield* turns(3);
      for (const end of endings) end(probe.transport);
      yield* turns(3);
      t.is(probe.lost, null);
      t.is(probe.events.filter((event) => event === 'lost').length, 1);
    });
  }
}

inLoop('abort() drops writes that have not been sent, and gives no reason (B108)', function* (t, loop) {
  using hall = yield* Hall.open(loop, () => new Probe(loop));
  const [probe, line] = yield* hall.join({ paused: true });
  const content = bytesOf(1, BIG);
  probe.transport.write(content);
  t.true(probe.transport.getWriteBufferSize() > 0);
  probe.transport.abort();
  t.is(probe.transport.getWriteBufferSize(), 0);
  yield* probe.until(() => probe.lost !== undefined);
  t.is(probe.lost, null);
  line.resume();
  yield* line.until(({ ended, closed }) => ended || closed);
  const arrived = line.data();
  t.true(arrived.length < content.length);
  sameBytes(t, arrived, content.subarray(0, arrived.length));
});

inLoop(
  'what the kernel takes at once is sent, though abort() follows in the same turn (B108)',
  function* (t, loop) {
    using hall = yield* Hall.open(loop, () => new Probe(loop));
    const [probe, line] = yield* hall.join();
    probe.transport.write(Buffer.from('famous last words'));
    probe.transport.abort();
    yield* line.until(({ ended }) => ended);
    t.is(line.data().toString(), 'famous last words');
    t.is(probe.lost, null);
  },
);

for (const end of [close, abort]) {
  inLoop(
    `${end.name}() in connectionMade: connectionLost(null), and nothing is read (B108)`,
    function* (t, loop) {
      class Refuses extends Probe {
        override connectionMade(transport: Transport): void {
          super.connectionMade(transport);
          end(transport);
        }
      }

      using hall = yield* Hall.open(loop, () => new Refuses(loop));
      hall.knock().deliver('let me in');
      while (hall.probes.length === 0) yield* turns(1);
      const [probe] = hall.probes;
      yield* probe!.until(() => probe!.lost !== undefined);
      yield* turns(3);
      t.deepEqual(probe!.events, ['made', 'lost']);
      t.is(probe!.lost, null);
    },
  );

  inLoop(`${end.name}() in dataReceived: no further data, connectionLost(null) (B107)`, function* (t, loop) {
    class HangsUp extends Probe {
      override dataReceived(data: Buffer): void {
        super.dataReceived(data);
        end(this.transport);
      }
    }

    using hall = yield* Hall.open(loop, () => new HangsUp(loop));
    const [probe, line] = yield* hall.join();
    line.deliver('one');
    line.end();
    yield* probe.until(() => probe.lost !== undefined);
    yield* turns(3);
    t.deepEqual(probe.events, ['made', 'data', 'lost']);
    t.is(probe.lost, null);
  });
}

inLoop(
  'the socket is closed and the server let go behind connectionLost, not before (B109)',
  function* (t, loop) {
    const fds: number[] = [];

    class Looks extends Probe {
      override connectionLost(error: Error | null): void {
        super.connectionLost(error);
        fds.push(fdOf(this.transport));
        t.false(closed.done(), 'waitClosed still waits');
      }
    }

    using hall = yield* Hall.open(loop, () => new Looks(loop));
    const [probe, line] = yield* hall.join();
    hall.server.close();
    const closed = hall.server.waitClosed();
    yield* turns(2);
    t.false(closed.done());
    probe.transport.close();
    yield* closed;
    t.true(fds[0]! >= 0, 'open in connectionLost');
    t.is(fdOf(probe.transport), -1, 'closed behind it');
    yield* line.until(({ ended }) => ended);
  },
);

function fdOf(transport: Transport): number {
  const socket = transport.getExtraInfo('socket') as { fileno(): number };
  return socket.fileno();
}
