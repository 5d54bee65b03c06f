// Shows createConnection and waiting for a Future: sends a message, prints the reply. `echo-client.js [port] [message]`
import { type Future, getRunningLoop, Protocol, run, type Transport } from 'mioloop';

class EchoClient extends Protocol {
  /** What is still to come of the reply, in bytes. */
  #missing: number;
  readonly #reply: Buffer[] = [];
  #transport!: Transport;

  constructor(
    readonly message: Buffer,
    readonly replied: Future<string>,
  ) {
    super();
    this.#missing = message.length;
  }

  override connectionMade(transport: Transport): void {
    this.#transport = transport;
    transport.write(this.message);
    console.log(`Sent: ${this.message}`);
  }

  // TCP is a stream: a reply may come in several pieces.
  override dataReceived(data: Buffer): void {
    this.#reply.push(data);
    this.#missing -= data.length;
    if (this.#missing <= 0) this.#transport.close();
  }

  override connectionLost(error: Error | null): void {
    if (this.#missing <= 0) this.replied.setResult(Buffer.concat(this.#reply).toString());
    else this.replied.setException(error ?? new Error('the server closed the connection before it replied'));
  }
}

const port = Number(process.argv[2] ?? 8888);
const message = Buffer.from(process.argv[3] ?? 'Hello World!');

await run(function* () {
  const loop = getRunningLoop();
  const replied = loop.createFuture<string>();
  yield* loop.createConnection(() => new EchoClient(message, replied), '127.0.0.1', port);
  console.log(`Received: ${yield* replied}`);
});
