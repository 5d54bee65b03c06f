/**
 * What a callback and a step of a task take in one build of the package, in nanoseconds: `absence.js <build>`. A build
 * has the process for itself, because the optimizer favours what was loaded first.
 */
import { pathToFileURL } from 'node:url';
import { percentile } from '../lib/stats.js';
import { nanoseconds, now } from './repeat.js';

/** Small enough for the processor's cache. */
const BURST = 1_000;
/** In a sample: as many as make the garbage collector's part even. */
const BURSTS = 50;
const TASKS = 100;
const STEPS = 400;
const WARMUPS = 10;
const SAMPLES = 60;
/** Nothing makes a sample shorter, much makes it longer: the quick ones show what the code takes. */
const QUICK = 0.25;

const { newEventLoop, sleep } = (await import(
  pathToFileURL(process.argv[2]!).href
)) as typeof import('mioloop');
const loop = newEventLoop();
const noop = () => {};

/** Nanoseconds a callback. They are scheduled inside a turn, as most are. */
function bursts(): number {
  let left = BURSTS;
  const burst = () => {
    for (let index = 0; index < BURST; index++) loop.callSoon(noop);
    left -= 1;
    if (left > 0) loop.callSoon(burst);
    else loop.callSoon(() => loop.stop());
  };
  const start = now();
  loop.callSoon(burst);
  loop.runForeverSync();
  return nanoseconds(BURST * BURSTS, now() - start);
}

function* worker() {
  for (let step = 0; step < STEPS; step++) yield* sleep(0);
}

function* crowd() {
  const tasks = Array.from({ length: TASKS }, () => loop.createTask(worker()));
  for (const task of tasks) yield* task;
}

/** Nanoseconds a step. */
function steps(): number {
  const start = now();
  loop.runUntilCompleteSync(crowd);
  return nanoseconds(TASKS * STEPS, now() - start);
}

function quick(sample: () => number): number {
  for (let index = 0; index < WARMUPS; index++) sample();
  return percentile(Array.from({ length: SAMPLES }, sample), QUICK);
}

console.log(JSON.stringify({ callback: quick(bursts), step: quick(steps) }));
loop.close();
