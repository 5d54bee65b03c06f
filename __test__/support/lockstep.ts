// A stranger in lockstep: Node's net in a worker thread, whose orders are done when the call returns, though the loop's
// own thread stands still meanwhile. For tests that must know that the kernel has the bytes before the next turn, and for
// looking, in the middle of a run, at what the peer has seen. One worker for all tests of a file.

import { type Coroutine, sleep } from 'mioloop';
import { unreadBytes, waitForFin, waitForUnread } from './kernel.js';
import { OrderTaker } from './orders.js';

export type Order =
  | { kind: 'connect'; host: string; port: number; path?: string; paused: boolean }
  | { kind: 'listen'; host: string; path?: string; paused: boolean; greeting: Uint8Array | undefined }
  | { kind: 'accepted' | 'unlisten'; desk: number }
  | { kind: 'write' | 'send'; line: number; data: Uint8Array }
  | { kind: 'end' | 'reset' | 'destroy' | 'pause' | 'resume' | 'look' | 'data'; line: number };

export type Answer =
  | { kind: 'done' }
  | { kind: 'line'; line: number; localPort: number }
  | { kind: 'lines'; lines: [line: number, remotePort: number][] }
  | { kind: 'desk'; desk: number; port: number }
  | { kind: 'sight'; sight: Sight }
  | { kind: 'data'; data: Uint8Array };

/** What one connection of the stranger has seen so far. */
export interface Sight {
  /** Bytes. */
  received: number;
  /** The peer ended its side in order. */
  ended: boolean;
  closed: boolean;
  /** The code of the error that closed it. */
  error: string | null;
}

const GIVE_UP_MS = 10_000;
const LOOK_AGAIN_SECONDS = 0.001;

const stranger = new OrderTaker<Order, Answer>(new URL('./lockstep-worker.js', import.meta.url));

function ask(order: Order): void {
  stranger.ask('done', order);
}

/** One connection of the stranger. */
export class Line {
  /** `peerPort` is the port of the loop's side. */
  constructor(
    readonly number: number,
    readonly localPort: number,
    readonly peerPort: number,
  ) {}

  /** A connection to the loop's server; the kernel has set it up, the loop may not have accepted it yet. */
  static connect(port: number, { host = '127.0.0.1', paused = false } = {}): Line {
    const { line, localPort } = stranger.ask('line', { kind: 'connect', host, port, paused });
    return new Line(line, localPort, port);
  }

  /** A connection to the loop's Unix server; as `connect`. */
  static connectUnix(path: string): Line {
    const order = { kind: 'connect', host: '', port: 0, path, paused: false } as const;
    return new Line(stranger.ask('line', order).line, 0, 0);
  }

  /** Writes; the stranger's kernel has all of it. */
  write(data: Uint8Array | string): void {
    ask({ kind: 'write', line: this.number, data: Buffer.from(data) });
  }

  /** Writes; the loop's kernel has all of it, unread. Only while the loop can't read: between two turns. */
  deliver(data: Uint8Array | string): void {
    const bytes = Buffer.from(data);
    const before = unreadBytes(this.peerPort, this.localPort) ?? 0;
    this.write(bytes);
    waitForUnread(this.peerPort, this.localPort, before + bytes.length);
  }

  /** Writes without waiting: what the kernel does not take now goes later. */
  send(data: Uint8Array): void {
    ask({ kind: 'send', line: this.number, data });
  }

  /** Half close. */
  finish(): void {
    ask({ kind: 'end', line: this.number });
  }

  /** Half close, and the loop's kernel knows of it. */
  end(): void {
    this.finish();
    waitForFin(this.peerPort, this.localPort);
  }

  /** Close with RST. */
  reset(): void {
    ask({ kind: 'reset', line: this.number });
  }

  destroy(): void {
    ask({ kind: 'destroy', line: this.number });
  }

  pause(): void {
    ask({ kind: 'pause', line: this.number });
  }

  resume(): void {
    ask({ kind: 'resume', line: this.number });
  }

  look(): Sight {
    return stranger.ask('sight', { kind: 'look', line: this.number }).sight;
  }

  /** All bytes that came so far. */
  data(): Buffer {
    const { data } = stranger.ask('data', { kind: 'data', line: this.number });
    return Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  }

  /** Lets the loop turn until the stranger has seen what `holds` asks for. */
  *until(holds: (sight: Sight) => boolean): Coroutine<Sight> {
    const deadline = performance.now() + GIVE_UP_MS;
    for (;;) {
      const sight = this.look();
      if (holds(sight)) return sight;
      if (performance.now() > deadline) {
        throw new Error(`within ${GIVE_UP_MS} ms the stranger saw only ${JSON.stringify(sight)}`);
      }
      yield* sleep(LOOK_AGAIN_SECONDS);
    }
  }
}

/** A listening socket of the stranger. */
export class Desk {
  readonly port: number;
  readonly #desk: number;

  constructor({
    host = '127.0.0.1',
    paused = false,
    greeting,
    path,
  }: { host?: string; paused?: boolean; greeting?: Uint8Array; path?: string } = {}) {
    const place = path === undefined ? { host } : { host, path };
    const { desk, port } = stranger.ask('desk', { kind: 'listen', ...place, paused, greeting });
    this.#desk = desk;
    this.port = port;
  }

  /** The connections so far. */
  lines(): Line[] {
    const { lines } = stranger.ask('lines', { kind: 'accepted', desk: this.#desk });
    return lines.map(([line, remotePort]) => new Line(line, this.port, remotePort));
  }

  /** Lets the loop turn until there are `count` connections. */
  *accepted(count: number): Coroutine<Line[]> {
    const deadline = performance.now() + GIVE_UP_MS;
    for (;;) {
      const lines = this.lines();
      if (lines.length >= count) return lines;
      if (performance.now() > deadline) throw new Error(`the stranger accepted only ${lines.length}`);
      yield* sleep(LOOK_AGAIN_SECONDS);
    }
  }

  /** Ends the listening and all its connections. */
  [Symbol.dispose](): void {
    ask({ kind: 'unlisten', desk: this.#desk });
  }
}
