/**
 * Signals to a handler of the loop: `mioloop-signals.js <hosted|blocking> own <warm-up> <count>` sends them itself, one
 * after another; `… foreign` prints READY, takes SIGUSR2 from another process, and tells at SIGHUP when they came.
 */
import { type Coroutine, type Future, getRunningLoop } from 'mioloop';
import { measure } from './mioloop-support.js';
import { counts, Meter, type Report } from './support.js';

const [, , , sender] = process.argv;

function* own(): Coroutine<Report> {
  const loop = getRunningLoop();
  const [warmup, count] = counts(process.argv);
  let meter = new Meter();
  let begin = 0;
  let arrived: Future<void>;
  loop.addSignalHandler('SIGUSR2', () => {
    meter.lap(begin);
    arrived.setResult();
  });
  for (let index = 0; index < warmup + count; index++) {
    if (index === warmup) meter = new Meter();
    arrived = loop.createFuture();
    begin = performance.now();
    process.kill(process.pid, 'SIGUSR2');
    yield* arrived;
  }
  return meter.report();
}

function* foreign(): Coroutine<Report> {
  const loop = getRunningLoop();
  const arrivals: number[] = [];
  const finished = loop.createFuture<void>();
  loop.addSignalHandler('SIGUSR2', () => arrivals.push(Number(process.hrtime.bigint())));
  loop.addSignalHandler('SIGHUP', () => finished.setResult());
  process.stdout.write('READY\n');
  const meter = new Meter();
  yield* finished;
  return meter.report({ arrivals });
}

await measure(sender === 'own' ? own : foreign);
