// Copies of what the core has received into a slab: each is its receiver's own. Small ones share blocks of memory.
import { keepHere } from '../untransferable.js';

/** Small pieces are copied into blocks of this size. */
const BLOCK_BYTES = 64 * 1024;
/** Pieces up to this size share a block: a larger one gains nothing from sharing. */
const SHARED_BYTES = 8 * 1024;

/** The block that a loop copies into at present. */
export class Pieces {
  #block: Buffer = Buffer.alloc(0);
  #used = 0;

  /** A copy of `length` bytes of `slab`. */
  copy(slab: ArrayBuffer, offset: number, length: number): Buffer {
    if (length > SHARED_BYTES) {
      const own = Buffer.allocUnsafeSlow(length);
      own.set(new Uint8Array(slab, offset, length));
      return own;
    }
    if (this.#used + length > this.#block.length) {
      this.#block = newBlock();
      this.#used = 0;
    }
    const start = this.#used;
    this.#used = start + length;
    this.#block.set(new Uint8Array(slab, offset, length), start);
    return this.#block.subarray(start, start + length);
  }
}

/** Memory that several received pieces share. */
function newBlock(): Buffer {
  const block = Buffer.allocUnsafeSlow(BLOCK_BYTES);
  keepHere(block.buffer);
  return block;
}
