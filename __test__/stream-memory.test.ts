// What streams hold: readers that wait with a part of what they need must not hold more than that.

import type { StreamReader, Task } from 'mioloop';
import { collect } from './support/collect.js';
import { turns } from './support/hall.js';
import { bothModes } from './support/modes.js';
import { bytesOf, sameBytes } from './support/random.js';
import { StreamHall } from './support/stream-hall.js';

const CLIENTS = 16;
/** Bytes; of a block of 64 KiB that connections share. */
const PART = 2000;
/** More than such a block, in pieces that share it. */
const TRAFFIC = Array.from({ length: 10 }, (_, seed) => bytesOf(seed, 7000));
const LAST_WORDS = 'last words';

/** Reads that wait, or nobody who reads before the last words came. */
for (const waits of [true, false]) {
  const what = waits ? 'a read that waits' : 'what nobody reads';
  bothModes(`${what} holds its bytes, not a block of those of others (B187)`, async (t, { loop, run }) => {
    await collect();
    const before = process.memoryUsage().arrayBuffers;
    const readers: StreamReader[] = [];
    const reads: Task<Buffer>[] = [];
    const hall = await run(function* () {
      const made = yield* StreamHall.open(loop);
      const [busy, , traffic] = yield* made.join();
      for (let client = 0; client < CLIENTS; client++) {
        const [reader, , line] = yield* made.join();
        readers.push(reader);
        if (waits) reads.push(loop.createTask(() => reader.readexactly(PART + LAST_WORDS.length)));
        yield* turns(1);
        line.deliver(bytesOf(client, PART));
        yield* turns(3);
        for (const piece of TRAFFIC) {
          traffic.deliver(piece);
          yield* busy.readexactly(piece.length);
        }
      }
      return made;
    });
    await collect();
    const grown = process.memoryUsage().arrayBuffers - before;
    t.true(grown < (CLIENTS * 64 * 1024) / 4, `${grown} bytes`);
    await run(function* () {
      hall.sayAll(LAST_WORDS);
      for (const [client, reader] of readers.entries()) {
        const data = yield* reads[client] ?? reader.read();
        sameBytes(t, data, Buffer.concat([bytesOf(client, PART), Buffer.from(LAST_WORDS)]));
      }
    });
    hall[Symbol.dispose]();
    await run(turns(3));
  });
}
