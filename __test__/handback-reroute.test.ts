// Data that were read in a turn in which another connection, served earlier, gave this one another protocol, or ended the
// run: they go to the new protocol, or come later.

import { KeyboardInterrupt, socket } from 'mioloop';
import { Hall, turns } from './support/hall.js';
import { bothAtOnce, Meddler, pairOf, WORDS } from './support/meddler.js';
import { bothModes, inLoop } from './support/modes.js';
import { BufferedProbe, Probe } from './support/probe.js';
import { bytesOf, sameBytes } from './support/random.js';

inLoop('another protocol before its data are dispatched: the new one gets them (B105)', function* (t, loop) {
  const fresh = new Probe(loop);
  using hall = yield* Hall.open(loop, () => new Meddler(loop));
  const pair = yield* pairOf(hall, ({ transport }) => transport.setProtocol(fresh));
  const { left, content, line } = yield* bothAtOnce(pair, WORDS);
  yield* fresh.until(() => fresh.received === content.length);
  const more = bytesOf(3, 7000);
  line.deliver(more);
  yield* fresh.until(() => fresh.received === content.length + more.length);
  sameBytes(t, fresh.data, Buffer.concat([content, more]));
  t.deepEqual(left.events, ['made']);
});

for (const size of [64 * 1024, 100, 1]) {
  inLoop(
    `a buffered protocol (${size} bytes) before its data are dispatched: it gets them (B105)`,
    function* (t, loop) {
      const fresh = new BufferedProbe(loop, size);
      using hall = yield* Hall.open(loop, () => new Meddler(loop));
      const pair = yield* pairOf(hall, ({ transport }) => transport.setProtocol(fresh));
      const { left, content, line } = yield* bothAtOnce(pair, WORDS);
      const more = bytesOf(3, 300);
      line.deliver(more);
      line.end();
      yield* fresh.until(() => fresh.lost !== undefined);
      sameBytes(t, fresh.data, Buffer.concat([content, more]));
      t.deepEqual(fresh.events, ['data', 'eof', 'lost']);
      t.deepEqual(left.events, ['made']);
    },
  );
}

inLoop(
  'a plain protocol in place of a buffered one for which the turn has found data: it gets them (B105)',
  function* (t, loop) {
    const [ours, theirs] = socket.socketpair();
    using peer = theirs;
    const fresh = new Probe(loop);
    const [transport] = yield* loop.createConnection(() => new BufferedProbe(loop), null, null, {
      sock: ours,
    });
    yield* turns(2);
    peer.send(Buffer.from('found'));
    loop.callSoon(() => transport.setProtocol(fresh));
    yield* turns(3);
    peer.send(Buffer.from(', later'));
    yield* turns(3);
    t.is(fresh.data.toString(), 'found, later');
    t.deepEqual(fresh.events, ['data']);
    transport.close();
    yield* turns(2);
  },
);

inLoop(
  'paused, then another protocol, then resumed: the new one gets what was kept (B101, B105)',
  function* (t, loop) {
    for (const fresh of [new Probe(loop), new BufferedProbe(loop, 7)]) {
      using hall = yield* Hall.open(loop, () => new Meddler(loop));
      const pair = yield* pairOf(hall, (other) => other.transport.pauseReading());
      const { left, content } = yield* bothAtOnce(pair, WORDS);
      yield* turns(2);
      left.transport.setProtocol(fresh);
      left.transport.resumeReading();
      yield* fresh.until(() => fresh.received === content.length);
      sameBytes(t, fresh.data, content);
      t.deepEqual(left.events, ['made']);
    }
  },
);

bothModes(
  'an ExitError in one dataReceived ends the run; the neighbour gets its data in the next (B10)',
  async (t, bench) => {
    const { loop, run } = bench;
    const setUp = run(function* () {
      const hall = yield* Hall.open(loop, () => new Meddler(loop));
      const pair = yield* pairOf(hall, () => {
        throw new KeyboardInterrupt('enough');
      });
      return pair;
    });
    const pair = await setUp;
    using _hall = pair.hall;
    pair.lines[0].deliver(WORDS[0]);
    pair.lines[1].deliver(WORDS[1]);
    await t.throwsAsync(bench.runForever(), { instanceOf: KeyboardInterrupt, message: 'enough' });
    const left = pair.probes.find(({ received }) => received === 0)!;
    t.not(left, undefined, 'the run ended at once');
    await run(left.until(() => left.received > 0));
    sameBytes(t, left.data, WORDS[pair.probes.indexOf(left)]!);
  },
);

bothModes(
  'stop() in one dataReceived lets the rest of the turn be served, once (B6, B8)',
  async (t, bench) => {
    const { loop, run } = bench;
    const pair = await run(function* () {
      const hall = yield* Hall.open(loop, () => new Meddler(loop));
      return yield* pairOf(hall, () => loop.stop());
    });
    using _hall = pair.hall;
    pair.lines[0].deliver(WORDS[0]);
    pair.lines[1].deliver(WORDS[1]);
    await bench.runForever();
    t.deepEqual(
      pair.probes.map(({ received }) => received),
      [WORDS[0].length, WORDS[1].length],
    );
    loop.stop();
    await bench.runForever();
    for (const [guest, probe] of pair.probes.entries()) sameBytes(t, probe.data, WORDS[guest]!);
  },
);
