/** Signals to `process.on`: `process-signals.js own <warm-up> <count>`, or `foreign`, as `mioloop-signals.ts` has it. */
import { counts, Meter, type Report, tell } from './support.js';

/** Listeners of signals don't keep a process alive. */
const KEEP_ALIVE_MS = 60_000;
const awake = setInterval(() => {}, KEEP_ALIVE_MS);

/** The next signal is sent in a callback of its own, as a task of a loop would. */
function own(warmup: number, count: number): Promise<Report> {
  let meter = new Meter();
  let left = warmup + count;
  let begin = 0;
  const send = () => {
    if (left === count) meter = new Meter();
    begin = performance.now();
    process.kill(process.pid, 'SIGUSR2');
  };
  return new Promise((resolve) => {
    process.on('SIGUSR2', () => {
      meter.lap(begin);
      if (--left > 0) setImmediate(send);
      else resolve(meter.report());
    });
    send();
  });
}

function foreign(): Promise<Report> {
  const arrivals: number[] = [];
  process.on('SIGUSR2', () => arrivals.push(Number(process.hrtime.bigint())));
  process.stdout.write('READY\n');
  const meter = new Meter();
  return new Promise((resolve) => process.on('SIGHUP', () => resolve(meter.report({ arrivals }))));
}

tell(await (process.argv[2] === 'own' ? own(...counts(process.argv)) : foreign()));
clearInterval(awake);
