// Hosts to addresses. asyncio: `loop.getaddrinfo`. What needs no resolver is answered here and now; the rest goes
// to the core's resolver threads.
import type { InternetAddress } from './address.js';
import type { EventLoop } from './event-loop.js';
import { ipv6Text, isIpv4 } from './literal.js';
import { type AddressQuery, type AddrInfoOptions, addressQuery } from './lookup-query.js';
import { listedSocketKinds } from './native/addon.js';
import {
  AF_INET,
  AF_INET6,
  AF_UNSPEC,
  AI_ALL,
  AI_CANONNAME,
  AI_NUMERICHOST,
  AI_NUMERICSERV,
  AI_PASSIVE,
  AI_V4MAPPED,
  IPPROTO_TCP,
  IPPROTO_UDP,
  SOCK_DGRAM,
  SOCK_STREAM,
} from './socket-constants.js';
import type { Coroutine } from './stepping.js';
import { noName } from './system-error.js';

/** An address of a host, and the socket to make for it. asyncio: an entry of `getaddrinfo`'s list. */
export interface AddrInfo {
  /** `AF_INET` or `AF_INET6`. */
  family: number;
  /** `SOCK_STREAM`, … */
  type: number;
  /** `IPPROTO_TCP`, … */
  proto: number;
  /** The host's canonical name: in the first entry, when `AI_CANONNAME` asked for it; else empty. */
  canonname: string;
  address: InternetAddress;
}

/** A type of socket and its protocol. */
type Kind = readonly [type: number, proto: number];

const TCP: readonly Kind[] = [[SOCK_STREAM, IPPROTO_TCP]];
const UDP: readonly Kind[] = [[SOCK_DGRAM, IPPROTO_UDP]];
/** What the system lists where nothing particular is asked for; null before that is asked for. */
let listed: readonly Kind[] | null = null;

/** Flags whose effect on addresses is known here. */
const KNOWN_FLAGS = AI_PASSIVE | AI_CANONNAME | AI_NUMERICHOST | AI_NUMERICSERV | AI_V4MAPPED | AI_ALL;

/** The body of `loop.getaddrinfo`. @internal */
export function* getaddrinfo(
  loop: EventLoop,
  host: unknown,
  port: unknown,
  options: AddrInfoOptions,
): Coroutine<AddrInfo[]> {
  const query = addressQuery(host, port, options, 'getaddrinfo');
  return answered(query) ?? (yield* loop.resolver.getaddrinfo(query));
}

/**
 * The answer to a question that needs no resolver; null when it does, or when the answer is an error or depends on
 * the system: its resolver knows best then.
 */
function answered(query: AddressQuery): AddrInfo[] | null {
  const { host, service, family, flags } = query;
  if (host === null && service === null) throw noName();
  if ((flags & ~KNOWN_FLAGS) !== 0 || (typeof service === 'string' && service !== '')) return null;
  const kinds = kindsOf(query);
  if (kinds === null) return null;
  const port = typeof service === 'number' ? service : 0;
  if (host === null) {
    // Which family comes first where both are asked for is up to the system's routes.
    if (family === AF_UNSPEC || (flags & AI_CANONNAME) !== 0) return null;
    const passive = (flags & AI_PASSIVE) !== 0;
    if (family === AF_INET) return ipv4(passive ? '0.0.0.0' : '127.0.0.1', port, kinds, '');
    return family === AF_INET6 ? ipv6(passive ? '::' : '::1', port, kinds, '') : null;
  }
  const canonname = (flags & AI_CANONNAME) !== 0 ? host : '';
  if (isIpv4(host)) {
    if (family === AF_UNSPEC || family === AF_INET) return ipv4(host, port, kinds, canonname);
    const mapped = family === AF_INET6 && (flags & AI_V4MAPPED) !== 0;
    return mapped ? ipv6(`::ffff:${host}`, port, kinds, canonname) : null;
  }
  if (family !== AF_UNSPEC && family !== AF_INET6) return null;
  const text = ipv6Text(host);
  // Systems differ in the canonical name of an address that is not in its own form.
  if (text === null || (canonname !== '' && canonname !== text)) return null;
  return ipv6(text, port, kinds, canonname);
}

function kindsOf({ type, proto }: AddressQuery): readonly Kind[] | null {
  if (type === 0 && proto === 0) {
    listed ??= systemKinds();
    return listed.length === 0 ? null : listed;
  }
  if ((type === SOCK_STREAM || type === 0) && (proto === IPPROTO_TCP || proto === 0)) return TCP;
  if ((type === SOCK_DGRAM || type === 0) && (proto === IPPROTO_UDP || proto === 0)) return UDP;
  return null;
}

function systemKinds(): readonly Kind[] {
  const flat = listedSocketKinds();
  return Array.from({ length: flat.length / 2 }, (_, index) => [flat[index * 2]!, flat[index * 2 + 1]!]);
}

function ipv4(host: string, port: number, kinds: readonly Kind[], canonname: string): AddrInfo[] {
  const found: AddrInfo[] = [];
  for (const [type, proto] of kinds) {
    found.push({ family: AF_INET, type, proto, canonname, address: [host, port] });
    canonname = '';
  }
  return found;
}

function ipv6(host: string, port: number, kinds: readonly Kind[], canonname: string): AddrInfo[] {
  const found: AddrInfo[] = [];
  for (const [type, proto] of kinds) {
    found.push({ family: AF_INET6, type, proto, canonname, address: [host, port, 0, 0] });
    canonname = '';
  }
  return found;
}
