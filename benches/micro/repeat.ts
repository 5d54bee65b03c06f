/** Repetition for the scripts of this folder. */
import { median } from '../lib/stats.js';

const WARMUPS = 2;
const SAMPLES = 7;

/** The median of several calls, after calls that only warm up. */
export function repeat(sample: () => number): number {
  for (let index = 0; index < WARMUPS; index++) sample();
  return median(Array.from({ length: SAMPLES }, sample));
}

/** `repeat` for a sample that is a coroutine. */
export function* repeatSteps<Step, Next>(
  sample: () => Generator<Step, number, Next>,
): Generator<Step, number, Next> {
  for (let index = 0; index < WARMUPS; index++) yield* sample();
  const samples: number[] = [];
  for (let index = 0; index < SAMPLES; index++) samples.push(yield* sample());
  return median(samples);
}

/** `repeat` for a sample that is an async function. */
export async function repeatAsync(sample: () => Promise<number>): Promise<number> {
  for (let index = 0; index < WARMUPS; index++) await sample();
  const samples: number[] = [];
  for (let index = 0; index < SAMPLES; index++) samples.push(await sample());
  return median(samples);
}

/** From Node 23.9 on. */
type ThreadUsage = (() => NodeJS.CpuUsage) | undefined;
const threadUsage = Reflect.get(process, 'threadCpuUsage') as ThreadUsage;

/**
 * Seconds of CPU, of this thread where Node can tell (else those of the compiler's and the collector's threads count,
 * too). What is measured never sleeps and has a core of its own: this is its time without what other programs take.
 */
export function now(): number {
  const { user, system } = threadUsage?.call(process) ?? process.cpuUsage();
  return (user + system) / 1e6;
}

/** Seconds that pass. */
export function wallNow(): number {
  return performance.now() / 1e3;
}

/** Millions a second. */
export function millions(count: number, seconds: number): number {
  return count / seconds / 1e6;
}

/** Nanoseconds each. */
export function nanoseconds(count: number, seconds: number): number {
  return (seconds / count) * 1e9;
}
