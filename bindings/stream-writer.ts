// The writing end of a stream. asyncio: `StreamWriter`.
import type { Address } from './address.js';
import { NotImplementedError } from './errors.js';
import type { EventLoop } from './event-loop.js';
import type { Future } from './future.js';
import { Operation } from './operation.js';
import { failed } from './settled.js';
import { turnOf } from './sleep.js';
import type { Coroutine } from './stepping.js';
import type { StreamReader } from './stream-reader.js';
import type { StreamReaderProtocol } from './stream-reader-protocol.js';
import type { SubprocessStreamProtocol } from './subprocess-stream-protocol.js';
import type { ExtraInfo, WriteTransport } from './transport.js';
import { OpenWriter, writerText } from './unclosed-streams.js';

/**
 * The writing end of a stream. asyncio: `StreamWriter`. `openConnection` and `startServer` make it.
 *
 * Who made it closes it. One that is collected unclosed is closed with a ResourceWarning.
 *
 * @example
 * writer.write(Buffer.from('hello\n'));
 * yield* writer.drain();
 * writer.close();
 * yield* writer.waitClosed();
 */
export class StreamWriter {
  /** The transport that the bytes go to. */
  readonly transport: WriteTransport;
  private readonly protocol: StreamReaderProtocol | SubprocessStreamProtocol;
  private readonly reader: StreamReader | null;
  private readonly loop: EventLoop;

  /**
   * @param transport where the bytes go
   * @param protocol the transport's: a StreamReaderProtocol; of a child's `stdin`, the child's SubprocessStreamProtocol
   * @param reader whose errors `drain()` throws, or null
   * @param loop the loop of who writes
   */
  constructor(
    transport: WriteTransport,
    protocol: StreamReaderProtocol | SubprocessStreamProtocol,
    reader: StreamReader | null,
    loop: EventLoop,
  ) {
    this.transport = transport;
    this.protocol = protocol;
    this.reader = reader;
    this.loop = loop;
    protocol.flow.writer = new OpenWriter(loop, this, transport, reader);
  }

  /**
   * Sends `data`; does not wait. The bytes are the caller's again when this returns. asyncio: `write`.
   * @throws TypeError unless `data` is a Uint8Array; RuntimeError `ERR_WRITE_AFTER_EOF` after `writeEof()`.
   */
  write(data: Uint8Array): void {
    this.transport.write(data);
  }

  /** Sends several pieces, as one. Errors as `write`. asyncio: `writelines`. */
  writelines(pieces: Iterable<Uint8Array>): void {
    this.transport.writelines(pieces);
  }

  /**
   * Waits until no more than the low mark waits to be sent, if it was more than the high mark; at once else.
   * asyncio: `drain`.
   *
   * @throws the error of the stream; the system's `ECONNRESET` when the connection is gone; CancelledError when the task
   * is cancelled while it waits.
   */
  drain(): Future<void> {
    const { loop, reader } = this;
    const error = reader === null ? null : reader.exception();
    if (error !== null) return failed(loop, error);
    return this.transport.isClosing() ? new Operation(loop, this.drainClosing()) : this.protocol.flow.drain();
  }

  /** Ends the stream when everything written is sent; reading goes on. asyncio: `write_eof`. */
  writeEof(): void {
    this.transport.writeEof();
  }

  /** Whether `writeEof()` works here. asyncio: `can_write_eof`. */
  canWriteEof(): boolean {
    return this.transport.canWriteEof();
  }

  /** Closes the stream; what was written is sent first. asyncio: `close`. */
  close(): void {
    this.transport.close();
  }

  /** Whether the stream is closing or closed. asyncio: `is_closing`. */
  isClosing(): boolean {
    return this.transport.isClosing();
  }

  /**
   * Waits until the stream is closed. asyncio: `wait_closed`.
   * @throws the error that the connection was lost by; CancelledError when the task is cancelled while it waits.
   */
  waitClosed(): Future<void> {
    return this.protocol.flow.waitClosed();
  }

  /** What is known of the connection, as of a transport. asyncio: `get_extra_info`. */
  getExtraInfo<K extends keyof ExtraInfo>(name: K): ExtraInfo[K] | undefined;
  getExtraInfo<A extends Address>(name: 'sockname' | 'peername'): A | undefined;
  getExtraInfo<D = undefined>(name: string, fallback?: D): unknown;
  getExtraInfo(name: string, fallback?: unknown): unknown {
    return this.transport.getExtraInfo(name, fallback);
  }

  /** Upgrades the stream to TLS. asyncio: `start_tls`. @throws NotImplementedError: there is no TLS yet. */
  startTls(_sslContext: unknown, _options: object = {}): Future<void> {
    return failed(this.loop, new NotImplementedError('startTls() is not there yet: TLS comes later'));
  }

  /** `close()` and `waitClosed()`, for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.close();
    await this.waitClosed();
  }

  /** The writer as asyncio prints it. */
  toString(): string {
    return writerText(this.transport, this.reader);
  }

  /** @internal */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }

  /** Gives the connection a turn to be lost in: a loop of writes and drains would never hear of it. */
  private *drainClosing(): Coroutine<void> {
    yield* turnOf(this.loop);
    yield* this.protocol.flow.drain();
  }
}
