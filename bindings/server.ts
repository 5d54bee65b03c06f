// A service that accepts connections. asyncio: `Server`.
import type { Address } from './address.js';
import { placeOf } from './bind-error.js';
import { CancelledError, RuntimeError } from './errors.js';
import type { EventLoop } from './event-loop.js';
import type { Future } from './future.js';
import type { Listener } from './listener.js';
import { Operation } from './operation.js';
import { turnOf } from './sleep.js';
import type { SocketFile } from './socket-file.js';
import type { Coroutine } from './stepping.js';
import type { StreamTransport } from './stream-transport.js';
import type { TransportSocket } from './transport-socket.js';

/** What all servers have. asyncio: `AbstractServer`. */
export abstract class AbstractServer {
  /** Stops accepting; connections that stand stay. */
  abstract close(): void;
  /** Waits until the server is closed and its last connection is gone. */
  abstract waitClosed(): Future<void>;
  /** The loop that the server belongs to. */
  abstract getLoop(): EventLoop;
  /** Whether the server accepts. */
  abstract isServing(): boolean;
  /** Starts accepting. */
  abstract startServing(): Future<void>;
  /** Accepts until the task that waits is cancelled; the server is closed then. */
  abstract serveForever(): Future<never>;
}

/**
 * A service that accepts connections. asyncio: `Server`. Made by `loop.createServer()`.
 *
 * @example
 * const server = yield* loop.createServer(() => new Echo(), '127.0.0.1', 8888);
 * yield* server.serveForever();
 */
export class Server extends AbstractServer {
  readonly #loop: EventLoop;
  /** Null once closed. */
  #listeners: Listener[] | null;
  readonly #clients = new Set<StreamTransport>();
  /** Null once closed and without clients. */
  #waiters: Future<void>[] | null = [];
  #serving = false;
  /** Whether the core counts the connections. */
  readonly #limited: boolean;
  /** The file of a Unix server's socket; null without one, and when it stays. */
  readonly #file: SocketFile | null;
  #servingForever: Future<never> | null = null;

  /** @internal Use `loop.createServer()`. */
  constructor(
    loop: EventLoop,
    listeners: Listener[],
    maxConnections: number | null = null,
    file: SocketFile | null = null,
  ) {
    super();
    this.#loop = loop;
    this.#listeners = listeners;
    this.#file = file;
    this.#limited = maxConnections !== null;
    for (const listener of listeners) listener.server = this;
    if (maxConnections !== null) {
      loop.scheduler.core.native.shareRoom(listeners, maxConnections);
    }
    if (file !== null) loop.atClose.add(file);
  }

  /** The listening sockets; empty once closed. */
  get sockets(): readonly TransportSocket[] {
    return (this.#listeners ?? []).map((listener) => listener.socket);
  }

  getLoop(): EventLoop {
    return this.#loop;
  }

  isServing(): boolean {
    return this.#serving;
  }

  close(): void {
    const listeners = this.#listeners;
    if (listeners === null) return;
    this.#listeners = null;
    if (this.#file !== null) {
      this.#loop.atClose.delete(this.#file);
      this.#file.remove(this.#loop);
    }
    for (const listener of listeners) listener.close();
    this.#serving = false;
    const forever = this.#servingForever;
    if (forever !== null && !forever.done()) {
      forever.cancel();
      this.#servingForever = null;
    }
    if (this.#clients.size === 0) this.#wakeUp();
  }

  /** Closes every connection that the server accepted; what was written is sent first. */
  closeClients(): void {
    for (const client of [...this.#clients]) client.close();
  }

  /** Closes every connection that the server accepted, at once. */
  abortClients(): void {
    for (const client of [...this.#clients]) client.abort();
  }

  /**
   * Accepts nobody until `resumeAccepting()`: who comes waits in the system's queue, as long as `backlog`. Connections
   * that stand, and those accepted in this turn, are served. Again, or once closed: nothing. (asyncio has no such thing.)
   *
   * @example
   * server.pauseAccepting();
   * yield* reloadConfiguration();
   * server.resumeAccepting();
   */
  pauseAccepting(): void {
    for (const listener of this.#listeners ?? []) listener.pause();
  }

  /** Ends `pauseAccepting()`; who waits is accepted in the next turn. Without a pause, or once closed: nothing. */
  resumeAccepting(): void {
    for (const listener of this.#listeners ?? []) listener.resume();
  }

  startServing(): Future<void> {
    return new Operation(this.#loop, this.#startServing());
  }

  serveForever(): Future<never> {
    return new Operation(this.#loop, this.#serveForever());
  }

  waitClosed(): Future<void> {
    return new Operation(this.#loop, this.#waitClosed());
  }

  /** `close()` and `waitClosed()`, for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.close();
    await this.waitClosed();
  }

  override toString(): string {
    return `<Server sockets=[${this.sockets.map((socket) => placeOf(socket.getsockname<Address>())).join(', ')}]>`;
  }

  /** @internal Whether a connection accepted earlier may still become a client. */
  get closed(): boolean {
    return this.#listeners === null;
  }

  /** @internal */
  attach(transport: StreamTransport): void {
    this.#clients.add(transport);
  }

  /** @internal */
  detach(transport: StreamTransport): void {
    this.#clients.delete(transport);
    this.connectionLeft();
    if (this.#clients.size === 0 && this.#listeners === null) this.#wakeUp();
  }

  /** @internal A connection that was accepted is no more: another one may be. */
  connectionLeft(): void {
    if (this.#limited) this.#listeners?.[0]?.giveRoom();
  }

  /** @internal Begins to accept. */
  serve(): void {
    if (this.#serving || this.#listeners === null) return;
    for (const listener of this.#listeners) listener.serve();
    this.#serving = true;
  }

  *#startServing(): Coroutine<void> {
    if (this.#listeners === null)
      throw new RuntimeError(`server ${this.toString()} is closed`, 'ERR_SERVER_CLOSED');
    this.serve();
    yield* turnOf(this.#loop);
  }

  *#serveForever(): Coroutine<never> {
    if (this.#servingForever !== null) {
      const text = `server ${this.toString()} is already being awaited on serve_forever()`;
      throw new RuntimeError(text, 'ERR_SERVER_AWAITED');
    }
    if (this.#listeners === null)
      throw new RuntimeError(`server ${this.toString()} is closed`, 'ERR_SERVER_CLOSED');
    this.serve();
    this.#servingForever = this.#loop.createFuture<never>();
    try {
      return yield* this.#servingForever;
    } catch (error) {
      if (error instanceof CancelledError) {
        this.close();
        yield* this.#waitClosed();
      }
      throw error;
    } finally {
      this.#servingForever = null;
    }
  }

  *#waitClosed(): Coroutine<void> {
    if (this.#waiters === null) return;
    const waiter = this.#loop.createFuture<void>();
    this.#waiters.push(waiter);
    yield* waiter;
  }

  #wakeUp(): void {
    const waiters = this.#waiters ?? [];
    this.#waiters = null;
    for (const waiter of waiters) if (!waiter.done()) waiter.setResult(undefined);
  }
}
