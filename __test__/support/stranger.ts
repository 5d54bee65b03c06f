// Peers that are not mioloop. A Stranger is Node's net in a worker thread, so it goes on while this thread is blocked
// in a run; it is driven by one-way orders, which may be given at any time and in both run modes. What it saw is
// awaited after the run. A python3 peer is a child process.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { ExecutionContext } from 'ava';
import { closedAtEnd } from './leaks.js';

/** What a stranger does by itself. */
export interface Role {
  readonly listen: boolean;
  readonly host: string;
  /** Send back what comes. */
  readonly echo: boolean;
  /** End our side when the peer ends its own. */
  readonly endWithPeer: boolean;
  /** Read nothing before the order `resume`. */
  readonly paused: boolean;
}

export type Order =
  | { kind: 'connect'; host: string; port: number }
  | { kind: 'write'; data: Uint8Array }
  | { kind: 'end' | 'reset' | 'destroy' | 'pause' | 'resume' };

/** What one connection of a stranger saw, told when it is closed. */
export interface Outcome {
  /** The how-many-th connection of this stranger, from 0. */
  number: number;
  received: Buffer;
  /** The peer ended its side in order. */
  ended: boolean;
  /** The code of the error that closed it. */
  error: string | null;
}

export type Word =
  | { kind: 'ready'; port: number }
  | { kind: 'connected' }
  | { kind: 'closed'; outcome: Omit<Outcome, 'received'> & { received: Uint8Array } };

const ROLE: Role = { listen: false, host: '127.0.0.1', echo: false, endWithPeer: true, paused: false };

export class Stranger {
  /** The port it listens on; 0 when it does not. */
  readonly port: number;
  readonly #worker: Worker;
  readonly #outcomes: Outcome[] = [];
  #told: () => void = () => undefined;

  private constructor(worker: Worker, port: number) {
    this.#worker = worker;
    this.port = port;
    worker.on('message', (word: Word) => {
      if (word.kind !== 'closed') return;
      const { outcome } = word;
      this.#outcomes.push({ ...outcome, received: Buffer.from(outcome.received) });
      this.#told();
    });
  }

  /** A server that collects what its connections get. */
  static collector(role: Partial<Role> = {}): Promise<Stranger> {
    return Stranger.#start({ ...ROLE, ...role, listen: true });
  }

  /** A server that sends everything back. */
  static echo(role: Partial<Role> = {}): Promise<Stranger> {
    return Stranger.collector({ echo: true, ...role });
  }

  /** A client: connects when told to, collects what it gets. */
  static client(role: Partial<Role> = {}): Promise<Stranger> {
    return Stranger.#start({ ...ROLE, ...role });
  }

  static async #start(role: Role): Promise<Stranger> {
    const worker = new Worker(new URL('./stranger-worker.js', import.meta.url), { workerData: role });
    closedAtEnd(() => worker.terminate());
    const [word] = (await once(worker, 'message')) as [Extract<Word, { kind: 'ready' }>];
    return new Stranger(worker, word.port);
  }

  // Orders. All but connect are for every open connection.

  connect(port: number, host = '127.0.0.1'): void {
    this.#order({ kind: 'connect', host, port });
  }

  write(data: Uint8Array | string): void {
    this.#order({ kind: 'write', data: Buffer.from(data) });
  }

  /** Half close. */
  end(): void {
    this.#order({ kind: 'end' });
  }

  /** Close with RST. */
  reset(): void {
    this.#order({ kind: 'reset' });
  }

  destroy(): void {
    this.#order({ kind: 'destroy' });
  }

  pause(): void {
    this.#order({ kind: 'pause' });
  }

  resume(): void {
    this.#order({ kind: 'resume' });
  }

  #order(order: Order): void {
    this.#worker.postMessage(order);
  }

  /** What the first `count` connections saw, in the order of their beginning; waits until they are closed. */
  async outcomes(count: number): Promise<Outcome[]> {
    while (this.#outcomes.length < count) {
      await new Promise<void>((resolve) => {
        this.#told = resolve;
      });
    }
    return this.#outcomes.toSorted((a, b) => a.number - b.number);
  }

  /** What its one connection saw. */
  async outcome(): Promise<Outcome> {
    const [first] = await this.outcomes(1);
    return first!;
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

/** Whether a python3 is there. */
export const hasPython = spawnSync('python3', ['--version'], { stdio: 'ignore' }).status === 0;

/** Starts a python3 program; undefined, and a line that says so, where there is no python3. */
export function startPython(
  t: ExecutionContext,
  source: string,
  ...args: string[]
): ChildProcess | undefined {
  if (!hasPython) {
    t.log('skipped: no python3 here');
    t.pass();
    return undefined;
  }
  const child = spawn('python3', ['-c', source, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  const gone = once(child, 'exit');
  closedAtEnd(() => {
    child.kill('SIGKILL');
    return gone;
  });
  return child;
}
