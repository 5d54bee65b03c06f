// The reading end of a stream. asyncio: `StreamReader`.
import { given, NotImplementedError, RuntimeError, rangeError, typeError } from './errors.js';
import type { EventLoop } from './event-loop.js';
import type { Future } from './future.js';
import { AGAIN, Line } from './line.js';
import { LineIterator } from './line-iterator.js';
import { getEventLoop } from './loops.js';
import {
  AllBytes,
  BytesUntil,
  ExactBytes,
  OneLine,
  type ReadRequest,
  SomeBytes,
  separatorsOf,
} from './read-requests.js';
import { failed, Settled } from './settled.js';
import { brief } from './texts.js';
import type { ReadTransport } from './transport.js';
import { Unread } from './unread.js';
import { Waiting } from './waiting.js';

/** Bytes that a line may have, and half of what is received ahead, without `limit`. asyncio: `_DEFAULT_LIMIT`. */
const DEFAULT_LIMIT = 64 * 1024;

/**
 * The reading end of a stream. asyncio: `StreamReader`. `openConnection` and `startServer` make it.
 *
 * What was received is read without being copied: a result is a part of the memory that was received into, and is its
 * receiver's. Only one task may wait at a time.
 *
 * @example
 * // In a generator; an empty line is the end of the stream.
 * for (;;) {
 *   const line = yield* reader.readline();
 *   if (line.length === 0) break;
 *   console.log(line.toString());
 * }
 * // In an async function:
 * for await (const line of reader) console.log(line.toString());
 */
export class StreamReader implements AsyncIterable<Buffer, undefined> {
  private readonly loop: EventLoop;
  private readonly limit: number;
  private readonly unread = new Unread();
  /** Who waits: nobody or one, unless several were cancelled. */
  private readonly line = new Line<Buffer, ReadRequest>(this);
  /** What is waited for. */
  private request: ReadRequest | null = null;
  private transport: Pick<ReadTransport, 'pauseReading' | 'resumeReading'> | null = null;
  private paused = false;
  private ended = false;
  private failure: Error | null = null;

  /**
   * @param limit bytes that a line may have (65,536), up to its separator. More than twice as many unread ones pause
   * the transport.
   * @param loop the loop of who reads; the current one without it
   * @throws TypeError for a limit that is no number, RangeError for one that is not positive.
   */
  constructor(limit: number = DEFAULT_LIMIT, loop: EventLoop = getEventLoop()) {
    if (typeof limit !== 'number') throw typeError(`limit must be a number of bytes, got ${given(limit)}`);
    if (!(limit > 0)) throw rangeError(`Limit cannot be <= 0, got ${limit}`);
    this.loop = loop;
    this.limit = limit;
  }

  // ---- for who reads -------------------------------------------------------------------------------

  /**
   * Reads what is there, `n` bytes at most, and waits for the first one; without `n`, or with a negative one,
   * everything up to the end of the stream. Empty at the end, and for 0. asyncio: `read`.
   *
   * @throws the error of the stream; RuntimeError `ERR_ALREADY_READING` when somebody else waits for this stream;
   * TypeError and RangeError for what is no number of bytes; CancelledError when the task is cancelled while it waits,
   * and then no byte is lost.
   */
  read(n = -1): Future<Buffer> {
    const problem = badCount(n, 'read');
    if (problem !== null) return failed(this.loop, problem);
    return this.begin(n < 0 ? new AllBytes() : n === 0 ? new ExactBytes(0) : new SomeBytes(n));
  }

  /**
   * Reads a line with its `\n`; at the end of the stream what there is, empty if nothing. asyncio: `readline`.
   *
   * @throws RangeError `ERR_LIMIT_OVERRUN` for a line beyond the limit, which is dropped, or what there is of it;
   * others as `read`.
   */
  readline(): Future<Buffer> {
    return this.begin(new OneLine(this.limit));
  }

  /**
   * Reads exactly `n` bytes; the limit does not matter. asyncio: `readexactly`.
   *
   * @throws IncompleteReadError when the stream ends before: it has what came; others as `read`.
   * @example
   * const header = yield* reader.readexactly(4);
   * const body = yield* reader.readexactly(header.readUInt32BE());
   */
  readexactly(n: number): Future<Buffer> {
    const problem =
      badCount(n, 'readexactly') ??
      (n < 0 ? rangeError(`readexactly size can not be less than zero, got ${n}`) : null);
    return problem === null ? this.begin(new ExactBytes(n)) : failed(this.loop, problem);
  }

  /**
   * Reads up to a separator, and with it; of several separators, the one that ends first. asyncio: `readuntil`.
   *
   * @param separator some bytes (a newline), or an array of several
   * @throws IncompleteReadError when the stream ends before: it has what came, and `expected` is null;
   * LimitOverrunError when there are more than the limit, which stay and can be read by `read` and `readexactly`;
   * TypeError and RangeError for what is no separator; others as `read`.
   * @example
   * const head = yield* reader.readuntil(Buffer.from('\r\n\r\n'));
   */
  readuntil(separator: Uint8Array | readonly Uint8Array[] = NEWLINE): Future<Buffer> {
    let request: ReadRequest;
    try {
      request = new BytesUntil(separatorsOf(separator), this.limit);
    } catch (error) {
      return failed(this.loop, error);
    }
    return this.begin(request);
  }

  /** Goes through the lines up to the end of the stream: `for await (const line of reader)`. Errors as `readline`. */
  [Symbol.asyncIterator](): AsyncIterator<Buffer, undefined> {
    return new LineIterator(this);
  }

  /** Whether everything was read and nothing more will come. asyncio: `at_eof`. */
  atEof(): boolean {
    return this.ended && this.unread.size === 0;
  }

  /** The error of the stream, or null. asyncio: `exception`. */
  exception(): Error | null {
    return this.failure;
  }

  // ---- for who brings the bytes --------------------------------------------------------------------

  /** Sets the error of the stream: who waits, and who reads from now on, gets it. asyncio: `set_exception`. */
  setException(error: Error): void {
    this.failure = error;
    this.line.dismiss(1);
  }

  /**
   * Adds a copy of `data`. asyncio: `feed_data`.
   * @throws TypeError for what are no bytes; RuntimeError `ERR_FEED_AFTER_EOF` after `feedEof()`.
   */
  feedData(data: Uint8Array): void {
    if (!(data instanceof Uint8Array)) throw typeError(`data must be a Uint8Array, got ${given(data)}`);
    if (this.ended) throw new RuntimeError('feed_data after feed_eof', 'ERR_FEED_AFTER_EOF');
    this.receive(Buffer.from(data));
  }

  /** Nothing more will come. asyncio: `feed_eof`. */
  feedEof(): void {
    this.ended = true;
    this.line.dismiss(1);
  }

  /**
   * Sets who is paused when too much is unread. asyncio: `set_transport`.
   * @throws RuntimeError `ERR_TRANSPORT_SET` when there is one already.
   */
  setTransport(transport: Pick<ReadTransport, 'pauseReading' | 'resumeReading'>): void {
    if (this.transport !== null) throw new RuntimeError('Transport already set', 'ERR_TRANSPORT_SET');
    this.transport = transport;
  }

  /** @internal Adds `data`, which is the reader's from now on. */
  receive(data: Buffer): void {
    if (data.length === 0) return;
    const { unread } = this;
    const request = this.line.size > 0 ? this.request : null;
    const isEnough = request !== null && unread.size + data.length >= request.needs;
    unread.push(data, isEnough);
    // It is not even woken for less than it needs, and never paused for what it asked for.
    if (isEnough) this.line.dismiss(1);
    else if (request !== null) return;
    if (unread.size > 2 * this.limit && !this.paused) this.pause();
  }

  // ---- what waits ----------------------------------------------------------------------------------

  /** @internal Goes on after a wake-up. */
  resume(request: ReadRequest): Buffer | typeof AGAIN {
    const result = this.attempt(request);
    if (result !== null) return result;
    if (this.failure !== null) throw this.failure;
    const refusal = this.prepare(request);
    if (refusal !== null) throw refusal;
    return AGAIN;
  }

  /** @internal Nothing was taken for who was cancelled. */
  abandon(): void {}

  private begin(request: ReadRequest): Future<Buffer> {
    const { loop } = this;
    if (this.failure !== null) return failed(loop, this.failure);
    let result: Buffer | null;
    try {
      result = this.attempt(request);
    } catch (error) {
      return failed(loop, error);
    }
    if (result !== null) return new Settled(loop, result);
    const refusal = this.prepare(request);
    return refusal === null ? new Waiting(loop, this.line, request) : failed(loop, refusal);
  }

  private attempt(request: ReadRequest): Buffer | null {
    const { unread } = this;
    try {
      const result = request.take(unread);
      return result === null && this.ended ? request.takeLast(unread) : result;
    } finally {
      if (this.paused && unread.size <= this.limit) this.unpause();
    }
  }

  /** Before a wait; why there must be none. */
  private prepare(request: ReadRequest): RuntimeError | null {
    if (this.line.size > 0) {
      const text = `${request.method}() called while another coroutine is already waiting for incoming data`;
      return new RuntimeError(text, 'ERR_ALREADY_READING');
    }
    // While it is paused, what is waited for would never come.
    if (this.paused) this.unpause();
    this.unread.settle();
    this.request = request;
    return null;
  }

  private pause(): void {
    if (this.transport === null) return;
    try {
      this.transport.pauseReading();
      this.paused = true;
    } catch (error) {
      if (!(error instanceof NotImplementedError)) throw error;
      // It cannot be paused: everything is kept.
      this.transport = null;
    }
  }

  private unpause(): void {
    this.paused = false;
    this.transport?.resumeReading();
  }

  /** The reader as asyncio prints it. */
  toString(): string {
    const parts = ['StreamReader'];
    if (this.unread.size > 0) parts.push(`${this.unread.size} bytes`);
    if (this.ended) parts.push('eof');
    if (this.limit !== DEFAULT_LIMIT) parts.push(`limit=${this.limit}`);
    if (this.line.first !== null) parts.push(`waiter=${this.line.first.toString()}`);
    if (this.failure !== null) parts.push(`exception=${brief(this.failure)}`);
    if (this.transport !== null) parts.push(`transport=${String(this.transport)}`);
    if (this.paused) parts.push('paused');
    return `<${parts.join(' ')}>`;
  }

  /** @internal */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}

const NEWLINE = Buffer.from('\n');

function badCount(n: unknown, method: string): Error | null {
  if (typeof n !== 'number') return typeError(`${method}() takes a number of bytes, got ${given(n)}`);
  return Number.isInteger(n) ? null : rangeError(`${method}() takes a whole number of bytes, got ${n}`);
}
