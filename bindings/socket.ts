// A socket of the user's: for `addReader`, the `sock*` methods, and to be given to a transport. Its methods are
// single system calls. Python: `socket.socket`.
import { isIP } from 'node:net';
import { constants } from 'node:os';
import {
  type Address,
  addressOf,
  detailsOf,
  type InternetAddress,
  nativeAddress,
  notLiteral,
} from './address.js';
import { given, RuntimeError, rangeError, typeError } from './errors.js';
import {
  adoptSocket,
  type NativeSocket,
  openSocket,
  openSocketPair,
  type ReceivedFrom,
} from './native/addon.js';
import { checkOptions } from './options.js';
import { makeRoom, receive, takeOut } from './receive-memory.js';
import { AF_INET, AF_UNIX, SOCK_STREAM } from './socket-constants.js';
import { type SocketKind, SocketView } from './socket-view.js';
import { systemError } from './system-error.js';
import { forgetUnclosedSocket, watchUnclosedSocket } from './unclosed-sockets.js';
import type { Watched } from './watched.js';

/** Connections that wait in the kernel without an argument of `listen`. */
const DEFAULT_BACKLOG = 128;
/** The most bytes of one call: counts have 32 bits, and Linux gives no more either. @internal */
export const MAX_COUNT = 0x7fffffff;

/** A socket that is open already, on its way into a `Socket`; what is not known of it is asked. */
class Opening {
  readonly native: NativeSocket;
  readonly kind: SocketKind | undefined;
  readonly blocking: boolean | undefined;
  constructor(native: NativeSocket, kind?: SocketKind, blocking?: boolean) {
    this.native = native;
    this.kind = kind;
    this.blocking = blocking;
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
  /** @internal Who has to know before the descriptor closes, or is somebody else's: those who watch it. */
  readonly closing = new Set<() => void>();
  /** @internal Where its operations wait, in the loop that used it last. */
  watched: Watched | null = null;
  /** @internal Whether its last pieces were large. */
  expectsLarge = false;
  // Private by type only: they are looked at in every operation.
  /** Whose it is, for messages, once it is a transport's or a server's. */
  private ownedBy: string | null = null;
  private blocking: boolean;

  /**
   * Opens a socket, or takes an open descriptor over.
   * @throws the system's error (`EAFNOSUPPORT`, `EBADF`, `ENOTSOCK`, …); TypeError for wrong arguments.
   */
  constructor(family?: number, type?: number, proto?: number);
  constructor(from: FromDescriptor);
  constructor(first: number | FromDescriptor | Opening = AF_INET, type = SOCK_STREAM, proto = 0) {
    const opening = isOpening(first) ? first : new Opening(openNative(first, type, proto));
    const { native } = opening;
    super(native, opening.kind);
    this.blocking = opening.blocking ?? native.isBlocking();
    watchUnclosedSocket(this, { native, kind: [this.family, this.type, this.proto], closing: this.closing });
  }

  /**
   * Binds to an address: `[host, port]` with a literal host ('' is every interface), or a path. Throws the system's error
   * (`EADDRINUSE`, …); RangeError for a host's name.
   */
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
    const accepted = this.acceptNow<A>();
    if (typeof accepted === 'number') throw systemError(-accepted, { syscall: 'accept' });
    return accepted;
  }

  /**
   * Connects to an address; a socket that does not block throws `EINPROGRESS`: `loop.sockConnect` waits for it.
   * Throws the system's error; RangeError for a host's name.
   */
  connect(address: Address): void {
    this.#check(this.native.connect(nativeAddress(address, this.family)), 'connect', address);
  }

  /** Up to `size` bytes; none at the end of a stream. Throws the system's error: `EAGAIN` when there is nothing. */
  recv(size: number): Buffer {
    const data = receive(this, checkSize(size));
    if (typeof data === 'number') throw systemError(-data, { syscall: 'recv' });
    return data;
  }

  /** Receives into `buffer`; gives the number of bytes, 0 at the end of a stream. Throws as `recv`. */
  recvInto(buffer: Uint8Array): number {
    const count = this.native.recv(checkBytes(buffer), 0, Math.min(buffer.length, MAX_COUNT));
    this.#check(count, 'recv');
    return count;
  }

  /** A datagram of up to `size` bytes, and its sender: '' where the system names none. Throws as `recv`. */
  recvfrom<A extends Address = InternetAddress>(size: number): [data: Buffer, address: A] {
    const { memory, offset, length } = makeRoom(this, checkSize(size));
    const received = this.native.recvFrom(memory, offset, length);
    if (typeof received === 'number') throw systemError(-received, { syscall: 'recvfrom' });
    return [takeOut(this, memory, received.count), senderOf<A>(received)];
  }

  /**
   * Receives a datagram into `buffer`, `size` bytes at most (0: as many as it takes); gives how many came, and the
   * sender. Throws as `recv`; RangeError for a size that the buffer has not.
   */
  recvfromInto<A extends Address = InternetAddress>(
    buffer: Uint8Array,
    size = 0,
  ): [count: number, address: A] {
    const received = this.native.recvFrom(checkBytes(buffer), 0, checkRoom(buffer, size));
    if (typeof received === 'number') throw systemError(-received, { syscall: 'recvfrom' });
    return [received.count, senderOf<A>(received)];
  }

  /** Sends; gives how many bytes the system took. Throws the system's error: `EAGAIN` when it takes none. */
  send(data: Uint8Array): number {
    const count = this.native.send(checkBytes(data));
    this.#check(count, 'send');
    return count;
  }

  /** Sends a datagram. Throws as `send`. */
  sendto(data: Uint8Array, address: Address): number {
    const count = this.native.sendTo(checkBytes(data), nativeAddress(address, this.family));
    this.#check(count, 'sendto', address);
    return count;
  }

  /** Whether methods wait for what they can't do at once, and block the thread meanwhile. */
  setBlocking(blocking: boolean): void {
    if (typeof blocking !== 'boolean') throw typeError(`blocking must be a boolean, got ${given(blocking)}`);
    this.#check(this.native.setBlocking(blocking), 'fcntl');
    this.blocking = blocking;
  }

  /** Whether they do: what `setBlocking` has set, or the descriptor came with. */
  getBlocking(): boolean {
    return this.blocking;
  }

  /** Gives the descriptor away: the socket counts as closed, the descriptor is the caller's. -1 when it was closed. */
  detach(): number {
    this.#beforeClose();
    forgetUnclosedSocket(this);
    return this.native.detach();
  }

  /**
   * Closes the socket. Again: nothing.
   * @throws RuntimeError while a transport or a server has it: close that.
   */
  close(): void {
    this.#beforeClose();
    forgetUnclosedSocket(this);
    this.native.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** @internal As `accept`, and a negative errno when that fails. */
  acceptNow<A extends Address>(): [connection: Socket, address: A] | number {
    const accepted = this.native.accept();
    if (typeof accepted === 'number') return accepted;
    const address = accepted.acceptedFrom();
    const kind: SocketKind = [this.family, this.type, this.proto];
    return [socketOf(accepted, kind, false), (address === null ? '' : addressOf(address)) as A];
  }

  /** @internal It belongs to a transport or a server now, which closes it. Nobody else watches it any more. */
  giveTo(owner: string): void {
    this.ownedBy = owner;
    forgetUnclosedSocket(this);
    this.#release();
  }

  /** @internal Whose it is, or null. */
  get owner(): string | null {
    return this.ownedBy === null || this.fileno() < 0 ? null : this.ownedBy;
  }

  #beforeClose(): void {
    const { owner } = this;
    if (owner !== null) {
      throw new RuntimeError(`this socket belongs to a ${owner}: close that instead`, 'ERR_SOCKET_OWNED');
    }
    this.#release();
  }

  #release(): void {
    for (const release of [...this.closing]) release();
  }

  #check(status: number, syscall: string, address?: Address): void {
    if (status >= 0) return;
    // A name is no address to the core either.
    if (status === -constants.errno.EINVAL && Array.isArray(address) && !isLiteral(address[0])) {
      throw notLiteral(syscall, address[0]);
    }
    const error = systemError(-status, { syscall, ...detailsOf(address) });
    if (this.fileno() < 0) error.message += ': the socket is closed';
    throw error;
  }
}

/** Whether a host needs no resolver. Python has two special ones. */
function isLiteral(host: string): boolean {
  return host === '' || host === '<broadcast>' || isIP(host) !== 0;
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

/** A `Socket` for one that the core has opened; what is not given is asked. @internal */
export function socketOf(native: NativeSocket, kind?: SocketKind, blocking?: boolean): Socket {
  const opening = new Opening(native, kind, blocking);
  return new (Socket as unknown as new (opening: Opening) => Socket)(opening);
}

function isOpening(value: unknown): value is Opening {
  return value instanceof Opening;
}

function openNative(first: unknown, type: number, proto: number): NativeSocket {
  if (typeof first === 'object' && first !== null) {
    checkOptions(first, ['fileno'], 'Socket');
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

/** A number of bytes to receive. @throws TypeError and RangeError for what is none. @internal */
export function checkSize(size: unknown): number {
  if (typeof size !== 'number') throw typeError(`size must be a number of bytes, got ${given(size)}`);
  if (!Number.isInteger(size) || size < 0 || size > MAX_COUNT) {
    throw rangeError(`size must be a whole number from 0 to ${MAX_COUNT}, got ${size}`);
  }
  return size;
}

/** Bytes, to send or to receive into. @throws TypeError for anything else. @internal */
export function checkBytes(bytes: unknown): Uint8Array {
  if (bytes instanceof Uint8Array) return bytes;
  throw typeError(`a Uint8Array (a Buffer, for example) is expected, got ${given(bytes)}`);
}

/** How many bytes may be received into `buffer` where `size` are wanted, 0 for all. @throws RangeError. @internal */
export function checkRoom(buffer: Uint8Array, size: unknown): number {
  const wanted = checkSize(size);
  if (wanted > buffer.length) {
    throw rangeError(`size is greater than the length of the buffer: ${wanted} bytes into ${buffer.length}`);
  }
  return wanted === 0 ? Math.min(buffer.length, MAX_COUNT) : wanted;
}

/** The sender of what was received; '' where the system names none. @internal */
export function senderOf<A extends Address>({ address }: ReceivedFrom): A {
  return (address === undefined ? '' : addressOf(address)) as A;
}
