// What is written late: between the kernel's word and its dispatch, behind close(), or outside any turn.

import { setTimeout as wait } from 'node:timers/promises';
import test from 'ava';
import { Hall, turns } from './support/hall.js';
import { loopTurns } from './support/internals.js';
import { freshLoop } from './support/leaks.js';
import { Desk } from './support/lockstep.js';
import { inLoop } from './support/modes.js';
import { Probe } from './support/probe.js';
import { bytesOf, sameBytes } from './support/random.js';

const KIB = 1024;
const MIB = KIB * KIB;
const LOW = 16 * KIB;
const GIVE_UP_MS = 10_000;
/** So long nothing happens in a loop that sleeps. */
const ASLEEP_MS = 20;

/** Notes what waits when it is resumed. */
class Watchful extends Probe {
  readonly waitingAtResume: number[] = [];

  override resumeWriting(): void {
    this.waitingAtResume.push(this.transport.getWriteBufferSize());
    super.resumeWriting();
  }
}

inLoop(
  'resumeWriting comes only when no more waits than the low mark, also behind a big write of the same turn (B119)',
  function* (t, loop) {
    using hall = yield* Hall.open(loop, () => new Watchful(loop));
    const [probe, line] = yield* hall.join({ paused: true });
    const { transport } = probe;
    const pieces = [bytesOf(0, 16 * MIB)];
    transport.write(pieces[0]!);
    line.resume();
    for (let refill = 1; refill <= 4; ) {
      if (transport.getWriteBufferSize() <= LOW) {
        pieces.push(bytesOf(refill, 16 * MIB));
        transport.write(pieces.at(-1)!);
        refill += 1;
      }
      yield* turns(1);
    }
    // Not by an event: the last one may come while a little still waits.
    while (transport.getWriteBufferSize() > 0 || probe.events.at(-1) !== 'resume') yield* turns(1);
    t.deepEqual(
      probe.waitingAtResume.filter((size) => size > LOW),
      [],
    );
    const calls = probe.events.slice(1);
    t.deepEqual(
      calls,
      calls.map((_, index) => (index % 2 === 0 ? 'pause' : 'resume')),
      'in turns, the pause first',
    );
    transport.close();
    yield* line.until(({ ended }) => ended);
    sameBytes(t, line.data(), Buffer.concat(pieces));
  },
);

inLoop(
  'what is written after close() while something waits arrives, then connectionLost(null)',
  function* (t, loop) {
    using hall = yield* Hall.open(loop, () => new Probe(loop));
    const [probe, line] = yield* hall.join({ paused: true });
    const { transport } = probe;
    const pieces = [bytesOf(0, 8 * MIB)];
    transport.write(pieces[0]!);
    transport.close();
    line.resume();
    for (let piece = 1; piece <= 40; piece++) {
      if (transport.getWriteBufferSize() === 0) break;
      const content = bytesOf(piece, piece % 4 === 0 ? 2 * MIB : 100 * piece);
      transport.write(content);
      pieces.push(content);
      yield* turns(1);
    }
    yield* probe.until(() => probe.lost !== undefined);
    yield* line.until(({ ended }) => ended);
    t.is(probe.lost, null);
    sameBytes(t, line.data(), Buffer.concat(pieces));
  },
);

inLoop(
  'a write after close() when nothing waits any more is dropped as a whole or arrives as a whole',
  function* (t, loop) {
    using hall = yield* Hall.open(loop, () => new Probe(loop));
    const [probe, line] = yield* hall.join({ paused: true });
    const { transport } = probe;
    const first = bytesOf(1, 8 * MIB);
    const late = bytesOf(2, 20 * MIB);
    transport.write(first);
    transport.close();
    line.resume();
    while (transport.getWriteBufferSize() > 0) yield* turns(1);
    transport.write(late);
    const waits = transport.getWriteBufferSize() > 0;
    yield* probe.until(() => probe.lost !== undefined);
    yield* line.until(({ ended }) => ended);
    t.is(probe.lost, null);
    const arrived = waits || line.look().received > first.length;
    sameBytes(t, line.data(), arrived ? Buffer.concat([first, late]) : first);
  },
);

for (const size of [1, 8 * KIB, 100 * KIB]) {
  test.serial(
    `a write of ${size} bytes outside a turn that fails brings connectionLost though nothing else happens [hosted]`,
    async (t) => {
      const loop = freshLoop();
      using desk = new Desk();
      const running = loop.runForever();
      let tell = (): void => undefined;
      const told = new Promise<string>((resolve) => {
        tell = () => resolve('lost');
      });

      class Tells extends Probe {
        override connectionLost(error: Error | null): void {
          super.connectionLost(error);
          tell();
        }
      }

      const [transport, probe] = await loop.createConnection(() => new Tells(loop), '127.0.0.1', desk.port);
      transport.pauseReading();
      let [line] = desk.lines();
      while (line === undefined) {
        await wait(1);
        [line] = desk.lines();
      }
      line.reset();
      for (let before = -1; before !== loopTurns(loop); ) {
        before = loopTurns(loop);
        await wait(ASLEEP_MS);
      }
      t.is(probe.lost, undefined, 'nobody reads: nobody knows yet');
      transport.write(bytesOf(1, size));
      const alarm = new AbortController();
      const late = wait(GIVE_UP_MS, 'nothing', alarm).catch(() => 'nothing');
      t.is(await Promise.race([told, late]), 'lost');
      alarm.abort();
      t.true(probe.lost instanceof Error);
      loop.stop();
      await running;
      loop.close();
    },
  );
}
