/** `gather` of many tasks: made, one step each, results collected. */
import { gather, getRunningLoop, runSync, sleep, type Task } from 'mioloop';
import { emitFor } from '../lib/figure.js';
import { collect } from './collect.js';
import { millions, repeatSteps, wallNow } from './repeat.js';

const TASKS = 100_000;

function* step(value: number) {
  yield* sleep(0);
  return value;
}

function makeTasks(): Task<number>[] {
  const loop = getRunningLoop();
  return Array.from({ length: TASKS }, (_, index) => loop.createTask(step(index)));
}

function* crowd() {
  return yield* repeatSteps(function* () {
    // The collector works on several threads: its CPU is not what the user waits for.
    const start = wallNow();
    const results = yield* gather(...makeTasks());
    if (results.length !== TASKS) throw new Error('results are missing');
    return millions(TASKS, wallNow() - start);
  });
}

/** Bytes a task, with all of them waiting. */
function* memory() {
  collect();
  const before = process.memoryUsage().heapUsed;
  const gathering = gather(...makeTasks());
  yield* sleep(0);
  collect();
  const bytes = (process.memoryUsage().heapUsed - before) / TASKS;
  yield* gathering;
  return bytes;
}

emitFor('generator', `gather of ${TASKS} tasks`, runSync(crowd), 'M tasks/s', { atLeast: 1 });
emitFor('generator', `gather of ${TASKS} tasks, memory`, runSync(memory), 'bytes a task', { atMost: 600 });
