/** The file server by `loop.sendfile`: `mioloop-sendfile.js <hosted|blocking> <file>`. */
import { openSync } from 'node:fs';
import { type Coroutine, getRunningLoop, Protocol, type Transport } from 'mioloop';
import { runServer, serveForever } from './mioloop-support.js';
import { wantedBytes } from './support.js';

const file = openSync(process.argv[3]!, 'r');

class Files extends Protocol {
  #transport!: Transport;

  override connectionMade(transport: Transport): void {
    this.#transport = transport;
  }

  override dataReceived(request: Buffer): void {
    getRunningLoop().createTask(this.send(wantedBytes(request)));
  }

  *send(count: number): Coroutine<void> {
    try {
      if (count > 0) yield* getRunningLoop().sendfile(this.#transport, file, 0, count);
    } finally {
      this.#transport.close();
    }
  }
}

runServer(function* () {
  yield* serveForever(yield* getRunningLoop().createServer(() => new Files(), '127.0.0.1', 0));
});
