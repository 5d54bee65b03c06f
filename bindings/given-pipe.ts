// What users give as one end of a pipe: the number of a descriptor, which becomes the transport's, or what stays theirs
// until the transport is closed.
import { fstatSync } from 'node:fs';
import { constants } from 'node:os';
import { askedOf, MAX_DESCRIPTOR } from './descriptors.js';
import { given, RuntimeError, rangeError, typeError } from './errors.js';
import type { EventLoop } from './event-loop.js';
import type { Opened } from './native/core.js';
import { type SystemError, systemError } from './system-error.js';

/** An object that has a descriptor: a FileHandle of `fs/promises`, a `socket.Socket`, `process.stdin`. */
export interface PipeObject {
  /** The descriptor's number, where there is no `fileno()`. */
  readonly fd?: number;
  fileno?(): number;
  /** Is called when the transport is closed; may return a promise. */
  close?(): unknown;
}

/** One end of a pipe: a descriptor's number, or an object that has one. */
export type PipeEnd = number | PipeObject;

/** The direction of an end, and asyncio's words for what is none. @internal */
export interface PipeDirection {
  readonly syscall: 'read' | 'write';
  readonly refusal: string;
}

/** @internal */
export const READ_END: PipeDirection = {
  syscall: 'read',
  refusal: 'Pipe transport is for pipes/sockets only.',
};
/** @internal */
export const WRITE_END: PipeDirection = {
  syscall: 'write',
  refusal: 'Pipe transport is only for pipes, sockets and character devices',
};

/** An end that the core has. @internal */
export interface AdoptedPipe extends Opened {
  /** The number by which the user knows it. */
  readonly fd: number;
  /** Whom to tell that the transport is closed. */
  readonly owner: PipeOwner | null;
}

/** Standard input, output and error stay open, whoever reads or writes them. */
const STANDARD_DESCRIPTORS = 3;

/** An object of the user's that a transport has a duplicate of: it is closed behind it. @internal */
export class PipeOwner {
  readonly #object: Required<Pick<PipeObject, 'close'>>;

  constructor(object: Required<Pick<PipeObject, 'close'>>) {
    this.#object = object;
  }

  /** Closes it. What comes of that is reported. */
  remove(loop: EventLoop): void {
    loop.atClose.delete(this);
    const report = (exception: unknown) => {
      const message = `Closing the pipe of a transport failed: ${given(this.#object)}`;
      loop.callExceptionHandler({ message, exception });
    };
    try {
      loop.watchPromise(this.#object.close(), report);
    } catch (error) {
      report(error);
    }
  }
}

/**
 * Makes a transport's source of `pipe`. Until this returns it is the caller's.
 * @throws TypeError for what has no descriptor; RangeError for a file; RuntimeError for a descriptor that is in use here; the
 * system's error.
 * @internal
 */
export function adoptPipe(loop: EventLoop, pipe: unknown, direction: PipeDirection): AdoptedPipe {
  const fd = descriptorOf(pipe);
  checkKind(fd, direction);
  const isTaken = typeof pipe === 'number' && fd >= STANDARD_DESCRIPTORS;
  if (isTaken) loop.descriptors.refuseUsed(fd);
  const { native } = loop.scheduler.core;
  const adopted =
    direction === READ_END ? native.adoptReadPipe(fd, !isTaken) : native.adoptWritePipe(fd, !isTaken);
  if (typeof adopted === 'number') throw refused(adopted, fd, direction);
  const owner = canClose(pipe) ? new PipeOwner(pipe) : null;
  if (owner !== null) loop.atClose.add(owner);
  return { ...adopted, fd, owner };
}

function descriptorOf(pipe: unknown): number {
  const fd = typeof pipe === 'number' ? pipe : askedOf(pipe);
  if (typeof fd !== 'number' || !Number.isInteger(fd)) {
    const expected = 'a descriptor (a number), or an object that has fd or fileno(), is expected';
    throw typeError(`${expected}, got ${given(pipe)}`);
  }
  // A FileHandle that is closed has -1.
  if (fd < 0 || fd > MAX_DESCRIPTOR) throw systemError(constants.errno.EBADF, { syscall: 'fstat' });
  return fd;
}

function checkKind(fd: number, { refusal }: PipeDirection): void {
  const stats = fstatSync(fd);
  if (stats.isFIFO() || stats.isSocket() || stats.isCharacterDevice()) return;
  const kind = stats.isFile()
    ? 'a regular file, which is for node:fs'
    : stats.isDirectory()
      ? 'a folder'
      : 'something else';
  throw rangeError(`${refusal} (descriptor ${fd} is ${kind})`);
}

function refused(errno: number, fd: number, { syscall }: PipeDirection): Error {
  if (errno === constants.errno.EEXIST) {
    return new RuntimeError(
      `File descriptor ${fd} is used by a transport or a server`,
      'ERR_DESCRIPTOR_USED',
    );
  }
  const isWrongEnd = errno === constants.errno.EBADF;
  const error: SystemError = systemError(errno, { syscall: isWrongEnd ? syscall : 'epoll_ctl' });
  if (isWrongEnd) error.message += `: descriptor ${fd} was not opened to ${syscall}`;
  return error;
}

function canClose(pipe: unknown): pipe is Required<Pick<PipeObject, 'close'>> {
  return typeof pipe === 'object' && pipe !== null && 'close' in pipe && typeof pipe.close === 'function';
}
