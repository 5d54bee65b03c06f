/** Context variables. What following contexts costs a callback is measured by `absence.ts`. */
import { ContextVar, copyContext, newEventLoop } from 'mioloop';
import { emit, emitFor } from '../lib/figure.js';
import { nanoseconds, now, repeat } from './repeat.js';

const CALLS = 500_000;
const BURST = 1_000;
const BURSTS = 200;

/** Nanoseconds a call. */
function calls(call: () => unknown): number {
  return repeat(() => {
    const start = now();
    for (let index = 0; index < CALLS; index++) call();
    return nanoseconds(CALLS, now() - start);
  });
}

/** Nanoseconds a callback that is scheduled inside a turn, each in the next of so many contexts; 0: in none given. */
function burst(count: number): number {
  const loop = newEventLoop();
  const contexts = Array.from({ length: count }, () => copyContext());
  const noop = () => {};
  const schedule = () => {
    for (let index = 0; index < BURST; index++) {
      if (count === 0) loop.callSoon(noop);
      else loop.callSoon({ context: contexts[index % count]! }, noop);
    }
    loop.callSoon(() => loop.stop());
  };
  const time = repeat(() => {
    const start = now();
    for (let round = 0; round < BURSTS; round++) {
      loop.callSoon(schedule);
      loop.runForeverSync();
    }
    return nanoseconds(BURST * BURSTS, now() - start);
  });
  loop.close();
  return time;
}

const variable = new ContextVar<number>('variable');
copyContext().run(() => {
  variable.set(0);
  emitFor(
    'generator',
    'ContextVar.get()',
    calls(() => variable.get()),
    'ns',
  );
  emitFor(
    'generator',
    'ContextVar.set() and reset()',
    calls(() => variable.reset(variable.set(1))),
    'ns',
  );
});
emit('callSoon in the current context, a callback', burst(0), 'ns');
emit('callSoon in a context that is given, a callback', burst(1), 'ns');
emit('callSoon in two given contexts by turns, a callback', burst(2), 'ns');
