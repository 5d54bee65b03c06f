// What is closed, and not referred to any more, is collected.

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import test from 'ava';
import { newEventLoop } from 'mioloop';
import { fromMacrotask } from './support/modes.js';

/** A closed loop whose handler leads to a future that failed. */
function closedLoop(retrieve: boolean): WeakRef<object> {
  const loop = newEventLoop();
  const failed = loop.createFuture<void>();
  loop.setExceptionHandler(() => failed.done());
  failed.setException(new Error('failed'));
  if (retrieve) failed.exception();
  loop.close();
  return new WeakRef(loop);
}

for (const retrieve of [true, false]) {
  const what = retrieve ? 'retrieved' : 'reported';
  test.serial(`a closed loop is collected though it leads to an error that was ${what}`, async (t) => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const loops = Array.from({ length: 10 }, () => closedLoop(retrieve));
    for (let round = 0; round < 3; round++) await fromMacrotask(collect);
    const alive = loops.filter((loop) => loop.deref() !== undefined).length;
    // The engine's own frames may still hold the last one.
    t.true(alive <= 1, `${alive} of ${loops.length} are alive`);
  });
}
