// Shows createServer and a Protocol: sends back what it receives. `echo-server.js [port]`, 8888 without one.
import { getRunningLoop, Protocol, run, type Transport } from 'mioloop';

class Echo extends Protocol {
  #transport!: Transport;

  override connectionMade(transport: Transport): void {
    this.#transport = transport;
  }

  override dataReceived(data: Buffer): void {
    this.#transport.write(data);
  }

  // A client that sends and does not read must not fill our memory.
  override pauseWriting(): void {
    this.#transport.pauseReading();
  }

  override resumeWriting(): void {
    this.#transport.resumeReading();
  }
}

const port = Number(process.argv[2] ?? 8888);

await run(function* () {
  const server = yield* getRunningLoop().createServer(() => new Echo(), '127.0.0.1', port);
  for (const socket of server.sockets) {
    const [address, boundPort] = socket.getsockname();
    console.log(`Serving on ${address}:${boundPort}, Ctrl-C ends it`);
  }
  yield* server.serveForever();
});
