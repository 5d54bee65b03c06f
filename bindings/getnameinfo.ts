// Addresses to names. asyncio: `loop.getnameinfo`.
import { given, rangeError, typeError } from './errors.js';
import type { EventLoop } from './event-loop.js';
import { ipv6Text, isIpv4 } from './literal.js';
import { checkFlowinfo, checkNumber, checkPortNumber, checkScopeId } from './lookup-query.js';
import { NI_DGRAM, NI_NOFQDN, NI_NUMERICHOST, NI_NUMERICSERV } from './socket-constants.js';
import type { Coroutine } from './stepping.js';

/** With these no name is asked for. */
const NUMERIC = NI_NUMERICHOST | NI_NUMERICSERV;
/** Flags that make no difference then. */
const INDIFFERENT = NI_DGRAM | NI_NOFQDN;

/** The body of `loop.getnameinfo`. @internal */
export function* getnameinfo(
  loop: EventLoop,
  sockaddr: unknown,
  flags: unknown,
): Coroutine<[host: string, service: string]> {
  if (!Array.isArray(sockaddr)) {
    throw typeError(
      `sockaddr must be [host, port] or [host, port, flowinfo, scopeId], got ${given(sockaddr)}`,
    );
  }
  const [address, port, flowinfo = 0, scopeId = 0] = sockaddr as readonly unknown[];
  if (typeof address !== 'string') throw typeError(`host must be an address as text, got ${given(address)}`);
  if (address.includes('\0')) throw rangeError(`host must not contain a zero byte, got ${given(address)}`);
  const number = checkPortNumber(port);
  checkFlowinfo(flowinfo);
  const scope = checkScopeId(scopeId);
  const wanted = checkNumber(flags, 'flags');
  const isV4 = isIpv4(address);
  if (isV4 && sockaddr.length > 2) {
    throw rangeError('an IPv4 address is [host, port]; flowinfo and scopeId are for IPv6');
  }
  const text = isV4 ? address : ipv6Text(address);
  if (text !== null && scope === 0 && (wanted & ~INDIFFERENT) === NUMERIC) return [text, String(number)];
  return yield* loop.resolver.getnameinfo(address, number, scope, wanted);
}
