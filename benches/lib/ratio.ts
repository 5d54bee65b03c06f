/** Peers against each other: the ratio of each round, so that both sides saw the same minutes of the machine. */
import type { ScenarioResult } from './compare.js';
import type { Metric } from './sample.js';
import { type Spread, spread } from './stats.js';

/** `peer` / `against`; null when no round has both. */
export function ratio(result: ScenarioResult, metric: Metric, peer: string, against: string): Spread | null {
  const ours = result.samples.get(peer) ?? [];
  const theirs = result.samples.get(against) ?? [];
  const ratios = ours
    .map((sample, round) => (sample?.[metric] ?? Number.NaN) / (theirs[round]?.[metric] ?? Number.NaN))
    .filter(Number.isFinite);
  return ratios.length === 0 ? null : spread(ratios);
}

/** How many times as good `peer` is as `against`: by a rate as much as by a cost. */
export function times(result: ScenarioResult, metric: Metric, peer: string, against: string): Spread | null {
  return metric === 'perSecond' ? ratio(result, metric, peer, against) : ratio(result, metric, against, peer);
}
