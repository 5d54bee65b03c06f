// timeout and timeoutAt. The Python side is python/timeouts.py.

import {
  CancelledError,
  type Coroutine,
  currentTask,
  sleep,
  Timeout,
  TimeoutError,
  timeout,
  timeoutAt,
} from 'mioloop';
import { Boom, said, scenario, shown, type Twin, virtualScenario, word } from './scenario.js';

function level(twin: Twin): void {
  twin.log(`cancelling ${currentTask()!.cancelling()}`);
}

virtualScenario('timeout-too-late (B80)', function* (twin) {
  function* main() {
    const limit = new Timeout(twin.loop.time() + 1);
    try {
      yield* limit.run(function* () {
        try {
          yield* sleep(8);
        } finally {
          twin.log(`body ends, ${limit}`);
          level(twin);
          yield* twin.turns(2);
        }
      });
    } catch (error) {
      if (!(error instanceof TimeoutError)) throw error;
      twin.log(`${word(error)} because of ${word(error.cause)}, ${limit}`);
    }
    level(twin);
    yield* sleep(0.5);
  }
  twin.log(yield* twin.outcome(main()));
});

virtualScenario('timeout-in-time (B80)', function* (twin) {
  const limit = new Timeout(twin.loop.time() + 1);
  yield* limit.run(function* () {
    twin.log(`${limit}`);
    yield* sleep(0.5);
  });
  twin.log(`${limit}, expired ${limit.expired()}`);
  yield* timeout(null, function* (limit) {
    twin.log(`${limit}`);
    yield* sleep(64);
  });
  yield* timeoutAt(twin.loop.time() + 1, function* () {
    yield* sleep(0.5);
  });
  twin.log(yield* twin.outcome(sleep(4, 'nothing fires any more')));
});

virtualScenario('timeout-of-nothing (B80)', function* (twin) {
  for (const delay of [0, -1]) {
    for (const turns of [0, 1, 2, 3]) {
      const task = twin.loop.createTask(function* () {
        yield* timeout(delay, function* () {
          yield* twin.turns(turns);
          twin.log('body ends');
        });
      });
      twin.log(`${delay} for ${turns} turns: ${yield* twin.outcome(task)}`);
    }
  }
});

virtualScenario('timeout-nested (B80)', function* (twin) {
  for (const [outerDelay, innerDelay] of [
    [1, 2],
    [2, 1],
    [1, 1],
  ] as const) {
    yield* twin.loop.createTask(function* () {
      const outer = new Timeout(twin.loop.time() + outerDelay);
      try {
        yield* outer.run(function* () {
          const inner = new Timeout(twin.loop.time() + innerDelay);
          try {
            yield* inner.run(() => sleep(8));
          } catch (error) {
            twin.log(`inner: ${word(error)}, expired ${inner.expired()}`);
            level(twin);
            throw error;
          }
        });
      } catch (error) {
        twin.log(`outer: ${word(error)}, expired ${outer.expired()}`);
        level(twin);
      }
    });
  }
});

virtualScenario('timeout-in-cleanup (B80)', function* (twin) {
  function* main() {
    yield* timeout(1, function* () {
      try {
        yield* sleep(8);
      } finally {
        try {
          yield* timeout(1, () => sleep(8));
        } catch (error) {
          twin.log(`clean-up: ${word(error)}`);
          level(twin);
        }
      }
    });
  }
  twin.log(yield* twin.outcome(twin.loop.createTask(main())));
});

virtualScenario('timeout-and-cancel (B80)', function* (twin) {
  // Before the deadline, in its turn before and behind it, and while the body cleans up.
  for (const [when, behind] of [
    [0.5, false],
    [1, false],
    [1, true],
    [1.5, true],
  ] as const) {
    const start = twin.loop.time();
    const task = twin.loop.createTask(function* () {
      yield* timeoutAt(start + 1, function* (limit) {
        try {
          yield* sleep(8);
        } finally {
          twin.log(`body ends, expired ${limit.expired()}`);
          yield* sleep(1);
        }
      });
    });
    if (behind) yield* twin.turns(1);
    const timer = twin.loop.callAt(start + when, () => task.cancel());
    twin.log(yield* twin.outcome(task));
    twin.log(`cancelling ${task.cancelling()}, cancelled ${task.cancelled()}`);
    timer.cancel();
  }
});

virtualScenario('timeout-swallowed (B80)', function* (twin) {
  function* main() {
    yield* timeout(1, function* (limit) {
      try {
        yield* sleep(8);
      } catch (error) {
        if (error instanceof CancelledError) twin.log('swallowed');
      }
      try {
        limit.reschedule(8);
      } catch (error) {
        twin.log(said(error));
      }
      yield* sleep(1);
      twin.log('body ends');
    });
    level(twin);
    return 'main ends';
  }
  twin.log(yield* twin.outcome(twin.loop.createTask(main())));
});

virtualScenario('timeout-error (B80)', function* (twin) {
  function* main(delay: number): Coroutine<void> {
    yield* timeout(1, function* (limit) {
      try {
        yield* sleep(delay);
        throw new Boom();
      } catch (error) {
        throw error instanceof CancelledError ? new Boom('', { cause: error }) : error;
      } finally {
        twin.log(`${limit}`);
      }
    });
  }
  for (const delay of [0.5, 8]) {
    try {
      yield* twin.loop.createTask(main(delay));
    } catch (error) {
      twin.log(`Boom because of ${word((error as Boom).cause)}`);
    }
  }
});

virtualScenario('timeout-reschedule (B80)', function* (twin) {
  function* main(moves: readonly (number | null)[]): Coroutine<void> {
    const limit = new Timeout(twin.loop.time() + 2);
    try {
      yield* limit.run(function* () {
        for (const move of moves) {
          yield* sleep(1);
          limit.reschedule(move === null ? null : twin.loop.time() + move);
          twin.log(`when ${shown(limit.when())}`);
        }
        yield* sleep(16);
      });
    } finally {
      twin.log(`${limit}`);
    }
  }
  twin.zero();
  for (const moves of [[4], [0.5], [null], [0], [-4], [8, null, 2]]) {
    twin.log(yield* twin.outcome(twin.loop.createTask(main(moves))));
  }
});

scenario('timeout-misuse (B80)', function* (twin) {
  const limit = new Timeout(twin.loop.time() + 1);
  const attempt = function* (body: () => Coroutine<void>): Coroutine<void> {
    try {
      yield* body();
    } catch (error) {
      twin.log(said(error));
    }
  };
  function* move(): Coroutine<void> {
    limit.reschedule(2);
  }
  function* enter(): Coroutine<void> {
    yield* limit.run(() => twin.turns(0));
  }
  yield* attempt(move);
  yield* limit.run(() => attempt(enter));
  yield* attempt(enter);
  yield* attempt(move);
});

virtualScenario('timeout-levels (B64, B80)', function* (twin) {
  function* main() {
    currentTask()!.cancel();
    try {
      yield* sleep(1);
    } catch {
      level(twin);
    }
    try {
      yield* timeout(0, () => sleep(1));
    } catch (error) {
      if (error instanceof TimeoutError) twin.log('timed out');
    }
    level(twin);
    try {
      yield* timeout(1, function* () {
        currentTask()!.cancel();
        yield* sleep(2);
      });
    } catch (error) {
      if (error instanceof CancelledError) twin.log('cancelled');
    }
    level(twin);
  }
  twin.log(yield* twin.outcome(twin.loop.createTask(main())));
});
