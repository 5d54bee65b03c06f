// The transport of a pipe's end that is read from: also of a child's output, whose source the core has made. asyncio:
// `_UnixReadPipeTransport`.
import { constants } from 'node:os';
import type { Address } from './address.js';
import type { EventLoop } from './event-loop.js';
import * as layout from './native/layout.js';
import { begin, type PipeParts } from './pipe-parts.js';
import type { BufferedProtocol, Protocol } from './protocol.js';
import { ReadSide, type Receiver } from './read-side.js';
import { isSystemError, systemError } from './system-error.js';
import { type ExtraInfo, ReadTransport } from './transport.js';
import { type LivingTransport, TransportLife } from './transport-life.js';

/** One end of a pipe, to read from. @internal */
export class ReadPipeTransport
  extends ReadTransport
  implements LivingTransport<Protocol | BufferedProtocol>, Receiver
{
  readonly generation: number;
  readonly #loop: EventLoop;
  readonly #fd: number;
  readonly #pipe: unknown;
  readonly #closed: (() => void) | undefined;
  readonly #life: TransportLife<Protocol | BufferedProtocol>;
  readonly #reads: ReadSide;

  constructor(loop: EventLoop, parts: PipeParts<Protocol | BufferedProtocol>) {
    super();
    const { slot, generation } = parts;
    this.#loop = loop;
    this.generation = generation;
    this.#fd = parts.fd ?? loop.scheduler.core.native.descriptor(slot, generation);
    this.#pipe = parts.pipe;
    this.#closed = parts.closed;
    loop.scheduler.attach(slot, this);
    this.#life = new TransportLife(loop, slot, this, parts.protocol);
    this.#reads = new ReadSide(loop, slot, generation, this.#life.context, this);
    begin(loop, this, this.#life, parts.waiter);
  }

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
    }
  }

  /** Begins to read, unless connectionMade() has paused or closed. */
  start(): void {
    this.#reads.start();
  }

  isClosing(): boolean {
    return this.#life.closing;
  }

  close(): void {
    this.#life.close();
  }

  /** @internal In asyncio the end closes the transport whatever eofReceived() returns, and it is called a turn later. */
  ended(errno: number): void {
    if (errno !== 0) {
      this.fatal(systemError(errno, { syscall: 'read' }), 'Fatal read error on pipe transport');
      return;
    }
    const protocol = this.#life.protocol as Protocol;
    this.#loop.callSoon(() => this.#tellEof(protocol));
    this.close();
  }

  #tellEof(protocol: Protocol): void {
    try {
      const result = this.#life.context.call(protocol, protocol.eofReceived, undefined);
      if (typeof result === 'object' && result !== null) this.watch(result);
    } catch (error) {
      this.#life.report(error, 'Fatal error: protocol.eof_received() call failed.');
    }
  }

  /** @internal */
  beforeLost(): void {}

  /** @internal */
  afterLost(): void {
    this.#closed?.();
  }

  /** @internal Reports the error, and closes at once. */
  fatal(error: unknown, message: string): void {
    // As asyncio: it is what the end of a terminal looks like.
    const isHangUp = isSystemError(error) && error.errno === -constants.errno.EIO;
    this.#life.fail(error, message, isHangUp);
  }

  /** @internal A protocol's method was an async function: its rejection is reported, and closes the pipe. */
  watch(result: unknown): void {
    this.#loop.watchPromise(result, (error) =>
      this.fatal(error, 'Fatal error: an async protocol method failed.'),
    );
  }

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

  getExtraInfo<K extends keyof ExtraInfo>(name: K): ExtraInfo[K] | undefined;
  getExtraInfo<A extends Address>(name: 'sockname' | 'peername'): A | undefined;
  getExtraInfo<D = undefined>(name: string, fallback?: D): unknown;
  getExtraInfo(name: string, fallback?: unknown): unknown {
    return name === 'pipe' ? (this.#pipe ?? fallback) : fallback;
  }

  override toString(): string {
    const { state } = this.#life;
    const polling = this.isReading() ? ' polling' : ' idle';
    const at = this.#loop.isClosed() ? ' closed' : polling;
    return `<${this.constructor.name} fd=${this.#fd}${state === '' ? at : state}>`;
  }
}
