// The context of eager tasks: their first step runs in it, and their maker's is as it was.

import { allTasks, ContextVar, copyContext, currentTask, RuntimeError, sleep, type Task } from 'mioloop';
import { atOnce, both } from './support/coroutines.js';
import { bothModes, inLoop } from './support/modes.js';

inLoop('the first step runs in a copy of the context, or in the one given (B71, B82)', function* (t, loop) {
  const tag = new ContextVar<string>('tag');
  const log: string[] = [];
  const note = (text: string): void => {
    log.push(tag.get('unset'));
    tag.set(text);
  };
  tag.set('outside');
  for (const coroutine of both(
    () => note('set at first'),
    () => note('set later'),
  )) {
    log.length = 0;
    const copied = loop.createTask(coroutine, { eagerStart: true });
    t.is(tag.get(), 'outside');
    yield* copied;
    const context = copyContext();
    context.run(() => tag.set('in the given one'));
    yield* loop.createTask(coroutine, { eagerStart: true, context });
    t.deepEqual(log, ['outside', 'set at first', 'in the given one', 'set at first']);
    t.is(context.get(tag), 'set later');
    t.is(tag.get(), 'outside');
  }
});

bothModes('an async function may make eager tasks behind its awaits (B71, B82)', async (t, { loop, run }) => {
  const tag = new ContextVar<string>('tag');
  const log: string[] = [];
  const main = async (): Promise<void> => {
    const me = currentTask();
    tag.set('of the maker');
    for (const wait of [sleep(0), Promise.resolve()]) {
      await wait;
      const tasks = both(
        () => log.push(tag.get()),
        () => log.push(currentTask()!.getName()),
      ).map((coroutine) => loop.createTask(coroutine, { eagerStart: true, name: 'eager' }));
      t.is(currentTask(), me);
      t.is(tag.get(), 'of the maker');
      await Promise.all(tasks);
      t.is(currentTask(), me);
    }
  };
  await run(loop.createTask(main));
  const expected = ['of the maker', 'of the maker', 'eager', 'eager'];
  t.deepEqual(log, [...expected, ...expected]);
});

inLoop('one that cannot enter its context is an error, and no task is left (B71, B82)', function* (t, loop) {
  const context = copyContext();
  const outer: Task<void> = loop.createTask(
    function* () {
      const make = () =>
        loop.createTask(
          atOnce(() => t.fail()),
          { context, eagerStart: true },
        );
      t.throws(make, { instanceOf: RuntimeError, message: /^cannot enter context/ });
      t.is(currentTask(), outer);
      yield* sleep(0);
    },
    { context },
  );
  yield* outer;
  t.is(allTasks().size, 1);
});
