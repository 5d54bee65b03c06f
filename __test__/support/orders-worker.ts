// The worker's side of orders.ts: one order at a time, each answered when it is done.

import { workerData } from 'node:worker_threads';
import type { Failed, Start } from './orders.js';

/** Answers an order; the first answer says that the worker is ready. */
export type Answering<A> = (answer: A | Failed) => void;

/** Takes orders; `obey` has each of them answered. */
export function obeyOrders<O, A>(obey: (order: O) => void): Answering<A> {
  const { port, flag }: Start = workerData;
  const bell = new Int32Array(flag);
  port.on('message', obey);
  return (answer) => {
    port.postMessage(answer);
    Atomics.store(bell, 0, 1);
    Atomics.notify(bell, 0);
  };
}
