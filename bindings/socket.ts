// The socket of a transport or server, to look at: the transport owns it. asyncio: `trsock.TransportSocket`.
import type { Address } from './transport.js';

/** Socket family: IPv4. */
export const AF_INET = 2;
/** Socket family: IPv6. The number is the system's. */
export const AF_INET6 = process.platform === 'linux' ? 10 : 30;
/** Socket type: a stream of bytes. */
export const SOCK_STREAM = 1;

/**
 * A view of a transport's socket: it tells, but can't be closed or made blocking.
 *
 * @example
 * const [host, port] = server.sockets[0]!.getsockname();
 */
export class TransportSocket {
  readonly #descriptor: () => number;
  readonly #local: Address;
  readonly #peer: Address | undefined;

  /** @internal */
  constructor(descriptor: () => number, local: Address, peer?: Address) {
    this.#descriptor = descriptor;
    this.#local = local;
    this.#peer = peer;
  }

  /** AF_INET or AF_INET6. */
  get family(): number {
    return this.#local.length === 4 ? AF_INET6 : AF_INET;
  }

  /** SOCK_STREAM. */
  get type(): number {
    return SOCK_STREAM;
  }

  /** The descriptor; -1 when it is closed. */
  fileno(): number {
    return this.#descriptor();
  }

  /** The address of this end. */
  getsockname(): Address {
    return this.#local;
  }

  /** The address of the other end; undefined for a listening socket. */
  getpeername(): Address | undefined {
    return this.#peer;
  }

  /** @internal */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return `<TransportSocket fd=${this.fileno()} ${this.#local[0]}:${this.#local[1]}>`;
  }
}
