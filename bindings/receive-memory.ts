// Where the bytes go that a socket of the user's receives. Small pieces share a block; a larger one gets memory of
// its own, and is received right into it once the socket is known for large pieces.
import type { NativeSocket } from './native/addon.js';
import { SOCK_STREAM } from './socket-constants.js';
import { keepHere } from './untransferable.js';

/** Received bytes up to this size share a block: a larger piece gains nothing from sharing. */
const SHARED_BYTES = 8 * 1024;
/** What one read into the block takes at most; any datagram of the internet is shorter. */
const READ_BYTES = 64 * 1024;
/** A stream is read into what is left of a block, if that is not less: what is used counts, for the collector. */
const LEAST_BYTES = 16 * 1024;
const BLOCK_BYTES = 2 * READ_BYTES;
/** Pieces are as aligned as memory of their own would be. */
const ALIGNMENT = 8;
/** From a piece of this size on a socket is known for large ones, until one comes that is small enough to share. */
const LARGE_BYTES = 32 * 1024;
/** Memory of its own for what a stream has: below the size for which malloc maps fresh pages each time. */
const OWN_BYTES = 120 * 1024;

/** A socket that receives. @internal */
export interface ReceivingSocket {
  readonly native: NativeSocket;
  readonly type: number;
  /** Whether its last pieces were large. */
  expectsLarge: boolean;
}

/** Memory for one read. @internal */
export interface Room {
  readonly memory: Buffer;
  readonly offset: number;
  readonly length: number;
}

let block: Buffer = Buffer.alloc(0);
let used = 0;

/** Receives up to `size` bytes; a negative errno when that fails. A stream may have more than one read takes. @internal */
export function receive(socket: ReceivingSocket, size: number): Buffer | number {
  const { memory, offset, length } = makeRoom(socket, size);
  const count = socket.native.recv(memory, offset, length);
  return count < 0 ? count : takeOut(socket, memory, count);
}

/** Memory to receive up to `size` bytes into; what came is then taken out, before anything else is received. @internal */
export function makeRoom(socket: ReceivingSocket, size: number): Room {
  const isStream = socket.type === SOCK_STREAM;
  if (size > SHARED_BYTES && (socket.expectsLarge || (size > READ_BYTES && !isStream))) {
    const length = isStream ? Math.min(size, OWN_BYTES) : size;
    return { memory: Buffer.allocUnsafeSlow(length), offset: 0, length };
  }
  const wanted = Math.min(size, READ_BYTES);
  reserve(isStream ? Math.min(wanted, LEAST_BYTES) : wanted);
  return { memory: block, offset: used, length: Math.min(wanted, block.length - used) };
}

/** The `count` bytes that were received, owned by who gets them. @internal */
export function takeOut(socket: ReceivingSocket, memory: Buffer, count: number): Buffer {
  if (count <= SHARED_BYTES) {
    socket.expectsLarge = false;
    if (memory !== block) {
      reserve(count);
      memory.copy(block, used, 0, count);
    }
    const start = used;
    used += Math.ceil(count / ALIGNMENT) * ALIGNMENT;
    return block.subarray(start, start + count);
  }
  if (count >= LARGE_BYTES) socket.expectsLarge = true;
  const start = memory === block ? used : 0;
  // The end of the block has cut a read short: no more of them.
  if (memory === block && start + count === block.length) used = block.length;
  // Memory that is mostly empty is not worth holding.
  if (memory !== block && count * 2 >= memory.length) return memory.subarray(0, count);
  const own = Buffer.allocUnsafeSlow(count);
  memory.copy(own, 0, start, start + count);
  return own;
}

function reserve(length: number): void {
  if (used + length <= block.length) return;
  block = Buffer.allocUnsafeSlow(BLOCK_BYTES);
  keepHere(block.buffer);
  used = 0;
}
