// Many bytes through pipes, to `cat` and back, with pauses at random: what comes is what was sent.

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { closeSync } from 'node:fs';
import { BufferedProtocol, type Coroutine, type EventLoop, Protocol, type Transport } from 'mioloop';
import { bothModes } from './support/modes.js';
import { makePipe } from './support/pipes.js';
import { bytesOf, Random } from './support/random.js';

const KIB = 1024;
const MIB = 1024 * KIB;
/** What is sent is made of parts of this. */
const SOURCE = bytesOf(1, MIB);

/** Rests now and then, for a turn. */
class Rests {
  readonly hash = createHash('sha256');
  readonly #random = new Random(2);
  count = 0;

  constructor(
    readonly loop: EventLoop,
    readonly ended: () => void,
  ) {}

  received(transport: Transport, bytes: Uint8Array): void {
    this.hash.update(bytes);
    this.count += bytes.length;
    if (this.#random.below(4) > 0) return;
    transport.pauseReading();
    this.loop.callSoon(() => transport.resumeReading());
  }
}

class Plain extends Protocol {
  transport!: Transport;

  constructor(readonly rests: Rests) {
    super();
  }

  override connectionMade(transport: Transport): void {
    this.transport = transport;
  }

  override dataReceived(data: Buffer): void {
    this.rests.received(this.transport, data);
  }

  override connectionLost(): void {
    this.rests.ended();
  }
}

class Buffered extends BufferedProtocol {
  transport!: Transport;
  readonly room = Buffer.alloc(100_000);

  constructor(readonly rests: Rests) {
    super();
  }

  override connectionMade(transport: Transport): void {
    this.transport = transport;
  }

  override getBuffer(): Uint8Array {
    return this.room;
  }

  override bufferUpdated(count: number): void {
    this.rests.received(this.transport, this.room.subarray(0, count));
  }

  override connectionLost(): void {
    this.rests.ended();
  }
}

/** Sends `total` bytes in pieces of all sizes, as fast as it may. */
class Sends extends Protocol {
  readonly hash = createHash('sha256');
  readonly #random = new Random(3);
  #transport!: Transport;
  #paused = false;

  constructor(
    readonly loop: EventLoop,
    public left: number,
  ) {
    super();
  }

  override connectionMade(transport: Transport): void {
    this.#transport = transport;
    this.#send();
  }

  override pauseWriting(): void {
    this.#paused = true;
  }

  override resumeWriting(): void {
    this.#paused = false;
    // Sometimes a turn later: the pipe may be empty by then.
    if (this.#random.below(4) > 0) this.#send();
    else this.loop.callSoon(() => this.#send());
  }

  #send(): void {
    while (!this.#paused && this.left > 0) {
      const most = this.#random.below(4) === 0 ? 300_000 : 5_000;
      const start = this.#random.below(SOURCE.length - most);
      const piece = SOURCE.subarray(start, start + Math.min(this.left, 1 + this.#random.below(most)));
      this.left -= piece.length;
      this.hash.update(piece);
      this.#transport.write(piece);
    }
    if (this.left === 0) this.#transport.close();
  }
}

for (const kind of [Plain, Buffered]) {
  for (const [size, total] of [
    ['256 KiB', 256 * KIB],
    ['64 MiB', 64 * MIB],
  ] as const) {
    bothModes(`${size} to cat and back, ${kind.name} (B168, B169)`, async (t, { loop, run }) => {
      const [input, to] = makePipe();
      const [from, output] = makePipe();
      const cat = spawn('cat', { stdio: [input, output, 'inherit'] });
      closeSync(input);
      closeSync(output);
      await once(cat, 'spawn');
      const exit = once(cat, 'exit');
      const [sent, received] = await run(function* (): Coroutine<[string, string]> {
        const ended = loop.createFuture<void>();
        const rests = new Rests(loop, () => ended.setResult());
        yield* loop.connectReadPipe<Plain | Buffered>(() => new kind(rests), from);
        const [, sender] = yield* loop.connectWritePipe(() => new Sends(loop, total), to);
        yield* ended;
        t.is(rests.count, total);
        return [sender.hash.digest('hex'), rests.hash.digest('hex')];
      });
      t.is(received, sent);
      await exit;
    });
  }
}
