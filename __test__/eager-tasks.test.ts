// Eager tasks: their first step runs inside the call that makes them, and leaves everything as it was.

import test from 'ava';
import {
  allTasks,
  CancelledError,
  type Coroutine,
  currentTask,
  type EventLoop,
  getRunningLoop,
  KeyboardInterrupt,
  sleep,
  type Task,
} from 'mioloop';
import { atOnce, both } from './support/coroutines.js';
import { loopTurns } from './support/internals.js';
import { freshLoop } from './support/leaks.js';
import { bothModes, inLoop } from './support/modes.js';
import { errorOf } from './support/outcomes.js';

inLoop('the first step runs inside createTask(), the second in its turn (B82)', function* (t, loop) {
  const log: string[] = [];
  for (const coroutine of both(
    () => log.push('begins'),
    () => log.push('goes on'),
  )) {
    log.length = 0;
    const turn = loopTurns(loop);
    const task = loop.createTask(coroutine, { eagerStart: true });
    t.deepEqual(log, ['begins']);
    t.false(task.done());
    log.push('made');
    yield* task;
    t.deepEqual(log, ['begins', 'made', 'goes on']);
    t.is(loopTurns(loop), turn + 2);
  }
});

inLoop(
  'a generator that does not wait is done at once, its callbacks come later (B52, B82)',
  function* (t, loop) {
    const make = (coroutine: () => Coroutine<number>) => loop.createTask(coroutine, { eagerStart: true });
    const done = make(atOnce(() => 1));
    t.is(done.result(), 1);
    const log: number[] = [];
    done.addDoneCallback((one) => log.push(one.result()));
    const other = loop.createFuture<number>();
    other.setResult(2);
    const waitsForDone = make(function* () {
      return yield* other;
    });
    t.is(waitsForDone.result(), 2);
    const failed = make(
      atOnce(() => {
        throw new RangeError('boom');
      }),
    );
    t.is((failed.exception() as Error).message, 'boom');
    const cancelled = make(
      atOnce(() => {
        throw new CancelledError('by itself');
      }),
    );
    t.true(cancelled.cancelled());
    t.is(allTasks().size, 1);
    t.deepEqual(log, []);
    yield* sleep(0);
    t.deepEqual(log, [1]);
  },
);

inLoop(
  'the eager task is the current one in its step, and its maker is again behind it (B82)',
  function* (t, loop) {
    const me = currentTask();
    const seen: (Task<unknown> | null)[] = [];
    const look = (): void => {
      seen.push(currentTask());
      t.is(getRunningLoop(), loop);
    };
    for (const coroutine of both(look, look)) {
      seen.length = 0;
      const task: Task<void> = loop.createTask(coroutine, { eagerStart: true });
      t.is(currentTask(), me);
      yield* task;
      t.deepEqual(seen, [task, task]);
    }
    const failed = loop.createTask(
      atOnce(() => {
        throw new Error('boom');
      }),
      { eagerStart: true },
    );
    t.is(currentTask(), me);
    yield* errorOf(failed);
  },
);

inLoop('eager tasks may make eager tasks (B82)', function* (t, loop) {
  const log: string[] = [];
  const make = (depth: number): Task<void> =>
    loop.createTask(
      function* () {
        const own = currentTask()!.getName();
        log.push(`${own} begins`);
        if (depth > 0) yield* make(depth - 1);
        log.push(`${own} ends`);
        t.is(currentTask()!.getName(), own);
      },
      { eagerStart: true, name: `level ${depth}` },
    );
  make(2);
  t.deepEqual(log, [
    'level 2 begins',
    'level 1 begins',
    'level 0 begins',
    'level 0 ends',
    'level 1 ends',
    'level 2 ends',
  ]);
  yield* sleep(0);
});

inLoop('an eager task can be cancelled where it waits (B82)', function* (t, loop) {
  for (const coroutine of [
    function* () {
      yield* sleep(3600);
    },
    async () => {
      await sleep(3600);
    },
  ]) {
    const task = loop.createTask(coroutine, { eagerStart: true });
    t.true(task.cancel('enough'));
    const error = yield* errorOf(task);
    t.true(task.cancelled());
    t.is((error as Error).message, 'enough');
  }
});

inLoop('cancelling itself in the first step counts as in any other (B63, B82)', function* (t, loop) {
  const cancelSelf = (): void => {
    currentTask()!.cancel('myself');
  };
  for (const coroutine of both(cancelSelf, () => t.fail())) {
    const task = loop.createTask(coroutine, { eagerStart: true });
    t.false(task.done());
    yield* errorOf(task);
    t.true(task.cancelled());
  }
  const atEnd = loop.createTask(atOnce(cancelSelf), { eagerStart: true });
  t.true(atEnd.cancelled());
});

inLoop('a signal that is aborted already cancels it before its first step (B61, B82)', function* (t, loop) {
  for (const coroutine of both(
    () => t.fail(),
    () => t.fail(),
  )) {
    const task = loop.createTask(coroutine, { eagerStart: true, signal: AbortSignal.abort() });
    t.true(task.cancelled());
  }
  t.is(allTasks().size, 1);
  yield* sleep(0);
});

bothModes('outside of a run an eager task begins with the run (B82)', async (t, { loop, run }) => {
  const log: string[] = [];
  const task = loop.createTask(
    function* () {
      log.push('begins');
      yield* sleep(0);
    },
    { eagerStart: true },
  );
  t.deepEqual(log, []);
  await run(task);
  t.deepEqual(log, ['begins']);
});

bothModes(
  'an ExitError in the first step goes to the one who made the task (B10, B82)',
  async (t, { loop, run }) => {
    const exit = new KeyboardInterrupt('now');
    const seen: unknown[] = [];
    const main = function* () {
      const me = currentTask();
      try {
        loop.createTask(
          atOnce(() => {
            throw exit;
          }),
          { eagerStart: true },
        );
      } catch (error) {
        seen.push(error, currentTask() === me);
      }
      yield* sleep(0);
    };
    await run(main);
    t.deepEqual(seen, [exit, true]);
    t.is(allTasks(loop).size, 0);
  },
);

test.serial('an eager task of a loop that does not run leaves the running one alone (B82)', async (t) => {
  const [running, idle]: [EventLoop, EventLoop] = [freshLoop(), freshLoop()];
  await running.runUntilComplete(function* () {
    const task = idle.createTask(
      function* () {
        yield* sleep(0);
      },
      { eagerStart: true },
    );
    t.is(getRunningLoop(), running);
    t.false(task.done());
    task.cancel();
    yield* sleep(0);
  });
  idle.callSoon(() => idle.stop());
  idle.callSoon(() => idle.callSoon(() => undefined));
  idle.runForeverSync();
  running.close();
  idle.close();
});
