// Jobs in processes.
import { existsSync } from 'node:fs';
import { BrokenProcessPool, gather, newEventLoop, ProcessPoolExecutor } from 'mioloop';
import { job, within } from './support/executors.js';
import { bothModes, inLoop } from './support/modes.js';
import { errorOf } from './support/outcomes.js';

const pid = (): number => process.pid;

/** Whether there is such a process; a zombie counts. */
function lives(number: number): boolean {
  return existsSync(`/proc/${number}`);
}

inLoop('a job runs in a process, and so does the next one', function* (t, loop) {
  let ended = 0;
  yield* within(new ProcessPoolExecutor(2), function* (executor) {
    t.is(yield* loop.runInExecutor(executor, job('add'), 2, 3), 5);
    t.is(yield* executor.submit(job('later'), 1, 'done'), 'done');
    ended = yield* executor.submit(pid);
    t.not(ended, process.pid);
    t.is(yield* executor.submit(pid), ended);
    const error = (yield* errorOf(executor.submit(job('fail'), 'range'))) as Error;
    t.true(error instanceof RangeError && error.cause instanceof TypeError);
    t.regex(error.stack!, /at fail \(.*jobs\.js/);
    const input = async (): Promise<string> => {
      let text = '';
      for await (const piece of process.stdin) text += piece;
      return `input: ${text}`;
    };
    t.is(yield* executor.submit(input), 'input: ');
  });
  t.false(lives(ended), 'it has ended, and was reaped');
});

inLoop('large arguments and results arrive whole', function* (t) {
  yield* within(new ProcessPoolExecutor(1), function* (executor) {
    const bytes = Buffer.alloc(3_000_000, 'abc');
    const back = yield* executor.submit((given: Uint8Array) => [given, given.length] as const, bytes);
    t.true(Buffer.from(back[0]).equals(bytes));
    t.deepEqual(yield* gather(...executor.map((n: number) => 'x'.repeat(n), [1, 100_000, 3])), [
      'x',
      'x'.repeat(100_000),
      'xxx',
    ]);
  });
});

inLoop('what cannot be cloned is a TypeError that names it', function* (t) {
  yield* within(new ProcessPoolExecutor(1), function* (executor) {
    const busy = executor.submit(job('later'), 5, null);
    for (let round = 0; round < 2; round++) {
      t.throws(
        () =>
          executor.submit(
            (value: unknown) => value,
            () => 1,
          ),
        {
          instanceOf: TypeError,
          code: 'ERR_NOT_CLONEABLE',
          message: /^argument 1, the function \(anonymous\), of \(anonymous\)\(\) cannot be sent to a worker/,
        },
      );
      yield* busy;
    }
    t.like(yield* errorOf(executor.submit(() => () => 1)), { code: 'ERR_NOT_CLONEABLE' });
  });
});

const ENDINGS: readonly [title: string, func: () => unknown, message: RegExp][] = [
  ['process.exit()', () => process.exit(3), /its worker called process\.exit\(3\)$/],
  [
    'SIGKILL',
    () => {
      process.kill(process.pid, 'SIGKILL');
      return new Promise(() => {});
    },
    /its worker was ended by SIGKILL$/,
  ],
];

for (const [title, func, message] of ENDINGS) {
  inLoop(`a process that ends by ${title} fails its own job only, and is replaced`, function* (t) {
    yield* within(new ProcessPoolExecutor(1), function* (executor) {
      const failing = executor.submit(func);
      const waiting = executor.submit(job('add'), 1, 1);
      const error = (yield* errorOf(failing)) as BrokenProcessPool;
      t.true(error instanceof BrokenProcessPool);
      t.is(error.code, 'ERR_BROKEN_PROCESS_POOL');
      t.regex(error.message, message);
      t.is(yield* waiting, 2);
    });
  });
}

inLoop('a signal ends a job that runs for ever, with its process', function* (t) {
  yield* within(new ProcessPoolExecutor(1), function* (executor) {
    const first = yield* executor.submit(pid);
    const controller = new AbortController();
    const endless = executor.submit({ signal: controller.signal }, () => {
      for (;;);
    });
    const after = executor.submit(pid);
    controller.abort();
    t.true(endless.cancelled());
    t.not(yield* after, first);
    t.false(lives(first));
  });
});

inLoop('an initializer that throws breaks the executor', function* (t) {
  yield* within(new ProcessPoolExecutor(1, { initializer: job('refuse') }), function* (executor) {
    const error = (yield* errorOf(executor.submit(pid))) as Error;
    t.true(error instanceof BrokenProcessPool);
    t.is((error.cause as Error).message, 'not today');
  });
  yield* within(
    new ProcessPoolExecutor(1, { initializer: job('prepare'), initargs: [5] }),
    function* (executor) {
      t.is(yield* executor.submit(job('preparation')), 5);
    },
  );
});

bothModes('the processes end with their loop, and serve no other', async (t, { loop, run }) => {
  const executor = new ProcessPoolExecutor(1);
  const number = await run(function* () {
    return yield* executor.submit(pid);
  });
  t.true(lives(number));
  const other = newEventLoop();
  t.throws(() => other.runInExecutor(executor, pid), { code: 'ERR_EXECUTOR_LOOP' });
  other.close();
  loop.close();
  // What a closed loop leaves is reaped when the next one closes.
  const deadline = performance.now() + 4000;
  while (lives(number) && performance.now() < deadline) {
    newEventLoop().close();
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  t.false(lives(number));
});
