/** A long-lived child process: its lines, its end, and no orphan whatever happens to the driver. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { pinned } from './affinity.js';
import { headline } from './command.js';

/** Between SIGTERM and SIGKILL. */
const TERM_GRACE_MS = 2_000;
/** What is kept of stderr for an error text. */
const STDERR_KEPT = 2_000;

const running = new Set<Child>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => process.exit(1));
}

export class Child {
  readonly #process: ChildProcess;
  readonly #exited: Promise<number>;
  readonly #waiting = new Set<{ prefix: string; resolve: (line: string) => void }>();
  readonly #lines: string[] = [];
  #stderr = '';

  constructor(core: number | null, command: readonly string[]) {
    const [program, args] = pinned(core, command);
    this.#process = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    running.add(this);
    this.#exited = new Promise((resolve) => {
      this.#process.once('error', (error) => {
        this.#stderr += error.message;
        running.delete(this);
        resolve(-1);
      });
      this.#process.once('close', (code) => {
        running.delete(this);
        resolve(code ?? -1);
      });
    });
    this.#process.stdin!.on('error', () => {});
    this.#process.stderr!.on('data', (data: Buffer) => {
      this.#stderr = (this.#stderr + data.toString()).slice(-STDERR_KEPT);
    });
    createInterface({ input: this.#process.stdout! }).on('line', (line) => this.#take(line));
  }

  get pid(): number {
    return this.#process.pid ?? -1;
  }

  /** What it complained about, in one line; empty without a complaint. */
  get complaint(): string {
    return headline(this.#stderr);
  }

  kill(signal: NodeJS.Signals): void {
    this.#process.kill(signal);
  }

  /** The next line of stdout that starts with `prefix`, without it. Rejects when none came in time. */
  line(prefix: string, limitMs: number): Promise<string> {
    const index = this.#lines.findIndex((line) => line.startsWith(prefix));
    if (index >= 0) return Promise.resolve(this.#lines.splice(index, 1)[0]!.slice(prefix.length));
    return new Promise((resolve, reject) => {
      const waiter = {
        prefix,
        resolve: (line: string) => {
          clearTimeout(timer);
          resolve(line);
        },
      };
      const fail = (why: string) => {
        clearTimeout(timer);
        if (this.#waiting.delete(waiter))
          reject(new Error(`${why}${this.complaint && `: ${this.complaint}`}`));
      };
      const timer = setTimeout(() => fail(`no line ${JSON.stringify(prefix)} within ${limitMs} ms`), limitMs);
      this.#waiting.add(waiter);
      void this.#exited.then((code) => fail(`it ended with code ${code}`));
    });
  }

  /** The exit code; kills the process when it takes too long. */
  async ended(limitMs: number): Promise<number> {
    const timer = setTimeout(() => this.kill('SIGKILL'), limitMs);
    const code = await this.#exited;
    clearTimeout(timer);
    return code;
  }

  /** Ends the process: a server that blocks Node's loop can't see the end of stdin, but SIGTERM ends it too. */
  async stop(): Promise<void> {
    this.#process.stdin!.end();
    this.kill('SIGTERM');
    await this.ended(TERM_GRACE_MS);
  }

  #take(line: string): void {
    for (const waiter of this.#waiting) {
      if (line.startsWith(waiter.prefix)) {
        this.#waiting.delete(waiter);
        waiter.resolve(line.slice(waiter.prefix.length));
        return;
      }
    }
    this.#lines.push(line);
  }
}
