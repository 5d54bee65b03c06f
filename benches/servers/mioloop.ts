/**
 * The echo server on mioloop: `mioloop.js <hosted|blocking> <owned|buffered> [probe] [gc]`.
 *
 * `owned` gets each packet as a Buffer of its own, `buffered` reads into one buffer that all connections share: a
 * write has taken its bytes when it returns.
 */
import { BufferedProtocol, getRunningLoop, Protocol, type Transport } from 'mioloop';
import { blocking, runServer, serveForever } from './mioloop-support.js';
import { startProbe } from './support.js';

/** Holds a whole message of 100 KiB. */
const SHARED_BUFFER = Buffer.allocUnsafeSlow(128 * 1024);

class Echo extends Protocol {
  #transport!: Transport;

  override connectionMade(transport: Transport): void {
    this.#transport = transport;
  }

  override dataReceived(data: Buffer): void {
    this.#transport.write(data);
  }
}

class BufferedEcho extends BufferedProtocol {
  #transport!: Transport;

  override connectionMade(transport: Transport): void {
    this.#transport = transport;
  }

  override getBuffer(): Uint8Array {
    return SHARED_BUFFER;
  }

  override bufferUpdated(nbytes: number): void {
    this.#transport.write(SHARED_BUFFER.subarray(0, nbytes));
  }
}

const args = process.argv.slice(2);
const protocolFactory = args.includes('buffered') ? () => new BufferedEcho() : () => new Echo();

runServer(function* () {
  yield* serveForever(yield* getRunningLoop().createServer(protocolFactory, '127.0.0.1', 0));
});
if (!blocking && args.includes('probe')) startProbe();
