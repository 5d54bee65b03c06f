// The receiving half of a stream transport: what the core has read becomes calls of the protocol, or goes back
// when nobody wants it now. asyncio: the `_read_ready` methods of `_SelectorSocketTransport`.
import type { Context } from './context.js';
import { given, RuntimeError, typeError } from './errors.js';
import type { EventLoop } from './event-loop.js';
import type { Core } from './native/core.js';
import { SUBMIT_BUFFERED, SUBMIT_HAND_BACK, SUBMIT_PAUSE, SUBMIT_RESUME } from './native/layout.js';
import { type BufferedProtocol, isBuffered, type Protocol } from './protocol.js';

/** A connection that brings this much at once is received from without a second copy from then on. */
const LARGE_BYTES = 8 * 1024;
/** Pieces under this size end that: they are cheaper through the slab. */
const SMALL_BYTES = 4 * 1024;

/** The transport that a receiving half is part of. @internal */
export interface Receiver {
  isClosing(): boolean;
  getProtocol(): Protocol | BufferedProtocol | null;
  close(): void;
  /** Reports what is no error of the network, and closes. */
  fatal(error: unknown, message: string): void;
  /** The stream has ended: with `errno`, or (0) because nothing more comes. */
  ended(errno: number): void;
  /** A protocol's method returned something: of an async one, the rejection is an error. */
  watch(result: unknown): void;
}

/** The receiving half of one connection. @internal */
export class ReadSide {
  readonly #loop: EventLoop;
  readonly #core: Core;
  readonly #slot: number;
  readonly #generation: number;
  readonly #receiver: Receiver;
  /** Callbacks of the protocol run here. */
  readonly #context: Context;
  #buffered: boolean;
  /** Not 0: received without a second copy, because the pieces are large. As large as the last one. */
  #large = 0;
  #paused = false;
  /** The end of the stream (or an errno), read by the core in a turn that paused reading before it came. */
  #heldEnd: number | null = null;

  constructor(loop: EventLoop, slot: number, generation: number, context: Context, receiver: Receiver) {
    this.#loop = loop;
    this.#core = loop.scheduler.core;
    this.#slot = slot;
    this.#generation = generation;
    this.#context = context;
    this.#receiver = receiver;
    this.#buffered = false;
    this.protocolChanged();
  }

  get isReading(): boolean {
    return !this.#paused && !this.#receiver.isClosing();
  }

  /** Begins to read, unless connectionMade() has paused or closed. */
  start(): void {
    if (this.isReading) this.#submit(SUBMIT_RESUME);
  }

  pause(): void {
    if (!this.isReading) return;
    this.#paused = true;
    this.#submit(SUBMIT_PAUSE);
  }

  resume(): void {
    if (!this.#paused || this.#receiver.isClosing()) return;
    this.#paused = false;
    const end = this.#heldEnd;
    if (end === null) {
      this.#submit(SUBMIT_RESUME);
      return;
    }
    this.#heldEnd = null;
    this.#loop.callSoon(() => this.onEnd(end));
  }

  /** Whether the protocol is received into may be another than before. */
  protocolChanged(): void {
    const protocol = this.#receiver.getProtocol();
    const buffered = protocol !== null && isBuffered(protocol);
    if (buffered === this.#buffered) return;
    this.#buffered = buffered;
    this.#large = 0;
    this.#submit(SUBMIT_BUFFERED, 0, buffered ? 1 : 0);
  }

  /** Bytes in the receive slab. */
  onData(offset: number, length: number): void {
    if (this.#receiver.isClosing()) return;
    if (this.#paused) {
      this.#submit(SUBMIT_HAND_BACK, offset, length);
      return;
    }
    if (this.#buffered) {
      this.#feed(offset, length);
      return;
    }
    if (length >= LARGE_BYTES && this.#large === 0) this.#setLarge(length);
    this.#deliver(this.#core.take(offset, length));
  }

  /** Bytes in the kernel, to be received into the protocol's memory, or into memory made for a large piece. */
  onReadable(): void {
    if (!this.isReading) return;
    if (!this.#buffered) {
      const block = this.#core.receiveBlock;
      // Not large: a buffered protocol has left since the core looked. An empty room would look like the end.
      const room = block.lend(Math.max(this.#large, SMALL_BYTES));
      const count = this.#core.native.recvInto(this.#slot, this.#generation, room);
      if (count > 0) {
        if (this.#large > 0) this.#adjust(count, room.length);
        this.#deliver(block.take(count));
      } else if (count !== -1) this.onEnd(count === 0 ? 0 : -1 - count);
      return;
    }
    const buffer = this.#getBuffer(-1);
    if (buffer === null) return;
    // getBuffer may have paused or closed: the bytes stay in the kernel then.
    if (!this.isReading) return;
    const count = this.#core.native.recvInto(this.#slot, this.#generation, buffer);
    if (count > 0) this.#updated(count);
    else if (count !== -1) this.onEnd(count === 0 ? 0 : -1 - count);
  }

  /** The stream has ended, as the core tells. */
  onEnd(errno: number): void {
    const receiver = this.#receiver;
    if (receiver.isClosing()) return;
    if (this.#paused) {
      this.#heldEnd = errno;
      return;
    }
    receiver.ended(errno);
  }

  /** Tells the protocol of the end: what it returns says whether that closes the connection. */
  tellEof(): void {
    const receiver = this.#receiver;
    const protocol = receiver.getProtocol() as Protocol;
    let keepOpen: unknown;
    try {
      keepOpen = this.#context.call(protocol, protocol.eofReceived, undefined);
    } catch (error) {
      receiver.fatal(error, 'Fatal error: protocol.eof_received() call failed.');
      return;
    }
    if (typeof keepOpen === 'object' && keepOpen !== null) receiver.watch(keepOpen);
    else if (keepOpen) return;
    receiver.close();
  }

  /** A large piece was expected, and `count` bytes came. */
  #adjust(count: number, room: number): void {
    if (count < SMALL_BYTES) this.#setLarge(0);
    // It was full, so there may be more.
    else this.#large = count === room ? 2 * count : count;
  }

  #setLarge(length: number): void {
    this.#large = length;
    this.#submit(SUBMIT_BUFFERED, 0, length > 0 ? 1 : 0);
  }

  /** Received bytes of a protocol that has become a buffered one meanwhile. */
  #feed(offset: number, length: number): void {
    let done = 0;
    while (done < length) {
      if (this.#receiver.isClosing()) return;
      if (this.#paused || !this.#buffered) {
        this.onData(offset + done, length - done);
        return;
      }
      const buffer = this.#getBuffer(length - done);
      if (buffer === null) return;
      const count = this.#core.takeInto(buffer, offset + done, length - done);
      done += count;
      if (!this.#updated(count)) return;
    }
  }

  #deliver(data: Buffer): void {
    const protocol = this.#receiver.getProtocol() as Protocol;
    try {
      const result = this.#context.call(protocol, protocol.dataReceived, data);
      if (result !== undefined) this.#receiver.watch(result);
    } catch (error) {
      this.#receiver.fatal(error, 'Fatal error: protocol.data_received() call failed.');
    }
  }

  #getBuffer(sizeHint: number): Uint8Array | null {
    const protocol = this.#receiver.getProtocol() as BufferedProtocol;
    try {
      const buffer = this.#context.call(protocol, protocol.getBuffer, sizeHint);
      if (!(buffer instanceof Uint8Array)) {
        throw typeError(`getBuffer() must return a Uint8Array, got ${given(buffer)}`);
      }
      if (buffer.length === 0) {
        throw new RuntimeError('get_buffer() returned an empty buffer', 'ERR_EMPTY_BUFFER');
      }
      return buffer;
    } catch (error) {
      this.#receiver.fatal(error, 'Fatal error: protocol.get_buffer() call failed.');
      return null;
    }
  }

  #updated(count: number): boolean {
    const protocol = this.#receiver.getProtocol() as BufferedProtocol;
    try {
      const result = this.#context.call(protocol, protocol.bufferUpdated, count);
      if (result !== undefined) this.#receiver.watch(result);
      return true;
    } catch (error) {
      this.#receiver.fatal(error, 'Fatal error: protocol.buffer_updated() call failed.');
      return false;
    }
  }

  #submit(kind: number, offset = 0, length = 0): void {
    this.#core.submit(kind, this.#slot, this.#generation, offset, length);
  }
}
