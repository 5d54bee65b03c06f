// Sockets of the user's for tests, closed at the test's end whatever happens.

import type { ExecutionContext } from 'ava';
import { socket } from 'mioloop';

/** Has `sock` closed when the test ends. */
export function closing<S extends socket.Socket>(t: ExecutionContext, sock: S): S {
  t.teardown(() => sock.close());
  return sock;
}

/** Two connected sockets that do not block. */
export function pair(
  t: ExecutionContext,
  family = socket.AF_UNIX,
  type = socket.SOCK_STREAM,
): [ours: socket.Socket, theirs: socket.Socket] {
  const ends = socket.socketpair(family, type);
  for (const end of ends) closing(t, end).setBlocking(false);
  return ends;
}

/** A socket that does not block. */
export function made(t: ExecutionContext, type = socket.SOCK_STREAM, family = socket.AF_INET): socket.Socket {
  const sock = closing(t, new socket.Socket(family, type));
  sock.setBlocking(false);
  return sock;
}

/** A socket that is bound to a port of 127.0.0.1. */
export function bound(t: ExecutionContext, type = socket.SOCK_STREAM): socket.Socket {
  const sock = made(t, type);
  sock.bind(['127.0.0.1', 0]);
  return sock;
}

/** One that listens, too. */
export function listening(t: ExecutionContext): socket.Socket {
  const sock = bound(t);
  sock.listen();
  return sock;
}

/** Two connected TCP sockets that do not block. */
export function tcpPair(t: ExecutionContext): [ours: socket.Socket, theirs: socket.Socket] {
  const listener = listening(t);
  const ours = closing(t, new socket.Socket());
  ours.connect(listener.getsockname());
  ours.setBlocking(false);
  listener.setBlocking(true);
  const [theirs] = listener.accept();
  return [ours, closing(t, theirs)];
}

export function send(sock: socket.Socket, text: string): void {
  sock.send(Buffer.from(text));
}

/** Sends until the system takes no more; gives how many bytes it took. */
export function fill(sock: socket.Socket): number {
  let sent = 0;
  for (const size of [65_536, 4096, 256, 1]) {
    const piece = Buffer.alloc(size, ' ');
    untilBlocked(() => {
      sent += sock.send(piece);
    });
  }
  return sent;
}

/** Receives until there is nothing more; gives how many bytes there were. */
export function drain(sock: socket.Socket): number {
  let received = 0;
  untilBlocked(() => {
    received += sock.recv(65_536).length;
  });
  return received;
}

/** Calls `act` until it would block. */
export function untilBlocked(act: () => void): void {
  try {
    for (;;) act();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
  }
}
