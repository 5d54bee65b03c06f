/** Writes the results: always to `benches/results`, on request to `docs`. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ScenarioResult } from './compare.js';
import type { Figure } from './figure.js';
import { type Machine, machineText } from './machine.js';
import { RESULTS, ROOT } from './paths.js';
import type { Peer } from './peer.js';
import { plot } from './svg.js';
import type { Outcome } from './targets.js';

export interface Findings {
  date: Date;
  machine: Machine;
  /** How the two sides were pinned. */
  cores: string;
  peers: readonly Peer[];
  scenarios: readonly ScenarioResult[];
  outcomes: readonly Outcome[];
  /** Of the micro benchmarks, as they were measured. */
  figures: readonly Figure[];
}

/** Returns the paths that were written. */
export function writeFindings(findings: Findings, publish: boolean): string[] {
  const stamp = findings.date.toISOString().slice(0, 19).replace(/:/g, '-');
  const targets = [join(RESULTS, stamp), ...(publish ? [join(ROOT, 'docs', 'performance')] : [])];
  const json = `${JSON.stringify(toJson(findings), null, 2)}\n`;
  const hasPlot = findings.scenarios.length > 0;
  const subtitle = `${machineText(findings.machine)}, ${findings.date.toISOString().slice(0, 10)}`;
  return targets.flatMap((target) => {
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(`${target}.json`, json);
    if (!hasPlot) return [`${target}.json`];
    writeFileSync(`${target}.svg`, plot(findings.scenarios, subtitle));
    return [`${target}.json`, `${target}.svg`];
  });
}

function toJson({ date, machine, cores, peers, scenarios, outcomes, figures }: Findings): unknown {
  return {
    date: date.toISOString(),
    machine,
    cores,
    peers: Object.fromEntries(peers.map(({ name, version }) => [name, version])),
    scenarios: scenarios.map(({ scenario: { name, unit }, samples }) => ({
      name,
      unit,
      samples: Object.fromEntries(samples),
    })),
    targets: outcomes,
    figures,
  };
}
