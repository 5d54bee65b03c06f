// The transport of a datagram endpoint, from connectionMade() to connectionLost(), in asyncio's order. asyncio:
// `_SelectorDatagramTransport`.
import { type Address, addressOf, detailsOf } from './address.js';
import { type Context, captureContext } from './context.js';
import { ExitError, given, rangeError, typeError } from './errors.js';
import type { EventLoop } from './event-loop.js';
import type { WriteBufferLimitsOptions } from './flow-control.js';
import type { Future } from './future.js';
import type { TimerHandle } from './handle.js';
import { Destination } from './native/address-blocks.js';
import type { Core } from './native/core.js';
import * as layout from './native/layout.js';
import type { DatagramProtocol } from './protocol.js';
import type { Source } from './scheduler.js';
import type { Socket } from './socket.js';
import { systemError } from './system-error.js';
import { DatagramTransport, type ExtraInfo } from './transport.js';
import { TransportSocket } from './transport-socket.js';
import { type Writer, WriteSide } from './write-side.js';

/** What a datagram that waits counts beyond its bytes, as in the core. */
const OVERHEAD_BYTES = 8;
/**
 * After this many seconds what waits is tried again where the system does not tell that it can be sent: to the full queue
 * of a Unix socket that the endpoint is not connected to. asyncio tries all the time.
 */
const RETRY_SECONDS = 0.01;

const destination = new Destination();

/** What a new transport is made of. @internal */
export interface EndpointParts {
  slot: number;
  generation: number;
  socket: Socket;
  /** The only address that is sent to. */
  remote: Address | null;
  protocol: DatagramProtocol;
  /** Done when the protocol has its transport and receiving has started. */
  waiter: Future<void>;
}

/** The transport of a datagram socket. @internal */
export class SocketDatagramTransport extends DatagramTransport implements Source, Writer {
  readonly generation: number;
  readonly #loop: EventLoop;
  readonly #core: Core;
  readonly #slot: number;
  readonly #family: number;
  readonly #view: TransportSocket;
  readonly #sockname: Address;
  readonly #peername: Address | undefined;
  readonly #remote: Address | null;
  /** Callbacks of the protocol run here; what they set stays for the next ones. */
  readonly #context: Context;
  readonly #writes: WriteSide;
  #protocol: DatagramProtocol | null;
  #closing = false;
  #retry: TimerHandle | null = null;

  constructor(loop: EventLoop, { slot, generation, socket, remote, protocol, waiter }: EndpointParts) {
    super();
    this.#loop = loop;
    this.#core = loop.scheduler.core;
    this.#slot = slot;
    this.generation = generation;
    this.#family = socket.family;
    this.#view = new TransportSocket(socket.native);
    this.#sockname = socket.getsockname<Address>();
    const peer = socket.native.getpeername();
    this.#peername = typeof peer === 'number' ? undefined : addressOf(peer);
    this.#remote = remote;
    this.#protocol = protocol;
    this.#context = captureContext(loop.followsStores);
    this.#writes = new WriteSide(this.#core, this.#slot, this.generation, this);
    this.#core.datagrams.reserve();
    loop.scheduler.attach(this.#slot, this);
    // Receiving must not start before connectionMade() has been called, and nobody may go on before both.
    loop.callSoon(() => this.#connect());
    loop.callSoon(() => this.#startReceiving());
    loop.callSoon(() => {
      if (!waiter.done()) waiter.setResult(undefined);
    });
  }

  complete(kind: number, offset: number, length: number, detail: number): void {
    switch (kind) {
      case layout.COMPLETE_DATAGRAM:
        if (!this.#closing) this.#deliver(offset, length, detail);
        break;
      case layout.COMPLETE_RECEIVE_FAILED:
        if (!this.#closing) this.#failed(detail, 'recvmsg', this.#peername);
        break;
      case layout.COMPLETE_UNSENT:
        this.#tellUnsent();
        break;
      case layout.COMPLETE_STALLED:
        this.#retry ??= this.#loop.callLater(RETRY_SECONDS, () => this.#sendAgain());
        break;
      case layout.COMPLETE_LOW:
        this.#writes.onLow();
        break;
      case layout.COMPLETE_DRAINED:
        this.#onDrained();
        break;
    }
  }

  // ---- life ----------------------------------------------------------------------------------------

  #connect(): void {
    const protocol = this.#protocol;
    if (protocol === null) return;
    try {
      const result = protocol.connectionMade(this);
      this.#watch(result, (error) => this.#connectFailed(error));
    } catch (error) {
      this.#connectFailed(error);
    }
  }

  #connectFailed(error: unknown): void {
    this.#report(error, 'Fatal error: protocol.connection_made() call failed.');
    this.#forceClose(error);
  }

  #startReceiving(): void {
    if (!this.#closing) this.#submit(layout.SUBMIT_RESUME);
  }

  isClosing(): boolean {
    return this.#closing;
  }

  close(): void {
    if (this.#closing) return;
    this.#closing = true;
    // A closed loop has closed the descriptor, and calls nobody any more.
    if (this.#loop.isClosed()) return;
    if (this.getWriteBufferSize() > 0) {
      this.#submit(layout.SUBMIT_NOTIFY_DRAINED);
      return;
    }
    this.#submit(layout.SUBMIT_PAUSE);
    this.#writes.lost += 1;
    this.#loop.callSoon(() => this.#connectionLost(null));
  }

  abort(): void {
    this.#forceClose(null);
  }

  #forceClose(error: unknown): void {
    if (this.#writes.lost !== 0) return;
    this.#closing = true;
    this.#writes.lost = 1;
    if (this.#loop.isClosed()) return;
    this.#submit(layout.SUBMIT_ABORT);
    this.#loop.callSoon(() => this.#connectionLost(error));
  }

  #onDrained(): void {
    if (!this.#closing || this.#writes.lost !== 0) return;
    // A callback that ran since the poll may have sent: that is still sent, as in asyncio.
    if (this.#writes.size > 0) this.#submit(layout.SUBMIT_NOTIFY_DRAINED);
    else this.#connectionLost(null);
  }

  /** The end of everything: the protocol hears of it, then the descriptor closes. */
  #connectionLost(error: unknown): void {
    // In asyncio an error of sendto() is told before it returns.
    this.#tellUnsent();
    const protocol = this.#protocol;
    if (protocol === null) return;
    if (this.#writes.lost === 0) this.#writes.lost = 1;
    try {
      const result = this.#context.call(protocol, protocol.connectionLost, error as Error | null);
      this.#watch(result, (problem) => this.#reportAsync(problem));
    } catch (problem) {
      this.#report(problem, 'Fatal error: protocol.connection_lost() call failed.');
    } finally {
      this.#protocol = null;
      this.#retry?.cancel();
      this.#loop.scheduler.detach(this.#slot, this);
      this.#submit(layout.SUBMIT_CLOSE);
    }
  }

  setProtocol(protocol: DatagramProtocol): void {
    if (typeof protocol !== 'object' || protocol === null) {
      throw typeError(`a protocol is expected, not ${given(protocol)}`);
    }
    if (this.#protocol !== null) this.#protocol = protocol;
  }

  getProtocol(): DatagramProtocol | null {
    return this.#protocol;
  }

  // ---- receiving -----------------------------------------------------------------------------------

  // As in asyncio an error of the protocol's is reported, and the endpoint goes on: it is not for one sender to close
  // it for all.

  #deliver(offset: number, length: number, sender: number): void {
    const protocol = this.#protocol!;
    const data = this.#core.datagrams.take(offset, length);
    const address = this.#core.datagrams.sender(sender);
    try {
      const result = this.#context.callWithTwo(protocol, protocol.datagramReceived, data, address);
      if (result !== undefined) this.#watch(result, (error) => this.#reportAsync(error));
    } catch (error) {
      this.#report(error, 'protocol.datagram_received() failed');
    }
  }

  /** The system had something against a datagram, to or from `address`. */
  #failed(errno: number, syscall: string, address: Address | undefined): void {
    const protocol = this.#protocol;
    if (protocol === null) return;
    const error = systemError(errno, { syscall, ...detailsOf(address) });
    try {
      const result = this.#context.call(protocol, protocol.errorReceived, error);
      this.#watch(result, (problem) => this.#reportAsync(problem));
    } catch (problem) {
      this.#report(problem, 'protocol.error_received() failed');
    }
  }

  #tellUnsent(): void {
    if (this.#protocol === null) return;
    for (const { errno, to } of this.#core.native.takeUnsent(this.#slot, this.generation)) {
      this.#failed(errno, 'sendmsg', to === undefined ? this.#peername : addressOf(to));
    }
  }

  // ---- sending -------------------------------------------------------------------------------------

  sendto(data: Uint8Array, address: Address | null = null): void {
    if (!(data instanceof Uint8Array)) {
      throw typeError(`data argument must be a Uint8Array (a Buffer, for example), not ${given(data)}`);
    }
    const to = this.#destination(address);
    const length = data.length;
    if (this.#writes.lost !== 0) {
      this.#writes.dropped();
      return;
    }
    const submitted = this.#core.sendto(this.#slot, this.generation, data, to);
    this.#writes.account(submitted ? length + OVERHEAD_BYTES : 0);
  }

  /** Where a datagram goes; null is where the socket is connected to. */
  #destination(address: Address | null): Destination | null {
    const remote = this.#remote;
    if (remote !== null && address !== null && !isSame(address, remote)) {
      throw rangeError(
        `Invalid address: must be null or ${JSON.stringify(remote)}, got ${JSON.stringify(address)}`,
      );
    }
    if (this.#peername !== undefined && (remote !== null || address === null)) return null;
    const to = remote ?? address;
    if (to === null) throw typeError('sendto() needs an address: the endpoint has no remote one');
    destination.set(to, this.#family);
    return destination;
  }

  #sendAgain(): void {
    this.#retry = null;
    this.#submit(layout.SUBMIT_SEND_AGAIN);
  }

  getWriteBufferSize(): number {
    return this.#writes.size;
  }

  getWriteBufferLimits(): [low: number, high: number] {
    const { low, high } = this.#writes.limits;
    return [low, high];
  }

  setWriteBufferLimits(limits?: WriteBufferLimitsOptions): void {
    this.#writes.setLimits(limits);
  }

  /** @internal More waits than the high mark allows. */
  pauseWriting(): void {
    try {
      this.#watch(this.#protocol?.pauseWriting(), (error) => this.#reportAsync(error));
    } catch (error) {
      this.#report(error, 'protocol.pause_writing() failed');
    }
  }

  /** @internal What waits is down to the low mark. */
  resumeWriting(): void {
    const protocol = this.#protocol;
    if (protocol === null) return;
    try {
      const result = this.#context.call(protocol, protocol.resumeWriting, undefined);
      this.#watch(result, (error) => this.#reportAsync(error));
    } catch (error) {
      this.#report(error, 'protocol.resume_writing() failed');
    }
  }

  // ---- the rest ------------------------------------------------------------------------------------

  getExtraInfo<K extends keyof ExtraInfo>(name: K): ExtraInfo[K] | undefined;
  getExtraInfo<A extends Address>(name: 'sockname' | 'peername'): A | undefined;
  getExtraInfo<D = undefined>(name: string, fallback?: D): unknown;
  getExtraInfo(name: string, fallback?: unknown): unknown {
    switch (name) {
      case 'socket':
        return this.#view;
      case 'sockname':
        return this.#sockname;
      case 'peername':
        return this.#peername ?? fallback;
      default:
        return fallback;
    }
  }

  /** A protocol's method returned something: of an async one, the rejection is an error. */
  #watch(result: unknown, onError: (error: unknown) => void): void {
    if (result !== undefined) this.#loop.watchPromise(result, onError);
  }

  #reportAsync(error: unknown): void {
    this.#report(error, 'an async protocol method failed');
  }

  #report(exception: unknown, message: string): void {
    if (exception instanceof ExitError) throw exception;
    const context = { message, exception, transport: this };
    const protocol = this.#protocol;
    this.#loop.callExceptionHandler(protocol === null ? context : { ...context, protocol });
  }

  #submit(kind: number): void {
    this.#core.submit(kind, this.#slot, this.generation);
  }

  override toString(): string {
    const state = this.#protocol === null ? ' closed' : this.#closing ? ' closing' : '';
    return `<DatagramTransport fd=${this.#view.fileno()}${state}>`;
  }
}

/** Whether an address is the endpoint's remote one; flowinfo and scope may be left out. */
function isSame(address: Address, remote: Address): boolean {
  if (typeof remote === 'string' || !Array.isArray(address)) return address === remote;
  return (
    address.length >= 2 && remote.every((part, index) => index >= address.length || part === address[index])
  );
}
