// What the default handler writes, in what order; and what debug mode adds: who made what.

import diagnosticsChannel from 'node:diagnostics_channel';
import test from 'ava';
import { type EventLoop, type ExceptionContext, KeyboardInterrupt, sleep } from 'mioloop';
import { freshLoop } from './support/leaks.js';
import { bothModes } from './support/modes.js';
import { stderrOf } from './support/reports.js';

const BOOM = new RangeError('boom');

/** The last line of a traceback names this file. */
const HERE = String.raw`  at .*reports\.test\.js:\d+:\d+\)`;

function breaks(): never {
  throw BOOM;
}

/** A loop in debug mode that calls nothing slow. */
function debugging(loop: EventLoop): void {
  loop.setDebug(true);
  loop.slowCallbackDuration = 3600;
}

async function once({ loop, runForever }: { loop: EventLoop; runForever(): Promise<void> }): Promise<void> {
  loop.callSoon(() => loop.stop());
  await runForever();
}

bothModes('the message, then the other keys in order, then the error (B44)', async (t, bench) => {
  const { loop } = bench;
  loop.setExceptionHandler(null);
  const written = stderrOf(t);
  loop.callSoon(breaks);
  await once(bench);
  t.regex(
    written.text,
    /^Exception in callback breaks\(\)\nhandle: <Handle breaks\(\)>\nRangeError: boom\n {4}at .*\n/,
  );
  written.text = '';
  loop.callExceptionHandler({
    message: 'mine',
    zebra: 1,
    apple: 'a',
    exception: BOOM,
    monkey: { deep: { er: 1 } },
  });
  t.regex(written.text, /^mine\napple: 'a'\nmonkey: \{ deep: \[Object\] \}\nzebra: 1\nRangeError: boom\n/);
});

test.serial('without a message there is one; without an error there is none (B44)', (t) => {
  const loop = freshLoop();
  const written = stderrOf(t);
  loop.callExceptionHandler({ message: '' });
  loop.callExceptionHandler({ message: 'just a message' });
  loop.callExceptionHandler({ message: 'a thrown string', exception: 'spam' });
  t.is(written.text, "Unhandled exception in event loop\njust a message\na thrown string\n'spam'\n");
  loop.close();
});

bothModes('debug: a callback that throws is written with who scheduled it (B44)', async (t, bench) => {
  const { loop } = bench;
  loop.setExceptionHandler(null);
  debugging(loop);
  const written = stderrOf(t);
  loop.callSoon(breaks);
  await once(bench);
  const expected = new RegExp(
    String.raw`^Exception in callback breaks\(\)\nhandle: <Handle breaks\(\) created at .*reports\.test\.js:\d+>\n` +
      String.raw`Object created at \(most recent call last\):\n(  at .*\n)*${HERE}\nRangeError: boom\n`,
  );
  t.regex(written.text, expected);
});

bothModes(
  'debug: a report from inside a callback is written with who scheduled that (B44)',
  async (t, bench) => {
    const { loop } = bench;
    loop.setExceptionHandler(null);
    debugging(loop);
    const written = stderrOf(t);
    loop.callSoon(function reports() {
      loop.callExceptionHandler({ message: 'found by a callback' });
    });
    loop.callLater(-1, function reports() {
      loop.callExceptionHandler({ message: 'found by a timer' });
    });
    loop.callSoon(() => loop.callSoon(() => loop.stop()));
    await bench.runForever();
    for (const what of ['callback', 'timer']) {
      const expected = new RegExp(
        String.raw`found by a ${what}\nHandle created at \(most recent call last\):\n(  at .*\n)*${HERE}\n`,
      );
      t.regex(written.text, expected);
    }
  },
);

bothModes('debug: the keys of a report hold the frames, the caller last (B45)', async (t, bench) => {
  const { loop } = bench;
  const reports: ExceptionContext[] = [];
  loop.setExceptionHandler((_loop, context) => reports.push(context));
  debugging(loop);
  const handle = loop.callSoon(breaks);
  await once(bench);
  t.is(reports.length, 1);
  const { message, exception, sourceTraceback } = reports[0]!;
  t.is(message, 'Exception in callback breaks()');
  t.is(exception, BOOM);
  t.is(reports[0]!.handle, handle);
  const last = sourceTraceback!.at(-1)!;
  t.regex(last.file, /reports\.test\.js$/);
  t.true(last.line > 0 && last.column > 0);
  t.true(sourceTraceback!.length <= 10);
});

bothModes('debug: a pending task at close is written with who made it (B44, B46)', async (t, bench) => {
  const { loop } = bench;
  loop.setExceptionHandler(null);
  debugging(loop);
  const written = stderrOf(t);
  loop.createTask(
    function* waits() {
      yield* sleep(3600);
    },
    { name: 'left' },
  );
  await once(bench);
  loop.close();
  const expected = new RegExp(
    String.raw`^Task was destroyed but it is pending!\n` +
      String.raw`Object created at \(most recent call last\):\n(  at .*\n)*${HERE}\n` +
      String.raw`task: <Task pending name='left' coro=<waits\(\)> .*>\n$`,
  );
  t.regex(written.text, expected);
});

bothModes('a callback in debug mode is named with its arguments (B26, B27)', async (t, bench) => {
  const { loop } = bench;
  const messages: string[] = [];
  loop.setExceptionHandler((_loop, { message }) => messages.push(message));
  loop.callSoon(breaks as (...args: unknown[]) => never, 1, 'two');
  await once(bench);
  debugging(loop);
  loop.callSoon(breaks as (...args: unknown[]) => never, 1, 'two');
  await once(bench);
  t.deepEqual(messages, ['Exception in callback breaks()', "Exception in callback breaks(1, 'two')"]);
});

test.serial('reports go to the diagnostics channel, too, whatever the handler (B45)', (t) => {
  const loop = freshLoop();
  const seen: unknown[] = [];
  const listen = (message: unknown): void => {
    seen.push(message);
  };
  diagnosticsChannel.subscribe('mioloop:exception', listen);
  t.teardown(() => {
    diagnosticsChannel.unsubscribe('mioloop:exception', listen);
  });
  loop.setExceptionHandler(() => undefined);
  const context = { message: 'seen', exception: BOOM };
  loop.callExceptionHandler(context);
  t.deepEqual(seen, [{ loop, context }]);
  loop.close();
});

bothModes('an ExitError from the handler ends the run, from the default one too (B42)', async (t, bench) => {
  const { loop } = bench;
  const exit = new KeyboardInterrupt();
  const context: ExceptionContext = { message: 'x' };
  loop.setExceptionHandler(() => {
    throw exit;
  });
  loop.callSoon(() => loop.callExceptionHandler(context));
  t.is(await t.throwsAsync(bench.runForever(), { any: true }), exit);
  loop.setExceptionHandler(null);
  loop.defaultExceptionHandler = () => {
    throw exit;
  };
  loop.callSoon(() => loop.callExceptionHandler(context));
  t.is(await t.throwsAsync(bench.runForever(), { any: true }), exit);
});

bothModes('what a protocol or a timer throws does not stop the turn (B26, B46)', async (t, bench) => {
  const { loop } = bench;
  const log: string[] = [];
  loop.setExceptionHandler((_loop, { message }) => log.push(message));
  loop.callLater(-2, breaks);
  loop.callLater(-1, () => log.push('the next timer'));
  loop.callSoon(breaks);
  loop.callSoon(() => log.push('the next callback'));
  loop.createTask(function* () {
    loop.callSoon(breaks);
    yield* sleep(0);
    log.push('a task');
    loop.stop();
  });
  await bench.runForever();
  t.deepEqual(log, [
    'Exception in callback breaks()',
    'the next callback',
    'Exception in callback breaks()',
    'the next timer',
    'Exception in callback breaks()',
    'a task',
  ]);
});
