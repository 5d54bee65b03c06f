/** Signals one after another, with handlers that go and come back: each is seen once. */
import { type Future, getRunningLoop } from 'mioloop';
import { count, descriptors, figure, ready, runSoak, tell } from './support.js';

/** The handler is removed and added again behind so many. */
const STRETCH = 1_000;

runSoak(function* () {
  const loop = getRunningLoop();
  let seen = 0;
  let arrived: Future<void>;
  const arrive = () => {
    seen++;
    arrived.setResult();
  };
  ready();
  loop.addSignalHandler('SIGUSR2', arrive);
  const before = descriptors();
  for (let index = 0; index < count; index++) {
    if (index % STRETCH === 0) {
      loop.removeSignalHandler('SIGUSR2');
      loop.addSignalHandler('SIGUSR2', arrive);
    }
    arrived = loop.createFuture();
    process.kill(process.pid, 'SIGUSR2');
    yield* arrived;
  }
  tell([
    figure('seen', seen, 'signals', { atLeast: count }),
    figure('seen that were not sent', seen - count, 'signals', { atMost: 0 }),
    figure('descriptors that are left', descriptors() - before, 'descriptors', { atMost: 0 }),
  ]);
});
