/** A long stream in pieces: the bytes that the load generator expects, from the begin of the file that it made. */
import { closeSync, openSync, readSync } from 'node:fs';

const PIECE = 64 * 1024;
/** After so many bytes the stream begins anew; `loadgen/src/table.rs` says so. */
const PERIOD = 1_000_003;

/** The first bytes of the stream: from every place of a period on there is a whole piece. */
export function readTable(path: string): Buffer {
  const table = Buffer.alloc(PERIOD + PIECE);
  const file = openSync(path, 'r');
  try {
    if (readSync(file, table) < table.length) throw new Error(`${path} has less than ${table.length} bytes`);
  } finally {
    closeSync(file);
  }
  return table;
}

export class Pieces {
  readonly #table: Buffer;
  #left: number;
  #position = 0;

  /** A stream of `length` bytes. */
  constructor(table: Buffer, length: number) {
    this.#table = table;
    this.#left = length;
  }

  /** Null at the end of the stream. */
  next(): Buffer | null {
    if (this.#left === 0) return null;
    const length = Math.min(PIECE, this.#left);
    const piece = this.#table.subarray(this.#position, this.#position + length);
    this.#position = (this.#position + length) % PERIOD;
    this.#left -= length;
    return piece;
  }
}
