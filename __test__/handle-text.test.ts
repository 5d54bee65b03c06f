// How handles print, and who made them: plainly, and in debug mode.

import { inspect } from 'node:util';
import test from 'ava';
import { type EventLoop, type Handle, sleep } from 'mioloop';
import { freshLoop } from './support/leaks.js';
import { inLoop } from './support/modes.js';

function noop(..._args: unknown[]): void {}

/** Every call that gives a handle. */
function handles(loop: EventLoop, ...args: unknown[]): Handle[] {
  return [
    loop.callSoon(noop, ...args),
    loop.callSoonThreadsafe(noop, ...args),
    loop.callLater(60, noop, ...args),
    loop.callAt(12.5, noop, ...args),
  ];
}

test.serial('a handle prints its callback, a timer its time (B27)', (t) => {
  const loop = freshLoop();
  const [soon, threadsafe, later, at] = handles(loop, 1, 2) as [Handle, Handle, Handle, Handle];
  t.is(inspect(soon), '<Handle noop()>');
  t.is(`${soon}`, '<Handle noop()>');
  t.is(inspect(threadsafe), '<Handle noop()>');
  t.regex(inspect(later), /^<TimerHandle when=[\d.]+ noop\(\)>$/);
  t.is(inspect(at), '<TimerHandle when=12.5 noop()>');
  t.is(inspect(loop.callSoon(() => undefined)), '<Handle (anonymous)()>');
  loop.close();
});

test.serial('a cancelled handle says so, and no more (B27)', (t) => {
  const loop = freshLoop();
  const [soon, , , at] = handles(loop) as [Handle, Handle, Handle, Handle];
  soon.cancel();
  at.cancel();
  t.is(inspect(soon), '<Handle cancelled>');
  t.is(inspect(at), '<TimerHandle cancelled when=12.5>');
  loop.close();
});

test.serial('debug: with the arguments, and who made it (B27, B28)', (t) => {
  const loop = freshLoop();
  loop.setDebug(true);
  for (const handle of handles(loop, 1, 'two', { three: 3 })) {
    t.regex(
      inspect(handle),
      /^<(Timer)?Handle (when=[\d.]+ )?noop\(1, 'two', \{ three: 3 \}\) created at .*handle-text\.test\.js:\d+>$/,
    );
  }
  loop.close();
});

test.serial(
  'debug: a cancelled handle still tells what it was; a second cancel changes nothing (B27)',
  (t) => {
    const loop = freshLoop();
    loop.setDebug(true);
    const [soon, , , at] = handles(loop, 1) as [Handle, Handle, Handle, Handle];
    for (const [handle, pattern] of [
      [soon, /^<Handle cancelled noop\(1\) created at .*handle-text\.test\.js:\d+>$/],
      [at, /^<TimerHandle cancelled when=12.5 noop\(1\) created at .*handle-text\.test\.js:\d+>$/],
    ] as const) {
      handle.cancel();
      t.regex(inspect(handle), pattern);
      handle.cancel();
      t.regex(inspect(handle), pattern);
      t.true(handle.cancelled());
    }
    loop.close();
  },
);

inLoop('debug: the line is that of the call, for every way to schedule (B28)', function* (t, loop) {
  loop.setDebug(true);
  loop.slowCallbackDuration = 3600;
  const lineOf = (text: string): number => Number(/:(\d+)>$/.exec(text)?.[1]);
  // The second frame is the caller's.
  const here = (): number =>
    Number([...(new Error().stack ?? '').matchAll(/handle-text\.test\.js:(\d+)/g)][1]?.[1]);
  // Each on one line with `here`.
  const rows: [unknown, number][] = [
    [loop.callSoon(noop), here()],
    [loop.callSoonThreadsafe(noop), here()],
    [loop.callLater(60, noop), here()],
    [loop.callAt(loop.time() + 60, noop), here()],
    [loop.createFuture(), here()],
    [loop.createTask(function* () {}), here()],
  ];
  for (const [made, line] of rows) t.is(lineOf(`${made}`), line, `${made}`);
  for (const [handle] of rows.slice(2, 4)) (handle as Handle).cancel();
  yield* sleep(0);
});
