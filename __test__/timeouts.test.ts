// timeout, timeoutAt and Timeout: what the deadline cancels, what comes out, and what does not.

import test from 'ava';
import {
  CancelledError,
  type Coroutine,
  currentTask,
  type EventLoop,
  getRunningLoop,
  RuntimeError,
  sleep,
  Timeout,
  TimeoutError,
  timeout,
  timeoutAt,
} from 'mioloop';
import { loopTurns } from './support/internals.js';
import { freshLoop } from './support/leaks.js';
import { inVirtualTime, thrownBy } from './support/virtual.js';

/** `timeout` whose Timeout is looked at afterwards. */
function limited<T>(loop: EventLoop, delay: number | null, body: (limit: Timeout) => Coroutine<T>) {
  const limit = new Timeout(delay === null ? null : loop.time() + delay);
  return [limit, () => limit.run(body)] as const;
}

inVirtualTime(
  'the deadline ends the body with TimeoutError, whose cause is the cancel (B80)',
  function* (t, loop) {
    const [limit, run] = limited(loop, 0.01, function* () {
      yield* sleep(10);
    });
    const start = loop.time();
    const error = yield* thrownBy(function* () {
      yield* run();
    });
    t.true(error instanceof TimeoutError);
    t.is((error as TimeoutError).code, 'ERR_TIMEOUT');
    t.true((error as TimeoutError).cause instanceof CancelledError);
    t.true(limit.expired());
    t.true(loop.time() - start < 1);
    t.is(currentTask()!.cancelling(), 0);
  },
);

inVirtualTime('timeoutAt() takes a point in time, and when() tells it (B80)', function* (t, loop) {
  const deadline = loop.time() + 0.01;
  let limit: Timeout | undefined;
  const error = yield* thrownBy(function* () {
    yield* timeoutAt(deadline, function* (given) {
      limit = given;
      yield* sleep(10);
    });
  });
  t.true(error instanceof TimeoutError);
  t.is(limit!.when(), deadline);
  t.true(limit!.expired());
});

inVirtualTime(
  'of two nested timeouts with one deadline only the outer one speaks (B80)',
  function* (t, loop) {
    const deadline = loop.time() + 0.01;
    const outer = new Timeout(deadline);
    const inner = new Timeout(deadline);
    let cancelled = false;
    const error = yield* thrownBy(function* () {
      yield* outer.run(function* () {
        try {
          yield* inner.run(function* () {
            yield* sleep(10);
          });
        } catch (error) {
          cancelled = error instanceof CancelledError;
          throw error;
        }
      });
    });
    t.true(error instanceof TimeoutError);
    t.true(cancelled);
    t.true(outer.expired());
    t.true(inner.expired());
  },
);

inVirtualTime(
  'an inner timeout that fires first is the inner one, and the outer goes on (B80)',
  function* (t) {
    const log: string[] = [];
    const error = yield* thrownBy(function* () {
      yield* timeout(0.1, function* () {
        const inner = yield* thrownBy(function* () {
          yield* timeout(0.01, function* () {
            yield* sleep(10);
          });
        });
        log.push(inner instanceof TimeoutError ? 'inner' : 'not inner');
        yield* sleep(10);
      });
    });
    log.push(error instanceof TimeoutError ? 'outer' : 'not outer');
    t.deepEqual(log, ['inner', 'outer']);
  },
);

inVirtualTime('a timeout inside the clean-up of another is its own (B80)', function* (t) {
  let inner: unknown;
  const error = yield* thrownBy(function* () {
    yield* timeout(0.01, function* () {
      try {
        yield* sleep(1);
      } finally {
        inner = yield* thrownBy(function* () {
          yield* timeout(0.01, function* () {
            yield* sleep(10);
          });
        });
      }
    });
  });
  t.true(inner instanceof TimeoutError);
  t.true(error instanceof TimeoutError);
  t.not(inner, error);
  t.not((inner as Error).cause, (error as Error).cause);
});

inVirtualTime('a body that ends in time gives its result, and the timer is gone (B80)', function* (t, loop) {
  const [limit, run] = limited(loop, 10, function* () {
    yield* sleep(0.01);
    return 'in time';
  });
  t.is(yield* run(), 'in time');
  t.false(limit.expired());
  t.true(limit.when()! > loop.time());
  yield* sleep(20);
  t.is(currentTask()!.cancelling(), 0);
});

inVirtualTime('null is no limit (B80)', function* (t) {
  for (const make of [timeout, timeoutAt]) {
    let limit: Timeout | undefined;
    yield* make(null, function* (given) {
      limit = given;
      t.is(given.toString(), '<Timeout [active] when=null>');
      yield* sleep(1000);
    });
    t.is(limit!.when(), null);
    t.false(limit!.expired());
  }
});

for (const delay of [0, -11]) {
  inVirtualTime(`a delay of ${delay} cancels at the first wait, be it one turn (B80)`, function* (t, loop) {
    for (const wait of [0, 10]) {
      const before = loop.time();
      const [limit, run] = limited(loop, delay, function* () {
        yield* sleep(wait);
      });
      const turn = loopTurns(loop);
      const error = yield* thrownBy(function* () {
        yield* run();
      });
      t.true(error instanceof TimeoutError);
      t.true(limit.expired());
      t.true(limit.when()! <= loop.time());
      t.is(loop.time(), before);
      t.true(loopTurns(loop) - turn <= 2);
    }
  });
}

inVirtualTime('a body that waits for nothing is not reached by a deadline in the past (B80)', function* (t) {
  // biome-ignore lint/correctness/useYield: waiting for nothing is the point.
  const result = yield* timeout(-1, function* () {
    return 'done';
  });
  t.is(result, 'done');
  yield* sleep(0);
  t.is(currentTask()!.cancelling(), 0);
});

inVirtualTime('an error of the body passes as it is (B80)', function* (t, loop) {
  const boom = new RangeError('boom');
  const [limit, run] = limited(loop, 0.01, function* () {
    yield* sleep(0);
    throw boom;
  });
  t.is(
    yield* thrownBy(function* () {
      yield* run();
    }),
    boom,
  );
  t.false(limit.expired());
});

inVirtualTime(
  'an error thrown because of the cancel passes, and its cause says that time was up (B80)',
  function* (t) {
    const thrown: unknown[] = [];
    const crash = function* (wrap: (cause: unknown) => Error): Coroutine<never> {
      try {
        yield* sleep(1);
      } catch (error) {
        throw wrap(error);
      }
      throw new Error('not cancelled');
    };
    for (const wrap of [
      (cause: unknown) => new Error('clean-up failed', { cause }),
      (cause: unknown) => new Error('outer', { cause: new Error('inner', { cause }) }),
      (cause: unknown) => new AggregateError([new Error('part', { cause })], 'several'),
    ]) {
      thrown.push(
        yield* thrownBy(function* () {
          yield* timeout(0.01, () => crash(wrap));
        }),
      );
    }
    const [direct, deep, several] = thrown as [Error, Error, AggregateError];
    for (const cause of [direct.cause, (deep.cause as Error).cause, several.errors[0].cause] as Error[]) {
      t.true(cause instanceof TimeoutError);
      t.true(cause.cause instanceof CancelledError);
    }
    t.is(direct.message, 'clean-up failed');
  },
);

inVirtualTime('a cancel from outside is CancelledError, not TimeoutError (B80)', function* (t, loop) {
  const [limit, run] = limited(loop, 10, function* () {
    currentTask()!.cancel();
    yield* sleep(10);
  });
  const task = loop.createTask(function* () {
    yield* run();
  });
  t.true(
    (yield* thrownBy(function* () {
      yield* task;
    })) instanceof CancelledError,
  );
  t.false(limit.expired());
  t.true(task.cancelled());
});

inVirtualTime('a cancel from outside in the turn of the deadline wins (B80)', function* (t, loop) {
  const [limit, run] = limited(loop, 0.01, function* () {
    yield* sleep(10);
  });
  const task = loop.createTask(function* () {
    yield* run();
  });
  yield* sleep(0);
  loop.callAt(limit.when()!, () => task.cancel('by somebody'));
  t.true(
    (yield* thrownBy(function* () {
      yield* task;
    })) instanceof CancelledError,
  );
  t.true(limit.expired());
  t.true(task.cancelled());
});

inVirtualTime('a task whose timeout was caught is not a cancelled one (B80)', function* (t, loop) {
  const task = loop.createTask(function* () {
    yield* thrownBy(function* () {
      yield* timeout(0.001, function* () {
        yield* sleep(10);
      });
    });
    return currentTask()!.cancelling();
  });
  t.is(yield* task, 0);
  t.false(task.cancelled());
});

inVirtualTime('after a cancel that was caught, a timeout counts from there (B80)', function* (t, loop) {
  const task = loop.createTask(function* () {
    currentTask()!.cancel();
    yield* thrownBy(function* () {
      yield* sleep(1);
    });
    const timedOut = yield* thrownBy(function* () {
      yield* timeout(0, function* () {
        yield* sleep(1);
      });
    });
    t.true(timedOut instanceof TimeoutError);
    const cancelled = yield* thrownBy(function* () {
      yield* timeout(1, function* () {
        currentTask()!.cancel();
        yield* sleep(2);
      });
    });
    t.true(cancelled instanceof CancelledError);
    return currentTask()!.cancelling();
  });
  t.is(yield* task, 2);
});

inVirtualTime('a body that catches the cancel and returns gives its result (B80)', function* (t, loop) {
  const [limit, run] = limited(loop, 0.01, function* (limit) {
    const error = yield* thrownBy(function* () {
      yield* sleep(1);
    });
    t.true(error instanceof CancelledError);
    t.is(limit.toString(), '<Timeout [expiring]>');
    t.throws(() => limit.reschedule(20), {
      instanceOf: RuntimeError,
      message: 'Cannot change state of expiring Timeout',
    });
    return 'all the same';
  });
  t.is(yield* run(), 'all the same');
  t.true(limit.expired());
  t.is(limit.toString(), '<Timeout [expired]>');
  t.is(currentTask()!.cancelling(), 0);
});

inVirtualTime('reschedule() moves the deadline, and null takes it away (B80)', function* (t, loop) {
  const started = loop.createFuture<Timeout>();
  const first = loop.time() + 10;
  const task = loop.createTask(() =>
    timeoutAt(first, function* (limit) {
      started.setResult(limit);
      yield* sleep(50);
    }),
  );
  const limit = yield* started;
  t.is(limit.when(), first);
  limit.reschedule(first + 20);
  t.is(limit.when(), first + 20);
  limit.reschedule(null);
  t.is(limit.when(), null);
  yield* task;
  t.false(limit.expired());
  t.throws(() => limit.reschedule(1), { message: 'Cannot change state of finished Timeout' });

  const error = yield* thrownBy(function* () {
    yield* timeout(10, function* (limit) {
      limit.reschedule(loop.time() - 1);
      yield* sleep(1);
    });
  });
  t.true(error instanceof TimeoutError);
});

inVirtualTime('its text tells the state, as in asyncio (B80)', function* (t, loop) {
  const limit = new Timeout(loop.time() + 10);
  t.is(limit.toString(), '<Timeout [created]>');
  yield* limit.run(function* () {
    t.regex(limit.toString(), /^<Timeout \[active\] when=\d+(\.\d{1,3})?>$/);
    yield* sleep(0);
  });
  t.is(limit.toString(), '<Timeout [finished]>');
});

inVirtualTime('a Timeout is entered once (B80)', function* (t, loop) {
  const nothing = function* () {
    yield* sleep(0);
  };
  const limit = new Timeout(loop.time() + 1);
  yield* limit.run(function* () {
    const error = yield* thrownBy(function* () {
      yield* limit.run(nothing);
    });
    t.is((error as Error).message, 'Timeout has already been entered');
    t.true(error instanceof RuntimeError);
  });
  const error = yield* thrownBy(function* () {
    yield* limit.run(nothing);
  });
  t.is((error as Error).message, 'Timeout has already been entered');
  t.is((error as RuntimeError).code, 'ERR_TIMEOUT_STATE');
});

inVirtualTime('a Timeout needs a task, and to be entered before it is moved (B80)', function* (t, loop) {
  const limit = new Timeout(loop.time() + 1);
  t.throws(() => limit.reschedule(2), { instanceOf: RuntimeError, message: 'Timeout has not been entered' });
  const problem = loop.createFuture<unknown>();
  loop.callSoon(() => {
    try {
      limit
        .run(() => sleep(1))
        [Symbol.iterator]()
        .next();
    } catch (error) {
      problem.setResult(error);
    }
  });
  const error = yield* problem;
  t.true(error instanceof RuntimeError);
  t.is((error as Error).message, 'Timeout should be used inside a task');
  t.throws(() => limit.reschedule(2), { message: 'Timeout has not been entered' });
});

test.serial('timeout() takes a number or null, and needs a running loop (B80)', (t) => {
  const loop = freshLoop();
  const body = () => sleep(1);
  for (const value of ['1', undefined, {}, true] as unknown as number[]) {
    t.throws(() => timeout(value, body), { instanceOf: TypeError, code: 'ERR_INVALID_ARG_TYPE' });
    t.throws(() => timeoutAt(value, body), { instanceOf: TypeError });
    t.throws(() => new Timeout(value), { instanceOf: TypeError });
  }
  t.throws(() => timeoutAt(Number.NaN, body), { instanceOf: RangeError });
  t.throws(() => timeout(1, body), { instanceOf: RuntimeError, code: 'ERR_NO_RUNNING_LOOP' });
  loop.close();
});

inVirtualTime('async bodies are cancelled, and catch, as generators do (B80)', function* (t, loop) {
  const log: string[] = [];
  const cancelled = yield* thrownBy(function* () {
    yield* timeout(0.01, async () => {
      try {
        await sleep(10);
      } catch (error) {
        log.push((error as Error).name);
        throw error;
      }
    });
  });
  t.true(cancelled instanceof TimeoutError);
  t.is(
    yield* timeout(0.01, async (limit) => {
      try {
        await sleep(10);
      } catch {
        return limit.expired();
      }
      return 'not cancelled';
    }),
    true,
  );
  t.deepEqual(log, ['CancelledError']);
  t.is(currentTask()!.cancelling(), 0);

  const task = loop.createTask(async () => {
    await sleep(0);
    const result = await timeout(1, async () => {
      await sleep(0.1);
      return 'in time';
    });
    log.push(result);
    try {
      await timeout(0.01, async () => {
        await timeout(1, function* () {
          yield* sleep(10);
        });
      });
    } catch (error) {
      log.push((error as Error).name);
    }
    return currentTask()!.cancelling();
  });
  t.is(yield* task, 0);
  t.deepEqual(log, ['CancelledError', 'in time', 'TimeoutError']);
});

inVirtualTime(
  'a cancel of an async task reaches the body of the timeout that it awaits (B80)',
  function* (t, loop) {
    const log: string[] = [];
    const task = loop.createTask(async () => {
      await timeout(10, async () => {
        try {
          await sleep(10);
        } finally {
          log.push('body ends');
        }
      });
    });
    yield* sleep(1);
    task.cancel('enough');
    const error = yield* thrownBy(function* () {
      yield* task;
    });
    t.true(error instanceof CancelledError);
    t.is((error as Error).message, 'enough');
    t.deepEqual(log, ['body ends']);
    t.is(getRunningLoop(), loop);
  },
);
