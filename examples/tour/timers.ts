/** A table of timers: what was asked, and how late the callback came. */
import { type Coroutine, type EventLoop, getRunningLoop, run } from 'mioloop';
import { percentile } from '../../benches/lib/stats.js';
import { table } from '../../benches/lib/table.js';

/** Milliseconds asked, and how many times: a third of a second each, half a second for the last. */
const DELAYS: readonly [ms: number, times: number][] = [
  [1, 300],
  [1.5, 200],
  [5, 60],
  [10, 30],
  [50, 10],
];

/** Rejects when a timer is early. */
export async function showLateness(): Promise<void> {
  const rows = await run(function* () {
    const rows: string[][] = [];
    for (const [ms, times] of DELAYS) rows.push(row(ms, yield* measure(getRunningLoop(), ms, times)));
    return rows;
  });
  console.log(table(['asked', 'times', 'p50 late', 'max late', 'early'], rows));
}

/** How late each of `times` timers was, in milliseconds; negative where it was early. */
function* measure(loop: EventLoop, ms: number, times: number): Coroutine<number[]> {
  const lateness: number[] = [];
  for (let round = 0; round < times; round++) {
    const fired = loop.createFuture<number>();
    const start = performance.now();
    loop.callLater(ms / 1_000, () => fired.setResult(performance.now()));
    lateness.push((yield* fired) - start - ms);
  }
  return lateness;
}

function row(ms: number, lateness: readonly number[]): string[] {
  const early = lateness.filter((late) => late < 0).length;
  if (early > 0) throw new Error(`${early} of ${lateness.length} timers of ${ms} ms were early`);
  const [p50, max] = [percentile(lateness, 0.5), percentile(lateness, 1)];
  return [`${ms} ms`, `${lateness.length}`, `${p50.toFixed(3)} ms`, `${max.toFixed(3)} ms`, `${early}`];
}
