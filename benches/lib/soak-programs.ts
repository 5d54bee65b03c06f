/** The soaks that are programs of their own, in `soaks/`: children, signals and jobs. */
import { join } from 'node:path';
import type { Bench } from './bench.js';
import { Child } from './child.js';
import type { Figure } from './figure.js';
import { type MemoryRange, watchMemory } from './memory-watch.js';
import { COMPILED } from './paths.js';

/** All the time that a busy machine needs. */
const LIMIT_MS = 300_000;

interface Program {
  count: number;
  /** For a run that only shows that it works. */
  smoke: number;
  /** Whether its memory has to stay what it is. */
  flat: boolean;
}

export const SOAK_PROGRAMS: Record<string, Program> = {
  kills: { count: 500, smoke: 5, flat: false },
  spawns: { count: 10_000, smoke: 5, flat: true },
  signals: { count: 100_000, smoke: 1_001, flat: false },
  jobs: { count: 10_000, smoke: 100, flat: false },
};

/** Runs one; the range of its memory behind its warm-up. */
export async function runSoakProgram(
  { cores }: Bench,
  name: string,
  args: readonly string[],
  flags: readonly string[] = [],
): Promise<{ figures: Figure[]; range: MemoryRange | null }> {
  const command = [process.execPath, ...flags, join(COMPILED, 'soaks', `${name}.js`), ...args];
  const child = new Child(cores.server, command);
  try {
    await child.line('READY', LIMIT_MS);
    const [result, range] = await watchMemory(child.pid, () => child.line('RESULT ', LIMIT_MS));
    return { figures: JSON.parse(result) as Figure[], range };
  } finally {
    await child.stop();
  }
}
