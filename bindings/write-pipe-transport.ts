// The transport of a pipe's end that is written to: also of a child's input, whose source the core has made. asyncio:
// `_UnixWritePipeTransport`.
import type { Address } from './address.js';
import type { EventLoop } from './event-loop.js';
import type { WriteBufferLimitsOptions } from './flow-control.js';
import * as layout from './native/layout.js';
import { begin, type PipeParts } from './pipe-parts.js';
import type { BufferedProtocol, Protocol } from './protocol.js';
import { isSystemError } from './system-error.js';
import { type ExtraInfo, WriteTransport } from './transport.js';
import { type LivingTransport, TransportLife } from './transport-life.js';
import type { WriteSide } from './write-side.js';

/** One end of a pipe, to write to. @internal */
export class WritePipeTransport
  extends WriteTransport
  implements LivingTransport<Protocol | BufferedProtocol>
{
  readonly generation: number;
  readonly #loop: EventLoop;
  readonly #slot: number;
  readonly #fd: number;
  readonly #pipe: unknown;
  readonly #closed: (() => void) | undefined;
  readonly #life: TransportLife<Protocol | BufferedProtocol>;
  readonly #writes: WriteSide;

  constructor(loop: EventLoop, parts: PipeParts<Protocol | BufferedProtocol>) {
    super();
    const { slot, generation } = parts;
    this.#loop = loop;
    this.#slot = slot;
    this.generation = generation;
    this.#fd = parts.fd ?? loop.scheduler.core.native.descriptor(slot, generation);
    this.#pipe = parts.pipe;
    this.#closed = parts.closed;
    loop.scheduler.attach(slot, this);
    this.#life = new TransportLife(loop, slot, this, parts.protocol);
    this.#writes = this.#life.writes;
    this.#writes.lateWarning = 'pipe closed by peer or os.write(pipe, data) raised exception.';
    begin(loop, this, this.#life, parts.waiter);
  }

  complete(kind: number, _offset: number, length: number, detail: number): void {
    switch (kind) {
      case layout.COMPLETE_EOF:
        // The reader has gone, and nothing waits for it.
        if (!this.#life.closing) this.#life.forceClose(null);
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
    }
  }

  /** Wants to be told when the reader goes. */
  start(): void {
    if (this.#life.closing) return;
    this.#loop.scheduler.core.submit(layout.SUBMIT_RESUME, this.#slot, this.generation);
  }

  isClosing(): boolean {
    return this.#life.closing;
  }

  close(): void {
    this.#writes.ended = true;
    this.#life.close();
  }

  abort(): void {
    this.#life.abort();
  }

  /** @internal */
  beforeLost(): void {}

  /** @internal */
  afterLost(): void {
    this.#closed?.();
  }

  /** @internal Reports what is no error of the system, and closes at once. */
  fatal(error: unknown, message: string): void {
    this.#life.fail(error, message, isSystemError(error));
  }

  /** @internal A protocol's method was an async function: its rejection is reported, and closes the pipe. */
  watch(result: unknown): void {
    this.#loop.watchPromise(result, (error) =>
      this.fatal(error, 'Fatal error: an async protocol method failed.'),
    );
  }

  setProtocol(protocol: Protocol | BufferedProtocol): void {
    this.#life.setProtocol(protocol);
  }

  getProtocol(): Protocol | BufferedProtocol | null {
    return this.#life.protocol;
  }

  write(data: Uint8Array): void {
    this.#writes.write(data);
  }

  writelines(pieces: Iterable<Uint8Array>): void {
    this.#writes.writelines(pieces);
  }

  canWriteEof(): boolean {
    return true;
  }

  /** There is no half of a pipe: its end is its close. */
  writeEof(): void {
    this.close();
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

  getExtraInfo<K extends keyof ExtraInfo>(name: K): ExtraInfo[K] | undefined;
  getExtraInfo<A extends Address>(name: 'sockname' | 'peername'): A | undefined;
  getExtraInfo<D = undefined>(name: string, fallback?: D): unknown;
  getExtraInfo(name: string, fallback?: unknown): unknown {
    return name === 'pipe' ? (this.#pipe ?? fallback) : fallback;
  }

  override toString(): string {
    const { state } = this.#life;
    const name = `<${this.constructor.name} fd=${this.#fd}`;
    if (state === ' closed' || this.#loop.isClosed()) return `${name} closed>`;
    const { size } = this.#writes;
    return `${name}${state}${size > 0 ? ' polling' : ' idle'} bufsize=${size}>`;
  }
}
