// What counts as a host and a port, and from names to literals.
import type { InternetAddress } from './address.js';
import { given, RuntimeError, typeError } from './errors.js';
import type { EventLoop } from './event-loop.js';
import { checkPortNumber } from './lookup-query.js';
import { isLiteral } from './native/addon.js';
import { SOCK_STREAM } from './socket-constants.js';
import type { Coroutine } from './stepping.js';

/** What `createServer` without a host listens on. */
const ALL_INTERFACES = ['0.0.0.0', '::'] as const;

/** A port as the user gave it. @internal */
export function checkPort(port: unknown): number {
  return port === undefined || port === null ? 0 : checkPortNumber(port);
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
  const found = yield* loop.getaddrinfo(host, port, { type: SOCK_STREAM });
  if (found.length === 0) throw new RuntimeError('getaddrinfo() returned empty list', 'ERR_NO_ADDRESS');
  return [...new Set(found.map(({ address }) => literalOf(address)))];
}

/** An address as text; a scope goes with it (`fe80::1%2`). */
function literalOf([host, _port, _flowinfo, scopeId = 0]: InternetAddress): string {
  return scopeId === 0 ? host : `${host}%${scopeId}`;
}
