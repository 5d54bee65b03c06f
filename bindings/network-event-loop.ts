// The loop's methods for the network. What they do is elsewhere, in files of their names; here are their arguments and
// what they promise.
import { AbstractEventLoop } from './abstract-loop.js';
import { type ConnectionOptions, createConnection } from './create-connection.js';
import { createServer, type ServerOptions } from './create-server.js';
import type { EventLoop } from './event-loop.js';
import type { ProtocolFactory } from './listener.js';
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
