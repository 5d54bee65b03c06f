// A socket of the user's: for `addReader`, the `sock*` methods, and to be given to a transport. Its methods are
// single system calls. Python: `socket.socket`.
import { type Address, addressOf, detailsOf, type InternetAddress, nativeAddress } from './address.js';
import { given, RuntimeError, rangeError, typeError } from './errors.js';
import { adoptSocket, type NativeSocket, openSocket, openSocketPair } from './native/addon.js';
import { AF_INET, AF_UNIX, SOCK_STREAM } from './socket-constants.js';
import { SocketView } from './socket-view.js';
import { systemError } from './system-error.js';

/** Connections that wait in the kernel without an argument of `listen`. */
const DEFAULT_BACKLOG = 128;

/** A socket that is open already, on its way into a `Socket`. */
class Opening {
  readonly native: NativeSocket;
  constructor(native: NativeSocket) {
    this.native = native;
  }
}

/** A socket by a descriptor that is open already, which is the socket's from now on. */
export interface FromDescriptor {
  fileno: number;
}

/**
 * A socket. Python: `socket.socket`.
 *
 * As in Python it blocks the whole thread where it has to wait, until `setBlocking(false)`: then a method that would
 * have to wait throws `EAGAIN`. The loop's methods make it so themselves.
 *
 * @example
 * using listener = new socket.Socket(socket.AF_INET, socket.SOCK_STREAM);
 * listener.bind(['127.0.0.1', 0]);
 * listener.listen();
 * const [connection, address] = yield* loop.sockAccept(listener);
 */
export class Socket extends SocketView {
  /** Whose it is, for messages, once it is a transport's or a server's. */
  #owner: string | null = null;
  #blocking: boolean;
  /** @internal Who has to know before the descriptor closes: those who watch it. */
  readonly closing = new Set<() => void>();

  /**
   * Opens a socket, or takes an open descriptor over.
   * @throws the system's error (`EAFNOSUPPORT`, `EBADF`, `ENOTSOCK`, …); TypeError for wrong arguments.
   */
  constructor(family?: number, type?: number, proto?: number);
  constructor(from: FromDescriptor);
  constructor(first: number | FromDescriptor | Opening = AF_INET, type = SOCK_STREAM, proto = 0) {
    const native = first instanceof Opening ? first.native : openNative(first, type, proto);
    super(native);
    this.#blocking = native.isBlocking();
  }

  /** Binds to an address: `[host, port]` with a literal host, or a path. Throws the system's error (`EADDRINUSE`, …). */
  bind(address: Address): void {
    this.#check(this.native.bind(nativeAddress(address, this.family)), 'bind', address);
  }

  /** Listens for connections; `backlog` of them may wait. Throws the system's error. */
  listen(backlog = DEFAULT_BACKLOG): void {
    if (!Number.isInteger(backlog)) throw typeError(`backlog must be a whole number, got ${given(backlog)}`);
    this.#check(this.native.listen(Math.max(0, Math.min(backlog, 0x7fffffff))), 'listen');
  }

  /** Accepts a connection; its socket does not block. Throws the system's error: `EAGAIN` when none waits. */
  accept<A extends Address = InternetAddress>(): [connection: Socket, address: A] {
    const accepted = this.native.accept();
    if (typeof accepted === 'number') throw systemError(-accepted, { syscall: 'accept' });
    const address = accepted.acceptedFrom();
    return [socketOf(accepted), (address === null ? '' : addressOf(address)) as A];
  }

  /**
   * Connects to an address; a socket that does not block throws `EINPROGRESS`: `loop.sockConnect` waits for it.
   * Throws the system's error.
   */
  connect(address: Address): void {
    this.#check(this.native.connect(nativeAddress(address, this.family)), 'connect', address);
  }

  /** Up to `size` bytes; none at the end of a stream. Throws the system's error: `EAGAIN` when there is nothing. */
  recv(size: number): Buffer {
    const buffer = Buffer.allocUnsafeSlow(checkSize(size));
    return buffer.subarray(0, this.recvInto(buffer));
  }

  /** Receives into `buffer`; gives the number of bytes, 0 at the end of a stream. Throws as `recv`. */
  recvInto(buffer: Uint8Array): number {
    const count = this.native.recv(buffer);
    this.#check(count, 'recv');
    return count;
  }

  /** A datagram of up to `size` bytes, and its sender. Throws as `recv`. */
  recvfrom<A extends Address = InternetAddress>(size: number): [data: Buffer, address: A] {
    const buffer = Buffer.allocUnsafeSlow(checkSize(size));
    const received = this.native.recvFrom(buffer);
    if (typeof received === 'number') throw systemError(-received, { syscall: 'recvfrom' });
    const { count, address } = received;
    return [buffer.subarray(0, count), (address === undefined ? '' : addressOf(address)) as A];
  }

  /** Sends; gives how many bytes the system took. Throws the system's error: `EAGAIN` when it takes none. */
  send(data: Uint8Array): number {
    const count = this.native.send(data, 0);
    this.#check(count, 'send');
    return count;
  }

  /** Sends a datagram. Throws as `send`. */
  sendto(data: Uint8Array, address: Address): number {
    const count = this.native.sendTo(data, nativeAddress(address, this.family));
    this.#check(count, 'sendto', address);
    return count;
  }

  /** Whether methods wait for what they can't do at once, and block the thread meanwhile. */
  setBlocking(blocking: boolean): void {
    if (typeof blocking !== 'boolean') throw typeError(`blocking must be a boolean, got ${given(blocking)}`);
    this.#check(this.native.setBlocking(blocking), 'fcntl');
    this.#blocking = blocking;
  }

  /** What `setBlocking` has set. */
  getBlocking(): boolean {
    return this.#blocking;
  }

  /** Gives the descriptor away: the socket counts as closed, the descriptor is the caller's. -1 when it was closed. */
  detach(): number {
    this.#beforeClose();
    return this.native.detach();
  }

  /**
   * Closes the socket. Again: nothing.
   * @throws RuntimeError while a transport or a server has it: close that.
   */
  close(): void {
    this.#beforeClose();
    this.native.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** @internal It belongs to a transport or a server now, which closes it. */
  giveTo(owner: string): void {
    this.#owner = owner;
  }

  /** @internal Whose it is, or null. */
  get owner(): string | null {
    return this.fileno() < 0 ? null : this.#owner;
  }

  #beforeClose(): void {
    const { owner } = this;
    if (owner !== null) {
      throw new RuntimeError(`this socket belongs to a ${owner}: close that instead`, 'ERR_SOCKET_OWNED');
    }
    for (const release of [...this.closing]) release();
  }

  #check(status: number, syscall: string, address?: Address): void {
    if (status < 0) throw systemError(-status, { syscall, ...detailsOf(address) });
  }
}

/**
 * Two sockets that are connected with each other. Python: `socket.socketpair`. Throws the system's error.
 *
 * @example
 * const [ours, theirs] = socket.socketpair();
 * loop.addReader(ours, () => console.log(ours.recv(100).toString()));
 * theirs.send(Buffer.from('hello'));
 */
export function socketpair(family = AF_UNIX, type = SOCK_STREAM, proto = 0): [Socket, Socket] {
  const pair = openSocketPair(family, type, proto);
  if (typeof pair === 'number') throw systemError(-pair, { syscall: 'socketpair' });
  const [one, other] = pair;
  return [socketOf(one!), socketOf(other!)];
}

/** A `Socket` for one that the core has opened. @internal */
export function socketOf(native: NativeSocket): Socket {
  return new (Socket as unknown as new (opening: Opening) => Socket)(new Opening(native));
}

function openNative(first: unknown, type: number, proto: number): NativeSocket {
  if (typeof first === 'object' && first !== null) {
    const { fileno } = first as FromDescriptor;
    if (!Number.isInteger(fileno)) throw typeError(`fileno must be a descriptor, got ${given(fileno)}`);
    const native = adoptSocket(fileno);
    if (typeof native === 'number') throw systemError(-native, { syscall: 'getsockopt' });
    return native;
  }
  for (const [name, value] of Object.entries({ family: first, type, proto })) {
    if (!Number.isInteger(value)) throw typeError(`${name} must be a whole number, got ${given(value)}`);
  }
  const native = openSocket(first as number, type, proto);
  if (typeof native === 'number') throw systemError(-native, { syscall: 'socket' });
  return native;
}

function checkSize(size: unknown): number {
  if (typeof size !== 'number') throw typeError(`size must be a number of bytes, got ${given(size)}`);
  if (!Number.isInteger(size) || size < 0)
    throw rangeError(`size must be a whole number from 0, got ${size}`);
  return size;
}
