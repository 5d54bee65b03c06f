// The bytes of a stream that were received and not read yet. What is read is a part of the memory that was received
// into, which nobody writes to again: only what spans several pieces is copied, and small pieces that have to wait.
import { keepHere } from './untransferable.js';

/**
 * A piece that has to wait, and holds memory of more than so many times its size, is copied: the rest of that memory
 * belongs to other connections, and a thousand stalled ones must not hold a thousand blocks.
 */
const MOST_WASTE = 8;
/** The least and the most room that is made for pieces that are copied together; between them, it doubles. */
const LEAST_ROOM = 1024;
const MOST_ROOM = 64 * 1024;

const NOTHING = Buffer.alloc(0);

/** Received bytes in the order in which they came. @internal */
export class Unread {
  /** How many there are. */
  size = 0;
  /** The place in the stream where they begin: how many have been taken out. */
  position = 0;
  private first: Buffer = NOTHING;
  /** Where the unread part of the first piece begins. */
  private at = 0;
  /** The pieces behind the first. */
  private readonly others: Buffer[] = [];
  /** The piece that has room behind its bytes: the first or the last one. */
  private roomy: Buffer | null = null;
  /** Where the bytes of that piece end. */
  private roomyEnd = 0;
  /** Whether the first piece's memory is shared with what was read from it. */
  private isShared = false;

  /** Adds `data`, which is nobody else's from now on; `wanted` when it is about to be read. */
  push(data: Buffer, wanted: boolean): void {
    const { length } = data;
    if (this.size === 0) {
      this.first = wanted || !isWasteful(data, length) ? data : this.makeRoom(data);
    } else {
      const isRoomyLast = this.roomy !== null && (this.roomy !== this.first || this.others.length === 0);
      if (isRoomyLast && this.roomy!.length - this.roomyEnd >= length) {
        this.append(data);
      } else if (!isWasteful(data, length)) {
        if (isRoomyLast) this.closeRoom();
        this.others.push(data);
      } else {
        if (this.roomy !== null) this.closeRoom();
        this.others.push(this.makeRoom(data));
      }
    }
    this.size += length;
  }

  /** Takes `count` bytes out, of which there must be as many. */
  take(count: number): Buffer {
    if (count === 0) return NOTHING;
    if (count > this.firstLength) return this.gather(count);
    const { first, at } = this;
    const end = at + count;
    this.size -= count;
    this.position += count;
    if (count < this.lengthOf(first) - at) this.share(end);
    else this.dropFirst();
    return at === 0 && end === first.length ? first : first.subarray(at, end);
  }

  /** Drops `count` bytes, of which there must be as many. */
  drop(count: number): void {
    let left = count;
    while (left > 0) {
      const length = Math.min(left, this.firstLength);
      this.take(length);
      left -= length;
    }
  }

  /** How many bytes are in the first piece, where `find` looks. */
  get firstLength(): number {
    return this.lengthOf(this.first) - this.at;
  }

  /** Where `needle` is in the first piece, not before `from`, and ending not behind `end`; -1 without any. */
  find(needle: Uint8Array | number, from: number, end: number): number {
    const { at } = this;
    // What is behind the bytes of a piece with room, or behind another separator that was found, need not be searched.
    const first = at + end < this.first.length ? this.first.subarray(0, at + end) : this.first;
    const index = first.indexOf(needle, at + from);
    return index === -1 ? -1 : index - at;
  }

  /** Makes the first piece longer by a part of the next, about twice as long; false when there is no other. */
  extend(): boolean {
    if (this.others.length === 0) return false;
    if (this.roomy !== this.first && this.roomy !== null) this.closeRoom();
    const next = this.others[0]!;
    const count = Math.min(next.length, Math.max(this.firstLength, LEAST_ROOM));
    const part = next.subarray(0, count);
    if (count === next.length) this.others.shift();
    else this.others[0] = next.subarray(count);
    if (this.roomy !== null && this.roomy.length - this.roomyEnd >= count) this.append(part);
    else this.moveFirst(part);
    return true;
  }

  /** What is there stays for longer. */
  settle(): void {
    if (this.size === 0 || this.roomy !== null || this.others.length > 0) return;
    if (isWasteful(this.first, this.size)) this.moveFirst(NOTHING);
  }

  private gather(count: number): Buffer {
    const whole = Buffer.allocUnsafe(count);
    let done = 0;
    while (done < count) {
      const length = Math.min(this.firstLength, count - done);
      whole.set(this.take(length), done);
      done += length;
    }
    return whole;
  }

  private dropFirst(): void {
    if (this.roomy === this.first) this.roomy = null;
    this.first = this.others.length === 0 ? NOTHING : this.others.shift()!;
    this.at = 0;
    this.isShared = false;
  }

  /** What is before `end` belongs to a reader, what is behind it is still here. */
  private share(end: number): void {
    this.at = end;
    if (this.isShared) return;
    this.isShared = true;
    keepHere(this.first.buffer);
  }

  /** Copies what is unread of the first piece, and `more`, to memory of their own. */
  private moveFirst(more: Buffer): void {
    const { first, at } = this;
    this.first = this.makeRoom(first.subarray(at, this.lengthOf(first)), more);
    this.at = 0;
    this.isShared = false;
  }

  private append(data: Buffer): void {
    this.roomy!.set(data, this.roomyEnd);
    this.roomyEnd += data.length;
  }

  private lengthOf(piece: Buffer): number {
    return piece === this.roomy ? this.roomyEnd : piece.length;
  }

  /** A piece of `data` and `more` with room for as much as there is already. */
  private makeRoom(data: Buffer, more: Buffer = NOTHING): Buffer {
    const length = data.length + more.length;
    const room = Math.min(Math.max(this.size, length, LEAST_ROOM), MOST_ROOM);
    const piece = Buffer.allocUnsafeSlow(length + room);
    piece.set(data, 0);
    piece.set(more, data.length);
    this.roomy = piece;
    this.roomyEnd = length;
    return piece;
  }

  /** The piece that has room gets no more. */
  private closeRoom(): void {
    const exact = this.roomy!.subarray(0, this.roomyEnd);
    if (this.roomy === this.first) this.first = exact;
    else this.others[this.others.length - 1] = exact;
    this.roomy = null;
  }
}

/** Whether `length` bytes of a piece hold too much memory. */
function isWasteful(piece: Buffer, length: number): boolean {
  return length * MOST_WASTE < piece.buffer.byteLength;
}
