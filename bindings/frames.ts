// Values on a stream of bytes, between a loop and the processes of an executor: each behind its length.
import { deserialize, serialize } from 'node:v8';

/** The length in front of each value: 32 bits, little-endian. */
const HEAD_BYTES = 4;
const MAX_BYTES = 0xffffffff;

/** `value` as bytes. @throws Error for what can't be cloned; RangeError for what is too long. @internal */
export function frameOf(value: unknown): Buffer[] {
  const body = serialize(value);
  if (body.length > MAX_BYTES) throw new RangeError(`${body.length} bytes are more than can be sent at once`);
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeUInt32LE(body.length);
  return [head, body];
}

/** A copy of `value`, as it arrives on the other side. @internal */
export function copied<T>(value: T): T {
  return deserialize(serialize(value)) as T;
}

/** Puts together what comes in pieces. @internal */
export class FrameReader {
  #pieces: Uint8Array[] = [];
  #length = 0;
  /** How many bytes the value has that is awaited, once that is known. */
  #awaited: number | null = null;

  /** The values that are complete with `piece`. */
  *read(piece: Uint8Array): Generator<unknown, void> {
    this.#pieces.push(piece);
    this.#length += piece.length;
    for (;;) {
      if (this.#awaited === null) {
        if (this.#length < HEAD_BYTES) return;
        this.#awaited = this.#take(HEAD_BYTES).readUInt32LE();
      }
      if (this.#length < this.#awaited) return;
      const body = this.#take(this.#awaited);
      this.#awaited = null;
      yield deserialize(body);
    }
  }

  #take(count: number): Buffer {
    const [first, ...more] = this.#pieces as [Uint8Array, ...Uint8Array[]];
    const all =
      more.length === 0
        ? Buffer.from(first.buffer, first.byteOffset, first.length)
        : Buffer.concat(this.#pieces);
    const rest = all.subarray(count);
    this.#pieces = rest.length === 0 ? [] : [rest];
    this.#length = rest.length;
    return all.subarray(0, count);
  }
}
