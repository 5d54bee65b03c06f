// A worker thread that runs a coroutine function of this thread when told to, and says how it went.

import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { ThreadsafeData } from 'mioloop';
import { closedAtEnd } from './leaks.js';

/** Where the worker calls from. */
export type Where = 'node' | 'hosted' | 'blocking';

export interface RemoteOrder {
  args: unknown[];
  abort?: 'before' | 'after';
  /** The argument cannot be cloned. */
  unclonable?: boolean;
}

export interface RemoteWord {
  result?: unknown;
  failed?: {
    name: string;
    message: string;
    code: string | undefined;
    stack: string | undefined;
    className: string;
    cause: string | undefined;
  };
}

export class Remote {
  readonly #worker: Worker;
  readonly #words: RemoteWord[] = [];
  readonly #listeners: ((word: RemoteWord) => void)[] = [];

  private constructor(worker: Worker) {
    this.#worker = worker;
    worker.on('message', (word: RemoteWord) => {
      const listener = this.#listeners.shift();
      if (listener === undefined) this.#words.push(word);
      else listener(word);
    });
  }

  static async start(data: ThreadsafeData, where: Where): Promise<Remote> {
    const worker = new Worker(new URL('./remote-worker.js', import.meta.url), {
      workerData: { data, where },
    });
    closedAtEnd(() => worker.terminate());
    await once(worker, 'message');
    return new Remote(worker);
  }

  /** Tells the worker to call; its word comes later. */
  order(order: RemoteOrder): void {
    this.#worker.postMessage(order);
  }

  /** The worker's next word. */
  word(): Promise<RemoteWord> {
    const word = this.#words.shift();
    if (word !== undefined) return Promise.resolve(word);
    return new Promise((resolve) => this.#listeners.push(resolve));
  }
}
