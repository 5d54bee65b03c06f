// A file piece by piece, for where the system can't send it by itself. It is read on the loop's own thread, as sendfile
// itself reads it; only a pipe, whose bytes may come at any time, is waited for.
import { constants } from 'node:os';
import type { EventLoop } from './event-loop.js';
import { STILL } from './line.js';
import { readFile } from './native/addon.js';
import { descriptorOf, moveBehind, type SendableFile } from './sendable-file.js';
import type { Coroutine } from './stepping.js';
import { systemError } from './system-error.js';

const { EAGAIN, ESPIPE } = constants.errno;

/** Bytes of a piece: as much as a transport lets wait, so that one piece at most waits in memory. */
const PIECE_BYTES = 64 * 1024;

/** The pieces of a part of a file. @internal */
export class FilePieces {
  /** Bytes of the pieces that were sent: the next one begins behind them. */
  sent = 0;
  readonly #loop: EventLoop;
  readonly #file: SendableFile;
  readonly #offset: number;
  readonly #count: number;
  readonly #memory: Buffer;
  /** A pipe has no positions: it gives what comes next. */
  #hasPositions = true;

  constructor(loop: EventLoop, file: SendableFile, offset: number, count: number | null) {
    this.#loop = loop;
    this.#file = file;
    this.#offset = offset;
    this.#count = count ?? Number.POSITIVE_INFINITY;
    this.#memory = Buffer.allocUnsafeSlow(Math.min(PIECE_BYTES, this.#count));
  }

  /** The next piece, in memory that the one after it has, too; null at the end. Throws the system's error. */
  *next(): Coroutine<Buffer | null> {
    const wanted = Math.min(this.#memory.length, this.#count - this.sent);
    if (wanted === 0) return null;
    const memory = this.#memory.subarray(0, wanted);
    let count = this.#read(memory);
    if (count === STILL) {
      count = yield* this.#loop.descriptors.wait(descriptorOf(this.#file), () => this.#read(memory));
    }
    return count === 0 ? null : memory.subarray(0, count);
  }

  /** Sets the file's position behind what was sent. */
  moveFile(): void {
    if (this.#hasPositions && this.sent > 0) moveBehind(this.#file, this.#offset + this.sent);
  }

  /** One read: how many bytes, or STILL when there is nothing yet. */
  #read(memory: Buffer): number | typeof STILL {
    const position = this.#hasPositions ? this.#offset + this.sent : -1;
    const count = readFile(descriptorOf(this.#file), position, memory);
    if (count >= 0) return count;
    if (count === -EAGAIN) return STILL;
    if (count !== -ESPIPE || this.#offset > 0) throw systemError(-count, { syscall: 'read' });
    this.#hasPositions = false;
    return this.#read(memory);
  }
}
