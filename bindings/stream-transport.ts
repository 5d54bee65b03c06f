// The transport of a byte stream: what the core tells it becomes calls of the protocol, in asyncio's order,
// and what the protocol asks for is submitted to the core. asyncio: `_SelectorSocketTransport`.
import { type Context, captureContext } from './context.js';
import { ExitError, given, RuntimeError, typeError } from './errors.js';
import type { EventLoop } from './event-loop.js';
import type { Future } from './future.js';
import type { Core } from './native/core.js';
import * as layout from './native/layout.js';
import { type BufferedProtocol, isBuffered, type Protocol } from './protocol.js';
import type { Source } from './scheduler.js';
import { TransportSocket } from './socket.js';
import { isSystemError, systemError } from './system-error.js';
import { type Address, type ExtraInfo, Transport } from './transport.js';
import { type Writer, WriteSide } from './write-side.js';

/** A connection that brings this much at once is received into memory of its own from then on: no second copy. */
const LARGE_BYTES = 32 * 1024;
/** That memory's size: a message of 100 KiB in one piece, and below the size that malloc maps afresh each time. */
const LARGE_READ_BYTES = 120 * 1024;
/** Pieces under this size end that: they are cheaper through the slab. */
const SMALL_BYTES = 8 * 1024;

/** Who wants to know of a transport's life: the server that accepted it. @internal */
export interface TransportOwner {
  attach(transport: StreamTransport): void;
  detach(transport: StreamTransport): void;
}

/** What a new transport is made of. @internal */
export interface StreamParts {
  slot: number;
  generation: number;
  sockname: Address;
  peername: Address | undefined;
  protocol: Protocol | BufferedProtocol;
  owner?: TransportOwner;
  /** Done when the protocol has its transport and reading has started. */
  waiter?: Future<void>;
}

/** A connected stream. @internal */
export class StreamTransport extends Transport implements Source, Writer {
  readonly generation: number;
  readonly #loop: EventLoop;
  readonly #core: Core;
  readonly #slot: number;
  readonly #owner: TransportOwner | undefined;
  readonly #sockname: Address;
  readonly #peername: Address | undefined;
  /** Callbacks of the protocol run here; what they set stays for the next ones. */
  readonly #context: Context;
  #protocol: Protocol | BufferedProtocol | null;
  #buffered: boolean;
  /** Received into memory of its own, piece by piece, because the pieces are large. */
  #large = false;
  #paused = false;
  #closing = false;
  readonly #writes: WriteSide;
  /** The end of the stream (or an errno), read by the core in a turn that paused reading before it came. */
  #heldEnd: number | null = null;

  constructor(loop: EventLoop, parts: StreamParts) {
    super();
    this.#loop = loop;
    this.#core = loop.scheduler.core;
    this.#slot = parts.slot;
    this.generation = parts.generation;
    this.#sockname = parts.sockname;
    this.#peername = parts.peername;
    this.#owner = parts.owner;
    this.#protocol = parts.protocol;
    this.#buffered = isBuffered(parts.protocol);
    this.#writes = new WriteSide(this.#core, this.#slot, this.generation, this);
    loop.scheduler.attach(this.#slot, this);
    this.#owner?.attach(this);
    if (this.#buffered) this.#submit(layout.SUBMIT_BUFFERED, 0, 1);
    this.#context = captureContext(loop.followsStores);
    // Reading must not start before connectionMade() has been called, and nobody may go on before both.
    loop.callSoon(connect, this);
    loop.callSoon(startReading, this);
    if (parts.waiter !== undefined) loop.callSoon(wakeUp, parts.waiter);
  }

  // ---- what the core tells -------------------------------------------------------------------------

  complete(kind: number, offset: number, length: number, detail: number): void {
    switch (kind) {
      case layout.COMPLETE_DATA:
        this.#onData(offset, length);
        break;
      case layout.COMPLETE_READABLE:
        if (this.isReading()) this.#receiveInto();
        break;
      case layout.COMPLETE_EOF:
        this.#onEnd(0);
        break;
      case layout.COMPLETE_READ_FAILED:
        this.#onEnd(detail);
        break;
      case layout.COMPLETE_WRITE_FAILED:
        this.#onWriteFailed(detail, length !== 0);
        break;
      case layout.COMPLETE_LOW:
        this.#writes.onLow();
        break;
      case layout.COMPLETE_DRAINED:
        this.#onDrained();
        break;
    }
  }

  #onData(offset: number, length: number): void {
    if (this.#closing) return;
    if (this.#paused) {
      this.#submit(layout.SUBMIT_HAND_BACK, offset, length);
      return;
    }
    if (this.#buffered) {
      this.#feed(offset, length);
      return;
    }
    if (length >= LARGE_BYTES && !this.#large) this.#setLarge(true);
    this.#deliver(this.#core.take(offset, length));
  }

  #setLarge(large: boolean): void {
    this.#large = large;
    this.#submit(layout.SUBMIT_BUFFERED, 0, large ? 1 : 0);
  }

  /** Received bytes of a protocol that has become a buffered one meanwhile. */
  #feed(offset: number, length: number): void {
    let done = 0;
    while (done < length) {
      if (this.#closing) return;
      if (this.#paused || !this.#buffered) {
        this.#onData(offset + done, length - done);
        return;
      }
      const buffer = this.#getBuffer(length - done);
      if (buffer === null) return;
      const count = this.#core.takeInto(buffer, offset + done, length - done);
      done += count;
      if (!this.#updated(count)) return;
    }
  }

  #receiveInto(): void {
    if (!this.#buffered) {
      const data = Buffer.allocUnsafeSlow(LARGE_READ_BYTES);
      const count = this.#core.native.recvInto(this.#slot, this.generation, data);
      if (count > 0) {
        if (count < SMALL_BYTES && this.#large) this.#setLarge(false);
        this.#deliver(count < LARGE_BYTES ? Buffer.from(data.subarray(0, count)) : data.subarray(0, count));
      } else if (count !== -1) this.#onEnd(count === 0 ? 0 : -1 - count);
      return;
    }
    const buffer = this.#getBuffer(-1);
    if (buffer === null) return;
    // getBuffer may have paused or closed: the bytes stay in the kernel then.
    if (!this.isReading()) return;
    const count = this.#core.native.recvInto(this.#slot, this.generation, buffer);
    if (count > 0) this.#updated(count);
    else if (count !== -1) this.#onEnd(count === 0 ? 0 : -1 - count);
  }

  #deliver(data: Buffer): void {
    const protocol = this.#protocol as Protocol;
    try {
      const result = this.#context.call(protocol, protocol.dataReceived, data);
      if (result !== undefined) this.#watch(result);
    } catch (error) {
      this.#fatal(error, 'Fatal error: protocol.data_received() call failed.');
    }
  }

  #getBuffer(sizeHint: number): Uint8Array | null {
    const protocol = this.#protocol as BufferedProtocol;
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
      this.#fatal(error, 'Fatal error: protocol.get_buffer() call failed.');
      return null;
    }
  }

  #updated(count: number): boolean {
    const protocol = this.#protocol as BufferedProtocol;
    try {
      const result = this.#context.call(protocol, protocol.bufferUpdated, count);
      if (result !== undefined) this.#watch(result);
      return true;
    } catch (error) {
      this.#fatal(error, 'Fatal error: protocol.buffer_updated() call failed.');
      return false;
    }
  }

  /** The stream has ended: with `errno`, or (0) because the peer sends no more. */
  #onEnd(errno: number): void {
    if (this.#closing) return;
    if (this.#paused) {
      this.#heldEnd = errno;
      return;
    }
    if (errno !== 0) {
      this.#fatal(this.#systemError(errno, 'read'), 'Fatal read error on socket transport');
      return;
    }
    const protocol = this.#protocol as Protocol;
    let keepOpen: unknown;
    try {
      keepOpen = this.#context.call(protocol, protocol.eofReceived, undefined);
    } catch (error) {
      this.#fatal(error, 'Fatal error: protocol.eof_received() call failed.');
      return;
    }
    if (typeof keepOpen === 'object' && keepOpen !== null) this.#watch(keepOpen);
    else if (keepOpen) return;
    this.close();
  }

  /** `fresh`: by a write of the turn before, which would have failed at once in asyncio. */
  #onWriteFailed(errno: number, fresh: boolean): void {
    if (this.#writes.lost !== 0) return;
    const error = this.#systemError(errno, 'write');
    if (!fresh) {
      this.#fatal(error, 'Fatal write error on socket transport');
      return;
    }
    this.#closing = true;
    this.#writes.lost = 1;
    this.#submit(layout.SUBMIT_ABORT);
    this.#connectionLost(error);
  }

  #onDrained(): void {
    if (!this.#closing || this.#writes.lost !== 0) return;
    // A callback that ran since the poll may have written: that is still sent, as in asyncio.
    if (this.#writes.size > 0) this.#submit(layout.SUBMIT_NOTIFY_DRAINED);
    else this.#connectionLost(null);
  }

  // ---- life ----------------------------------------------------------------------------------------

  /** Tells the protocol of its transport. Once, first. */
  connect(): void {
    try {
      const result = this.#protocol?.connectionMade(this);
      if (result !== undefined) this.#watch(result);
    } catch (error) {
      this.#fatal(error, 'Fatal error: protocol.connection_made() call failed.');
    }
  }

  /** Begins to read, unless connectionMade() has paused or closed. */
  startReading(): void {
    if (this.isReading()) this.#submit(layout.SUBMIT_RESUME);
  }

  isClosing(): boolean {
    return this.#closing;
  }

  close(): void {
    if (this.#closing) return;
    this.#closing = true;
    // A closed loop has closed the descriptor, and calls nobody any more.
    if (this.#loop.isClosed()) return;
    if (this.getWriteBufferSize() > 0) {
      this.#submit(layout.SUBMIT_NOTIFY_DRAINED);
      return;
    }
    this.#submit(layout.SUBMIT_PAUSE);
    this.#writes.lost += 1;
    this.#loop.callSoon(() => this.#connectionLost(null));
  }

  abort(): void {
    this.#forceClose(null);
  }

  #forceClose(error: unknown): void {
    if (this.#writes.lost !== 0) return;
    this.#closing = true;
    this.#writes.lost = 1;
    if (this.#loop.isClosed()) return;
    this.#submit(layout.SUBMIT_ABORT);
    this.#loop.callSoon(() => this.#connectionLost(error));
  }

  /** The end of everything: the protocol hears of it, then the descriptor closes. */
  #connectionLost(error: unknown): void {
    const protocol = this.#protocol;
    if (protocol === null) return;
    if (this.#writes.lost === 0) this.#writes.lost = 1;
    try {
      const result = this.#context.call(protocol, protocol.connectionLost, error as Error | null);
      if (result !== undefined) this.#watch(result);
    } catch (problem) {
      this.#report(problem, 'Fatal error: protocol.connection_lost() call failed.');
    } finally {
      this.#protocol = null;
      this.#loop.scheduler.detach(this.#slot, this);
      this.#submit(layout.SUBMIT_CLOSE);
      this.#owner?.detach(this);
    }
  }

  #fatal(error: unknown, message: string): void {
    if (error instanceof ExitError) {
      this.#forceClose(error);
      throw error;
    }
    // As asyncio: what the network did is not an error of the program.
    if (!isSystemError(error)) this.#report(error, message);
    this.#forceClose(error);
  }

  #report(exception: unknown, message: string): void {
    if (exception instanceof ExitError) throw exception;
    const context = { message, exception, transport: this as Transport };
    const protocol = this.#protocol;
    this.#loop.callExceptionHandler(protocol === null ? context : { ...context, protocol });
  }

  /** A protocol's method was an async function: its rejection is reported, and closes the connection. */
  #watch(result: unknown): void {
    this.#loop.watchPromise(result, (error) =>
      this.#fatal(error, 'Fatal error: an async protocol method failed.'),
    );
  }

  // ---- reading -------------------------------------------------------------------------------------

  isReading(): boolean {
    return !this.#closing && !this.#paused;
  }

  pauseReading(): void {
    if (!this.isReading()) return;
    this.#paused = true;
    this.#submit(layout.SUBMIT_PAUSE);
  }

  resumeReading(): void {
    if (this.#closing || !this.#paused) return;
    this.#paused = false;
    const end = this.#heldEnd;
    if (end === null) {
      this.#submit(layout.SUBMIT_RESUME);
      return;
    }
    this.#heldEnd = null;
    this.#loop.callSoon(() => this.#onEnd(end));
  }

  setProtocol(protocol: Protocol | BufferedProtocol): void {
    if (typeof protocol !== 'object' || protocol === null) {
      throw typeError(`a protocol is expected, not ${given(protocol)}`);
    }
    if (this.#protocol === null) return;
    this.#protocol = protocol;
    const buffered = isBuffered(protocol);
    if (buffered === this.#buffered) return;
    this.#buffered = buffered;
    this.#large = false;
    this.#submit(layout.SUBMIT_BUFFERED, 0, buffered ? 1 : 0);
  }

  getProtocol(): Protocol | BufferedProtocol | null {
    return this.#protocol;
  }

  // ---- writing -------------------------------------------------------------------------------------

  write(data: Uint8Array): void {
    this.#writes.write(data);
  }

  writelines(pieces: Iterable<Uint8Array>): void {
    this.#writes.writelines(pieces);
  }

  canWriteEof(): boolean {
    return true;
  }

  writeEof(): void {
    if (!this.#closing) this.#writes.writeEof();
  }

  getWriteBufferSize(): number {
    return this.#writes.size;
  }

  getWriteBufferLimits(): [low: number, high: number] {
    const { low, high } = this.#writes.limits;
    return [low, high];
  }

  setWriteBufferLimits(limits?: { high?: number; low?: number }): void {
    this.#writes.setLimits(limits);
  }

  /** @internal More waits than the high mark allows. */
  pauseWriting(): void {
    try {
      const result = this.#protocol?.pauseWriting();
      if (result !== undefined) this.#watch(result);
    } catch (error) {
      this.#report(error, 'protocol.pause_writing() failed');
    }
  }

  /** @internal What waits is down to the low mark. */
  resumeWriting(): void {
    const protocol = this.#protocol;
    if (protocol === null) return;
    try {
      const result = this.#context.call(protocol, protocol.resumeWriting, undefined);
      if (result !== undefined) this.#watch(result);
    } catch (error) {
      this.#report(error, 'protocol.resume_writing() failed');
    }
  }

  // ---- the rest ------------------------------------------------------------------------------------

  getExtraInfo<K extends keyof ExtraInfo>(name: K): ExtraInfo[K] | undefined;
  getExtraInfo<D = undefined>(name: string, fallback?: D): unknown;
  getExtraInfo(name: string, fallback?: unknown): unknown {
    switch (name) {
      case 'socket':
        return this.#socket();
      case 'sockname':
        return this.#sockname;
      case 'peername':
        return this.#peername ?? fallback;
      default:
        return fallback;
    }
  }

  #socket(): TransportSocket {
    const { native } = this.#core;
    return new TransportSocket(
      () => native.descriptor(this.#slot, this.generation),
      this.#sockname,
      this.#peername,
    );
  }

  #systemError(errno: number, syscall: string): Error {
    return systemError(errno, { syscall });
  }

  #submit(kind: number, offset = 0, length = 0): void {
    this.#core.submit(kind, this.#slot, this.generation, offset, length);
  }

  override toString(): string {
    const state = this.#protocol === null ? ' closed' : this.#closing ? ' closing' : '';
    return `<${this.constructor.name} fd=${this.#core.native.descriptor(this.#slot, this.generation)}${state}>`;
  }
}

// Functions, not closures: a connection is to cost no more memory than it has to.
function connect(transport: StreamTransport): void {
  transport.connect();
}

function startReading(transport: StreamTransport): void {
  transport.startReading();
}

function wakeUp(waiter: Future<void>): void {
  if (!waiter.done()) waiter.setResult(undefined);
}
