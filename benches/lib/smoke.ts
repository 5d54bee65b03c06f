/** Correct bytes from every peer, without a figure: quick enough for each CI run. */
import type { Bench } from './bench.js';
import { dataFile } from './data-file.js';
import { type Load, runLoad } from './loadgen.js';
import { runClient } from './loads.js';
import type { Missing, Service } from './peer.js';
import { withServer } from './server.js';

/** The most time that one load may take. */
const SECONDS = 20;

/** Small and large messages, more messages than one on the way, and a size that no buffer is a multiple of. */
const ECHOES: readonly Bounded[] = [
  { connections: 1, size: 1, requests: 50, depth: 1 },
  { connections: 10, size: 1024, requests: 500, depth: 1 },
  { connections: 5, size: 1000, requests: 500, depth: 8 },
  { connections: 10, size: 100 * 1024, requests: 100, depth: 1 },
  { connections: 3, size: 333_333, requests: 30, depth: 3 },
];
const CHURN: Bounded = { mode: 'churn', sources: 4, connections: 20, size: 64, requests: 500 };
const DATAGRAMS: readonly Bounded[] = [
  { mode: 'datagrams', connections: 1, size: 4, requests: 50, depth: 1 },
  { mode: 'datagrams', connections: 10, size: 1024, requests: 500, depth: 4 },
  { mode: 'datagrams', connections: 3, size: 60_000, requests: 60, depth: 1 },
];
/** More than a period of the stream, and no multiple of a piece; each comes after a stream of no bytes. */
const STREAMS: readonly Bounded[] = [1, 65_536, 5_000_011].map((bytes) => ({
  mode: 'sink',
  bytes,
  requests: 1,
}));
const FILE_BYTES = 8 * 1024 * 1024;
const CLIENT = { warmup: 100, connections: 400, atOnce: 10 };

type Bounded = Omit<Load, 'seconds'> & { requests: number };

/** What each service must get through; a client's is not a load. */
const LOADS: Record<Exclude<Service, 'client'>, readonly Bounded[]> = {
  echo: [...ECHOES, CHURN],
  buffered: ECHOES,
  streams: ECHOES,
  sockets: ECHOES,
  datagrams: DATAGRAMS,
  file: STREAMS,
  bulk: STREAMS,
};

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
  for (const { name, services } of bench.contestants) {
    for (const [service, command] of Object.entries(services) as [Service, string[]][]) {
      const problem = await check(bench, service, command);
      if (problem === null) passed++;
      else failed++;
      console.log(
        `${problem === null ? 'ok' : 'not ok'} ${name} ${service}${problem === null ? '' : `: ${problem}`}`,
      );
    }
  }
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0;
}

/** Null, or what went wrong. */
async function check(bench: Bench, service: Service, command: readonly string[]): Promise<string | null> {
  try {
    if (service === 'client') await runClient(bench, command, CLIENT);
    else await checkServer(bench, service, command);
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

async function checkServer(
  { cores, programs }: Bench,
  service: Exclude<Service, 'client'>,
  command: readonly string[],
): Promise<void> {
  const isFile = service === 'file' || service === 'bulk';
  const args = isFile ? [await dataFile(programs, FILE_BYTES)] : [];
  await withServer(cores.server, [...command, ...args], async ({ port, child }) => {
    for (const load of LOADS[service]) {
      const server = { port, pid: child.pid };
      const report = await runLoad(programs.loadgen, cores.client, server, { ...load, seconds: SECONDS });
      if (report.requests !== load.requests)
        throw new Error(`${report.requests} replies of ${load.requests}`);
    }
  });
}
