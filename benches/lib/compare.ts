/** A comparison: every peer under the same load, in rounds that take turns. */
import type { Bench } from './bench.js';
import { isWanted } from './options.js';
import type { Peer, Service } from './peer.js';
import type { Sample } from './sample.js';
import type { Scenario } from './scenario.js';

/** All runs of a scenario: one entry a round for each contestant, null when it failed. */
export interface ScenarioResult {
  scenario: Scenario;
  samples: Map<string, (Sample | null)[]>;
}

/** A peer with the program that a scenario measures. */
interface Contestant {
  name: string;
  command: readonly string[];
}

/**
 * Peers take turns within a round and start one place further in the next, so that a change of the machine's mood hits
 * all of them. Each run has a fresh server.
 */
export async function compare(bench: Bench, scenario: Scenario): Promise<ScenarioResult> {
  const contestants = bench.contestants.flatMap((peer) => contestantsOf(peer, scenario));
  const samples = new Map<string, (Sample | null)[]>(contestants.map(({ name }) => [name, []]));
  for (let round = 0; round < bench.options.rounds; round++) {
    const first = round % contestants.length;
    for (const contestant of [...contestants.slice(first), ...contestants.slice(0, first)]) {
      const { name } = contestant;
      process.stderr.write(`${scenario.name} round ${round + 1}/${bench.options.rounds} ${name}\n`);
      samples.get(name)!.push(await measureOrReport(bench, scenario, contestant));
    }
  }
  return { scenario, samples };
}

function contestantsOf({ name, services }: Peer, { services: wanted, among }: Scenario): Contestant[] {
  if (among !== undefined && !isWanted(among, name)) return [];
  return wanted.flatMap((service: Service) => {
    const command = services[service];
    return command === undefined ? [] : [{ name, command }];
  });
}

async function measureOrReport(
  bench: Bench,
  scenario: Scenario,
  { name, command }: Contestant,
): Promise<Sample | null> {
  try {
    return await scenario.measure(bench, command);
  } catch (error) {
    console.log(`${scenario.name} ${name} failed: ${(error as Error).message}`);
    return null;
  }
}
