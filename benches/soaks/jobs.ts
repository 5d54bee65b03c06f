/** Jobs in worker threads, some of which end their worker: each fails alone, and all others are done. */
import { type Coroutine, gather, getRunningLoop, ThreadPoolExecutor } from 'mioloop';
import { count, descriptors, figure, ready, runSoak, seeded, tell } from './support.js';

const SEED = 6;
const WORKERS = 4;
const AT_ONCE = 16;
/** One of so many ends its worker. */
const CRASHES = 50;
const MODULE = new URL('./job.js', import.meta.url).href;

runSoak(function* () {
  const random = seeded(SEED);
  const executor = new ThreadPoolExecutor(WORKERS);
  let done = 0;
  let failed = 0;
  let wrong = 0;
  let crashes = 0;

  function* jobs(left: { count: number }): Coroutine<void> {
    while (left.count-- > 0) {
      const crashing = random() < 1 / CRASHES;
      if (crashing) crashes++;
      const name = crashing ? 'crash' : 'square';
      const number = left.count;
      try {
        const job = { module: MODULE, export: name };
        const result = yield* getRunningLoop().runInExecutor(executor, job, number);
        if (result === number * number) done++;
        else wrong++;
      } catch (error) {
        if (!(error instanceof Error)) throw error;
        if (crashing) failed++;
        else wrong++;
      }
    }
  }

  function* all(total: number): Coroutine<void> {
    const left = { count: total };
    yield* gather(...Array.from({ length: AT_ONCE }, () => jobs(left)));
  }

  yield* all(count * 0.1);
  ready();
  // Threads that are being replaced have descriptors, too: what is left is not exact.
  const before = descriptors();
  [done, failed, wrong, crashes] = [0, 0, 0, 0];
  yield* all(count);
  tell([
    figure('done, or ended with their worker', done + failed, 'jobs', { atLeast: count }),
    figure('that ended their worker', failed, 'jobs', { atLeast: crashes }),
    figure('that failed with another', wrong, 'jobs', { atMost: 0 }),
    figure('descriptors that are left', descriptors() - before, 'descriptors', null),
  ]);
  executor.shutdown();
});
