// Cancelling jobs: those that wait, those that run, and those whose worker goes with them.
import { CancelledError, ThreadPoolExecutor, toThread, waitFor } from 'mioloop';
import { job, within } from './support/executors.js';
import { bothModes, inLoop } from './support/modes.js';
import { errorOf } from './support/outcomes.js';

/** A job that ends when `words[1]` is set, and says in `words[0]` that it runs. */
function held(words: Int32Array): string {
  Atomics.store(words, 0, 1);
  Atomics.notify(words, 0);
  Atomics.wait(words, 1, 0);
  Atomics.store(words, 2, 1);
  Atomics.notify(words, 2);
  return 'released';
}

function wordsOf(): Int32Array {
  return new Int32Array(new SharedArrayBuffer(12));
}

function untilRunning(words: Int32Array): void {
  Atomics.wait(words, 0, 0);
}

function release(words: Int32Array): void {
  Atomics.store(words, 1, 1);
  Atomics.notify(words, 1);
}

inLoop('a job that waits is withdrawn; one that runs runs on, and nobody hears of it (B196)', function* (t) {
  yield* within(new ThreadPoolExecutor(1), function* (executor) {
    const words = wordsOf();
    const [running, waiting] = [executor.submit(held, words), executor.submit(held, words)];
    untilRunning(words);
    t.true(waiting.cancel());
    t.true(running.cancel());
    t.true((yield* errorOf(running)) instanceof CancelledError);
    t.is(words[2], 0, 'it still runs');
    release(words);
    t.is(yield* executor.submit(job('add'), 1, 1), 2);
    t.is(words[2], 1, 'it has run to its end');
  });
});

inLoop('a signal ends a job that runs, with its worker', function* (t) {
  yield* within(new ThreadPoolExecutor(1), function* (executor) {
    const words = wordsOf();
    const controller = new AbortController();
    const running = executor.submit({ signal: controller.signal }, held, words);
    const after = executor.submit(job('thread'));
    untilRunning(words);
    controller.abort(new Error('enough'));
    const error = (yield* errorOf(running)) as Error;
    t.true(error instanceof CancelledError);
    t.is((error.cause as Error).message, 'enough');
    t.regex((yield* after).name, /_1$/, 'another thread does the next one');
    t.is(words[2], 0);
  });
});

inLoop(
  'a signal that was aborted before, or while a job waits, keeps it from beginning',
  function* (t, loop) {
    yield* within(new ThreadPoolExecutor(1), function* (executor) {
      const words = wordsOf();
      const never = loop.runInExecutor({ signal: AbortSignal.abort() }, executor, held, words);
      t.true(never.cancelled());
      const first = executor.submit(held, words);
      const controller = new AbortController();
      const waiting = executor.submit({ signal: controller.signal }, held, wordsOf());
      controller.abort();
      t.true(waiting.cancelled());
      release(words);
      t.is(yield* first, 'released');
      t.regex((yield* executor.submit(job('thread'))).name, /_0$/, 'no worker was ended');
    });
  },
);

inLoop('with terminate, cancel() ends a job that runs, too', function* (t, loop) {
  yield* within(new ThreadPoolExecutor(1), function* (executor) {
    const words = wordsOf();
    const running = loop.runInExecutor({ terminate: true }, executor, held, words);
    untilRunning(words);
    const after = executor.submit(job('thread'));
    running.cancel();
    t.regex((yield* after).name, /_1$/);
    t.is(words[2], 0);
  });
});

inLoop('a job that is ended before its worker has begun leaves no gap', function* (t) {
  yield* within(new ThreadPoolExecutor(1), function* (executor) {
    const ended = executor.submit({ terminate: true }, held, wordsOf());
    const after = executor.submit(job('thread'));
    t.true(ended.cancel());
    t.regex((yield* waitFor(after, 5)).name, /_1$/, 'another thread does the next one');
  });
});

inLoop('a task that is cancelled while it waits for a job cancels the job', function* (t, loop) {
  const words = wordsOf();
  const task = loop.createTask(function* () {
    yield* toThread({ terminate: true }, held, words);
  });
  const turn = loop.createFuture<void>();
  loop.callSoon(() => turn.setResult(undefined));
  yield* turn;
  untilRunning(words);
  task.cancel();
  t.true((yield* errorOf(task)) instanceof CancelledError);
  t.is(yield* toThread(job('add'), 1, 1), 2);
});

bothModes('a job never calls back into a closed loop (B196)', async (t, { loop, run }) => {
  const words = wordsOf();
  // biome-ignore lint/correctness/useYield: nobody waits
  const future = await run(function* () {
    const future = loop.runInExecutor(null, held, words);
    untilRunning(words);
    return [future];
  });
  loop.close();
  release(words);
  t.false(future[0]!.done());
  // Its thread reads that it is to end behind the job; the test's end waits for that.
  Atomics.wait(words, 2, 0);
  t.false(future[0]!.done());
});

inLoop('a thread that is ended before it has begun is replaced, too', function* (t) {
  yield* within(new ThreadPoolExecutor(1), function* (executor) {
    for (let round = 0; round < 5; round++) {
      const controller = new AbortController();
      const first = executor.submit({ signal: controller.signal }, held, wordsOf());
      const second = executor.submit(job('thread'));
      controller.abort();
      t.true(first.cancelled());
      t.regex((yield* second).name, /_\d+$/);
    }
  });
  const executor = new ThreadPoolExecutor(1);
  executor.submit({ terminate: true }, held, wordsOf()).cancel();
  yield* executor.shutdown();
});
