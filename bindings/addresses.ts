// What counts as a host and a port, and from names to literals.
import { MAX_PORT } from './address.js';
import { given, rangeError, typeError } from './errors.js';
import type { EventLoop } from './event-loop.js';
import { isLiteral } from './native/addon.js';
import type { Coroutine } from './stepping.js';

/** What `createServer` without a host listens on. */
const ALL_INTERFACES = ['0.0.0.0', '::'] as const;

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
