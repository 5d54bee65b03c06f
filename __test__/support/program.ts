// Small programs in processes of their own: for what ends a process, and for what it prints.

import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Nothing here takes that long; a program that does hangs, and is killed. */
const KILL_AFTER_MS = 30_000;

export const PACKAGE_ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** How a program ended. */
export interface Ending {
  code: number | null;
  signal: NodeJS.Signals | null;
  /** It did not end by itself and was killed. */
  hung: boolean;
  stdout: string;
  stderr: string;
}

export interface ProgramOptions {
  /** `import` and top-level await, or `require`. */
  kind?: 'module' | 'commonjs';
  /** Is called whenever the program has printed; `printed` is all of its stdout so far. */
  onOutput?(printed: string, kill: (signal: NodeJS.Signals) => void): void;
}

/** Runs a JavaScript program with `mioloop` at hand, and waits for its end. */
export function runProgram(source: string, options: ProgramOptions = {}): Promise<Ending> {
  const { kind = 'module', onOutput } = options;
  const child = spawn(process.execPath, [`--input-type=${kind}`, '--eval', source], {
    cwd: PACKAGE_ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ending: Ending = { code: null, signal: null, hung: false, stdout: '', stderr: '' };
  const alarm = setTimeout(() => {
    ending.hung = true;
    child.kill('SIGKILL');
  }, KILL_AFTER_MS);
  child.stdout.on('data', (text: Buffer) => {
    ending.stdout += text.toString();
    onOutput?.(ending.stdout, (signal) => child.kill(signal));
  });
  child.stderr.on('data', (text: Buffer) => {
    ending.stderr += text.toString();
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      clearTimeout(alarm);
      resolve({ ...ending, code, signal });
    });
  });
}

/** Runs a program that must end by itself with code 0 and print nothing to stderr; gives the lines it printed. */
export async function linesOf(source: string, options?: ProgramOptions): Promise<string[]> {
  const ending = await runProgram(source, options);
  if (ending.code !== 0 || ending.stderr !== '') {
    throw new Error(`the program failed: ${JSON.stringify(ending, null, 2)}`);
  }
  return ending.stdout.split('\n').slice(0, -1);
}
