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

/** Seconds. */
export function now(): number {
  return performance.now() / 1_000;
}

/** Millions a second. */
export function millions(count: number, seconds: number): number {
  return count / seconds / 1e6;
}

/** Nanoseconds each. */
export function nanoseconds(count: number, seconds: number): number {
  return (seconds / count) * 1e9;
}
