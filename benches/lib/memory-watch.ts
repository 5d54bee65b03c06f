/** Whether a process's memory stays what it is. */
import { residentBytes } from './proc.js';
import { median, type Spread, spread } from './stats.js';

const INTERVAL_MS = 250;
/** Readings of two seconds: of so many the median counts, as single ones go up and down with collections of garbage. */
const WINDOW = 8;

export interface MemoryRange extends Spread {
  /** Resident bytes at the begin, to which the extremes are compared. */
  first: number;
}

/** Reads the resident memory of `pid` again and again while `use` runs; null where that can't be read. */
export async function watchMemory<T>(
  pid: number,
  use: () => Promise<T>,
): Promise<[result: T, range: MemoryRange | null]> {
  const readings: number[] = [];
  const read = () => readings.push(residentBytes(pid) ?? Number.NaN);
  read();
  const timer = setInterval(read, INTERVAL_MS);
  try {
    const result = await use();
    read();
    return [result, rangeOf(readings)];
  } finally {
    clearInterval(timer);
  }
}

function rangeOf(readings: readonly number[]): MemoryRange | null {
  if (readings.some(Number.isNaN)) return null;
  const windows: number[] = [];
  for (let at = 0; at < readings.length; at += WINDOW) windows.push(median(readings.slice(at, at + WINDOW)));
  return { first: windows[0]!, ...spread(windows) };
}

/** The largest distance from the begin, in percent of it. */
export function deviation({ first, min, max }: MemoryRange): number {
  return (Math.max(max - first, first - min) / first) * 100;
}
