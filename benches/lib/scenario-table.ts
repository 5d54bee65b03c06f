/** The table of a scenario. */
import type { ScenarioResult } from './compare.js';
import { ratio } from './ratio.js';
import type { Metric, Sample } from './sample.js';
import { median, spread } from './stats.js';
import { figure, table } from './table.js';

const REFERENCES = [
  'net',
  'uvloop',
  'mio',
  'for-await',
  'dgram',
  'pipe',
  'c',
  'child_process',
  'process.on',
  'piscina',
];

/** Cheapest peer first. */
export function scenarioTable(result: ScenarioResult): string {
  const { unit } = result.scenario;
  const references = REFERENCES.filter((reference) => result.samples.has(reference));
  const head = ['peer', `CPU µs/${unit}`, 'min..max', `${unit}/s`, 'min..max', 'p50 µs', 'p99 µs', 'max µs'];
  const rows = [...result.samples].map(([name, samples]) =>
    row(result, name, samples.filter(isPresent), references),
  );
  rows.sort((a, b) => Number(a[1] === '–') - Number(b[1] === '–') || Number(a[1]) - Number(b[1]));
  return table([...head, ...references.map((reference) => `/ ${reference}`)], rows);
}

function row(
  result: ScenarioResult,
  name: string,
  samples: readonly Sample[],
  references: readonly string[],
): string[] {
  const middle = (metric: Metric) => figure(median(samples.map((sample) => sample[metric])));
  const extremes = (metric: Metric) => {
    const { min, max } = spread(samples.map((sample) => sample[metric]));
    return `${figure(min)}..${figure(max)}`;
  };
  const ratios = references.map((reference) => ratio(result, 'cpuUs', name, reference)?.median ?? Number.NaN);
  return [
    name,
    middle('cpuUs'),
    extremes('cpuUs'),
    middle('perSecond'),
    extremes('perSecond'),
    middle('p50Us'),
    middle('p99Us'),
    middle('maxUs'),
    ...ratios.map(figure),
  ];
}

function isPresent(sample: Sample | null): sample is Sample {
  return sample !== null;
}
