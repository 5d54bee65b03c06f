// What is written arrives, byte by byte, in order, whatever the sizes and whatever happens to the memory afterwards.

import { createHash } from 'node:crypto';
import { Hall, turns } from './support/hall.js';
import { bothModes, inLoop } from './support/modes.js';
import { Probe } from './support/probe.js';
import { bytesOf, detach, Random, sameBytes } from './support/random.js';

const KIB = 1024;
const MIB = KIB * KIB;

/** More than the kernel takes for a connection that nobody reads. */
const BIG = 16 * MIB;

/** Around every limit that the write path may have, and some in between. */
function manySizes(): number[] {
  const limits = [
    0,
    1,
    2,
    64,
    1448,
    4 * KIB,
    8 * KIB,
    16 * KIB,
    64 * KIB,
    128 * KIB,
    256 * KIB,
    512 * KIB,
    MIB,
  ];
  const around = limits
    .flatMap((limit) => [limit - 1, limit, limit + 1])
    .filter((size) => size >= 0 && size <= MIB);
  const random = new Random(113);
  for (let i = 0; i < 40; i++) around.push(random.below(20 * KIB));
  return around;
}

inLoop('writes of many sizes arrive as written, one by one (B113)', function* (t, loop) {
  using hall = yield* Hall.open(loop, () => new Probe(loop));
  const [{ transport }, line] = yield* hall.join();
  let sent = 0;
  const all: Buffer[] = [];
  for (const [seed, size] of manySizes().entries()) {
    const content = bytesOf(seed, size);
    transport.write(content);
    all.push(content);
    sent += size;
    yield* line.until(({ received }) => received === sent);
  }
  sameBytes(t, line.data(), Buffer.concat(all));
});

inLoop(
  'writes of many sizes in one turn arrive in order, small behind large and large behind small (B113)',
  function* (t, loop) {
    using hall = yield* Hall.open(loop, () => new Probe(loop));
    const [{ transport }, line] = yield* hall.join();
    const all = manySizes().map((size, seed) => bytesOf(seed, size));
    for (const content of all) transport.write(content);
    transport.close();
    yield* line.until(({ ended }) => ended);
    sameBytes(t, line.data(), Buffer.concat(all));
  },
);

inLoop('what the kernel takes at once is not counted as buffered (B113)', function* (t, loop) {
  using hall = yield* Hall.open(loop, () => new Probe(loop));
  const [{ transport }, line] = yield* hall.join();
  transport.write(Buffer.from('small'));
  t.is(transport.getWriteBufferSize(), 0);
  yield* line.until(({ received }) => received === 5);
});

inLoop('more small writes in one turn than any ring holds arrive in order (B113)', function* (t, loop) {
  using hall = yield* Hall.open(loop, () => new Probe(loop));
  const guests = [yield* hall.join(), yield* hall.join(), yield* hall.join()];
  const content = bytesOf(1, 300_000);
  const random = new Random(2);
  for (let at = 0; at < content.length; ) {
    const size = random.below(12);
    for (const [{ transport }] of guests) transport.write(content.subarray(at, at + size));
    at += size;
  }
  for (const [{ transport }] of guests) transport.close();
  for (const [, line] of guests) {
    yield* line.until(({ ended }) => ended);
    sameBytes(t, line.data(), content);
  }
});

for (const size of [1, 100, 8 * KIB - 1, 8 * KIB, 64 * KIB, MIB, BIG]) {
  inLoop(`queued writes snapshot a mutable buffer of ${size} bytes (B114)`, function* (t, loop) {
    using hall = yield* Hall.open(loop, () => new Probe(loop));
    const [{ transport }, line] = yield* hall.join({ paused: true });
    const memory = bytesOf(1, size);
    const expected: Buffer[] = [];
    for (let round = 0; round < 3; round++) {
      expected.push(Buffer.from(memory));
      if (round === 2) transport.writelines([memory.subarray(0, size >> 1), memory.subarray(size >> 1)]);
      else transport.write(memory);
      memory.fill(round);
    }
    detach(memory);
    transport.close();
    line.resume();
    yield* line.until(({ ended }) => ended);
    sameBytes(t, line.data(), Buffer.concat(expected));
  });
}

inLoop('a view sends its own part of the memory only (B114)', function* (t, loop) {
  using hall = yield* Hall.open(loop, () => new Probe(loop));
  const [{ transport }, line] = yield* hall.join();
  const memory = bytesOf(1, 100_000);
  const views = [
    new Uint8Array(memory.buffer, memory.byteOffset + 10, 20),
    memory.subarray(1000, 60_000),
    new Uint8Array(memory.subarray(99_999)),
    Buffer.from('from the pool'),
  ];
  for (const view of views) transport.write(view);
  transport.writelines(views);
  transport.close();
  yield* line.until(({ ended }) => ended);
  sameBytes(t, line.data(), Buffer.concat([...views, ...views]));
});

inLoop('writing nothing is nothing, with and without a backlog (B115)', function* (t, loop) {
  using hall = yield* Hall.open(loop, () => new Probe(loop));
  const [probe, line] = yield* hall.join({ paused: true });
  const nothing = new Uint8Array(0);
  probe.transport.setWriteBufferLimits({ high: 0 });
  probe.transport.write(nothing);
  probe.transport.writelines([]);
  probe.transport.writelines([nothing, nothing]);
  t.is(probe.transport.getWriteBufferSize(), 0);
  const content = bytesOf(1, BIG);
  probe.transport.write(content);
  probe.transport.write(nothing);
  probe.transport.writelines([nothing]);
  probe.transport.close();
  line.resume();
  yield* line.until(({ ended }) => ended);
  sameBytes(t, line.data(), content);
  t.is(probe.events.filter((event) => event === 'pause').length, 1);
});

inLoop('writelines sends pieces of many sizes in order, also very many (B116)', function* (t, loop) {
  using hall = yield* Hall.open(loop, () => new Probe(loop));
  const [{ transport }, line] = yield* hall.join();
  const random = new Random(116);
  const lists = [
    Array.from({ length: 5000 }, (_, seed) => bytesOf(seed, random.below(30))),
    manySizes().map((size, seed) => bytesOf(seed, size)),
    Array.from({ length: 1100 }, (_, seed) => bytesOf(seed, 1024)),
    [bytesOf(1, 5 * MIB), bytesOf(2, 1), bytesOf(3, 5 * MIB)],
  ];
  for (const list of lists) transport.writelines(list);
  transport.write(Buffer.from('the end'));
  transport.close();
  yield* line.until(({ ended }) => ended);
  sameBytes(t, line.data(), Buffer.concat([...lists.flat(), Buffer.from('the end')]));
});

inLoop('writelines into a backlog arrives complete, with its partial pieces (B116)', function* (t, loop) {
  using hall = yield* Hall.open(loop, () => new Probe(loop));
  const [{ transport }, line] = yield* hall.join({ paused: true });
  const first = bytesOf(1, BIG);
  const list = Array.from({ length: 300 }, (_, seed) => bytesOf(seed, 10_007));
  transport.write(first);
  transport.writelines(list);
  transport.writelines(list.toReversed());
  transport.close();
  line.resume();
  yield* line.until(({ ended }) => ended);
  sameBytes(t, line.data(), Buffer.concat([first, ...list, ...list.toReversed()]));
});

inLoop('a huge write to a slow reader arrives complete', function* (t, loop) {
  using hall = yield* Hall.open(loop, () => new Probe(loop));
  const [probe, line] = yield* hall.join({ paused: true });
  const content = bytesOf(1, 64 * MIB);
  probe.transport.write(content);
  probe.transport.close();
  let seen = 0;
  for (let pause = 0; pause < 25; pause++) {
    line.resume();
    const sight = yield* line.until(({ received, ended }) => received > seen || ended);
    line.pause();
    seen = sight.received;
    yield* turns(2);
  }
  line.resume();
  yield* line.until(({ ended }) => ended);
  const hash = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
  t.is(hash(line.data()), hash(content));
});

inLoop('connections do not mix their bytes (B113)', function* (t, loop) {
  using hall = yield* Hall.open(loop, () => new Probe(loop));
  const guests = [];
  for (let guest = 0; guest < 10; guest++) guests.push(yield* hall.join());
  const random = new Random(10);
  const sent = guests.map((): Buffer[] => []);
  for (let write = 0; write < 400; write++) {
    const guest = random.below(guests.length);
    const content = bytesOf(write, random.below(write % 20 === 0 ? 200_000 : 500));
    guests[guest]![0].transport.write(content);
    sent[guest]!.push(content);
    if (write % 50 === 0) yield* turns(1);
  }
  for (const [{ transport }] of guests) transport.close();
  for (const [guest, [, line]] of guests.entries()) {
    yield* line.until(({ ended }) => ended);
    sameBytes(t, line.data(), Buffer.concat(sent[guest]!));
  }
});

bothModes('writes made between two runs are sent, whole and in order', async (t, { loop, run }) => {
  const contents = [bytesOf(1, 500), bytesOf(2, 100_000), bytesOf(3, 1), bytesOf(4, BIG)];
  const { hall, transport, line } = await run(function* () {
    const hall = yield* Hall.open(loop, () => new Probe(loop));
    const [{ transport }, line] = yield* hall.join();
    return { hall, transport, line };
  });
  using _hall = hall;
  for (const content of contents) transport.write(content);
  transport.close();
  await run(line.until(({ ended }) => ended));
  sameBytes(t, line.data(), Buffer.concat(contents));
});
