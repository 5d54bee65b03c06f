/**
 * The long stream on mioloop, piece by piece until `pauseWriting`, then from `resumeWriting` on:
 * `mioloop-bulk.js <hosted|blocking> <file> [watch]`.
 *
 * With `watch` it prints, at the end of each stream, `PAUSES <n> <most bytes that waited>`.
 */
import { getRunningLoop, Protocol, type Transport } from 'mioloop';
import { runServer, serveForever } from './mioloop-support.js';
import { Pieces, readTable } from './pieces.js';
import { wantedBytes } from './support.js';

const [, , , path, watch] = process.argv;
const table = readTable(path!);

class Bulk extends Protocol {
  protected transport!: Transport;
  #pieces!: Pieces;
  #paused = false;

  override connectionMade(transport: Transport): void {
    this.transport = transport;
  }

  override dataReceived(request: Buffer): void {
    this.#pieces = new Pieces(table, wantedBytes(request));
    this.#pump();
  }

  override pauseWriting(): void {
    this.#paused = true;
  }

  override resumeWriting(): void {
    this.#paused = false;
    this.#pump();
  }

  #pump(): void {
    while (!this.#paused) {
      const piece = this.#pieces.next();
      if (piece === null) {
        this.transport.close();
        return;
      }
      this.transport.write(piece);
    }
  }
}

class WatchedBulk extends Bulk {
  #pauses = 0;
  #most = 0;

  override pauseWriting(): void {
    super.pauseWriting();
    this.#pauses++;
    this.#most = Math.max(this.#most, this.transport.getWriteBufferSize());
  }

  override connectionLost(): void {
    process.stdout.write(`PAUSES ${this.#pauses} ${this.#most}\n`);
  }
}

const protocolFactory = watch === 'watch' ? () => new WatchedBulk() : () => new Bulk();

runServer(function* () {
  yield* serveForever(yield* getRunningLoop().createServer(protocolFactory, '127.0.0.1', 0));
});
