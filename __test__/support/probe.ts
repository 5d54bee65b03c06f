// Protocols that write down what the loop tells them, and let a test wait for it.

import type { Coroutine, EventLoop, Future, Transport } from 'mioloop';
import { BufferedProtocol, Protocol } from 'mioloop';

/** Seconds after which a missing event is an error that says what came instead. */
const GIVE_UP = 10;

/** How messages name a protocol's method: they are asyncio's own texts. */
export function asyncioName(method: string): string {
  return method.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** Events in their order, and who waits for one. */
export class Journal {
  readonly events: string[] = [];
  readonly #waiting = new Set<{ holds: () => boolean; future: Future<void> }>();

  constructor(readonly loop: EventLoop) {}

  /** Several data in a row are one event: how many pieces they come in is the kernel's choice. */
  note(event: string): void {
    if (event !== 'data' || this.events.at(-1) !== 'data') this.events.push(event);
    for (const waiter of this.#waiting) {
      if (waiter.future.done() || !waiter.holds()) continue;
      this.#waiting.delete(waiter);
      waiter.future.setResult();
    }
  }

  /** Returns once `holds`, looking after every event. */
  *until(holds: () => boolean): Coroutine<void> {
    if (holds()) return;
    const future = this.loop.createFuture<void>();
    this.#waiting.add({ holds, future });
    const timer = this.loop.callLater(GIVE_UP, () => {
      if (!future.done()) future.setException(new Error(`only these events came: ${this.events.join(', ')}`));
    });
    try {
      yield* future;
    } finally {
      timer.cancel();
    }
  }
}

/** What both probes have. */
export interface AnyProbe {
  readonly events: readonly string[];
  readonly transport: Transport;
  /** Bytes so far. */
  readonly received: number;
  /** All bytes so far. */
  readonly data: Buffer;
  /** What connectionLost was called with; undefined before. */
  readonly lost: Error | null | undefined;
  until(holds: () => boolean): Coroutine<void>;
}

/** A plain protocol. */
export class Probe extends Protocol implements AnyProbe {
  readonly journal: Journal;
  readonly chunks: Buffer[] = [];
  transport!: Transport;
  received = 0;
  lost: Error | null | undefined = undefined;
  /** What eofReceived returns. */
  keepOpen = false;

  constructor(readonly loop: EventLoop) {
    super();
    this.journal = new Journal(loop);
  }

  get events(): readonly string[] {
    return this.journal.events;
  }

  get data(): Buffer {
    return Buffer.concat(this.chunks);
  }

  until(holds: () => boolean): Coroutine<void> {
    return this.journal.until(holds);
  }

  override connectionMade(transport: Transport): void {
    this.transport = transport;
    this.journal.note('made');
  }

  override dataReceived(data: Buffer): void {
    this.chunks.push(data);
    this.received += data.length;
    this.journal.note('data');
  }

  override eofReceived(): boolean {
    this.journal.note('eof');
    return this.keepOpen;
  }

  override connectionLost(error: Error | null): void {
    this.lost = error;
    this.journal.note('lost');
  }

  override pauseWriting(): void {
    this.journal.note('pause');
  }

  override resumeWriting(): void {
    this.journal.note('resume');
  }
}

/** Sends back what comes. */
export class Echo extends Probe {
  override dataReceived(data: Buffer): void {
    super.dataReceived(data);
    this.transport.write(data);
  }
}

/** A buffered protocol; it gives the same buffer of `size` bytes every time. */
export class BufferedProbe extends BufferedProtocol implements AnyProbe {
  readonly journal: Journal;
  readonly chunks: Buffer[] = [];
  readonly hints: number[] = [];
  buffer: Uint8Array;
  transport!: Transport;
  received = 0;
  lost: Error | null | undefined = undefined;

  constructor(
    readonly loop: EventLoop,
    size = 64 * 1024,
  ) {
    super();
    this.journal = new Journal(loop);
    this.buffer = new Uint8Array(size);
  }

  get events(): readonly string[] {
    return this.journal.events;
  }

  get data(): Buffer {
    return Buffer.concat(this.chunks);
  }

  until(holds: () => boolean): Coroutine<void> {
    return this.journal.until(holds);
  }

  override connectionMade(transport: Transport): void {
    this.transport = transport;
    this.journal.note('made');
  }

  override getBuffer(sizehint: number): Uint8Array {
    this.hints.push(sizehint);
    return this.buffer;
  }

  override bufferUpdated(nbytes: number): void {
    this.chunks.push(Buffer.from(this.buffer.subarray(0, nbytes)));
    this.received += nbytes;
    this.journal.note('data');
  }

  override eofReceived(): boolean {
    this.journal.note('eof');
    return false;
  }

  override connectionLost(error: Error | null): void {
    this.lost = error;
    this.journal.note('lost');
  }
}
