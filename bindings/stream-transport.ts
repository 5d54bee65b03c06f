// The transport of a byte stream: its life, from connectionMade() to connectionLost(), in asyncio's order. What is
// received and what is sent are its two halves. asyncio: `_SelectorSocketTransport`.
import type { Address } from './address.js';
import { RuntimeError } from './errors.js';
import type { EventLoop } from './event-loop.js';
import { extraInfo } from './extra-info.js';
import { FileSending } from './file-sending.js';
import type { WriteBufferLimitsOptions } from './flow-control.js';
import type { Future } from './future.js';
import type { Core } from './native/core.js';
import * as layout from './native/layout.js';
import type { BufferedProtocol, Protocol } from './protocol.js';
import { ReadSide, type Receiver } from './read-side.js';
import { SOCK_STREAM } from './socket-constants.js';
import type { Coroutine } from './stepping.js';
import { isSystemError, systemError } from './system-error.js';
import { type ExtraInfo, type SendfileMode, Transport } from './transport.js';
import { type LivingTransport, TransportLife } from './transport-life.js';
import { closedView, TransportSocket } from './transport-socket.js';
import type { WriteSide } from './write-side.js';

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
export class StreamTransport
  extends Transport
  implements LivingTransport<Protocol | BufferedProtocol>, Receiver
{
  readonly generation: number;
  readonly #loop: EventLoop;
  readonly #core: Core;
  readonly #slot: number;
  readonly #owner: TransportOwner | undefined;
  readonly #sockname: Address;
  readonly #peername: Address | undefined;
  /** Made when it is asked for. */
  #view: TransportSocket | null = null;
  readonly #life: TransportLife<Protocol | BufferedProtocol>;
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
    loop.scheduler.attach(this.#slot, this);
    this.#owner?.attach(this);
    this.#life = new TransportLife(loop, this.#slot, this, parts.protocol);
    this.#reads = new ReadSide(loop, this.#slot, this.generation, this.#life.context, this);
    this.#writes = this.#life.writes;
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
        this.#life.onWriteFailed(detail, length !== 0);
        break;
      case layout.COMPLETE_LOW:
        this.#writes.onLow();
        break;
      case layout.COMPLETE_DRAINED:
        this.#life.onDrained();
        break;
      case layout.COMPLETE_FILE_SENT:
        this.#writes.file?.onSent(offset, detail);
        break;
    }
  }

  /** @internal */
  ended(errno: number): void {
    if (errno === 0) this.#reads.tellEof();
    else this.fatal(systemError(errno, { syscall: 'read' }), 'Fatal read error on socket transport');
  }

  // ---- life ----------------------------------------------------------------------------------------

  /** Tells the protocol of its transport. Once, first. */
  connect(): void {
    try {
      const result = this.#life.protocol?.connectionMade(this);
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
    return this.#life.closing;
  }

  close(): void {
    this.#life.close();
  }

  abort(): void {
    this.#life.abort();
  }

  /** @internal */
  beforeLost(): void {}

  /** @internal */
  afterLost(error: Error | null): void {
    this.#owner?.detach(this);
    this.#writes.file?.onLost(error);
  }

  /** @internal Reports what is no error of the network, and closes at once. */
  fatal(error: unknown, message: string): void {
    // As asyncio: what the network did is not an error of the program.
    this.#life.fail(error, message, isSystemError(error));
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
    if (this.#life.setProtocol(protocol)) this.#reads.protocolChanged();
  }

  getProtocol(): Protocol | BufferedProtocol | null {
    return this.#life.protocol;
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
    if (!this.#life.closing) this.#writes.writeEof();
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

  /** @internal */
  pauseWriting(): void {
    this.#life.pauseWriting();
  }

  /** @internal */
  resumeWriting(): void {
    this.#life.resumeWriting();
  }

  // ---- the rest ------------------------------------------------------------------------------------

  getExtraInfo<K extends keyof ExtraInfo>(name: K): ExtraInfo[K] | undefined;
  getExtraInfo<A extends Address>(name: 'sockname' | 'peername'): A | undefined;
  getExtraInfo<D = undefined>(name: string, fallback?: D): unknown;
  getExtraInfo(name: string, fallback?: unknown): unknown {
    return extraInfo(name, fallback, this.#sockname, this.#peername, () => this.#socket());
  }

  #socket(): TransportSocket {
    if (this.#view !== null) return this.#view;
    const native = this.#core.native.socketOf(this.#slot, this.generation);
    this.#view = native === null ? closedView(this.#sockname, SOCK_STREAM) : new TransportSocket(native);
    return this.#view;
  }

  override toString(): string {
    return `<${this.constructor.name} fd=${this.#core.native.descriptor(this.#slot, this.generation)}${this.#life.state}>`;
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
