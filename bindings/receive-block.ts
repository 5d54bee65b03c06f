// Memory that pieces are received into without a second copy, when they are too large for sharing the slab's: several
// pieces, of whichever connections, share a block.
import { keepHere } from './untransferable.js';

/** A block's size: a message of 100 KiB in one piece, and below the size that malloc maps afresh each time. */
const BLOCK_BYTES = 120 * 1024;

const NONE = Buffer.alloc(0);

/** The block that a loop receives into at present. @internal */
export class ReceiveBlock {
  private block = NONE;
  private used = 0;

  /** Memory for a piece of `expected` bytes, or more. */
  lend(expected: number): Buffer {
    if (this.block.length - this.used < Math.min(expected, BLOCK_BYTES)) {
      this.block = Buffer.allocUnsafeSlow(BLOCK_BYTES);
      this.used = 0;
      keepHere(this.block.buffer);
    }
    return this.used === 0 ? this.block : this.block.subarray(this.used);
  }

  /** The first `count` bytes of what was lent last: nobody else's from now on. */
  take(count: number): Buffer {
    const { used } = this;
    this.used = used + count;
    return this.block.subarray(used, used + count);
  }
}
