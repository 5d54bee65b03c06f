// A socket that the user gives to a transport or a server, which owns it from then on.
import { given, RuntimeError, rangeError, typeError } from './errors.js';
import type { EventLoop } from './event-loop.js';
import type { Opened } from './native/core.js';
import { Socket } from './socket.js';
import { AF_UNIX, SOCK_SEQPACKET, SOCK_STREAM } from './socket-constants.js';
import { systemError } from './system-error.js';

/** @throws TypeError for what is no socket; RangeError for one of another type than a stream. @internal */
export function checkStreamSocket(sock: unknown): Socket {
  const socket = checkSocket(sock);
  if (socket.type !== SOCK_STREAM) throw rangeError(`A Stream Socket was expected, got ${socket}`);
  return socket;
}

/** @throws TypeError for what is no socket; RangeError for any but a stream of the Unix family. @internal */
export function checkUnixSocket(sock: unknown): Socket {
  const socket = checkSocket(sock);
  if (socket.family !== AF_UNIX || socket.type !== SOCK_STREAM) {
    throw rangeError(`A UNIX Domain Stream Socket was expected, got ${socket}`);
  }
  return socket;
}

/** @throws TypeError for what is no socket; RangeError for one that is a stream, or a connection otherwise. @internal */
export function checkDatagramSocket(sock: unknown): Socket {
  const socket = checkSocket(sock);
  if (socket.type === SOCK_STREAM || socket.type === SOCK_SEQPACKET) {
    throw rangeError(`A datagram socket was expected, got ${socket}`);
  }
  return socket;
}

/** Makes a transport's source of `sock`. Until this returns it is the caller's. Throws the system's error. @internal */
export function adoptConnection(loop: EventLoop, sock: Socket): Opened {
  return toTransport(sock, loop.scheduler.core.native.adoptStream(sock.native));
}

/** Makes a datagram transport's source of `sock`. Until this returns it is the caller's. Throws the system's error. @internal */
export function adoptEndpoint(loop: EventLoop, sock: Socket): Opened {
  return toTransport(sock, loop.scheduler.core.native.adoptEndpoint(sock.native));
}

/**
 * Makes a listener's source of `sock`. With `serving` it listens, so that what the system has against that is known
 * while the socket is still the caller's. Throws the system's error.
 * @internal
 */
export function adoptListener(loop: EventLoop, sock: Socket, backlog: number, serving: boolean): Opened {
  sock.setBlocking(false);
  if (serving) sock.listen(backlog);
  const opened = loop.scheduler.core.native.adoptListener(sock.native, backlog);
  sock.giveTo('server');
  return opened;
}

/** `adopted` is what the core has made of `sock`, or the errno of its failure. */
function toTransport(sock: Socket, adopted: Opened | number): Opened {
  if (typeof adopted === 'number') throw systemError(adopted, { syscall: 'epoll_ctl' });
  sock.giveTo('transport');
  return adopted;
}

function checkSocket(sock: unknown): Socket {
  if (!(sock instanceof Socket))
    throw typeError(`sock must be a socket.Socket of mioloop, got ${given(sock)}`);
  const { owner } = sock;
  if (owner !== null) {
    throw new RuntimeError(`this socket belongs to a ${owner} already`, 'ERR_SOCKET_OWNED');
  }
  return sock;
}
