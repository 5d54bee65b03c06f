// Addresses: from the core's form to asyncio's, from names to literals, and what counts as a host and a port.
import { given, rangeError, typeError } from './errors.js';
import type { EventLoop } from './event-loop.js';
import { type InternetAddress, isLiteral, type NativeLoop } from './native/addon.js';
import type { Coroutine } from './stepping.js';
import { systemError } from './system-error.js';
import type { Address } from './transport.js';

/** The highest port. */
const MAX_PORT = 65535;
/** What `createServer` without a host listens on. */
const ALL_INTERFACES = ['0.0.0.0', '::'] as const;

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

function addressOf(address: InternetAddress): Address {
  const { host, port } = address;
  return address.version === 4 ? [host, port] : [host, port, address.flowinfo, address.scopeId];
}

/** A port as the user gave it. @internal */
export function checkPort(port: unknown): number {
  if (port === undefined || port === null) return 0;
  if (typeof port !== 'number')
    throw typeError(`port must be a number from 0 to ${MAX_PORT}, got ${given(port)}`);
  if (!Number.isInteger(port) || port < 0 || port > MAX_PORT) {
    throw rangeError(`port must be a whole number from 0 to ${MAX_PORT}, got ${port}`, 'ERR_SOCKET_BAD_PORT');
  }
  return port;
}

/** A host as the user gave it. @internal */
export function checkHost(host: unknown): string | null {
  if (host === undefined || host === null || host === '') return null;
  if (typeof host !== 'string')
    throw typeError(`host must be a string (an address or a name), got ${given(host)}`);
  return host;
}

/** The literal addresses of `host`; null is every interface. A literal never suspends. @internal */
export function* resolveHost(
  loop: EventLoop,
  host: string | null,
  port: number,
): Coroutine<readonly string[]> {
  if (host === null) return ALL_INTERFACES;
  if (isLiteral(host)) return [host];
  return yield* loop.resolver.resolve(host, port);
}
