/** Short-lived helper programs: compilers, installers, version checks. */
import { execFile } from 'node:child_process';

/** Compilers and installers end by themselves; this is the limit for one that hangs. */
const DEFAULT_LIMIT_MS = 600_000;
const MAX_OUTPUT = 64 * 1024 * 1024;

export interface CommandOptions {
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  /** Then it is ended by SIGTERM. */
  limitMs?: number;
}

/** Runs a program to its end and returns its stdout; rejects with the end of its stderr when it fails. */
export function output(
  program: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const { limitMs = DEFAULT_LIMIT_MS, ...rest } = options;
    execFile(program, args, { ...rest, timeout: limitMs, maxBuffer: MAX_OUTPUT }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout.trim());
      else reject(new Error(headline(stderr) || headline(error.message), { cause: error }));
    });
  });
}

/** Like `output`, but null for a program that is missing or fails. */
export async function tryOutput(program: string, args: readonly string[]): Promise<string | null> {
  try {
    return await output(program, args);
  } catch {
    return null;
  }
}

/** The line that says what was wrong: the first that begins as an error, else the last. */
export function headline(stderr: string): string {
  const lines = stderr.trim().split('\n');
  return lines.find((line) => /^\w*error\b/i.test(line)) ?? lines.at(-1) ?? '';
}
