/** The UDP echo server on mioloop: `mioloop-datagrams.js <hosted|blocking>`. */
import { type Address, DatagramProtocol, type DatagramTransport, getRunningLoop } from 'mioloop';
import { runServer } from './mioloop-support.js';
import { announce } from './support.js';

class Echo extends DatagramProtocol {
  #transport!: DatagramTransport;

  override connectionMade(transport: DatagramTransport): void {
    this.#transport = transport;
  }

  override datagramReceived(data: Buffer, address: Address): void {
    this.#transport.sendto(data, address);
  }
}

runServer(function* () {
  const loop = getRunningLoop();
  const [transport] = yield* loop.createDatagramEndpoint(() => new Echo(), ['127.0.0.1', 0]);
  const [, port] = transport.getExtraInfo('sockname') as [string, number];
  announce(port);
  yield* loop.createFuture<void>();
});
