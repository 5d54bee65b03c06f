// The memory that datagrams are received into: a slot for each, its sender's address in front.
import type { Address } from '../address.js';
import type { NativeLoop } from './addon.js';
import { readAddress } from './address-blocks.js';
import { DATAGRAM_SLOT_BYTES, DATAGRAM_SLOTS } from './layout.js';
import type { Pieces } from './pieces.js';

/** The datagrams that one turn of a loop has received. */
export class DatagramSlab {
  readonly #native: NativeLoop;
  readonly #pieces: Pieces;
  #words = new Uint32Array(0);

  constructor(native: NativeLoop, pieces: Pieces) {
    this.#native = native;
    this.#pieces = pieces;
  }

  /** Makes room: before the first endpoint receives. */
  reserve(): void {
    if (this.#words.length > 0) return;
    // The system gives the memory when it is touched: of a slot, as much as its datagrams are long.
    const slab = new ArrayBuffer(DATAGRAM_SLOTS * DATAGRAM_SLOT_BYTES);
    this.#words = new Uint32Array(slab);
    this.#native.setDatagrams(new Uint8Array(slab));
  }

  /** A copy of a datagram, owned by the receiver. */
  take(offset: number, length: number): Buffer {
    return this.#pieces.copy(this.#words.buffer, offset, length);
  }

  /** Who sent a datagram, by the place of the address that its completion told. */
  sender(offset: number): Address {
    return readAddress(this.#words, offset);
  }
}
