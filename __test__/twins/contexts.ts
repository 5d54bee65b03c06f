// Context variables: who sees which value. The Python side is python/contexts.py.

import type { Coroutine, Future } from 'mioloop';
import { Context, ContextVar, copyContext, sleep } from 'mioloop';
import { Boom, scenario, script, tried, virtualScenario } from './scenario.js';

const variable = new ContextVar('var', 'unset');
const other = new ContextVar<string>('other');

/** A context in which the variable has that value. */
function at(value: string): Context {
  const context = copyContext();
  context.run(() => variable.set(value));
  return context;
}

script('contexts-of-callbacks (B29, B41)', async (twin) => {
  const tells = (name: string) => {
    twin.log(`${name}: ${variable.get()}`);
    variable.set(`set by ${name}`);
    twin.loop.callSoon(() => twin.log(`from ${name}: ${variable.get()}`));
  };
  const main = () => {
    for (const value of ['one', 'two']) {
      variable.set(value);
      twin.loop.callSoon(tells, value);
      twin.loop.callSoonThreadsafe(tells, `threadsafe ${value}`);
    }
    variable.set('last');
    twin.loop.callSoon(() => twin.loop.callSoon(() => twin.loop.stop()));
    twin.log(`main: ${variable.get()}`);
  };

  twin.loop.callSoon(main);
  twin.loop.callSoon(() => twin.log(`beside main: ${variable.get()}`));
  await twin.runForever();
  twin.log(`outside: ${variable.get()}`);
});

script('contexts-given-to-callbacks (B29)', async (twin) => {
  const counts = (name: string) => {
    twin.log(`${name}: ${variable.get()}`);
    variable.set(`${variable.get()}+`);
  };

  const context = at('shared');
  twin.loop.callSoon({ context }, counts, 'first');
  twin.loop.callSoon({ context }, counts, 'second');
  twin.loop.callSoonThreadsafe({ context }, counts, 'threadsafe');
  twin.loop.callLater({ context }, 0, counts, 'timer');
  twin.loop.callAt({ context: new Context() }, 0, counts, 'another timer');
  twin.loop.callSoon(counts, 'without');
  twin.loop.callSoon(() => twin.loop.callSoon(() => twin.loop.stop()));
  await twin.runForever();
  twin.log(`left in it: ${context.get(variable)}, outside: ${variable.get()}`);
});

virtualScenario('contexts-of-timers (B29)', function* (twin) {
  const tells = (name: string) => twin.log(`${name}: ${variable.get()}`);

  for (const delay of [2, 1, 0]) {
    variable.set(`when ${delay} was set`);
    twin.loop.callLater(delay, tells, `after ${delay}`);
  }
  variable.set('later');
  const handle = twin.loop.callAt({ context: at('given') }, 1, tells, 'with its own');
  twin.log(`context of the handle: ${handle.getContext().get(variable)}`);
  yield* sleep(3);
  tells('main');
});

scenario('contexts-of-tasks (B71)', function* (twin) {
  function* child(name: string) {
    twin.log(`${name} starts with ${variable.get()}`);
    variable.set(name);
    yield* sleep(0);
    twin.log(`${name} goes on with ${variable.get()}`);
    yield* grandchild(name);
    twin.log(`${name} ends with ${variable.get()}`);
  }
  function* grandchild(name: string) {
    variable.set(`${name}, set by what it awaits`);
    yield* sleep(0);
  }

  variable.set('main');
  const tasks = ['a', 'b'].map((name) => twin.loop.createTask(child(name)));
  variable.set('main, later');
  for (const task of tasks) yield* task;
  twin.log(`main has ${variable.get()}, a has ${tasks[0]!.getContext().get(variable)}`);
});

scenario('contexts-shared-by-tasks (B71)', function* (twin) {
  function* counts(name: string) {
    for (let step = 0; step < 2; step++) {
      twin.log(`${name}: ${variable.get()}`);
      variable.set(`${variable.get()}${name}`);
      yield* sleep(0);
    }
  }

  const context = at('>');
  const tasks = ['a', 'b', 'c'].map((name) => twin.loop.createTask(counts(name), { context }));
  for (const task of tasks) yield* task;
  twin.log(`left in it: ${context.get(variable)}, the same: ${tasks[0]!.getContext() === context}`);
  twin.log(`main: ${variable.get()}`);
});

scenario('contexts-of-done-callbacks (B71)', function* (twin) {
  const tells = (name: string) => () => twin.log(`${name}: ${variable.get()}`);
  function* sets(): Coroutine<void> {
    variable.set('set by the task');
  }

  variable.set('when added');
  const future = twin.loop.createFuture<string>();
  future.addDoneCallback(tells('callback'));
  future.addDoneCallback(tells('callback with a context'), { context: at('given') });
  const task = twin.loop.createTask(sets());
  task.addDoneCallback(tells('callback of a task'));
  variable.set('when set');
  future.setResult('x');
  future.addDoneCallback(tells('callback when done'));
  yield* twin.turns(3);
});

scenario('contexts-and-tokens (B71)', function* (twin) {
  twin.log(`no value: ${tried(() => other.get())}, default ${other.get('given')}, ${variable.get()}`);
  const token = variable.set('one');
  const again = variable.set('two');
  twin.log(`of another variable: ${tried(() => other.reset(again))}`);
  twin.log(`${variable.get()}, before: ${again.oldValue[0]}`);
  variable.reset(again);
  twin.log(variable.get());
  variable.reset(token);
  twin.log(variable.get());
  twin.log(`used twice: ${tried(() => variable.reset(token))}`);
});

scenario('contexts-run (B71)', function* (twin) {
  const inside = (value: string, stop = false) => {
    twin.log(`inside: ${variable.get()}, in the context: ${context.get(variable)}`);
    variable.set(value);
    twin.log(`set: ${variable.get()}, in the context: ${context.get(variable)}`);
    twin.log(`entered again: ${tried(() => context.run(inside, 'never'))}`);
    if (stop) throw new Boom();
    return 'returned';
  };

  variable.set('outside');
  const context = copyContext();
  variable.set('changed outside');
  twin.log(context.run(inside, 'first'));
  twin.log(tried(() => context.run(inside, 'second', true)));
  const copy = context.copy();
  context.run(() => variable.set('not in the copy'));
  twin.log(`copy: ${copy.get(variable)}, original: ${context.get(variable)}, outside: ${variable.get()}`);
  twin.log(
    `has: ${context.has(variable)}, ${context.has(other)}, an empty one: ${new Context().has(variable)}`,
  );
});

scenario('contexts-across-waits (B71)', function* (twin) {
  function* waits(name: string, awaited: Future<string>) {
    variable.set(name);
    try {
      yield* awaited;
    } catch {
      twin.log(`${name} is cancelled with ${variable.get()}`);
      return;
    }
    twin.log(`${name} wakes with ${variable.get()}`);
  }

  const future = twin.loop.createFuture<string>();
  const tasks = ['a', 'b'].map((name) => twin.loop.createTask(waits(name, future)));
  const doomed = twin.loop.createTask(waits('c', twin.loop.createFuture()));
  yield* twin.turns(1);
  twin.loop.callSoon({ context: at('of who sets the result') }, () => future.setResult('x'));
  twin.loop.callSoon({ context: at('of who cancels') }, () => {
    doomed.cancel();
  });
  for (const task of [...tasks, doomed]) yield* task;
  twin.log(`main: ${variable.get()}`);
});

script('contexts-of-the-exception-handler (B41)', async (twin) => {
  const raises = () => {
    variable.set('set by what raises');
    throw new Boom();
  };
  function* main() {
    variable.set('task');
    const future = twin.loop.createFuture<string>();
    twin.loop.callSoon({ context: at('given') }, raises);
    yield* sleep(0);
    twin.loop.callSoon(raises);
    yield* sleep(0);
    future.addDoneCallback(raises);
    future.setResult('x');
    yield* twin.turns(2);
  }

  twin.loop.setExceptionHandler((_loop, context) => {
    twin.log(`handler: ${variable.get()}, ${Object.keys(context).sort()[0]}`);
  });
  await twin.runUntilComplete(main());
});
