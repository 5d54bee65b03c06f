// Signal handlers of a loop: what they are called with, what wakes, what removes them, and what is refused. Signals that
// would end this process are only sent while somebody handles them.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import test from 'ava';
import {
  Context,
  ContextVar,
  type Coroutine,
  type EventLoop,
  RuntimeError,
  type Signal,
  sleep,
} from 'mioloop';
import { freshLoop } from './support/leaks.js';
import { bothModes, inLoop } from './support/modes.js';
import { PACKAGE_ROOT } from './support/program.js';

/** A signal of this process to itself: it has arrived when this returns. */
function raise(signal: NodeJS.Signals): void {
  process.kill(process.pid, signal);
}

/** Turns enough for what has arrived to be heard. */
function* turns(count = 3): Coroutine<void> {
  for (let turn = 0; turn < count; turn++) yield* sleep(0);
}

inLoop('a handler is called with its arguments, in its context (B183)', function* (t, loop) {
  const variable = new ContextVar<string>('name');
  const context = new Context();
  context.run(() => variable.set('inside'));
  const log: unknown[] = [];
  const heard = (...args: unknown[]): number => log.push([...args, variable.get('outside')]);
  loop.addSignalHandler('SIGUSR2', heard, 1, 'two');
  raise('SIGUSR2');
  yield* turns();
  loop.addSignalHandler({ context }, 'SIGUSR2', heard);
  raise('SIGUSR2');
  yield* turns();
  t.deepEqual(log, [[1, 'two', 'outside'], ['inside']]);
  t.true(loop.removeSignalHandler('SIGUSR2'));
});

inLoop('a signal of another process wakes a loop that sleeps (B183)', function* (t, loop, mode) {
  const heard = loop.createFuture<string>();
  // The only thing that can wake it: that this is no deadlock has to be known, too.
  loop.addSignalHandler('SIGHUP', (name: string) => heard.setResult(name), 'SIGHUP');
  const killer = spawn('sh', ['-c', `kill -HUP ${process.pid}`], { stdio: 'ignore' });
  const ended = once(killer, 'exit');
  t.is(yield* heard, 'SIGHUP');
  t.true(loop.removeSignalHandler('SIGHUP'));
  if (mode === 'hosted') yield* loop.createTask(async () => void (await ended));
});

inLoop('a signal is named or numbered, real-time signals are only numbered (B183)', function* (t, loop) {
  const log: string[] = [];
  const numbers: Signal[] = process.platform === 'linux' ? [12, 40, 64] : [31];
  for (const number of numbers) {
    loop.addSignalHandler(number, () => log.push(String(number)));
    process.kill(process.pid, number);
  }
  yield* turns();
  t.deepEqual(log, numbers.map(String));
  if (process.platform === 'linux') t.true(loop.removeSignalHandler('SIGUSR2'));
});

inLoop('an async function may handle a signal; what it throws is reported', function* (t, loop) {
  const reported = loop.createFuture<unknown>();
  loop.setExceptionHandler((_loop, { exception }) => reported.setResult(exception));
  const error = new Error('late');
  loop.addSignalHandler('SIGUSR2', async () => {
    await sleep(0);
    throw error;
  });
  raise('SIGUSR2');
  t.is(yield* reported, error);
});

inLoop('a handler that is cancelled is removed when its signal comes (B185)', function* (t, loop) {
  let calls = 0;
  // The report of an error is where one gets hold of a handler's handle.
  loop.setExceptionHandler((_loop, { handle }) => handle?.cancel());
  loop.addSignalHandler('SIGUSR2', () => {
    calls += 1;
    throw new Error('report me');
  });
  raise('SIGUSR2');
  yield* turns();
  raise('SIGUSR2');
  yield* turns();
  t.is(calls, 1);
  t.false(loop.removeSignalHandler('SIGUSR2'));
});

inLoop('bursts of signals are all heard, and in their order (B183)', function* (t, loop) {
  const log: string[] = [];
  for (const signal of ['SIGUSR2', 'SIGHUP'] as const) loop.addSignalHandler(signal, () => log.push(signal));
  const sent: string[] = [];
  for (let burst = 0; burst < 5; burst++) {
    for (let index = 0; index < 1000; index++) {
      const signal = index % 3 === 0 ? 'SIGHUP' : 'SIGUSR2';
      raise(signal);
      sent.push(signal);
    }
    yield* turns();
  }
  t.deepEqual(log, sent);
});

inLoop('more signals than libuv keeps leave the handler in order', function* (t, loop) {
  let heard = 0;
  loop.addSignalHandler('SIGUSR2', () => {
    heard += 1;
  });
  for (let index = 0; index < 10_000; index++) raise('SIGUSR2');
  yield* turns();
  t.true(heard > 0);
  const before = heard;
  raise('SIGUSR2');
  yield* turns();
  t.is(heard, before + 1);
});

bothModes('a signal between two runs is heard in the next one (B183)', async (t, { loop, run }) => {
  let heard = 0;
  loop.addSignalHandler('SIGUSR2', () => {
    heard += 1;
  });
  raise('SIGUSR2');
  await run(turns);
  t.is(heard, 1);
  raise('SIGUSR2');
  // Node's own loop goes round, and nobody runs this one.
  await new Promise((resolve) => setTimeout(resolve, 1));
  t.is(heard, 1);
  await run(turns);
  t.is(heard, 2);
});

bothModes('several loops hear the same signal, each once, and close without harm (B15)', async (t, bench) => {
  const log: string[] = [];
  const hear = (loop: EventLoop, name: string): void =>
    loop.addSignalHandler('SIGUSR2', () => log.push(name));
  const [old, other] = [freshLoop(), freshLoop()];
  hear(old, 'old');
  hear(other, 'other');
  hear(bench.loop, 'new');
  const rounds = async (loops: EventLoop[]): Promise<string[]> => {
    log.length = 0;
    raise('SIGUSR2');
    if (bench.mode === 'hosted') await Promise.all(loops.map((loop) => loop.runUntilComplete(turns)));
    else for (const loop of loops) loop.runUntilCompleteSync(turns);
    return [...log].sort();
  };
  t.deepEqual(await rounds([old, other, bench.loop]), ['new', 'old', 'other']);
  old.close();
  t.deepEqual(await rounds([other, bench.loop]), ['new', 'other']);
  t.true(other.removeSignalHandler('SIGUSR2'));
  t.deepEqual(await rounds([other, bench.loop]), ['new']);
  other.close();
});

test.serial('a blocking run beside a hosted one: both hear', async (t) => {
  const [hosted, blocking] = [freshLoop(), freshLoop()];
  const log: string[] = [];
  hosted.addSignalHandler('SIGUSR2', () => {
    log.push('hosted');
    hosted.stop();
  });
  const ended = hosted.runForever();
  await new Promise<void>((resolve) => {
    setImmediate(() => {
      // Its selector watches Node's, which watches the hosted loop's, which watches that of its signals.
      blocking.addSignalHandler('SIGUSR2', () => {
        log.push('blocking');
        blocking.stop();
      });
      raise('SIGUSR2');
      blocking.runForeverSync();
      resolve();
    });
  });
  await ended;
  t.deepEqual(log.sort(), ['blocking', 'hosted']);
  hosted.close();
  blocking.close();
});

const REFUSED: readonly [what: string, signal: unknown, callback: unknown, expected: object][] = [
  [
    'a name that there is not',
    'SIGNOPE',
    () => {},
    {
      instanceOf: RangeError,
      message: /^invalid signal name, got the string "SIGNOPE"; the names are .*SIGHUP, SIGINT,/,
    },
  ],
  ['a name in the wrong case', 'sigint', () => {}, { instanceOf: RangeError, message: /SIGINT/ }],
  ['0', 0, () => {}, { instanceOf: RangeError, message: 'invalid signal number 0' }],
  ['a negative number', -1, () => {}, { instanceOf: RangeError, message: 'invalid signal number -1' }],
  [
    'a number of the C library’s own',
    32,
    () => {},
    { instanceOf: RangeError, message: 'invalid signal number 32' },
  ],
  ['too large a number', 4096, () => {}, { instanceOf: RangeError, message: 'invalid signal number 4096' }],
  [
    'a fraction',
    1.5,
    () => {},
    { instanceOf: TypeError, message: 'sig must be the number or the name of a signal, got 1.5' },
  ],
  ['NaN', Number.NaN, () => {}, { instanceOf: TypeError }],
  ['null', null, () => {}, { instanceOf: TypeError }],
  ['an object', {}, () => {}, { instanceOf: TypeError }],
  ['nothing', undefined, () => {}, { instanceOf: TypeError }],
  [
    'SIGKILL',
    'SIGKILL',
    () => {},
    { instanceOf: RuntimeError, message: 'sig 9 cannot be caught', code: 'ERR_SIGNAL_UNCATCHABLE' },
  ],
  ['SIGSTOP', 'SIGSTOP', () => {}, { instanceOf: RuntimeError, message: /^sig \d+ cannot be caught$/ }],
  [
    'no callback',
    'SIGUSR2',
    undefined,
    { instanceOf: TypeError, message: /callable object was expected by addSignalHandler\(\), got undefined/ },
  ],
  ['a string as callback', 'SIGUSR2', 'f', { instanceOf: TypeError }],
  [
    'a generator function',
    'SIGUSR2',
    function* () {},
    { instanceOf: TypeError, message: 'coroutines cannot be used with addSignalHandler()' },
  ],
  [
    'a generator',
    'SIGUSR2',
    (function* () {})(),
    { instanceOf: TypeError, message: 'coroutines cannot be used with addSignalHandler()' },
  ],
];

inLoop(
  'what is no signal, and what is no callback, is refused; the handler that was there stays (B182)',
  function* (t, loop) {
    let heard = 0;
    const add = loop.addSignalHandler.bind(loop) as (...args: unknown[]) => void;
    // First where there is no other handler: nothing may stay open then.
    for (const [what, signal, callback, expected] of REFUSED)
      t.throws(() => add(signal, callback), expected, what);
    loop.addSignalHandler('SIGUSR2', () => {
      heard += 1;
    });
    for (const [what, signal, callback, expected] of REFUSED)
      t.throws(() => add(signal, callback), expected, what);
    t.throws(() => add({ context: 5 }, 'SIGUSR2', () => {}), { instanceOf: TypeError });
    raise('SIGUSR2');
    yield* turns();
    t.is(heard, 1);
    t.true(loop.removeSignalHandler(12));
    t.false(loop.removeSignalHandler('SIGUSR2'));
    t.false(loop.removeSignalHandler('SIGKILL'));
    t.throws(() => loop.removeSignalHandler('SIGNOPE' as Signal), { instanceOf: RangeError });
    t.throws(() => loop.removeSignalHandler(1.5), { instanceOf: TypeError });
  },
);

test.serial('in a worker a handler is refused (B182)', async (t) => {
  const worker = new Worker(
    `
      const { parentPort } = require('node:worker_threads');
      import('mioloop').then(({ newEventLoop }) => {
        const loop = newEventLoop();
        try {
          loop.addSignalHandler('SIGUSR2', () => {});
        } catch ({ name, code, message }) {
          parentPort.postMessage({ name, code, message, removed: loop.removeSignalHandler('SIGUSR2') });
        }
        loop.close();
      });
    `,
    { eval: true, filename: `${PACKAGE_ROOT}worker.js` } as object,
  );
  const [told] = (await once(worker, 'message')) as [Record<string, unknown>];
  t.like(told, { name: 'RuntimeError', code: 'ERR_NOT_MAIN_THREAD', removed: false });
  await worker.terminate();
});

bothModes('a closed loop has no handlers, and takes none (B12, B15)', async (t, { loop }) => {
  const guard = (): void => undefined;
  process.on('SIGUSR2', guard);
  loop.addSignalHandler('SIGUSR2', () => t.fail('it was closed'));
  raise('SIGUSR2');
  loop.close();
  t.throws(() => loop.addSignalHandler('SIGUSR2', guard), {
    instanceOf: RuntimeError,
    message: 'Event loop is closed',
  });
  t.false(loop.removeSignalHandler('SIGUSR2'));
  raise('SIGUSR2');
  await new Promise((resolve) => setTimeout(resolve, 1));
  process.off('SIGUSR2', guard);
});
