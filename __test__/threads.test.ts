// Calls into a loop from other threads (loop.threadsafe), and callSoonThreadsafe from this one.

import test from 'ava';
import { ContextVar, getRunningLoop, Handle, RuntimeError, sleep, ThreadsafeHandle } from 'mioloop';
import { Caller } from './support/caller.js';
import { loopTurns } from './support/internals.js';
import { freshLoop } from './support/leaks.js';
import { bothModes, inLoop } from './support/modes.js';

bothModes('a call from another thread wakes a loop that sleeps (B24)', async (t, bench) => {
  const { loop } = bench;
  const rounds = 500;
  const got: unknown[] = [];
  const handle = loop.threadsafe((index: number) => {
    t.is(getRunningLoop(), loop);
    got.push(index);
    // Nothing else can wake the loop: it sleeps until the worker has heard of this and calls again.
    if (index < rounds) caller.call(index + 1);
    else loop.stop();
  });
  const caller = await Caller.start(handle.data);
  loop.callSoon(() => caller.call(1));
  await bench.runForever();
  t.deepEqual(
    got,
    Array.from({ length: rounds }, (_, index) => index + 1),
  );
  t.true(loopTurns(loop) <= rounds * 2 + 2, `${loopTurns(loop)} turns`);
});

bothModes('the calls of one thread arrive in order, each exactly once (B24)', async (t, bench) => {
  const { loop } = bench;
  const count = 20_000;
  const got = new Map<string, number[]>([
    ['a', []],
    ['b', []],
    ['c', []],
  ]);
  let left = got.size * count;
  const handle = loop.threadsafe((tag: string, index: number) => {
    got.get(tag)?.push(index);
    left -= 1;
    if (left === 0) loop.stop();
  });
  const callers = await Promise.all([...got.keys()].map(() => Caller.start(handle.data)));
  loop.callSoon(() => {
    for (const [index, tag] of [...got.keys()].entries()) callers[index]?.count(tag, count);
  });
  await bench.runForever();
  const expected = Array.from({ length: count }, (_, index) => index);
  for (const [tag, indices] of got) t.deepEqual(indices, expected, tag);
});

bothModes('arguments arrive as structured clones', async (t, bench) => {
  const { loop } = bench;
  const lists = [
    [],
    [undefined, null, 0, '', false],
    ['ü\0🙂', 2n ** 80n, -0, Number.NaN, Infinity],
    [new Date(0), new Map([[1, { deep: [new Set(['x'])] }]]), /re/g],
    [new Uint8Array([1, 2, 3]), new Float64Array([0.5]), new Uint8Array(200_000).fill(7)],
  ];
  const got: unknown[][] = [];
  const handle = loop.threadsafe((...args: unknown[]) => {
    got.push(args);
    if (got.length === lists.length) loop.stop();
  });
  const caller = await Caller.start(handle.data);
  loop.callSoon(() => {
    for (const args of lists) caller.call(...args);
  });
  await bench.runForever();
  t.deepEqual(got, lists);
});

bothModes('what cannot be cloned is an error of the caller, and nothing arrives', async (t, bench) => {
  const { loop } = bench;
  const got: unknown[][] = [];
  const handle = loop.threadsafe((...args: unknown[]) => {
    got.push(args);
    loop.stop();
  });
  const caller = await Caller.start(handle.data);
  const refused = await caller.attempt({ kind: 'callFunction' });
  t.is(refused?.name, 'DataCloneError');
  t.is(await caller.attempt({ kind: 'call', args: ['cloneable'] }), null);
  await bench.runForever();
  t.deepEqual(got, [['cloneable']]);
});

bothModes('calls made before the run arrive in it', async (t, bench) => {
  const { loop } = bench;
  const got: string[] = [];
  const handle = loop.threadsafe((text: string) => {
    got.push(text);
    if (text === 'last') loop.stop();
  });
  const caller = await Caller.start(handle.data);
  t.is(await caller.attempt({ kind: 'call', args: ['first'] }), null);
  t.is(await caller.attempt({ kind: 'call', args: ['last'] }), null);
  t.deepEqual(got, []);
  await bench.runForever();
  t.deepEqual(got, ['first', 'last']);
});

bothModes('a call between two runs arrives in the second', async (t, bench) => {
  const { loop } = bench;
  const got: string[] = [];
  const handle = loop.threadsafe((text: string) => {
    got.push(text);
    loop.stop();
  });
  const caller = await Caller.start(handle.data);
  for (const text of ['one', 'two']) {
    t.is(await caller.attempt({ kind: 'call', args: [text] }), null);
    await bench.runForever();
  }
  t.deepEqual(got, ['one', 'two']);
});

bothModes('each handle calls its own function', async (t, bench) => {
  const { loop } = bench;
  const got: string[] = [];
  const callers: Caller[] = [];
  for (const name of ['a', 'b', 'c']) {
    const handle = loop.threadsafe((text: string) => {
      got.push(`${name}: ${text}`);
      if (got.length === 3) loop.stop();
    });
    callers.push(await Caller.start(handle.data));
  }
  for (const [index, caller] of callers.entries()) {
    t.is(await caller.attempt({ kind: 'call', args: [`from ${index}`] }), null);
  }
  await bench.runForever();
  t.deepEqual(got.toSorted(), ['a: from 0', 'b: from 1', 'c: from 2']);
});

bothModes('a call that throws is reported, and the next one arrives (B26)', async (t, bench) => {
  const { loop } = bench;
  const seen: unknown[] = [];
  const boom = new Error('boom');
  loop.setExceptionHandler((_loop, context) => seen.push(context.exception));
  const handle = loop.threadsafe((fails: boolean) => {
    if (fails) throw boom;
    loop.stop();
  });
  const caller = await Caller.start(handle.data);
  caller.call(true);
  caller.call(false);
  await bench.runForever();
  t.deepEqual(seen, [boom]);
});

test.serial('after the loop is closed a call from another thread is an error there (B12)', async (t) => {
  const loop = freshLoop();
  const handle = loop.threadsafe(() => t.fail());
  const caller = await Caller.start(handle.data);
  t.is(await caller.attempt({ kind: 'call', args: ['never runs'] }), null);
  loop.close();
  t.deepEqual(await caller.attempt({ kind: 'call', args: [] }), {
    name: 'RuntimeError',
    message: 'Event loop is closed',
    code: 'ERR_LOOP_CLOSED',
  });
  t.throws(() => handle.call(), { instanceOf: RuntimeError, code: 'ERR_LOOP_CLOSED' });
});

inLoop('a handle also works in its own thread, with clones', function* (t, loop) {
  const got: unknown[] = [];
  const handle = loop.threadsafe((value: unknown) => got.push(value));
  const value = { key: [1] };
  t.true(handle instanceof ThreadsafeHandle);
  handle.call(value);
  ThreadsafeHandle.from(structuredClone(handle.data)).call('by its data');
  t.deepEqual(got, [], 'never called at once');
  while (got.length < 2) yield* sleep(0);
  t.deepEqual(got, [value, 'by its data']);
  t.not(got[0], value);
});

inLoop('a timer is not forgotten by a turn that brings nothing but a posted call', function* (t, loop) {
  const fired = loop.createFuture<void>();
  loop.callLater(0.001, () => fired.setResult());
  loop.threadsafe(() => {}).call();
  yield* fired;
  t.pass();
});

test.serial('what is not the data of a handle is refused', (t) => {
  for (const data of [null, 1, 'x', {}, undefined]) {
    t.throws(() => ThreadsafeHandle.from(data as unknown as ThreadsafeHandle['data']), {
      instanceOf: TypeError,
    });
  }
});

inLoop(
  'callSoonThreadsafe() gives a Handle, passes arguments and keeps the context (B24)',
  function* (t, loop) {
    const tag = new ContextVar<string>('tag');
    const log: unknown[][] = [];
    tag.set('then');
    const handle = loop.callSoonThreadsafe((...args: unknown[]) => log.push([...args, tag.get()]), 1, 'x');
    tag.set('now');
    t.true(handle instanceof Handle);
    t.deepEqual(log, []);
    yield* sleep(0);
    t.deepEqual(log, [[1, 'x', 'then']]);
  },
);
