/** One step of a generator task, with many tasks ready. */
import { getRunningLoop, runSync, sleep } from 'mioloop';
import { emit } from '../lib/figure.js';
import { nanoseconds, now, repeatSteps } from './repeat.js';

const TASKS = 100;
const STEPS = 5_000;

function* worker() {
  for (let step = 0; step < STEPS; step++) yield* sleep(0);
}

function* crowd() {
  const loop = getRunningLoop();
  return yield* repeatSteps(function* () {
    const start = now();
    const tasks = Array.from({ length: TASKS }, () => loop.createTask(worker()));
    for (const task of tasks) yield* task;
    return nanoseconds(TASKS * STEPS, now() - start);
  });
}

emit(`task step, ${TASKS} tasks at sleep(0)`, runSync(crowd), 'ns', { atMost: 60 });
