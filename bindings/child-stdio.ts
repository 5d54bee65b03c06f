// Where the standard descriptors of a child process lead. asyncio: `PIPE`, `STDOUT`, `DEVNULL` and what stands beside them.
import { askedOf, type Descriptor, MAX_DESCRIPTOR } from './descriptors.js';
import { given, rangeError, typeError } from './errors.js';

/** As `stdin`, `stdout` or `stderr` of a child: a pipe to this process. asyncio: `PIPE`. */
export const PIPE = -1;
/** As `stderr` of a child: where its `stdout` leads. asyncio: `STDOUT`. */
export const STDOUT = -2;
/** As `stdin`, `stdout` or `stderr` of a child: `/dev/null`. asyncio: `DEVNULL`. */
export const DEVNULL = -3;

/**
 * Where a standard descriptor of a child leads: `PIPE`, `DEVNULL`, `STDOUT` (`stderr` only), null (the same as in this
 * process), or an open descriptor: its number, or what has one (`fileno()` or `fd`: a FileHandle, a socket, a terminal),
 * which stays its owner's.
 */
export type ChildStdio = Descriptor | null | undefined;

const EXPECTED = 'PIPE, DEVNULL, STDOUT (stderr only), null, a descriptor, or what has one';

/**
 * One of PIPE, DEVNULL, STDOUT, null or a descriptor's number; PIPE for undefined.
 * @throws TypeError and RangeError for anything else.
 * @internal
 */
export function checkStdio(name: string, value: unknown): number | null {
  if (value === undefined) return PIPE;
  if (value === null || value === PIPE || value === DEVNULL) return value;
  if (value !== STDOUT) return descriptorNumber(name, value, `${name} must be ${EXPECTED}; got`);
  if (name === 'stderr') return value;
  throw rangeError(`STDOUT can only be used for stderr, not for ${name}`);
}

/**
 * The number of a descriptor.
 * @throws TypeError that begins with `refusal` for what has none; RangeError for a number that no descriptor has.
 * @internal
 */
export function descriptorNumber(name: string, value: unknown, refusal: string): number {
  const fd = typeof value === 'number' ? value : askedOf(value);
  if (typeof fd !== 'number') throw typeError(`${refusal} ${given(value)}`);
  if (Number.isInteger(fd) && fd >= 0 && fd <= MAX_DESCRIPTOR) return fd;
  throw rangeError(`${name}: no descriptor has the number ${fd}; is it closed?`);
}
