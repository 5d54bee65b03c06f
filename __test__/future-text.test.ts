// How futures print: as asyncio's repr, by toString() and by util.inspect (so in console.log and in reports).

import { inspect } from 'node:util';
import test from 'ava';
import { type Future, sleep, Task } from 'mioloop';
import { freshLoop } from './support/leaks.js';
import { inLoop } from './support/modes.js';

function text(future: Future<unknown>): string {
  return `${inspect(future)}`;
}

test.serial('a future prints its state and its callbacks; three and more are cut short (B58)', (t) => {
  const loop = freshLoop();
  const future = loop.createFuture<void>();
  const named = (name: string) => Object.defineProperty(() => undefined, 'name', { value: name });
  const expected = [
    '<Future pending>',
    '<Future pending cb=[f()]>',
    '<Future pending cb=[f(), g()]>',
    '<Future pending cb=[f(), <1 more>, h()]>',
    '<Future pending cb=[f(), <2 more>, i()]>',
  ];
  for (const [index, line] of expected.entries()) {
    t.is(text(future), line);
    t.is(String(future), line);
    future.addDoneCallback(named('fghij'[index]!));
  }
  loop.close();
});

test.serial('a done future prints its result, its error, or that it was cancelled (B58)', (t) => {
  const loop = freshLoop();
  const outcomes: [string, (future: Future<unknown>) => void][] = [
    ['<Future finished result=4>', (future) => future.setResult(4)],
    ["<Future finished result='text'>", (future) => future.setResult('text')],
    ['<Future finished result=undefined>', (future) => future.setResult(undefined)],
    ['<Future finished result={ a: [Object] }>', (future) => future.setResult({ a: { b: 1 } })],
    ['<Future finished exception=RangeError()>', (future) => future.setException(new RangeError())],
    ["<Future finished exception=Error('boom')>", (future) => future.setException(new Error('boom'))],
    ["<Future finished exception='no error'>", (future) => future.setException('no error')],
    ['<Future cancelled>', (future) => future.cancel('a message')],
  ];
  for (const [line, settle] of outcomes) {
    const future = loop.createFuture<unknown>();
    settle(future);
    t.is(text(future), line);
    // The exceptions are of no concern here.
    if (!future.cancelled()) future.exception();
    t.is(text(future), line);
  }
  loop.close();
});

test.serial('long results are cut, and printing is safe for any value (B58)', (t) => {
  const loop = freshLoop();
  const circular: Record<string, unknown> = {};
  circular.self = circular;
  for (const value of ['x'.repeat(10_000), new Array(10_000).fill(0), circular, Symbol('s'), () => 1]) {
    const future = loop.createFuture<unknown>();
    future.setResult(value);
    t.true(text(future).length < 200);
    t.false(text(future).includes('\n'));
  }
  loop.close();
});

inLoop('a class that extends Task prints its own name (B58)', function* (t, loop) {
  class Job<T> extends Task<T> {}
  const job = new Job(
    loop,
    function* work() {
      yield* sleep(0);
    },
    { name: 'a job' },
  );
  t.is(text(job), "<Job pending name='a job' coro=<work()>>");
  t.is(Object.prototype.toString.call(job), '[object Job]');
  yield* job;
});

test.serial('printing a failed future is not retrieving its error (B50, B58)', (t) => {
  const loop = freshLoop();
  const messages: string[] = [];
  loop.setExceptionHandler((_loop, { message }) => messages.push(message));
  const future = loop.createFuture<void>();
  future.setException(new Error('boom'));
  t.regex(text(future), /boom/);
  loop.close();
  t.deepEqual(messages, ['Future exception was never retrieved']);
});

inLoop('who waits shows in the text of what it waits for, by its name (B58, B68)', function* (t, loop) {
  const future = loop.createFuture<void>();
  function* waits() {
    yield* future;
  }
  const generator = loop.createTask(waits, { name: 'a generator' });
  yield* sleep(0);
  const waiting = '<Future pending cb=[wakeup of a generator]>';
  t.is(text(future), waiting);
  t.is(text(generator), `<Task pending name='a generator' coro=<waits()> wait_for=${waiting}>`);
  const asyncTask = loop.createTask(async () => future, { name: 'an async function' });
  yield* sleep(0);
  t.is(text(future), '<Future pending cb=[wakeup of a generator, wakeup of an async function]>');
  const outer = loop.createTask(() => passOn(generator), { name: 'outer' });
  yield* sleep(0);
  t.true(text(outer).startsWith("<Task pending name='outer' coro=<(anonymous)()> wait_for=<Task pending "));
  t.true(text(generator).endsWith(' cb=[wakeup of outer]>'));
  future.setResult();
  yield* outer;
  yield* asyncTask;
  t.is(text(generator), "<Task finished name='a generator' coro=<waits()> result=undefined>");
});

test.serial('in debug mode a future tells where it was made (B28, B58)', (t) => {
  const loop = freshLoop();
  loop.setDebug(true);
  const future = loop.createFuture<void>();
  t.regex(text(future), /^<Future pending created at .*future-text\.test\.js:\d+>$/);
  future.setResult();
  t.regex(text(future), /^<Future finished result=undefined created at .*future-text\.test\.js:\d+>$/);
  loop.setDebug(false);
  t.is(text(loop.createFuture<void>()), '<Future pending>');
  loop.close();
});

function* passOn(future: Future<void>) {
  yield* future;
}
