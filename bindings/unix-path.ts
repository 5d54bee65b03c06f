// The paths of Unix sockets as users give them.
import { fileURLToPath } from 'node:url';
import { nativeAddress } from './address.js';
import { given, rangeError, typeError } from './errors.js';
import { AF_UNIX } from './socket-constants.js';

/** The path of a Unix socket: text, bytes or a `file:` URL. A leading NUL makes it an abstract name, where there are any. */
export type UnixPath = string | Uint8Array | URL;

const NUL = 0;

/**
 * A path as the system takes it.
 * @throws TypeError for another type; RangeError for one that is empty, too long or cut by a NUL.
 * @internal
 */
export function unixPath(path: unknown): Buffer {
  if (!(typeof path === 'string' || path instanceof Uint8Array || path instanceof URL)) {
    throw typeError(`path must be a string, a Uint8Array or a file: URL, got ${given(path)}`);
  }
  const bytes = nativeAddress(path instanceof URL ? fileURLToPath(path) : path, AF_UNIX).path as Buffer;
  if (bytes.length === 0) throw rangeError('path must not be empty');
  if (!isAbstract(bytes) && bytes.includes(NUL)) {
    throw rangeError(`path must not contain a zero byte but in front, got ${given(bytes.toString())}`);
  }
  return bytes;
}

/** Whether this is no path of a file. @internal */
export function isAbstract(path: Uint8Array): boolean {
  return path[0] === NUL;
}
