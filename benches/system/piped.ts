/**
 * The child of the long streams, and what has to come out of it:
 * `… <echo|read> <file> <warm-up bytes> <bytes> [<prefix>...]`.
 *
 * `echo` is `cat`, which gives back the stream of the file; `read` is `head`, which gives zeros. The prefix, such as
 * `taskset -c 0`, stands before its command.
 */
import { Pieces, readTable } from '../servers/pieces.js';

const PERIOD = 1_000_003;
const PIECE = 64 * 1024;
/** What is looked at in each piece of a measured stream: a lost, doubled or misplaced byte shows from there on. */
const LOOK = 32;
/** A stream that is shorter is compared byte by byte; the warm-up is. */
const SHORT = 256 * 1024 * 1024;

export interface Arguments {
  kind: 'echo' | 'read';
  warmup: number;
  bytes: number;
  command(bytes: number): string[];
  /** What goes in: nothing for `read`. */
  input(bytes: number): Pieces;
  output(bytes: number): Expected;
}

export function parsePiped(args: readonly string[]): Arguments {
  const [kind, file, warmup, bytes, ...prefix] = args as ['echo' | 'read', string, string, string];
  const isEcho = kind === 'echo';
  const table = isEcho ? readTable(file) : Buffer.alloc(PERIOD + PIECE);
  return {
    kind,
    warmup: Number(warmup),
    bytes: Number(bytes),
    command: (length) => [...prefix, ...(isEcho ? ['cat'] : ['head', '-c', String(length), '/dev/zero'])],
    input: (length) => new Pieces(table, isEcho ? length : 0),
    output: (length) => new Expected(table, length),
  };
}

/** Compares what comes out. */
export class Expected {
  readonly #table: Buffer;
  readonly #bytes: number;
  readonly #step: number;
  #position = 0;

  constructor(table: Buffer, bytes: number) {
    this.#table = table;
    this.#bytes = bytes;
    this.#step = bytes < SHORT ? PIECE : LOOK;
  }

  take(piece: Buffer): void {
    const looked = this.#step === LOOK ? Math.min(LOOK, piece.length) : piece.length;
    for (let at = 0; at < looked; at += this.#step) {
      const end = Math.min(at + this.#step, looked);
      const from = (this.#position + at) % PERIOD;
      if (piece.compare(this.#table, from, from + end - at, at, end) !== 0)
        throw new Error(`wrong bytes behind ${this.#position + at}`);
    }
    this.#position += piece.length;
  }

  /** Throws where bytes are missing or too many. */
  end(): void {
    if (this.#position !== this.#bytes)
      throw new Error(`${this.#position} bytes came out instead of ${this.#bytes}`);
  }
}
