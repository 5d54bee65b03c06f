// A worker thread that calls a thread-safe handle when told to. Orders are one-way, so they can be given from inside
// a run in both modes; how the calls went is awaited after the run.

import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { ThreadsafeHandle } from 'mioloop';
import { closedAtEnd } from './leaks.js';

export type CallerOrder =
  | { kind: 'call'; args: readonly unknown[] }
  /** Calls with what cannot be cloned. */
  | { kind: 'callFunction' }
  /** Calls with (tag, 0), (tag, 1), … */
  | { kind: 'count'; tag: string; count: number };

/** How a call went: refused with an error, or not. */
export interface CallerWord {
  refused: { name: string; message: string; code: string } | null;
}

export class Caller {
  readonly #worker: Worker;

  private constructor(worker: Worker) {
    this.#worker = worker;
  }

  static async start(data: ThreadsafeHandle['data']): Promise<Caller> {
    const worker = new Worker(new URL('./caller-worker.js', import.meta.url), { workerData: data });
    closedAtEnd(() => worker.terminate());
    await once(worker, 'message');
    return new Caller(worker);
  }

  call(...args: unknown[]): void {
    this.#order({ kind: 'call', args });
  }

  count(tag: string, count: number): void {
    this.#order({ kind: 'count', tag, count });
  }

  /** A call whose outcome is awaited. */
  async attempt(order: CallerOrder): Promise<CallerWord['refused']> {
    const answer = once(this.#worker, 'message') as Promise<[CallerWord]>;
    this.#order(order);
    return (await answer)[0].refused;
  }

  #order(order: CallerOrder): void {
    this.#worker.postMessage(order);
  }
}
