// The sending half of a stream transport: what is submitted, how much waits, and when the protocol has to
// pause and resume. asyncio: `_FlowControlMixin` and the `write` methods.
import { given, RuntimeError, typeError } from './errors.js';
import type { FileSending } from './file-sending.js';
import {
  DEFAULT_LIMITS,
  type WriteBufferLimits,
  type WriteBufferLimitsOptions,
  writeBufferLimits,
} from './flow-control.js';
import type { Core } from './native/core.js';
import { SUBMIT_NOTIFY_LOW, SUBMIT_WRITE_EOF } from './native/layout.js';

/** Writes to a lost connection are dropped silently this often, then with a warning each. asyncio: `LOG_THRESHOLD_FOR_CONNLOST_WRITES`. */
const SILENT_WRITES_AFTER_LOSS = 5;

/** A record has 32 bits for the low mark; one beyond is met as soon as any queue is that short. */
const MAX_UINT32 = 0xffffffff;

/** Who is told to pause and to resume. */
export interface Writer {
  pauseWriting(): void;
  resumeWriting(): void;
  /** A write has failed. The error comes with the next poll. */
  writingFailed(): void;
}

/** The sending half of one connection. @internal */
export class WriteSide {
  /** Not 0: nothing is sent any more. Counts the writes since. */
  lost = 0;
  /** What is written from now on is dropped, though what waits is still sent. */
  ended = false;
  /** What is said of writes that are dropped. */
  lateWarning = 'socket.send() raised exception.';
  /** A file that is on its way: nothing else may be written. */
  file: FileSending | null = null;
  readonly #core: Core;
  readonly #slot: number;
  readonly #generation: number;
  readonly #writer: Writer;
  #limits: Readonly<WriteBufferLimits> = DEFAULT_LIMITS;
  #eofWritten = false;
  /** Writes since `ended` that were dropped before the connection was lost. */
  #late = 0;
  #paused = false;
  /** Bytes submitted since flush number `#submittedAt`. */
  #submitted = 0;
  #submittedAt = -1;

  constructor(core: Core, slot: number, generation: number, writer: Writer) {
    this.#core = core;
    this.#slot = slot;
    this.#generation = generation;
    this.#writer = writer;
  }

  write(data: Uint8Array): void {
    if (!(data instanceof Uint8Array)) {
      throw typeError(`data argument must be a Uint8Array (a Buffer, for example), not ${given(data)}`);
    }
    this.#check('write');
    const length = data.length;
    if (length === 0 || this.dropped()) return;
    this.account(this.#core.write(this.#slot, this.#generation, data) ? length : 0);
  }

  writelines(pieces: Iterable<Uint8Array>): void {
    this.#check('writelines');
    const list: Uint8Array[] = [];
    for (const piece of pieces) {
      if (!(piece instanceof Uint8Array)) {
        throw typeError(`each piece must be a Uint8Array (a Buffer, for example), not ${given(piece)}`);
      }
      if (piece.length > 0) list.push(piece);
    }
    // Going through the pieces may have run the user's code.
    this.#check('writelines');
    if (list.length === 0 || this.dropped()) return;
    this.#core.writelines(this.#slot, this.#generation, list);
    this.account(0);
  }

  writeEof(): void {
    if (this.#eofWritten) return;
    this.#eofWritten = true;
    this.#core.submit(SUBMIT_WRITE_EOF, this.#slot, this.#generation);
  }

  /** Bytes that wait to be sent. */
  get size(): number {
    return Math.max(this.#buffered(), 0);
  }

  /** Whether a write has failed. The error comes with the next poll, and closes. */
  get hasFailed(): boolean {
    return this.#buffered() < 0;
  }

  get limits(): Readonly<WriteBufferLimits> {
    return this.#limits;
  }

  setLimits(limits: WriteBufferLimitsOptions | undefined): void {
    this.#limits = writeBufferLimits(limits);
    if (this.lost !== 0) return;
    if (this.#paused) this.#notifyLow();
    else this.#maybePause();
  }

  /** The core has sent down to the low mark. */
  onLow(): void {
    if (!this.#paused) return;
    // A callback that ran since the poll may have written.
    if (this.size > this.#limits.low) {
      this.#notifyLow();
      return;
    }
    this.#paused = false;
    this.#writer.resumeWriting();
  }

  /** Whether the protocol was told to pause, and not yet to resume. */
  get isPaused(): boolean {
    return this.#paused;
  }

  #check(method: string): void {
    if (this.#eofWritten) {
      throw new RuntimeError(`Cannot call ${method}() after write_eof()`, 'ERR_WRITE_AFTER_EOF');
    }
    if (this.file !== null) {
      throw new RuntimeError(`unable to ${method}; sendfile is in progress`, 'ERR_SENDFILE_IN_PROGRESS');
    }
  }

  /** Whether the connection can't send any more; counts the write then. */
  dropped(): boolean {
    if (this.lost === 0 && !this.ended) return false;
    if (this.lost + this.#late >= SILENT_WRITES_AFTER_LOSS) {
      process.emitWarning(this.lateWarning, { code: 'MIOLOOP_WRITE_AFTER_LOSS' });
    }
    if (this.lost === 0) this.#late += 1;
    else this.lost += 1;
    return true;
  }

  /** Keeps count of what waits, and pauses the protocol when that is too much. */
  account(submitted: number): void {
    const core = this.#core;
    if (this.#submittedAt !== core.flushes) {
      this.#submitted = 0;
      if (submitted > 0) this.#submittedAt = core.flushes;
    }
    this.#submitted += submitted;
    const buffered = core.buffered(this.#slot);
    if (buffered < 0) this.#writer.writingFailed();
    else if (buffered + this.#submitted > this.#limits.high) this.#maybePause();
  }

  #buffered(): number {
    if (this.lost !== 0) return 0;
    if (this.#submittedAt === this.#core.flushes) this.#core.flush();
    return this.#core.buffered(this.#slot);
  }

  #maybePause(): void {
    if (this.size <= this.#limits.high || this.#paused) return;
    this.#paused = true;
    try {
      this.#writer.pauseWriting();
    } finally {
      // Also when an error that ends the run comes out: in the next run the writer is to go on.
      if (this.lost === 0) this.#notifyLow();
    }
  }

  #notifyLow(): void {
    this.#core.submit(
      SUBMIT_NOTIFY_LOW,
      this.#slot,
      this.#generation,
      0,
      Math.min(this.#limits.low, MAX_UINT32),
    );
  }
}
