// The core as the facade sees it: what can be submitted, the turn's poll, and the completions it brings.
// The byte layouts that are shared with Rust are known here and nowhere else.
import { ReceiveBlock } from '../receive-block.js';
import { systemError } from '../system-error.js';
import { type Ends, Native, type NativeLoop, type Opened, type Posted } from './addon.js';
import type { Destination } from './address-blocks.js';
import { DatagramSlab } from './datagram-slab.js';
import * as layout from './layout.js';
import { Pieces } from './pieces.js';

/** Writes from this size on are sent by a direct call: copying them would cost more than the call. */
const DIRECT_WRITE_BYTES = 8 * 1024;
const WORD_BYTES = 4;
const NO_ADDRESS = new Uint8Array(0);
/** Slots that the first table of buffered bytes has room for. */
const FIRST_SLOTS = 256;

/** Who gets the completions of a turn, one call each. */
export interface CompletionReceiver {
  /** Whether to stop for now. */
  readonly interrupted: boolean;
  complete(
    kind: number,
    slot: number,
    generation: number,
    offset: number,
    length: number,
    detail: number,
  ): void;
}

/** One loop's core and the memory it shares. */
export class Core {
  /** The addon's object, for the rare calls. */
  readonly native: NativeLoop;
  /** Datagrams of the present turn. */
  readonly datagrams: DatagramSlab;
  /** What large pieces are received into. */
  readonly receiveBlock = new ReceiveBlock();
  /**
   * Called when something was submitted while nobody is about to poll: arms a turn (hosted), or flushes at
   * once (the loop does not run). Null inside a turn.
   */
  wake: (() => void) | null = null;
  readonly #header = new Uint32Array(layout.HEADER_WORDS);
  readonly #submissions = new Uint32Array(layout.SUBMISSION_CAPACITY * layout.SUBMISSION_WORDS);
  readonly #whens = new Float64Array(this.#submissions.buffer);
  readonly #outgoing = new Uint8Array(layout.OUTGOING_BYTES);
  readonly #completions = new Uint32Array(layout.COMPLETION_CAPACITY * layout.COMPLETION_WORDS);
  readonly #outgoingWords = new Uint32Array(this.#outgoing.buffer);
  readonly #incoming = new Uint8Array(layout.INCOMING_BYTES);
  readonly #pieces = new Pieces();
  #buffered = new Float64Array(FIRST_SLOTS);
  #count = 0;
  #cursor = 0;

  constructor(virtualTime: boolean) {
    this.native = new Native(
      {
        header: this.#header,
        submissions: this.#submissions,
        outgoing: this.#outgoing,
        completions: this.#completions,
        incoming: this.#incoming,
        datagrams: new Uint8Array(0),
        buffered: this.#buffered,
      },
      virtualTime,
    );
    this.datagrams = new DatagramSlab(this.native, this.#pieces);
  }

  /** How often submissions have been applied. */
  get flushes(): number {
    return this.#header[layout.HEADER_FLUSHES]!;
  }

  /** Whether other threads have posted something (as of the last poll). */
  get posted(): boolean {
    return this.#header[layout.HEADER_POSTED] !== 0;
  }

  /** Whether connections wait that were not read to their end (as of the last poll). */
  get unfinished(): boolean {
    return this.#header[layout.HEADER_UNFINISHED] !== 0;
  }

  /** How many completions the last poll brought. */
  get found(): number {
    return this.#count;
  }

  /** Whether completions of the last poll have not been drained. */
  get undrained(): boolean {
    return this.#cursor < this.#count || this.#header[layout.HEADER_MORE] !== 0;
  }

  /** The native half of a turn: `way` is one of POLL_…. Throws the selector's error. */
  poll(way: number): void {
    const count = this.native.poll(way);
    if (count < 0) throw systemError(-count, { syscall: 'epoll_wait' });
    this.#count = count;
    this.#cursor = 0;
  }

  /** Hands every completion to `receiver`. What it throws comes out; the next call goes on behind it. */
  drain(receiver: CompletionReceiver): void {
    const ring = this.#completions;
    for (;;) {
      while (this.#cursor < this.#count) {
        const at = this.#cursor++ * layout.COMPLETION_WORDS;
        receiver.complete(
          ring[at + layout.RECORD_KIND]!,
          ring[at + layout.RECORD_SLOT]!,
          ring[at + layout.RECORD_GENERATION]!,
          ring[at + layout.RECORD_OFFSET]!,
          ring[at + layout.RECORD_LENGTH]!,
          ring[at + layout.RECORD_DETAIL]!,
        );
        if (receiver.interrupted) return;
      }
      if (this.#header[layout.HEADER_MORE] === 0) return;
      this.#count = this.native.more();
      this.#cursor = 0;
    }
  }

  /** Applies what was submitted, now. */
  flush(): void {
    if (this.#header[layout.HEADER_SUBMITTED] !== 0) this.native.flush();
  }

  /** Submits one record; returns which it is. */
  submit(kind: number, slot: number, generation: number, offset = 0, length = 0): number {
    const record = this.#next();
    const at = record * layout.SUBMISSION_WORDS;
    const ring = this.#submissions;
    ring[at + layout.RECORD_KIND] = kind;
    ring[at + layout.RECORD_SLOT] = slot;
    ring[at + layout.RECORD_GENERATION] = generation;
    ring[at + layout.RECORD_OFFSET] = offset;
    ring[at + layout.RECORD_LENGTH] = length;
    if (this.wake !== null) this.wake();
    return record;
  }

  /** Whether `record`, submitted after `flush` flushes, is the last one and has not been applied. */
  isLast(record: number, flush: number): boolean {
    return record + 1 === this.#header[layout.HEADER_SUBMITTED] && flush === this.flushes;
  }

  /** Takes the last record back, so that another one has its place. Not a write: its bytes have a place, too. */
  withdrawLast(): void {
    this.#header[layout.HEADER_SUBMITTED]! -= 1;
  }

  /** Submits a timer; returns its record, for `withdraw`. */
  submitTimer(slot: number, generation: number, when: number): number {
    const record = this.#next();
    const at = record * layout.SUBMISSION_WORDS;
    const ring = this.#submissions;
    ring[at + layout.RECORD_KIND] = layout.SUBMIT_TIMER;
    ring[at + layout.RECORD_SLOT] = slot;
    ring[at + layout.RECORD_GENERATION] = generation;
    this.#whens[at / 2 + layout.RECORD_WHEN] = when;
    if (this.wake !== null) this.wake();
    return record;
  }

  /** Makes a submitted record ask for something else. Only before it has been applied: `flushes` tells. */
  replace(record: number, kind: number): void {
    this.#submissions[record * layout.SUBMISSION_WORDS + layout.RECORD_KIND] = kind;
  }

  /**
   * Sends `data` on a stream: small data leaves at the end of the turn, copied; large data at once.
   * Returns whether it was only submitted.
   */
  write(slot: number, generation: number, data: Uint8Array): boolean {
    const length = data.length;
    if (length >= DIRECT_WRITE_BYTES) {
      this.native.write(slot, generation, data);
      // A failure is told by the next poll; somebody has to make it.
      if (this.wake !== null) this.wake();
      return false;
    }
    const header = this.#header;
    if (header[layout.HEADER_OUTGOING]! + length > layout.OUTGOING_BYTES) this.native.flush();
    const record = this.#next();
    const offset = header[layout.HEADER_OUTGOING]!;
    this.#outgoing.set(data, offset);
    header[layout.HEADER_OUTGOING] = offset + length;
    const at = record * layout.SUBMISSION_WORDS;
    const ring = this.#submissions;
    ring[at + layout.RECORD_KIND] = layout.SUBMIT_WRITE;
    ring[at + layout.RECORD_SLOT] = slot;
    ring[at + layout.RECORD_GENERATION] = generation;
    ring[at + layout.RECORD_OFFSET] = offset;
    ring[at + layout.RECORD_LENGTH] = length;
    if (this.wake !== null) this.wake();
    return true;
  }

  /** Sends several pieces on a stream, at once. */
  writelines(slot: number, generation: number, pieces: Uint8Array[]): void {
    this.native.writev(slot, generation, pieces);
    if (this.wake !== null) this.wake();
  }

  /**
   * Sends a datagram to `destination` (null: to where the socket is connected), as `write` sends. Returns whether it was
   * only submitted.
   */
  sendto(slot: number, generation: number, data: Uint8Array, destination: Destination | null): boolean {
    const length = data.length;
    if (length >= DIRECT_WRITE_BYTES) {
      this.native.sendTo(slot, generation, data, destination === null ? NO_ADDRESS : destination.bytes);
      if (this.wake !== null) this.wake();
      return false;
    }
    const header = this.#header;
    const words = destination === null ? 0 : destination.length;
    const bytes = words * WORD_BYTES;
    if (header[layout.HEADER_OUTGOING]! + WORD_BYTES + bytes + length > layout.OUTGOING_BYTES)
      this.native.flush();
    const record = this.#next();
    const word = Math.ceil(header[layout.HEADER_OUTGOING]! / WORD_BYTES);
    for (let index = 0; index < words; index++) {
      this.#outgoingWords[word + index] = destination!.words[index]!;
    }
    const offset = word * WORD_BYTES;
    this.#outgoing.set(data, offset + bytes);
    header[layout.HEADER_OUTGOING] = offset + bytes + length;
    const at = record * layout.SUBMISSION_WORDS;
    const ring = this.#submissions;
    ring[at + layout.RECORD_KIND] = layout.SUBMIT_SENDTO;
    ring[at + layout.RECORD_SLOT] = slot;
    ring[at + layout.RECORD_GENERATION] = generation;
    ring[at + layout.RECORD_OFFSET] = offset;
    ring[at + layout.RECORD_LENGTH] = length;
    ring[at + layout.RECORD_DETAIL] = bytes;
    if (this.wake !== null) this.wake();
    return true;
  }

  /**
   * Begins to send a file. Its number, with which FILE_SENT will tell the end; 0 when there was nothing to send; or a
   * negative errno.
   */
  sendFile(slot: number, generation: number, file: number, offset: number, count: number | null): number {
    const status = this.native.sendFile(slot, generation, file, offset, count);
    // The next poll goes on with it; somebody has to make it.
    if (this.wake !== null) this.wake();
    return status;
  }

  /** Closes the core; what is submitted from now on is dropped. */
  close(): void {
    this.native.close();
    // Nobody empties the ring any more, so it must not fill.
    this.wake = () => {
      this.#header[layout.HEADER_SUBMITTED] = 0;
      this.#header[layout.HEADER_OUTGOING] = 0;
    };
  }

  /** Bytes of a stream that wait to be sent, as of the last flush or poll; below 0 when a write has failed. */
  buffered(slot: number): number {
    return this.#buffered[slot]!;
  }

  /** Makes room for `slot` in the table of buffered bytes. Before anything is written on it. */
  reserve(slot: number): void {
    if (slot < this.#buffered.length) return;
    const table = new Float64Array(Math.max(slot + 1, this.#buffered.length * 2));
    table.set(this.#buffered);
    this.#buffered = table;
    this.native.setBuffered(table);
  }

  /** A copy of received bytes, owned by the receiver. */
  take(offset: number, length: number): Buffer {
    return this.#pieces.copy(this.#incoming.buffer, offset, length);
  }

  /** Copies received bytes into `target`, as many as fit; returns how many. */
  takeInto(target: Uint8Array, offset: number, length: number): number {
    const count = Math.min(target.length, length);
    target.set(new Uint8Array(this.#incoming.buffer, offset, count));
    return count;
  }

  #next(): number {
    const header = this.#header;
    if (header[layout.HEADER_SUBMITTED] === layout.SUBMISSION_CAPACITY) this.native.flush();
    const record = header[layout.HEADER_SUBMITTED]!;
    header[layout.HEADER_SUBMITTED] = record + 1;
    return record;
  }
}

export type { Ends, Opened, Posted };
