// A loop's life: run, stop, run again, close; what escapes a run. Order within turns is in twins/.

import test from 'ava';
import {
  AbstractEventLoop,
  EventLoop,
  ExitError,
  getRunningLoop,
  KeyboardInterrupt,
  NotImplementedError,
  newEventLoop,
  Protocol,
  RuntimeError,
  SelectorEventLoop,
  SystemExit,
  sleep,
} from 'mioloop';
import { loopTurns } from './support/internals.js';
import { freshLoop } from './support/leaks.js';
import { bothModes, fromMacrotask } from './support/modes.js';

const CLOSED = { instanceOf: RuntimeError, code: 'ERR_LOOP_CLOSED', message: 'Event loop is closed' };
const WEEK = 7 * 86_400;

const nothing = (): void => undefined;

test.serial('a new loop is a selector loop, open and not running', (t) => {
  const loop = freshLoop();
  t.true(loop instanceof EventLoop);
  t.true(loop instanceof SelectorEventLoop);
  t.true(loop instanceof AbstractEventLoop);
  t.false(loop.isRunning());
  t.false(loop.isClosed());
  loop.close();
});

test('a loop of one’s own has all methods, and says which are missing', (t) => {
  class Minimal extends AbstractEventLoop {}
  const minimal = new Minimal() as unknown as Record<string, () => unknown>;
  const names = Object.getOwnPropertyNames(AbstractEventLoop.prototype).filter(
    (name) => name !== 'constructor',
  );
  for (const name of names) {
    t.throws(() => minimal[name]!(), {
      instanceOf: NotImplementedError,
      message: `Minimal has no ${name}()`,
    });
    t.is(typeof (EventLoop.prototype as unknown as Record<string, unknown>)[name], 'function', name);
  }
  for (const name of ['createDatagramEndpoint', 'sockAccept', 'connectReadPipe', 'subprocessShell'])
    t.true(names.includes(name), name);
});

bothModes('stop() before runForever() gives exactly one turn that does not wait (B5)', async (t, bench) => {
  const { loop } = bench;
  const log: string[] = [];
  loop.callSoon(() => {
    log.push('ready');
    loop.callSoon(() => log.push('scheduled by ready'));
  });
  loop.callLater(-1, () => log.push('due timer'));
  loop.callLater(WEEK, () => log.push('a week later'));
  loop.stop();
  await bench.runForever();
  t.deepEqual(log, ['ready', 'due timer']);
  t.is(loopTurns(loop), 1);
});

bothModes('the stop flag is cleared when a run ends (B5)', async (t, bench) => {
  const { loop } = bench;
  loop.stop();
  loop.stop();
  await bench.runForever();
  t.false(loop.isRunning());
  t.is(await bench.run(threeTurns), 'done');

  function* threeTurns() {
    for (let turn = 0; turn < 3; turn++) yield* sleep(0);
    return 'done';
  }
});

bothModes('stop() inside a callback lets the rest of the batch run (B6)', async (t, bench) => {
  const { loop } = bench;
  const log: string[] = [];
  loop.callSoon(() => {
    loop.stop();
    log.push('stops');
    loop.callSoon(() => {
      log.push('scheduled after stop()');
      loop.stop();
    });
  });
  loop.callSoon(() => {
    log.push('rest of the batch');
    loop.callSoon(() => log.push('scheduled by the rest'));
  });
  await bench.runForever();
  t.deepEqual(log, ['stops', 'rest of the batch']);
  await bench.runForever();
  t.deepEqual(log.slice(2), ['scheduled after stop()', 'scheduled by the rest']);
});

bothModes('callSoon(stop) and a run: everything that is ready runs once (B7)', async (t, bench) => {
  const { loop } = bench;
  const log: string[] = [];
  const tick = (name: string): void => {
    log.push(name);
    loop.callSoon(tick, name);
  };
  loop.callSoon(tick, 'a');
  loop.callSoon(() => loop.stop());
  loop.callSoon(tick, 'b');
  await bench.runForever();
  t.deepEqual(log, ['a', 'b']);
  loop.callSoon(() => loop.stop());
  await bench.runForever();
  t.deepEqual(log, ['a', 'b', 'a', 'b']);
});

bothModes('an interrupted runUntilComplete() does not stop a later run (B9)', async (t, bench) => {
  const { loop } = bench;
  loop.callSoon(() => {
    throw new SystemExit();
  });
  await t.throwsAsync(bench.run(twoTurns), { instanceOf: SystemExit });
  t.is(await bench.run(fiveTurns), 'the later run');

  function* twoTurns() {
    yield* turns(2);
  }

  function* fiveTurns() {
    yield* turns(5);
    return 'the later run';
  }
});

bothModes('an ExitError escapes the run at once; what was ready runs in the next (B10)', async (t, bench) => {
  const { loop } = bench;
  class Restart extends ExitError {}
  const log: string[] = [];
  for (const error of [new KeyboardInterrupt(), new SystemExit(), new Restart('again')]) {
    log.length = 0;
    loop.callSoon(() => {
      throw error;
    });
    loop.callSoon(() => log.push('behind it'));
    t.is(await t.throwsAsync(bench.runForever(), { any: true }), error);
    t.deepEqual(log, []);
    t.false(loop.isRunning());
    loop.callSoon(() => loop.stop());
    await bench.runForever();
    t.deepEqual(log, ['behind it']);
  }
});

bothModes('an ExitError inside a task ends the run and is not reported (B10)', async (t, bench) => {
  const { loop } = bench;
  const error = new KeyboardInterrupt();
  t.is(await t.throwsAsync(bench.run(interrupted), { any: true }), error);
  t.is(await t.throwsAsync(bench.run(loop.createTask(interrupted())), { any: true }), error);

  // biome-ignore lint/correctness/useYield: it fails in its first step.
  function* interrupted() {
    throw error;
  }
});

bothModes('other errors go to the exception handler and the run goes on (B10)', async (t, bench) => {
  const { loop } = bench;
  const seen: unknown[] = [];
  loop.setExceptionHandler((_loop, context) => seen.push(context.exception));
  const errors = [new Error('one'), new RuntimeError('two'), 'a string', null, undefined, 0];
  for (const error of errors) {
    loop.callSoon(() => {
      throw error;
    });
  }
  loop.callSoon(() => loop.callSoon(() => loop.stop()));
  await bench.runForever();
  t.deepEqual(seen, errors);
});

bothModes('close() can be repeated, and isClosed() tells of it (B11)', async (t, { loop, runForever }) => {
  loop.stop();
  await runForever();
  t.false(loop.isClosed());
  loop.close();
  t.true(loop.isClosed());
  loop.close();
  loop.close();
  t.true(loop.isClosed());
});

bothModes('close() of a running loop is an error, and the loop goes on (B11)', async (t, bench) => {
  const { loop } = bench;
  t.is(await bench.run(main), 'still running');

  function* main() {
    t.true(loop.isRunning());
    t.throws(() => loop.close(), {
      instanceOf: RuntimeError,
      message: 'Cannot close a running event loop',
    });
    t.false(loop.isClosed());
    yield* sleep(0);
    return 'still running';
  }
});

test.serial('a closed loop refuses everything that needs it (B12)', async (t) => {
  const loop = freshLoop();
  const future = loop.createFuture<void>();
  const main = coroutine();
  loop.close();
  t.throws(() => loop.runForeverSync(), CLOSED);
  t.throws(() => loop.runUntilCompleteSync(future), CLOSED);
  t.throws(() => loop.callSoon(nothing), CLOSED);
  t.throws(() => loop.callSoonThreadsafe(nothing), CLOSED);
  t.throws(() => loop.threadsafe(nothing), CLOSED);
  t.throws(() => loop.callLater(1, nothing), CLOSED);
  t.throws(() => loop.callAt(loop.time() + 1, nothing), CLOSED);
  t.throws(() => loop.createTask(main), CLOSED);
  await t.throwsAsync(async () => loop.runForever(), CLOSED);
  await t.throwsAsync(async () => loop.runUntilComplete(future), CLOSED);
  await t.throwsAsync(async () => loop.createServer(() => new Protocol(), '127.0.0.1', 0), CLOSED);
  await t.throwsAsync(async () => loop.createConnection(() => new Protocol(), '127.0.0.1', 1), CLOSED);
});

test.serial('a closed loop still answers what needs no loop (B12)', (t) => {
  const loop = freshLoop();
  const handle = loop.callLater(60, nothing);
  const soon = loop.callSoon(nothing);
  loop.close();
  t.notThrows(() => loop.stop());
  t.false(loop.isRunning());
  t.is(typeof loop.time(), 'number');
  handle.cancel();
  soon.cancel();
  t.true(handle.cancelled());
  t.true(soon.cancelled());
});

test.serial('using disposes of a loop', (t) => {
  let outside: EventLoop;
  {
    using loop = newEventLoop();
    outside = loop;
    t.false(loop.isClosed());
  }
  t.true(outside.isClosed());
});

test.serial('a host drives the loop: its own turns run between ours (B17)', async (t) => {
  const loop = freshLoop();
  const log: string[] = [];
  let called = 0;
  loop.callSoon(() => {
    called += 1;
    t.is(getRunningLoop(), loop);
  });
  const run = loop.runForever();
  t.true(loop.isRunning());
  for (let pass = 1; pass <= 10; pass++) {
    const turns = loopTurns(loop);
    loop.callSoon(() => log.push(`turn of pass ${pass}`));
    while (loopTurns(loop) === turns) await fromMacrotask(nothing);
    log.push(`host after pass ${pass}`);
    t.true(loop.isRunning());
  }
  loop.stop();
  await run;
  t.false(loop.isRunning());
  t.throws(() => getRunningLoop(), { instanceOf: RuntimeError });
  t.is(called, 1);
  t.deepEqual(log.slice(0, 4), [
    'turn of pass 1',
    'host after pass 1',
    'turn of pass 2',
    'host after pass 2',
  ]);
  t.is(log.length, 20);
  loop.close();
});

function* turns(count: number) {
  for (let turn = 0; turn < count; turn++) yield* sleep(0);
}

function* coroutine() {
  yield* sleep(0);
}
