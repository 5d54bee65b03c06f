/** A burst of `callSoonThreadsafe` from the loop's own thread. */
import { newEventLoop } from 'mioloop';
import { emit } from '../lib/figure.js';
import { millions, now, repeat } from './repeat.js';

const BURST = 10_000;
const BURSTS = 20;

const loop = newEventLoop();
const noop = () => {};
const stop = () => loop.stop();

const rate = repeat(() => {
  const start = now();
  for (let index = 0; index < BURSTS; index++) {
    for (let call = 0; call < BURST; call++) loop.callSoonThreadsafe(noop);
    loop.callSoonThreadsafe(stop);
    loop.runForeverSync();
  }
  return millions(BURST * BURSTS, now() - start);
});
loop.close();
emit('callSoonThreadsafe burst', rate, 'M/s');
