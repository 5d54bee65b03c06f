// The operating system's errors in the shape that Node gives them.
import { constants } from 'node:os';
import { getSystemErrorMap, getSystemErrorName } from 'node:util';
import { socketConstants } from './native/addon.js';

/** What an error of the operating system is about. */
export interface SystemErrorDetails {
  syscall: string;
  address?: string;
  port?: number;
  path?: string;
  hostname?: string;
}

/** Node's shape of a system error. */
export interface SystemError extends Error, SystemErrorDetails {
  /** The error's name, e.g. `ECONNREFUSED`. */
  code: string;
  /** The error's number, negative as Node gives it. */
  errno: number;
}

/** The error of a failed system call, e.g. `connect ECONNREFUSED 127.0.0.1:80`. @internal */
export function systemError(errno: number, details: SystemErrorDetails): SystemError {
  const code = errorName(errno);
  const place = placeOf(details);
  const error = new Error(`${details.syscall} ${code}${place}`);
  return Object.assign(error, { errno: -errno, code }, details);
}

/** An errno's name; libuv knows those that its own calls give. */
function errorName(errno: number): string {
  if (getSystemErrorMap().has(-errno)) return getSystemErrorName(-errno);
  const [name] = Object.entries(constants.errno).find(([, number]) => number === errno) ?? [];
  return name ?? getSystemErrorName(-errno);
}

function placeOf({ address, port, path }: SystemErrorDetails): string {
  if (path !== undefined) return ` ${path.replaceAll('\0', '@')}`;
  return address === undefined ? '' : ` ${endpoint(address, port)}`;
}

/** An address and port as text, an IPv6 address in brackets. @internal */
export function endpoint(address: string, port: number | undefined): string {
  if (port === undefined) return address;
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

/** Whether an error is the operating system's (asyncio's `OSError`): those of a connection are not reported. @internal */
export function isSystemError(error: unknown): error is SystemError {
  return error instanceof Error && 'errno' in error && 'syscall' in error && typeof error.errno === 'number';
}

/** Errors that say that a connection is gone. */
const CONNECTION_CODES = new Set([
  'ECONNABORTED',
  'ECONNRESET',
  'EHOSTDOWN',
  'EHOSTUNREACH',
  'ENETDOWN',
  'ENETRESET',
  'ENETUNREACH',
  'ENOTCONN',
  'EPIPE',
  'ESHUTDOWN',
  'ETIMEDOUT',
]);

/** Whether an error says that a connection is gone; asyncio's `ConnectionError` is the most part of these. @internal */
export function isConnectionError({ code }: SystemError): boolean {
  return CONNECTION_CODES.has(code);
}

/** Errors of a call that the system does not have, or not for this kind of file. */
const NOT_SUPPORTED_CODES = new Set(['EINVAL', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP', 'ESPIPE']);

/** Whether an error says that the system does not have this. @internal */
export function isNotSupported({ code }: SystemError): boolean {
  return NOT_SUPPORTED_CODES.has(code);
}

/** A `ConnectionError` of asyncio's own, which no call of the system has given. @internal */
export function connectionReset(message: string, syscall: string): SystemError {
  return Object.assign(systemError(constants.errno.ECONNRESET, { syscall }), { message });
}

/** The resolver's errors, by the system's numbers for them: the code and the number that Node gives. */
const RESOLVER_ERRORS = new Map<number, readonly [code: string, errno: number]>();
const numbers = socketConstants();
for (const [errno, [name]] of getSystemErrorMap()) {
  const number = numbers[name];
  if (number === undefined) continue;
  // Node's one code for a name that does not exist, and one without addresses.
  const code = name === 'EAI_NONAME' || name === 'EAI_NODATA' ? 'ENOTFOUND' : name;
  RESOLVER_ERRORS.set(number, [code, errno]);
}

/** The error of a look-up, as `dns.lookup` and `dns.lookupService` give it. @internal */
export function resolveError(
  syscall: string,
  hostname: string | null,
  number: number,
  system: boolean,
  text: string,
): SystemError {
  const [code, errno] = system
    ? [getSystemErrorName(-number), -number]
    : (RESOLVER_ERRORS.get(number) ?? RESOLVER_ERRORS.get(numbers.EAI_FAIL!)!);
  const place = hostname === null ? '' : ` ${hostname}`;
  const error = new Error(`${syscall} ${code}${place}`, { cause: new Error(text) });
  const details = { errno, code, syscall };
  return Object.assign(error, hostname === null ? details : { ...details, hostname });
}

/** The error of a question for addresses that names neither a host nor a service. @internal */
export function noName(): SystemError {
  return resolveError('getaddrinfo', null, numbers.EAI_NONAME!, false, 'a host or a port must be given');
}
