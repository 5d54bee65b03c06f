/** What every program on mioloop of this folder does: run hosted or blocking, as its first argument says. */
import { type Coroutine, run, runSync } from 'mioloop';
import { Meter, type Report, tell } from './support.js';

/** Runs `main` on a loop and prints what it reports. */
export async function measure(main: () => Coroutine<Report>): Promise<void> {
  tell(process.argv[2] === 'blocking' ? runSync(main) : await run(main));
}

/** `count` times, one after another, behind as many as warm up. */
export function* oneByOne(warmup: number, count: number, work: () => Coroutine<void>): Coroutine<Report> {
  for (let index = 0; index < warmup; index++) yield* work();
  const meter = new Meter();
  for (let index = 0; index < count; index++) {
    const begin = performance.now();
    yield* work();
    meter.lap(begin);
  }
  return meter.report();
}
