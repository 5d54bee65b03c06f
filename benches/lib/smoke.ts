/** Correct bytes from every peer, without a figure: quick enough for each CI run. */
import type { Bench } from './bench.js';
import { runLoad } from './loadgen.js';
import type { Missing, Peer } from './peer.js';
import { withServer } from './server.js';

/** Small and large messages, more messages than one on the way, and a size that no buffer is a multiple of. */
const LOADS = [
  { connections: 1, size: 1, requests: 50, depth: 1 },
  { connections: 10, size: 1024, requests: 500, depth: 1 },
  { connections: 5, size: 1000, requests: 500, depth: 8 },
  { connections: 10, size: 100 * 1024, requests: 100, depth: 1 },
  { connections: 3, size: 333_333, requests: 30, depth: 3 },
];
/** The most time that one load may take. */
const SECONDS = 20;
/** Peers that are part of the project: their absence is a failure, not a skip. */
const OWN = ['mioloop', 'net', 'mio'];

/** True when every peer passed. */
export async function smoke(bench: Bench, missing: readonly Missing[]): Promise<boolean> {
  let passed = 0;
  let failed = 0;
  for (const { name, reason } of missing) {
    if (!OWN.includes(name.split('-')[0]!)) continue;
    failed++;
    console.log(`not ok ${name}: ${reason}`);
  }
  for (const peer of bench.contestants) {
    const problem = await check(bench, peer);
    if (problem === null) passed++;
    else failed++;
    console.log(problem === null ? `ok ${peer.name}` : `not ok ${peer.name}: ${problem}`);
  }
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0;
}

/** Null, or what went wrong. */
async function check({ cores, programs }: Bench, peer: Peer): Promise<string | null> {
  try {
    await withServer(cores.server, peer.command, async ({ port, child }) => {
      for (const load of LOADS) {
        const server = { port, pid: child.pid };
        const report = await runLoad(programs.loadgen, cores.client, server, { ...load, seconds: SECONDS });
        if (report.requests !== load.requests)
          throw new Error(`${report.requests} replies of ${load.requests}`);
      }
    });
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}
