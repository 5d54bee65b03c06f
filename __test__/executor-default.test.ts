// The default executor of a loop.

import test from 'ava';
import {
  CancelledError,
  newEventLoop,
  ProcessPoolExecutor,
  Runner,
  RuntimeError,
  ThreadPoolExecutor,
} from 'mioloop';
import { job } from './support/executors.js';
import { freshLoop } from './support/leaks.js';
import { bothModes, fromMacrotask, inLoop, MODES } from './support/modes.js';
import { errorOf } from './support/outcomes.js';

inLoop('only a ThreadPoolExecutor can be the default one (B197)', function* (t, loop) {
  const message = /^executor must be ThreadPoolExecutor instance, got /;
  for (const wrong of [null, {}, new ProcessPoolExecutor(1), ThreadPoolExecutor]) {
    t.throws(() => loop.setDefaultExecutor(wrong as never), { instanceOf: TypeError, message });
  }
  loop.setDefaultExecutor(new ThreadPoolExecutor(1, { threadNamePrefix: 'mine' }));
  t.is((yield* loop.runInExecutor(null, job('thread'))).name, 'mine_0');
  yield* loop.shutdownDefaultExecutor();
});

inLoop('after its shutdown the default executor takes no jobs; others do (B197)', function* (t, loop) {
  const late = loop.runInExecutor(null, job('later'), 5, 'done');
  yield* loop.shutdownDefaultExecutor();
  t.is(late.result(), 'done', 'it has waited');
  const refused = { instanceOf: RuntimeError, message: 'Executor shutdown has been called' };
  t.throws(() => loop.runInExecutor(null, job('add'), 1, 1), refused);
  yield* loop.shutdownDefaultExecutor();
  const executor = new ThreadPoolExecutor(1);
  t.is(yield* loop.runInExecutor(executor, job('add'), 1, 1), 2);
  yield* executor.shutdown();
});

inLoop('a shutdown without a default executor has nothing to do (B197)', function* (t, loop) {
  t.true(loop.shutdownDefaultExecutor().done());
  t.throws(() => loop.runInExecutor(null, job('add'), 1, 1), { code: 'ERR_EXECUTOR_SHUT_DOWN' });
  for (const wrong of [-1, Number.NaN]) {
    t.throws(() => loop.shutdownDefaultExecutor(wrong), { instanceOf: RangeError });
  }
  t.throws(() => loop.shutdownDefaultExecutor('1' as never), {
    instanceOf: TypeError,
    message: 'timeout must be a number of seconds or null, got the string "1"',
  });
});

inLoop('a shutdown that takes too long warns, and goes on (B197)', function* (t, loop) {
  const words = new Int32Array(new SharedArrayBuffer(4));
  const warnings: Error[] = [];
  const { emitWarning } = process;
  process.emitWarning = ((text: string, options: { type: string }) => {
    warnings.push(Object.assign(new Error(text), { name: options.type }));
  }) as never;
  try {
    const running = loop.runInExecutor(null, (shared: Int32Array) => void Atomics.wait(shared, 0, 0), words);
    yield* loop.shutdownDefaultExecutor(0.01);
    t.false(running.done());
    t.deepEqual(
      warnings.map(({ name, message }) => [name, message]),
      [['RuntimeWarning', 'The executor did not finishing joining its threads within 0.01 seconds.']],
    );
    Atomics.store(words, 0, 1);
    Atomics.notify(words, 0);
    yield* running;
  } finally {
    process.emitWarning = emitWarning;
  }
});

inLoop('a shutdown can be cancelled; what it waits for goes on', function* (t, loop) {
  const running = loop.runInExecutor(null, job('later'), 20, 'done');
  const waiting = loop.shutdownDefaultExecutor();
  waiting.cancel();
  t.true((yield* errorOf(waiting)) instanceof CancelledError);
  t.is(yield* running, 'done');
});

for (const mode of MODES) {
  test.serial(`the end of a run waits for the default executor (B87) [${mode}]`, async (t) => {
    const words = new Int32Array(new SharedArrayBuffer(4));
    const slowly = async (shared: Int32Array): Promise<void> => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      Atomics.store(shared, 0, 1);
    };
    const runner = new Runner({ loopFactory: freshLoop });
    // biome-ignore lint/correctness/useYield: nobody waits
    const main = function* () {
      runner.getLoop().runInExecutor(null, slowly, words);
    };
    if (mode === 'hosted') {
      await runner.run(main);
      await runner.close();
    } else {
      await fromMacrotask(() => {
        runner.runSync(main);
        runner.closeSync();
      });
    }
    t.is(words[0], 1);
  });
}

test.serial('runInExecutor on a closed loop is refused (B12)', (t) => {
  const loop = newEventLoop();
  loop.close();
  t.throws(() => loop.runInExecutor(null, job('add'), 1, 1), { message: 'Event loop is closed' });
  t.throws(() => loop.shutdownDefaultExecutor(), { message: 'Event loop is closed' });
});

bothModes('close() shuts the default executor without waiting (B15)', async (t, { loop, run }) => {
  const words = new Int32Array(new SharedArrayBuffer(4));
  const executor = new ThreadPoolExecutor(1);
  loop.setDefaultExecutor(executor);
  await run(function* () {
    loop.runInExecutor(null, (shared: Int32Array) => void Atomics.wait(shared, 0, 0), words);
    loop.runInExecutor(null, job('add'), 1, 1);
  });
  loop.close();
  const other = freshLoop();
  t.throws(() => other.runInExecutor(executor, job('add'), 1, 1), {
    message: 'cannot schedule new futures after shutdown',
  });
  other.close();
  Atomics.store(words, 0, 1);
  Atomics.notify(words, 0);
});

inLoop('coroutines cannot be used with runInExecutor, nor what is no executor (B23)', function* (t, loop) {
  for (const debug of [true, false]) {
    loop.setDebug(debug);
    for (const wrong of [function* () {}, (function* () {})(), async function* () {}]) {
      t.throws(() => loop.runInExecutor(null, wrong as never), {
        instanceOf: TypeError,
        message: 'coroutines cannot be used with runInExecutor()',
      });
    }
    t.throws(() => loop.runInExecutor(null, 5 as never), { instanceOf: TypeError, message: /got 5$/ });
    t.throws(() => loop.runInExecutor(5 as never, job('add'), 1, 1), { instanceOf: TypeError });
    t.throws(() => loop.runInExecutor({ speed: 1 } as never, null, job('add'), 1, 1), {
      code: 'ERR_NOT_IMPLEMENTED',
    });
  }
  loop.setDebug(false);
  t.is(yield* loop.runInExecutor(null, job('add'), 1, 1), 2);
});
