// Context variables in tasks: a copy of where they were made, or the context that was given; and in operations.

import {
  Context,
  ContextVar,
  copyContext,
  currentTask,
  type EventLoop,
  Protocol,
  sleep,
  type Task,
  type Transport,
} from 'mioloop';
import { bothModes, inLoop } from './support/modes.js';
import { errorOf } from './support/outcomes.js';

inLoop('a task runs in a copy of the context that it was made in (B71)', function* (t, loop) {
  const tag = new ContextVar<string>('tag');
  const log: string[] = [];
  const bodies = [
    function* () {
      log.push(tag.get());
      tag.set('set by the task');
      yield* sleep(0);
      log.push(tag.get());
    },
    async () => {
      log.push(tag.get());
      tag.set('set by the task');
      await sleep(0);
      log.push(tag.get());
    },
  ];
  for (const body of bodies) {
    log.length = 0;
    tag.set('when it was made');
    const task = loop.createTask(body as () => Generator<never, void>);
    tag.set('later');
    yield* task;
    t.deepEqual(log, ['when it was made', 'set by the task']);
    t.is(tag.get(), 'later');
    t.is(task.getContext().get(tag), 'set by the task');
  }
});

inLoop('a coroutine that is delegated to shares the context of its task (B71)', function* (t) {
  const tag = new ContextVar<string>('tag');
  function* inner() {
    tag.set('set inside');
    yield* sleep(0);
  }
  tag.set('outside');
  yield* inner();
  t.is(tag.get(), 'set inside');
});

bothModes('an async function keeps its values behind every await (B71)', async (t, { loop, run }) => {
  const tag = new ContextVar<string>('tag');
  const waits: (() => PromiseLike<unknown>)[] = [
    () => sleep(0),
    () => sleep(0.001),
    () => Promise.resolve(),
    () => loop.createTask(async () => tag.set('of another task')),
    () => Promise.all([sleep(0), sleep(0.001)]),
    async () => {
      await sleep(0);
    },
  ];
  const body = (name: string) => async (): Promise<string[]> => {
    const seen: string[] = [];
    for (const [index, wait] of waits.entries()) {
      tag.set(`${name}${index}`);
      await wait();
      seen.push(tag.get());
    }
    return seen;
  };
  const tasks = [loop.createTask(body('a')), loop.createTask(body('b'))] as const;
  await run(function* () {
    for (const task of tasks) yield* task;
  });
  for (const [index, task] of tasks.entries()) {
    t.deepEqual(
      task.result(),
      waits.map((_, number) => `${'ab'[index]}${number}`),
    );
  }
});

inLoop('several tasks and callbacks may share one context (B71)', function* (t, loop) {
  const tag = new ContextVar<string>('tag');
  const context = new Context();
  const log: string[] = [];
  const step = (name: string): void => {
    log.push(`${name}: ${tag.get('unset')}`);
    tag.set(name);
  };
  const generator = loop.createTask(
    function* () {
      step('generator');
      yield* sleep(0);
      step('generator again');
    },
    { context },
  );
  loop.callSoon({ context }, step, 'callback');
  const asyncTask = loop.createTask(
    async () => {
      step('async');
      await sleep(0);
      step('async again');
    },
    { context },
  );
  yield* generator;
  yield* asyncTask;
  t.deepEqual(log, [
    'generator: unset',
    'callback: generator',
    'async: callback',
    'generator again: async',
    'async again: generator again',
  ]);
  t.is(tag.get('unset'), 'unset');
  t.is(context.get(tag), 'async again');
});

inLoop('a copy of a context is its own from then on (B71)', function* (t, loop) {
  const tag = new ContextVar<string>('tag');
  tag.set('first');
  const copy = copyContext();
  tag.set('second');
  t.is(copy.get(tag), 'first');
  const task = loop.createTask(
    function* () {
      yield* sleep(0);
      tag.set('in the copy');
      return copyContext().copy().get(tag);
    },
    { context: copy },
  );
  t.is(yield* task, 'in the copy');
  t.is(copy.get(tag), 'in the copy');
  t.is(tag.get(), 'second');
});

inLoop(
  'an error, a cancel or an exception in a step leaves the values of others alone (B71)',
  function* (t, loop) {
    const tag = new ContextVar<string>('tag');
    const log: string[] = [];
    tag.set('outside');
    const failing = (name: string) =>
      loop.createTask(function* () {
        tag.set(name);
        try {
          yield* sleep(3600);
        } finally {
          log.push(tag.get());
          tag.set(`${name}, at its end`);
        }
      });
    const task = failing('cancelled');
    yield* sleep(0);
    task.cancel();
    loop.callSoon(() => log.push(tag.get()));
    yield* errorOf(task);
    t.is(tag.get(), 'outside');
    t.deepEqual(log.toSorted(), ['cancelled', 'outside']);
    t.is(task.getContext().get(tag), 'cancelled, at its end');
  },
);

bothModes(
  'what callbacks set does not leak into what follows, also behind an error (B41)',
  async (t, bench) => {
    const { loop } = bench;
    const tag = new ContextVar<string>('tag');
    const log: string[] = [];
    loop.setExceptionHandler(() => log.push(`handler: ${tag.get('unset')}`));
    const context = new Context();
    context.run(() => tag.set('given'));
    const fails = (name: string): never => {
      tag.set(name);
      throw new Error('boom');
    };
    loop.callSoon(fails, 'one');
    loop.callSoon(() => log.push(tag.get('unset')));
    loop.callSoon({ context }, fails, 'two');
    loop.callSoon(() => log.push(tag.get('unset')));
    loop.callSoon(() => loop.stop());
    await bench.runForever();
    t.deepEqual(log, ['handler: one', 'unset', 'handler: two', 'unset']);
    t.is(tag.get('unset'), 'unset');
  },
);

/** Ends of a connection that note the value they see. */
class Noting extends Protocol {
  constructor(
    readonly side: string,
    readonly note: (event: string) => void,
    readonly lost: () => void,
  ) {
    super();
    note(`${side} factory`);
  }
  override connectionMade(transport: Transport): void {
    this.note(`${this.side} made`);
    if (this.side === 'client') transport.write(Buffer.from('x'));
  }
  override dataReceived(): void {
    this.note(`${this.side} data`);
  }
  override connectionLost(): void {
    this.note(`${this.side} lost`);
    this.lost();
  }
}

const PROTOCOL_EVENTS = [
  'client factory: client',
  'client lost: client',
  'client made: client',
  'server data: server',
  'server factory: server',
  'server lost: server',
  'server made: server',
];

/** A loop on which every turn some callback sets `tag`, so that a context that leaks is seen. */
function noisy(loop: EventLoop, tag: ContextVar<string>): void {
  const noise = (): void => {
    tag.set('noise');
    if (loop.isRunning()) loop.callSoon(noise);
  };
  loop.callSoon(noise);
}

/** What the two ends of a connection note of `tag`. */
function ends(loop: EventLoop, tag: ContextVar<string>) {
  const log: string[] = [];
  const lost = loop.createFuture<void>();
  const note = (event: string): void => {
    log.push(`${event}: ${tag.get('unset')}`);
  };
  const end = (side: string) => () => new Noting(side, note, () => side === 'server' && lost.setResult());
  return { log, lost, server: end('server'), client: end('client') };
}

inLoop('factories and protocols are called in the context of who opened them (B71)', function* (t, loop) {
  const tag = new ContextVar<string>('tag');
  const { log, lost, server, client } = ends(loop, tag);
  noisy(loop, tag);
  tag.set('server');
  const service = yield* loop.createServer(server, '127.0.0.1', 0);
  const [host, port] = service.sockets[0]!.getsockname() as [string, number];
  tag.set('client');
  const [transport] = yield* loop.createConnection(client, host, port);
  tag.set('main');
  while (!log.includes('server data: server') && log.length < 5) yield* sleep(0);
  transport.close();
  service.close();
  yield* lost;
  yield* service.waitClosed();
  t.deepEqual(log.toSorted(), PROTOCOL_EVENTS);
});

bothModes('the same where async functions opened them (B71)', async (t, { loop, run }) => {
  const tag = new ContextVar<string>('tag');
  const { log, lost, server, client } = ends(loop, tag);
  const seen: (Task<unknown> | null)[] = [];
  noisy(loop, tag);
  const main = loop.createTask(async () => {
    tag.set('server');
    const service = await loop.createServer(server, '127.0.0.1', 0);
    const [host, port] = service.sockets[0]!.getsockname() as [string, number];
    tag.set('client');
    const [transport] = await loop.createConnection(
      () => {
        seen.push(currentTask());
        return client();
      },
      host,
      port,
    );
    tag.set('main');
    while (!log.includes('server data: server') && log.length < 5) await sleep(0);
    transport.close();
    service.close();
    await lost;
    await service.waitClosed();
  });
  await run(main);
  t.deepEqual(log.toSorted(), PROTOCOL_EVENTS);
  t.deepEqual(seen, [main]);
});
