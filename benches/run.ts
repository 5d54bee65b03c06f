/** `npm run bench`: mioloop against its peers, then the micro benchmarks. `--help` lists the options. */
import { chooseCores } from './lib/affinity.js';
import type { Bench } from './lib/bench.js';
import { buildPrograms } from './lib/cargo.js';
import { compare, type ScenarioResult } from './lib/echo.js';
import { scenarioTable } from './lib/echo-report.js';
import type { Figure } from './lib/figure.js';
import { describeMachine, machineText } from './lib/machine.js';
import { judgeNodeTimers } from './lib/node-timers.js';
import { isWanted, type Options, parseOptions, USAGE } from './lib/options.js';
import { findPeers, type Missing } from './lib/peer.js';
import { peersTable } from './lib/peers-table.js';
import { writeFindings } from './lib/publish.js';
import { chooseScenarios, type Scenario } from './lib/scenario.js';
import { smoke } from './lib/smoke.js';
import { judgeRatios, type Outcome, outcomeTable } from './lib/targets.js';
import { MICRO_NAMES, runMicros } from './micro.js';

async function main(args: string[]): Promise<number> {
  if (args.includes('--help')) {
    console.log(USAGE);
    return 0;
  }
  const options = parseOptions(args);
  const scenarios = chooseScenarios(options.scenarios);
  const { bench, missing } = await prepare(options);
  for (const { name, reason } of missing) console.log(`skipped ${name}: ${reason}`);
  if (options.smoke) return (await smoke(bench, missing)) ? 0 : 1;
  return (await measure(bench, scenarios)) ? 0 : 1;
}

async function prepare(options: Options): Promise<{ bench: Bench; missing: Missing[] }> {
  const programs = await buildPrograms();
  const search = { foreign: options.echo, install: options.echo && !options.smoke };
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
async function measure(bench: Bench, scenarios: readonly Scenario[]): Promise<boolean> {
  const machine = describeMachine();
  const date = new Date();
  console.log(`${machineText(machine)}\n${bench.cores.text}`);
  const results: ScenarioResult[] = [];
  const outcomes: Outcome[] = [];
  const figures: Figure[] = [];
  if (bench.options.echo && bench.contestants.length > 0) {
    for (const scenario of scenarios) {
      const result = await compare(bench, scenario);
      console.log(`\n### ${scenario.name}\n\n${scenarioTable(result)}`);
      results.push(result);
    }
    outcomes.push(...judgeRatios(results), ...(await judgeNodeTimers(bench)));
  }
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

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
