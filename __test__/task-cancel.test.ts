// Cancelling tasks, as asyncio does it: edge-triggered, where the task waits, and counted. Each test holds for
// generators and for async functions.

import {
  CancelledError,
  type Coroutine,
  currentTask,
  type EventLoop,
  type Future,
  sleep,
  type Task,
} from 'mioloop';
import { inLoop } from './support/modes.js';
import { errorOf } from './support/outcomes.js';

/** A task that waits for `future` over and over, at most `times`, and notes what comes. */
type Waiting = (
  loop: EventLoop,
  future: () => Future<unknown>,
  log: unknown[],
  times: number,
) => Task<string>;

const asGenerator: Waiting = (loop, future, log, times) =>
  loop.createTask(function* waits() {
    log.push('begins');
    for (let time = 0; time < times; time++) {
      try {
        log.push(yield* future());
      } catch (error) {
        log.push(error);
      }
    }
    return 'returned';
  });

const asAsyncFunction: Waiting = (loop, future, log, times) =>
  loop.createTask(async function waits() {
    log.push('begins');
    for (let time = 0; time < times; time++) {
      try {
        log.push(await future());
      } catch (error) {
        log.push(error);
      }
    }
    return 'returned';
  });

const KINDS: [name: string, waiting: Waiting][] = [
  ['a generator', asGenerator],
  ['an async function', asAsyncFunction],
];

for (const [name, waiting] of KINDS) {
  inLoop(`${name}: cancel() cancels the future that it waits for (B60)`, function* (t, loop) {
    const future = loop.createFuture<void>();
    const log: unknown[] = [];
    const task = waiting(loop, () => future, log, 1);
    yield* sleep(0);
    t.true(task.cancel('enough'));
    t.true(future.cancelled());
    t.false(task.done());
    t.is(yield* task, 'returned');
    t.is(log.length, 2);
    t.true(log[1] instanceof CancelledError);
    t.is((log[1] as Error).message, 'enough');
  });

  inLoop(`${name}: cancelled before its first step it never enters its body (B61)`, function* (t, loop) {
    const log: unknown[] = [];
    const task = waiting(loop, () => sleep(0), log, 1);
    t.true(task.cancel('never mind'));
    t.false(task.done());
    const error = yield* errorOf(task);
    t.true(task.cancelled());
    t.is((error as Error).message, 'never mind');
    t.deepEqual(log, []);
  });

  inLoop(`${name}: a cancelled future cancels who waits for it (B60)`, function* (t, loop) {
    const future = loop.createFuture<void>();
    const task = loop.createTask(
      name === 'a generator' ? () => passOn(future) : async () => void (await future),
    );
    yield* sleep(0);
    future.cancel('from below');
    const error = yield* errorOf(task);
    t.true(task.cancelled());
    t.is((error as Error).message, 'from below');
    t.is(task.cancelling(), 0);
  });

  inLoop(`${name}: the future and its task are cancelled in one turn (B60)`, function* (t, loop) {
    const future = loop.createFuture<void>();
    const log: unknown[] = [];
    const task = waiting(loop, () => future, log, 1);
    yield* sleep(0);
    future.cancel('the future');
    t.true(task.cancel('the task'));
    // The future refuses, so the request is kept for the task's next step: one error, the task's.
    t.is(yield* task, 'returned');
    t.is(log.length, 2);
    t.true(log[1] instanceof CancelledError);
  });

  inLoop(
    `${name}: a future that is done refuses; the cancel takes its result's place (B60)`,
    function* (t, loop) {
      const future = loop.createFuture<string>();
      const log: unknown[] = [];
      const task = waiting(loop, () => future, log, 2);
      yield* sleep(0);
      future.setResult('the result');
      t.true(task.cancel('too late for the future'));
      t.is(yield* task, 'returned');
      t.is(log.length, 3);
      t.is((log[1] as Error).message, 'too late for the future');
      t.is(log[2], 'the result');
    },
  );

  inLoop(
    `${name}: it may catch the error and go on; a second cancel raises a second (B62)`,
    function* (t, loop) {
      const log: unknown[] = [];
      const task = waiting(loop, () => loop.createFuture<void>(), log, 3);
      for (const message of ['first', 'second', 'third']) {
        yield* sleep(0);
        yield* sleep(0);
        t.true(task.cancel(message));
      }
      t.is(yield* task, 'returned');
      t.deepEqual(
        log.slice(1).map((error) => (error as Error).message),
        ['first', 'second', 'third'],
      );
      t.false(task.cancelled());
      t.is(task.cancelling(), 3);
      t.false(task.cancel());
      t.is(task.cancelling(), 3);
    },
  );

  inLoop(`${name}: two cancels before a step are one error (B62)`, function* (t, loop) {
    const log: unknown[] = [];
    const task = waiting(loop, () => loop.createFuture<void>(), log, 1);
    yield* sleep(0);
    t.true(task.cancel('first'));
    t.true(task.cancel('second'));
    t.is(task.cancelling(), 2);
    t.is(yield* task, 'returned');
    t.is(log.length, 2);
  });

  inLoop(`${name}: cancelling itself gives the error at its next wait (B63)`, function* (t, loop) {
    const log: unknown[] = [];
    const task = waiting(
      loop,
      () => {
        if (log.length === 1) log.push(currentTask()?.cancel('myself'), currentTask()?.cancelling());
        return loop.createFuture<void>();
      },
      log,
      1,
    );
    t.is(yield* task, 'returned');
    t.deepEqual(log.slice(0, 3), ['begins', true, 1]);
    t.is((log[3] as Error).message, 'myself');
  });

  inLoop(
    `${name}: one that is cancelled and returns before it waits ends cancelled (B63)`,
    function* (t, loop) {
      const body = (): string => {
        t.true(currentTask()!.cancel('at the end'));
        return 'a result that nobody gets';
      };
      const task = loop.createTask<string>(
        name === 'a generator'
          ? // biome-ignore lint/correctness/useYield: it must not wait.
            function* () {
              return body();
            }
          : async () => body(),
      );
      const error = yield* errorOf(task);
      t.true(task.cancelled());
      t.is((error as Error).message, 'at the end');
    },
  );

  inLoop(`${name}: cancelling() counts, uncancel() takes back (B64)`, function* (t, loop) {
    const log: unknown[] = [];
    const task = waiting(loop, () => loop.createFuture<void>(), log, 3);
    t.is(task.cancelling(), 0);
    t.is(task.uncancel(), 0);
    yield* sleep(0);
    task.cancel();
    t.is(task.cancelling(), 1);
    yield* sleep(0);
    task.cancel();
    t.is(task.cancelling(), 2);
    t.is(task.uncancel(), 1);
    t.is(task.uncancel(), 0);
    t.is(task.uncancel(), 0);
    yield* sleep(0);
    task.cancel();
    t.is(task.cancelling(), 1);
    t.is(yield* task, 'returned');
    t.is(log.filter((entry) => entry instanceof CancelledError).length, 3);
  });

  inLoop(`${name}: uncancel() to 0 takes back what was not delivered (B64)`, function* (t, loop) {
    const log: unknown[] = [];
    const task = waiting(loop, () => sleep(0, 'slept'), log, 1);
    task.cancel();
    task.cancel();
    t.is(task.uncancel(), 1);
    t.is(task.uncancel(), 0);
    t.is(yield* task, 'returned');
    t.deepEqual(log, ['begins', 'slept']);
  });

  inLoop(`${name}: one request that is left is delivered (B64)`, function* (t, loop) {
    const log: unknown[] = [];
    const task = waiting(loop, () => sleep(0, 'slept'), log, 1);
    task.cancel('kept');
    task.cancel('kept, too');
    t.is(task.uncancel(), 1);
    const error = yield* errorOf(task);
    t.is((error as Error).message, 'kept, too');
    t.deepEqual(log, []);
  });

  inLoop(`${name}: an error of its own while it is cancelled is its outcome (B62)`, function* (t, loop) {
    const error = new RangeError('while cleaning up');
    const clean = (caught: unknown): never => {
      t.true(caught instanceof CancelledError);
      throw error;
    };
    const task = loop.createTask(
      name === 'a generator'
        ? function* () {
            try {
              yield* sleep(3600);
            } catch (caught) {
              clean(caught);
            }
          }
        : async () => {
            try {
              await sleep(3600);
            } catch (caught) {
              clean(caught);
            }
          },
    );
    yield* sleep(0);
    task.cancel();
    t.is(yield* errorOf(task), error);
    t.false(task.cancelled());
  });

  inLoop(`${name}: a task that is done refuses to be cancelled (B54)`, function* (t, loop) {
    const log: unknown[] = [];
    const task = waiting(loop, () => sleep(0), log, 0);
    yield* task;
    t.false(task.cancel());
    t.is(task.cancelling(), 0);
    t.is(task.result(), 'returned');
  });
}

function* passOn(future: Future<void>): Coroutine<void> {
  yield* future;
}
