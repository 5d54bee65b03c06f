// BufferedProtocol: received straight into the user's own memory.

import type { Transport } from 'mioloop';
import { Hall, turns } from './support/hall.js';
import { inLoop } from './support/modes.js';
import { BufferedProbe, Probe } from './support/probe.js';
import { bytesOf, detach, sameBytes } from './support/random.js';

const MIB = 1024 * 1024;

for (const size of [1, 1000, 64 * 1024, MIB]) {
  const length = Math.min(MIB, size * 5000);
  inLoop(`echo of ${length} bytes through a buffer of ${size}`, function* (t, loop) {
    class Echoes extends BufferedProbe {
      override bufferUpdated(nbytes: number): void {
        this.transport.write(this.buffer.subarray(0, nbytes));
        super.bufferUpdated(nbytes);
      }
    }

    using hall = yield* Hall.open(loop, () => new Echoes(loop, size));
    const [probe, line] = yield* hall.join();
    const content = bytesOf(1, length);
    line.send(content);
    yield* line.until(({ received }) => received === length);
    sameBytes(t, line.data(), content);
    line.end();
    yield* probe.until(() => probe.lost !== undefined);
    t.true(probe.hints.every((hint) => hint === -1));
  });
}

inLoop('a view is filled from its own start and never beyond its end', function* (t, loop) {
  const memory = Buffer.alloc(1000, 0xee);

  class Views extends BufferedProbe {
    override getBuffer(sizehint: number): Uint8Array {
      super.getBuffer(sizehint);
      this.buffer = new Uint8Array(memory.buffer, memory.byteOffset + 100, 50);
      return this.buffer;
    }
  }

  using hall = yield* Hall.open(loop, () => new Views(loop));
  const [probe, line] = yield* hall.join();
  const content = bytesOf(1, 333);
  line.deliver(content);
  yield* probe.until(() => probe.received === content.length);
  sameBytes(t, probe.data, content);
  t.true(probe.chunks.every(({ length }) => length <= 50));
  t.true(memory.subarray(0, 100).every((byte) => byte === 0xee));
  t.true(memory.subarray(150).every((byte) => byte === 0xee));
});

inLoop('a new buffer each time: each keeps what was received into it', function* (t, loop) {
  const buffers: Uint8Array[] = [];

  class Keeps extends BufferedProbe {
    override getBuffer(sizehint: number): Uint8Array {
      super.getBuffer(sizehint);
      this.buffer = new Uint8Array(10 + buffers.length);
      buffers.push(this.buffer);
      return this.buffer;
    }
  }

  using hall = yield* Hall.open(loop, () => new Keeps(loop));
  const [probe, line] = yield* hall.join();
  const content = bytesOf(1, 20_000);
  line.deliver(content);
  yield* probe.until(() => probe.received === content.length);
  const kept = buffers.map((buffer, at) => buffer.subarray(0, probe.chunks[at]?.length ?? 0));
  sameBytes(t, Buffer.concat(kept), content);
});

inLoop(
  'getBuffer(-1) is asked for before the end, which is no bufferUpdated (B104, B106)',
  function* (t, loop) {
    using hall = yield* Hall.open(loop, () => new BufferedProbe(loop));
    const [probe, line] = yield* hall.join();
    line.end();
    yield* probe.until(() => probe.lost !== undefined);
    t.deepEqual(probe.hints, [-1]);
    t.deepEqual(probe.events, ['made', 'eof', 'lost']);
    t.is(probe.lost, null);
  },
);

inLoop('a reset reaches a buffered protocol as connectionLost(ECONNRESET) (B102)', function* (t, loop) {
  using hall = yield* Hall.open(loop, () => new BufferedProbe(loop));
  const [probe, line] = yield* hall.join();
  line.reset();
  yield* probe.until(() => probe.lost !== undefined);
  t.is((probe.lost as NodeJS.ErrnoException).code, 'ECONNRESET');
  t.deepEqual(probe.events, ['made', 'lost']);
});

inLoop(
  'switching between plain and buffered at every data loses and reorders nothing (B105)',
  function* (t, loop) {
    const all: Buffer[] = [];
    let switches = 0;
    let total = 0;

    function switchTo(transport: Transport, fresh: Plain | Buffered): void {
      fresh.transport = transport;
      transport.setProtocol(fresh);
      switches += 1;
    }

    class Plain extends Probe {
      override dataReceived(data: Buffer): void {
        all.push(data);
        total += data.length;
        switchTo(this.transport, new Buffered(loop, 1 + (switches % 3) * 4000));
      }
    }

    class Buffered extends BufferedProbe {
      override bufferUpdated(nbytes: number): void {
        all.push(Buffer.from(this.buffer.subarray(0, nbytes)));
        total += nbytes;
        switchTo(this.transport, new Plain(loop));
      }
    }

    using hall = yield* Hall.open(loop, () => new Plain(loop));
    const [, line] = yield* hall.join();
    const sent: Buffer[] = [];
    for (let round = 0; round < 60; round++) {
      const piece = bytesOf(round, 1 + ((round * 997) % 9000));
      sent.push(piece);
      line.deliver(piece);
      yield* turns(round % 4);
    }
    const expected = Buffer.concat(sent);
    while (total < expected.length) yield* turns(1);
    sameBytes(t, Buffer.concat(all), expected);
    t.true(switches >= 60 / 4);
  },
);

inLoop(
  'setProtocol() to a buffered one in connectionMade: it gets the first data (B105)',
  function* (t, loop) {
    const fresh = new BufferedProbe(loop);

    class Leaves extends Probe {
      override connectionMade(transport: Transport): void {
        transport.setProtocol(fresh);
        super.connectionMade(transport);
      }
    }

    using hall = yield* Hall.open(loop, () => new Leaves(loop));
    const line = hall.knock();
    line.deliver('first');
    yield* fresh.until(() => fresh.received === 5);
    t.is(fresh.data.toString(), 'first');
  },
);

for (const act of ['pauseReading', 'close', 'abort'] as const) {
  inLoop(`${act}() in getBuffer is safe`, function* (t, loop) {
    class Acts extends BufferedProbe {
      override getBuffer(sizehint: number): Uint8Array {
        if (this.hints.length === 0) this.transport[act]();
        return super.getBuffer(sizehint);
      }
    }

    using hall = yield* Hall.open(loop, () => new Acts(loop));
    const [probe, line] = yield* hall.join();
    line.deliver('hello');
    while (probe.hints.length === 0) yield* turns(1);
    yield* turns(3);
    if (act === 'pauseReading') {
      t.false(probe.transport.isReading());
      probe.transport.resumeReading();
      yield* probe.until(() => probe.received === 5);
      t.is(probe.data.toString(), 'hello');
      return;
    }
    yield* probe.until(() => probe.lost !== undefined);
    t.is(probe.lost, null);
    t.is(probe.events.filter((event) => event === 'lost').length, 1);
  });
}

inLoop(
  'memory that goes away between getBuffer and the read is an error, not a crash (B103)',
  function* (t, loop) {
    const reports: unknown[] = [];
    loop.setExceptionHandler((_loop, { exception }) => {
      reports.push(exception);
    });

    class Detaches extends BufferedProbe {
      override bufferUpdated(nbytes: number): void {
        super.bufferUpdated(nbytes);
        detach(this.buffer);
      }
    }

    using hall = yield* Hall.open(loop, () => new Detaches(loop));
    const [probe, line] = yield* hall.join();
    line.deliver('one');
    yield* probe.until(() => probe.received > 0);
    line.deliver('two');
    yield* probe.until(() => probe.lost !== undefined);
    t.is(reports.length, 1);
    t.is(probe.lost as unknown, reports[0]);
  },
);
