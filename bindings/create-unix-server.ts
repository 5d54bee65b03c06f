// Making a server on a Unix socket. asyncio: `loop.create_unix_server`.
import { constants } from 'node:os';
import { detailsOf, nativeAddress } from './address.js';
import { placeOf } from './bind-error.js';
import { rangeError } from './errors.js';
import type { EventLoop } from './event-loop.js';
import { adoptListener, checkUnixSocket } from './given-socket.js';
import type { ProtocolFactory } from './listener.js';
import type { Opened } from './native/core.js';
import { checkFlag, checkOptions } from './options.js';
import { checkFactory } from './protocol-factory.js';
import type { Server } from './server.js';
import { COMMON_SERVER_OPTIONS, type CommonServerOptions, checkService } from './server-options.js';
import { serverOn } from './server-start.js';
import type { Socket } from './socket.js';
import { AF_UNIX } from './socket-constants.js';
import { removeStale, socketFileOf } from './socket-file.js';
import type { Coroutine } from './stepping.js';
import { systemError } from './system-error.js';
import { checkServerTls, refuseTls } from './tls-options.js';
import { isAbstract, unixPath } from './unix-path.js';

/** Options of `loop.createUnixServer`. */
export interface UnixServerOptions extends CommonServerOptions {
  /** A bound socket, instead of a path. It belongs to the server then. */
  sock?: Socket | null | undefined;
  /** Remove the socket's file when the server is closed (true), unless somebody has replaced it. */
  cleanupSocket?: boolean | undefined;
}

const OPTIONS = ['sock', 'cleanupSocket', ...COMMON_SERVER_OPTIONS];
const { EADDRINUSE } = constants.errno;

/** The body of `loop.createUnixServer`. @internal */
export function* createUnixServer(
  loop: EventLoop,
  factory: ProtocolFactory,
  path: unknown,
  options: UnixServerOptions,
): Coroutine<Server> {
  checkFactory(factory);
  checkOptions(options, OPTIONS, 'createUnixServer');
  checkServerTls(options);
  const service = checkService(options);
  const cleanup = checkFlag('cleanupSocket', options.cleanupSocket, true);
  const sock = options.sock ?? null;
  let opened: Opened;
  let bytes: Buffer;
  if ((path ?? null) === null) {
    if (sock === null) throw rangeError('path was not specified, and no sock specified');
    const socket = checkUnixSocket(sock);
    refuseTls(options, 'createUnixServer');
    opened = adoptListener(loop, socket, service.backlog, service.startServing);
    bytes = pathOf(socket);
  } else {
    if (sock !== null) throw rangeError('path and sock can not be specified at the same time');
    bytes = unixPath(path);
    refuseTls(options, 'createUnixServer');
    opened = bind(loop, bytes, service.backlog);
  }
  return yield* serverOn(loop, [opened], factory, service, cleanup ? socketFileOf(bytes) : null);
}

/** A listener bound to `path`; the socket that a server which is gone has left there is removed. */
function bind(loop: EventLoop, path: Buffer, backlog: number): Opened {
  const { native } = loop.scheduler.core;
  const address = nativeAddress(path, AF_UNIX);
  let opened = native.bind(address, backlog, false, false, false);
  if (opened === EADDRINUSE && !isAbstract(path) && removeStale(path)) {
    opened = native.bind(address, backlog, false, false, false);
  }
  if (typeof opened !== 'number') return opened;
  const text = path.toString();
  const error = systemError(opened, { syscall: 'bind', ...detailsOf(text) });
  if (opened === EADDRINUSE)
    error.message = `bind ${error.code}: Address '${placeOf(text)}' is already in use`;
  throw error;
}

/** The path that a socket is bound to; empty without one. */
function pathOf(socket: Socket): Buffer {
  const address = socket.native.getsockname();
  return (typeof address === 'number' ? null : address.path) ?? Buffer.alloc(0);
}
