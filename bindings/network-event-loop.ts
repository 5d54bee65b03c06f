// The loop's methods for the network. What they do is elsewhere, in files of their names; here are their arguments and
// what they promise.
import { AbstractEventLoop } from './abstract-loop.js';
import type { InternetAddress } from './address.js';
import { type ConnectionOptions, createConnection } from './create-connection.js';
import { createServer, type ServerOptions } from './create-server.js';
import type { EventLoop } from './event-loop.js';
import { type AddrInfo, getaddrinfo } from './getaddrinfo.js';
import { getnameinfo } from './getnameinfo.js';
import type { ProtocolFactory } from './listener.js';
import type { AddrInfoOptions, Host, Port } from './lookup-query.js';
import { Operation } from './operation.js';
import type { BufferedProtocol, Protocol } from './protocol.js';
import type { Server } from './server.js';
import type { Coroutine } from './stepping.js';
import type { Transport } from './transport.js';

/** The part of a loop that has to do with the network. Every EventLoop is one. */
export abstract class NetworkEventLoop extends AbstractEventLoop {
  // ---- connections ---------------------------------------------------------------------------------

  /**
   * Opens a TCP connection to `host` (a literal address or a name) and `port`; gives the transport and the
   * protocol that `protocolFactory` made.
   * @throws the system's error of the attempt; TypeError and RangeError for wrong arguments.
   */
  createConnection<P extends Protocol | BufferedProtocol>(
    protocolFactory: ProtocolFactory<P>,
    host?: string | null,
    port?: number | null,
    options: ConnectionOptions = {},
  ): Operation<[transport: Transport, protocol: P]> {
    return this.#operation((loop) => createConnection(loop, protocolFactory, host, port, options));
  }

  // ---- servers -------------------------------------------------------------------------------------

  /**
   * Serves TCP on `host` (all interfaces without one) and `port` (0: the system chooses). Each connection
   * gets a protocol that `protocolFactory` made.
   * @throws the system's error (`EADDRINUSE`, …); TypeError and RangeError for wrong arguments.
   */
  createServer(
    protocolFactory: ProtocolFactory,
    host?: string | null,
    port?: number | null,
    options: ServerOptions = {},
  ): Operation<Server> {
    return this.#operation((loop) => createServer(loop, protocolFactory, host, port, options));
  }

  // ---- datagrams -----------------------------------------------------------------------------------

  // ---- files ---------------------------------------------------------------------------------------

  // ---- descriptors ---------------------------------------------------------------------------------

  // ---- sockets -------------------------------------------------------------------------------------

  // ---- names ---------------------------------------------------------------------------------------

  /**
   * The addresses of `host` and `port`, each with the socket to make for it, in the order in which to try them. Names
   * are looked up on threads of the loop's own; a literal address with a number as port is answered at once. asyncio:
   * `loop.getaddrinfo`.
   *
   * @param host an address or a name; null is this machine (with `AI_PASSIVE`: every interface).
   * @param port a number, a service's name (`'http'`) or null.
   * @throws the resolver's error in Node's shape: `ENOTFOUND`, `EAI_AGAIN`, …, with `hostname`; TypeError and RangeError
   * for wrong arguments.
   * @example
   * const [first] = yield* loop.getaddrinfo('localhost', 80, { type: socket.SOCK_STREAM });
   * console.log(first.address); // [ '127.0.0.1', 80 ]
   */
  getaddrinfo(
    host: Host | undefined,
    port: Port | undefined,
    options: AddrInfoOptions = {},
  ): Operation<AddrInfo[]> {
    return this.#operation((loop) => getaddrinfo(loop, host, port, options));
  }

  /**
   * The names of an address and a port. asyncio: `loop.getnameinfo`.
   *
   * @param sockaddr `[host, port]`, for IPv6 also `[host, port, flowinfo, scopeId]`; the host is a literal address.
   * @param flags `NI_NUMERICHOST`, …, added up.
   * @throws the resolver's error in Node's shape: `ENOTFOUND` where `NI_NAMEREQD` asks for a name and there is none;
   * TypeError and RangeError for wrong arguments.
   * @example
   * const [host, service] = yield* loop.getnameinfo(['127.0.0.1', 80]);
   * console.log(host, service); // localhost http
   */
  getnameinfo(sockaddr: Readonly<InternetAddress>, flags = 0): Operation<[host: string, service: string]> {
    return this.#operation((loop) => getnameinfo(loop, sockaddr, flags));
  }

  // ---- for the methods above -----------------------------------------------------------------------

  #operation<T>(coroutine: (loop: EventLoop) => Coroutine<T>): Operation<T> {
    const loop = this.#loop();
    loop.checkOpen();
    return new Operation(loop, coroutine(loop));
  }

  /** This is a part of the one class that there is. */
  #loop(): EventLoop {
    return this as unknown as EventLoop;
  }
}
