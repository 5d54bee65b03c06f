/** A burst of callbacks: scheduled and run. */
import { newEventLoop } from 'mioloop';
import { emit } from '../lib/figure.js';
import { median } from '../lib/stats.js';
import { millions, now, repeat } from './repeat.js';

const BURST = 10_000;
const BURSTS = 100;
const SAMPLES = 7;

const loop = newEventLoop();
const noop = () => {};
const stop = () => loop.stop();

function burst(): void {
  for (let index = 0; index < BURST; index++) loop.callSoon(noop);
  loop.callSoon(stop);
  loop.runForeverSync();
}

function immediates(): Promise<void> {
  for (let index = 0; index < BURST; index++) setImmediate(noop);
  return new Promise((resolve) => setImmediate(resolve));
}

const rate = repeat(() => {
  const start = now();
  for (let index = 0; index < BURSTS; index++) burst();
  return millions(BURST * BURSTS, now() - start);
});
loop.close();
emit('callSoon burst', rate, 'M/s', { atLeast: 8 });

const rates: number[] = [];
for (let sample = 0; sample < SAMPLES; sample++) {
  const start = now();
  for (let index = 0; index < BURSTS; index++) await immediates();
  rates.push(millions(BURST * BURSTS, now() - start));
}
emit('setImmediate burst', median(rates), 'M/s');
