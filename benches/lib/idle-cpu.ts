/** What a server costs that waits for nothing but connections. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Bench } from './bench.js';
import type { Figure, Limit } from './figure.js';
import { cpuSeconds } from './proc.js';
import { withServer } from './server.js';

/** After the start, for compilers and collectors to come to rest. */
const SETTLE_MS = 1_500;
const WINDOW_MS = 2_000;
const LIMIT = { atMost: 0.5 };
const WATCHED: Record<string, Limit | null> = {
  'mioloop-hosted': LIMIT,
  'mioloop-blocking': LIMIT,
  net: null,
};

export async function measureIdleCpu({ peers, cores }: Bench): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const { name, services } of peers) {
    const limit = WATCHED[name];
    if (limit === undefined || services.echo === undefined) continue;
    const value = await withServer(cores.server, services.echo, ({ child }) => cpuShare(child.pid));
    figures.push({ target: `CPU of an idle loop, ${name}`, value, unit: '%', limit });
  }
  return figures;
}

/** Percent of one core. */
async function cpuShare(pid: number): Promise<number | null> {
  await pause(SETTLE_MS);
  const before = cpuSeconds(pid);
  await pause(WINDOW_MS);
  const after = cpuSeconds(pid);
  return before === null || after === null ? null : ((after - before) / (WINDOW_MS / 1_000)) * 100;
}
