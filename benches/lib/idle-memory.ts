/** The server's own memory for an idle connection; the kernel's part is not in a process's resident memory. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Bench } from './bench.js';
import type { Figure, Limit } from './figure.js';
import { withIdleConnections } from './loadgen.js';
import { descriptorLimit, residentBytes } from './proc.js';
import { withServer } from './server.js';

const CONNECTIONS = 10_000;
/** Open before the first reading, so that code and first growth of the heap don't count. */
const WARM_CONNECTIONS = 200;
/** Descriptors that a process needs besides its connections. */
const OTHER_DESCRIPTORS = 100;
/** Several of the server's forced collections. */
const SETTLE_MS = 1_500;
const LIMIT = { atMost: 2_048 };
const WATCHED: Record<string, Limit | null> = { 'mioloop-hosted': LIMIT, net: null };

export async function measureIdleMemory(bench: Bench): Promise<Figure[]> {
  const room = descriptorLimit() - WARM_CONNECTIONS - OTHER_DESCRIPTORS;
  const connections = Math.min(CONNECTIONS, room);
  const figures: Figure[] = [];
  for (const { name, services } of bench.peers) {
    const limit = WATCHED[name];
    if (limit === undefined || services.echo === undefined) continue;
    const [node, ...args] = services.echo;
    const collecting = [node!, '--expose-gc', ...args, 'gc'];
    const value = await withServer(bench.cores.server, collecting, ({ port, child }) =>
      growth(bench, port, child.pid, connections),
    );
    figures.push({
      target: `memory of one of ${connections} idle connections, ${name}`,
      value,
      unit: 'bytes',
      limit,
    });
  }
  return figures;
}

/** Bytes of resident memory that one connection adds. */
function growth(bench: Bench, port: number, pid: number, connections: number): Promise<number | null> {
  const open = <T>(count: number, use: () => Promise<T>) =>
    withIdleConnections(bench.programs.loadgen, bench.cores.client, port, count, use);
  const settled = async () => {
    await pause(SETTLE_MS);
    return residentBytes(pid);
  };
  return open(WARM_CONNECTIONS, async () => {
    const before = await settled();
    const after = await open(connections, settled);
    return before === null || after === null ? null : (after - before) / connections;
  });
}
