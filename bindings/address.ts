// Addresses of sockets: asyncio's form for users, the core's form for the core.
import { given, rangeError, typeError } from './errors.js';
import type { NativeAddress, NativeLoop } from './native/addon.js';
import { checkWhole } from './options.js';
import { AF_INET6, AF_UNIX } from './socket-constants.js';
import { systemError } from './system-error.js';

/** An address of the internet: `[host, port]`, with IPv6 `[host, port, flowinfo, scopeId]`. */
export type InternetAddress =
  | [host: string, port: number]
  | [host: string, port: number, flowinfo: number, scopeId: number];

/** An address: of the internet, or the path of a Unix socket (`\0` in front of an abstract name, '' for none). */
export type Address = InternetAddress | string;

/** The highest port. */
export const MAX_PORT = 65535;
/** The highest flowinfo or scope. @internal */
export const MAX_UINT32 = 0xffffffff;
/** What a path may have at most: `sun_path`, and its end. */
const MAX_PATH_BYTES = process.platform === 'linux' ? 108 : 104;

/** An address as users see it. @internal */
export function addressOf(native: NativeAddress): Address {
  const { host, port = 0 } = native;
  if (host === undefined) return native.path?.toString() ?? '';
  return native.family === AF_INET6 ? [host, port, native.flowinfo ?? 0, native.scopeId ?? 0] : [host, port];
}

/**
 * An address as the core takes it, for a socket of `family`. Hosts are literal: names have been resolved.
 * @throws TypeError and RangeError for what is no address of the family.
 * @internal
 */
export function nativeAddress(address: unknown, family: number): NativeAddress {
  if (family === AF_UNIX) return { family, path: pathBytes(address) };
  if (!Array.isArray(address) || address.length < 2 || address.length > 4) {
    throw typeError(
      `an address is [host, port], for IPv6 also [host, port, flowinfo, scopeId]; got ${given(address)}`,
    );
  }
  const [host, port, flowinfo = 0, scopeId = 0] = address as unknown[];
  if (typeof host !== 'string')
    throw typeError(`the host of an address must be a string, got ${given(host)}`);
  const native = { family, host: literalHost(host, family), port: checkWhole('port', port, 0, MAX_PORT) };
  if (family !== AF_INET6) return native;
  // A scope that is not given may stand in the host (`fe80::1%2`).
  if (address.length < 4) return { ...native, flowinfo: checkWhole('flowinfo', flowinfo, 0, MAX_UINT32) };
  return {
    ...native,
    flowinfo: checkWhole('flowinfo', flowinfo, 0, MAX_UINT32),
    scopeId: checkWhole('scopeId', scopeId, 0, MAX_UINT32),
  };
}

/** What a system error says of the address that a call had. @internal */
export function detailsOf(address: Address | undefined): { address?: string; port?: number; path?: string } {
  if (address === undefined) return {};
  if (Array.isArray(address)) return { address: address[0], port: address[1] };
  // A path may be bytes, too.
  return { path: Buffer.from(address).toString() };
}

/** The two ends of a source in the core. Throws the system's error, when the peer is gone already. @internal */
export function addressesOf(
  native: NativeLoop,
  slot: number,
  generation: number,
): { local: Address; peer: Address | undefined } {
  const ends = native.addresses(slot, generation);
  if (typeof ends === 'number') throw systemError(ends, { syscall: 'getsockname' });
  return { local: addressOf(ends.local), peer: ends.peer === undefined ? undefined : addressOf(ends.peer) };
}

/** The error of a host that has to be a literal address, and is a name. @internal */
export function notLiteral(method: string, host: unknown): RangeError {
  return rangeError(
    `${method}() takes a literal address, and ${given(host)} is none: resolve a name before, by loop.getaddrinfo()`,
  );
}

/** Python's two special hosts. */
function literalHost(host: string, family: number): string {
  if (host === '') return family === AF_INET6 ? '::' : '0.0.0.0';
  return host === '<broadcast>' ? '255.255.255.255' : host;
}

function pathBytes(path: unknown): Buffer {
  const bytes =
    typeof path === 'string' ? Buffer.from(path) : path instanceof Uint8Array ? Buffer.from(path) : null;
  if (bytes === null) throw typeError(`the address of a Unix socket is a path, got ${given(path)}`);
  // An abstract name (it begins with NUL) needs no end.
  const length = bytes[0] === 0 ? bytes.length : bytes.length + 1;
  if (length > MAX_PATH_BYTES) {
    throw rangeError(`AF_UNIX path too long: ${bytes.length} bytes, and ${MAX_PATH_BYTES - 1} are possible`);
  }
  return bytes;
}
