/** What mioloop promises, and whether a run shows it. */
import type { Metric, ScenarioResult } from './echo.js';
import type { Limit } from './figure.js';
import { ratio } from './ratio.js';
import type { Spread } from './stats.js';
import { figure, table } from './table.js';

export type Verdict = 'met' | 'NOT MET' | 'not measured' | 'for information';

/** One line of the list of targets. */
export interface Outcome {
  target: string;
  /** What was measured, with its spread where there is one. */
  value: string;
  /** The limit in words; empty where there is none. */
  limit: string;
  verdict: Verdict;
}

/** A ratio between two peers. */
interface RatioTarget {
  scenario: string;
  metric: Metric;
  peer: string;
  against: string;
  /** Null: for information only. */
  atMost: number | null;
  /** Met as well when the best round meets it: for two variants of the same code. */
  withinSpread?: boolean;
}

const HOSTED = 'mioloop-hosted';
const BLOCKING = 'mioloop-blocking';

const METRICS: Record<Metric, string> = {
  cpuUs: 'CPU a request',
  p50Us: 'median latency',
  p99Us: 'p99 latency',
};

const RATIOS: readonly RatioTarget[] = [
  ...hosted('100x1KiB', { net: 0.62, 'net-cheap': null, uvloop: 0.95, mio: 1.2 }),
  ...hosted('1000x1KiB', { net: 0.68, 'net-cheap': null, uvloop: 1.05, mio: 1.35 }),
  ...['100x1KiB', '1000x1KiB'].map((scenario): RatioTarget => {
    return { scenario, metric: 'cpuUs', peer: BLOCKING, against: HOSTED, atMost: 1, withinSpread: true };
  }),
  ...hosted('100x100KiB', { net: 0.85, 'net-cheap': null, uvloop: null, mio: null }),
  { scenario: '100x100KiB', metric: 'cpuUs', peer: `${HOSTED}-buffered`, against: 'mio', atMost: 1.15 },
  { scenario: '1x1KiB', metric: 'p50Us', peer: HOSTED, against: 'net', atMost: 1.05 },
  { scenario: '100x1KiB', metric: 'p99Us', peer: HOSTED, against: 'uvloop', atMost: 1 },
];

function hosted(scenario: string, limits: Record<string, number | null>): RatioTarget[] {
  return Object.entries(limits).map(([against, atMost]) => {
    return { scenario, metric: 'cpuUs', peer: HOSTED, against, atMost };
  });
}

/** The targets of the scenarios that were run. */
export function judgeRatios(results: readonly ScenarioResult[]): Outcome[] {
  return RATIOS.flatMap((target) => {
    const result = results.find(({ scenario }) => scenario.name === target.scenario);
    return result === undefined ? [] : [judgeRatio(result, target)];
  });
}

function judgeRatio(result: ScenarioResult, target: RatioTarget): Outcome {
  const measured = ratio(result, target.metric, target.peer, target.against);
  return {
    target: `${target.scenario} ${METRICS[target.metric]}, ${target.peer} / ${target.against}`,
    value:
      measured === null
        ? '–'
        : `${figure(measured.median)} (${figure(measured.min)}..${figure(measured.max)})`,
    limit:
      target.atMost === null ? '' : `≤ ${target.atMost}${target.withinSpread ? ' or within spread' : ''}`,
    verdict: judge(measured, target),
  };
}

function judge(measured: Spread | null, { atMost, withinSpread }: RatioTarget): Verdict {
  if (measured === null) return 'not measured';
  if (atMost === null) return 'for information';
  return measured.median <= atMost || (withinSpread === true && measured.min <= atMost) ? 'met' : 'NOT MET';
}

/** A plain figure against its limit; `limit` null is for information. */
export function judgeFigure(
  target: string,
  value: number | null,
  unit: string,
  limit: Limit | null,
): Outcome {
  const text = value === null || Number.isNaN(value) ? '–' : `${figure(value)} ${unit}`;
  if (limit === null) return { target, value: text, limit: '', verdict: 'for information' };
  const words = 'atMost' in limit ? `≤ ${limit.atMost} ${unit}` : `≥ ${limit.atLeast} ${unit}`;
  if (value === null || Number.isNaN(value))
    return { target, value: text, limit: words, verdict: 'not measured' };
  const isMet = 'atMost' in limit ? value <= limit.atMost : value >= limit.atLeast;
  return { target, value: text, limit: words, verdict: isMet ? 'met' : 'NOT MET' };
}

export function outcomeTable(outcomes: readonly Outcome[]): string {
  const rows = outcomes.map(({ target, value, limit, verdict }) => [target, value, limit, verdict]);
  return table(['target', 'measured', 'limit', 'verdict'], rows);
}
