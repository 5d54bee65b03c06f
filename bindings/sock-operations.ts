// What the loop does with sockets of the user's: `sockRecv` and its kin. Each makes its system call at once, and waits
// only when that would block. asyncio: the `sock_*` methods of `BaseSelectorEventLoop`.
import { constants } from 'node:os';
import { type Address, detailsOf, nativeAddress } from './address.js';
import { ensureResolved } from './ensure-resolved.js';
import { given, RuntimeError, rangeError, typeError } from './errors.js';
import type { EventLoop } from './event-loop.js';
import type { Future } from './future.js';
import { STILL } from './line.js';
import { isIpv4 } from './literal.js';
import { isLiteral } from './native/addon.js';
import { READY_READ, READY_WRITE } from './native/layout.js';
import { Operation } from './operation.js';
import { makeRoom, receive, takeOut } from './receive-memory.js';
import { failed, Settled } from './settled.js';
import { checkBytes, checkRoom, checkSize, MAX_COUNT, Socket, senderOf } from './socket.js';
import { AF_INET, AF_INET6 } from './socket-constants.js';
import type { Attempt } from './socket-line.js';
import type { Coroutine } from './stepping.js';
import { systemError } from './system-error.js';
import type { Direction } from './watched.js';

const { EAGAIN, EALREADY, EINPROGRESS, EINTR } = constants.errno;

/** @internal */
export function sockRecv(loop: EventLoop, sock: Socket, nbytes: number): Future<Buffer> {
  return perform(loop, sock, READY_READ, () => {
    const size = checkSize(nbytes);
    return () => {
      const data = receive(sock, size);
      return typeof data === 'number' ? refused(data, 'recv') : data;
    };
  });
}

/** @internal */
export function sockRecvInto(loop: EventLoop, sock: Socket, buffer: Uint8Array): Future<number> {
  return perform(loop, sock, READY_READ, () => {
    const { length } = checkBytes(buffer);
    return () => {
      checkLength(buffer, length);
      const count = sock.native.recv(buffer, 0, Math.min(length, MAX_COUNT));
      return count < 0 ? refused(count, 'recv') : count;
    };
  });
}

/** @internal */
export function sockRecvfrom<A extends Address>(
  loop: EventLoop,
  sock: Socket,
  bufsize: number,
): Future<[data: Buffer, address: A]> {
  return perform(loop, sock, READY_READ, () => {
    const size = checkSize(bufsize);
    return () => {
      const { memory, offset, length } = makeRoom(sock, size);
      const received = sock.native.recvFrom(memory, offset, length);
      if (typeof received === 'number') return refused(received, 'recvfrom');
      return [takeOut(sock, memory, received.count), senderOf<A>(received)];
    };
  });
}

/** @internal */
export function sockRecvfromInto<A extends Address>(
  loop: EventLoop,
  sock: Socket,
  buffer: Uint8Array,
  nbytes: number,
): Future<[count: number, address: A]> {
  return perform(loop, sock, READY_READ, () => {
    const { length } = checkBytes(buffer);
    const room = checkRoom(buffer, nbytes);
    return () => {
      checkLength(buffer, length);
      const received = sock.native.recvFrom(buffer, 0, room);
      if (typeof received === 'number') return refused(received, 'recvfrom');
      return [received.count, senderOf<A>(received)];
    };
  });
}

/** @internal */
export function sockSendall(loop: EventLoop, sock: Socket, data: Uint8Array): Future<void> {
  return perform(loop, sock, READY_WRITE, () => {
    const { length } = checkBytes(data);
    let sent = 0;
    return () => {
      checkLength(data, length);
      const count = sock.native.send(sent === 0 ? data : data.subarray(sent));
      if (count < 0) return refused(count, 'send');
      sent += count;
      // What was taken in part says that no more is taken now (epoll(7)).
      return sent < length ? STILL : undefined;
    };
  });
}

/** @internal */
export function sockSendto(
  loop: EventLoop,
  sock: Socket,
  data: Uint8Array,
  address: Address,
): Future<number> {
  if (isInternet(sock) && isName(address)) return new Operation(loop, sendToName(loop, sock, data, address));
  return perform(loop, sock, READY_WRITE, () => {
    const { length } = checkBytes(data);
    const native = nativeAddress(address, sock.family);
    return () => {
      checkLength(data, length);
      const count = sock.native.sendTo(data, native);
      return count < 0 ? refused(count, 'sendto', address) : count;
    };
  });
}

/** @internal */
export function sockConnect(loop: EventLoop, sock: Socket, address: Address): Future<void> {
  if (isInternet(sock)) return new Operation(loop, connectToName(loop, sock, address));
  return connect(loop, sock, address);
}

/** @internal */
export function sockAccept<A extends Address>(
  loop: EventLoop,
  sock: Socket,
): Future<[connection: Socket, address: A]> {
  return perform(loop, sock, READY_READ, () => () => {
    const accepted = sock.acceptNow<A>();
    return typeof accepted === 'number' ? refused(accepted, 'accept') : accepted;
  });
}

function* sendToName(loop: EventLoop, sock: Socket, data: Uint8Array, address: Address): Coroutine<number> {
  checkSocket(loop, sock);
  checkBytes(data);
  return yield* sockSendto(loop, sock, data, yield* resolved(loop, sock, address));
}

function* connectToName(loop: EventLoop, sock: Socket, address: Address): Coroutine<void> {
  checkSocket(loop, sock);
  yield* connect(loop, sock, yield* resolved(loop, sock, address));
}

function connect(loop: EventLoop, sock: Socket, address: Address): Future<void> {
  return perform(loop, sock, READY_WRITE, () => {
    const native = nativeAddress(address, sock.family);
    let hasBegun = false;
    return () => {
      const status = hasBegun ? sock.native.connected() : sock.native.connect(native);
      hasBegun = true;
      if (status === 0) return undefined;
      // A signal does not end the attempt, either.
      if (status === -EINPROGRESS || status === -EALREADY || status === -EINTR) return STILL;
      throw systemError(-status, { syscall: 'connect', ...detailsOf(address) });
    };
  });
}

/** What a name leads to, for a socket of this kind. */
function* resolved(loop: EventLoop, { family, type, proto }: Socket, address: Address): Coroutine<Address> {
  const [first] = yield* ensureResolved(loop, address as readonly unknown[], { family, type, proto });
  return first!.address;
}

/**
 * Makes the attempt that `prepare` gives, unless others wait before it; waits where it would block. Whatever is
 * wrong comes to who awaits. @internal
 */
export function perform<T>(
  loop: EventLoop,
  sock: Socket,
  direction: Direction,
  prepare: () => Attempt<T>,
): Future<T> {
  try {
    checkSocket(loop, sock);
    const attempt = prepare();
    const { descriptors } = loop;
    if (descriptors.find(sock)?.lineOf(direction).isIdle ?? true) {
      const outcome = attempt();
      if (outcome !== STILL) return new Settled<T>(loop, outcome as T);
    }
    const line = descriptors.keep(sock, direction).lineOf(direction);
    return line.wait(loop, () => {
      checkOwner(sock);
      return attempt();
    });
  } catch (error) {
    return failed(loop, error);
  }
}

/** @throws TypeError for what is no socket of the user's; RuntimeError for one that a transport has. @internal */
export function checkSocket(loop: EventLoop, sock: unknown): void {
  if (!(sock instanceof Socket))
    throw typeError(`a socket.Socket of mioloop is expected, got ${given(sock)}`);
  checkOwner(sock);
  if (!sock.getBlocking()) return;
  if (loop.debugging) throw rangeError('the socket must be non-blocking: call setBlocking(false)');
  // It would hold the whole thread up.
  sock.setBlocking(false);
}

function checkOwner(sock: Socket): void {
  const { owner } = sock;
  if (owner === null) return;
  throw new RuntimeError(`File descriptor ${sock.fileno()} is used by a ${owner}`, 'ERR_DESCRIPTOR_USED');
}

/** The memory is the user's, who may have given it to another thread while this waited. */
function checkLength(bytes: Uint8Array, length: number): void {
  if (bytes.length === length) return;
  throw typeError(`the memory was detached or resized meanwhile: ${bytes.length} bytes instead of ${length}`);
}

/** STILL when the call would block. @internal Throws the system's error when it failed. */
export function refused(status: number, syscall: string, address?: Address): typeof STILL {
  if (status === -EAGAIN) return STILL;
  throw systemError(-status, { syscall, ...detailsOf(address) });
}

function isInternet(sock: Socket): boolean {
  return sock instanceof Socket && (sock.family === AF_INET || sock.family === AF_INET6);
}

/** Whether an address has a name that needs resolving. */
function isName(address: unknown): address is Address {
  const host: unknown = Array.isArray(address) ? address[0] : null;
  if (typeof host !== 'string' || host === '' || host === '<broadcast>') return false;
  return !isIpv4(host) && !isLiteral(host);
}
