// Signals: in which turn their handlers run, and before or after what. The Python side is python/signals.py.

import { scenario, script } from './scenario.js';

/** A signal of this process to itself: it has arrived when this returns. */
function raise(signal: NodeJS.Signals): void {
  process.kill(process.pid, signal);
}

scenario('signal (B183, B184)', function* (twin) {
  const handled = (...args: unknown[]): void => {
    twin.log(`handled ${args.join(' ')}`);
    twin.loop.callSoon(twin.logger('scheduled by the handler'));
  };
  twin.loop.addSignalHandler('SIGUSR2', handled, 'a', 'b');
  twin.zero();
  raise('SIGUSR2');
  yield* twin.turns(4);
  twin.log(`remove: ${twin.loop.removeSignalHandler('SIGUSR2')}`);
  twin.log(`remove again: ${twin.loop.removeSignalHandler('SIGUSR2')}`);
});

scenario('signal-between-callbacks (B183)', function* (twin) {
  twin.loop.addSignalHandler('SIGUSR2', twin.logger('handled'));
  const chain = (name: string, left: number): void => {
    twin.log(`${name} ${left}`);
    if (left > 0) twin.loop.callSoon(chain, name, left - 1);
  };
  twin.zero();
  twin.loop.callSoon(chain, 'before', 3);
  raise('SIGUSR2');
  twin.loop.callSoon(chain, 'behind', 3);
  yield* twin.turns(5);
  twin.loop.removeSignalHandler('SIGUSR2');
});

scenario('signals-in-one-turn (B183)', function* (twin) {
  const { loop } = twin;
  loop.addSignalHandler('SIGHUP', twin.logger('SIGHUP'));
  loop.addSignalHandler('SIGUSR2', twin.logger('SIGUSR2'));
  twin.zero();
  for (const signal of ['SIGUSR2', 'SIGHUP', 'SIGUSR2', 'SIGUSR2'] as const) raise(signal);
  yield* twin.turns(4);
  for (const signal of ['SIGUSR2', 'SIGHUP'] as const) loop.removeSignalHandler(signal);
});

scenario('signal-handler-replaced (B183)', function* (twin) {
  const { loop } = twin;
  loop.addSignalHandler('SIGUSR2', twin.logger('first'));
  twin.zero();
  raise('SIGUSR2');
  loop.addSignalHandler('SIGUSR2', twin.logger('second, before the signal is seen'));
  yield* twin.turns(3);
  raise('SIGUSR2');
  yield* twin.turns(1);
  // Seen in this turn, behind this callback.
  loop.addSignalHandler('SIGUSR2', twin.logger('third, in the turn in which it is seen'));
  yield* twin.turns(3);
  raise('SIGUSR2');
  yield* twin.turns(2);
  loop.addSignalHandler('SIGUSR2', twin.logger('fourth, too late'));
  yield* twin.turns(3);
  loop.removeSignalHandler('SIGUSR2');
});

scenario('signal-handler-removed (B184)', function* (twin) {
  const { loop } = twin;
  const add = (): void => loop.addSignalHandler('SIGUSR2', twin.logger('handled'));
  add();
  twin.zero();
  raise('SIGUSR2');
  twin.log(`before it is seen: ${loop.removeSignalHandler('SIGUSR2')}`);
  yield* twin.turns(4);
  add();
  raise('SIGUSR2');
  yield* twin.turns(2);
  twin.log(`in the turn of the handler: ${loop.removeSignalHandler('SIGUSR2')}`);
  yield* twin.turns(2);
});

script('signal-between-runs (B183)', async (twin) => {
  twin.loop.addSignalHandler('SIGUSR2', twin.logger('handled'));
  twin.loop.callSoon(() => {
    twin.log('stop');
    twin.loop.stop();
  });
  await twin.runForever();
  raise('SIGUSR2');
  const steps = twin.steps('main', 3);
  twin.log(await twin.runUntilComplete(steps));
  twin.loop.removeSignalHandler('SIGUSR2');
});
