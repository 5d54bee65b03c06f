// The way of a cancel's message: from the innermost wait to the outermost awaiter, with the error it began as.

import { CancelledError, type Coroutine, type EventLoop, sleep, type Task } from 'mioloop';
import { inLoop } from './support/modes.js';
import { errorOf } from './support/outcomes.js';

type Body = () => Coroutine<void>;

const MESSAGES: (readonly [args: [] | [unknown], text: string])[] = [
  [[], ''],
  [[undefined], ''],
  [[null], ''],
  [['a message'], 'a message'],
  [[5], '5'],
];

for (const [args, text] of MESSAGES) {
  const call = `cancel(${args.map(String).join('')})`;

  inLoop(`${call} reaches who awaits the task (B65)`, function* (t, loop) {
    for (const steps of [0, 1, 2]) {
      const inner = loop.createTask(sleeper);
      for (let step = 0; step < steps; step++) yield* sleep(0);
      inner.cancel(...args);
      const error = (yield* errorOf(inner)) as CancelledError;
      t.true(error instanceof CancelledError);
      t.is(error.message, text);
    }
  });

  inLoop(`${call} goes down to the innermost wait, and up again (B65)`, function* (t, loop) {
    const seen: CancelledError[] = [];
    const outermost = nested(loop, 4, seen);
    for (let turn = 0; turn < 6; turn++) yield* sleep(0);
    outermost.cancel(...args);
    seen.push((yield* errorOf(outermost)) as CancelledError);
    t.is(seen.length, 5);
    for (const error of seen) {
      t.true(error instanceof CancelledError);
      t.is(error.message, text);
    }
    t.true(outermost.cancelled());
  });
}

inLoop('the first awaiter gets the error that ended the task, with its stack (B65)', function* (t, loop) {
  let inside: unknown;
  const task = loop.createTask(function* () {
    try {
      yield* sleep(3600);
    } catch (error) {
      inside = error;
      throw error;
    }
  });
  yield* sleep(0);
  task.cancel('a message');
  t.is(yield* errorOf(task), inside);
  // Later readers get one of their own, with the same message.
  const later = yield* errorOf(task);
  t.not(later, inside);
  t.is((later as Error).message, 'a message');
});

inLoop('an error as the message is the cause, all the way up (B65)', function* (t, loop) {
  const reason = new Error('the reason');
  const seen: CancelledError[] = [];
  const outermost = nested(loop, 3, seen);
  for (let turn = 0; turn < 5; turn++) yield* sleep(0);
  outermost.cancel(reason);
  seen.push((yield* errorOf(outermost)) as CancelledError);
  t.is(seen.length, 4);
  for (const error of seen) {
    t.is(error.message, 'the reason');
    t.is(error.cause, reason);
  }
});

inLoop('a CancelledError that a coroutine throws by itself cancels its task (B65)', function* (t, loop) {
  const own = new CancelledError('thrown by hand');
  const task = loop.createTask(function* () {
    yield* sleep(0);
    throw own;
  });
  t.is(yield* errorOf(task), own);
  t.true(task.cancelled());
  t.is(task.cancelling(), 0);
});

inLoop('runUntilComplete of a cancelled task fails with the message (B65)', function* (t, loop) {
  const task = loop.createTask(async () => {
    await loop.createFuture<void>();
  });
  yield* sleep(0);
  task.cancel('the message');
  const waiting = loop.createTask(async () => {
    await task;
  });
  const error = yield* errorOf(waiting);
  t.true(waiting.cancelled());
  t.is((error as Error).message, 'the message');
});

/** A task that awaits one that awaits one …; each notes the error it gets. */
function nested(loop: EventLoop, depth: number, seen: CancelledError[]): Task<void> {
  const body: Body = depth === 0 ? sleeper : () => awaiting(() => nested(loop, depth - 1, seen));
  function* awaiting(make: () => Task<void>): Coroutine<void> {
    try {
      yield* make();
    } catch (error) {
      seen.push(error as CancelledError);
      throw error;
    }
  }
  return loop.createTask(body);
}

function* sleeper(): Coroutine<void> {
  yield* sleep(3600);
}
