// Debug mode: what switches it on, what holds the loop up, and calls that no order is kept for.

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import test from 'ava';
import { EventLoop, newEventLoop, Protocol, RuntimeError, sleep, type Transport } from 'mioloop';
import { freshLoop } from './support/leaks.js';
import { bothModes, inLoop, MODES, withBench } from './support/modes.js';
import { PACKAGE_ROOT, runProgram } from './support/program.js';
import { debugReportsOf, stderrOf } from './support/reports.js';

test.serial(
  'debug mode is off, unless an option, a call or the environment switches it on (B49)',
  async (t) => {
    const plain = freshLoop();
    t.false(plain.getDebug());
    plain.setDebug(true);
    t.true(plain.getDebug());
    plain.setDebug(false);
    t.false(plain.getDebug());
    plain.setDebug(1 as unknown as boolean);
    t.is(plain.getDebug(), true);
    plain.close();
    const optional = new EventLoop({ debug: true });
    t.true(optional.getDebug());
    optional.close();
    t.is(optional.slowCallbackDuration, 0.1);
  },
);

test.serial('MIOLOOP_DEBUG switches it on for every loop of the process (B49)', async (t) => {
  const program = `
    import { newEventLoop, EventLoop, run, getRunningLoop } from 'mioloop';
    const loops = [newEventLoop(), new EventLoop({ debug: false })];
    console.log(loops.map((loop) => loop.getDebug()).join());
    for (const loop of loops) loop.close();
    await run(function* () { console.log(getRunningLoop().getDebug()); });
    await run(function* () { console.log(getRunningLoop().getDebug()); }, { debug: false });
  `;
  const printed = async (value: string | undefined): Promise<string[]> => {
    const env = { ...process.env, MIOLOOP_DEBUG: value };
    const args = ['--input-type=module', '--eval', program];
    const { stdout } = await promisify(execFile)(process.execPath, args, { env, cwd: PACKAGE_ROOT });
    return stdout.trim().split('\n');
  };
  t.deepEqual(await printed('1'), ['true,false', 'true', 'false']);
  t.deepEqual(await printed(''), ['false,false', 'false', 'false']);
  t.deepEqual(await printed(undefined), ['false,false', 'false', 'false']);
});

/** A debug loop for which everything is slow. */
function allIsSlow(loop: EventLoop): void {
  loop.setDebug(true);
  loop.slowCallbackDuration = 0;
}

function quick(): void {}

inLoop('what takes as long as slowCallbackDuration is reported with its time (B48)', function* (t, loop) {
  const reports = debugReportsOf(t, loop);
  allIsSlow(loop);
  const handle = loop.callSoon(quick as (...args: unknown[]) => void, 1);
  const timer = loop.callLater(-1, quick);
  const task = loop.createTask(
    function* work() {
      yield* sleep(0);
    },
    { name: 'a task' },
  );
  const asyncTask = loop.createTask(
    async function work() {
      await sleep(0);
    },
    { name: 'an async task' },
  );
  yield* sleep(0);
  yield* sleep(0);
  yield* sleep(0);
  const slow = reports.filter(({ kind }) => kind === 'slow-callback');
  for (const [subject, text, times] of [
    [handle, /^Executing <Handle quick\(1\) created at .*:\d+> took 0\.\d{3} seconds$/, 1],
    [timer, /^Executing <TimerHandle when=\S+ quick\(\) created at .*:\d+> took 0\.\d{3} seconds$/, 1],
    [task, /^Executing <Task \w+ name='a task' coro=<work\(\)> .*> took 0\.\d{3} seconds$/, 2],
    [asyncTask, /^Executing <Task \w+ name='an async task' coro=<work\(\)> .*> took 0\.\d{3} seconds$/, 1],
  ] as const) {
    const own = slow.filter((report) => report.subject === subject);
    t.is(own.length, times, String(subject));
    for (const { message, seconds } of own) {
      t.regex(message, text);
      t.is(message.includes(`took ${seconds!.toFixed(3)} seconds`), true);
    }
  }
});

inLoop('the parts of an async function between two awaits are measured, too (B48)', function* (t, loop) {
  const reports = debugReportsOf(t, loop);
  allIsSlow(loop);
  const future = loop.createFuture<void>();
  let spun = 0;
  const task = loop.createTask(
    async function spins() {
      await future;
      const end = performance.now() + 5;
      while (performance.now() < end) spun += 1;
    },
    { name: 'spinning' },
  );
  yield* sleep(0);
  loop.slowCallbackDuration = 0.005;
  future.setResult();
  yield* task;
  loop.slowCallbackDuration = 3600;
  t.true(spun > 0);
  const slow = reports.filter(({ seconds = 0 }) => seconds >= 0.005);
  t.true(
    slow.some(({ message }) => /^Executing .*spinning.* took 0\.\d{3} seconds$/.test(message)),
    String(slow.map((r) => r.message)),
  );
});

inLoop(
  'callbacks of a protocol are measured as well, under the name of the transport (B48)',
  function* (t, loop) {
    const reports = debugReportsOf(t, loop);
    const served = loop.createFuture<void>();
    class Serving extends Protocol {
      override dataReceived(): void {
        served.setResult();
      }
    }
    const server = yield* loop.createServer(() => new Serving(), '127.0.0.1', 0);
    const [host, port] = server.sockets[0]!.getsockname() as [string, number];
    const [client]: [Transport, Protocol] = yield* loop.createConnection(() => new Protocol(), host, port);
    allIsSlow(loop);
    client.write(Buffer.from('x'));
    yield* served;
    loop.setDebug(false);
    t.true(reports.some(({ message }) => /^Executing .*Transport.* took 0\.\d{3} seconds$/.test(message)));
    client.close();
    server.close();
    server.closeClients();
    yield* server.waitClosed();
  },
);

inLoop('what is quicker is not reported, and nothing is without debug mode (B48)', function* (t, loop) {
  const reports = debugReportsOf(t, loop);
  const written = stderrOf(t);
  loop.slowCallbackDuration = 0;
  loop.callSoon(quick);
  yield* sleep(0);
  loop.slowCallbackDuration = 3600;
  loop.setDebug(true);
  loop.callSoon(quick);
  yield* sleep(0);
  yield* sleep(0);
  t.deepEqual(reports, []);
  t.is(written.text, '');
});

inLoop('a poll that was not to sleep is measured, too (B48)', function* (t, loop) {
  const reports = debugReportsOf(t, loop);
  allIsSlow(loop);
  yield* sleep(0);
  yield* sleep(0);
  loop.slowCallbackDuration = 3600;
  const polls = reports.filter(({ kind }) => kind === 'slow-poll');
  t.true(polls.length >= 1);
  for (const { message } of polls) t.regex(message, /^poll took \d\.\d{3} seconds: \d+ events$/);
});

test.serial('slow callbacks are written to stderr (B48)', async (t) => {
  const { stderr, code } = await runProgram(`
    import { EventLoop } from 'mioloop';
    const loop = new EventLoop({ debug: true });
    loop.slowCallbackDuration = 0.02;
    function slow() { const end = performance.now() + 25; while (performance.now() < end); }
    loop.callSoon(slow);
    loop.callSoon(() => loop.stop());
    await loop.runForever();
    loop.close();
  `);
  t.is(code, 0);
  t.regex(stderr, /Executing <Handle slow\(\) created at .*> took 0\.\d{3} seconds\n/);
});

for (const mode of MODES) {
  test.serial(
    `scheduling on a running loop from a callback of another is refused (B25) [${mode}]`,
    async (t) => {
      // Two loops can only run side by side when hosted; the one that calls may be of either kind.
      const target = freshLoop();
      target.setDebug(true);
      target.slowCallbackDuration = 3600;
      const running = target.runForever();
      const refused = {
        instanceOf: RuntimeError,
        message: /^Non-thread-safe operation invoked on an event loop other than the current one/,
      };
      await withBench(t, mode, async ({ run }) => {
        await run(function* () {
          t.throws(() => target.callSoon(quick), refused);
          t.throws(() => target.callLater(1, quick), refused);
          t.throws(() => target.callAt(1, quick), refused);
          t.notThrows(() => target.callSoonThreadsafe(quick));
          target.setDebug(false);
          t.notThrows(() => target.callSoon(quick));
          target.setDebug(true);
          yield* sleep(0);
        });
      });
      // From outside of every loop, as from a callback of Node.
      t.notThrows(() => target.callSoon(quick));
      target.callSoonThreadsafe(() => target.stop());
      await running;
      // It does not run: nothing is disordered.
      await withBench(t, mode, async ({ run }) => {
        await run(function* () {
          t.notThrows(() => target.callSoon(quick));
          yield* sleep(0);
        });
      });
      target.close();
    },
  );
}

bothModes('debug mode may be switched while the loop runs', async (t, { loop, runForever }) => {
  const reports = debugReportsOf(t, loop);
  const log: string[] = [];
  loop.slowCallbackDuration = 0;
  loop.callSoon(() => log.push('off'));
  loop.callSoon(() => loop.setDebug(true));
  loop.callSoon(() => log.push('on'));
  loop.callSoon(() => loop.setDebug(false));
  loop.callSoon(() => log.push('off again'));
  loop.callSoon(() => loop.stop());
  await runForever();
  t.deepEqual(log, ['off', 'on', 'off again']);
  const slow = reports.filter(({ kind }) => kind === 'slow-callback');
  t.is(slow.length, 2);
});

test.serial('without debug mode nothing is recorded (B28)', (t) => {
  const loop = newEventLoop();
  const future = loop.createFuture<void>();
  const handle = loop.callSoon(quick);
  t.false(`${future}${handle}`.includes('created at'));
  loop.close();
});
