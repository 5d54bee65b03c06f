// Files that can be sent, and which part of them.
import { given, rangeError, typeError } from './errors.js';
import { moveFile } from './native/addon.js';

/**
 * An open file: its descriptor, or what has one (a `FileHandle` of `fs/promises`). It must be open for reading, and stay
 * open until it is sent.
 */
export type SendableFile = number | { readonly fd: number };

/** The descriptor of a file now: a FileHandle's changes when it is closed. Throws TypeError where there is none. @internal */
export function descriptorOf(file: SendableFile): number {
  const descriptor = openDescriptorOf(file);
  if (descriptor !== null) return descriptor;
  throw typeError(`file must be a descriptor, a FileHandle or an object with an open fd, got ${given(file)}`);
}

/** Sets the file's position. @internal */
export function moveBehind(file: SendableFile, position: number): void {
  const descriptor = openDescriptorOf(file);
  // Where it fails, the file was closed meanwhile: then there is no position.
  if (descriptor !== null) moveFile(descriptor, position);
}

/** The descriptor of a file now, or null. */
function openDescriptorOf(file: SendableFile): number | null {
  const descriptor: unknown = typeof file === 'object' && file !== null ? file.fd : file;
  return typeof descriptor === 'number' && Number.isInteger(descriptor) ? descriptor : null;
}

/**
 * Which part of a file: `offset` is a whole number from 0, `count` one from 1, or null for everything.
 * @throws TypeError and RangeError.
 * @internal
 */
export function checkPart(offset: unknown, count: unknown): void {
  if (count !== null && count !== undefined) check('count', count, 'a positive integer', 1);
  check('offset', offset, 'a non-negative integer', 0);
}

function check(name: string, value: unknown, expected: string, least: number): void {
  const message = `${name} must be ${expected} (got ${given(value)})`;
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw typeError(message);
  if (value < least) throw rangeError(message);
}
