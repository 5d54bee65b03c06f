/** `npm run bench`: mioloop against its peers, then the micro benchmarks. `--help` lists the options. */
import { chooseCores } from './lib/affinity.js';
import type { Bench } from './lib/bench.js';
import { buildPrograms } from './lib/cargo.js';
import { compare, type ScenarioResult } from './lib/compare.js';
import type { Figure } from './lib/figure.js';
import { runIsolated } from './lib/isolated.js';
import { describeMachine, machineText } from './lib/machine.js';
import { judgeNodeTimers } from './lib/node-timers.js';
import { isWanted, type Options, parseOptions, USAGE } from './lib/options.js';
import { findPeers, type Missing } from './lib/peer.js';
import { peersTable } from './lib/peers-table.js';
import { writeFindings } from './lib/publish.js';
import { chooseScenarios } from './lib/scenario.js';
import { scenarioTable } from './lib/scenario-table.js';
import { smoke } from './lib/smoke.js';
import { judgeScenarios, type Outcome, outcomeTable } from './lib/targets.js';
import { MICRO_NAMES, runMicros } from './micro.js';
import { soak } from './soak.js';

async function main(args: string[]): Promise<number> {
  if (args.includes('--help')) {
    console.log(USAGE);
    return 0;
  }
  const options = parseOptions(args);
  const { bench, missing } = await prepare(options);
  // Behind what may need the network, which is not there.
  if (options.isolated) return runIsolated(args.filter((arg) => arg !== '--isolated'));
  for (const { name, reason } of missing) console.log(`skipped ${name}: ${reason}`);
  if (options.smoke) return (await smoke(bench, missing)) ? 0 : 1;
  return (await (options.soak ? measureSoak(bench) : measure(bench))) ? 0 : 1;
}

async function prepare(options: Options): Promise<{ bench: Bench; missing: Missing[] }> {
  const programs = await buildPrograms();
  const foreign = (options.echo || options.network || options.system) && !options.soak;
  const search = { foreign, install: foreign && !options.smoke };
  const { present, missing } = await findPeers(programs, search);
  const names = [...present, ...missing].map(({ name }) => name);
  refuseUnknown(options.only, [...names, ...MICRO_NAMES]);
  const wanted = <T extends { name: string }>(peers: T[]) =>
    peers.filter(({ name }) => isWanted(options.only, name));
  const contestants = wanted(present);
  const bench = { options, programs, peers: present, contestants, cores: await chooseCores() };
  return { bench, missing: wanted(missing) };
}

function refuseUnknown(only: readonly string[], names: readonly string[]): void {
  const unknown = only.find((wanted) => !names.some((name) => isWanted([wanted], name)));
  if (unknown !== undefined)
    throw new Error(`--only does not know ${unknown}; there are ${names.join(', ')}`);
}

/** True when no run failed. Targets that are not met are no failure: they depend on the machine. */
async function measure(bench: Bench): Promise<boolean> {
  const scenarios = chooseScenarios(bench.options.scenarios).filter(({ part }) => bench.options[part]);
  const machine = describeMachine();
  const date = new Date();
  console.log(`${machineText(machine)}\n${bench.cores.text}`);
  const results: ScenarioResult[] = [];
  const outcomes: Outcome[] = [];
  const figures: Figure[] = [];
  for (const scenario of scenarios) {
    const result = await compare(bench, scenario);
    if (result.samples.size === 0) continue;
    console.log(`\n### ${scenario.name}\n\n${scenarioTable(result)}`);
    results.push(result);
  }
  outcomes.push(...judgeScenarios(results));
  if (bench.options.echo) outcomes.push(...(await judgeNodeTimers(bench)));
  if (bench.options.micro) {
    const micros = await runMicros(bench);
    outcomes.push(...micros.outcomes);
    figures.push(...micros.figures);
  }
  const beside = peersTable(figures);
  if (beside !== null) console.log(`\n### Tasks\n\n${beside}`);
  console.log(`\n### Targets\n\n${outcomeTable(outcomes)}\n`);
  const { contestants: peers, cores } = bench;
  const findings = { date, machine, cores: cores.text, peers, scenarios: results, outcomes, figures };
  for (const path of writeFindings(findings, bench.options.publish)) console.log(`wrote ${path}`);
  return results.every(({ samples }) => [...samples.values()].every((rounds) => !rounds.includes(null)));
}

/** True when no soak failed. */
async function measureSoak(bench: Bench): Promise<boolean> {
  console.log(`${machineText(describeMachine())}\n${bench.cores.text}`);
  const outcomes = await soak(bench);
  console.log(`\n### Targets\n\n${outcomeTable(outcomes)}\n`);
  return outcomes.every(({ verdict }) => verdict !== 'not measured');
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
