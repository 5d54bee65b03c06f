// Orders to a worker thread that are done when the call returns, though this thread, and the loop in it, stands still
// meanwhile. The worker's side is `obeyOrders` of orders-worker.ts.

import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';

/** What the worker is started with. */
export interface Start {
  readonly port: MessagePort;
  readonly flag: SharedArrayBuffer;
}

/** What every worker may answer. */
export interface Failed {
  readonly kind: 'failed';
  readonly reason: string;
}

interface OfKind {
  readonly kind: string;
}

/** An answer that takes longer means that the order can't be done. */
const GIVE_UP_MS = 10_000;

/** A worker that takes orders; one for all tests of a file. */
export class OrderTaker<O extends OfKind, A extends OfKind> {
  readonly #flag = new Int32Array(new SharedArrayBuffer(4));
  readonly #port: MessagePort;

  constructor(program: URL) {
    const { port1: ours, port2: theirs } = new MessageChannel();
    this.#port = ours;
    const start: Start = { port: theirs, flag: this.#flag.buffer as SharedArrayBuffer };
    const worker = new Worker(program, { workerData: start, transferList: [theirs] });
    worker.unref();
    // ava allows no top-level await before the tests are declared.
    this.#waitForAnswer('begin');
    receiveMessageOnPort(ours);
  }

  /** Gives an order; returns when it is done, with an answer of `kind`. */
  ask<K extends A['kind']>(kind: K, order: O): Extract<A, { kind: K }> {
    Atomics.store(this.#flag, 0, 0);
    this.#port.postMessage(order);
    this.#waitForAnswer(order.kind);
    const { message } = receiveMessageOnPort(this.#port) as { message: A | Failed };
    if (message.kind === kind) return message as Extract<A, { kind: K }>;
    const reason = message.kind === 'failed' ? (message as Failed).reason : `it answered ${message.kind}`;
    throw new Error(`the stranger could not ${order.kind}: ${reason}`);
  }

  /** Blocks until the worker has answered. A wait may also end because of the notification of the answer before. */
  #waitForAnswer(what: string): void {
    const deadline = performance.now() + GIVE_UP_MS;
    while (Atomics.load(this.#flag, 0) === 0) {
      const left = deadline - performance.now();
      if (left <= 0) throw new Error(`the stranger could not ${what} within ${GIVE_UP_MS} ms`);
      Atomics.wait(this.#flag, 0, 0, left);
    }
  }
}
