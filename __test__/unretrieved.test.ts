// Errors that nobody asks for: reported when the future is collected, behind a run, or at close; each once.

import test from 'ava';
import {
  ContextVar,
  type Coroutine,
  type EventLoop,
  type ExceptionContext,
  Future,
  type Operation,
  sleep,
} from 'mioloop';
import { collect, collectUntil } from './support/collect.js';
import { freshLoop } from './support/leaks.js';
import { bothModes, fromMacrotask, inLoop } from './support/modes.js';
import { errorOf, thrownBy } from './support/outcomes.js';
import { runProgram } from './support/program.js';

const BOOM = new RangeError('boom');

/** Collects the reports of a loop. */
function reportsOf(loop: EventLoop): ExceptionContext[] {
  const reports: ExceptionContext[] = [];
  loop.setExceptionHandler((_loop, context) => reports.push(context));
  return reports;
}

function* fails(): Coroutine<void> {
  yield* sleep(0);
  throw BOOM;
}

test.serial('a future that is collected with its error is reported (B45, B46, B50)', async (t) => {
  const loop = freshLoop();
  const reports = reportsOf(loop);
  (() => loop.createFuture<void>().setException(BOOM))();
  await collectUntil(() => reports.length > 0);
  t.is(reports.length, 1);
  const [report] = reports;
  t.is(report!.message, 'Future exception was never retrieved');
  t.is(report!.exception, BOOM);
  t.true(report!.future instanceof Future);
  t.is(String(report!.future), "<Future finished exception=RangeError('boom')>");
  t.is(report!.future!.exception(), BOOM);
  t.deepEqual(Object.keys(report!), ['message', 'exception', 'future']);
  // What is closed reports no second time, and neither does a second collection.
  await collect();
  loop.close();
  t.is(reports.length, 1);
});

test.serial(
  'hosted: a task is reported while the loop runs, in the context of the task (B41, B50)',
  async (t) => {
    const loop = freshLoop();
    const tag = new ContextVar<string>('tag');
    const reports: string[] = [];
    loop.setExceptionHandler((_loop, { message, future }) => {
      reports.push(`${message}: ${String(future)}: ${tag.get('unset')}`);
    });
    tag.set('outside');
    await loop.runUntilComplete(async () => {
      const names = ['a', 'b'];
      loop.createTask(
        function* work() {
          tag.set(names[0]!);
          yield* fails();
        },
        { name: 'generator' },
      );
      loop.createTask(
        async function work() {
          await sleep(0);
          tag.set(names[1]!);
          throw BOOM;
        },
        { name: 'async' },
      );
      for (let turn = 0; turn < 5; turn++) await sleep(0);
      await collectUntil(() => reports.length === 2);
    });
    t.deepEqual(reports.toSorted(), [
      "Task exception was never retrieved: <Task finished name='async' coro=<work()> exception=RangeError('boom')>: b",
      "Task exception was never retrieved: <Task finished name='generator' coro=<work()> exception=RangeError('boom')>: a",
    ]);
    loop.close();
  },
);

bothModes('a task that failed in a run is reported behind it, once (B50)', async (t, { loop, run }) => {
  const reports = reportsOf(loop);
  const kept = loop.createTask(fails);
  await run(function* () {
    for (let turn = 0; turn < 4; turn++) yield* sleep(0);
    t.deepEqual(reports, []);
  });
  // Whoever started the run has the time to retrieve it.
  await Promise.resolve();
  t.deepEqual(reports, []);
  await fromMacrotask(() => undefined);
  await fromMacrotask(() => undefined);
  t.is(reports.length, 1);
  t.is(reports[0]!.message, 'Task exception was never retrieved');
  t.is(reports[0]!.exception, BOOM);
  t.is(kept.exception(), BOOM);
  loop.close();
  t.is(reports.length, 1);
});

bothModes('what the code behind a run retrieves is not reported (B50)', async (t, { loop, mode }) => {
  const reports = reportsOf(loop);
  const tasks = [loop.createTask(fails), loop.createTask(fails), loop.createTask(fails)] as const;
  const main = function* () {
    for (let turn = 0; turn < 4; turn++) yield* sleep(0);
  };
  // Another run may be what retrieves it: one behind the other, as a program writes it.
  if (mode === 'hosted') {
    await loop.runUntilComplete(main);
    t.is(await loop.runUntilComplete(tasks[0]).catch((error) => error), BOOM);
  } else {
    await fromMacrotask(() => {
      loop.runUntilCompleteSync(main);
      t.is(
        thrownBy(() => loop.runUntilCompleteSync(tasks[0])),
        BOOM,
      );
    });
  }
  t.is(tasks[1].exception(), BOOM);
  t.is(await tasks[2].catch((error) => error), BOOM);
  await fromMacrotask(() => undefined);
  loop.close();
  t.is(reports.length, 0);
});

test.serial('what is left is reported at close (B50)', (t) => {
  const loop = freshLoop();
  const reports = reportsOf(loop);
  const kept = loop.createFuture<void>();
  kept.setException(BOOM);
  const task = loop.createTask(fails);
  loop.callLater(0, () => loop.callSoon(() => loop.stop()));
  loop.runForeverSync();
  t.true(task.done());
  t.deepEqual(reports, []);
  loop.close();
  t.deepEqual(
    reports.map(({ message }) => message),
    ['Future exception was never retrieved', 'Task exception was never retrieved'],
  );
  loop.close();
  t.is(reports.length, 2);
});

const RETRIEVING: [name: string, retrieve: (future: Future<void>) => unknown][] = [
  ['exception()', (future) => future.exception()],
  ['result()', (future) => thrownBy(() => future.result())],
  ['then()', (future) => future.then(undefined, () => undefined)],
  ['catch()', (future) => future.catch(() => undefined)],
];

for (const [name, retrieve] of RETRIEVING) {
  test.serial(`${name} retrieves: nothing is reported (B50)`, async (t) => {
    const loop = freshLoop();
    const reports = reportsOf(loop);
    (() => {
      const future = loop.createFuture<void>();
      future.setException(BOOM);
      retrieve(future);
    })();
    await collect();
    loop.close();
    t.deepEqual(reports, []);
  });
}

inLoop('awaiting retrieves, by whichever coroutine; so does cancelling before (B50)', function* (t, loop) {
  const reports = reportsOf(loop);
  t.is(yield* errorOf(loop.createTask(fails)), BOOM);
  yield* loop.createTask(async () => {
    await t.throwsAsync(async () => loop.createTask(fails), { is: BOOM });
  });
  const cancelled = loop.createFuture<void>();
  cancelled.cancel();
  const task = loop.createTask(fails);
  yield* sleep(0);
  task.cancel();
  yield* sleep(0);
  yield* sleep(0);
  t.true(task.cancelled());
  t.deepEqual(reports, []);
});

bothModes('a done callback alone retrieves nothing (B50)', async (t, { loop, run }) => {
  const reports = reportsOf(loop);
  const seen: string[] = [];
  await run(function* () {
    const task = loop.createTask(fails);
    task.addDoneCallback((done) => seen.push(String(done.done())));
    for (let turn = 0; turn < 5; turn++) yield* sleep(0);
  });
  loop.close();
  t.deepEqual(seen, ['true']);
  t.is(reports.length, 1);
});

inLoop('an operation whose error reaches its awaiter is not reported (B50)', function* (t, loop) {
  const connect = (): Operation<unknown> => loop.createConnection(() => ({}) as never, '127.0.0.1', 1);
  t.truthy(yield* errorOf(connect()));
  yield* loop.createTask(async () => {
    await t.throwsAsync(async () => connect());
  });
});

bothModes('in debug mode the report says where the future was made (B45, B50)', async (t, { loop, run }) => {
  const reports = reportsOf(loop);
  loop.setDebug(true);
  loop.slowCallbackDuration = 3600;
  await run(function* () {
    loop.createTask(fails);
    loop.createFuture<void>().setException(BOOM);
    for (let turn = 0; turn < 4; turn++) yield* sleep(0);
  });
  loop.close();
  t.is(reports.length, 2);
  for (const { sourceTraceback } of reports) {
    t.regex(sourceTraceback!.at(-1)!.file, /unretrieved\.test\.js$/);
  }
});

bothModes(
  'tasks that are pending at close are reported as destroyed (B45, B46)',
  async (t, { loop, run }) => {
    const reports = reportsOf(loop);
    const task = loop.createTask(function* () {
      yield* sleep(3600);
    });
    await run(function* () {
      yield* sleep(0);
    });
    loop.close();
    t.is(reports.length, 1);
    t.deepEqual(Object.keys(reports[0]!), ['message', 'task']);
    t.is(reports[0]!.message, 'Task was destroyed but it is pending!');
    t.is(reports[0]!.task, task);
    loop.close();
    t.is(reports.length, 1);
  },
);

bothModes(
  'a task that runUntilComplete made is not reported: its caller has an error already (B3, B72)',
  async (t, { loop, run }) => {
    const reports = reportsOf(loop);
    loop.callSoon(() => loop.stop());
    const error = await t.throwsAsync(
      run(function* () {
        yield* sleep(3600);
      }),
      { code: 'ERR_LOOP_STOPPED' },
    );
    t.is(error!.message, 'Event loop stopped before Future completed.');
    loop.close();
    t.deepEqual(reports, []);
  },
);

test.serial('a program that forgets its error hears of it on stderr (B44, B50)', async (t) => {
  const { stderr, code } = await runProgram(`
    import { newEventLoop, sleep } from 'mioloop';
    const loop = newEventLoop();
    await loop.runUntilComplete(function* () {
      loop.createTask(function* forgotten() { throw new RangeError('boom'); }, { name: 'forgotten' });
      yield* sleep(0);
    });
    loop.close();
  `);
  t.is(code, 0);
  t.regex(
    stderr,
    /^Task exception was never retrieved\nfuture: <Task finished name='forgotten' coro=<forgotten\(\)> exception=RangeError\('boom'\)>\nRangeError: boom\n {4}at forgotten /,
  );
  t.is(stderr.split('never retrieved').length, 2);
});
