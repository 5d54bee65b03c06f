// Opening a datagram endpoint: addresses, a socket, then a transport with its protocol. asyncio:
// `loop.create_datagram_endpoint`.
import type { Address } from './address.js';
import { SocketDatagramTransport } from './datagram-transport.js';
import { ensureResolved } from './ensure-resolved.js';
import { given, RuntimeError, rangeError, typeError } from './errors.js';
import type { EventLoop } from './event-loop.js';
import type { AddrInfo } from './getaddrinfo.js';
import { adoptEndpoint, checkDatagramSocket } from './given-socket.js';
import type { ProtocolFactory } from './listener.js';
import type { Host, Port } from './lookup-query.js';
import { openedTransport } from './opened-transport.js';
import { checkFlag, checkOptions } from './options.js';
import type { DatagramProtocol } from './protocol.js';
import { checkFactory, makeProtocol } from './protocol-factory.js';
import { Socket } from './socket.js';
import { AF_UNIX, SO_BROADCAST, SO_REUSEPORT, SOCK_DGRAM, SOL_SOCKET } from './socket-constants.js';
import { removeStale } from './socket-file.js';
import type { Coroutine } from './stepping.js';
import { isSystemError } from './system-error.js';
import type { DatagramTransport } from './transport.js';
import { isAbstract, unixPath } from './unix-path.js';

/** An address of an endpoint: `[host, port]`, resolved by `getaddrinfo`, or the path of a Unix socket. */
export type DatagramAddress = readonly [host: Host, port: Port] | string;

/** Options of `loop.createDatagramEndpoint`. */
export interface DatagramEndpointOptions {
  /** `AF_INET` or `AF_INET6`, where the addresses leave it open; `AF_UNIX` for paths. */
  family?: number | undefined;
  /** `IPPROTO_UDP`, for example; 0 (the default) is the system's choice. */
  proto?: number | undefined;
  /** `AI_…` for `getaddrinfo`. */
  flags?: number | undefined;
  /** Share the local port with other sockets that set this: one for each worker thread, for example. */
  reusePort?: boolean | null | undefined;
  /** Allow sending to a broadcast address; the socket is not connected to its remote address then. */
  allowBroadcast?: boolean | null | undefined;
  /** A datagram socket to use, which is the transport's from then on. */
  sock?: Socket | null | undefined;
}

/** What one socket is to be. */
interface Pair {
  readonly family: number;
  readonly proto: number;
  readonly local: Address | null;
  readonly remote: Address | null;
}

const OPTIONS = ['family', 'proto', 'flags', 'reusePort', 'allowBroadcast', 'sock'];

/** The body of `loop.createDatagramEndpoint`. @internal */
export function* createDatagramEndpoint<P extends DatagramProtocol>(
  loop: EventLoop,
  factory: ProtocolFactory<P>,
  localAddr: DatagramAddress | null | undefined,
  remoteAddr: DatagramAddress | null | undefined,
  options: DatagramEndpointOptions,
): Coroutine<[transport: DatagramTransport, protocol: P]> {
  checkFactory(factory);
  checkReuseAddress(options);
  checkOptions(options, OPTIONS, 'createDatagramEndpoint');
  const { sock } = options;
  if (sock !== undefined && sock !== null) {
    checkDatagramSocket(sock);
    checkAlone({ localAddr, remoteAddr, ...options });
    sock.setBlocking(false);
    return yield* transportOf(loop, sock, null, factory);
  }
  checkFlag('reusePort', options.reusePort, false);
  checkFlag('allowBroadcast', options.allowBroadcast, false);
  const pairs = yield* addressPairs(loop, localAddr || null, remoteAddr || null, options);
  const [socket, remote] = firstSocket(pairs, options);
  try {
    return yield* transportOf(loop, socket, remote, factory);
  } finally {
    // Whatever happened, it is open only if it is a transport's.
    if (socket.owner === null) socket.close();
  }
}

function checkReuseAddress(options: DatagramEndpointOptions): void {
  if (!(options as { reuseAddress?: unknown } | null)?.reuseAddress) return;
  throw rangeError(
    'Passing reuseAddress: true is no longer supported, as the usage of SO_REUSEPORT in UDP poses a significant security ' +
      'concern',
  );
}

/** Beside a socket nothing else may be given. */
function checkAlone(others: Record<string, unknown>): void {
  const problems = Object.entries(others)
    .filter(([name, value]) => name !== 'sock' && Boolean(value))
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  if (problems.length === 0) return;
  const list = problems.join(', ');
  throw rangeError(`socket modifier keyword arguments can not be used when sock is specified. (${list})`);
}

// ---- addresses -------------------------------------------------------------------------------------

/** What the socket may be, in the order of trying. */
function* addressPairs(
  loop: EventLoop,
  local: DatagramAddress | null,
  remote: DatagramAddress | null,
  options: DatagramEndpointOptions,
): Coroutine<Pair[]> {
  const family = options.family ?? 0;
  const proto = options.proto ?? 0;
  if (local === null && remote === null) {
    if (family === 0) throw rangeError('unexpected address family: without an address, family is needed');
    return [{ family, proto, local: null, remote: null }];
  }
  if (family === AF_UNIX) {
    const pair = { family, proto, local: checkPath(local), remote: checkPath(remote) };
    const path = pair.local === null ? null : unixPath(pair.local);
    if (path !== null && !isAbstract(path)) removeStale(path);
    return [pair];
  }
  const pairs = new Map<string, Pair>();
  for (const [name, address] of Object.entries({ local, remote })) {
    if (address === null) continue;
    for (const info of yield* resolve(loop, address, { ...options, family, proto })) {
      const key = `${info.family} ${info.proto}`;
      const pair = pairs.get(key) ?? { family: info.family, proto: info.proto, local: null, remote: null };
      pairs.set(key, { ...pair, [name]: info.address });
    }
  }
  const whole = [...pairs.values()].filter(
    (pair) => (local === null || pair.local !== null) && (remote === null || pair.remote !== null),
  );
  if (whole.length > 0) return whole;
  throw rangeError('can not get address information: localAddr and remoteAddr have no family in common');
}

function* resolve(
  loop: EventLoop,
  address: DatagramAddress,
  { family = 0, proto = 0, flags = 0 }: DatagramEndpointOptions,
): Coroutine<AddrInfo[]> {
  if (!Array.isArray(address) || address.length !== 2) {
    const hint = typeof address === 'string' ? '; a path needs family: socket.AF_UNIX' : '';
    throw typeError(`an address must be [host, port], got ${given(address)}${hint}`);
  }
  const infos = yield* ensureResolved(loop, address, { family, type: SOCK_DGRAM, proto, flags });
  if (infos.length === 0) throw new RuntimeError('getaddrinfo() returned empty list', 'ERR_NO_ADDRESS');
  return infos;
}

function checkPath(path: DatagramAddress | null): string | null {
  if (path === null || typeof path === 'string') return path;
  throw typeError(`string is expected: the address of a Unix socket is a path, got ${given(path)}`);
}

// ---- the socket ------------------------------------------------------------------------------------

/** A socket for the first pair that the system has nothing against, and the only address that it is to send to. */
function firstSocket(
  pairs: readonly Pair[],
  options: DatagramEndpointOptions,
): [socket: Socket, remote: Address | null] {
  const errors: unknown[] = [];
  for (const pair of pairs) {
    try {
      return [socketFor(pair, options), pair.remote];
    } catch (error) {
      if (!isSystemError(error)) throw error;
      errors.push(error);
    }
  }
  throw errors[0];
}

function socketFor({ family, proto, local, remote }: Pair, options: DatagramEndpointOptions): Socket {
  const socket = new Socket(family, SOCK_DGRAM, proto);
  try {
    if (options.reusePort) socket.setsockopt(SOL_SOCKET, SO_REUSEPORT, true);
    if (options.allowBroadcast) socket.setsockopt(SOL_SOCKET, SO_BROADCAST, true);
    socket.setBlocking(false);
    if (local !== null) socket.bind(local);
    if (remote !== null && !options.allowBroadcast) socket.connect(remote);
    return socket;
  } catch (error) {
    socket.close();
    throw error;
  }
}

function* transportOf<P extends DatagramProtocol>(
  loop: EventLoop,
  socket: Socket,
  remote: Address | null,
  factory: ProtocolFactory<P>,
): Coroutine<[transport: DatagramTransport, protocol: P]> {
  const protocol = makeProtocol(factory);
  const waiter = loop.createFuture<void>();
  const { slot, generation } = adoptEndpoint(loop, socket);
  const parts = { slot, generation, socket, remote, protocol, waiter };
  const transport = new SocketDatagramTransport(loop, parts);
  return yield* openedTransport(waiter, transport, protocol);
}
