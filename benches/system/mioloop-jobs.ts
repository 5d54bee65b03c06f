/** Empty jobs in worker threads on mioloop: `mioloop-jobs.js <hosted|blocking> <at once> <warm-up> <count>`. */
import { type Coroutine, gather, getRunningLoop, ThreadPoolExecutor } from 'mioloop';
import { EMPTY, WORKERS } from './jobs.js';
import { measure } from './mioloop-support.js';
import { counts, Meter, type Report } from './support.js';

const atOnce = Number(process.argv[3]);

/** `count` jobs, as many at once as are wanted. */
function* jobs(executor: ThreadPoolExecutor, count: number): Coroutine<Report> {
  const meter = new Meter();
  let left = count;
  function* inTurn(): Coroutine<void> {
    while (left-- > 0) {
      const begin = performance.now();
      yield* getRunningLoop().runInExecutor(executor, EMPTY);
      meter.lap(begin);
    }
  }
  yield* gather(...Array.from({ length: atOnce }, inTurn));
  return meter.report();
}

await measure(function* () {
  const [warmup, count] = counts(process.argv);
  const executor = new ThreadPoolExecutor(WORKERS);
  yield* jobs(executor, warmup);
  const report = yield* jobs(executor, count);
  executor.shutdown();
  return report;
});
