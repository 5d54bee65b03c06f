// What a protocol calls: the loop's side of a connection. asyncio: `Transport` and its bases.
import type { Address, InternetAddress } from './address.js';
import type { WriteBufferLimitsOptions } from './flow-control.js';
import type { PipeEnd } from './given-pipe.js';
import type { BufferedProtocol, DatagramProtocol, Protocol, SubprocessProtocol } from './protocol.js';
import type { Signal } from './signal-number.js';
import type { TransportSocket } from './transport-socket.js';

/** What `getExtraInfo` knows, by name. */
export interface ExtraInfo {
  socket: TransportSocket;
  sockname: InternetAddress;
  peername: InternetAddress;
  pipe: PipeEnd;
  subprocess: ChildProcessInfo;
}

/** What is known of a child process. asyncio: the `Popen` that `get_extra_info('subprocess')` gives. */
export interface ChildProcessInfo {
  readonly pid: number;
  /** The program and its arguments; of a shell command, the shell's. */
  readonly args: readonly (string | Uint8Array)[];
  /** As `SubprocessTransport.getReturncode()`, at the time it is read. */
  readonly returncode: number | null;
}

/** How `loop.sendfile` sends on a transport. asyncio: `_SendfileMode`. @internal */
export type SendfileMode = 'native' | 'fallback' | 'unsupported';

/** What all transports have; `P` is their kind of protocol. asyncio: `BaseTransport`. */
export abstract class BaseTransport<P = Protocol | BufferedProtocol> {
  /** @internal By the system's sendfile where that can; by `write` only; or not at all. */
  get sendfileMode(): SendfileMode {
    return 'unsupported';
  }

  /**
   * What is known of the connection: `sockname`, `peername`, `socket`, of a pipe `pipe`, of a child process `subprocess`;
   * `fallback` for what is not.
   */
  abstract getExtraInfo<K extends keyof ExtraInfo>(name: K): ExtraInfo[K] | undefined;
  abstract getExtraInfo<A extends Address>(name: 'sockname' | 'peername'): A | undefined;
  abstract getExtraInfo<D = undefined>(name: string, fallback?: D): unknown;

  /** Whether the transport is closing or closed. */
  abstract isClosing(): boolean;

  /** Closes: no more is received, what was written is sent, then the protocol's `connectionLost(null)` is called. */
  abstract close(): void;

  /** Replaces the protocol; what is received from now on goes to the new one. */
  abstract setProtocol(protocol: P): void;

  /** The protocol; null when the connection is lost. */
  abstract getProtocol(): P | null;

  /** `close()`, for `using`. */
  [Symbol.dispose](): void {
    this.close();
  }
}

/** The receiving half. asyncio: `ReadTransport`. */
export abstract class ReadTransport extends BaseTransport {
  /** Whether data is received now. */
  abstract isReading(): boolean;
  /** Stops receiving; the protocol gets nothing before `resumeReading`. */
  abstract pauseReading(): void;
  /** Receives again. */
  abstract resumeReading(): void;
}

/** The sending half. asyncio: `WriteTransport`. */
export abstract class WriteTransport extends BaseTransport {
  /**
   * Sends `data`; does not wait. The bytes are the caller's again when this returns.
   * @throws TypeError unless `data` is a Uint8Array; RuntimeError after `writeEof`.
   */
  abstract write(data: Uint8Array): void;
  /** Sends several pieces, as one. */
  abstract writelines(pieces: Iterable<Uint8Array>): void;
  /** Ends the sending side when everything written is sent; receiving goes on. */
  abstract writeEof(): void;
  /** Whether `writeEof` works here. */
  abstract canWriteEof(): boolean;
  /** Closes at once: what waits to be sent is dropped, then the protocol's `connectionLost(null)` is called. */
  abstract abort(): void;
  /** Bytes that wait to be sent. */
  abstract getWriteBufferSize(): number;
  /** The marks in bytes at which the protocol's `resumeWriting` and `pauseWriting` are called. */
  abstract getWriteBufferLimits(): [low: number, high: number];
  /**
   * Sets those marks. Without `low` it is a quarter of `high`; without `high` it is four times `low`; 64 KiB
   * and 16 KiB without both.
   * @throws RangeError unless high ≥ low ≥ 0; TypeError for what are no whole numbers by these names.
   */
  abstract setWriteBufferLimits(limits?: WriteBufferLimitsOptions): void;
}

/** A connection in both directions: a ReadTransport and a WriteTransport. asyncio: `Transport`. */
export abstract class Transport extends WriteTransport implements ReadTransport {
  abstract isReading(): boolean;
  abstract pauseReading(): void;
  abstract resumeReading(): void;
}

/** A datagram endpoint. asyncio: `DatagramTransport`. Made by `loop.createDatagramEndpoint()`. */
export abstract class DatagramTransport extends BaseTransport<DatagramProtocol> {
  /**
   * Sends `data` as one datagram (an empty one, too) to `address`, whose host is a literal; does not wait. Without an
   * address it goes to the endpoint's remote one. The bytes are the caller's again when this returns. What the system has
   * against it comes as the protocol's `errorReceived`.
   * @throws TypeError unless `data` is a Uint8Array, and without any address; RangeError for another address than the
   * endpoint's remote one, or none of its family.
   */
  abstract sendto(data: Uint8Array, address?: Address | null): void;
  /** Closes at once: what waits to be sent is dropped, then the protocol's `connectionLost(null)` is called. */
  abstract abort(): void;
  /** Bytes that wait to be sent; each datagram counts 8 more. */
  abstract getWriteBufferSize(): number;
  /** The marks in bytes at which the protocol's `resumeWriting` and `pauseWriting` are called. */
  abstract getWriteBufferLimits(): [low: number, high: number];
  /** Sets those marks, as of a WriteTransport. @throws RangeError unless high ≥ low ≥ 0. */
  abstract setWriteBufferLimits(limits?: WriteBufferLimitsOptions): void;
}

/** A child process. asyncio: `SubprocessTransport`. Made by `loop.subprocessExec()` and `loop.subprocessShell()`. */
export abstract class SubprocessTransport extends BaseTransport<SubprocessProtocol> {
  /** The child's number. */
  abstract getPid(): number;
  /**
   * The transport of the pipe at the child's descriptor `fd`: 0 is written, 1 and 2 are read. Null where there is no pipe, and
   * before `connectionMade`.
   */
  abstract getPipeTransport(fd: 0): WriteTransport | null;
  abstract getPipeTransport(fd: 1 | 2): ReadTransport | null;
  abstract getPipeTransport(fd: number): ReadTransport | WriteTransport | null;
  /** The child's exit code, −N if signal N has ended it; null while it runs. 255 where somebody else has taken it. */
  abstract getReturncode(): number | null;
  /**
   * Sends `signal`, by name or number. One that has just ended, unbeknown to the protocol, is no error.
   * @throws the system's error: `ESRCH` when it has ended and `connectionLost` was called, `EPERM` when it is another user's
   * now; TypeError and RangeError for what is no signal.
   */
  abstract sendSignal(signal: Signal): void;
  /** Asks the child to end: SIGTERM. Errors as `sendSignal`. */
  abstract terminate(): void;
  /** Ends the child: SIGKILL. Errors as `sendSignal`. */
  abstract kill(): void;
  /** Closes the pipes, and kills a child that still runs; the protocol's events still come. */
  abstract override close(): void;
}
