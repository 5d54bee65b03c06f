// Opening a connection: the options, the addresses, then a transport with its protocol. asyncio:
// `loop.create_connection`, `loop.connect_accepted_socket`.
import type { InternetAddress } from './address.js';
import { type ConnectPlan, connectAddresses, interleaved } from './connect-addresses.js';
import { ensureResolved } from './ensure-resolved.js';
import { given, RuntimeError, rangeError, secondsOrNull, typeError } from './errors.js';
import type { EventLoop } from './event-loop.js';
import type { AddrInfo } from './getaddrinfo.js';
import { checkStreamSocket } from './given-socket.js';
import type { ProtocolFactory } from './listener.js';
import type { Host, Port } from './lookup-query.js';
import { transportOn, transportOnSocket } from './open-transport.js';
import { checkFlag, checkOptions } from './options.js';
import type { BufferedProtocol, Protocol } from './protocol.js';
import { checkFactory } from './protocol-factory.js';
import type { Socket } from './socket.js';
import { SOCK_STREAM } from './socket-constants.js';
import type { Coroutine } from './stepping.js';
import {
  CLIENT_TLS_OPTIONS,
  type ClientTlsOptions,
  checkClientTls,
  checkServerTls,
  refuseTls,
  SERVER_TLS_OPTIONS,
  type ServerTlsOptions,
} from './tls-options.js';
import type { Transport } from './transport.js';

/** Options of `loop.createConnection`. */
export interface ConnectionOptions extends ClientTlsOptions {
  /** `socket.AF_INET` or `socket.AF_INET6`; 0 (the default) is both. */
  family?: number | undefined;
  /** `socket.IPPROTO_…`; 0 (the default) is TCP. */
  proto?: number | undefined;
  /** Flags of the look-up: `socket.AI_…`, added up. */
  flags?: number | undefined;
  /** A connected socket, instead of host and port. It belongs to the transport then. */
  sock?: Socket | null | undefined;
  /** Where the connection is to come from: `[host, port]`. */
  localAddr?: Readonly<InternetAddress> | readonly [host: Host, port: Port] | null | undefined;
  /**
   * Seconds after which the next address is tried beside the one before ("happy eyeballs", RFC 8305); 0.25 is a good
   * value. Without it the next address is tried when the one before has failed.
   */
  happyEyeballsDelay?: number | null | undefined;
  /**
   * How many addresses of the first family come first, before the families take turns; 0 keeps the order of the
   * look-up. 1 with `happyEyeballsDelay`, else 0.
   */
  interleave?: number | null | undefined;
  /** Throw an AggregateError with the error of each address, even where there is only one. */
  allErrors?: boolean | undefined;
}

/** Options of `loop.connectAcceptedSocket`. */
export interface AcceptedSocketOptions extends ServerTlsOptions {}

/** What is about addresses, and so in vain where a socket is given. */
const ADDRESS_OPTIONS = [
  'family',
  'proto',
  'flags',
  'localAddr',
  'happyEyeballsDelay',
  'interleave',
] as const;
const OPTIONS = [...ADDRESS_OPTIONS, 'sock', 'allErrors', ...CLIENT_TLS_OPTIONS];

/** The body of `loop.createConnection`. @internal */
export function* createConnection<P extends Protocol | BufferedProtocol>(
  loop: EventLoop,
  factory: ProtocolFactory<P>,
  host: unknown,
  port: unknown,
  options: ConnectionOptions,
): Coroutine<[transport: Transport, protocol: P]> {
  checkFactory(factory);
  checkOptions(options, OPTIONS, 'createConnection');
  checkClientTls(options, host, "You must set serverHostname when using ssl without a host; '' is any");
  const sock = options.sock ?? null;
  const hasAddress = (host ?? port ?? null) !== null;
  if (sock !== null) {
    if (hasAddress) throw rangeError('host/port and sock can not be specified at the same time');
    const socket = checkStreamSocket(sock);
    for (const name of ADDRESS_OPTIONS) {
      // 0 is no value either, except for a delay.
      if (options[name] || (name === 'happyEyeballsDelay' && options[name] === 0)) {
        throw rangeError(`${name} and sock can not be specified at the same time`);
      }
    }
    refuseTls(options, 'createConnection');
    return yield* transportOnSocket(loop, socket, factory);
  }
  if (!hasAddress) throw rangeError('host and port was not specified and no sock specified');
  const { delay, interleave, allErrors } = checkWays(options);
  refuseTls(options, 'createConnection');
  const remotes = yield* resolved(loop, [host, port], options);
  const locals = options.localAddr == null ? null : yield* resolved(loop, options.localAddr, options);
  const plan: ConnectPlan = {
    remotes: interleave > 0 ? interleaved(remotes, interleave) : remotes,
    locals,
    delay,
    allErrors,
  };
  return yield* transportOn(loop, yield* connectAddresses(loop, plan), factory);
}

/** The body of `loop.connectAcceptedSocket`. @internal */
export function* connectAcceptedSocket<P extends Protocol | BufferedProtocol>(
  loop: EventLoop,
  factory: ProtocolFactory<P>,
  sock: unknown,
  options: AcceptedSocketOptions,
): Coroutine<[transport: Transport, protocol: P]> {
  checkFactory(factory);
  checkOptions(options, SERVER_TLS_OPTIONS, 'connectAcceptedSocket');
  const socket = checkStreamSocket(sock);
  checkServerTls(options);
  refuseTls(options, 'connectAcceptedSocket');
  return yield* transportOnSocket(loop, socket, factory);
}

function* resolved(
  loop: EventLoop,
  address: readonly unknown[],
  { family = 0, proto = 0, flags = 0 }: ConnectionOptions,
): Coroutine<AddrInfo[]> {
  const found = yield* ensureResolved(loop, address, { family, type: SOCK_STREAM, proto, flags });
  if (found.length === 0) throw new RuntimeError('getaddrinfo() returned empty list', 'ERR_NO_ADDRESS');
  return found;
}

function checkWays(options: ConnectionOptions): {
  delay: number | null;
  interleave: number;
  allErrors: boolean;
} {
  const delay = secondsOrNull(options.happyEyeballsDelay ?? null, 'happyEyeballsDelay');
  if (delay !== null && delay < 0) throw rangeError(`happyEyeballsDelay must be 0 or more, got ${delay}`);
  const interleave: unknown = options.interleave ?? (delay === null ? 0 : 1);
  if (typeof interleave !== 'number')
    throw typeError(`interleave must be a whole number from 0, got ${given(interleave)}`);
  if (!Number.isInteger(interleave) || interleave < 0) {
    throw rangeError(`interleave must be a whole number from 0, got ${interleave}`);
  }
  return { delay, interleave, allErrors: checkFlag('allErrors', options.allErrors, false) };
}
