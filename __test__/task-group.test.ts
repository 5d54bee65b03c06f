// Task groups: they end together, errors come out together, and cancels are counted right. The cases follow those of
// CPython's test_taskgroups.
// biome-ignore-all lint/correctness/useYield: a body that only makes tasks waits at its group's end.

import test from 'ava';
import {
  CancelledError,
  ContextVar,
  type Coroutine,
  type CoroutineLike,
  copyContext,
  currentTask,
  type EventLoop,
  KeyboardInterrupt,
  RuntimeError,
  sleep,
  type Task,
  TaskGroup,
  taskGroup,
  timeout,
} from 'mioloop';
import { virtualLoop } from './support/internals.js';
import { bothModes, inLoop } from './support/modes.js';
import { inVirtualTime, thrownBy } from './support/virtual.js';

class Boom extends Error {}
class Other extends Error {}

function* after<T>(delay: number, value: T): Coroutine<T> {
  yield* sleep(delay);
  return value;
}

function* crash(delay: number, error: unknown = new Boom()): Coroutine<never> {
  yield* sleep(delay);
  throw error;
}

/** Waits until it is cancelled, and says so. */
function* waits(log: string[], name: string): Coroutine<void> {
  try {
    yield* sleep(10);
  } catch (error) {
    log.push(name);
    throw error;
  }
}

/** Fails when it is cancelled. */
function* crashesInCleanup(error: unknown = new Boom()): Coroutine<void> {
  try {
    yield* sleep(10);
  } finally {
    // biome-ignore lint/correctness/noUnsafeFinally: replacing the cancel is what is tested.
    throw error;
  }
}

/** The classes of a group's errors. */
function classes(error: unknown): unknown[] {
  if (!(error instanceof AggregateError)) throw error;
  return error.errors.map((one: Error) => one.constructor);
}

/** What comes out of a task that is cancelled 0.1 s after its start. */
function* cancelled(
  loop: EventLoop,
  body: () => CoroutineLike<unknown>,
): Coroutine<[unknown, Task<unknown>]> {
  const task = loop.createTask(body() as Coroutine<unknown>);
  yield* sleep(0.1);
  if (task.done()) throw new Error('it was done too early');
  task.cancel();
  return [yield* thrownBy(() => task), task];
}

inVirtualTime(
  'a group ends when its tasks have ended, and gives what its body gives (B81: 01, 02)',
  function* (t) {
    let tasks: Task<number>[] = [];
    const result = yield* taskGroup(function* (group) {
      const first = group.createTask(after(0.1, 42));
      yield* sleep(0.05);
      tasks = [first, group.createTask(after(0.2, 11))];
      return 'body';
    });
    t.is(result, 'body');
    t.deepEqual(
      tasks.map((task) => task.result()),
      [42, 11],
    );
  },
);

inVirtualTime('a task of the group that is cancelled by itself is no error (B81: 03)', function* (t) {
  let first: Task<number> | undefined;
  let second: Task<number> | undefined;
  yield* taskGroup(function* (group) {
    first = group.createTask(after(1, 42));
    yield* sleep(0.15);
    first.cancel();
    second = group.createTask(after(0.2, 11));
  });
  t.true(first!.cancelled());
  t.is(second!.result(), 11);
});

inVirtualTime('an error of a task cancels the others and the body (B81: 04)', function* (t, loop) {
  const log: string[] = [];
  let other: Task<void> | undefined;
  const task = loop.createTask(function* () {
    yield* taskGroup(function* (group) {
      group.createTask(crash(0.1));
      other = group.createTask(waits(log, 'task'));
      yield* waits(log, 'body');
    });
    log.push('not reached');
  });
  const error = (yield* thrownBy(() => task)) as AggregateError & { code: string };
  t.deepEqual(classes(error), [Boom]);
  t.is(error.message, 'unhandled errors in a TaskGroup');
  t.is(error.code, 'ERR_TASK_GROUP');
  t.true(other!.cancelled());
  t.deepEqual(log.sort(), ['body', 'task']);
});

inVirtualTime('errors of one turn come out together, in the order of their coming (B81)', function* (t) {
  const errors = [new Boom('1'), new Boom('2'), new Boom('3')];
  const error = yield* thrownBy(() =>
    taskGroup(function* (group) {
      for (const one of errors) group.createTask(crash(0.1, one));
      yield* sleep(10);
    }),
  );
  t.deepEqual((error as AggregateError).errors, errors);
});

inVirtualTime(
  'a cancel of the parent cancels the tasks, and comes out when they have ended (B81: 06, 07, 17, 22)',
  function* (t, loop) {
    for (const bodyWaits of [true, false]) {
      const log: string[] = [];
      const [error, task] = yield* cancelled(loop, () =>
        taskGroup(function* (group) {
          for (const name of ['a', 'b', 'c']) group.createTask(waits(log, name));
          if (bodyWaits) yield* waits(log, 'body');
        }),
      );
      t.true(error instanceof CancelledError);
      t.true(task.cancelled());
      t.is(task.cancelling(), 1);
      t.deepEqual(log.sort(), bodyWaits ? ['a', 'b', 'body', 'c'] : ['a', 'b', 'c']);
    }
  },
);

inVirtualTime('errors that come out of a cancel win over it (B81: 08, 11, 12, 15, 16)', function* (t, loop) {
  const [error] = yield* cancelled(loop, () =>
    taskGroup(function* (group) {
      for (let count = 0; count < 5; count++) group.createTask(crashesInCleanup());
      yield* sleep(10);
    }),
  );
  t.deepEqual(classes(error), [Boom, Boom, Boom, Boom, Boom]);

  const [nested] = yield* cancelled(loop, () =>
    taskGroup(function* (outer) {
      outer.createTask(() => sleep(10) as never);
      yield* taskGroup(function* (inner) {
        inner.createTask(crashesInCleanup());
        yield* sleep(10);
      });
    }),
  );
  t.deepEqual(classes(nested), [AggregateError]);
  t.deepEqual(classes((nested as AggregateError).errors[0]), [Boom]);

  const late = (): CoroutineLike<void> =>
    taskGroup(function* (group) {
      group.createTask(crash(0.3));
      try {
        yield* sleep(10);
      } catch (error) {
        yield* sleep(0.5);
        throw error;
      }
    });
  t.deepEqual(classes((yield* cancelled(loop, late))[0]), [Boom]);
  const through = function* (): Coroutine<void> {
    yield* loop.createTask(late());
  };
  t.deepEqual(classes((yield* cancelled(loop, through))[0]), [Boom]);
});

inVirtualTime('an error of the body cancels the tasks (B81: 09, 10)', function* (t) {
  for (const delay of [0.1, null]) {
    let tasks: Task<number>[] = [];
    const error = yield* thrownBy(() =>
      taskGroup(function* (group) {
        tasks = [group.createTask(after(1, 42)), group.createTask(after(2, 11))];
        if (delay !== null) yield* sleep(delay);
        throw new Boom();
      }),
    );
    t.deepEqual(classes(error), [Boom]);
    t.true(tasks.every((task) => task.cancelled()));
  }
});

inVirtualTime('a group inside a group is an error of its own (B81: 13, 14)', function* (t) {
  const nest = (outerDelay: number, innerDelay: number) =>
    thrownBy(() =>
      taskGroup(function* (outer) {
        outer.createTask(crash(outerDelay, new Other()));
        yield* taskGroup(function* (inner) {
          inner.createTask(crash(innerDelay));
        });
      }),
    );
  t.deepEqual(classes(yield* nest(0.1, 10)), [Other]);
  const inner = yield* nest(10, 0.1);
  t.deepEqual(classes(inner), [AggregateError]);
  t.deepEqual(classes((inner as AggregateError).errors[0]), [Boom]);
});

inVirtualTime('an error that the body makes of the cancel counts too (B81: 18, 19)', function* (t, loop) {
  const [error, task] = yield* cancelled(loop, () =>
    taskGroup(function* () {
      yield* crashesInCleanup(new Other());
    }),
  );
  t.deepEqual(classes(error), [Other]);
  t.false(task.cancelled());
  const both = yield* thrownBy(() =>
    taskGroup(function* (group) {
      group.createTask(crash(0.1));
      yield* crashesInCleanup(new Other());
    }),
  );
  t.deepEqual(classes(both), [Boom, Other]);
  t.is(currentTask()!.cancelling(), 0);
});

for (const source of ['body', 'task'] as const) {
  bothModes(
    `an ExitError of the ${source} comes out bare (B81: 20, 21)`,
    async (t, bench) => {
      const exit = new KeyboardInterrupt();
      const main = function* (): Coroutine<void> {
        yield* taskGroup(function* (group) {
          group.createTask(source === 'body' ? crash(0.1) : crash(0.1, exit));
          yield* crashesInCleanup(source === 'body' ? exit : new Boom());
        });
      };
      const task = bench.loop.createTask(main());
      t.is(await t.throwsAsync(bench.run(task), { any: true }), exit);
      if (source === 'body') return;
      // The task's error has ended the run; the group ends with it in the next one.
      t.is(await t.throwsAsync(bench.run(task), { any: true }), exit);
    },
    virtualLoop,
  );
}

inVirtualTime('tasks may add tasks, and ended ones are forgotten (B81: 23, 24, 25)', function* (t) {
  let sizes: string[] = [];
  yield* taskGroup(function* (group) {
    for (let count = 0; count < 10; count++) {
      yield* sleep(0.1);
      group.createTask(after(0.25, null));
    }
    sizes = [group.toString()];
    yield* sleep(1);
    sizes.push(group.toString());
    group.createTask(function* () {
      yield* sleep(0.1);
      group.createTask(after(0.1, null));
      group.createTask(after(0.2, null));
    });
  });
  t.deepEqual(sizes, ['<TaskGroup tasks=3 entered>', '<TaskGroup entered>']);

  let hydras = 0;
  const hydra = function* (group: TaskGroup): Coroutine<void> {
    hydras += 1;
    yield* sleep(0.01);
    group.createTask(hydra(group));
    group.createTask(hydra(group));
  };
  const error = yield* thrownBy(() =>
    taskGroup(function* (group) {
      group.createTask(hydra(group));
      group.createTask(function* () {
        while (hydras < 10) yield* sleep(0.015);
        throw new Boom();
      });
    }),
  );
  t.deepEqual(classes(error), [Boom]);
});

inLoop('names and contexts go to the tasks (B81)', function* (t) {
  const variable = new ContextVar<number>('variable', 0);
  const context = copyContext();
  const set = function* (value: number): Coroutine<void> {
    yield* sleep(0);
    variable.set(value);
  };
  yield* taskGroup(function* (group) {
    t.is(group.createTask(set(0), { name: 'yolo' }).getName(), 'yolo');
    yield* group.createTask(set(1), { context });
    t.is(context.get(variable), 1);
    yield* group.createTask(set(2), { context });
  });
  t.is(context.get(variable), 2);
  t.is(variable.get(), 0);
});

inLoop('a group that shuts down takes no task (B81)', function* (t) {
  const problems: unknown[] = [];
  let group: TaskGroup | undefined;
  const error = yield* thrownBy(() =>
    taskGroup(function* (given) {
      group = given;
      given.createTask(crash(0));
      given.createTask(function* () {
        try {
          yield* sleep(10);
        } catch {
          problems.push(
            yield* thrownBy(function* () {
              yield* given.createTask(crash(0));
            }),
          );
        }
      });
    }),
  );
  t.deepEqual(classes(error), [Boom]);
  t.true(problems[0] instanceof RuntimeError);
  t.is((problems[0] as Error).message, 'TaskGroup <TaskGroup tasks=1 errors=1 cancelling> is shutting down');
  t.throws(() => group!.createTask(crash(0)), { instanceOf: RuntimeError, message: /is finished$/ });
});

inLoop(
  'a group takes no task before it is entered, and after its end; the coroutine is closed (B81)',
  function* (t) {
    const group = new TaskGroup();
    const refused: [when: string, message: string][] = [];
    const refuse = (when: string): void => {
      const coroutine = after(0, 1);
      const error = t.throws(() => group.createTask(coroutine), { instanceOf: RuntimeError });
      refused.push([when, error.message]);
      t.deepEqual(coroutine.next(), { done: true, value: undefined as never });
      const scope = timeout(1, () => after(0, 1));
      t.throws(() => group.createTask(scope), { instanceOf: RuntimeError });
      t.throws(() => scope[Symbol.iterator](), { message: /already awaited/ });
    };
    refuse('before');
    yield* group.run(function* () {
      yield* sleep(0);
    });
    refuse('after');
    t.deepEqual(refused, [
      ['before', 'TaskGroup <TaskGroup> has not been entered'],
      ['after', 'TaskGroup <TaskGroup entered> is finished'],
    ]);
  },
);

inLoop('a group is entered once, in a task (B81)', function* (t, loop) {
  const nothing = function* (): Coroutine<void> {
    yield* sleep(0);
  };
  const group = new TaskGroup();
  yield* group.run(function* () {
    const error = yield* thrownBy(() => group.run(nothing));
    t.is((error as Error).message, 'TaskGroup <TaskGroup entered> has already been entered');
  });
  const again = yield* thrownBy(() => group.run(nothing));
  t.is((again as Error).message, 'TaskGroup <TaskGroup entered> has already been entered');
  const problem = loop.createFuture<Error>();
  const outside = new TaskGroup();
  loop.callSoon(() => {
    problem.setResult(t.throws(() => outside.run(nothing)[Symbol.iterator]().next()) as Error);
  });
  t.is((yield* problem).message, 'TaskGroup <TaskGroup> cannot determine the parent task');
  t.throws(() => outside.createTask(nothing()), { message: /has not been entered$/ });
});

inLoop('the level of cancelling() is kept (B81)', function* (t) {
  yield* thrownBy(() =>
    taskGroup(function* (group) {
      group.createTask(crash(0));
      yield* sleep(10);
    }),
  );
  t.is(currentTask()!.cancelling(), 0);
  // Both fail in one turn: the inner one has taken its own request back, the outer one's is still there.
  const outer = yield* thrownBy(() =>
    taskGroup(function* (outer) {
      const inner = yield* thrownBy(() =>
        taskGroup(function* (inner) {
          inner.createTask(crash(0));
          outer.createTask(crash(0, new Other()));
        }),
      );
      t.deepEqual(classes(inner), [Boom]);
      t.is(currentTask()!.cancelling(), 1);
    }),
  );
  t.deepEqual(classes(outer), [Other]);
  t.is(currentTask()!.cancelling(), 0);
});

inLoop('a cancel from outside that an error hides comes again (B81)', function* (t, loop) {
  const started = loop.createFuture<void>();
  const levels: number[] = [];
  const task = loop.createTask(function* () {
    const error = yield* thrownBy(() =>
      taskGroup(function* (group) {
        group.createTask(function* () {
          started.setResult();
          yield* sleep(0);
          throw new Boom();
        });
        yield* sleep(1);
      }),
    );
    t.deepEqual(classes(error), [Boom]);
    levels.push(currentTask()!.cancelling());
    yield* sleep(1);
    t.fail('the cancel was lost');
  });
  yield* started;
  t.is(task.cancelling(), 0);
  task.cancel();
  t.is(task.cancelling(), 1);
  t.true((yield* thrownBy(() => task)) instanceof CancelledError);
  t.true(task.cancelled());
  t.deepEqual(levels, [1]);
});

inVirtualTime(
  'a group that a timeout cancels: the errors win, the time-out is their cause at best (B80, B81)',
  function* (t) {
    const error = yield* thrownBy(() =>
      timeout(0.01, function* () {
        yield* taskGroup(function* (group) {
          group.createTask(crashesInCleanup());
          yield* sleep(1);
        });
      }),
    );
    t.deepEqual(classes(error), [Boom]);
    t.is(currentTask()!.cancelling(), 0);
  },
);

inVirtualTime('async functions: bodies, tasks and parents (B81)', function* (t, loop) {
  const log: string[] = [];
  const waiting = async (name: string): Promise<void> => {
    try {
      await sleep(10);
    } finally {
      log.push(name);
    }
  };
  const sum = yield* taskGroup(async (group) => {
    const first = group.createTask(async () => 1);
    const second = group.createTask(after(0.1, 2));
    return (await first) + (await second);
  });
  t.is(sum, 3);
  const task = loop.createTask(async () => {
    try {
      await taskGroup(async (group) => {
        group.createTask(() => waiting('task'));
        group.createTask(async () => {
          await sleep(0.1);
          throw new Boom();
        });
        await waiting('body');
      });
    } catch (error) {
      t.deepEqual(classes(error), [Boom]);
    }
    t.is(currentTask()!.cancelling(), 0);
    await taskGroup(async (group) => {
      group.createTask(() => waiting('last'));
    });
  });
  yield* sleep(1);
  task.cancel();
  t.true((yield* thrownBy(() => task)) instanceof CancelledError);
  t.deepEqual(log.sort(), ['body', 'last', 'task']);
});

inLoop('an error of a task whose parent is done is reported (B81)', function* (t, loop) {
  const reports: string[] = [];
  loop.setExceptionHandler((_loop, context) => reports.push(context.message));
  const group = new TaskGroup();
  const parent = loop.createTask(function* () {
    // Nothing goes on with the group's end: nobody steps this but the test.
    const running = group
      .run(function* () {
        yield* sleep(10);
      })
      [Symbol.iterator]();
    running.next();
  });
  yield* parent;
  group.createTask(crash(0));
  yield* sleep(0);
  yield* sleep(0);
  yield* sleep(0);
  t.is(reports.length, 1);
  t.regex(
    reports[0]!,
    /^Task <Task finished .*> has errored out but its parent task <Task finished .*> is already completed$/,
  );
});

test.serial('its text counts tasks and errors', (t) => {
  t.is(String(new TaskGroup()), '<TaskGroup>');
});
