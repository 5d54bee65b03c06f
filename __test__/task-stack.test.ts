// Where a task is: the stack of the one that runs, the error's of one that failed.

import { type StackFrame, sleep, type Task } from 'mioloop';
import { inLoop } from './support/modes.js';
import { errorOf } from './support/outcomes.js';

function names(frames: readonly StackFrame[]): string[] {
  return frames.map(({ functionName }) => functionName);
}

/** Collects what is written to it. */
function sink(): { text: string; write(text: string): void } {
  return {
    text: '',
    write(text) {
      this.text += text;
    },
  };
}

inLoop('the running task has the calls that it is in, the innermost last (B69)', function* (t, loop) {
  let frames: StackFrame[] = [];
  let limited: StackFrame[] = [];
  const written = sink();
  const task: Task<void> = loop.createTask(
    function* outermost() {
      yield* sleep(0);
      (function innermost() {
        frames = task.getStack();
        limited = task.getStack(1);
        task.printStack(undefined, written);
      })();
    },
    { name: 'running' },
  );
  yield* task;
  t.true(frames.length >= 2);
  t.deepEqual(names(frames).slice(-2), ['outermost', 'innermost']);
  for (const { file, line, column } of frames.slice(-2)) {
    t.regex(file, /task-stack\.test\.js$/);
    t.true(line > 0 && column > 0);
  }
  // None of the package's own.
  t.false(frames.some(({ file }) => /mioloop\/dist|\/dist\/chunk/.test(file)));
  t.deepEqual(names(limited), ['innermost']);
  t.regex(
    written.text,
    /^Stack for <Task pending name='running' .*> \(most recent call last\):\n(.*\n)* {2}at innermost \(.*task-stack\.test\.js:\d+:\d+\)\n$/,
  );
});

inLoop('a failed task has the calls of its error (B69)', function* (t, loop) {
  function deepest(): never {
    throw new Error('boom');
  }
  const generator = loop.createTask(function* outermost() {
    yield* sleep(0);
    deepest();
  });
  const asyncTask = loop.createTask(async function outermost() {
    await sleep(0);
    deepest();
  });
  for (const task of [generator, asyncTask]) {
    yield* errorOf(task);
    t.deepEqual(names(task.getStack()).slice(-2), ['outermost', 'deepest']);
    t.is(task.getStack(1).length, 1);
    const written = sink();
    task.printStack(undefined, written);
    t.regex(written.text, /^Stack for <Task finished .*> \(most recent call last\):\n(.*\n)* {2}at deepest /);
  }
});

inLoop('an async function that waits, has ended well or was cancelled has none (B69)', function* (t, loop) {
  const waiting = loop.createTask(async () => {
    await sleep(3600);
  });
  yield* sleep(0);
  const ended = loop.createTask(async () => 1);
  const odd = loop.createTask(async () => {
    throw 'no error';
  });
  yield* ended;
  yield* errorOf(odd);
  for (const task of [waiting, ended, odd]) {
    t.deepEqual(task.getStack(), []);
    const written = sink();
    task.printStack(undefined, written);
    t.regex(written.text, /^No stack for <Task .*>\n$/);
  }
  waiting.cancel();
  yield* errorOf(waiting);
  t.deepEqual(waiting.getStack(), []);
});

inLoop('an async function sees itself behind its awaits, too (B69)', function* (t, loop) {
  let frames: StackFrame[] = [];
  const task: Task<void> = loop.createTask(async function outermost() {
    await sleep(0);
    frames = task.getStack();
  });
  yield* task;
  t.deepEqual(names(frames).slice(-1), ['outermost']);
});
