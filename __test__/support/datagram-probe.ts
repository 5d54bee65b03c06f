// A protocol of datagram endpoints that writes down what the loop tells it, and lets a test wait for it.

import {
  type Address,
  type Coroutine,
  type DatagramAddress,
  type DatagramEndpointOptions,
  DatagramProtocol,
  type DatagramTransport,
  type EventLoop,
  type InternetAddress,
} from 'mioloop';
import { Journal } from './probe.js';

export class DatagramProbe extends DatagramProtocol implements Disposable {
  readonly journal: Journal;
  readonly datagrams: Buffer[] = [];
  readonly senders: Address[] = [];
  readonly errors: NodeJS.ErrnoException[] = [];
  transport!: DatagramTransport;
  /** What connectionLost was called with; undefined before. */
  lost: Error | null | undefined = undefined;

  constructor(readonly loop: EventLoop) {
    super();
    this.journal = new Journal(loop);
  }

  /** An endpoint with a probe; without addresses on a port of 127.0.0.1. */
  static *open(
    loop: EventLoop,
    local: DatagramAddress | null = ['127.0.0.1', 0],
    remote: DatagramAddress | null = null,
    options: DatagramEndpointOptions = {},
  ): Coroutine<DatagramProbe> {
    const factory = () => new DatagramProbe(loop);
    const [, probe] = yield* loop.createDatagramEndpoint(factory, local, remote, options);
    return probe;
  }

  get events(): readonly string[] {
    return this.journal.events;
  }

  get port(): number {
    return (this.transport.getExtraInfo('sockname') as InternetAddress)[1];
  }

  get texts(): string[] {
    return this.datagrams.map((data) => data.toString());
  }

  /** Returns when `count` datagrams have come. */
  *received(count: number): Coroutine<void> {
    yield* this.journal.until(() => this.datagrams.length >= count);
  }

  until(holds: () => boolean): Coroutine<void> {
    return this.journal.until(holds);
  }

  override connectionMade(transport: DatagramTransport): void {
    this.transport = transport;
    this.journal.note('made');
  }

  override datagramReceived(data: Buffer, address: Address): void {
    this.datagrams.push(data);
    this.senders.push(address);
    this.journal.note('data');
  }

  override errorReceived(error: Error): void {
    this.errors.push(error);
    this.journal.note('error');
  }

  override connectionLost(error: Error | null): void {
    this.lost = error;
    this.journal.note('lost');
  }

  override pauseWriting(): void {
    this.journal.note('pause');
  }

  override resumeWriting(): void {
    this.journal.note('resume');
  }

  [Symbol.dispose](): void {
    this.transport.abort();
  }
}
