// ensureFuture: futures as they are, coroutines as tasks, and nothing else.

import test from 'ava';
import {
  type Coroutine,
  ensureFuture,
  type Future,
  getRunningLoop,
  RuntimeError,
  setEventLoop,
  sleep,
  Task,
} from 'mioloop';
import { freshLoop } from './support/leaks.js';
import { bothModes, inLoop } from './support/modes.js';

function* notmuch(): Coroutine<string> {
  yield* sleep(0);
  return 'ok';
}

inLoop('ensureFuture() of a coroutine, however given, is a new task', function* (t, loop) {
  for (const coroutine of [notmuch(), notmuch, () => notmuch(), async () => 'ok']) {
    const task = ensureFuture(coroutine as () => Coroutine<string>);
    t.true(task instanceof Task);
    t.is(task.getLoop(), loop);
    t.is(yield* task, 'ok');
  }
});

inLoop('ensureFuture() of a future, a task or an operation is that very object', function* (t, loop) {
  const future = loop.createFuture<void>();
  const task = loop.createTask(notmuch());
  const operation = sleep(0, 'slept');
  t.is(ensureFuture(future), future);
  t.is(ensureFuture(task), task);
  t.is(ensureFuture(operation, { loop }), operation);
  yield* task;
  t.is(ensureFuture(task), task);
  yield* operation;
  future.cancel();
});

bothModes('a coroutine becomes a task of the loop given, else of the current one', async (t, bench) => {
  t.throws(() => ensureFuture(notmuch()), { instanceOf: RuntimeError, message: /no current event loop/i });
  t.is(await bench.run(ensureFuture(notmuch(), { loop: bench.loop })), 'ok');
  setEventLoop(bench.loop);
  try {
    t.is(ensureFuture(notmuch()).getLoop(), bench.loop);
  } finally {
    setEventLoop(null);
  }
  await bench.run(function* () {
    t.is(ensureFuture(notmuch()).getLoop(), getRunningLoop());
    yield* sleep(0);
    yield* sleep(0);
  });
});

test.serial('a future of another loop than the one given is refused', (t) => {
  const [one, other] = [freshLoop(), freshLoop()];
  t.throws(() => ensureFuture(one.createFuture(), { loop: other }), {
    instanceOf: RangeError,
    code: 'ERR_OTHER_LOOP',
    message: /different loop/,
  });
  one.close();
  other.close();
});

test.serial('anything else is refused; for a promise the error says what helps', (t) => {
  const loop = freshLoop();
  for (const wrong of ['ok', 1, null, undefined, {}, []] as unknown as Future<void>[]) {
    t.throws(() => ensureFuture(wrong, { loop }), { instanceOf: TypeError, message: /required/ });
  }
  const promise = Promise.resolve() as unknown as Future<void>;
  t.throws(() => ensureFuture(promise, { loop }), { instanceOf: TypeError, message: /wrapFuture/ });
  loop.close();
});
