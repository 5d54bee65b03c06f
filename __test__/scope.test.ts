// Scopes: coroutines that have not begun. Where each way to use one runs it, and that it can be used once.

import test from 'ava';
import {
  CancelledError,
  type Coroutine,
  currentTask,
  ensureFuture,
  gather,
  getRunningLoop,
  RuntimeError,
  type Scope,
  shield,
  sleep,
  Task,
  taskGroup,
  timeout,
  timeoutAt,
  wait,
  waitFor,
} from 'mioloop';
import { loopTurns } from './support/internals.js';
import { bothModes, inLoop } from './support/modes.js';
import { runProgram } from './support/program.js';
import { thrownBy } from './support/virtual.js';

const makers: Record<string, <T>(body: () => Coroutine<T> | PromiseLike<T>) => Scope<T>> = {
  timeout: (body) => timeout(10, body),
  timeoutAt: (body) => timeoutAt(null, body),
  taskGroup: (body) => taskGroup(body),
  waitFor: (body) => waitFor(body as () => Coroutine<never>, 10),
};

for (const [name, make] of Object.entries(makers)) {
  inLoop(`yield* ${name}(generator) runs in the task that waits, in its turn`, function* (t, loop) {
    const turn = loopTurns(loop);
    const own = currentTask();
    const value = yield* make(function* () {
      t.is(loopTurns(loop), turn);
      t.is(currentTask(), own);
      yield* sleep(0);
      t.is(currentTask(), own);
      return 'value';
    });
    t.is(value, 'value');
    t.is(loopTurns(loop), turn + 1);
  });

  inLoop(
    `yield* ${name}(function that gives something to wait for) waits in the task, too`,
    function* (t, loop) {
      const own = function* (): Coroutine<Task<unknown> | null> {
        yield* sleep(0);
        return currentTask();
      };
      t.is(yield* make(() => own()), currentTask());
      t.is(yield* make(() => timeout(1, own)), currentTask());
      t.is(yield* make(() => sleep(0, 'slept')), 'slept');
      const future = loop.createFuture<string>();
      loop.callSoon(() => future.setResult('set'));
      t.is(yield* make(() => future), 'set');
    },
  );

  inLoop(`yield* ${name}(async function) runs it as a task that begins at once`, function* (t, loop) {
    const turn = loopTurns(loop);
    const outer = currentTask();
    let inner: Task<unknown> | null = null;
    yield* make(async () => {
      inner = currentTask();
      t.is(loopTurns(loop), turn);
      await sleep(0);
      t.is(currentTask(), inner);
      t.is(getRunningLoop(), loop);
    });
    t.not(inner, outer);
    t.true((inner as unknown) instanceof Task);
    t.is(currentTask(), outer);
  });

  inLoop(`await ${name}() runs as a task that begins at once`, function* (t, loop) {
    yield* loop.createTask(async () => {
      const own = currentTask();
      const turn = loopTurns(loop);
      let begun = -1;
      await make(function* () {
        begun = loopTurns(loop);
        yield* sleep(0);
        t.not(currentTask(), own);
      });
      t.is(begun, turn);
      t.is(currentTask(), own);
      t.is(await make(async () => 'async in async'), 'async in async');
      const failing = async (): Promise<void> => {
        await make(async () => {
          throw new RangeError('boom');
        });
      };
      await t.throwsAsync(failing, { instanceOf: name === 'taskGroup' ? AggregateError : RangeError });
    });
  });

  inLoop(`${name}() is taken by whatever takes a coroutine`, function* (t, loop) {
    const scope = (): Scope<string> =>
      make(function* () {
        yield* sleep(0);
        return 'value';
      });
    t.is(yield* loop.createTask(scope()), 'value');
    t.is(yield* ensureFuture(scope()), 'value');
    t.deepEqual(yield* gather(scope(), scope()), ['value', 'value']);
    t.is(yield* shield(scope()), 'value');
    t.is(yield* waitFor(scope(), 1), 'value');
    t.is(yield* timeout(1, scope), 'value');
    t.throws(() => wait([scope() as never]), { message: /Passing coroutines is forbidden/ });
    const text: string = yield* scope();
    t.is(text, 'value');
    t.regex(String(loop.createTask(scope(), { name: 'its task' })), /name='its task'/);
    yield* sleep(0);
    yield* sleep(0);
  });

  bothModes(`a loop runs ${name}() as its main`, async (t, { loop, mode }) => {
    // Its delay is counted from where it was made, and so it is made inside.
    const main = () => make(() => sleep(0, 'value'));
    const run = function* (): Coroutine<string> {
      return yield* main();
    };
    t.is(mode === 'hosted' ? await loop.runUntilComplete(run) : loop.runUntilCompleteSync(run), 'value');
  });

  inLoop(`${name}() can be used once`, function* (t, loop) {
    const scope = make(() => sleep(0));
    yield* scope;
    for (const again of [
      () => scope,
      () => loop.createTask(scope),
      () => gather(scope),
      () => waitFor(scope, 1),
      () => loop.createTask(async () => await scope),
    ]) {
      const error = yield* thrownBy(again);
      t.true(error instanceof RuntimeError);
      t.is((error as RuntimeError).code, 'ERR_COROUTINE_REUSED');
      t.regex((error as Error).message, /^cannot reuse already awaited coroutine/);
    }
  });

  inLoop(`a cancel of who waits reaches the body of ${name}(), whatever it is`, function* (t, loop) {
    const log: string[] = [];
    const generator = function* (): Coroutine<void> {
      try {
        yield* sleep(10);
      } finally {
        log.push('generator');
      }
    };
    const asyncFunction = async (): Promise<void> => {
      try {
        await sleep(10);
      } finally {
        log.push('async function');
      }
    };
    const tasks = [
      loop.createTask(() => make(generator)),
      loop.createTask(() => make(asyncFunction)),
      loop.createTask(async () => await make(generator)),
      loop.createTask(async () => await make(asyncFunction)),
    ];
    yield* sleep(0);
    yield* sleep(0);
    for (const task of tasks) task.cancel('enough');
    for (const task of tasks) {
      const error = yield* thrownBy(() => task);
      t.true(error instanceof CancelledError);
      t.is((error as Error).message, 'enough');
      t.true(task.cancelled());
    }
    t.deepEqual(log.sort(), ['async function', 'async function', 'generator', 'generator']);
  });

  inLoop(`${name}() that was cancelled before its first step never begins`, function* (t, loop) {
    let begun = false;
    const task = loop.createTask(
      make(function* () {
        begun = true;
        yield* sleep(0);
      }),
    );
    task.cancel();
    t.true((yield* thrownBy(() => task)) instanceof CancelledError);
    t.false(begun);
  });
}

inLoop('then, catch and finally are those of a promise', function* (t, loop) {
  yield* loop.createTask(async () => {
    const log: string[] = [];
    const good = timeout(1, () => sleep(0, 1));
    t.is(await good.then((value) => value + 1), 2);
    const bad = (): Scope<number> =>
      timeout(1, async (): Promise<number> => {
        throw new Error('boom');
      });
    t.is(await bad().catch((error) => (error as Error).message), 'boom');
    await t.throwsAsync(bad().finally(() => log.push('finally')));
    t.deepEqual(log, ['finally']);
    t.is(await Promise.all([timeout(1, () => sleep(0, 'in all'))]).then(([one]) => one), 'in all');
  });
});

test.serial('awaited where no loop runs it rejects, and says why', async (t) => {
  const scope = timeoutAt(null, () => sleep(0));
  await t.throwsAsync(async () => await scope, { instanceOf: RuntimeError, code: 'ERR_NO_RUNNING_LOOP' });
});

test.serial('its text says what it is, and whether it has begun', (t) => {
  const scope = waitFor(function* () {
    yield* sleep(0);
  }, 1);
  t.is(String(scope), '<coroutine waitFor (not begun)>');
  t.is(Object.prototype.toString.call(scope), '[object Scope]');
  scope[Symbol.iterator]();
  t.is(String(scope), '<coroutine waitFor>');
});

for (const debug of [true, false]) {
  test.serial(`one that nobody awaits is a warning in debug mode${debug ? '' : ' only'}`, async (t) => {
    const { stderr } = await runProgram(`
      import v8 from 'node:v8';
      import vm from 'node:vm';
      import { run, taskGroup, timeout, waitFor, sleep } from 'mioloop';
      import { setTimeout as wait } from 'node:timers/promises';
      await run(function* main() {
        timeout(1, function* () {});
        taskGroup(function* () {});
        yield* waitFor(sleep(0), 1);
      }, { debug: ${debug} });
      v8.setFlagsFromString('--expose-gc');
      const gc = vm.runInNewContext('gc');
      for (let round = 0; round < 50; round++) { gc(); await wait(1); }
    `);
    const warned = [...stderr.matchAll(/RuntimeWarning: coroutine '(\w+)' was never awaited/g)].map(
      ([, name]) => name,
    );
    t.deepEqual(warned.sort(), debug ? ['taskGroup', 'timeout'] : []);
    if (debug) t.regex(stderr, /MIOLOOP_NEVER_AWAITED/);
  });
}
