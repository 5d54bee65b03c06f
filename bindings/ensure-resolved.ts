// Addresses as users give them, resolved for connections, servers and datagrams. asyncio: `_ensure_resolved`.
import { given, rangeError, typeError } from './errors.js';
import type { EventLoop } from './event-loop.js';
import type { AddrInfo } from './getaddrinfo.js';
import { ipv6Text, isIpv4 } from './literal.js';
import {
  type AddressQuery,
  type AddrInfoOptions,
  addressQuery,
  checkFlowinfo,
  checkScopeId,
  type Host,
  type Port,
} from './lookup-query.js';
import {
  AF_INET,
  AF_INET6,
  AF_UNSPEC,
  IPPROTO_TCP,
  IPPROTO_UDP,
  SOCK_DGRAM,
  SOCK_STREAM,
} from './socket-constants.js';
import type { Coroutine } from './stepping.js';

/**
 * What `address`, `[host, port]` or `[host, port, flowinfo, scopeId]`, leads to. An address that needs no resolving
 * is the one answer, at once and with its flowinfo and scope: not a name, one with a zone (`fe80::1%eth0`), or a
 * service's name. Everything else is asked of `loop.getaddrinfo`.
 *
 * @throws TypeError and RangeError for a wrong address; what `getaddrinfo` throws.
 * @internal
 */
export function* ensureResolved(
  loop: EventLoop,
  address: readonly unknown[],
  options: AddrInfoOptions,
): Coroutine<AddrInfo[]> {
  if (!Array.isArray(address)) throw typeError(`an address must be [host, port], got ${given(address)}`);
  if (address.length < 2 || address.length > 4) {
    throw rangeError(`an address must be [host, port], got ${address.length} parts`);
  }
  const [host, port, flowinfo, scopeId] = address as readonly unknown[];
  const query = addressQuery(host, port, options, 'getaddrinfo');
  const found = literal(query, checkFlowinfo(flowinfo ?? 0), checkScopeId(scopeId ?? 0));
  if (found !== null) return [found];
  return yield* loop.getaddrinfo(host as Host, port as Port, options);
}

function literal(query: AddressQuery, flowinfo: number, scopeId: number): AddrInfo | null {
  const { host, service, family, type, proto } = query;
  if (host === null || (proto !== 0 && proto !== IPPROTO_TCP && proto !== IPPROTO_UDP)) return null;
  if (type !== SOCK_STREAM && type !== SOCK_DGRAM) return null;
  if (typeof service === 'string' && service !== '') return null;
  const port = typeof service === 'number' ? service : 0;
  const protocol = type === SOCK_STREAM ? IPPROTO_TCP : IPPROTO_UDP;
  if ((family === AF_UNSPEC || family === AF_INET) && isIpv4(host)) {
    return { family: AF_INET, type, proto: protocol, canonname: '', address: [host, port] };
  }
  const text = family === AF_UNSPEC || family === AF_INET6 ? ipv6Text(host) : null;
  if (text === null) return null;
  const address: AddrInfo['address'] = [text, port, flowinfo, scopeId];
  return { family: AF_INET6, type, proto: protocol, canonname: '', address };
}
