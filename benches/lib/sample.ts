/** What one run of one peer gave. */
import type { LoadReport } from './loadgen.js';
import { percentile } from './stats.js';

/** Figures a unit of the scenario's work: a request, a datagram, a child, a MiB. */
export interface Sample {
  /** Units a second. */
  perSecond: number;
  /** CPU of what is measured a unit, in microseconds; NaN where it can't be read. */
  cpuUs: number;
  /** Of a unit; NaN where it is no figure of its own. */
  p50Us: number;
  p99Us: number;
  maxUs: number;
}

export type Metric = keyof Sample;

export function sampleOf(report: LoadReport): Sample {
  return {
    perSecond: report.requestsPerSecond,
    cpuUs: (report.serverCpuUs ?? Number.NaN) / report.requests,
    p50Us: report.p50Us,
    p99Us: report.p99Us,
    maxUs: report.maxUs,
  };
}

/** Of units with a latency each. */
export function sampleOfEach(report: {
  seconds: number;
  cpuUs: number;
  latenciesUs: readonly number[];
}): Sample {
  const { seconds, cpuUs, latenciesUs } = report;
  return {
    perSecond: latenciesUs.length / seconds,
    cpuUs: cpuUs / latenciesUs.length,
    p50Us: percentile(latenciesUs, 0.5),
    p99Us: percentile(latenciesUs, 0.99),
    maxUs: percentile(latenciesUs, 1),
  };
}

/** Of `units` in `seconds`, without latencies. */
export function sampleOfWhole(units: number, seconds: number, cpuUs: number | null): Sample {
  return {
    perSecond: units / seconds,
    cpuUs: (cpuUs ?? Number.NaN) / units,
    p50Us: Number.NaN,
    p99Us: Number.NaN,
    maxUs: Number.NaN,
  };
}
