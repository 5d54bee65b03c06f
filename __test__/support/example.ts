// Examples, each as a process of its own, as a user starts them.

import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { PACKAGE_ROOT } from './program.js';

/** None takes that long; one that does hangs, and is killed. */
const KILL_AFTER_MS = 45_000;

/** An example that runs, or has ended. */
export class Example {
  stdout = '';
  stderr = '';
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #ended: Promise<[code: number | null, signal: NodeJS.Signals | null]>;

  constructor(name: string, ...args: string[]) {
    const program = join(PACKAGE_ROOT, 'build', 'examples', `${name}.js`);
    this.#child = spawn(process.execPath, [program, ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
    const alarm = setTimeout(() => this.kill('SIGKILL'), KILL_AFTER_MS);
    this.#child.stdout.on('data', (data: Buffer) => {
      this.stdout += data;
    });
    this.#child.stderr.on('data', (data: Buffer) => {
      this.stderr += data;
    });
    this.#ended = once(this.#child, 'close').finally(() => clearTimeout(alarm)) as typeof this.ended;
  }

  /** Exit code and signal, once it has ended. */
  get ended(): Promise<[code: number | null, signal: NodeJS.Signals | null]> {
    return this.#ended;
  }

  /** Types `text` into it; null is the end of typing. */
  type(text: string | null): void {
    if (text === null) this.#child.stdin.end();
    else this.#child.stdin.write(text);
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** The first match in what it prints; waits for it. Rejects when it ends without. */
  async printed(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const match = pattern.exec(this.stdout);
      if (match !== null) return match;
      const isOver = await Promise.race([
        once(this.#child.stdout, 'data').then(() => false),
        this.#ended.then(() => true),
      ]);
      if (isOver) throw new Error(`it ended without ${pattern}: ${this.stdout}${this.stderr}`);
    }
  }
}

/** The output of an example that ends by itself, with code 0 and nothing on stderr. */
export async function outputOf(name: string, ...args: string[]): Promise<string> {
  const example = new Example(name, ...args);
  const [code, signal] = await example.ended;
  if (code === 0 && example.stderr === '') return example.stdout;
  throw new Error(`${name} ended with ${code ?? signal}: ${example.stdout}${example.stderr}`);
}
