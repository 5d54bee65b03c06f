// Operations that nobody waits for: they do their work, and debug mode warns of them when they are collected.

import test from 'ava';
import { type EventLoop, type Operation, sleep } from 'mioloop';
import { collect, collectUntil } from './support/collect.js';
import { freshLoop } from './support/leaks.js';

interface Warning extends Error {
  code?: string;
  detail?: string;
}

/** The warnings of that kind while the test runs. */
function warningsOf(t: { teardown(end: () => void): void }): Warning[] {
  const warnings: Warning[] = [];
  const listen = (warning: Warning): void => {
    if (warning.code === 'MIOLOOP_NEVER_AWAITED') warnings.push(warning);
  };
  process.on('warning', listen);
  t.teardown(() => process.off('warning', listen));
  return warnings;
}

/** A loop in debug mode on which nothing is slow. */
function debugLoop(): EventLoop {
  const loop = freshLoop();
  loop.setDebug(true);
  loop.slowCallbackDuration = 3600;
  return loop;
}

function operation(loop: EventLoop): Operation<void> {
  return loop.shutdownAsyncgens();
}

test.serial('debug mode warns of an operation that was never awaited, with who made it', async (t) => {
  const warnings = warningsOf(t);
  const loop = debugLoop();
  (() => operation(loop))();
  await collectUntil(() => warnings.length > 0);
  t.is(warnings.length, 1);
  t.is(warnings[0]!.name, 'RuntimeWarning');
  t.regex(warnings[0]!.message, /^<Operation created at .*never-awaited\.test\.js:\d+> was never awaited$/);
  t.regex(warnings[0]!.detail ?? '', /\n? {2}at operation \(.*never-awaited\.test\.js:\d+:\d+\)$/);
  loop.close();
});

test.serial('it has done its work all the same', async (t) => {
  const warnings = warningsOf(t);
  const loop = debugLoop();
  const log: string[] = [];
  await loop.runUntilComplete(async () => {
    async function* generator() {
      try {
        yield 1;
      } finally {
        log.push('closed');
      }
    }
    await loop.trackAsyncgen(generator()).next();
    operation(loop);
    for (let turn = 0; turn < 5; turn++) await sleep(0);
  });
  t.deepEqual(log, ['closed']);
  await collectUntil(() => warnings.length > 0);
  t.is(warnings.length, 1);
  loop.close();
});

const WAITING: [name: string, wait: (loop: EventLoop) => unknown][] = [
  ['await', async (loop) => operation(loop)],
  ['then()', (loop) => operation(loop).then(() => undefined)],
  ['addDoneCallback()', (loop) => operation(loop).addDoneCallback(() => undefined)],
  ['result()', (loop) => operation(loop).result()],
  ['exception()', (loop) => operation(loop).exception()],
  [
    'yield*',
    (loop) =>
      loop.runUntilCompleteSync(function* () {
        yield* operation(loop);
        yield* sleep(0.001);
      }),
  ],
  ['runUntilComplete()', (loop) => loop.runUntilComplete(operation(loop))],
  [
    'an async function',
    (loop) =>
      loop.runUntilComplete(async () => {
        await operation(loop);
        await sleep(0.001);
        await Promise.race([sleep(0), sleep(0.001)]);
      }),
  ],
];

for (const [name, wait] of WAITING) {
  test.serial(`${name} is waiting for it`, async (t) => {
    const warnings = warningsOf(t);
    const loop = debugLoop();
    await wait(loop);
    await collect();
    t.is(warnings.length, 0);
    loop.close();
  });
}

test.serial('without debug mode nobody watches', async (t) => {
  const warnings = warningsOf(t);
  const loop = freshLoop();
  operation(loop);
  await collect();
  t.is(warnings.length, 0);
  loop.close();
});
