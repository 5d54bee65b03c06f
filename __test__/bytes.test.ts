// A soak: a crowd of strangers, random sizes and pauses, on both sides, from a seed; every byte is checked.

import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { EventLoop, Transport } from 'mioloop';
import { BufferedProtocol, Protocol } from 'mioloop';
import { portOf } from './support/hall.js';
import { bothModes } from './support/modes.js';
import { Random } from './support/random.js';
import type { Soak, Verdict } from './support/soak-worker.js';

const CONNECTIONS = 200;
const MESSAGES = 25;
const LARGEST = 60_000;

/** What a server does beside its echo: pauses for a moment, cuts what it writes, stops reading while it can't write. */
class Moods {
  #full = false;
  #resting = false;

  constructor(
    readonly loop: EventLoop,
    readonly transport: Transport,
    readonly random: Random,
  ) {
    if (random.below(3) === 0) transport.setWriteBufferLimits({ high: random.below(5000) });
  }

  echo(data: Uint8Array): void {
    const cut = this.random.below(data.length + 1);
    const [first, second] = [data.subarray(0, cut), data.subarray(cut)];
    const way = this.random.below(3);
    if (way === 0) this.transport.write(data);
    else if (way === 1) this.transport.writelines([first, second]);
    else {
      this.transport.write(first);
      this.transport.write(second);
    }
    if (this.random.below(6) === 0) this.#rest();
  }

  #rest(): void {
    if (this.#resting) return;
    this.#resting = true;
    this.#read();
    const wake = (): void => {
      this.#resting = false;
      this.#read();
    };
    if (this.random.below(2) === 0) this.loop.callSoon(wake);
    else this.loop.callLater(this.random.below(4) / 1000, wake);
  }

  full(full: boolean): void {
    this.#full = full;
    this.#read();
  }

  #read(): void {
    if (this.#full || this.#resting) this.transport.pauseReading();
    else this.transport.resumeReading();
  }
}

class MoodyEcho extends Protocol {
  moods!: Moods;

  constructor(
    readonly loop: EventLoop,
    readonly random: Random,
  ) {
    super();
  }

  override connectionMade(transport: Transport): void {
    this.moods = new Moods(this.loop, transport, this.random);
  }

  override dataReceived(data: Buffer): void {
    this.moods.echo(data);
  }

  override pauseWriting(): void {
    this.moods.full(true);
  }

  override resumeWriting(): void {
    this.moods.full(false);
  }
}

class MoodyBufferedEcho extends BufferedProtocol {
  readonly #buffer: Buffer;
  moods!: Moods;

  constructor(
    readonly loop: EventLoop,
    readonly random: Random,
  ) {
    super();
    this.#buffer = Buffer.alloc(1 + random.below(100_000));
  }

  override connectionMade(transport: Transport): void {
    this.moods = new Moods(this.loop, transport, this.random);
  }

  override getBuffer(): Uint8Array {
    return this.#buffer;
  }

  override bufferUpdated(nbytes: number): void {
    this.moods.echo(this.#buffer.subarray(0, nbytes));
  }

  override pauseWriting(): void {
    this.moods.full(true);
  }

  override resumeWriting(): void {
    this.moods.full(false);
  }
}

bothModes(
  `${CONNECTIONS} strangers, ${MESSAGES} messages each: every byte comes back`,
  async (t, { loop, run }) => {
    const server = await run(function* () {
      return yield* loop.createServer(() => accept(), '127.0.0.1', 0);
    });
    const soak: Soak = {
      port: portOf(server),
      connections: CONNECTIONS,
      messages: MESSAGES,
      largest: LARGEST,
    };
    const crowd = new Worker(new URL('./support/soak-worker.js', import.meta.url), { workerData: soak });
    const verdict = once(crowd, 'message') as Promise<[Verdict]>;
    const gone = once(crowd, 'exit');
    let accepted = 0;
    let lost = 0;

    function accept(): Protocol | BufferedProtocol {
      accepted += 1;
      if (accepted === CONNECTIONS) loop.callLater(0, () => server.close());
      const random = new Random(1000 + accepted);
      const protocol = accepted % 2 === 0 ? new MoodyEcho(loop, random) : new MoodyBufferedEcho(loop, random);
      protocol.connectionLost = (error: Error | null) => {
        lost += 1;
        t.is(error, null);
      };
      return protocol;
    }

    await run(server.waitClosed());
    const [{ bytes, faults }] = await verdict;
    await gone;
    t.deepEqual(faults, []);
    t.is(accepted, CONNECTIONS);
    t.is(lost, CONNECTIONS);
    t.true(bytes > CONNECTIONS * MESSAGES * 1000, `${bytes} bytes`);
  },
);
