// A file on its way out of a stream transport, by the system's sendfile: it is begun here, the core sends it, and here
// its end is told. asyncio: `_sendfile_native`.
import { SendfileNotAvailableError } from './errors.js';
import type { EventLoop } from './event-loop.js';
import type { Future } from './future.js';
import { SUBMIT_NOTIFY_DRAINED } from './native/layout.js';
import type { Coroutine } from './stepping.js';
import {
  connectionReset,
  isConnectionError,
  isNotSupported,
  type SystemError,
  systemError,
} from './system-error.js';

/** The transport that a file is sent on. @internal */
export interface FileCarrier {
  isClosing(): boolean;
  getWriteBufferSize(): number;
  /** Closes at once because of `error`. */
  fatal(error: unknown, message: string): void;
}

/** One file of one transport. @internal */
export class FileSending {
  readonly #loop: EventLoop;
  readonly #slot: number;
  readonly #generation: number;
  readonly #carrier: FileCarrier;
  /** Done when the write queue is empty, then when the file is sent. */
  #waiter: Future<number> | null = null;
  /** The core's number for it, while the core has it. */
  #number = 0;

  constructor(loop: EventLoop, slot: number, generation: number, carrier: FileCarrier) {
    this.#loop = loop;
    this.#slot = slot;
    this.#generation = generation;
    this.#carrier = carrier;
  }

  /** Sends behind what was written before; gives the number of bytes. A cancel ends it at once. */
  *send(file: number, offset: number, count: number | null): Coroutine<number> {
    const { core } = this.#loop.scheduler;
    if (this.#carrier.getWriteBufferSize() > 0) {
      core.submit(SUBMIT_NOTIFY_DRAINED, this.#slot, this.#generation);
      yield* this.#wait();
    }
    if (this.#carrier.isClosing()) throw connectionClosed();
    const number = core.sendFile(this.#slot, this.#generation, file, offset, count);
    if (number < 0) throw this.#refused(-number);
    if (number === 0) return 0;
    this.#number = number;
    try {
      return yield* this.#wait();
    } finally {
      this.end();
    }
  }

  /** What was written before the file is sent. */
  onDrained(): void {
    // Once the file is on its way, it is told for one before it, which was cancelled while it waited for that.
    if (this.#number === 0) this.#settle(0);
  }

  /** The core is through with a file, which may be one that was cancelled in this turn. */
  onSent(number: number, errno: number): void {
    if (number !== this.#number) return;
    const count = this.end();
    if (errno === 0) this.#settle(count);
    else this.onLost(this.#failed(errno));
  }

  /** The connection is gone, or the file. */
  onLost(error: Error | null): void {
    if (this.#waiter !== null && !this.#waiter.done()) this.#waiter.setException(error ?? connectionClosed());
  }

  /** No more bytes of the file leave; gives how many have. */
  end(): number {
    if (this.#number === 0) return 0;
    this.#number = 0;
    return this.#loop.scheduler.core.native.endFile(this.#slot, this.#generation);
  }

  *#wait(): Coroutine<number> {
    this.#waiter = this.#loop.createFuture<number>();
    return yield* this.#waiter;
  }

  #settle(count: number): void {
    if (this.#waiter !== null && !this.#waiter.done()) this.#waiter.setResult(count);
  }

  /** It could not even begin. */
  #refused(errno: number): Error {
    const error = this.#failed(errno);
    return isNotSupported(error) ? notAvailable(error) : error;
  }

  /** Where the connection is what failed, nothing can be sent on it any more. */
  #failed(errno: number): SystemError {
    const error = systemError(errno, { syscall: 'sendfile' });
    if (isConnectionError(error)) this.#carrier.fatal(error, 'Fatal write error on socket transport');
    return error;
  }
}

/** The system's sendfile can't send this. @internal */
export function notAvailable(cause: Error): SendfileNotAvailableError {
  const message = 'sendfile is not available: not a regular file, or the system has no sendfile for it';
  return new SendfileNotAvailableError(message, { cause });
}

/** @internal */
export function connectionClosed(): Error {
  return connectionReset('Connection is closed by peer', 'sendfile');
}
