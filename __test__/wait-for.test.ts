// waitFor: the limit, the cancel that is waited for, and whose outcome wins.

import test from 'ava';
import {
  CancelledError,
  type Coroutine,
  type EventLoop,
  type Future,
  sleep,
  TimeoutError,
  wait,
  waitFor,
} from 'mioloop';
import { loopTurns } from './support/internals.js';
import { inLoop } from './support/modes.js';
import { inVirtualTime, thrownBy } from './support/virtual.js';

/** Ends at its time, whoever cancels it. */
function* stubborn(loop: EventLoop, seconds: number, log: string[]): Coroutine<string> {
  const end = loop.time() + seconds;
  while (loop.time() < end) {
    try {
      yield* sleep(end - loop.time());
    } catch (error) {
      if (!(error instanceof CancelledError)) throw error;
      log.push('cancelled');
    }
  }
  log.push('ended');
  return 'stubborn';
}

function done<T>(loop: EventLoop, value: T): Future<T> {
  const future = loop.createFuture<T>();
  future.setResult(value);
  return future;
}

inVirtualTime(
  'what is too late is cancelled, and waited for, before TimeoutError comes (B79)',
  function* (t, loop) {
    const log: string[] = [];
    const task = loop.createTask(function* () {
      try {
        yield* sleep(10);
      } catch (error) {
        log.push('cancelled');
        yield* sleep(0.5);
        throw error;
      } finally {
        log.push('cleaned up');
      }
    });
    const error = yield* thrownBy(() => waitFor(task, 0.1));
    t.true(error instanceof TimeoutError);
    t.true((error as Error).cause instanceof CancelledError);
    t.deepEqual(log, ['cancelled', 'cleaned up']);
    t.true(task.cancelled());
  },
);

inVirtualTime('a result in spite of the cancel is the result (B79)', function* (t, loop) {
  const catches = function* (): Coroutine<number> {
    yield* thrownBy(() => sleep(1));
    return 42;
  };
  t.is(yield* waitFor(catches(), 0.01), 42);
  t.is(yield* waitFor(loop.createTask(catches()), 0.01), 42);
  const log: string[] = [];
  t.is(yield* waitFor(stubborn(loop, 0.2, log), 0.1), 'stubborn');
  t.deepEqual(log, ['cancelled', 'ended']);
});

inVirtualTime('an error in spite of the cancel is the error (B79)', function* (t, loop) {
  const boom = new Error('boom');
  const fails = function* (): Coroutine<void> {
    try {
      yield* sleep(1);
    } finally {
      // biome-ignore lint/correctness/noUnsafeFinally: replacing the cancel is what is tested.
      throw boom;
    }
  };
  for (const seconds of [0.01, 0]) {
    const task = loop.createTask(fails());
    yield* sleep(0);
    t.is(yield* thrownBy(() => waitFor(task, seconds)), boom);
  }
  t.is(yield* thrownBy(() => waitFor(fails(), 0.01)), boom);
});

inVirtualTime(
  'with no time at all only what is done has a result, and a coroutine never begins (B79)',
  function* (t, loop) {
    for (const seconds of [0, -1]) {
      t.is(yield* waitFor(done(loop, 'done'), seconds), 'done');
      let begun = false;
      const error = yield* thrownBy(() =>
        waitFor(function* () {
          begun = true;
          yield* sleep(0);
        }, seconds),
      );
      t.true(error instanceof TimeoutError);
      t.false(begun);

      const log: string[] = [];
      const task = loop.createTask(function* () {
        try {
          yield* sleep(10);
        } finally {
          yield* sleep(0.1);
          log.push('cleaned up');
        }
      });
      yield* sleep(0);
      const late = yield* thrownBy(() => waitFor(task, seconds));
      t.true(late instanceof TimeoutError);
      t.true((late as Error).cause instanceof CancelledError);
      t.true(task.cancelled());
      t.deepEqual(log, ['cleaned up']);

      const cancelled = loop.createFuture<void>();
      cancelled.cancel('before');
      const before = yield* thrownBy(() => waitFor(cancelled, seconds));
      t.true(before instanceof CancelledError);
    }
  },
);

inVirtualTime('null is no limit (B79)', function* (t) {
  t.is(yield* waitFor(sleep(1000, 'at last'), null), 'at last');
  t.is(
    yield* waitFor(async () => {
      await sleep(1000);
      return 'async';
    }, null),
    'async',
  );
});

inLoop('a result that is set meanwhile is the result (B79)', function* (t, loop) {
  const future = loop.createFuture<string>();
  const waiting = waitFor(future, 60);
  loop.callSoon(() => future.setResult('ok'));
  t.is(yield* waiting, 'ok');
});

inVirtualTime('a cancel of the wait cancels what is waited for (B79)', function* (t, loop) {
  for (const seconds of [null, 60]) {
    const task = loop.createTask(() => loop.createFuture<void>());
    const waiting = loop.createTask(waitFor(task, seconds));
    loop.callSoon(() => waiting.cancel());
    t.true((yield* thrownBy(() => waiting)) instanceof CancelledError);
    t.true(task.cancelled());
  }
});

inVirtualTime('a wait that is cancelled waits for what it has cancelled (B79)', function* (t, loop) {
  const log: string[] = [];
  const waiting = loop.createTask(waitFor(stubborn(loop, 0.2, log), 0.4));
  yield* sleep(0);
  waiting.cancel();
  yield* wait([waiting]);
  t.deepEqual(log, ['cancelled', 'ended']);
  t.is(waiting.result(), 'stubborn');
});

inVirtualTime(
  'a cancel of the wait with no time does not depend on the end of what it cancelled (B79)',
  function* (t, loop) {
    const log: string[] = [];
    const task = loop.createTask(stubborn(loop, 5, log));
    yield* sleep(0);
    const waiting = loop.createTask(waitFor(task, 0));
    yield* sleep(0);
    t.true(waiting.cancel());
    t.true((yield* thrownBy(() => waiting)) instanceof CancelledError);
    t.false(task.done());
    t.is(yield* task, 'stubborn');
  },
);

inVirtualTime(
  'a cancel in the turn in which the awaited task ends is not swallowed (B79, gh-86296)',
  function* (t, loop) {
    // biome-ignore lint/correctness/useYield: it ends in its first step.
    const inner = loop.createTask(function* () {
      return 'done';
    });
    let reachedEnd = false;
    const task = loop.createTask(function* () {
      yield* waitFor(inner, 100);
      yield* sleep(1);
      reachedEnd = true;
    });
    yield* sleep(0);
    task.cancel();
    t.true((yield* thrownBy(() => task)) instanceof CancelledError);
    t.is(inner.result(), 'done');
    t.false(reachedEnd);
  },
);

inVirtualTime('async functions are waited for, cancelled and awaited (B79)', function* (t, loop) {
  const log: string[] = [];
  const slow = async (): Promise<string> => {
    try {
      await sleep(10);
      return 'never';
    } catch (error) {
      log.push((error as Error).name);
      await sleep(0.1);
      throw error;
    }
  };
  t.true((yield* thrownBy(() => waitFor(slow, 0.1))) instanceof TimeoutError);
  t.deepEqual(log, ['CancelledError']);
  const task = loop.createTask(async () => {
    try {
      return await waitFor(slow, 0.1);
    } catch (error) {
      return (error as Error).name;
    }
  });
  t.is(yield* task, 'TimeoutError');
  t.is(yield* waitFor(async () => 'at once', 0.1), 'at once');
});

inLoop('waiting for a coroutine costs no turn of its own (B79)', function* (t, loop) {
  const start = loopTurns(loop);
  yield* waitFor(
    // biome-ignore lint/correctness/useYield: it returns in its first step.
    (function* () {
      return 1;
    })(),
    10,
  );
  t.is(loopTurns(loop), start);
  yield* waitFor(sleep(0), 10);
  t.is(loopTurns(loop), start + 1);
});

test.serial('what cannot be awaited is refused at once, and so is a wrong time (B79)', (t) => {
  for (const wrong of [1, 'text', null, {}, Promise.resolve()] as unknown as Future<void>[]) {
    t.throws(() => waitFor(wrong, 1), { instanceOf: TypeError, code: 'ERR_INVALID_ARG_TYPE' });
  }
  const coroutine = () => sleep(0) as unknown as Coroutine<void>;
  for (const wrong of ['1', undefined, {}] as unknown as number[]) {
    t.throws(() => waitFor(coroutine, wrong), { instanceOf: TypeError });
  }
  t.throws(() => waitFor(coroutine, Number.NaN), { instanceOf: RangeError });
});
