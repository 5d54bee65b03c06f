// Programs that may have only a few descriptors, and what such a program does to have none left.

import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Coroutine, type EventLoop, newEventLoop } from 'mioloop';

const FEW = 64;
/** Nothing here takes that long; a program that does hangs, and is killed. */
const KILL_AFTER_MS = 30_000;

/** Runs a compiled program of this folder with few descriptors; gives the JSON that it prints. */
export function runWithFewDescriptors(program: string, ...args: string[]): Promise<unknown> {
  const path = fileURLToPath(new URL(program, import.meta.url));
  const child = spawn('sh', ['-c', `ulimit -n ${FEW}; exec "$0" "$@"`, process.execPath, path, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: KILL_AFTER_MS,
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (code === 0) resolve(JSON.parse(output));
      else reject(new Error(`${program} ended with ${code ?? signal}: ${output}`));
    });
  });
}

/** What such a program does: runs `main` in the mode that its argument names, and prints the result as JSON. */
export async function tell(main: (loop: EventLoop) => Coroutine<unknown>): Promise<never> {
  const loop = newEventLoop();
  const result =
    process.argv[2] === 'hosted'
      ? await loop.runUntilComplete(main(loop))
      : loop.runUntilCompleteSync(main(loop));
  loop.close();
  process.stdout.write(JSON.stringify(result));
  process.exit(0);
}

/** All descriptors that there were. */
export class Hoard implements Disposable {
  readonly #held: number[] = [];

  constructor() {
    try {
      for (;;) this.#held.push(openSync('/dev/null', 'r'));
    } catch {
      // None left: that is what it is for.
    }
  }

  /** Gives one back. */
  spare(): void {
    closeSync(this.#held.pop()!);
  }

  [Symbol.dispose](): void {
    for (const fd of this.#held.splice(0)) closeSync(fd);
  }
}
