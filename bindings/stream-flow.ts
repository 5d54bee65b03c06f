// What those wait for who write to a stream: room for more, and the end. asyncio: `FlowControlMixin`.
import { constants } from 'node:os';
import type { EventLoop } from './event-loop.js';
import type { Future } from './future.js';
import { Line, type Rules } from './line.js';
import { failed, Settled } from './settled.js';
import { type SystemError, systemError } from './system-error.js';
import type { OpenWriter } from './unclosed-streams.js';
import { Waiting } from './waiting.js';

/** Those who wait for the same event, which comes once. */
class Crowd implements Rules<void, undefined> {
  private readonly line = new Line<void>(this);
  private error: Error | null = null;

  join(loop: EventLoop): Future<void> {
    return new Waiting(loop, this.line, undefined);
  }

  /** Lets everybody go on, or fail. */
  release(error: Error | null): void {
    this.error = error;
    this.line.dismiss(Number.POSITIVE_INFINITY);
  }

  resume(): void {
    if (this.error !== null) throw this.error;
  }

  abandon(): void {}
}

/** The flow of one stream. @internal */
export class StreamFlow {
  /** The writer, as long as the connection is open. */
  writer: OpenWriter | null = null;
  private readonly loop: EventLoop;
  private paused = false;
  private isLost = false;
  private error: Error | null = null;
  // Most streams never need these: they are made when somebody waits.
  private drainers: Crowd | null = null;
  private closers: Crowd | null = null;
  /** What a drain is that need not wait: always the same. */
  private drained: Settled<void> | null = null;

  constructor(loop: EventLoop) {
    this.loop = loop;
  }

  /** More waits to be sent than the high mark. */
  pause(): void {
    this.paused = true;
  }

  /** No more than the low mark. */
  resume(): void {
    this.paused = false;
    this.drainers?.release(null);
    this.drainers = null;
  }

  /** The connection is gone. */
  lost(error: Error | null): void {
    this.isLost = true;
    this.error = error;
    this.writer?.forget();
    this.writer = null;
    this.closers?.release(error);
    this.closers = null;
    this.drainers?.release(error);
    this.drainers = null;
  }

  /** Waits until there is room. */
  drain(): Future<void> {
    const { loop } = this;
    if (this.isLost) return failed(loop, connectionLost());
    if (this.paused) {
      this.drainers ??= new Crowd();
      return this.drainers.join(loop);
    }
    this.drained ??= new Settled(loop, undefined);
    return this.drained;
  }

  /** Waits until the connection is gone; its error is the wait's. */
  waitClosed(): Future<void> {
    const { loop } = this;
    if (this.isLost) return this.error === null ? new Settled(loop, undefined) : failed(loop, this.error);
    this.closers ??= new Crowd();
    return this.closers.join(loop);
  }
}

function connectionLost(): SystemError {
  const error = systemError(constants.errno.ECONNRESET, { syscall: 'write' });
  error.message = 'Connection lost';
  return error;
}
