// What a socket tells and lets be set, whoever owns it. The base of the user's Socket and of a transport's view.
import { type Address, addressOf, type InternetAddress } from './address.js';
import { given, rangeError, typeError } from './errors.js';
import type { NativeAddress, NativeSocket } from './native/addon.js';
import { systemError } from './system-error.js';

/** Bytes of an option that is an integer. */
const INTEGER_BYTES = 4;
/** The longest value of an option that can be asked for, as in Python. */
const MAX_OPTION_BYTES = 1024;
const MIN_INT32 = -0x80000000;
const MAX_UINT32 = 0xffffffff;

/** Family, type and protocol. @internal */
export type SocketKind = readonly [family: number, type: number, proto: number];

/** What can be asked of every socket: the user's own, and that of a transport. */
export abstract class SocketView {
  /** The family, `socket.AF_…`. */
  readonly family: number;
  /** The type, `socket.SOCK_…`. */
  readonly type: number;
  /** The protocol, `socket.IPPROTO_…`. */
  readonly proto: number;
  /** @internal */
  readonly native: NativeSocket;

  /** @internal */
  constructor(native: NativeSocket, kind: SocketKind = kindOf(native)) {
    this.native = native;
    [this.family, this.type, this.proto] = kind;
  }

  /** The descriptor; -1 when the socket is closed. */
  fileno(): number {
    return this.native.fileno();
  }

  /** The address of this end. Throws the system's error (`EBADF` when it is closed). */
  getsockname<A extends Address = InternetAddress>(): A {
    const address = this.native.getsockname();
    if (typeof address === 'number') throw systemError(-address, { syscall: 'getsockname' });
    return addressOf(address) as A;
  }

  /** The address of the other end. Throws the system's error (`ENOTCONN` when there is none). */
  getpeername<A extends Address = InternetAddress>(): A {
    const address = this.native.getpeername();
    if (typeof address === 'number') throw systemError(-address, { syscall: 'getpeername' });
    return addressOf(address) as A;
  }

  /**
   * The value of an option: an integer, or `size` bytes at most where a size is given.
   * @throws the system's error (`ENOPROTOOPT` for one that there is not); RangeError for a size beyond 1,024.
   */
  getsockopt(level: number, option: number): number;
  getsockopt(level: number, option: number, size: number): Buffer;
  getsockopt(level: number, option: number, size?: number): number | Buffer {
    checkInteger('level', level);
    checkInteger('option', option);
    if (size !== undefined && !(Number.isInteger(size) && size > 0 && size <= MAX_OPTION_BYTES)) {
      throw rangeError(`size must be a whole number from 1 to ${MAX_OPTION_BYTES}, got ${given(size)}`);
    }
    const value = this.native.getsockopt(level, option, size ?? INTEGER_BYTES);
    if (typeof value === 'number') throw systemError(-value, { syscall: 'getsockopt' });
    if (size !== undefined) return value;
    // Some options are a single byte.
    return value.length < INTEGER_BYTES ? (value[0] ?? 0) : new Int32Array(Uint8Array.from(value).buffer)[0]!;
  }

  /**
   * Sets an option to an integer, a boolean or bytes.
   * @throws the system's error (`ENOPROTOOPT`, `EINVAL`, …); TypeError for another kind of value.
   */
  setsockopt(level: number, option: number, value: number | boolean | Uint8Array): void {
    checkInteger('level', level);
    checkInteger('option', option);
    const errno = this.native.setsockopt(level, option, optionBytes(value));
    if (errno < 0) throw systemError(-errno, { syscall: 'setsockopt' });
  }

  /** Ends receiving (`SHUT_RD`), sending (`SHUT_WR`) or both (`SHUT_RDWR`). Throws the system's error. */
  shutdown(how: number): void {
    if (how !== 0 && how !== 1 && how !== 2) {
      throw rangeError(`how must be SHUT_RD, SHUT_WR or SHUT_RDWR, got ${given(how)}`);
    }
    const errno = this.native.shutdown(how);
    if (errno < 0) throw systemError(-errno, { syscall: 'shutdown' });
  }

  toString(): string {
    return socketText(this.constructor.name, this.native, [this.family, this.type, this.proto]);
  }

  /** @internal */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}

/** A socket as text, as Python prints it. @internal */
export function socketText(name: string, native: NativeSocket, [family, type, proto]: SocketKind): string {
  const closed = native.fileno() < 0 ? ' [closed]' : '';
  const parts = `fd=${native.fileno()} family=${family} type=${type} proto=${proto}`;
  return `<${name}${closed} ${parts}${endText('laddr', native.getsockname())}${endText('raddr', native.getpeername())}>`;
}

function endText(name: string, address: NativeAddress | number): string {
  return typeof address === 'number' ? '' : ` ${name}=${JSON.stringify(addressOf(address))}`;
}

function kindOf(native: NativeSocket): SocketKind {
  const kind = native.kind();
  if (typeof kind === 'number') throw systemError(-kind, { syscall: 'getsockopt' });
  return kind as [family: number, type: number, proto: number];
}

function checkInteger(name: string, value: unknown): void {
  if (!Number.isInteger(value)) throw typeError(`${name} must be a whole number, got ${given(value)}`);
}

function optionBytes(value: unknown): Uint8Array {
  if (value instanceof Uint8Array) return value;
  const number = typeof value === 'boolean' ? Number(value) : value;
  if (typeof number !== 'number') {
    throw typeError(`the value of an option must be a number, a boolean or bytes, got ${given(value)}`);
  }
  if (!Number.isInteger(number) || number < MIN_INT32 || number > MAX_UINT32) {
    throw rangeError(`the value of an option must be an integer of 32 bits, got ${number}`);
  }
  return new Uint8Array(Int32Array.of(number | 0).buffer);
}
