/** What mioloop promises, and whether a run shows it. */
import type { ScenarioResult } from './compare.js';
import type { Limit } from './figure.js';
import { ratio, times } from './ratio.js';
import type { Metric } from './sample.js';
import { type Spread, spread } from './stats.js';
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
  /** What share of the other's figure is the most; or how many times as good is the least. Null: for information. */
  limit: { atMost: number } | { times: number } | null;
  /** Met as well when the best round meets it: for two variants of the same code. */
  withinSpread?: boolean;
}

/** A figure of one peer that is not compared. */
interface Ceiling {
  scenario: string;
  metric: Metric;
  peer: string;
  /** Microseconds. */
  atMost: number;
}

const HOSTED = 'mioloop-hosted';
const BLOCKING = 'mioloop-blocking';

const METRICS: Record<Exclude<Metric, 'cpuUs'>, string> = {
  perSecond: 'rate',
  p50Us: 'median latency',
  p99Us: 'p99 latency',
  maxUs: 'longest latency',
};

const RATIOS: readonly RatioTarget[] = [
  ...hosted('100x1KiB', { net: 0.62, 'net-cheap': null, uvloop: 0.95, mio: 1.2 }),
  ...hosted('1000x1KiB', { net: 0.68, 'net-cheap': null, uvloop: 1.05, mio: 1.35 }),
  ...['100x1KiB', '1000x1KiB'].map((scenario): RatioTarget => {
    const limit = { atMost: 1 };
    return { scenario, metric: 'cpuUs', peer: BLOCKING, against: HOSTED, limit, withinSpread: true };
  }),
  ...hosted('100x100KiB', { net: 0.85, 'net-cheap': null, uvloop: null, mio: null }),
  target('100x100KiB', 'cpuUs', 'mio', { atMost: 1.15 }, `${HOSTED}-buffered`),
  target('1x1KiB', 'p50Us', 'net', { atMost: 1.05 }),
  target('100x1KiB', 'p99Us', 'uvloop', { atMost: 1 }),
  target('streams', 'cpuUs', 'uvloop', { times: 1.5 }),
  target('streams', 'cpuUs', 'for-await', { times: 1.5 }),
  target('sockets', 'cpuUs', 'uvloop', { times: 1.3 }),
  target('datagrams', 'cpuUs', 'dgram', { times: 1.5 }),
  target('datagrams-4', 'cpuUs', 'dgram', { times: 1.5 }),
  target('sendfile', 'perSecond', 'c', { times: 0.9 }),
  target('sendfile', 'perSecond', 'pipe', { times: 1.5 }),
  target('sendfile', 'cpuUs', 'c', null),
  target('bulk', 'perSecond', 'net', { times: 1.2 }),
  target('bulk', 'cpuUs', 'net', { times: 1.2 }),
  target('connections', 'cpuUs', 'net', { times: 1.5 }),
  target('connections', 'perSecond', 'net', null),
  target('clients', 'cpuUs', 'net', null),
  ...['spawn', 'spawn-options'].flatMap((scenario) => [
    ...rates(scenario, { asyncio: 1, uvloop: 1, child_process: 1, c: 0.85 }),
    target(scenario, 'perSecond', 'c', null, `${HOSTED}-process`),
  ]),
  ...['pipe-echo', 'pipe-read'].flatMap((scenario) => [
    ...rates(scenario, { child_process: 1.5 }),
    target(scenario, 'perSecond', 'child_process', null, `${HOSTED}-process`),
    target(scenario, 'perSecond', 'child_process', null, `${HOSTED}-buffered`),
    target(scenario, 'perSecond', 'child_process', null, 'c'),
    target(scenario, 'perSecond', 'c', null),
  ]),
  target('signals', 'p99Us', 'process.on', null),
  ...['jobs', 'jobs-16'].flatMap((scenario) => rates(scenario, { piscina: 1 })),
];

const CEILINGS: readonly Ceiling[] = ['signals-own', 'signals'].flatMap((scenario) =>
  [HOSTED, BLOCKING].map((peer): Ceiling => ({ scenario, metric: 'p99Us', peer, atMost: 100 })),
);

/** Hosted and blocking. */
function rates(scenario: string, limits: Record<string, number>): RatioTarget[] {
  return [HOSTED, BLOCKING].flatMap((peer) =>
    Object.entries(limits).map(([against, times]) => target(scenario, 'perSecond', against, { times }, peer)),
  );
}

function hosted(scenario: string, limits: Record<string, number | null>): RatioTarget[] {
  return Object.entries(limits).map(([against, atMost]) =>
    target(scenario, 'cpuUs', against, atMost === null ? null : { atMost }),
  );
}

function target(
  scenario: string,
  metric: Metric,
  against: string,
  limit: RatioTarget['limit'],
  peer = HOSTED,
): RatioTarget {
  return { scenario, metric, peer, against, limit };
}

/** The targets of the scenarios that were run. */
export function judgeScenarios(results: readonly ScenarioResult[]): Outcome[] {
  const judgeAll = <T extends { scenario: string }>(
    targets: readonly T[],
    judgeOne: (result: ScenarioResult, target: T) => Outcome,
  ) =>
    targets.flatMap((target) => {
      const result = results.find(({ scenario }) => scenario.name === target.scenario);
      return result === undefined ? [] : [judgeOne(result, target)];
    });
  return [...judgeAll(RATIOS, judgeRatio), ...judgeAll(CEILINGS, judgeCeiling)];
}

function judgeCeiling(result: ScenarioResult, { metric, peer, atMost }: Ceiling): Outcome {
  const samples = (result.samples.get(peer) ?? []).flatMap((sample) => sample?.[metric] ?? []);
  const measured = samples.length === 0 ? null : spread(samples);
  const met = measured !== null && measured.median <= atMost ? 'met' : 'NOT MET';
  return {
    target: `${result.scenario.name} ${whatOf(result, metric)}, ${peer}`,
    value: measured === null ? '–' : `${spreadText(measured)} µs`,
    limit: `≤ ${atMost} µs`,
    verdict: measured === null ? 'not measured' : met,
  };
}

function judgeRatio(result: ScenarioResult, target: RatioTarget): Outcome {
  const { metric, peer, against, limit, withinSpread } = target;
  const { name } = result.scenario;
  const inTimes = limit !== null && 'times' in limit;
  const measured = (inTimes ? times : ratio)(result, metric, peer, against);
  const what = whatOf(result, metric);
  return {
    target: inTimes
      ? `${name} ${what}, ${peer}: times as good as ${against}`
      : `${name} ${what}, ${peer} / ${against}`,
    value: measured === null ? '–' : spreadText(measured),
    limit: limit === null ? '' : limitText(limit, withinSpread),
    verdict: judge(measured, target),
  };
}

function whatOf({ scenario: { unit } }: ScenarioResult, metric: Metric): string {
  return metric === 'cpuUs' ? `CPU a ${unit}` : METRICS[metric];
}

function spreadText({ median, min, max }: Spread): string {
  return `${figure(median)} (${figure(min)}..${figure(max)})`;
}

function limitText(limit: NonNullable<RatioTarget['limit']>, withinSpread = false): string {
  if ('times' in limit) return `≥ ${limit.times}`;
  return `≤ ${limit.atMost}${withinSpread ? ' or within spread' : ''}`;
}

function judge(measured: Spread | null, { limit, withinSpread }: RatioTarget): Verdict {
  if (measured === null) return 'not measured';
  if (limit === null) return 'for information';
  const isMet = (value: number) => ('times' in limit ? value >= limit.times : value <= limit.atMost);
  return isMet(measured.median) || (withinSpread === true && isMet(measured.min)) ? 'met' : 'NOT MET';
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
