// The reading side of a transport: when reading starts, pausing, exceptions of the protocol, the end.

import type { Transport } from 'mioloop';
import { sleep } from 'mioloop';
import { Hall, reportsOf, turns } from './support/hall.js';
import { loopTurns } from './support/internals.js';
import { Desk } from './support/lockstep.js';
import { inLoop } from './support/modes.js';
import { Echo, Probe } from './support/probe.js';
import { bytesOf, sameBytes } from './support/random.js';

inLoop('reading starts after connectionMade, on the accepting side (B100)', function* (t, loop) {
  const seen: [event: string, turn: number][] = [];

  class Dated extends Probe {
    override connectionMade(transport: Transport): void {
      super.connectionMade(transport);
      seen.push(['made', loopTurns(loop)]);
    }

    override dataReceived(data: Buffer): void {
      super.dataReceived(data);
      seen.push(['data', loopTurns(loop)]);
    }
  }

  using hall = yield* Hall.open(loop, () => new Dated(loop));
  hall.knock().deliver('here before you');
  while (hall.probes.length === 0) yield* turns(1);
  const [probe] = hall.probes;
  yield* probe!.until(() => probe!.received === 15);
  const [made, data] = seen;
  t.deepEqual([made![0], data![0]], ['made', 'data']);
  t.is(data![1], made![1] + 1, 'the data come one turn later');
});

inLoop('createConnection returns after connectionMade and before the first data (B100)', function* (t, loop) {
  const order: string[] = [];

  class Ordered extends Probe {
    override connectionMade(transport: Transport): void {
      super.connectionMade(transport);
      order.push('made');
    }

    override dataReceived(data: Buffer): void {
      super.dataReceived(data);
      order.push('data');
    }
  }

  using desk = new Desk({ greeting: Buffer.from('hello') });
  const [transport, probe] = yield* loop.createConnection(
    () => {
      order.push('factory');
      return new Ordered(loop);
    },
    '127.0.0.1',
    desk.port,
  );
  order.push('returned');
  t.is(transport, probe.transport);
  yield* probe.until(() => probe.received === 5);
  t.deepEqual(order, ['factory', 'made', 'returned', 'data']);
  transport.close();
});

inLoop('pauseReading() in connectionMade is honoured (B101)', function* (t, loop) {
  class Patient extends Probe {
    override connectionMade(transport: Transport): void {
      transport.pauseReading();
      super.connectionMade(transport);
    }
  }

  using hall = yield* Hall.open(loop, () => new Patient(loop));
  const [probe, line] = yield* hall.join();
  line.deliver('not yet');
  yield* turns(5);
  t.false(probe.transport.isReading());
  t.deepEqual(probe.events, ['made']);
  probe.transport.resumeReading();
  t.true(probe.transport.isReading());
  yield* probe.until(() => probe.received === 7);
  t.is(probe.data.toString(), 'not yet');
});

inLoop('pausing twice is undone by resuming once, and back (B101)', function* (t, loop) {
  using hall = yield* Hall.open(loop, () => new Probe(loop));
  const [{ transport }] = yield* hall.join();
  t.true(transport.isReading());
  transport.resumeReading();
  t.true(transport.isReading());
  transport.pauseReading();
  transport.pauseReading();
  t.false(transport.isReading());
  transport.resumeReading();
  t.true(transport.isReading());
  transport.resumeReading();
  t.true(transport.isReading());
});

inLoop(
  'isReading() is false once closing, and pausing or resuming then does nothing (B101)',
  function* (t, loop) {
    using hall = yield* Hall.open(loop, () => new Probe(loop));
    const [probe, line] = yield* hall.join();
    probe.transport.close();
    t.false(probe.transport.isReading());
    probe.transport.pauseReading();
    probe.transport.resumeReading();
    t.false(probe.transport.isReading());
    line.write('too late');
    yield* probe.until(() => probe.lost !== undefined);
    probe.transport.pauseReading();
    probe.transport.resumeReading();
    t.false(probe.transport.isReading());
    yield* turns(3);
    t.deepEqual(probe.events, ['made', 'lost']);
  },
);

inLoop(
  'what arrives while paused, and the end behind it, comes in order after resuming (B101)',
  function* (t, loop) {
    using hall = yield* Hall.open(loop, () => new Probe(loop));
    const [probe, line] = yield* hall.join();
    const sent: Buffer[] = [];
    for (let round = 0; round < 20; round++) {
      if (round % 2 === 0) probe.transport.pauseReading();
      else probe.transport.resumeReading();
      const piece = bytesOf(round, 3000);
      sent.push(piece);
      line.deliver(piece);
      yield* turns(round % 3);
    }
    probe.transport.pauseReading();
    line.end();
    yield* turns(3);
    t.false(probe.events.includes('eof'));
    probe.transport.resumeReading();
    yield* probe.until(() => probe.lost !== undefined);
    sameBytes(t, probe.data, Buffer.concat(sent));
    t.deepEqual(probe.events, ['made', 'data', 'eof', 'lost']);
  },
);

inLoop('data that a protocol keeps are its own: later reads do not change them', function* (t, loop) {
  using hall = yield* Hall.open(loop, () => new Probe(loop));
  const [probe, line] = yield* hall.join();
  const pieces = [1, 2, 3, 4].map((seed) => bytesOf(seed, 70_000));
  for (const [round, piece] of pieces.entries()) {
    line.deliver(piece);
    yield* probe.until(() => probe.received === (round + 1) * piece.length);
  }
  sameBytes(t, probe.data, Buffer.concat(pieces));
  for (const chunk of probe.chunks) t.true(Buffer.isBuffer(chunk));
});

inLoop('a falsy result of eofReceived closes the transport (B106)', function* (t, loop) {
  using hall = yield* Hall.open(loop, () => new Probe(loop));
  const [probe, line] = yield* hall.join();
  line.deliver('last words');
  line.end();
  yield* probe.until(() => probe.lost !== undefined);
  t.deepEqual(probe.events, ['made', 'data', 'eof', 'lost']);
  t.is(probe.lost, null);
  t.true(probe.transport.isClosing());
  t.true((yield* line.until(({ ended }) => ended)).ended);
});

inLoop(
  'a true result of eofReceived keeps the writing side open, without a busy loop (B106)',
  function* (t, loop) {
    using hall = yield* Hall.open(loop, () => new Probe(loop));
    const [probe, line] = yield* hall.join();
    probe.keepOpen = true;
    line.end();
    yield* probe.until(() => probe.events.includes('eof'));
    t.false(probe.transport.isClosing());
    const before = loopTurns(loop);
    yield* sleep(0.05);
    t.true(loopTurns(loop) - before < 20, `${loopTurns(loop) - before} turns in 50 ms of silence`);
    const answer = bytesOf(1, 300_000);
    probe.transport.write(answer);
    probe.transport.close();
    yield* line.until(({ ended }) => ended);
    sameBytes(t, line.data(), answer);
    yield* probe.until(() => probe.lost !== undefined);
    t.deepEqual(
      probe.events.filter((event) => event !== 'pause' && event !== 'resume'),
      ['made', 'eof', 'lost'],
    );
  },
);

inLoop(
  'a reset is the reason of connectionLost, and no case for the exception handler (B102)',
  function* (t, loop) {
    using hall = yield* Hall.open(loop, () => new Probe(loop));
    const [probe, line] = yield* hall.join();
    line.reset();
    yield* probe.until(() => probe.lost !== undefined);
    const error = probe.lost as NodeJS.ErrnoException;
    t.true(error instanceof Error);
    t.is(error.code, 'ECONNRESET');
    t.deepEqual(probe.events, ['made', 'lost']);
  },
);

inLoop(
  'setProtocol() sends the rest to the new protocol, getProtocol() tells it (B105)',
  function* (t, loop) {
    const second = new Echo(loop);

    class Leaves extends Probe {
      override dataReceived(data: Buffer): void {
        super.dataReceived(data);
        second.transport = this.transport;
        this.transport.setProtocol(second);
      }
    }

    using hall = yield* Hall.open(loop, () => new Leaves(loop));
    const [first, line] = yield* hall.join();
    t.is(first.transport.getProtocol(), first);
    line.deliver('one');
    yield* first.until(() => first.received === 3);
    t.is(first.transport.getProtocol(), second);
    line.deliver('two');
    yield* line.until(({ received }) => received === 3);
    line.end();
    yield* second.until(() => second.lost !== undefined);
    t.deepEqual(first.events, ['made', 'data'], 'the old protocol hears nothing more');
    t.deepEqual(second.events, ['data', 'eof', 'lost'], 'connectionMade is not called again');
    t.is(first.data.toString() + second.data.toString(), 'onetwo');
  },
);

inLoop('the rejection of an async dataReceived goes to the exception handler', function* (t, loop) {
  class Rejects extends Probe {
    override async dataReceived(data: Buffer): Promise<void> {
      super.dataReceived(data);
      throw new Error('boom');
    }
  }

  const reports = reportsOf(loop);
  using hall = yield* Hall.open(loop, () => new Rejects(loop));
  const [probe, line] = yield* hall.join();
  line.deliver('x');
  yield* probe.until(() => probe.received === 1);
  yield* turns(3);
  t.deepEqual(
    reports.map(({ exception }) => (exception as Error).message),
    ['boom'],
  );
});
