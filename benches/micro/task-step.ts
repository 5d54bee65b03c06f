/** One step of a task, with many tasks ready: generators, and async functions. */
import { getRunningLoop, run, sleep } from 'mioloop';
import { emitFor, type Limit } from '../lib/figure.js';
import { nanoseconds, now, repeatSteps } from './repeat.js';

const TASKS = 100;
const STEPS = 1_000;
/** V8 makes awaiting cheaper from Node 24 on, and promises that follow a store far cheaper. */
const ASYNC_LIMIT: Limit = { atMost: Number(process.versions.node.split('.')[0]) >= 24 ? 300 : 500 };

/** A future that a callback sets in the next turn. */
function soonSet() {
  const loop = getRunningLoop();
  const future = loop.createFuture<void>();
  loop.callSoon(() => future.setResult());
  return future;
}

function doneFuture() {
  const future = getRunningLoop().createFuture<void>();
  future.setResult();
  return future;
}

const generators = {
  *sleeping() {
    for (let step = 0; step < STEPS; step++) yield* sleep(0);
  },
  *waiting() {
    for (let step = 0; step < STEPS; step++) yield* soonSet();
  },
  *passing() {
    const done = doneFuture();
    for (let step = 0; step < STEPS; step++) yield* done;
  },
};

const asyncFunctions = {
  async sleeping() {
    for (let step = 0; step < STEPS; step++) await sleep(0);
  },
  async waiting() {
    for (let step = 0; step < STEPS; step++) await soonSet();
  },
  async passing() {
    const done = doneFuture();
    for (let step = 0; step < STEPS; step++) await done;
  },
};

function* crowd(worker: () => Generator<never, void> | Promise<void>) {
  const loop = getRunningLoop();
  return yield* repeatSteps(function* () {
    const start = now();
    const tasks = Array.from({ length: TASKS }, () => loop.createTask(worker as () => Promise<void>));
    for (const task of tasks) yield* task;
    return nanoseconds(TASKS * STEPS, now() - start);
  });
}

async function tell(
  name: keyof typeof generators,
  target: string,
  limit: Limit | null,
  asyncLimit: Limit | null,
): Promise<void> {
  // Generators first: the first async function makes Node 20 and 22 follow every promise.
  const step = await run(() => crowd(generators[name] as () => Generator<never, void>));
  emitFor('generator', target, step, 'ns', limit);
  const asyncStep = await run(() => crowd(asyncFunctions[name]));
  emitFor('async function', target, asyncStep, 'ns', asyncLimit);
}

await tell('sleeping', `task step, ${TASKS} tasks at sleep(0)`, { atMost: 60 }, ASYNC_LIMIT);
await tell('waiting', `task step, ${TASKS} tasks at a future that a callback sets`, null, null);
await tell('passing', `task step, ${TASKS} tasks at a future that is done`, null, null);
