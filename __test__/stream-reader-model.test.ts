// A StreamReader against a simple model of it, which keeps all that is unread in one buffer and copies everything.
// Random bytes in random pieces, random reads; what a seed gives is the same in every run.

import type { Coroutine, EventLoop, Future } from 'mioloop';
import { IncompleteReadError, LimitOverrunError, StreamReader } from 'mioloop';
import { failure } from './support/failure.js';
import { turns } from './support/hall.js';
import { inLoop } from './support/modes.js';
import { Random } from './support/random.js';

const SEEDS = 60;
const READS = 250;
/** Few letters, so that every separator is found now and then. */
const LETTERS = Buffer.from('ab\n\r');
const SEPARATORS = ['\n', '\r\n', 'a', 'aab', 'abab', 'aaaaaaaa', 'b\r', '\n\n', 'bab\nb'].map((text) =>
  Buffer.from(text),
);
/** Sizes of pieces on both sides of what the reader treats differently. */
const PIECES = [1, 2, 3, 20, 500, 1023, 1025, 3000, 9000, 70_000];

type Read =
  | { way: 'read' | 'readexactly'; count: number }
  | { way: 'readline' }
  | { way: 'readuntil'; separators: Buffer[] };

/** What a read gives: bytes, or an error in words. */
type Outcome = Buffer | string;

class Model {
  #unread = Buffer.alloc(0);
  #ended = false;

  constructor(readonly limit: number) {}

  feed(data: Buffer): void {
    this.#unread = Buffer.concat([this.#unread, data]);
  }

  end(): void {
    this.#ended = true;
  }

  get size(): number {
    return this.#unread.length;
  }

  /** Null: it has to wait. */
  attempt(read: Read): Outcome | null {
    switch (read.way) {
      case 'read':
        return this.#read(read.count);
      case 'readexactly':
        return this.#readexactly(read.count);
      case 'readuntil':
        return this.#readuntil(read.separators);
      case 'readline':
        return this.#readline();
    }
  }

  #take(count: number): Buffer {
    const taken = this.#unread.subarray(0, count);
    this.#unread = this.#unread.subarray(count);
    return taken;
  }

  #read(count: number): Outcome | null {
    if (count === 0) return Buffer.alloc(0);
    if (count < 0) return this.#ended ? this.#take(this.size) : null;
    return this.size > 0 || this.#ended ? this.#take(count) : null;
  }

  #readexactly(count: number): Outcome | null {
    if (this.size >= count) return this.#take(count);
    return this.#ended ? incomplete(this.#take(this.size), count) : null;
  }

  #readuntil(separators: readonly Buffer[]): Outcome | null {
    const found = this.#find(separators);
    if (found !== null) {
      const [begin, end] = found;
      return begin > this.limit ? overrun(begin) : this.#take(end);
    }
    const consumed = this.#unsearched(separators);
    if (consumed > this.limit) return overrun(consumed);
    return this.#ended ? incomplete(this.#take(this.size), null) : null;
  }

  #readline(): Outcome | null {
    const newline = [Buffer.from('\n')];
    const found = this.#find(newline);
    if (found !== null) {
      const [begin, end] = found;
      const line = this.#take(end);
      return begin > this.limit ? 'RangeError' : line;
    }
    if (this.#unsearched(newline) > this.limit) {
      this.#take(this.size);
      return 'RangeError';
    }
    return this.#ended ? this.#take(this.size) : null;
  }

  /** The one that ends first; of those the shortest. */
  #find(separators: readonly Buffer[]): [begin: number, end: number] | null {
    const places = separators
      .map((separator) => [this.#unread.indexOf(separator), separator.length] as const)
      .filter(([begin]) => begin >= 0)
      .map(([begin, length]) => [begin, begin + length] as [number, number]);
    places.sort((one, other) => one[1] - other[1] || other[0] - one[0]);
    return places[0] ?? null;
  }

  /** Where a separator may still begin. */
  #unsearched(separators: readonly Buffer[]): number {
    const lengths = separators.map(({ length }) => length);
    if (this.size < Math.min(...lengths)) return 0;
    return Math.max(0, this.size + 1 - Math.max(...lengths));
  }
}

function incomplete(partial: Buffer, expected: number | null): string {
  return `IncompleteReadError ${expected} ${partial.toString('latin1')}`;
}

function overrun(consumed: number): string {
  return `LimitOverrunError ${consumed}`;
}

function start(reader: StreamReader, read: Read): Future<Buffer> {
  if (read.way === 'readline') return reader.readline();
  if (read.way === 'readuntil') return reader.readuntil(read.separators);
  return reader[read.way](read.count);
}

function* outcomeOf(reading: Future<Buffer>): Coroutine<Outcome> {
  const error = yield* failure(reading);
  if (error === undefined) return reading.result();
  if (error instanceof IncompleteReadError) return incomplete(error.partial, error.expected);
  if (error instanceof LimitOverrunError) return overrun(error.consumed);
  return (error as Error).name;
}

function randomRead(random: Random): Read {
  const way = random.below(4);
  if (way === 0) return { way: 'readline' };
  if (way === 1) {
    const separators = Array.from({ length: 1 + random.below(3) }, () => pick(random, SEPARATORS));
    return { way: 'readuntil', separators };
  }
  return { way: way === 2 ? 'read' : 'readexactly', count: random.below(pick(random, PIECES) + 1) };
}

function pick<T>(random: Random, list: readonly T[]): T {
  return list[random.below(list.length)]!;
}

/** Mostly one letter at a time, sometimes a long run without any separator. */
function randomPiece(random: Random): Buffer {
  const piece = random.bytes(1 + random.below(pick(random, PIECES)));
  const letters = random.below(3) === 0 ? 1 : LETTERS.length;
  return piece.map((byte) => LETTERS[byte % letters]!) as Buffer;
}

/** Plays a seed; what differs, or null. */
function* play(loop: EventLoop, seed: number): Coroutine<string | null> {
  const random = new Random(seed);
  const limit = pick(random, [1, 5, 100, 600, 5000, 65_536]);
  const reader = new StreamReader(limit, loop);
  const model = new Model(limit);
  const kept: [data: Buffer, copy: Buffer][] = [];
  let isEnded = false;
  const feed = (): void => {
    const piece = randomPiece(random);
    model.feed(piece);
    reader.feedData(piece);
  };
  for (let count = 0; count < READS; count++) {
    const read = count === READS - 1 ? { way: 'read' as const, count: -1 } : randomRead(random);
    if (!isEnded && count === READS - 2) {
      isEnded = true;
      model.end();
      reader.feedEof();
    }
    const where = `seed ${seed}, limit ${limit}, read ${count}: ${JSON.stringify(read)}`;
    const reading = start(reader, read);
    let expected = model.attempt(read);
    if ((expected !== null) !== reading.done()) return `${where} waits, or does not`;
    while (expected === null) {
      for (let pieces = 1 + random.below(3); pieces > 0; pieces--) feed();
      yield* turns(1);
      expected = model.attempt(read);
      if ((expected !== null) !== reading.done()) return `${where} waits, or does not, after a piece`;
    }
    const actual = yield* outcomeOf(reading);
    if (typeof expected === 'string' || typeof actual === 'string') {
      if (expected !== actual) return `${where} gives ${String(actual)}, not ${String(expected)}`;
    } else {
      if (!expected.equals(actual)) return `${where} gives other bytes`;
      kept.push([actual, Buffer.from(actual)]);
    }
    if (!isEnded && random.below(3) === 0) feed();
  }
  if (!reader.atEof()) return `seed ${seed} is not at the end`;
  const isChanged = kept.some(([data, copy]) => !data.equals(copy));
  return isChanged ? `seed ${seed}: what was read has changed since` : null;
}

inLoop(
  `random reads of random pieces give what a simple model gives, ${SEEDS} seeds (B188, B189, B190)`,
  function* (t, loop) {
    for (let seed = 1; seed <= SEEDS; seed++) t.is(yield* play(loop, seed), null);
  },
);
