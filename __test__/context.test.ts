// The context of callbacks: captured when they are scheduled, or given.

import test from 'ava';
import { Context, ContextVar, copyContext, sleep } from 'mioloop';
import { freshLoop } from './support/leaks.js';
import { bothModes, inLoop } from './support/modes.js';

inLoop('a callback runs in the context in which it was scheduled (B29)', function* (t, loop) {
  const tag = new ContextVar<string>('tag');
  const log: string[] = [];
  const push = (name: string): void => {
    log.push(`${name}: ${tag.get('unset')}`);
    tag.set(`changed by ${name}`);
  };
  tag.set('first');
  loop.callSoon(push, 'soon');
  loop.callSoonThreadsafe(push, 'thread-safe');
  loop.callLater(0, push, 'later');
  tag.set('second');
  loop.callAt(loop.time(), push, 'at');
  for (let turn = 0; turn < 3; turn++) yield* sleep(0);
  t.deepEqual(log.toSorted(), ['at: second', 'later: first', 'soon: first', 'thread-safe: first']);
  t.is(tag.get(), 'second');
});

inLoop('a leading { context } is the context of every scheduling call (B29)', function* (t, loop) {
  const tag = new ContextVar<string>('tag');
  const context = copyContext();
  context.run(() => tag.set('in the context'));
  const log: unknown[][] = [];
  const push = (...args: unknown[]): void => {
    log.push([...args, tag.get('unset')]);
    tag.set('changed');
  };
  const handles = [
    loop.callSoon({ context }, push, 1, 2),
    loop.callSoonThreadsafe({ context }, push, 3, 4),
    loop.callLater({ context }, -1, push, 5, 6),
    loop.callAt({ context }, loop.time(), push, 7, 8),
  ];
  for (const handle of handles) t.is(handle.getContext(), context);
  for (let turn = 0; turn < 3; turn++) yield* sleep(0);
  t.deepEqual(log, [
    [1, 2, 'in the context'],
    [3, 4, 'changed'],
    [5, 6, 'changed'],
    [7, 8, 'changed'],
  ]);
  t.is(tag.get('unset'), 'unset');
  t.is(context.get(tag), 'changed');
});

inLoop(
  'getContext() gives the one context that was captured, and what the callback set in it (B29)',
  function* (t, loop) {
    const tag = new ContextVar<string>('tag');
    tag.set('then');
    const handle = loop.callSoon(() => tag.set('set by the callback'));
    tag.set('now');
    const context = handle.getContext();
    t.true(context instanceof Context);
    t.is(context.get(tag), 'then');
    yield* sleep(0);
    t.is(handle.getContext(), context);
    t.is(context.get(tag), 'set by the callback');
  },
);

test.serial('what is no context is refused at once', (t) => {
  const loop = freshLoop();
  const nothing = (): void => undefined;
  for (const value of [1, 'x', {}]) {
    const options = { context: value as unknown as Context };
    t.throws(() => loop.callSoon(options, nothing), { instanceOf: TypeError });
    t.throws(() => loop.callSoonThreadsafe(options, nothing), { instanceOf: TypeError });
    t.throws(() => loop.callLater(options, 1, nothing), { instanceOf: TypeError });
    t.throws(() => loop.callAt(options, 1, nothing), { instanceOf: TypeError });
  }
  loop.close();
});

bothModes(
  'what callbacks and tasks set is seen by none other, nor outside of the run (B29)',
  async (t, bench) => {
    const { loop } = bench;
    const tag = new ContextVar<string>('tag');
    const log: string[] = [];
    const push = (name: string): void => {
      log.push(`${name}: ${tag.get('unset')}`);
      tag.set(name);
    };
    function* task(name: string) {
      push(name);
      yield* sleep(0);
      push(`${name} again`);
    }
    loop.callSoon(push, 'soon 1');
    loop.callSoon(push, 'soon 2');
    loop.callLater(-1, push, 'timer');
    const tasks = [loop.createTask(task('task 1')), loop.createTask(task('task 2'))];
    await bench.run(function* () {
      push('main');
      for (const one of tasks) yield* one;
      loop.callSoon(push, 'soon, from main');
      yield* sleep(0);
      push('main at its end');
    });
    t.is(tag.get('unset'), 'unset');
    t.deepEqual(log.toSorted(), [
      'main at its end: main',
      'main: unset',
      'soon 1: unset',
      'soon 2: unset',
      'soon, from main: main',
      'task 1 again: task 1',
      'task 1: unset',
      'task 2 again: task 2',
      'task 2: unset',
      'timer: unset',
    ]);
  },
);

inLoop(
  'an async callback keeps its context behind its awaits, and shares it with nobody (B29)',
  function* (t, loop) {
    const user = new ContextVar('user', 'nobody');
    const seen: string[] = [];
    const visit = async (name: string): Promise<void> => {
      user.set(name);
      await sleep(0);
      seen.push(user.get());
      user.set(`${name}, changed`);
      await sleep(0);
      seen.push(user.get());
    };
    loop.callSoon(async () => await visit('ada'));
    loop.callLater(0, async () => await visit('bob'));
    const context = copyContext();
    loop.callSoon({ context }, async () => await visit('eve'));
    for (let turn = 0; turn < 5; turn++) yield* sleep(0);
    t.deepEqual(seen.sort(), ['ada', 'ada, changed', 'bob', 'bob, changed', 'eve', 'eve, changed']);
    t.is(context.get(user), 'eve, changed');
    t.is(user.get(), 'nobody');
  },
);
