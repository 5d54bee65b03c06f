// Bytes and numbers that are the same in every run, and their comparison.

import type { ExecutionContext } from 'ava';

/** A seeded generator (mulberry32). */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  /** An integer, 0 ≤ x < 2³². */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let x = this.#state;
    x = Math.imul(x ^ (x >>> 15), x | 1);
    x ^= x + Math.imul(x ^ (x >>> 7), x | 61);
    return (x ^ (x >>> 14)) >>> 0;
  }

  /** An integer, 0 ≤ x < limit. */
  below(limit: number): number {
    return this.next() % limit;
  }

  bytes(length: number): Buffer {
    const words = new Uint32Array(Math.ceil(length / 4));
    for (let i = 0; i < words.length; i++) words[i] = this.next();
    return Buffer.from(words.buffer, 0, length);
  }
}

/** `length` bytes that no other seed gives. */
export function bytesOf(seed: number, length: number): Buffer {
  return new Random(seed).bytes(length);
}

/** Takes the memory of `view` away, as posting it to a worker does. */
export function detach(view: Uint8Array): void {
  const memory = view.buffer as ArrayBuffer;
  structuredClone(memory, { transfer: [memory] });
}

/** Passes when both are equal; otherwise says where they differ first. */
export function sameBytes(t: ExecutionContext, actual: Uint8Array, expected: Uint8Array): void {
  if (Buffer.compare(actual, expected) === 0) {
    t.pass();
    return;
  }
  const shared = Math.min(actual.length, expected.length);
  let at = 0;
  while (at < shared && actual[at] === expected[at]) at++;
  t.fail(`${actual.length} bytes for ${expected.length}; the first difference is at ${at}`);
}
