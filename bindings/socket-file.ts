// The file of a Unix server's socket: what a server that is gone has left is removed before, its own at the end.
import { type Stats, statSync, unlinkSync } from 'node:fs';
import { constants } from 'node:os';
import { resolve } from 'node:path';
import { nativeAddress } from './address.js';
import type { EventLoop } from './event-loop.js';
import { Socket } from './socket.js';
import { AF_UNIX, SOCK_STREAM } from './socket-constants.js';
import { isAbstract } from './unix-path.js';

/** The file of a bound socket. @internal */
export class SocketFile {
  /** It stays the same file when the process changes its directory. */
  readonly #path: Buffer;
  readonly #device: number;
  readonly #inode: number;

  constructor(path: Buffer, { dev, ino }: Stats) {
    this.#path = path;
    this.#device = dev;
    this.#inode = ino;
  }

  /**
   * Removes the file, unless it is another one by now. The socket must be open still: until then nobody else's file
   * gets its number. What the system has against it is reported.
   */
  remove(loop: EventLoop): void {
    try {
      const { dev, ino } = statSync(this.#path);
      if (dev === this.#device && ino === this.#inode) unlinkSync(this.#path);
    } catch (exception) {
      if (isMissing(exception)) return;
      const message = `Unable to clean up listening UNIX socket ${this.#path}`;
      loop.callExceptionHandler({ message, exception });
    }
  }
}

/** The file of a socket that has just been bound to `path`; null for an abstract name, and where it is gone. @internal */
export function socketFileOf(path: Buffer): SocketFile | null {
  if (path.length === 0 || isAbstract(path)) return null;
  try {
    // Not by way of a string: a path need not be text.
    const absolute = path[0] === SLASH ? path : Buffer.concat([Buffer.from(`${resolve('.')}/`), path]);
    return new SocketFile(absolute, statSync(absolute));
  } catch {
    // What can't be seen can't be removed.
    return null;
  }
}

/**
 * Removes the socket at `path` if no server answers there: false when it is somebody's, or no socket. A server that has
 * bound the path and does not listen yet does not answer.
 * @internal
 */
export function removeStale(path: Buffer): boolean {
  try {
    const before = statSync(path);
    if (!before.isSocket() || !isStale(path)) return false;
    // Somebody else may have had the same thought meanwhile.
    const { dev, ino } = statSync(path);
    if (dev !== before.dev || ino !== before.ino) return false;
    unlinkSync(path);
    return true;
  } catch (error) {
    // Gone by itself, or none of ours: binding will tell.
    return isMissing(error);
  }
}

const SLASH = '/'.charCodeAt(0);

function isStale(path: Buffer): boolean {
  using probe = new Socket(AF_UNIX, SOCK_STREAM);
  probe.setBlocking(false);
  return probe.native.connect(nativeAddress(path, AF_UNIX)) === -constants.errno.ECONNREFUSED;
}

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}
