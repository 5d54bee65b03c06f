/**
 * What the soaks of this folder share. Each is a program `<name>.js <hosted|blocking> [gc] <count>`: it warms up, prints
 * READY, works, and prints `RESULT` with its figures.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { type Coroutine, run, runSync } from 'mioloop';
import type { Figure, Limit } from '../lib/figure.js';
import { blocking, collect } from '../servers/mioloop-support.js';

export const count = Number(process.argv.at(-1));

/** Runs `main` on a loop. No thread watches for the driver's end, as for servers: it would have descriptors, too. */
export function runSoak(main: () => Coroutine<void>): void {
  function* soak(): Coroutine<void> {
    if (process.argv.includes('gc')) collect();
    yield* main();
  }
  if (blocking) runSync(soak);
  else void run(soak);
}

export function ready(): void {
  process.stdout.write('READY\n');
}

export function tell(figures: readonly Figure[]): void {
  process.stdout.write(`RESULT ${JSON.stringify(figures)}\n`);
}

export function figure(target: string, value: number, unit: string, limit: Limit | null): Figure {
  return { target, value, unit, limit };
}

/** Random numbers from 0 to 1 that are the same in each run: mulberry32. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Open descriptors of this process. */
export function descriptors(): number {
  return readdirSync('/proc/self/fd').length;
}

/** Children of this process, those that nobody has waited for included. */
export function children(): number {
  const processes = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return processes.filter((pid) => parentOf(pid) === process.pid).length;
}

/** NaN for one that is gone meanwhile. */
function parentOf(pid: string): number {
  try {
    // The command, in parentheses, may hold spaces.
    return Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ')[1]);
  } catch {
    return Number.NaN;
  }
}
