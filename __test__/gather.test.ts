// gather: the results in order, the first error, cancels in both directions, and what it takes.

import test from 'ava';
import {
  CancelledError,
  type Coroutine,
  type EventLoop,
  type Future,
  gather,
  getRunningLoop,
  RuntimeError,
  setEventLoop,
  sleep,
  timeout,
} from 'mioloop';
import { loopTurns } from './support/internals.js';
import { freshLoop } from './support/leaks.js';
import { bothModes, inLoop } from './support/modes.js';
import { inVirtualTime, thrownBy } from './support/virtual.js';

const BOOM = new Error('boom');

function futures(loop: EventLoop, count: number): Future<number>[] {
  return Array.from({ length: count }, () => loop.createFuture<number>());
}

function* waitFor(future: Future<number>): Coroutine<number> {
  return yield* future;
}

// biome-ignore lint/correctness/useYield: it returns in its first step.
function* give<T>(value: T): Coroutine<T> {
  return value;
}

const KINDS: [kind: string, wrap: (future: Future<number>) => Future<number> | Coroutine<number>][] = [
  ['futures', (future) => future],
  ['coroutines', waitFor],
];

for (const [kind, wrap] of KINDS) {
  inLoop(`the results of ${kind} come in the order given, when the last is there (B74)`, function* (t, loop) {
    for (const options of [{}, { returnExceptions: false }, { returnExceptions: true }]) {
      const [a, b, c] = futures(loop, 3) as [Future<number>, Future<number>, Future<number>];
      const outer = gather(wrap(a), wrap(b), wrap(c), options);
      let calls = 0;
      outer.addDoneCallback(() => {
        calls += 1;
      });
      yield* sleep(0);
      b.setResult(1);
      a.setResult(2);
      for (let turn = 0; turn < 4; turn++) yield* sleep(0);
      t.false(outer.done());
      t.is(calls, 0);
      c.setResult(3);
      for (let turn = 0; turn < 4; turn++) yield* sleep(0);
      t.deepEqual(outer.result(), [2, 1, 3]);
      t.is(calls, 1);
    }
  });

  inLoop(`the first error of ${kind} is its error, and the others go on (B74)`, function* (t, loop) {
    const all = futures(loop, 5);
    const [a, b, c, d, e] = all as [Future<number>, ...Future<number>[]] & Future<number>[];
    const outer = gather(...all.map(wrap));
    yield* sleep(0);
    a!.setResult(1);
    b!.setException(BOOM);
    t.is(yield* thrownBy(() => outer), BOOM);
    t.false(c!.done() || d!.done() || e!.done());
    // Seen by the gather that has failed: no report.
    c!.setResult(3);
    d!.cancel();
    e!.setException(new RuntimeError('not looked at'));
    yield* sleep(0);
    t.is(outer.exception(), BOOM);
    t.false(outer.cancel());
  });

  inLoop(`with returnExceptions the errors of ${kind} are results (B74)`, function* (t, loop) {
    const all = futures(loop, 5);
    const [a, b, c, d, e] = all;
    const outer = gather(...all.map(wrap), { returnExceptions: true });
    yield* sleep(0);
    b!.setResult(1);
    c!.setException(BOOM);
    d!.cancel('enough');
    a!.setResult(3);
    yield* sleep(0);
    t.false(outer.done());
    e!.setResult(5);
    const results = yield* outer;
    t.deepEqual(results.slice(0, 3), [3, 1, BOOM]);
    t.true(results[3] instanceof CancelledError);
    t.is((results[3] as Error).message, 'enough');
    t.is(results[4], 5);
  });
}

inLoop('any value can be an error, null and undefined as well (B74)', function* (t) {
  for (const thrown of [null, undefined, 0]) {
    const fails = function* (): Coroutine<number> {
      yield* sleep(0);
      throw thrown;
    };
    t.is(yield* thrownBy(() => gather(fails(), sleep(0, 1))), thrown);
    t.deepEqual(yield* gather(fails(), sleep(0, 1), { returnExceptions: true }), [thrown as never, 1]);
  }
});

inLoop('a cancelled child is an error, and the future itself is not cancelled (B74)', function* (t, loop) {
  const [a, b, c] = futures(loop, 3);
  const outer = gather(a!, b!, c!);
  a!.setResult(1);
  b!.cancel('enough');
  const error = yield* thrownBy(() => outer);
  t.true(error instanceof CancelledError);
  t.is((error as Error).message, 'enough');
  t.false(outer.cancelled());
  t.true(outer.exception() instanceof CancelledError);
  t.false(c!.done());
  c!.cancel();
});

inLoop('cancelling it cancels all children, and it ends when they have ended (B74)', function* (t, loop) {
  const log: string[] = [];
  const lingering = function* (name: string): Coroutine<void> {
    try {
      yield* loop.createFuture<void>();
    } finally {
      yield* sleep(0);
      log.push(name);
    }
  };
  const outer = gather(lingering('first'), lingering('second'), sleep(0, 'done'));
  yield* sleep(0);
  yield* sleep(0);
  t.true(outer.cancel('enough'));
  t.false(outer.done());
  const error = yield* thrownBy(() => outer);
  t.true(error instanceof CancelledError);
  t.is((error as Error).message, 'enough');
  yield* sleep(0);
  t.deepEqual(log, ['first', 'second']);
  t.false(outer.cancelled());
});

inLoop('a cancel of the task that waits for it reaches the children (B74)', function* (t, loop) {
  const waiter = loop.createFuture<void>();
  let reached = 0;
  const inner = function* (): Coroutine<void> {
    yield* waiter;
    reached += 1;
  };
  const children = [loop.createTask(inner()), loop.createTask(inner())] as const;
  let gathering: Future<unknown> | undefined;
  const task = loop.createTask(function* () {
    gathering = gather(...children);
    yield* gathering;
    reached += 100;
  });
  yield* sleep(0);
  t.true(task.cancel());
  t.true((yield* thrownBy(() => task)) instanceof CancelledError);
  t.false(gathering!.cancel());
  t.true(waiter.cancelled());
  t.true(children.every((child) => child.cancelled()));
  t.is(reached, 0);
});

inLoop('it refuses a cancel once all children are done (B74)', function* (t, loop) {
  const future = loop.createFuture<number>();
  const outer = gather(waitFor(future));
  const task = loop.createTask(() => outer);
  yield* sleep(0);
  yield* sleep(0);
  let refused: boolean | undefined;
  // Behind the child's wake-up: the child is done by then, and the gather is not.
  future.addDoneCallback(() => {
    refused = !outer.cancel();
  });
  future.setResult(42);
  t.deepEqual(yield* task, [42]);
  t.true(refused);
});

inVirtualTime('with returnExceptions a cancel still comes out (B74)', function* (t, loop) {
  for (const [message, expected] of [
    [undefined, ''],
    ['my message', 'my message'],
  ] as const) {
    let rounds = 0;
    const task = loop.createTask(function* () {
      for (; rounds < 20; rounds++) yield* gather(sleep(0.05), { returnExceptions: true });
    });
    yield* sleep(0.19);
    task.cancel(message);
    const error = yield* thrownBy(() => task);
    t.true(error instanceof CancelledError);
    t.is((error as Error).message, expected);
    t.true(task.cancelled());
    t.is(rounds, 3);
  }
});

inLoop('the same awaitable given twice runs once (B74)', function* (t, loop) {
  const generator = give('abc');
  t.deepEqual(yield* gather(generator, generator, give('def'), generator), ['abc', 'abc', 'def', 'abc']);
  const future = loop.createFuture<number>();
  loop.callSoon(() => future.setResult(7));
  t.deepEqual(yield* gather(future, future), [7, 7]);
  t.deepEqual(yield* gather(future, give(1), future), [7, 1, 7]);
  const scope = timeout(1, () => sleep(0, 'once'));
  t.deepEqual(yield* gather(scope, scope), ['once', 'once']);
  let calls = 0;
  const count = function* (): Coroutine<number> {
    yield* sleep(0);
    return ++calls;
  };
  // A function is not an awaitable but makes one each time.
  t.deepEqual(yield* gather(count, count), [1, 2]);
});

inLoop('it takes everything that a coroutine can be, and gives a typed tuple (B74)', function* (t, loop) {
  const [a, b, c, d, e, f] = yield* gather(
    sleep(0, 1),
    loop.createTask(give('task')),
    give(true),
    () => give(4),
    async () => {
      await sleep(0);
      return 'async';
    },
    timeout(1, function* () {
      yield* sleep(0);
      return { scope: true };
    }),
  );
  const results: [number, string, boolean, number, string, { scope: boolean }] = [a, b, c, d, e, f];
  t.deepEqual(results, [1, 'task', true, 4, 'async', { scope: true }]);
  const tasks = [1, 2, 3].map((value) => loop.createTask(give(value)));
  const doubled: number[] = (yield* gather(...tasks)).map((value) => value * 2);
  t.deepEqual(doubled, [2, 4, 6]);
  const outcomes = yield* gather(...tasks, { returnExceptions: true });
  t.is(
    outcomes.reduce<number>((sum, one) => (one instanceof Error ? sum : sum + one), 0),
    6,
  );
});

inLoop('of children that are all done the gather is done at once (B74)', function* (t, loop) {
  const done = loop.createFuture<number>();
  done.setResult(1);
  const outer = gather(done, done);
  t.true(outer.done());
  t.deepEqual(outer.result(), [1, 1]);
  const failed = loop.createFuture<number>();
  failed.setException(BOOM);
  const failing = gather(loop.createFuture<number>(), failed);
  t.is(failing.exception(), BOOM);
  t.is(yield* thrownBy(() => failing), BOOM);
});

bothModes('gather() of nothing is done, on the current loop (B74)', async (t, bench) => {
  t.throws(() => gather(), { instanceOf: RuntimeError, message: /no current event loop/i });
  t.throws(() => gather(give(1)), { instanceOf: RuntimeError, message: /no current event loop/i });
  setEventLoop(bench.loop);
  try {
    t.is(gather().getLoop(), bench.loop);
    const outer = gather(give(1), give(2));
    t.is(outer.getLoop(), bench.loop);
    t.deepEqual(await bench.run(outer), [1, 2]);
  } finally {
    setEventLoop(null);
  }
  await bench.run(function* () {
    const empty = gather();
    t.is(empty.getLoop(), getRunningLoop());
    t.deepEqual(yield* empty, []);
    t.deepEqual(yield* gather({ returnExceptions: true }), []);
  });
});

test.serial('futures of two loops cannot be gathered, those of one need no running loop (B74)', (t) => {
  const [one, other] = [freshLoop(), freshLoop()];
  t.throws(() => gather(one.createFuture(), other.createFuture()), { instanceOf: RangeError });
  t.is(gather(...futures(other, 3)).getLoop(), other);
  one.close();
  other.close();
});

inLoop('what cannot be awaited is refused, and nothing is left half done (B74)', function* (t) {
  const boom = function* (): Coroutine<number> {
    yield* sleep(0);
    throw BOOM;
  };
  for (const wrong of [1, 'text', null, undefined, [], Promise.resolve(1)] as unknown as Future<number>[]) {
    t.throws(() => gather(boom(), wrong, give(1)), { instanceOf: TypeError });
  }
  t.throws(() => gather(give(1), Promise.resolve(2) as unknown as Future<number>), { message: /wrapFuture/ });
  t.throws(() => gather(give(1), { returnexceptions: true } as never), { message: /returnexceptions/ });
  t.throws(() => gather(give(1), { returnExceptions: 1 } as never), { instanceOf: TypeError });
  // The errors of what had begun count as seen: they are not reported.
  for (let turn = 0; turn < 4; turn++) yield* sleep(0);
});

inLoop('a gather of tasks costs asyncio turns: the children, then itself (B74)', function* (t, loop) {
  const start = loopTurns(loop);
  yield* gather(give(1), give(2));
  // The tasks' steps in the next turn, their callbacks in the one after, the waiter in a third.
  t.is(loopTurns(loop) - start, 3);
});
