// Task groups. The Python side is python/groups.py.
// biome-ignore-all lint/correctness/useYield: a body that only makes tasks waits at its group's end.

import {
  allTasks,
  asCompleted,
  type Coroutine,
  currentTask,
  FIRST_COMPLETED,
  gather,
  shield,
  sleep,
  TaskGroup,
  taskGroup,
  timeout,
  wait,
  waitFor,
} from 'mioloop';
import { loopTurns } from '../support/internals.js';
import { Boom, scenario, shown, type Twin, virtualScenario, word } from './scenario.js';
import { lingers, steps } from './waits.js';

/** Another error than Boom. */
class Other extends Error {}

/** An error, and what it is made of. */
function parts(error: unknown): string {
  return error instanceof AggregateError
    ? `AggregateError(${error.errors.map(parts).join(', ')})`
    : word(error);
}

function level(twin: Twin): void {
  twin.log(`cancelling ${currentTask()!.cancelling()}`);
}

/** Tells what comes out. */
function* guarded(twin: Twin, name: string, body: Coroutine<unknown>): Coroutine<void> {
  try {
    twin.log(`${name}: ${shown(yield* body)}`);
  } catch (error) {
    twin.log(`${name}: ${parts(error)}`);
  }
  level(twin);
}

scenario('group-order (B81)', function* (twin) {
  const [first, second] = yield* taskGroup(function* (group) {
    const first = group.createTask(steps(twin, 'a', 3));
    twin.log(`${group}`);
    yield* twin.turns(1);
    const second = group.createTask(steps(twin, 'b', 0));
    yield* twin.turns(3);
    twin.log(`${group}`);
    group.createTask(steps(twin, 'c', 2));
    twin.log('body ends');
    return [first, second] as const;
  });
  twin.log(`group ends: ${first.result()}, ${second.result()}`);
  yield* taskGroup(function* () {
    twin.log('an empty group');
  });
  twin.log('costs no turn');
});

scenario('group-child-error (B81)', function* (twin) {
  function* main() {
    yield* taskGroup(function* (group) {
      group.createTask(steps(twin, 'a', 1, new Boom()));
      group.createTask(lingers(twin, 'b', 2));
      group.createTask(steps(twin, 'c', 9));
      yield* steps(twin, 'body', 9);
    });
  }
  yield* guarded(twin, 'main', main());
  yield* twin.turns(2);
});

scenario('group-child-error-at-the-end (B81)', function* (twin) {
  function* main() {
    yield* taskGroup(function* (group) {
      group.createTask(steps(twin, 'a', 3, new Boom()));
      group.createTask(lingers(twin, 'b', 2));
      twin.log('body ends');
    });
  }
  yield* guarded(twin, 'main', main());
  yield* twin.turns(2);
});

scenario('group-errors-of-one-turn (B81)', function* (twin) {
  function* main() {
    yield* taskGroup(function* (group) {
      group.createTask(steps(twin, 'a', 1, new Boom()));
      group.createTask(steps(twin, 'b', 1, new Other()));
      group.createTask(steps(twin, 'c', 2, new Boom()));
      yield* steps(twin, 'body', 9);
    });
  }
  yield* guarded(twin, 'main', main());
});

scenario('group-body-error (B81)', function* (twin) {
  for (const turns of [0, 2]) {
    function* main() {
      yield* taskGroup(function* (group) {
        group.createTask(lingers(twin, 'a', 1));
        group.createTask(lingers(twin, 'b', 0, new Other()));
        yield* twin.turns(turns);
        throw new Boom();
      });
    }
    yield* guarded(twin, `main after ${turns} turns`, main());
  }
});

scenario('group-child-cancelled (B81)', function* (twin) {
  function* main() {
    yield* taskGroup(function* (group) {
      const child = group.createTask(lingers(twin, 'a', 1));
      group.createTask(steps(twin, 'b', 4));
      yield* twin.turns(1);
      child.cancel();
      yield* steps(twin, 'body', 2);
    });
  }
  yield* guarded(twin, 'main', main());
});

scenario('group-parent-cancelled (B81)', function* (twin) {
  for (const bodyTurns of [9, 0]) {
    const task = twin.loop.createTask(() =>
      taskGroup(function* (group) {
        group.createTask(lingers(twin, 'a', 2));
        group.createTask(lingers(twin, 'b', 0));
        yield* steps(twin, 'body', bodyTurns);
      }),
    );
    yield* twin.turns(2);
    task.cancel();
    twin.log(yield* twin.outcome(task));
    twin.log(`cancelling ${task.cancelling()}, cancelled ${task.cancelled()}`);
  }
});

scenario('group-parent-cancelled-again (B81)', function* (twin) {
  const task = twin.loop.createTask(
    taskGroup(function* (group) {
      group.createTask(lingers(twin, 'a', 5));
    }),
  );
  yield* twin.turns(2);
  for (let count = 0; count < 3; count++) {
    task.cancel();
    yield* twin.turns(1);
    twin.log(`cancelling ${task.cancelling()}, done ${task.done()}`);
  }
  twin.log(yield* twin.outcome(task));
});

scenario('group-errors-win (B81)', function* (twin) {
  function* main() {
    yield* taskGroup(function* (group) {
      group.createTask(lingers(twin, 'a', 1, new Boom()));
      group.createTask(lingers(twin, 'b', 2, new Other()));
      yield* steps(twin, 'body', 9);
    });
  }
  const task = twin.loop.createTask(guarded(twin, 'main', main()));
  yield* twin.turns(2);
  task.cancel();
  twin.log(yield* twin.outcome(task));
  twin.log(`cancelling ${task.cancelling()}, cancelled ${task.cancelled()}`);
});

scenario('group-hidden-cancel (B81)', function* (twin) {
  function* main() {
    yield* taskGroup(function* (group) {
      group.createTask(steps(twin, 'a', 1, new Boom()));
      yield* steps(twin, 'body', 9);
    });
  }
  function* outer() {
    yield* guarded(twin, 'main', main());
    yield* steps(twin, 'after', 9);
  }
  for (let late = 0; late < 4; late++) {
    const task = twin.loop.createTask(outer());
    yield* twin.turns(late);
    twin.log(`cancel after ${late} turns`);
    task.cancel();
    twin.log(yield* twin.outcome(task));
    twin.log(`cancelling ${task.cancelling()}, cancelled ${task.cancelled()}`);
  }
});

scenario('group-nested (B81)', function* (twin) {
  for (const [outerTurns, innerTurns] of [
    [1, 9],
    [9, 1],
    [1, 1],
  ] as const) {
    function* main() {
      yield* taskGroup(function* (outer) {
        outer.createTask(steps(twin, 'outer', outerTurns, new Boom()));
        yield* taskGroup(function* (inner) {
          inner.createTask(steps(twin, 'inner', innerTurns, new Other()));
          yield* steps(twin, 'body', 9);
        });
      });
    }
    yield* guarded(twin, 'main', main());
  }
});

scenario('group-nested-caught (B64, B81)', function* (twin) {
  function* innerGroup(outer: TaskGroup) {
    yield* taskGroup(function* (inner) {
      inner.createTask(steps(twin, 'inner', 0, new Other()));
      outer.createTask(steps(twin, 'outer', 0, new Boom()));
    });
  }
  function* main() {
    yield* taskGroup(function* (outer) {
      yield* guarded(twin, 'inner', innerGroup(outer));
      yield* steps(twin, 'body', 2);
    });
  }
  yield* guarded(twin, 'main', main());
});

scenario('group-tasks-that-add-tasks (B81)', function* (twin) {
  yield* taskGroup(function* (group) {
    function* adds(name: string, depth: number): Coroutine<void> {
      yield* twin.turns(1);
      twin.log(`${name}, ${group}`);
      if (depth > 0) {
        group.createTask(adds(`${name}.1`, depth - 1));
        group.createTask(adds(`${name}.2`, depth - 1));
      }
    }
    group.createTask(adds('1', 2));
  });
  twin.log('group ends');
});

scenario('group-refuses (B81)', function* (twin) {
  function attempt() {
    try {
      group.createTask(function* () {});
    } catch (error) {
      twin.log((error as Error).message);
    }
  }
  function* main() {
    yield* group.run(function* () {
      try {
        yield* group.run(function* () {});
      } catch (error) {
        twin.log((error as Error).message);
      }
      group.createTask(steps(twin, 'a', 0, new Boom()));
      try {
        yield* twin.loop.createFuture<void>();
      } finally {
        attempt();
      }
    });
  }
  let group = new TaskGroup();
  attempt();
  yield* guarded(twin, 'main', main());
  group = new TaskGroup();
  yield* group.run(function* () {});
  attempt();
});

virtualScenario('group-in-timeout (B80, B81)', function* (twin) {
  for (const error of [null, new Boom()]) {
    function* main() {
      yield* timeout(1, () =>
        taskGroup(function* (group) {
          group.createTask(lingers(twin, 'a', 1, error));
          yield* sleep(8);
        }),
      );
    }
    yield* guarded(twin, 'main', main());
  }
});

virtualScenario('timeout-in-group (B80, B81)', function* (twin) {
  function* limited(delay: number): Coroutine<void> {
    yield* timeout(delay, () => sleep(2));
    twin.log(`${delay} was enough`);
  }
  function* main() {
    yield* taskGroup(function* (group) {
      group.createTask(limited(4));
      group.createTask(limited(1));
      group.createTask(limited(0.5));
    });
  }
  yield* guarded(twin, 'main', main());
});

virtualScenario('group-of-waits (B74, B75, B77, B79, B81)', function* (twin) {
  function* slept<T>(delay: number, result: T): Coroutine<T> {
    return yield* sleep(delay, result);
  }
  function* main() {
    yield* taskGroup(function* (group) {
      const one = group.createTask(slept(1, 'one'));
      group.createTask(waitFor(slept(4, null), 2));
      const results = yield* gather(one, shield(slept(1, 'shielded')));
      twin.log(results.join(', '));
      yield* wait([group.createTask(slept(8, null))]);
    });
  }
  yield* guarded(twin, 'main', main());
});

/** One of each kind of wait, in and around each other. */
function* everything(twin: Twin): Coroutine<string> {
  function* kept(): Coroutine<string> {
    yield* twin.turns(4);
    return 'kept';
  }
  function* slept(result: string): Coroutine<string> {
    return yield* sleep(0, result);
  }
  yield* timeout(64, () =>
    taskGroup(function* (group) {
      const first = group.createTask(waitFor(twin.turns(2), 8));
      const second = group.createTask(waitFor(group.createTask(kept()), 8));
      yield* gather(first, twin.turns(1), { returnExceptions: true });
      yield* wait([second], { timeout: 8, returnWhen: FIRST_COMPLETED });
      for (const following of asCompleted([slept('a'), slept('b')], { timeout: 8 })) yield* following;
    }),
  );
  try {
    yield* taskGroup(function* (group) {
      group.createTask(steps(twin, 'child', 1, new Boom()));
      yield* shield(kept());
    });
  } catch (error) {
    if (!(error instanceof AggregateError)) throw error;
    twin.log(parts(error));
  }
  yield* twin.turns(1);
  return 'everything';
}

virtualScenario('cancel-at-every-turn (B60, B64, B74, B75, B76, B77, B79, B80, B81)', function* (twin) {
  for (let late = 0; late < 28; late++) {
    const task = twin.loop.createTask(everything(twin));
    yield* twin.turns(late);
    const start = loopTurns(twin.loop);
    twin.log(`after ${late} turns, cancel: ${task.cancel()}`);
    const outcome = yield* twin.outcome(task, parts);
    twin.log(`${outcome}, ${loopTurns(twin.loop) - start} turns later, cancelling ${task.cancelling()}`);
    yield* twin.turns(8);
    twin.log(`left: ${allTasks().size - 1}`);
  }
});

virtualScenario('cancel-everything-twice (B62, B64, B74, B75, B76, B77, B79, B80, B81)', function* (twin) {
  for (let late = 0; late < 24; late += 3) {
    for (let between = 0; between < 5; between++) {
      const task = twin.loop.createTask(everything(twin));
      yield* twin.turns(late);
      task.cancel();
      yield* twin.turns(between);
      twin.log(`after ${late} turns and ${between} more, cancel: ${task.cancel()}`);
      twin.log(`${yield* twin.outcome(task, parts)}, cancelling ${task.cancelling()}`);
      yield* twin.turns(8);
      twin.log(`left: ${allTasks().size - 1}`);
    }
  }
});
