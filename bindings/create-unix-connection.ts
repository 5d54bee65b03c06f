// Opening a connection to a Unix server. asyncio: `loop.create_unix_connection`.
import { constants } from 'node:os';
import { detailsOf } from './address.js';
import { rangeError } from './errors.js';
import type { EventLoop } from './event-loop.js';
import { checkUnixSocket } from './given-socket.js';
import type { ProtocolFactory } from './listener.js';
import type { Opened } from './native/core.js';
import { transportOn, transportOnSocket } from './open-transport.js';
import { checkOptions } from './options.js';
import type { BufferedProtocol, Protocol } from './protocol.js';
import { checkFactory } from './protocol-factory.js';
import { timeOf } from './sleep.js';
import type { Socket } from './socket.js';
import { AF_UNIX } from './socket-constants.js';
import type { Coroutine } from './stepping.js';
import { systemError } from './system-error.js';
import { CLIENT_TLS_OPTIONS, type ClientTlsOptions, checkClientTls, refuseTls } from './tls-options.js';
import type { Transport } from './transport.js';
import { unixPath } from './unix-path.js';

/** Options of `loop.createUnixConnection`. */
export interface UnixConnectionOptions extends ClientTlsOptions {
  /** A connected socket, instead of a path. It belongs to the transport then. */
  sock?: Socket | null | undefined;
}

const OPTIONS = ['sock', ...CLIENT_TLS_OPTIONS];
/** Seconds until a server whose queue is full is tried again, at first and at most. */
const FIRST_RETRY_SECONDS = 0.001;
const LAST_RETRY_SECONDS = 0.05;

/** The body of `loop.createUnixConnection`. @internal */
export function* createUnixConnection<P extends Protocol | BufferedProtocol>(
  loop: EventLoop,
  factory: ProtocolFactory<P>,
  path: unknown,
  options: UnixConnectionOptions,
): Coroutine<[transport: Transport, protocol: P]> {
  checkFactory(factory);
  checkOptions(options, OPTIONS, 'createUnixConnection');
  checkClientTls(options, null, "you have to pass serverHostname when using ssl; '' is any");
  const sock = options.sock ?? null;
  if ((path ?? null) === null) {
    if (sock === null) throw rangeError('no path and sock were specified');
    const socket = checkUnixSocket(sock);
    refuseTls(options, 'createUnixConnection');
    return yield* transportOnSocket(loop, socket, factory);
  }
  if (sock !== null) throw rangeError('path and sock can not be specified at the same time');
  const bytes = unixPath(path);
  refuseTls(options, 'createUnixConnection');
  return yield* transportOn(loop, yield* connect(loop, bytes), factory);
}

/** Connects at once, or throws the system's error. Where the server's queue is full it waits, as connect(2) does. */
function* connect(loop: EventLoop, path: Buffer): Coroutine<Opened> {
  const { native } = loop.scheduler.core;
  for (let delay = FIRST_RETRY_SECONDS; ; delay = Math.min(delay * 2, LAST_RETRY_SECONDS)) {
    const begun = native.connect({ family: AF_UNIX, path }, null, 0);
    if ('slot' in begun) return begun;
    if (begun.errno !== constants.errno.EAGAIN) {
      throw systemError(begun.errno, { syscall: begun.syscall, ...detailsOf(path.toString()) });
    }
    // Nothing tells when there is room again.
    yield* timeOf(loop, delay, undefined);
  }
}
