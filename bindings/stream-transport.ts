// The transport of a byte stream: its life, from connectionMade() to connectionLost(), in asyncio's order. What is
// received and what is sent are its two halves. asyncio: `_SelectorSocketTransport`.
import type { Address } from './address.js';
import { type Context, captureContext } from './context.js';
import { ExitError, given, RuntimeError, typeError } from './errors.js';
import type { EventLoop } from './event-loop.js';
import { FileSending } from './file-sending.js';
import type { WriteBufferLimitsOptions } from './flow-control.js';
import type { Future } from './future.js';
import type { Core } from './native/core.js';
import * as layout from './native/layout.js';
import type { BufferedProtocol, Protocol } from './protocol.js';
import { ReadSide, type Receiver } from './read-side.js';
import type { Source } from './scheduler.js';
import { SOCK_STREAM } from './socket-constants.js';
import type { Coroutine } from './stepping.js';
import { isSystemError, systemError } from './system-error.js';
import { type ExtraInfo, type SendfileMode, Transport } from './transport.js';
import { closedView, TransportSocket } from './transport-socket.js';
import { type Writer, WriteSide } from './write-side.js';

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
export class StreamTransport extends Transport implements Source, Receiver, Writer {
  readonly generation: number;
  readonly #loop: EventLoop;
  readonly #core: Core;
  readonly #slot: number;
  readonly #owner: TransportOwner | undefined;
  readonly #sockname: Address;
  readonly #peername: Address | undefined;
  /** Made when it is asked for. */
  #view: TransportSocket | null = null;
  /** Callbacks of the protocol run here; what they set stays for the next ones. */
  readonly #context: Context;
  #protocol: Protocol | BufferedProtocol | null;
  #closing = false;
  readonly #reads: ReadSide;
  readonly #writes: WriteSide;

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
    loop.scheduler.attach(this.#slot, this);
    this.#owner?.attach(this);
    this.#context = captureContext(loop.followsStores);
    this.#reads = new ReadSide(loop, this.#slot, this.generation, this.#context, this);
    this.#writes = new WriteSide(this.#core, this.#slot, this.generation, this);
    // Reading must not start before connectionMade() has been called, and nobody may go on before both.
    loop.callSoon(connect, this);
    loop.callSoon(startReading, this);
    if (parts.waiter !== undefined) loop.callSoon(wakeUp, parts.waiter);
  }

  // ---- what the core tells -------------------------------------------------------------------------

  complete(kind: number, offset: number, length: number, detail: number): void {
    switch (kind) {
      case layout.COMPLETE_DATA:
        this.#reads.onData(offset, length);
        break;
      case layout.COMPLETE_READABLE:
        this.#reads.onReadable();
        break;
      case layout.COMPLETE_EOF:
        this.#reads.onEnd(0);
        break;
      case layout.COMPLETE_READ_FAILED:
        this.#reads.onEnd(detail);
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
      case layout.COMPLETE_FILE_SENT:
        this.#writes.file?.onSent(offset, detail);
        break;
    }
  }

  /** `fresh`: by a write of the turn before, which would have failed at once in asyncio. */
  #onWriteFailed(errno: number, fresh: boolean): void {
    if (this.#writes.lost !== 0) return;
    const error = this.#systemError(errno, 'write');
    if (!fresh) {
      this.fatal(error, 'Fatal write error on socket transport');
      return;
    }
    this.#closing = true;
    this.#writes.lost = 1;
    this.#submit(layout.SUBMIT_ABORT);
    this.#connectionLost(error);
  }

  #onDrained(): void {
    if (this.#writes.lost !== 0) return;
    if (!this.#closing) {
      this.#writes.file?.onDrained();
      return;
    }
    // A callback that ran since the poll may have written: that is still sent, as in asyncio.
    if (this.#writes.size > 0) this.#submit(layout.SUBMIT_NOTIFY_DRAINED);
    else this.#connectionLost(null);
  }

  // ---- life ----------------------------------------------------------------------------------------

  /** Tells the protocol of its transport. Once, first. */
  connect(): void {
    try {
      const result = this.#protocol?.connectionMade(this);
      if (result !== undefined) this.watch(result);
    } catch (error) {
      this.fatal(error, 'Fatal error: protocol.connection_made() call failed.');
    }
  }

  /** Begins to read, unless connectionMade() has paused or closed. */
  startReading(): void {
    this.#reads.start();
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
    this.#writes.file?.end();
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
      if (result !== undefined) this.watch(result);
    } catch (problem) {
      this.#report(problem, 'Fatal error: protocol.connection_lost() call failed.');
    } finally {
      this.#protocol = null;
      this.#loop.scheduler.detach(this.#slot, this);
      this.#submit(layout.SUBMIT_CLOSE);
      this.#owner?.detach(this);
      this.#writes.file?.onLost(error as Error | null);
    }
  }

  /** @internal Reports what is no error of the network, and closes at once. */
  fatal(error: unknown, message: string): void {
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

  /** @internal A protocol's method was an async function: its rejection is reported, and closes the connection. */
  watch(result: unknown): void {
    this.#loop.watchPromise(result, (error) =>
      this.fatal(error, 'Fatal error: an async protocol method failed.'),
    );
  }

  // ---- reading -------------------------------------------------------------------------------------

  isReading(): boolean {
    return this.#reads.isReading;
  }

  pauseReading(): void {
    this.#reads.pause();
  }

  resumeReading(): void {
    this.#reads.resume();
  }

  setProtocol(protocol: Protocol | BufferedProtocol): void {
    if (typeof protocol !== 'object' || protocol === null) {
      throw typeError(`a protocol is expected, not ${given(protocol)}`);
    }
    if (this.#protocol === null) return;
    this.#protocol = protocol;
    this.#reads.protocolChanged();
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

  setWriteBufferLimits(limits?: WriteBufferLimitsOptions): void {
    this.#writes.setLimits(limits);
  }

  override get sendfileMode(): SendfileMode {
    return 'native';
  }

  /** @internal Sends a file by the system's sendfile, and neither reads nor writes meanwhile. asyncio: `_sendfile_native`. */
  *sendFile(file: number, offset: number, count: number | null): Coroutine<number> {
    if (this.#writes.file !== null) {
      throw new RuntimeError('unable to sendfile; sendfile is in progress', 'ERR_SENDFILE_IN_PROGRESS');
    }
    const wasReading = this.isReading();
    this.pauseReading();
    const sending = new FileSending(this.#loop, this.#slot, this.generation, this);
    this.#writes.file = sending;
    try {
      return yield* sending.send(file, offset, count);
    } finally {
      this.#writes.file = null;
      if (wasReading) this.resumeReading();
    }
  }

  /** @internal Whether the protocol was told to pause writing, and not yet to resume. */
  get isWritingPaused(): boolean {
    return this.#writes.isPaused;
  }

  /** @internal More waits than the high mark allows. */
  pauseWriting(): void {
    try {
      const result = this.#protocol?.pauseWriting();
      if (result !== undefined) this.watch(result);
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
      if (result !== undefined) this.watch(result);
    } catch (error) {
      this.#report(error, 'protocol.resume_writing() failed');
    }
  }

  // ---- the rest ------------------------------------------------------------------------------------

  getExtraInfo<K extends keyof ExtraInfo>(name: K): ExtraInfo[K] | undefined;
  getExtraInfo<A extends Address>(name: 'sockname' | 'peername'): A | undefined;
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
    if (this.#view !== null) return this.#view;
    const native = this.#core.native.socketOf(this.#slot, this.generation);
    this.#view = native === null ? closedView(this.#sockname, SOCK_STREAM) : new TransportSocket(native);
    return this.#view;
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
