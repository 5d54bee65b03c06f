// The transport of a datagram endpoint, from connectionMade() to connectionLost(), in asyncio's order. asyncio:
// `_SelectorDatagramTransport`.
import { type Address, addressOf, detailsOf } from './address.js';
import { given, rangeError, typeError } from './errors.js';
import type { EventLoop } from './event-loop.js';
import { extraInfo } from './extra-info.js';
import type { WriteBufferLimitsOptions } from './flow-control.js';
import type { Future } from './future.js';
import type { TimerHandle } from './handle.js';
import { Destination } from './native/address-blocks.js';
import type { Core } from './native/core.js';
import * as layout from './native/layout.js';
import type { DatagramProtocol } from './protocol.js';
import type { Socket } from './socket.js';
import { systemError } from './system-error.js';
import { DatagramTransport, type ExtraInfo } from './transport.js';
import { type LivingTransport, TransportLife } from './transport-life.js';
import { TransportSocket } from './transport-socket.js';
import type { WriteSide } from './write-side.js';

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
export class SocketDatagramTransport extends DatagramTransport implements LivingTransport<DatagramProtocol> {
  readonly generation: number;
  readonly #loop: EventLoop;
  readonly #core: Core;
  readonly #slot: number;
  readonly #family: number;
  readonly #view: TransportSocket;
  readonly #sockname: Address;
  readonly #peername: Address | undefined;
  readonly #remote: Address | null;
  readonly #life: TransportLife<DatagramProtocol>;
  readonly #writes: WriteSide;
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
    this.#life = new TransportLife<DatagramProtocol>(loop, slot, this, protocol);
    this.#writes = this.#life.writes;
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
        if (!this.#life.closing) this.#deliver(offset, length, detail);
        break;
      case layout.COMPLETE_RECEIVE_FAILED:
        if (!this.#life.closing) this.#failed(detail, 'recvmsg', this.#peername);
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
        this.#life.onDrained();
        break;
    }
  }

  // ---- life ----------------------------------------------------------------------------------------

  #connect(): void {
    const { protocol } = this.#life;
    if (protocol === null) return;
    try {
      const result = protocol.connectionMade(this);
      if (result !== undefined) this.#loop.watchPromise(result, (error) => this.#connectFailed(error));
    } catch (error) {
      this.#connectFailed(error);
    }
  }

  #connectFailed(error: unknown): void {
    this.#life.report(error, 'Fatal error: protocol.connection_made() call failed.');
    this.#life.forceClose(error);
  }

  #startReceiving(): void {
    if (!this.#life.closing) this.#submit(layout.SUBMIT_RESUME);
  }

  isClosing(): boolean {
    return this.#life.closing;
  }

  close(): void {
    this.#life.close();
  }

  abort(): void {
    this.#life.forceClose(null);
  }

  /** @internal In asyncio an error of sendto() is told before it returns. */
  beforeLost(): void {
    this.#tellUnsent();
  }

  /** @internal */
  afterLost(): void {
    this.#retry?.cancel();
  }

  setProtocol(protocol: DatagramProtocol): void {
    this.#life.setProtocol(protocol);
  }

  getProtocol(): DatagramProtocol | null {
    return this.#life.protocol;
  }

  // ---- receiving -----------------------------------------------------------------------------------

  // As in asyncio an error of the protocol's is reported, and the endpoint goes on: it is not for one sender to close
  // it for all.

  #deliver(offset: number, length: number, sender: number): void {
    const { context } = this.#life;
    const protocol = this.#life.protocol!;
    const data = this.#core.datagrams.take(offset, length);
    const address = this.#core.datagrams.sender(sender);
    try {
      const result = context.callWithTwo(protocol, protocol.datagramReceived, data, address);
      if (result !== undefined) this.watch(result);
    } catch (error) {
      this.#life.report(error, 'protocol.datagram_received() failed');
    }
  }

  /** The system had something against a datagram, to or from `address`. */
  #failed(errno: number, syscall: string, address: Address | undefined): void {
    const { context, protocol } = this.#life;
    if (protocol === null) return;
    const error = systemError(errno, { syscall, ...detailsOf(address) });
    try {
      const result = context.call(protocol, protocol.errorReceived, error);
      if (result !== undefined) this.watch(result);
    } catch (problem) {
      this.#life.report(problem, 'protocol.error_received() failed');
    }
  }

  #tellUnsent(): void {
    if (this.#life.protocol === null) return;
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

  // ---- the rest ------------------------------------------------------------------------------------

  getExtraInfo<K extends keyof ExtraInfo>(name: K): ExtraInfo[K] | undefined;
  getExtraInfo<A extends Address>(name: 'sockname' | 'peername'): A | undefined;
  getExtraInfo<D = undefined>(name: string, fallback?: D): unknown;
  getExtraInfo(name: string, fallback?: unknown): unknown {
    return extraInfo(name, fallback, this.#sockname, this.#peername, () => this.#view);
  }

  /** @internal A protocol's method was an async function: its rejection is reported. */
  watch(result: unknown): void {
    this.#loop.watchPromise(result, (error) => this.#life.report(error, 'an async protocol method failed'));
  }

  #submit(kind: number): void {
    this.#core.submit(kind, this.#slot, this.generation);
  }

  override toString(): string {
    return `<DatagramTransport fd=${this.#view.fileno()}${this.#life.state}>`;
  }
}

/** Whether an address is the endpoint's remote one; flowinfo and scope may be left out. */
function isSame(address: Address, remote: Address): boolean {
  if (typeof remote === 'string' || !Array.isArray(address)) return address === remote;
  return (
    address.length >= 2 && remote.every((part, index) => index >= address.length || part === address[index])
  );
}
