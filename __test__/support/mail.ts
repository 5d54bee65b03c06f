// A stranger who sends and receives datagrams: Node's dgram in a worker thread, in lockstep. When `send` returns, the
// datagram is in the kernel's queue of the loop's socket (on this machine a datagram is delivered while it is sent).

import { type Coroutine, sleep } from 'mioloop';
import { OrderTaker } from './orders.js';

export interface BoxOptions {
  readonly host?: string;
  /** Send back what comes. */
  readonly echo?: boolean;
  /** May send to broadcast addresses. */
  readonly broadcast?: boolean;
  /** A group to be a member of, on the loopback interface. */
  readonly group?: string;
}

export type Order =
  | { kind: 'open'; options: BoxOptions }
  | { kind: 'send'; box: number; letters: readonly Uint8Array[]; host: string; port: number }
  | { kind: 'letters' | 'close'; box: number };

export type Answer =
  | { kind: 'done' }
  | { kind: 'opened'; box: number; port: number }
  | { kind: 'letters'; letters: readonly RawLetter[] };

interface RawLetter {
  readonly data: Uint8Array;
  readonly host: string;
  readonly port: number;
}

/** A datagram that came, and where from. */
export interface Letter {
  readonly data: Buffer;
  readonly host: string;
  readonly port: number;
}

const GIVE_UP_MS = 10_000;
const LOOK_AGAIN_SECONDS = 0.001;

const stranger = new OrderTaker<Order, Answer>(new URL('./mail-worker.js', import.meta.url));

/** A datagram socket of the stranger's. */
export class MailBox implements Disposable {
  readonly host: string;
  readonly port: number;
  readonly #box: number;

  constructor(options: BoxOptions = {}) {
    this.host = options.host ?? '127.0.0.1';
    const { box, port } = stranger.ask('opened', { kind: 'open', options });
    this.#box = box;
    this.port = port;
  }

  /** Sends datagrams, one after another, to a port of this machine. */
  send(port: number, ...letters: (Uint8Array | string)[]): void {
    this.sendTo(this.host, port, ...letters);
  }

  sendTo(host: string, port: number, ...letters: (Uint8Array | string)[]): void {
    const bytes = letters.map((letter) => Uint8Array.from(Buffer.from(letter as string)));
    stranger.ask('done', { kind: 'send', box: this.#box, letters: bytes, host, port });
  }

  /** What came so far. */
  letters(): Letter[] {
    const { letters } = stranger.ask('letters', { kind: 'letters', box: this.#box });
    return letters.map(({ data, host, port }) => ({ data: Buffer.from(data), host, port }));
  }

  /** What came so far, as texts. */
  texts(): string[] {
    return this.letters().map(({ data }) => data.toString());
  }

  /** Lets the loop turn until `count` have come. */
  *until(count: number): Coroutine<Letter[]> {
    const deadline = performance.now() + GIVE_UP_MS;
    for (;;) {
      const letters = this.letters();
      if (letters.length >= count) return letters;
      if (performance.now() > deadline) throw new Error(`only ${letters.length} of ${count} letters came`);
      yield* sleep(LOOK_AGAIN_SECONDS);
    }
  }

  [Symbol.dispose](): void {
    stranger.ask('done', { kind: 'close', box: this.#box });
  }
}
