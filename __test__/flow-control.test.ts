// The write buffer's limits, pauseWriting and resumeWriting.

import { NotImplementedError, type Transport } from 'mioloop';
import { Hall, reportsOf, turns } from './support/hall.js';
import { inLoop } from './support/modes.js';
import { asyncioName, Probe } from './support/probe.js';
import { bytesOf, sameBytes } from './support/random.js';

const KIB = 1024;
const MIB = KIB * KIB;
const BIG = 16 * MIB;

const count = (probe: Probe, event: string): number => probe.events.filter((each) => each === event).length;

type Limits = Parameters<Transport['setWriteBufferLimits']>[0];

inLoop('limits: 64 KiB and 16 KiB by default, one follows from the other (B118)', function* (t, loop) {
  using hall = yield* Hall.open(loop, () => new Probe(loop));
  const [{ transport }] = yield* hall.join();
  t.deepEqual(transport.getWriteBufferLimits(), [16 * KIB, 64 * KIB]);
  const cases: [Limits, [low: number, high: number]][] = [
    [{ high: 8192 }, [2048, 8192]],
    [{ low: 256 }, [256, 1024]],
    [{ high: 10, low: 10 }, [10, 10]],
    [{ high: 7 }, [1, 7]],
    [{ high: 0 }, [0, 0]],
    [{ low: 0 }, [0, 0]],
    [{ high: 1e12, low: 0 }, [0, 1e12]],
    [{}, [16 * KIB, 64 * KIB]],
    [undefined, [16 * KIB, 64 * KIB]],
  ];
  for (const [limits, expected] of cases) {
    transport.setWriteBufferLimits(limits);
    t.deepEqual(transport.getWriteBufferLimits(), expected);
  }
});

inLoop('impossible limits are a RangeError that names both, and change nothing (B118)', function* (t, loop) {
  using hall = yield* Hall.open(loop, () => new Probe(loop));
  const [{ transport }] = yield* hall.join();
  transport.setWriteBufferLimits({ high: 50, low: 20 });
  const cases: [Limits, string][] = [
    [{ high: 10, low: 100 }, 'high (10) must be >= low (100) must be >= 0'],
    [{ high: -4 }, 'high (-4) must be >= low (-1) must be >= 0'],
    [{ low: -1 }, 'high (-4) must be >= low (-1) must be >= 0'],
    [{ high: 5, low: -1 }, 'high (5) must be >= low (-1) must be >= 0'],
  ];
  for (const [limits, message] of cases) {
    t.throws(() => transport.setWriteBufferLimits(limits), { instanceOf: RangeError, message });
  }
  for (const high of [Number.NaN, '10', 10n, {}]) {
    t.throws(() => transport.setWriteBufferLimits({ high } as Limits), { any: true }, String(high));
  }
  // asyncio takes `high` by its place.
  for (const limits of [5, null, '5'] as unknown[] as Limits[]) {
    const error = {
      instanceOf: TypeError,
      message: /^the options of setWriteBufferLimits\(\) must be an object, got /,
    };
    t.throws(() => transport.setWriteBufferLimits(limits), error);
  }
  t.throws(() => transport.setWriteBufferLimits({ hihg: 5 } as Limits), { instanceOf: NotImplementedError });
  t.deepEqual(transport.getWriteBufferLimits(), [20, 50]);
});

for (const size of [1, 100, 8 * KIB - 1, 8 * KIB, 100 * KIB, MIB]) {
  inLoop(`while (!paused) write(${size} bytes) ends, and everything arrives (B119)`, function* (t, loop) {
    class Fills extends Probe {
      paused = false;

      override pauseWriting(): void {
        super.pauseWriting();
        this.paused = true;
        t.true(this.transport.getWriteBufferSize() > 64 * KIB, 'above the limit when told');
      }

      override resumeWriting(): void {
        this.paused = false;
        t.true(this.transport.getWriteBufferSize() <= 16 * KIB, 'below the limit when told');
        super.resumeWriting();
      }
    }

    using hall = yield* Hall.open(loop, () => new Fills(loop));
    const [probe, line] = yield* hall.join({ paused: true });
    const chunk = bytesOf(1, size);
    let written = 0;
    while (!probe.paused) {
      probe.transport.write(chunk);
      written += size;
    }
    t.true(probe.transport.getWriteBufferSize() <= 64 * KIB + size, 'told at the first write above');
    line.resume();
    yield* probe.until(() => !probe.paused);
    probe.transport.close();
    yield* line.until(({ ended }) => ended);
    t.is(line.look().received, written);
    t.deepEqual([count(probe, 'pause'), count(probe, 'resume')], [1, 1]);
  });
}

inLoop(
  'pauseWriting is called once, inside the write; resumeWriting once, at or below low (B119)',
  function* (t, loop) {
    using hall = yield* Hall.open(loop, () => new Probe(loop));
    const [probe, line] = yield* hall.join({ paused: true });
    probe.transport.setWriteBufferLimits({ high: 1000, low: 100 });
    probe.transport.write(bytesOf(1, BIG));
    t.is(count(probe, 'pause'), 1, 'before write() returned');
    for (let write = 0; write < 5; write++) probe.transport.write(bytesOf(write, 10_000));
    probe.transport.setWriteBufferLimits({ high: 10 });
    yield* turns(3);
    t.is(count(probe, 'pause'), 1);
    t.is(count(probe, 'resume'), 0);
    line.resume();
    yield* probe.until(() => count(probe, 'resume') === 1);
    yield* line.until(({ received }) => received === BIG + 50_000);
    yield* turns(3);
    t.deepEqual([count(probe, 'pause'), count(probe, 'resume')], [1, 1]);
  },
);

inLoop('high = 0 pauses on any buffered byte, and only then (B119)', function* (t, loop) {
  using hall = yield* Hall.open(loop, () => new Probe(loop));
  const [probe, line] = yield* hall.join();
  probe.transport.setWriteBufferLimits({ high: 0 });
  probe.transport.write(Buffer.from('taken whole'));
  yield* turns(2);
  yield* line.until(({ received }) => received === 11);
  t.is(count(probe, 'pause'), 0, 'what the kernel takes whole is not buffered');
  line.pause();
  probe.transport.write(bytesOf(1, BIG));
  t.is(count(probe, 'pause'), 1);
  t.true(probe.transport.getWriteBufferSize() > 0);
  line.resume();
  yield* probe.until(() => count(probe, 'resume') === 1);
  t.is(probe.transport.getWriteBufferSize(), 0);
});

inLoop('resumeWriting may write again, as often as it likes, in order (B119)', function* (t, loop) {
  const pieces = Array.from({ length: 40 }, (_, seed) => bytesOf(seed, 200 * KIB));
  let next = 0;

  class Pumps extends Probe {
    paused = false;

    pump(): void {
      while (!this.paused && next < pieces.length) this.transport.write(pieces[next++]!);
      if (next === pieces.length) this.transport.close();
    }

    override pauseWriting(): void {
      super.pauseWriting();
      this.paused = true;
    }

    override resumeWriting(): void {
      super.resumeWriting();
      this.paused = false;
      this.pump();
    }
  }

  using hall = yield* Hall.open(loop, () => new Pumps(loop));
  const [probe, line] = yield* hall.join({ paused: true });
  probe.pump();
  t.true(probe.paused);
  line.resume();
  yield* line.until(({ ended }) => ended);
  sameBytes(t, line.data(), Buffer.concat(pieces));
  yield* probe.until(() => probe.lost !== undefined);
});

for (const hook of ['pauseWriting', 'resumeWriting'] as const) {
  inLoop(`an exception in ${hook} is only reported; the connection goes on (B46, B119)`, function* (t, loop) {
    class Throws extends Probe {
      override pauseWriting(): void {
        super.pauseWriting();
        if (hook === 'pauseWriting') throw new Error('boom');
      }

      override resumeWriting(): void {
        super.resumeWriting();
        if (hook === 'resumeWriting') throw new Error('boom');
      }
    }

    const reports = reportsOf(loop);
    using hall = yield* Hall.open(loop, () => new Throws(loop));
    const [probe, line] = yield* hall.join({ paused: true });
    const content = bytesOf(1, BIG);
    probe.transport.write(content);
    line.resume();
    yield* probe.until(() => count(probe, 'resume') === 1);
    probe.transport.write(Buffer.from('and on'));
    probe.transport.close();
    yield* line.until(({ ended }) => ended);
    sameBytes(t, line.data(), Buffer.concat([content, Buffer.from('and on')]));
    t.is(reports.length, 1);
    const report = reports[0]!;
    t.is((report.exception as Error).message, 'boom');
    t.is(report.transport, probe.transport);
    t.is(report.protocol, probe);
    t.is(report.message, `protocol.${asyncioName(hook)}() failed`);
  });
}

inLoop('setWriteBufferLimits() below what is buffered pauses at once (B118)', function* (t, loop) {
  using hall = yield* Hall.open(loop, () => new Probe(loop));
  const [probe, line] = yield* hall.join({ paused: true });
  probe.transport.setWriteBufferLimits({ high: 2 * BIG });
  probe.transport.write(bytesOf(1, BIG));
  t.is(count(probe, 'pause'), 0);
  probe.transport.setWriteBufferLimits({ high: 100 });
  t.is(count(probe, 'pause'), 1);
  line.resume();
  yield* probe.until(() => count(probe, 'resume') === 1);
});

inLoop('writelines pauses as write does, and is dropped after close() (B120)', function* (t, loop) {
  using hall = yield* Hall.open(loop, () => new Probe(loop));
  const [probe, line] = yield* hall.join({ paused: true });
  const pieces = [bytesOf(1, BIG / 2), bytesOf(2, BIG / 2)];
  probe.transport.writelines(pieces);
  t.is(count(probe, 'pause'), 1);
  line.resume();
  yield* probe.until(() => count(probe, 'resume') === 1);
  yield* line.until(({ received }) => received === BIG);
  probe.transport.close();
  probe.transport.writelines(pieces);
  t.is(probe.transport.getWriteBufferSize(), 0);
  yield* line.until(({ ended }) => ended);
  sameBytes(t, line.data(), Buffer.concat(pieces));
});

inLoop('one slow reader pauses its own connection only (B119)', function* (t, loop) {
  using hall = yield* Hall.open(loop, () => new Probe(loop));
  const [slow] = yield* hall.join({ paused: true });
  const [quick, line] = yield* hall.join();
  slow.transport.write(bytesOf(1, BIG));
  quick.transport.write(bytesOf(2, 1000));
  yield* line.until(({ received }) => received === 1000);
  t.is(count(slow, 'pause'), 1);
  t.deepEqual(quick.events, ['made']);
});
