// The operating system's errors in the shape that Node gives them.
import { getSystemErrorName } from 'node:util';

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
  const code = getSystemErrorName(-errno);
  const place = placeOf(details);
  const error = new Error(`${details.syscall} ${code}${place}`);
  return Object.assign(error, { errno: -errno, code }, details);
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

// libuv's numbers for the resolver's errors, by the system's `EAI_…` (glibc counts down, the BSDs up).
const RESOLVE_CODES: Record<number, readonly [string, number]> =
  process.platform === 'linux'
    ? {
        [-2]: ['ENOTFOUND', -3008],
        [-3]: ['EAI_AGAIN', -3001],
        [-4]: ['EAI_FAIL', -3004],
        [-5]: ['ENOTFOUND', -3007],
      }
    : { 8: ['ENOTFOUND', -3008], 2: ['EAI_AGAIN', -3001], 4: ['EAI_FAIL', -3004], 7: ['ENOTFOUND', -3007] };

/** The error of a name that could not be resolved, as `dns.lookup` gives it. @internal */
export function resolveError(hostname: string, code: number, system: boolean, text: string): SystemError {
  const [name, errno] = system
    ? ([getSystemErrorName(-code), -code] as const)
    : (RESOLVE_CODES[code] ?? (['EAI_FAIL', -3004] as const));
  const error = new Error(`getaddrinfo ${name} ${hostname}`, { cause: new Error(text) });
  return Object.assign(error, { errno, code: name, syscall: 'getaddrinfo', hostname });
}
