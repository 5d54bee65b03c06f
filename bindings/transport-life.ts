// The life of a transport, from its first protocol to connectionLost(): what streams and datagram endpoints share, with
// the sending half that decides when a close is over. asyncio: `_SelectorTransport`, `_FlowControlMixin`.
import { type Context, captureContext } from './context.js';
import { ExitError } from './errors.js';
import type { EventLoop } from './event-loop.js';
import * as layout from './native/layout.js';
import type { BaseProtocol } from './protocol.js';
import { checkProtocol } from './protocol-factory.js';
import type { Source } from './scheduler.js';
import { systemError } from './system-error.js';
import type { BaseTransport } from './transport.js';
import { type Writer, WriteSide } from './write-side.js';

/** The transport that has a life. @internal */
export interface LivingTransport<P> extends BaseTransport<P>, Source {
  /** A protocol's method returned something: of an async one, the rejection is an error. */
  watch(result: unknown): void;
  /** The protocol is about to hear of the end. */
  beforeLost(): void;
  /** The protocol has heard of it, and the descriptor closes. */
  afterLost(error: Error | null): void;
}

/** The life of one transport. @internal */
export class TransportLife<P extends BaseProtocol> implements Writer {
  /** Null when the connection is lost. */
  protocol: P | null;
  closing = false;
  readonly writes: WriteSide;
  /** Callbacks of the protocol run here; what they set stays for the next ones. */
  readonly context: Context;
  readonly #loop: EventLoop;
  readonly #slot: number;
  readonly #transport: LivingTransport<P>;

  constructor(loop: EventLoop, slot: number, transport: LivingTransport<P>, protocol: P) {
    this.#loop = loop;
    this.#slot = slot;
    this.#transport = transport;
    this.protocol = protocol;
    this.context = captureContext(loop.followsStores);
    this.writes = new WriteSide(loop.scheduler.core, slot, transport.generation, this);
  }

  /** How it stands, for the transport's text. */
  get state(): string {
    if (this.protocol === null) return ' closed';
    return this.closing ? ' closing' : '';
  }

  /** Another protocol from now on; false when the connection is lost. @throws TypeError for what is none. */
  setProtocol(protocol: P): boolean {
    checkProtocol(protocol);
    if (this.protocol === null) return false;
    this.protocol = protocol;
    return true;
  }

  close(): void {
    if (this.closing) return;
    this.closing = true;
    // A closed loop has closed the descriptor, and calls nobody any more.
    if (this.#loop.isClosed()) return;
    const { writes } = this;
    // In asyncio such a write has closed the transport, with its error.
    if (writes.hasFailed) return;
    if (writes.size > 0) {
      this.#submit(layout.SUBMIT_NOTIFY_DRAINED);
      return;
    }
    this.#submit(layout.SUBMIT_PAUSE);
    writes.file?.end();
    writes.lost += 1;
    this.#loop.callSoon(() => this.lose(null));
  }

  /** Closes at once, because the user asks for it. */
  abort(): void {
    if (!this.#loop.isClosed() && this.writes.hasFailed) this.closing = true;
    else this.forceClose(null);
  }

  /** Closes at once: what waits to be sent is dropped. */
  forceClose(error: unknown): void {
    if (this.writes.lost !== 0) return;
    this.closing = true;
    this.writes.lost = 1;
    if (this.#loop.isClosed()) return;
    this.#submit(layout.SUBMIT_ABORT);
    this.#loop.callSoon(() => this.lose(error));
  }

  /** The system takes no more. `fresh`: a write of the turn before, which would have failed at once in asyncio. */
  onWriteFailed(errno: number, fresh: boolean): void {
    if (this.writes.lost !== 0) return;
    const error = systemError(errno, { syscall: 'write' });
    if (!fresh) {
      this.forceClose(error);
      return;
    }
    this.closing = true;
    this.writes.lost = 1;
    this.#submit(layout.SUBMIT_ABORT);
    this.lose(error);
  }

  /** Known before the error is, so that one who writes and drains without a pause lets a turn pass, in which it comes. */
  writingFailed(): void {
    this.closing = true;
  }

  /** Nothing waits to be sent any more. */
  onDrained(): void {
    const { writes } = this;
    if (writes.lost !== 0) return;
    if (!this.closing) {
      writes.file?.onDrained();
      return;
    }
    // A callback that ran since the poll may have sent: that is still sent, as in asyncio.
    if (writes.size > 0) this.#submit(layout.SUBMIT_NOTIFY_DRAINED);
    else if (!writes.hasFailed) this.lose(null);
  }

  /** The end of everything: the protocol hears of it, then the descriptor closes. */
  lose(error: unknown): void {
    const transport = this.#transport;
    transport.beforeLost();
    const { protocol, writes } = this;
    if (protocol === null) return;
    if (writes.lost === 0) writes.lost = 1;
    try {
      const result = this.context.call(protocol, protocol.connectionLost, error as Error | null);
      if (result !== undefined) transport.watch(result);
    } catch (problem) {
      this.report(problem, 'Fatal error: protocol.connection_lost() call failed.');
    } finally {
      this.protocol = null;
      this.#loop.scheduler.detach(this.#slot, transport);
      this.#submit(layout.SUBMIT_CLOSE);
      transport.afterLost(error as Error | null);
    }
  }

  /** More waits than the high mark allows. */
  pauseWriting(): void {
    try {
      const result = this.protocol?.pauseWriting();
      if (result !== undefined) this.#transport.watch(result);
    } catch (error) {
      this.report(error, 'protocol.pause_writing() failed');
    }
  }

  /** What waits is down to the low mark. */
  resumeWriting(): void {
    const { protocol } = this;
    if (protocol === null) return;
    try {
      const result = this.context.call(protocol, protocol.resumeWriting, undefined);
      if (result !== undefined) this.#transport.watch(result);
    } catch (error) {
      this.report(error, 'protocol.resume_writing() failed');
    }
  }

  /** Closes at once because of `error`, which is reported unless it `isOrdinary`. One that ends the run comes out. */
  fail(error: unknown, message: string, isOrdinary: boolean): void {
    if (error instanceof ExitError) {
      this.forceClose(error);
      throw error;
    }
    if (!isOrdinary) this.report(error, message);
    this.forceClose(error);
  }

  /** To the exception handler, unless it ends the run. */
  report(exception: unknown, message: string): void {
    if (exception instanceof ExitError) throw exception;
    const context = { message, exception, transport: this.#transport };
    const { protocol } = this;
    this.#loop.callExceptionHandler(protocol === null ? context : { ...context, protocol });
  }

  #submit(kind: number): void {
    this.#loop.scheduler.core.submit(kind, this.#slot, this.#transport.generation);
  }
}
