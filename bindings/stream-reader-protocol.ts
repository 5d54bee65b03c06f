// Between a transport and a stream's two ends: the protocol that fills the reader and lets the writer wait. asyncio:
// `StreamReaderProtocol`.
import type { EventLoop } from './event-loop.js';
import { getEventLoop } from './loops.js';
import { Protocol } from './protocol.js';
import { type ClientConnectedCallback, serve } from './serving.js';
import { StreamFlow } from './stream-flow.js';
import type { StreamReader } from './stream-reader.js';
import { StreamWriter } from './stream-writer.js';
import type { Transport } from './transport.js';

/**
 * The protocol of a stream. asyncio: `StreamReaderProtocol`. `openConnection` and `startServer` make it; with
 * `loop.createConnection` and its kin, streams can be put on any transport.
 *
 * @example
 * const reader = new StreamReader(undefined, loop);
 * const [transport, protocol] = yield* loop.createConnection(() => new StreamReaderProtocol(reader), host, port);
 * const writer = new StreamWriter(transport, protocol, reader, loop);
 */
export class StreamReaderProtocol extends Protocol {
  /** @internal */
  readonly flow: StreamFlow;
  private readonly loop: EventLoop;
  private readonly reader: StreamReader;
  private readonly clientConnected: ClientConnectedCallback | null;
  private overTls = false;

  /**
   * @param reader what is received goes there
   * @param clientConnectedCb called with the reader and a writer when the connection stands
   * @param loop the current one without it
   */
  constructor(
    reader: StreamReader,
    clientConnectedCb: ClientConnectedCallback | null = null,
    loop: EventLoop = getEventLoop(),
  ) {
    super();
    this.loop = loop;
    this.reader = reader;
    this.clientConnected = clientConnectedCb;
    this.flow = new StreamFlow(loop);
  }

  override connectionMade(transport: Transport): void {
    this.overTls = transport.getExtraInfo('sslcontext') !== undefined;
    this.reader.setTransport(transport);
    const { clientConnected } = this;
    if (clientConnected === null) return;
    const writer = new StreamWriter(transport, this, this.reader, this.loop);
    serve(this.loop, clientConnected, this.reader, writer, transport);
  }

  override dataReceived(data: Buffer): void {
    this.reader.receive(data);
  }

  /** The connection stays open for writing; over TLS there is no half of one. */
  override eofReceived(): boolean {
    this.reader.feedEof();
    return !this.overTls;
  }

  override connectionLost(error: Error | null): void {
    if (error === null) this.reader.feedEof();
    else this.reader.setException(error);
    this.flow.lost(error);
  }

  override pauseWriting(): void {
    this.flow.pause();
  }

  override resumeWriting(): void {
    this.flow.resume();
  }
}
