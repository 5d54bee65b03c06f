// gather, wait, shield, asCompleted, waitFor and ensureFuture. The Python side is python/waits.py.

import {
  asCompleted,
  CancelledError,
  type Coroutine,
  ensureFuture,
  FIRST_COMPLETED,
  FIRST_EXCEPTION,
  type Future,
  gather,
  shield,
  sleep,
  wait,
  waitFor,
} from 'mioloop';
import { Boom, scenario, shown, type Twin, virtualScenario, word } from './scenario.js';

/** Some turns, told one by one, then a result or an error. */
export function* steps(
  twin: Twin,
  name: string,
  count: number,
  error: Error | null = null,
): Coroutine<string> {
  try {
    for (let step = 0; step < count; step++) {
      twin.log(`${name} step ${step}`);
      yield* sleep(0);
    }
  } catch (cancel) {
    if (cancel instanceof CancelledError) twin.log(`${name} cancelled`);
    throw cancel;
  }
  twin.log(`${name} ends`);
  if (error !== null) throw error;
  return name;
}

/** Waits without end, and takes some turns for its end when it is cancelled. */
export function* lingers(
  twin: Twin,
  name: string,
  count: number,
  error: Error | null = null,
): Coroutine<void> {
  try {
    yield* twin.loop.createFuture<void>();
  } finally {
    twin.log(`${name} cleans up`);
    yield* twin.turns(count);
    twin.log(`${name} has cleaned up`);
    // biome-ignore lint/correctness/noUnsafeFinally: as the Python side does.
    if (error !== null) throw error;
  }
}

function outcomes(results: readonly unknown[]): string {
  return results.map((one) => (one instanceof Error ? word(one) : shown(one))).join(', ');
}

function watch<F extends Future<unknown>>(twin: Twin, name: string, future: F): F {
  future.addDoneCallback(twin.logger(`${name} is done`));
  return future;
}

function resultOf<T>(twin: Twin, value: T): Future<T> {
  const future = twin.loop.createFuture<T>();
  future.setResult(value);
  return future;
}

scenario('gather-order (B74)', function* (twin) {
  watch(twin, 'an empty gather', gather());
  const gathering = gather(steps(twin, 'a', 3), steps(twin, 'b', 0), steps(twin, 'c', 1));
  watch(twin, 'gather', gathering);
  twin.log('gathered');
  twin.log(outcomes(yield* gathering));
});

scenario('gather-mixed (B74)', function* (twin) {
  const future = twin.loop.createFuture<string>();
  const done = resultOf(twin, 'done');
  const task = twin.loop.createTask(steps(twin, 'task', 2));
  twin.loop.callSoon(() => future.setResult('future'));
  twin.log(outcomes(yield* gather(done, future, task, sleep(0, 'slept'), future, done)));
  const gathering = watch(twin, 'gather of what is done', gather(done, task));
  twin.log(`done at once: ${gathering.done()}`);
  twin.log(outcomes(yield* gathering));
  yield* twin.turns(2);
});

scenario('gather-error (B74)', function* (twin) {
  const gathering = gather(
    steps(twin, 'a', 4),
    steps(twin, 'b', 1, new Boom()),
    steps(twin, 'c', 3, new Boom()),
  );
  watch(twin, 'gather', gathering);
  twin.log(yield* twin.outcome(gathering));
  twin.log(`cancel: ${gathering.cancel()}`);
  yield* twin.turns(5);
});

scenario('gather-return-exceptions (B74)', function* (twin) {
  const cancelled = twin.loop.createTask(steps(twin, 'b', 9));
  twin.loop.callSoon(() => cancelled.cancel());
  const options = { returnExceptions: true } as const;
  const gathering = gather(steps(twin, 'a', 1, new Boom()), cancelled, steps(twin, 'c', 3), options);
  twin.log(outcomes(yield* gathering));
});

scenario('gather-cancel (B74)', function* (twin) {
  for (const returnExceptions of [false, true]) {
    const gathering = gather(lingers(twin, 'a', 1), lingers(twin, 'b', 3), steps(twin, 'c', 0), {
      returnExceptions,
    });
    watch(twin, 'gather', gathering);
    yield* twin.turns(2);
    twin.log(`cancel: ${gathering.cancel()}`);
    twin.log(`done at once: ${gathering.done()}`);
    twin.log(yield* twin.outcome(gathering));
    twin.log(`cancelled: ${gathering.cancelled()}`);
    yield* twin.turns(4);
  }
});

scenario('gather-child-cancelled (B74)', function* (twin) {
  const child = twin.loop.createTask(lingers(twin, 'a', 1));
  const gathering = gather(child, steps(twin, 'b', 6));
  watch(twin, 'gather', gathering);
  yield* twin.turns(1);
  child.cancel();
  twin.log(yield* twin.outcome(gathering));
  twin.log(`cancelled: ${gathering.cancelled()}`);
  yield* twin.turns(4);
});

scenario('gather-nested-cancel (B65, B74)', function* (twin) {
  function* main() {
    try {
      const inner = gather(lingers(twin, 'a', 0), lingers(twin, 'b', 2));
      yield* gather(inner, lingers(twin, 'c', 1));
    } finally {
      twin.log('main ends');
    }
  }
  const task = twin.loop.createTask(main());
  yield* twin.turns(2);
  twin.log(`cancel: ${task.cancel()}`);
  twin.log(yield* twin.outcome(task));
  yield* twin.turns(4);
});

function* first(gathering: Future<unknown[]>): Coroutine<unknown> {
  return (yield* gathering)[0];
}

scenario('gather-cancel-in-the-last-turn (B74)', function* (twin) {
  for (let late = 0; late < 4; late++) {
    const future = twin.loop.createFuture<string>();
    function* child() {
      return yield* future;
    }
    const gathering = gather(child());
    yield* twin.turns(1);
    future.setResult('result');
    yield* twin.turns(late);
    twin.log(`${late} turns later, cancel: ${gathering.cancel()}`);
    twin.log(yield* twin.outcome(first(gathering)));
  }
});

scenario('wait-first-completed (B75)', function* (twin) {
  const tasks = (
    [
      ['a', 5],
      ['b', 1],
      ['c', 1],
    ] as const
  ).map(([name, count]) => twin.loop.createTask(steps(twin, name, count)));
  let [done, pending] = yield* wait(tasks, { returnWhen: FIRST_COMPLETED });
  twin.log(`done ${done.size}, pending ${pending.size}`);
  [done, pending] = yield* wait(tasks, { returnWhen: FIRST_COMPLETED });
  twin.log(`at once, done ${done.size}, pending ${pending.size}`);
  [done, pending] = yield* wait(tasks);
  twin.log(`done ${done.size}, pending ${pending.size}`);
});

scenario('wait-first-exception (B75)', function* (twin) {
  const cancelled = twin.loop.createTask(lingers(twin, 'cancelled', 0));
  const tasks: Future<unknown>[] = [
    twin.loop.createTask(steps(twin, 'a', 1)),
    twin.loop.createTask(steps(twin, 'b', 3, new Boom())),
    twin.loop.createTask(steps(twin, 'c', 6)),
    cancelled,
  ];
  twin.loop.callSoon(() => cancelled.cancel());
  let [done, pending] = yield* wait(tasks, { returnWhen: FIRST_EXCEPTION });
  twin.log(`done ${done.size}, pending ${pending.size}`);
  [done, pending] = yield* wait(pending, { returnWhen: FIRST_EXCEPTION });
  twin.log(`done ${done.size}, pending ${pending.size}`);
});

function sleepers(twin: Twin, delays: readonly number[]) {
  return delays.map((delay) =>
    twin.loop.createTask(function* () {
      return yield* sleep(delay, delay);
    }),
  );
}

virtualScenario('wait-timeout (B75)', function* (twin) {
  const tasks = sleepers(twin, [0.25, 0.5, 2]);
  for (const timeout of [0, 0.25, 0.5, 4]) {
    const [done, pending] = yield* wait(tasks, { timeout });
    twin.log(`done ${done.size}, pending ${pending.size}`);
  }
});

virtualScenario('wait-cancel (B75)', function* (twin) {
  const future = twin.loop.createFuture<void>();
  const task = twin.loop.createTask(function* () {
    yield* wait([future], { timeout: 8 });
  });
  yield* sleep(1);
  task.cancel();
  twin.log(yield* twin.outcome(task));
  twin.log(`the future is done: ${future.done()}`);
  yield* sleep(16);
});

scenario('shield-outcomes (B77)', function* (twin) {
  for (const [name, count, error] of [
    ['result', 2, null],
    ['error', 1, new Boom()],
  ] as const) {
    const outer = watch(twin, name, shield(steps(twin, name, count, error)));
    twin.log(yield* twin.outcome(outer));
  }
  const inner = twin.loop.createTask(lingers(twin, 'inner', 1));
  const outer = watch(twin, 'shield', shield(inner));
  yield* twin.turns(1);
  inner.cancel();
  twin.log(yield* twin.outcome(outer));
  twin.log(`shield of what is done: ${shield(inner) === inner}`);
});

scenario('shield-cancel (B77)', function* (twin) {
  const inner = twin.loop.createTask(steps(twin, 'inner', 5));
  function* main() {
    try {
      yield* shield(inner);
    } finally {
      twin.log('main ends');
    }
  }
  const task = twin.loop.createTask(main());
  yield* twin.turns(2);
  task.cancel();
  twin.log(yield* twin.outcome(task));
  twin.log(yield* twin.outcome(inner));
});

scenario('shield-both-cancelled (B77)', function* (twin) {
  for (const first of ['inner', 'outer']) {
    const inner = twin.loop.createFuture<void>();
    const outer = watch(twin, 'outer', shield(inner));
    watch(twin, 'inner', inner);
    for (const one of first === 'inner' ? [inner, outer] : [outer, inner]) one.cancel();
    twin.log(`${first} first: outer cancelled ${outer.cancelled()}`);
    yield* twin.turns(3);
  }
});

function* slept(result: string): Coroutine<string> {
  return yield* sleep(0, result);
}

scenario('as-completed-order (B76)', function* (twin) {
  const coroutines = [steps(twin, 'a', 4), steps(twin, 'b', 0), steps(twin, 'c', 2)];
  for (const following of asCompleted(coroutines)) twin.log(`got ${yield* following}`);
  for (const following of asCompleted([slept('one'), slept('two')])) twin.log(`got ${yield* following}`);
});

scenario('as-completed-futures (B76)', function* (twin) {
  const futures = [0, 1, 2].map(() => twin.loop.createFuture<string>());
  const waiting = [...asCompleted(futures)].map((one) => twin.loop.createTask(one));
  waiting.forEach((task, index) => {
    watch(twin, `waiting ${index}`, task);
  });
  yield* twin.turns(1);
  futures[2]!.setResult('c');
  yield* twin.turns(1);
  waiting[0]!.cancel();
  futures[0]!.setException(new Boom());
  yield* twin.turns(3);
  futures[1]!.setResult('b');
  for (const task of waiting) twin.log(yield* twin.outcome(task));
});

virtualScenario('as-completed-timeout (B76)', function* (twin) {
  const tasks = sleepers(twin, [4, 0.5, 2]);
  for (const following of asCompleted(tasks, { timeout: 1 })) twin.log(yield* twin.outcome(following));
  for (const following of asCompleted(tasks, { timeout: 8 })) twin.log(yield* twin.outcome(following));
});

virtualScenario('wait-for-in-time (B79)', function* (twin) {
  twin.log(yield* twin.outcome(waitFor(steps(twin, 'coroutine', 2), 1)));
  twin.log(yield* twin.outcome(waitFor(twin.loop.createTask(steps(twin, 'task', 2)), 1)));
  twin.log(yield* twin.outcome(waitFor(steps(twin, 'fails', 1, new Boom()), 1)));
  twin.log(yield* twin.outcome(waitFor(sleep(64, 'no limit'), null)));
  twin.log(yield* twin.outcome(waitFor(waitFor(sleep(0.5, 'nested'), 1), 2)));
});

virtualScenario('wait-for-too-late (B79)', function* (twin) {
  twin.log(yield* twin.outcome(waitFor(lingers(twin, 'coroutine', 2), 1)));
  twin.log(yield* twin.outcome(waitFor(twin.loop.createTask(lingers(twin, 'task', 2)), 1)));
  twin.log(yield* twin.outcome(waitFor(twin.loop.createFuture<void>(), 1)));

  function* catches(error: Error | null): Coroutine<string> {
    try {
      yield* sleep(8);
    } catch (cancel) {
      if (!(cancel instanceof CancelledError)) throw cancel;
      yield* twin.turns(1);
      if (error !== null) throw error;
    }
    return 'all the same';
  }
  for (const error of [null, new Boom()]) {
    twin.log(yield* twin.outcome(waitFor(catches(error), 1)));
    twin.log(yield* twin.outcome(waitFor(twin.loop.createTask(catches(error)), 1)));
  }
});

scenario('wait-for-no-time (B79)', function* (twin) {
  for (const timeout of [0, -1]) {
    twin.log(yield* twin.outcome(waitFor(resultOf(twin, 'done'), timeout)));
    twin.log(yield* twin.outcome(waitFor(steps(twin, 'coroutine', 1), timeout)));
    const task = twin.loop.createTask(lingers(twin, 'task', 2));
    yield* twin.turns(1);
    twin.log(yield* twin.outcome(waitFor(task, timeout)));
    const cancelled = twin.loop.createFuture<void>();
    cancelled.cancel();
    twin.log(yield* twin.outcome(waitFor(cancelled, timeout)));
  }
});

virtualScenario('wait-for-cancelled (B79)', function* (twin) {
  for (const timeout of [null, 8, 0]) {
    const inner = twin.loop.createTask(lingers(twin, 'inner', 3));
    yield* twin.turns(1);
    const waiting = twin.loop.createTask(waitFor(inner, timeout));
    yield* twin.turns(2);
    twin.log(`cancel: ${waiting.cancel()}`);
    twin.log(yield* twin.outcome(waiting));
    twin.log(`inner done: ${inner.done()}`);
    yield* twin.turns(4);
  }
});

scenario('wait-for-cancel-as-it-ends (B79)', function* (twin) {
  for (let late = 0; late < 4; late++) {
    const inner = twin.loop.createTask(steps(twin, 'inner', 0));
    function* main() {
      const result = yield* waitFor(inner, 100);
      twin.log(`main got ${result}`);
      yield* sleep(0);
      twin.log('main goes on');
    }
    const task = twin.loop.createTask(main());
    yield* twin.turns(late);
    task.cancel();
    twin.log(`after ${late} turns: ${yield* twin.outcome(task)}`);
  }
});

scenario('ensure-future (B59)', function* (twin) {
  const task = ensureFuture(steps(twin, 'a', 1));
  twin.log(`made, the same again: ${ensureFuture(task) === task}`);
  twin.log(yield* task);
});
