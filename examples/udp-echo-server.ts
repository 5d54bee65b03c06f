// Shows createDatagramEndpoint and a DatagramProtocol: sends each datagram back. `udp-echo-server.js [port]`, 9999 without one.
import {
  type Address,
  DatagramProtocol,
  type DatagramTransport,
  getRunningLoop,
  type InternetAddress,
  run,
} from 'mioloop';

class Echo extends DatagramProtocol {
  #transport!: DatagramTransport;

  override connectionMade(transport: DatagramTransport): void {
    this.#transport = transport;
  }

  override datagramReceived(data: Buffer, address: Address): void {
    this.#transport.sendto(data, address);
  }

  // A datagram that could not be sent is lost, as any may be. The endpoint goes on.
  override errorReceived(error: Error): void {
    console.error(error.message);
  }
}

const port = Number(process.argv[2] ?? 9999);

await run(function* () {
  const loop = getRunningLoop();
  const [transport] = yield* loop.createDatagramEndpoint(() => new Echo(), ['127.0.0.1', port]);
  const [address, boundPort] = transport.getExtraInfo('sockname') as InternetAddress;
  console.log(`Serving on ${address}:${boundPort}, Ctrl-C ends it`);
  // Nothing ends it but the user.
  yield* loop.createFuture<never>();
});
