/** Timers that are scheduled and never fire. */
import { getRunningLoop, runSync, sleep, type TimerHandle } from 'mioloop';
import { emit } from '../lib/figure.js';
import { millions, now, repeat, repeatSteps } from './repeat.js';

const TIMERS = 500_000;
const BATCH = 1_000;
const DELAY = 60;
const noop = () => {};

/** Timers of one batch a turn; they are cancelled at once, or in the next turn, when the core has them. M/s. */
function* batches(live: 'within a turn' | 'for a turn') {
  const loop = getRunningLoop();
  return yield* repeatSteps(function* () {
    const timers: TimerHandle[] = [];
    const start = now();
    for (let batch = 0; batch < TIMERS / BATCH; batch++) {
      for (let index = 0; index < BATCH; index++) {
        const timer = loop.callLater(DELAY, noop);
        if (live === 'within a turn') timer.cancel();
        else timers.push(timer);
      }
      yield* sleep(0);
      for (const timer of timers.splice(0)) timer.cancel();
    }
    return millions(TIMERS, now() - start);
  });
}

emit('timer scheduled and cancelled', runSync(batches('within a turn')), 'M/s', { atLeast: 4 });
emit('timer scheduled, cancelled a turn later', runSync(batches('for a turn')), 'M/s');

const nodes = repeat(() => {
  const start = now();
  for (let index = 0; index < TIMERS; index++) clearTimeout(setTimeout(noop, DELAY * 1_000));
  return millions(TIMERS, now() - start);
});
emit('setTimeout and clearTimeout', nodes, 'M/s');
