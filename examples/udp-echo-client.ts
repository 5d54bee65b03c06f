// Shows a connected datagram endpoint with a deadline: sends a message, prints the reply. `udp-echo-client.js [port]
// [message]`
import {
  DatagramProtocol,
  type DatagramTransport,
  type Future,
  getRunningLoop,
  run,
  TimeoutError,
  waitFor,
} from 'mioloop';

/** Seconds to wait for the reply: a datagram may be lost, and nobody tells. */
const PATIENCE = 1;

class EchoClient extends DatagramProtocol {
  constructor(
    readonly message: string,
    readonly replied: Future<string>,
  ) {
    super();
  }

  override connectionMade(transport: DatagramTransport): void {
    console.log(`Sent: ${this.message}`);
    transport.sendto(Buffer.from(this.message));
  }

  override datagramReceived(data: Buffer): void {
    if (!this.replied.done()) this.replied.setResult(data.toString());
  }

  // Nobody listens there: the system says so, because the endpoint is connected.
  override errorReceived(error: Error): void {
    if (!this.replied.done()) this.replied.setException(error);
  }
}

const port = Number(process.argv[2] ?? 9999);
const message = process.argv[3] ?? 'Hello World!';

await run(function* () {
  const loop = getRunningLoop();
  const replied = loop.createFuture<string>();
  const remote = ['127.0.0.1', port] as const;
  const [transport] = yield* loop.createDatagramEndpoint(
    () => new EchoClient(message, replied),
    null,
    remote,
  );
  try {
    console.log(`Received: ${yield* waitFor(replied, PATIENCE)}`);
  } catch (error) {
    if (!(error instanceof TimeoutError)) throw error;
    console.log(`No reply within ${PATIENCE} s`);
  } finally {
    transport.close();
  }
});
