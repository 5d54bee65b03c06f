// The workers of a ThreadPoolExecutor: worker threads of Node's. No event of Node's is needed to hear of them, because a
// blocking run gets none: a thread leaves its answer in a port and rings the executor's bell, which wakes the loops that
// hear it, and these look into the port. The end of a thread rings, too.

import * as threads from 'node:worker_threads';
import {
  MessageChannel,
  type MessagePort,
  receiveMessageOnPort,
  type TransferListItem,
} from 'node:worker_threads';
import { BrokenThreadPool } from './errors.js';
import type { EventLoop } from './event-loop.js';
import type { Pool, Worker, WorkerMaker } from './executor-pool.js';
import type { Answer, Order } from './executor-wire.js';
import type { TimerHandle } from './handle.js';
import { hearBell, makeBell, removeBell } from './native/addon.js';
import type { Posted } from './native/core.js';
import { packError } from './packed-error.js';
import type { ThreadData } from './thread-data.js';

const PROGRAM = new URL('./executor-thread.js', import.meta.url);
/** How long a thread takes to begin at most, as a rule. */
const START_CHECK_SECONDS = 0.1;
/** Checks after which one that has still not begun never will. */
const MAX_CHECKS = 600;

/** How long a thread that is killed takes to end, as a rule. */
const KILL_AGAIN_SECONDS = 0.05;

/** Limits of a thread's memory, as Node's `Worker` has them. */
export type ResourceLimits = threads.ResourceLimits;

/** Those of this thread whose bells may ring. */
const makers = new Map<number, ThreadMaker>();

/** A bell has rung: called in a turn of a loop that hears it. @internal */
export function bellRung(posted: Posted): void {
  makers.get(posted.bell!)?.rung(posted.ringer!, posted.ended!);
}

/** @internal */
export class ThreadMaker implements WorkerMaker {
  readonly #bell = makeBell();
  readonly #prefix: string;
  readonly #resourceLimits: ResourceLimits | undefined;
  readonly #threads = new Map<number, Thread>();

  constructor(prefix: string, resourceLimits: ResourceLimits | undefined) {
    this.#prefix = prefix;
    this.#resourceLimits = resourceLimits;
    makers.set(this.#bell, this);
  }

  make(number: number, pool: Pool, loop: EventLoop): Worker {
    const ended = (): void => this.#ended(number);
    const data = { bell: this.#bell, number, name: `${this.#prefix}_${number}` };
    const thread = new Thread(loop, data, this.#resourceLimits, pool, ended);
    this.#threads.set(number, thread);
    thread.watchStart();
    return thread;
  }

  join(loop: EventLoop): void {
    hearBell(this.#bell, loop.scheduler.core.native.mailbox());
  }

  clone(values: readonly unknown[], list: readonly TransferListItem[]): [unknown[], TransferListItem[]] {
    const [args, kept] = structuredClone([values, list] as const, { transfer: [...list] });
    return [[...args], [...kept]];
  }

  close(): void {
    makers.delete(this.#bell);
    removeBell(this.#bell);
  }

  broken(message: string, options?: ErrorOptions): BrokenThreadPool {
    return new BrokenThreadPool(message, options);
  }

  rung(number: number, ended: boolean): void {
    this.#threads.get(number)?.collect();
    if (ended) this.#ended(number);
  }

  #ended(number: number): void {
    const thread = this.#threads.get(number);
    this.#threads.delete(number);
    thread?.ended();
  }
}

class Thread implements Worker {
  /** Its timers run here. */
  readonly #loop: EventLoop;
  readonly #worker: threads.Worker;
  readonly #port: MessagePort;
  readonly #pool: Pool;
  readonly #ended: () => void;
  #error: unknown;
  /** Looks after it until it has begun. */
  #timer: TimerHandle | null = null;
  /** Looks after it until it has ended, once it is killed. */
  #killing: TimerHandle | null = null;
  /** Whether the port tells that somebody is at the other end. */
  #tells = false;
  #checks = 0;

  constructor(
    loop: EventLoop,
    data: Omit<ThreadData, 'port'>,
    resourceLimits: ResourceLimits | undefined,
    pool: Pool,
    ended: () => void,
  ) {
    const { port1, port2 } = new MessageChannel();
    this.#loop = loop;
    this.#port = port1;
    this.#pool = pool;
    this.#ended = ended;
    const workerData: ThreadData = { ...data, port: port2 };
    const isText = process.execArgv.some((arg) => arg.startsWith('--input-type'));
    this.#worker = new threads.Worker(isText ? `import(${JSON.stringify(PROGRAM.href)})` : PROGRAM, {
      name: data.name,
      eval: isText,
      workerData,
      transferList: [port2],
      ...(resourceLimits === undefined ? {} : { resourceLimits }),
    });
    // A thread that waits for work is no reason for a process to live; a run that waits for an answer is one.
    this.#worker.unref();
    this.#worker.on('error', (error) => {
      this.#error = error;
    });
    // Where Node's loop turns, this comes, too; and alone, if the thread could not even load the addon.
    this.#worker.on('exit', ended);
  }

  send(order: Order, list: readonly TransferListItem[]): void {
    // By its type it gives nothing; it has always given whether there is another end.
    this.#tells = (this.#port.postMessage(order, list) as unknown) === true;
  }

  /**
   * From the moment that it has loaded the addon, the end of a thread is heard. Before, only its port tells of it, where
   * Node's loop does not turn.
   */
  watchStart(): void {
    this.#timer = this.#loop.callLater(START_CHECK_SECONDS, () => {
      this.collect();
      if (this.#timer === null || !this.#tells) return;
      this.send({ kind: 'none' }, []);
      if (this.#tells && ++this.#checks < MAX_CHECKS) this.watchStart();
      else this.#ended();
    });
  }

  kill(): void {
    this.#killing?.cancel();
    void this.#worker.terminate();
    // It may not even have loaded what would tell of its end.
    if (this.#timer !== null) this.#ended();
    // Between a message and the promises behind it Node may miss a termination: what these run has to be ended, too.
    else if (!this.#loop.isClosed()) {
      this.#killing = this.#loop.callLater(KILL_AGAIN_SECONDS, () => this.kill());
    }
  }

  collect(): void {
    for (;;) {
      let answer: Answer | undefined;
      try {
        answer = receiveMessageOnPort(this.#port)?.message as Answer | undefined;
      } catch (error) {
        // It was sent, and can't be read here.
        answer = { kind: 'failed', error: packError(error) };
      }
      if (answer === undefined) return;
      this.#begun();
      this.#pool.answered(this, answer);
    }
  }

  endText(): string {
    if (this.#error instanceof Error) return `ended by ${this.#error.message}`;
    return 'ended without a word, as one does that has no memory left (resourceLimits)';
  }

  /** The thread is no more. */
  ended(): void {
    this.collect();
    this.#begun();
    this.#killing?.cancel();
    this.#port.close();
    this.#pool.ended(this);
  }

  #begun(): void {
    this.#timer?.cancel();
    this.#timer = null;
  }
}
