// What a protocol may do inside pauseWriting and resumeWriting.

import { Hall, turns } from './support/hall.js';
import { inLoop } from './support/modes.js';
import { Probe } from './support/probe.js';
import { bytesOf, sameBytes } from './support/random.js';

const BIG = 16 * 1024 * 1024;

inLoop('a write from pauseWriting is still sent, behind what caused it (B119)', function* (t, loop) {
  class WritesWhenPaused extends Probe {
    override pauseWriting(): void {
      super.pauseWriting();
      this.transport.write(Buffer.from('written while paused'));
    }
  }

  using hall = yield* Hall.open(loop, () => new WritesWhenPaused(loop));
  const [probe, line] = yield* hall.join({ paused: true });
  const content = bytesOf(1, BIG);
  probe.transport.write(content);
  t.deepEqual(probe.events, ['made', 'pause']);
  line.resume();
  yield* probe.until(() => probe.events.includes('resume'));
  probe.transport.close();
  yield* line.until(({ ended }) => ended);
  sameBytes(t, line.data(), Buffer.concat([content, Buffer.from('written while paused')]));
});

inLoop('pauseWriting that writes much does not disturb the writes around it (B119)', function* (t, loop) {
  const inside = Array.from({ length: 2000 }, (_, seed) => bytesOf(seed, 100));

  class Refills extends Probe {
    override pauseWriting(): void {
      super.pauseWriting();
      for (const piece of inside) this.transport.write(piece);
    }
  }

  using hall = yield* Hall.open(loop, () => new Refills(loop));
  const [probe, line] = yield* hall.join({ paused: true });
  const before = Array.from({ length: 50_000 }, (_, seed) => bytesOf(seed, 20));
  probe.transport.setWriteBufferLimits({ high: BIG / 4 });
  const big = [bytesOf(1, BIG / 2), bytesOf(2, BIG / 2)];
  const after = [bytesOf(3, 50), bytesOf(4, 20_000)];
  for (const piece of before) probe.transport.write(piece);
  t.deepEqual(probe.events, ['made'], 'a megabyte is below the limit');
  probe.transport.writelines(big);
  t.deepEqual(probe.events, ['made', 'pause']);
  for (const piece of after) probe.transport.write(piece);
  t.true(probe.transport.getWriteBufferSize() <= BIG + 50_000 * 20 + 200_000 + 20_050);
  probe.transport.close();
  line.resume();
  yield* line.until(({ ended }) => ended);
  sameBytes(t, line.data(), Buffer.concat([...before, ...big, ...inside, ...after]));
});

inLoop('a protocol that aborts from pauseWriting is not resumed (B119)', function* (t, loop) {
  class Impatient extends Probe {
    override pauseWriting(): void {
      super.pauseWriting();
      this.transport.abort();
    }
  }

  using hall = yield* Hall.open(loop, () => new Impatient(loop));
  const [probe, line] = yield* hall.join({ paused: true });
  probe.transport.write(bytesOf(1, BIG));
  t.is(probe.transport.getWriteBufferSize(), 0);
  yield* probe.until(() => probe.lost !== undefined);
  line.resume();
  yield* line.until(({ ended, closed }) => ended || closed);
  yield* turns(3);
  t.deepEqual(probe.events, ['made', 'pause', 'lost']);
  t.is(probe.lost, null);
});

inLoop(
  'a protocol that closes from pauseWriting gets its backlog sent, then connectionLost(null)',
  function* (t, loop) {
    class Leaves extends Probe {
      override pauseWriting(): void {
        super.pauseWriting();
        this.transport.close();
      }
    }

    using hall = yield* Hall.open(loop, () => new Leaves(loop));
    const [probe, line] = yield* hall.join({ paused: true });
    const content = bytesOf(1, BIG);
    probe.transport.write(content);
    line.resume();
    yield* line.until(({ ended }) => ended);
    sameBytes(t, line.data(), content);
    yield* probe.until(() => probe.lost !== undefined);
    t.is(probe.lost, null);
  },
);

inLoop('close() and abort() in resumeWriting end the connection once (B119)', function* (t, loop) {
  for (const end of ['close', 'abort'] as const) {
    class Ends extends Probe {
      override resumeWriting(): void {
        super.resumeWriting();
        this.transport[end]();
      }
    }

    using hall = yield* Hall.open(loop, () => new Ends(loop));
    const [probe, line] = yield* hall.join({ paused: true });
    probe.transport.setWriteBufferLimits({ high: 0 });
    probe.transport.write(bytesOf(1, BIG));
    line.resume();
    yield* probe.until(() => probe.lost !== undefined);
    const { received } = yield* line.until(({ ended }) => ended);
    t.is(received, BIG, 'resumed with an empty buffer: nothing was left to drop');
    yield* turns(3);
    t.deepEqual(probe.events, ['made', 'pause', 'resume', 'lost']);
  }
});

inLoop(
  'setProtocol() between the pause and the resume: the new protocol is resumed (B105, B119)',
  function* (t, loop) {
    using hall = yield* Hall.open(loop, () => new Probe(loop));
    const [first, line] = yield* hall.join({ paused: true });
    const second = new Probe(loop);
    first.transport.write(bytesOf(1, BIG));
    second.transport = first.transport;
    first.transport.setProtocol(second);
    line.resume();
    yield* second.until(() => second.events.includes('resume'));
    t.deepEqual(first.events, ['made', 'pause']);
  },
);
