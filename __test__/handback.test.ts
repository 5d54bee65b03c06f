// Data that were read for a connection which another one, served earlier in the same turn, has paused or closed: they are
// kept in order, or dropped. Both strangers' bytes are in the kernel before the turn begins: they are delivered while a
// callback holds the loop.

import type { Transport } from 'mioloop';
import { Hall, turns } from './support/hall.js';
import { bothAtOnce, Meddler, pairOf, WORDS } from './support/meddler.js';
import { inLoop } from './support/modes.js';
import { BufferedProbe, Probe } from './support/probe.js';
import { bytesOf, Random, sameBytes } from './support/random.js';

inLoop('data of two connections are dispatched in one turn when nobody interferes', function* (t, loop) {
  using hall = yield* Hall.open(loop, () => new Meddler(loop));
  const pair = yield* pairOf(hall);
  yield* bothAtOnce(pair, WORDS);
  const [first, second] = pair.probes;
  t.deepEqual(first.turnsOfData, second.turnsOfData, 'the tests of this file rest on this');
});

inLoop(
  'paused before its data are dispatched: nothing is delivered, nothing is lost (B101)',
  function* (t, loop) {
    using hall = yield* Hall.open(loop, () => new Meddler(loop));
    const pair = yield* pairOf(hall, (other) => other.transport.pauseReading());
    const { left, content, line } = yield* bothAtOnce(pair, WORDS);
    const more = bytesOf(3, 7000);
    line.deliver(more);
    yield* turns(5);
    t.deepEqual(left.events, ['made']);
    left.transport.resumeReading();
    yield* left.until(() => left.received === content.length + more.length);
    sameBytes(t, left.data, Buffer.concat([content, more]));
  },
);

inLoop('paused and resumed before its data are dispatched: they come, in order (B101)', function* (t, loop) {
  using hall = yield* Hall.open(loop, () => new Meddler(loop));
  const pair = yield* pairOf(hall, ({ transport }) => {
    transport.pauseReading();
    transport.resumeReading();
    transport.pauseReading();
    transport.resumeReading();
  });
  const { left, content, line } = yield* bothAtOnce(pair, WORDS);
  const more = bytesOf(3, 7000);
  line.deliver(more);
  yield* left.until(() => left.received === content.length + more.length);
  sameBytes(t, left.data, Buffer.concat([content, more]));
});

inLoop(
  'paused before data and the end are dispatched: the end comes behind the data (B101, B106)',
  function* (t, loop) {
    using hall = yield* Hall.open(loop, () => new Meddler(loop));
    const pair = yield* pairOf(hall, (other) => other.transport.pauseReading());
    pair.lines[0].deliver(WORDS[0]);
    pair.lines[1].deliver(WORDS[1]);
    for (const line of pair.lines) line.end();
    yield* turns(5);
    const left = pair.probes.find(({ received }) => received === 0)!;
    t.deepEqual(left.events, ['made']);
    left.transport.resumeReading();
    yield* left.until(() => left.lost !== undefined);
    t.deepEqual(left.events, ['made', 'data', 'eof', 'lost']);
    sameBytes(t, left.data, WORDS[pair.probes.indexOf(left)]!);
  },
);

inLoop('paused before its end alone is dispatched: the end comes after resuming (B106)', function* (t, loop) {
  class Ends extends Probe {
    other!: Ends;

    override eofReceived(): boolean {
      super.eofReceived();
      if (!this.other.events.includes('eof')) this.other.transport.pauseReading();
      return true;
    }
  }

  using hall = yield* Hall.open(loop, () => new Ends(loop));
  const [first, firstLine] = yield* hall.join();
  const [second, secondLine] = yield* hall.join();
  first.other = second;
  second.other = first;
  firstLine.end();
  secondLine.end();
  yield* turns(5);
  const left = first.events.includes('eof') ? second : first;
  t.deepEqual(left.events, ['made']);
  left.transport.resumeReading();
  yield* left.until(() => left.events.includes('eof'));
  yield* turns(3);
  t.deepEqual(left.events, ['made', 'eof']);
});

for (const end of ['close', 'abort'] as const) {
  inLoop(`${end}() before its data are dispatched: they are dropped (B107)`, function* (t, loop) {
    using hall = yield* Hall.open(loop, () => new Meddler(loop));
    const pair = yield* pairOf(hall, (other) => other.transport[end]());
    const { left } = yield* bothAtOnce(pair, WORDS);
    yield* left.until(() => left.lost !== undefined);
    yield* turns(3);
    t.deepEqual(left.events, ['made', 'lost']);
    t.is(left.lost, null);
  });

  inLoop(
    `paused with data handed back, then ${end}(): they are dropped, and nothing leaks (B107)`,
    function* (t, loop) {
      using hall = yield* Hall.open(loop, () => new Meddler(loop));
      const pair = yield* pairOf(hall, (other) => other.transport.pauseReading());
      const { left } = yield* bothAtOnce(pair, WORDS);
      yield* turns(2);
      left.transport[end]();
      yield* left.until(() => left.lost !== undefined);
      yield* turns(3);
      t.deepEqual(left.events, ['made', 'lost']);
    },
  );
}

inLoop(
  'a buffered protocol that another connection pauses in the same turn loses nothing (B101)',
  function* (t, loop) {
    class Meddles extends BufferedProbe {
      override bufferUpdated(nbytes: number): void {
        super.bufferUpdated(nbytes);
        if (paused.length > 0) return;
        for (const [other] of guests) if (other !== this) pause(other.transport);
      }
    }

    const paused: Transport[] = [];
    const pause = (transport: Transport): void => {
      transport.pauseReading();
      paused.push(transport);
    };
    using hall = yield* Hall.open(loop, () => new Meddles(loop));
    const guests = [yield* hall.join(), yield* hall.join(), yield* hall.join()];
    const contents = guests.map((_, seed) => bytesOf(seed, 3000));
    for (const [guest, [, line]] of guests.entries()) line.deliver(contents[guest]!);
    yield* turns(4);
    t.is(paused.length, 2);
    for (const transport of paused) transport.resumeReading();
    for (const [guest, [probe]] of guests.entries()) {
      yield* probe.until(() => probe.received === 3000);
      sameBytes(t, probe.data, contents[guest]!);
    }
  },
);

inLoop(
  'a stream of bytes, paused and resumed by the neighbour at random, arrives whole (B101)',
  function* (t, loop) {
    const random = new Random(101);

    class Neighbour extends Probe {
      others: Neighbour[] = [];

      override dataReceived(data: Buffer): void {
        super.dataReceived(data);
        for (const { transport } of this.others) {
          if (random.below(3) === 0) transport.pauseReading();
          else transport.resumeReading();
        }
      }
    }

    using hall = yield* Hall.open(loop, () => new Neighbour(loop));
    const guests = [yield* hall.join(), yield* hall.join(), yield* hall.join(), yield* hall.join()];
    for (const [probe] of guests) probe.others = [...hall.probes];
    const sent = guests.map((): Buffer[] => []);
    for (let round = 0; round < 60; round++) {
      for (const [guest, [, line]] of guests.entries()) {
        const piece = bytesOf(round * 10 + guest, 1 + random.below(round % 10 === 0 ? 60_000 : 2000));
        sent[guest]!.push(piece);
        line.send(piece);
      }
      yield* turns(1 + random.below(3));
    }
    for (const [probe] of guests) probe.others = [];
    for (const [, line] of guests) line.end();
    for (const [guest, [probe]] of guests.entries()) {
      probe.transport.resumeReading();
      yield* probe.until(() => probe.lost !== undefined);
      sameBytes(t, probe.data, Buffer.concat(sent[guest]!));
    }
  },
);
