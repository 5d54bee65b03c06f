// A listening socket: each connection that the core accepted becomes a transport with a protocol, a turn
// later, as asyncio does it by a task. asyncio: `_accept_connection`.

import { type Address, addressesOf, detailsOf } from './address.js';
import { type Context, captureContext } from './context.js';
import { ExitError } from './errors.js';
import type { EventLoop } from './event-loop.js';
import type { Opened } from './native/core.js';
import { COMPLETE_ACCEPT_FAILED, COMPLETE_ACCEPTED } from './native/layout.js';
import type { BufferedProtocol, Protocol } from './protocol.js';
import { makeProtocol } from './protocol-factory.js';
import type { Source } from './scheduler.js';
import type { Server } from './server.js';
import { StreamTransport } from './stream-transport.js';
import { systemError } from './system-error.js';
import { TransportSocket } from './transport-socket.js';

/** Seconds that a listener rests when the system has no resources for a connection. asyncio: `ACCEPT_RETRY_DELAY`. */
const ACCEPT_RETRY_SECONDS = 1;

/** Makes the protocol of a new connection. */
export type ProtocolFactory<P = Protocol | BufferedProtocol> = () => P;

/** A bound socket of a server. @internal */
export class Listener implements Source {
  readonly socket: TransportSocket;
  readonly slot: number;
  readonly generation: number;
  server: Server | null = null;
  readonly #loop: EventLoop;
  readonly #factory: ProtocolFactory;
  /** Where the server was made; each connection has a copy of it. */
  readonly #context: Context;
  /** By the user. */
  #paused = false;
  /** The system had no resources, and gets time to find some. */
  #exhausted = false;

  constructor(loop: EventLoop, opened: Opened, factory: ProtocolFactory) {
    this.#loop = loop;
    this.slot = opened.slot;
    this.generation = opened.generation;
    this.#factory = factory;
    this.#context = captureContext(loop.followsStores);
    const { native } = loop.scheduler.core;
    this.socket = new TransportSocket(native.socketOf(this.slot, this.generation)!);
    loop.scheduler.attach(this.slot, this);
  }

  /** Begins to accept. Throws the system's error. */
  serve(): void {
    const errno = this.#loop.scheduler.core.native.serve(this.slot, this.generation);
    if (errno === 0) return;
    throw systemError(errno, { syscall: 'listen', ...detailsOf(this.socket.getsockname<Address>()) });
  }

  /** Accepts nobody until `resume`. */
  pause(): void {
    this.#paused = true;
    this.#loop.scheduler.core.native.rest(this.slot, this.generation);
  }

  /** Ends `pause`. */
  resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    this.#acceptAgain();
  }

  /** Another connection may be accepted. */
  giveRoom(): void {
    const { core } = this.#loop.scheduler;
    core.native.giveRoom(this.slot, this.generation);
    core.wake?.();
  }

  /** Closes the socket at once. */
  close(): void {
    const { scheduler } = this.#loop;
    scheduler.detach(this.slot, this);
    scheduler.core.native.closeSource(this.slot, this.generation);
  }

  complete(kind: number, offset: number, length: number, detail: number): void {
    if (kind === COMPLETE_ACCEPTED) this.#accepted(offset, length);
    else if (kind === COMPLETE_ACCEPT_FAILED) this.#rest(detail);
  }

  #accepted(slot: number, generation: number): void {
    const context = this.#context.copy();
    context.stores = this.#context.stores;
    this.#loop.callSoon({ context }, this.#open, slot, generation);
  }

  readonly #open = (slot: number, generation: number): void => {
    const loop = this.#loop;
    const { native } = loop.scheduler.core;
    let protocol: Protocol | BufferedProtocol | undefined;
    try {
      const { local, peer } = addressesOf(native, slot, generation);
      protocol = makeProtocol(this.#factory);
      const server = this.server;
      if (server === null || server.closed)
        throw new Error('the server was closed before the connection was set up');
      new StreamTransport(loop, {
        slot,
        generation,
        sockname: local,
        peername: peer,
        protocol,
        owner: server,
      });
    } catch (exception) {
      native.closeSource(slot, generation);
      this.server?.connectionLeft();
      if (exception instanceof ExitError) throw exception;
      // As asyncio: one client that fails is not the service's failure.
      if (!loop.getDebug()) return;
      const context = { message: 'Error on transport creation for incoming connection', exception };
      loop.callExceptionHandler(protocol === undefined ? context : { ...context, protocol });
    }
  };

  #rest(errno: number): void {
    this.#exhausted = true;
    const exception = systemError(errno, { syscall: 'accept' });
    const message = 'socket.accept() out of system resource';
    this.#loop.callExceptionHandler({ message, exception, socket: this.socket });
    this.#loop.callLater(ACCEPT_RETRY_SECONDS, () => {
      this.#exhausted = false;
      this.#acceptAgain();
    });
  }

  #acceptAgain(): void {
    if (this.#paused || this.#exhausted) return;
    const { core } = this.#loop.scheduler;
    core.native.acceptAgain(this.slot, this.generation);
    core.wake?.();
  }
}
