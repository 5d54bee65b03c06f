// Policies: who makes loops, and which is a thread's; legacy in asyncio and here.

import test from 'ava';
import {
  AbstractEventLoopPolicy,
  DefaultEventLoopPolicy,
  EventLoop,
  getEventLoop,
  getEventLoopPolicy,
  getRunningLoop,
  NotImplementedError,
  newEventLoop,
  RuntimeError,
  run,
  setEventLoop,
  setEventLoopPolicy,
  sleep,
} from 'mioloop';
import { freshLoop, watched } from './support/leaks.js';
import { inLoop } from './support/modes.js';
import { linesOf } from './support/program.js';

const NO_LOOP = { instanceOf: RuntimeError, code: 'ERR_NO_CURRENT_LOOP', message: /no current event loop/ };

test.serial.afterEach.always(() => {
  setEventLoopPolicy(null);
});

test.serial('a thread has a default policy, and always the same (B201)', (t) => {
  const policy = getEventLoopPolicy();
  t.true(policy instanceof DefaultEventLoopPolicy);
  t.true(policy instanceof AbstractEventLoopPolicy);
  t.is(getEventLoopPolicy(), policy);
});

test.serial('the abstract policy implements nothing (B201)', (t) => {
  class Nothing extends AbstractEventLoopPolicy {}
  const policy = new Nothing();
  for (const call of [
    () => policy.getEventLoop(),
    () => policy.setEventLoop(null),
    () => policy.newEventLoop(),
  ]) {
    t.throws(call, { instanceOf: NotImplementedError });
  }
});

test.serial('the default policy keeps one loop, and makes none by itself (B201)', (t) => {
  const policy = new DefaultEventLoopPolicy();
  t.throws(() => policy.getEventLoop(), NO_LOOP);
  const loop = watched(policy.newEventLoop());
  t.true(loop instanceof EventLoop);
  t.throws(() => policy.getEventLoop(), NO_LOOP);
  policy.setEventLoop(loop);
  t.is(policy.getEventLoop(), loop);
  // Its own: the thread's policy is another.
  t.throws(getEventLoop, NO_LOOP);
  policy.setEventLoop(null);
  t.throws(() => policy.getEventLoop(), NO_LOOP);
  for (const value of ['x', 1, {}, undefined]) {
    t.throws(() => policy.setEventLoop(value as never), {
      instanceOf: TypeError,
      message: /^loop argument must be an instance of AbstractEventLoop or None/,
    });
  }
  loop.close();
});

test.serial('setEventLoopPolicy() takes a policy, or null for a new default one (B201)', (t) => {
  const before = getEventLoopPolicy();
  const policy = new DefaultEventLoopPolicy();
  setEventLoopPolicy(policy);
  t.is(getEventLoopPolicy(), policy);
  for (const value of ['x', 1, {}, undefined]) {
    t.throws(() => setEventLoopPolicy(value as never), {
      instanceOf: TypeError,
      message: /^policy must be an instance of AbstractEventLoopPolicy or None/,
    });
  }
  t.is(getEventLoopPolicy(), policy);
  setEventLoopPolicy(null);
  t.not(getEventLoopPolicy(), policy);
  t.not(getEventLoopPolicy(), before);
});

test.serial(
  'the policy is what getEventLoop(), setEventLoop(), newEventLoop() and run() ask (B201)',
  async (t) => {
    const calls: string[] = [];
    class Noting extends DefaultEventLoopPolicy {
      override getEventLoop(): EventLoop {
        calls.push('get');
        return super.getEventLoop();
      }
      override setEventLoop(loop: EventLoop | null): void {
        calls.push(loop === null ? 'set null' : 'set');
        super.setEventLoop(loop);
      }
      override newEventLoop(): EventLoop {
        calls.push('new');
        return watched(new EventLoop({ debug: true }));
      }
    }
    setEventLoopPolicy(new Noting());
    const loop = newEventLoop();
    t.true(loop.getDebug());
    setEventLoop(loop);
    t.is(getEventLoop(), loop);
    setEventLoop(null);
    t.deepEqual(calls, ['new', 'set', 'get', 'set null']);
    calls.length = 0;
    t.true(
      await run(function* () {
        yield* sleep(0);
        return getRunningLoop().getDebug();
      }),
    );
    t.is(calls[0], 'new');
    loop.close();
  },
);

inLoop('the running loop comes before the policy (B201)', function* (t, loop) {
  const other = freshLoop();
  setEventLoop(other);
  t.is(getEventLoop(), loop);
  t.is(getRunningLoop(), loop);
  t.is(getEventLoopPolicy().getEventLoop(), other);
  yield* sleep(0);
  t.is(getEventLoop(), loop);
  setEventLoop(null);
  other.close();
});

test.serial('each thread has its own policy, and so its own loop (B201)', async (t) => {
  const lines = await linesOf(
    `
    import { Worker, isMainThread } from 'node:worker_threads';
    import { DefaultEventLoopPolicy, getEventLoop, getEventLoopPolicy, newEventLoop, setEventLoop, setEventLoopPolicy } from 'mioloop';
    class Own extends DefaultEventLoopPolicy {}
    setEventLoopPolicy(new Own());
    const loop = newEventLoop();
    setEventLoop(loop);
    const source = \`
      import('mioloop').then(({ getEventLoop, getEventLoopPolicy }) => {
        console.log(getEventLoopPolicy().constructor.name);
        try { getEventLoop(); } catch (error) { console.log(error.code); }
      });\`;
    await new Promise((resolve) => new Worker(source, { eval: true }).on('exit', resolve));
    console.log(getEventLoop() === loop, getEventLoopPolicy() instanceof Own);
    loop.close();
  `,
  );
  t.deepEqual(lines, ['DefaultEventLoopPolicy', 'ERR_NO_CURRENT_LOOP', 'true true']);
});
