// Wrong arguments of functions: mistyped options, and what people give who come from asyncio or from promises. The
// class and code of each error, and a text that says what to do. It comes at once.

import { inspect } from 'node:util';
import test from 'ava';
import * as mioloop from 'mioloop';
import { type Coroutine, NotImplementedError, sleep, timeout, wrapFuture } from 'mioloop';
import { freshLoop } from './support/leaks.js';
import { inLoop } from './support/modes.js';

/** Takes arguments that its types forbid. */
type Loose = (...args: unknown[]) => unknown;

const loose = mioloop as unknown as Record<string, Loose> & {
  PriorityQueue: new (...args: unknown[]) => unknown;
};

interface Case {
  call: string;
  with: (loop: Record<string, Loose>) => unknown;
  says: RegExp[];
}

function* nothing(): Coroutine<void> {}
async function* asyncGenerator(): AsyncGenerator<number> {
  yield 1;
}
const done = (): Promise<void> => Promise.resolve();

const WRONG_OPTIONS: Case[] = [
  { call: 'wait(…, { timout })', with: () => loose.wait!([], { timout: 1 }), says: [/timout/, /returnWhen/] },
  { call: 'asCompleted(…, { timout })', with: () => loose.asCompleted!([], { timout: 1 }), says: [/timout/] },
  {
    call: 'ensureFuture(…, { lop })',
    with: (loop) => loose.ensureFuture!(loop.createFuture!(), { lop: 1 }),
    says: [/lop/, /loop/],
  },
  {
    call: 'new PriorityQueue(0, { comparator })',
    with: () => new loose.PriorityQueue(0, { comparator: () => 0 }),
    says: [/comparator/, /compare/],
  },
  {
    call: 'createTask(…, { nmae })',
    with: (loop) => loop.createTask!(nothing, { nmae: 'a' }),
    says: [/createTask\(\) has no option nmae/, /eagerStart/],
  },
  {
    call: 'createTask(…, { name, singal })',
    with: (loop) => loop.createTask!(nothing, { name: 'a', singal: null, context: undefined, eager: true }),
    says: [/no option eager /],
  },
];

for (const { call, with: attempt, says } of WRONG_OPTIONS) {
  inLoop(`${call} is a NotImplementedError`, function* (t, loop) {
    const error = t.throws(() => attempt(loop as unknown as Record<string, Loose>), {
      instanceOf: NotImplementedError,
      code: 'ERR_NOT_IMPLEMENTED',
    });
    for (const said of says) t.regex(error.message, said);
    yield* sleep(0);
  });
}

const NO_OBJECT: Case[] = [
  { call: 'wait(…, 5)', with: () => loose.wait!([], 5), says: [/options of wait/] },
  { call: 'asCompleted(…, 5)', with: () => loose.asCompleted!([], 5), says: [/options of asCompleted/] },
  { call: 'createTask(…, name)', with: (loop) => loop.createTask!(nothing, 'name'), says: [/createTask/] },
  {
    call: 'createTask(…, [name])',
    with: (loop) => loop.createTask!(nothing, ['name']),
    says: [/createTask/],
  },
  { call: 'createTask(…, null)', with: (loop) => loop.createTask!(nothing, null), says: [/createTask/] },
  {
    call: 'ensureFuture(…, loop)',
    with: () => loose.ensureFuture!(nothing, 5),
    says: [/options of ensureFuture/],
  },
];

const NO_BODY: Case[] = [
  {
    call: 'timeout(5, sleep(1))',
    with: () => loose.timeout!(5, sleep(0)),
    says: [/timeout/, /function/, /=>/],
  },
  { call: 'timeout(5)', with: () => loose.timeout!(5), says: [/timeout/, /function/, /undefined/] },
  {
    call: 'timeoutAt(5, scope)',
    with: () => loose.timeoutAt!(5, timeout(1, nothing)),
    says: [/function/, /Scope/],
  },
  { call: 'taskGroup(generator)', with: () => loose.taskGroup!(nothing()), says: [/taskGroup/, /function/] },
  { call: 'taskGroup(promise)', with: () => loose.taskGroup!(done()), says: [/taskGroup/, /function/] },
];

const NO_AWAITABLE: Case[] = [
  { call: 'wait(promise)', with: () => loose.wait!(done()), says: [/list of futures/, /wrapFuture/] },
  { call: 'wait([promise])', with: () => loose.wait!([done()]), says: [/wrapFuture/] },
  { call: 'wait([5])', with: () => loose.wait!([5]), says: [/got 5/] },
  { call: 'gather([a, b])', with: () => loose.gather!([nothing(), nothing()]), says: [/gather\(\.\.\./] },
  { call: 'asCompleted()', with: () => loose.asCompleted!(), says: [/iterable/, /undefined/] },
  { call: 'asCompleted(5)', with: () => loose.asCompleted!(5), says: [/iterable/, /\b5\b/] },
  { call: "asCompleted('text')", with: () => loose.asCompleted!('text'), says: [/iterable/, /"text"/] },
  { call: 'asCompleted(null)', with: () => loose.asCompleted!(null), says: [/iterable/, /null/] },
  {
    call: 'ensureFuture(async generator)',
    with: () => loose.ensureFuture!(asyncGenerator()),
    says: [/async generator is no coroutine/],
  },
  {
    call: 'createTask(async generator)',
    with: (loop) => loop.createTask!(asyncGenerator()),
    says: [/async generator is no coroutine/, /for await/],
  },
  {
    call: 'createTask(async generator function)',
    with: (loop) => loop.createTask!(asyncGenerator),
    says: [/async generator is no coroutine/],
  },
];

for (const { call, with: attempt, says } of [...NO_OBJECT, ...NO_BODY, ...NO_AWAITABLE]) {
  inLoop(`${call} is a TypeError at once`, function* (t, loop) {
    const error = t.throws(() => attempt(loop as unknown as Record<string, Loose>), {
      instanceOf: TypeError,
      code: 'ERR_INVALID_ARG_TYPE',
    });
    for (const said of says) t.regex(error.message, said);
    yield* sleep(0);
  });
}

test.serial('run() and runSync() refuse options that they do not have, and async generators', async (t) => {
  const wrongOption = { instanceOf: NotImplementedError, message: /no option dbug .*debug, loopFactory/ };
  await t.throwsAsync(loose.run!(nothing, { dbug: true }) as Promise<void>, wrongOption);
  t.throws(() => loose.runSync!(nothing, { dbug: true }), wrongOption);
  await t.throwsAsync(loose.run!(nothing, 5) as Promise<void>, { instanceOf: TypeError });
  const generator = { instanceOf: TypeError, message: /async generator is no coroutine/ };
  for (const main of [asyncGenerator, asyncGenerator()]) {
    await t.throwsAsync(loose.run!(main) as Promise<void>, generator);
    t.throws(() => loose.runSync!(main), generator);
  }
});

test.serial('runCoroutineThreadsafe() says what is missing', async (t) => {
  const loop = freshLoop();
  const call = (...args: unknown[]) => loose.runCoroutineThreadsafe!(...args) as Promise<unknown>;
  for (const [args, says] of [
    [[nothing], /a loop is expected .*got undefined/],
    [[nothing, { signal: undefined }], /a loop is expected .*got an object/],
    [[done(), loop], /got a promise.*\(\) =>/],
    [[asyncGenerator(), loop], /async generator is no coroutine/],
    [[{ signal: undefined }, nothing, loop], /A coroutine object is required/],
  ] as const) {
    await t.throwsAsync(call(...args), {
      instanceOf: TypeError,
      code: 'ERR_INVALID_ARG_TYPE',
      message: says,
    });
  }
  loop.close();
});

inLoop('what asCompleted() gives prints shortly', function* (t) {
  const all = loose.asCompleted!([wrapFuture(done()), sleep(0), sleep(0.001)]);
  t.is(inspect(all), '<AsCompleted left=3>');
  for (const next of all as Iterable<Coroutine<void>>) yield* next;
  t.is(String(all), '<AsCompleted left=0>');
});
