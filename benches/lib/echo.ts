/** The echo comparison: every peer under the same load, in rounds that take turns. */
import type { Bench } from './bench.js';
import { runLoad } from './loadgen.js';
import type { Peer } from './peer.js';
import type { Scenario } from './scenario.js';
import { withServer } from './server.js';

/** One run of one peer. */
export interface Sample {
  requestsPerSecond: number;
  /** Server CPU a request, in microseconds; NaN where it can't be read. */
  cpuUs: number;
  p50Us: number;
  p99Us: number;
  maxUs: number;
}

export type Metric = 'cpuUs' | 'p50Us' | 'p99Us';

/** All runs of a scenario: one entry a round for each peer, null when it failed. */
export interface ScenarioResult {
  scenario: Scenario;
  samples: Map<string, (Sample | null)[]>;
}

/**
 * Peers take turns within a round and start one place further in the next, so that a change of the machine's mood hits
 * all of them. Each run has a fresh server.
 */
export async function compare(bench: Bench, scenario: Scenario): Promise<ScenarioResult> {
  const peers = bench.contestants.filter((peer) => scenario.buffered || !peer.buffered);
  const samples = new Map<string, (Sample | null)[]>(peers.map(({ name }) => [name, []]));
  for (let round = 0; round < bench.options.rounds; round++) {
    const first = round % peers.length;
    for (const peer of [...peers.slice(first), ...peers.slice(0, first)]) {
      process.stderr.write(`${scenario.name} round ${round + 1}/${bench.options.rounds} ${peer.name}\n`);
      samples.get(peer.name)!.push(await measureOrReport(bench, scenario, peer));
    }
  }
  return { scenario, samples };
}

async function measureOrReport(bench: Bench, scenario: Scenario, peer: Peer): Promise<Sample | null> {
  try {
    return await measure(bench, scenario, peer);
  } catch (error) {
    console.log(`${scenario.name} ${peer.name} failed: ${(error as Error).message}`);
    return null;
  }
}

function measure(bench: Bench, scenario: Scenario, peer: Peer): Promise<Sample> {
  const { cores, options, programs } = bench;
  return withServer(cores.server, peer.command, async ({ port, child }) => {
    const { connections, size } = scenario;
    const load = { connections, size, seconds: options.window, warmup: options.warmup };
    const report = await runLoad(programs.loadgen, cores.client, { port, pid: child.pid }, load);
    return {
      requestsPerSecond: report.requestsPerSecond,
      cpuUs: (report.serverCpuUs ?? Number.NaN) / report.requests,
      p50Us: report.p50Us,
      p99Us: report.p99Us,
      maxUs: report.maxUs,
    };
  });
}
