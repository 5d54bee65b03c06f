// Executors: when the results, the errors and the cancels of jobs come back from their threads. The Python side is
// python/executors.py.

import { type Coroutine, sleep, toThread } from 'mioloop';
import { errorOf } from '../support/outcomes.js';
import { scenario, type Twin } from './scenario.js';

/** Longer than a loop waits before it looks whether a thread has begun: no alarm for that is left to ring. */
const QUIET = 0.125;

/** Turn 0 is when there is a thread that waits for work: how many turns pass while it starts is up to the machine. */
function* withThread(twin: Twin): Coroutine<void> {
  yield* twin.loop.runInExecutor(null, () => null);
  yield* sleep(QUIET);
  twin.zero();
}

scenario('executor-returns', function* (twin) {
  yield* withThread(twin);
  twin.log(`result: ${yield* twin.loop.runInExecutor(null, (a: number, b: number) => a + b, 2, 3)}`);
});

scenario('executor-fails', function* (twin) {
  const fail = (): never => {
    throw new RangeError('no');
  };
  yield* withThread(twin);
  const error = yield* errorOf(twin.loop.runInExecutor(null, fail));
  twin.log(`error: ${(error as Error).message}`);
});

scenario('executor-to-thread', function* (twin) {
  yield* withThread(twin);
  twin.log(`result: ${yield* toThread(() => 5)}`);
});

scenario('executor-cancelled', function* (twin) {
  const goOn = new Int32Array(new SharedArrayBuffer(4));
  const wait = (flag: Int32Array): string => Atomics.wait(flag, 0, 0);
  const task = twin.loop.createTask(function* () {
    twin.log('the job is given');
    return yield* twin.loop.runInExecutor(null, wait, goOn);
  });
  yield* twin.turns(1);
  twin.zero();
  twin.log(`cancel: ${task.cancel()}`);
  twin.log(yield* twin.outcome(task));
  Atomics.store(goOn, 0, 1);
  Atomics.notify(goOn, 0);
});
