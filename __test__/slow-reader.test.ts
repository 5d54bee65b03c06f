// A slow reader at the other end: what waits for it stays within the marks, what is sent is free, and every byte arrives.

import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { type Coroutine, sleep, type Transport } from 'mioloop';
import { Hall } from './support/hall.js';
import { bothModes } from './support/modes.js';
import { Probe } from './support/probe.js';
import { bytesOf } from './support/random.js';
import { startPython } from './support/stranger.js';

const MIB = 1024 * 1024;
const PIECE = 64 * 1024;
const TOTAL = 64 * MIB;
const PARTS = 3;
/** What garbage and the allocator may take meanwhile: far less than TOTAL. */
const LEEWAY = 24 * MIB;

/** Reads little at a time and rests in between; at the end it tells the digest. */
const SLOW_READER = `
import hashlib, socket, sys, time
digest = hashlib.sha256()
with socket.socket() as peer:
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 256 * 1024)
    peer.connect(('127.0.0.1', int(sys.stdin.readline())))
    count = 0
    while data := peer.recv(100_000):
        digest.update(data)
        count += 1
        if count % 10 == 0: time.sleep(0.001)
print(digest.hexdigest(), flush=True)
`;

const table = bytesOf(1, 1_000_003 + PIECE);

function digestOf(pieces: Iterable<Uint8Array>): string {
  const digest = createHash('sha256');
  for (const piece of pieces) digest.update(piece);
  return digest.digest('hex');
}

function* allPieces(): Generator<Buffer> {
  for (let at = 0; at < TOTAL; at += PIECE) yield table.subarray(at % 1_000_003, (at % 1_000_003) + PIECE);
}

/** Writes pieces until it is told to pause, and goes on when it may. */
class Pump extends Probe {
  readonly pieces = allPieces();
  paused = false;
  pauses = 0;
  most = 0;
  grown = 0;
  readonly #before = process.memoryUsage.rss();

  override connectionMade(transport: Transport): void {
    super.connectionMade(transport);
    this.pump();
  }

  override pauseWriting(): void {
    super.pauseWriting();
    this.paused = true;
    this.pauses += 1;
    this.most = Math.max(this.most, this.transport.getWriteBufferSize());
    this.grown = Math.max(this.grown, process.memoryUsage.rss() - this.#before);
  }

  override resumeWriting(): void {
    super.resumeWriting();
    this.paused = false;
    this.pump();
  }

  pump(): void {
    while (!this.paused) {
      const { value, done } = this.pieces.next();
      if (done) {
        this.transport.close();
        return;
      }
      this.transport.write(value);
    }
  }
}

function* served<P extends Probe>(hall: Hall<P>): Coroutine<P> {
  while (hall.probes[0]?.lost === undefined) yield* sleep(0.001);
  return hall.probes[0];
}

bothModes('64 MiB to a slow reader: little waits, memory stays flat (B119)', async (t, { loop, run }) => {
  const python = startPython(t, SLOW_READER);
  if (python === undefined) return;
  const digest = once(python.stdout!, 'data');
  const pump = await run(function* () {
    using hall = yield* Hall.open(loop, () => new Pump(loop));
    python.stdin!.write(`${hall.port}\n`);
    return yield* served(hall);
  });
  t.is(pump.lost, null);
  t.true(pump.pauses > 1);
  t.true(pump.most <= 2 * PIECE, `${pump.most} bytes waited`);
  t.true(pump.grown < LEEWAY, `memory grew by ${pump.grown} bytes`);
  t.is(String((await digest)[0]).trim(), digestOf(allPieces()));
});

bothModes('32 MiB in one write, again and again: what is sent is free', async (t, { loop, run }) => {
  const python = startPython(t, SLOW_READER);
  if (python === undefined) return;
  const digest = once(python.stdout!, 'data');
  const big = table.subarray(0, 1_000_000);
  const part = Buffer.concat(Array.from({ length: 32 }, () => big));

  class Writes extends Probe {
    /** Resident memory when most of a part waits. */
    readonly full: number[] = [];

    override connectionMade(transport: Transport): void {
      super.connectionMade(transport);
      transport.write(part);
    }

    override pauseWriting(): void {
      super.pauseWriting();
      this.full.push(process.memoryUsage.rss());
    }

    override resumeWriting(): void {
      super.resumeWriting();
      if (this.full.length < PARTS) this.transport.write(part);
      else this.transport.close();
    }
  }

  const probe = await run(function* () {
    using hall = yield* Hall.open(loop, () => new Writes(loop));
    python.stdin!.write(`${hall.port}\n`);
    return yield* served(hall);
  });
  const [first, ...later] = probe.full;
  t.is(later.length, PARTS - 1);
  t.true(Math.max(...later) - first! < LEEWAY, `memory when most of a part waits: ${probe.full.join(', ')}`);
  t.is(String((await digest)[0]).trim(), digestOf(Array.from({ length: PARTS }, () => part)));
});
