// What a connection calls: the user's side of it. asyncio: `Protocol` and its kin.
import type { Address } from './address.js';
import type { BaseTransport, DatagramTransport, SubprocessTransport, Transport } from './transport.js';

/** What all protocols have. asyncio: `BaseProtocol`. A subclass overrides what it needs. */
export class BaseProtocol<T extends BaseTransport<unknown> = BaseTransport<unknown>> {
  /** The connection stands. Called once, before anything else. */
  connectionMade(_transport: T): unknown {
    return undefined;
  }

  /** The connection is gone; `error` is null after an end that was asked for. Called once, last. */
  connectionLost(_error: Error | null): unknown {
    return undefined;
  }

  /** More waits to be sent than the high-water mark. */
  pauseWriting(): unknown {
    return undefined;
  }

  /** No more waits to be sent than the low-water mark. */
  resumeWriting(): unknown {
    return undefined;
  }
}

/**
 * A protocol that is given what was received. asyncio: `Protocol`.
 *
 * @example
 * class Echo extends Protocol {
 *   transport!: Transport;
 *   override connectionMade(transport: Transport) { this.transport = transport; }
 *   override dataReceived(data: Buffer) { this.transport.write(data); }
 * }
 */
export class Protocol extends BaseProtocol<Transport> {
  /** Bytes were received; they belong to the protocol. */
  dataReceived(_data: Buffer): unknown {
    return undefined;
  }

  /** The peer will send no more. True keeps the connection open for writing; otherwise it closes. */
  // biome-ignore lint/suspicious/noConfusingVoidType: a method without a return is the usual one
  eofReceived(): boolean | undefined | void {
    return undefined;
  }
}

/**
 * A protocol that is received into: no bytes are copied. asyncio: `BufferedProtocol`.
 *
 * @example
 * class Sink extends BufferedProtocol {
 *   #buffer = Buffer.allocUnsafe(65536);
 *   override getBuffer() { return this.#buffer; }
 *   override bufferUpdated(count: number) { digest.update(this.#buffer.subarray(0, count)); }
 * }
 */
export class BufferedProtocol extends BaseProtocol<Transport> {
  /** Where to receive to; not empty. `sizeHint` is the size that would suit, -1 for any. */
  getBuffer(_sizeHint: number): Uint8Array {
    return Buffer.allocUnsafeSlow(64 * 1024);
  }

  /** `count` bytes were received into the buffer that `getBuffer` gave. */
  bufferUpdated(_count: number): unknown {
    return undefined;
  }

  /** The peer will send no more. True keeps the connection open for writing; otherwise it closes. */
  // biome-ignore lint/suspicious/noConfusingVoidType: a method without a return is the usual one
  eofReceived(): boolean | undefined | void {
    return undefined;
  }
}

/**
 * A protocol of a datagram endpoint. asyncio: `DatagramProtocol`.
 *
 * @example
 * class Echo extends DatagramProtocol {
 *   transport!: DatagramTransport;
 *   override connectionMade(transport: DatagramTransport) { this.transport = transport; }
 *   override datagramReceived(data: Buffer, address: Address) { this.transport.sendto(data, address); }
 * }
 */
export class DatagramProtocol extends BaseProtocol<DatagramTransport> {
  /** A datagram was received from `address`; its bytes belong to the protocol. */
  datagramReceived(_data: Buffer, _address: Address): unknown {
    return undefined;
  }

  /**
   * A datagram could not be sent, or receiving failed. The endpoint goes on. `error` is the system's: `ECONNREFUSED`
   * where the peer of a connected socket is not there, with `address` and `port` where the datagram had an address.
   */
  errorReceived(_error: Error): unknown {
    return undefined;
  }
}

/**
 * A protocol of a child process. asyncio: `SubprocessProtocol`.
 *
 * `processExited` comes at any place among the events of the pipes; `connectionLost` when the child has ended *and* all its
 * pipes have. An error in a method is reported, and nothing is closed.
 *
 * @example
 * class Output extends SubprocessProtocol {
 *   override pipeDataReceived(fd: number, data: Buffer) { console.log(fd, String(data)); }
 *   override processExited() { console.log('it has ended'); }
 * }
 */
export class SubprocessProtocol extends BaseProtocol<SubprocessTransport> {
  /** The child wrote to the pipe at its descriptor `fd` (1 or 2); the bytes belong to the protocol. */
  pipeDataReceived(_fd: number, _data: Buffer): unknown {
    return undefined;
  }

  /** The pipe at `fd` is gone: the child has closed it, or has ended; `error` is null unless it broke. */
  pipeConnectionLost(_fd: number, _error: Error | null): unknown {
    return undefined;
  }

  /** The child has ended; `transport.getReturncode()` tells how. */
  processExited(): unknown {
    return undefined;
  }
}

/** Whether a protocol is received into. @internal */
export function isBuffered(protocol: Protocol | BufferedProtocol): protocol is BufferedProtocol {
  return typeof (protocol as BufferedProtocol).getBuffer === 'function';
}
