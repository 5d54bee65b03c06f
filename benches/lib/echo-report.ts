/** The table of a scenario. */
import type { Metric, Sample, ScenarioResult } from './echo.js';
import { ratio } from './ratio.js';
import { median, spread } from './stats.js';
import { figure, table } from './table.js';

const REFERENCES = ['net', 'uvloop', 'mio'];
const HEAD = ['peer', 'CPU µs/req', 'min..max', 'req/s', 'p50 µs', 'p99 µs', 'max µs'];

/** Cheapest peer first. */
export function scenarioTable(result: ScenarioResult): string {
  const rows = [...result.samples].map(([name, samples]) => row(result, name, samples.filter(isPresent)));
  rows.sort((a, b) => Number(a[1] === '–') - Number(b[1] === '–') || Number(a[1]) - Number(b[1]));
  return table([...HEAD, ...REFERENCES.map((reference) => `/ ${reference}`)], rows);
}

function row(result: ScenarioResult, name: string, samples: readonly Sample[]): string[] {
  const middle = (metric: Metric | 'requestsPerSecond' | 'maxUs') =>
    figure(median(samples.map((s) => s[metric])));
  const { min, max } = spread(samples.map((sample) => sample.cpuUs));
  const ratios = REFERENCES.map((reference) => ratio(result, 'cpuUs', name, reference)?.median ?? Number.NaN);
  return [
    name,
    middle('cpuUs'),
    `${figure(min)}..${figure(max)}`,
    middle('requestsPerSecond'),
    middle('p50Us'),
    middle('p99Us'),
    middle('maxUs'),
    ...ratios.map(figure),
  ];
}

function isPresent(sample: Sample | null): sample is Sample {
  return sample !== null;
}
