// Who awaits whom, and where: captureCallGraph, formatCallGraph, printCallGraph, and getStack of what waits.

import { Session } from 'node:inspector';
import test from 'ava';
import {
  type Coroutine,
  captureCallGraph,
  type EventLoop,
  type Future,
  type FutureCallGraph,
  formatCallGraph,
  gather,
  Lock,
  printCallGraph,
  Queue,
  shield,
  sleep,
  Task,
  taskGroup,
  timeout,
  wait,
} from 'mioloop';
import { freshLoop } from './support/leaks.js';
import { bothModes, inLoop } from './support/modes.js';

/** A graph in short: name, functions of the stack, who awaits. */
type Shape = [name: string, stack: string[], awaitedBy: Shape[]];

function shapeOf({ future, callStack, awaitedBy }: FutureCallGraph): Shape {
  const name = future instanceof Task ? future.getName() : 'future';
  // The test itself, at the end of it all, has no name.
  const awaiters = awaitedBy.map(shapeOf).filter(([, stack]) => stack[0] !== '');
  return [name, callStack.map(({ functionName }) => functionName), awaiters];
}

const AWAITED_BY_MAIN: Shape[] = [['main', ['main'], []]];

/** What a coroutine captures of the task that runs it. */
function* captured() {
  yield* sleep(0);
  return captureCallGraph()!;
}

inLoop('a task in a TaskGroup is awaited by the task of the group (B204)', function* (t, loop) {
  function* main() {
    return yield* taskGroup(function* (group) {
      const child = group.createTask(captured(), { name: 'child' });
      yield* sleep(0);
      return yield* child;
    });
  }
  const graph = yield* loop.createTask(main(), { name: 'main' });
  // It is waited for twice, by the group and by its body, and that is one edge.
  t.deepEqual(shapeOf(graph), ['child', ['captured'], AWAITED_BY_MAIN]);
});

inLoop(
  'the calls of a step go through generators that delegate, to the task and no further (B204)',
  function* (t, loop) {
    function* inner() {
      return yield* captured();
    }
    function* outer() {
      return yield* inner();
    }
    const graph = yield* loop.createTask(outer(), { name: 'child' });
    t.deepEqual(shapeOf(graph).slice(0, 2), ['child', ['captured', 'inner', 'outer']]);
  },
);

bothModes(
  'an async generator stands in the stack of the async function that iterates it (B204)',
  async (t, { run, loop }) => {
    const shapes: Shape[] = [];
    async function* numbers() {
      shapes.push(shapeOf(captureCallGraph()!));
      yield 1;
      await sleep(0);
      shapes.push(shapeOf(captureCallGraph()!));
      yield 2;
    }
    async function consumer() {
      for await (const number of numbers()) t.is(typeof number, 'number');
    }
    function* main() {
      yield* loop.createTask(consumer, { name: 'consumer' });
    }
    await run(function* () {
      yield* loop.createTask(main(), { name: 'main' });
    });
    const expected: Shape = ['consumer', ['numbers', 'consumer'], AWAITED_BY_MAIN];
    t.deepEqual(shapes, [expected, expected]);
  },
);

inLoop(
  'a gathered task is awaited by the future of gather, and that by the task (B204)',
  function* (t, loop) {
    function* main() {
      const [graph] = yield* gather(loop.createTask(captured(), { name: 'child' }), sleep(0));
      return graph;
    }
    const graph = yield* loop.createTask(main(), { name: 'main' });
    t.deepEqual(shapeOf(graph), ['child', ['captured'], [['future', [], AWAITED_BY_MAIN]]]);
  },
);

inLoop(
  'a shielded task is awaited by the future of shield, and that by the task (B204)',
  function* (t, loop) {
    function* main() {
      return yield* shield(loop.createTask(captured(), { name: 'child' }));
    }
    const graph = yield* loop.createTask(main(), { name: 'main' });
    t.deepEqual(shapeOf(graph), ['child', ['captured'], [['future', [], AWAITED_BY_MAIN]]]);
  },
);

inLoop('what a timeout runs is part of the task that runs it (B204)', function* (t, loop) {
  function* body() {
    return yield* loop.createTask(captured(), { name: 'child' });
  }
  function* main() {
    return yield* timeout(3600, body);
  }
  const graph = yield* loop.createTask(main(), { name: 'main' });
  t.deepEqual(shapeOf(graph), ['child', ['captured'], AWAITED_BY_MAIN]);
});

inLoop('a task that wait() waits for is awaited by the task that called it (B204)', function* (t, loop) {
  function* main() {
    const [done] = yield* wait([loop.createTask(captured(), { name: 'child' })]);
    return [...done][0]!.result();
  }
  const graph = yield* loop.createTask(main(), { name: 'main' });
  t.deepEqual(shapeOf(graph), ['child', ['captured'], AWAITED_BY_MAIN]);
});

inLoop(
  'a future has no calls, and tells what awaits it: generators and async functions (B204)',
  function* (t, loop) {
    const future = loop.createFuture<void>();
    function* generator() {
      yield* future;
    }
    async function asyncFunction() {
      await future;
    }
    const first = loop.createTask(generator(), { name: 'generator' });
    const second = loop.createTask(asyncFunction, { name: 'async' });
    yield* sleep(0);
    yield* sleep(0);
    t.deepEqual(shapeOf(captureCallGraph(future)), [
      'future',
      [],
      [
        ['generator', ['generator'], []],
        ['async', [], []],
      ],
    ]);
    future.setResult();
    yield* gather(first, second);
    t.deepEqual(captureCallGraph(future).awaitedBy, []);
  },
);

inLoop(
  'debug mode knows all calls to where a task waits, and who made each future (B69, B204)',
  function* (t, loop) {
    loop.setDebug(true);
    function make() {
      return loop.createFuture<void>();
    }
    const future = make();
    const lock = new Lock();
    yield* lock.acquire();
    const queue = new Queue<number>();
    function* waiting(what: 'future' | 'lock' | 'queue' | 'turn' | 'sleep') {
      if (what === 'future') yield* future;
      if (what === 'lock') yield* lock.acquire();
      if (what === 'queue') yield* queue.get();
      if (what === 'turn') yield* sleep(0);
      if (what === 'sleep') yield* sleep(3600);
    }
    function* delegating(what: Parameters<typeof waiting>[0]) {
      yield* waiting(what);
    }
    const whats = ['future', 'lock', 'queue', 'turn', 'sleep'] as const;
    const tasks = whats.map((what) => loop.createTask(delegating(what)));
    loop.callSoon(() => {
      for (const task of tasks) {
        t.deepEqual(
          task.getStack().map(({ functionName }) => functionName),
          ['delegating', 'waiting'],
        );
        t.deepEqual(
          task.getStack(1).map(({ functionName }) => functionName),
          ['waiting'],
        );
      }
    });
    yield* sleep(0);
    const graph = captureCallGraph(future);
    t.is(graph.creationStack[0]?.functionName, 'make');
    t.deepEqual(shapeOf(graph)[2][0]![1], ['waiting', 'delegating']);
    for (const task of tasks) task.cancel();
    yield* gather(...tasks, { returnExceptions: true });
  },
);

inLoop('a task that waits for a lock or a queue awaits its acquire() or get()', function* (t, loop) {
  const queue = new Queue<number>();
  const get = queue.get();
  const reader = loop.createTask(
    function* () {
      return yield* get;
    },
    { name: 'reader' },
  );
  yield* sleep(0);
  t.deepEqual(
    captureCallGraph(get).awaitedBy.map(({ future }) => future),
    [reader],
  );
  queue.putNowait(1);
  t.is(yield* reader, 1);
});

inLoop(
  'getStack() of a generator task that waits has its line; a limit counts from the inside (B69)',
  function* (t, loop) {
    function* waiter(future: Future<void>) {
      yield* future;
    }
    const future = loop.createFuture<void>();
    const task = loop.createTask(waiter(future));
    const begun = task.getStack();
    yield* sleep(0);
    const [frame] = task.getStack();
    t.is(frame!.functionName, 'waiter');
    t.regex(frame!.file, /call-graph\.test\.js$/);
    t.is(frame!.line, begun[0]!.line + 1, 'before the first step it is at its beginning');
    t.deepEqual(task.getStack(0), []);
    const written: string[] = [];
    task.printStack(5, { write: (text) => written.push(text) });
    t.regex(
      written.join(''),
      /^Stack for <Task pending .*\(most recent call last\):\n {2}at waiter \(.*:\d+:\d+\)\n$/,
    );
    future.setResult();
    yield* task;
    t.deepEqual(task.getStack(), []);
  },
);

inLoop(
  'limit keeps the innermost calls, a negative one the outermost, 0 none; depth skips calls (B204)',
  function* (t, loop) {
    const stack = (options: object): string[] =>
      captureCallGraph(null, options)!.callStack.map(({ functionName }) => functionName);
    function helper() {
      return [{}, { limit: 2 }, { limit: -1 }, { limit: 0 }, { depth: 3 }, { depth: 0, limit: 1 }].map(stack);
    }
    function* outer() {
      yield* sleep(0);
      return helper();
    }
    const stacks = yield* loop.createTask(outer());
    t.deepEqual(
      stacks.map((names) => names.filter((name) => name !== '')),
      [['stack', 'helper', 'outer'], ['stack', 'helper'], ['outer'], [], ['outer'], ['stack']],
    );
  },
);

inLoop('tasks that wait for each other are expanded once', function* (t, loop) {
  const tasks: Task<void>[] = [];
  function* waitFor(index: 0 | 1): Coroutine<void> {
    yield* wait([tasks[index]!]);
  }
  tasks.push(loop.createTask(waitFor(1), { name: 'a' }), loop.createTask(waitFor(0), { name: 'b' }));
  yield* sleep(0);
  const graph = captureCallGraph(tasks[0]!);
  const again = graph.awaitedBy[0]!.awaitedBy[0]!;
  t.is(again.future, tasks[0]!);
  t.true(again.repeated);
  t.deepEqual([again.awaitedBy, again.callStack, graph.repeated], [[], [], false]);
  t.regex(formatCallGraph(tasks[0]!), /\* Task\(name='a'\) \(shown elsewhere\)$/);
  for (const task of tasks) task.cancel();
  yield* gather(...tasks, { returnExceptions: true });
});

inLoop('a graph has 1,000 entries at most, and says how many are left out', function* (t, loop) {
  const future = loop.createFuture<void>();
  function* layer(below: readonly Future<void>[]) {
    yield* wait(below);
  }
  // Each of a layer waits for all of the one below: the paths are 12 ** 20.
  let below: readonly Future<void>[] = [future];
  const tasks: Task<void>[] = [];
  for (let height = 0; height < 20; height++) {
    below = Array.from({ length: 12 }, (_, index) =>
      loop.createTask(layer(below), { name: `${height}.${index}` }),
    );
    tasks.push(...(below as Task<void>[]));
  }
  yield* sleep(0);
  const graph = captureCallGraph(future);
  let entries = 0;
  let omitted = 0;
  (function count(entry: FutureCallGraph): void {
    entries += 1;
    omitted += entry.omitted;
    entry.awaitedBy.forEach(count);
  })(graph);
  t.is(entries, 1_000);
  t.true(omitted > 0);
  t.regex(formatCallGraph(future), /\.\.\. and \d+ more/);
  future.setResult();
  yield* gather(...tasks);
});

inLoop(
  'printCallGraph() writes the graph as text, as formatCallGraph() gives it (B204)',
  function* (t, loop) {
    const future = loop.createFuture<void>();
    function* waiter() {
      yield* future;
    }
    const task = loop.createTask(waiter(), { name: 'waiter' });
    yield* sleep(0);
    const written: string[] = [];
    printCallGraph(future, { stream: { write: (text: string) => written.push(text) } });
    t.is(written.join(''), `${formatCallGraph(future)}\n`);
    const lines = written.join('').replaceAll(/\(\/.*\)/g, '(…)');
    t.is(
      lines,
      [
        '* Future',
        '  + Awaited by:',
        "     * Task(name='waiter')",
        '       + Call stack:',
        '       |   at waiter (…)',
        '',
      ].join('\n'),
    );
    future.setResult();
    yield* task;
  },
);

inLoop('a callback runs in no task: there is no graph of it', function* (t, loop) {
  const ended = loop.createFuture<void>();
  loop.callSoon(() => {
    t.is(captureCallGraph(), null);
    t.is(formatCallGraph(), '');
    printCallGraph(null, { stream: { write: () => t.fail() } });
    ended.setResult();
  });
  yield* ended;
});

test.serial('what captureCallGraph() does not take (B204)', (t) => {
  t.throws(() => captureCallGraph(), {
    code: 'ERR_NO_RUNNING_LOOP',
    message:
      'captureCallGraph() is called outside of a running event loop and no future to introspect was provided',
  });
  t.throws(() => captureCallGraph({} as Future<unknown>), {
    instanceOf: TypeError,
    message: /^Future object expected/,
  });
  const loop = freshLoop();
  const future = loop.createFuture();
  for (const options of [{ depth: -1 }, { depth: 1.5 }, { limit: 0.5 }, { limit: Number.NaN }]) {
    t.throws(() => captureCallGraph(future, options), { instanceOf: TypeError });
  }
  t.deepEqual(captureCallGraph(future).awaitedBy, []);
  loop.close();
});

/** The stack of a task that waits, as the inspector tells it, or not. */
function* suspendedStack(loop: EventLoop) {
  const future = loop.createFuture<void>();
  const task = loop.createTask(function* waiter() {
    yield* future;
  });
  yield* sleep(0);
  const graph = captureCallGraph(future);
  future.setResult();
  yield* task;
  return shapeOf(graph)[2][0]![1];
}

inLoop(
  'without an inspector the graph has no lines of generators that wait, and the rest',
  function* (t, loop) {
    const { getBuiltinModule } = process;
    process.getBuiltinModule = ((name: string) => {
      if (name === 'node:inspector') throw new Error('there is none');
      return getBuiltinModule(name);
    }) as typeof getBuiltinModule;
    try {
      t.deepEqual(yield* suspendedStack(loop), []);
    } finally {
      process.getBuiltinModule = getBuiltinModule;
    }
  },
);

inLoop('an inspector that somebody else uses is no obstacle, and is left as it was', function* (t, loop) {
  const session = new Session();
  session.connect();
  session.post('Debugger.enable');
  try {
    t.deepEqual(yield* suspendedStack(loop), ['waiter']);
    const answers: unknown[] = [];
    session.post('Runtime.evaluate', { expression: '6 * 7' }, (error, answer) =>
      answers.push(error, answer.result.value),
    );
    t.deepEqual(answers, [null, 42]);
  } finally {
    session.disconnect();
  }
  t.deepEqual(
    Object.getOwnPropertySymbols(globalThis).filter((symbol) => String(symbol).includes('mioloop.g')),
    [],
  );
});
