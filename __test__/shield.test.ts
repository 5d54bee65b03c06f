// shield: a cancel of the waiter stops at it, everything else passes.

import test from 'ava';
import {
  CancelledError,
  type Coroutine,
  type Future,
  gather,
  RuntimeError,
  setEventLoop,
  shield,
  sleep,
  TimeoutError,
  waitFor,
} from 'mioloop';
import { bothModes, inLoop } from './support/modes.js';
import { inVirtualTime, thrownBy } from './support/virtual.js';

const BOOM = new Error('boom');

inLoop('results, errors and cancels of what is shielded come through (B77)', function* (t, loop) {
  const inner = loop.createFuture<number>();
  const outer = shield(inner);
  inner.setResult(42);
  t.is(yield* outer, 42);
  const failing = loop.createFuture<number>();
  const failed = shield(failing);
  failing.setException(BOOM);
  t.is(yield* thrownBy(() => failed), BOOM);
  const cancelling = loop.createFuture<number>();
  const cancelled = shield(cancelling);
  cancelling.cancel();
  t.true((yield* thrownBy(() => cancelled)) instanceof CancelledError);
  t.true(cancelled.cancelled());
});

inLoop('a cancel of the shield does not reach what is shielded (B77)', function* (t, loop) {
  const inner = loop.createFuture<number>();
  const outer = shield(inner);
  yield* sleep(0);
  t.true(outer.cancel());
  yield* sleep(0);
  t.false(inner.done());
  t.true(outer.cancelled());
  inner.setResult(1);
  yield* sleep(0);
  t.is(inner.result(), 1);
});

inLoop('what is done already needs no shield (B77)', function* (t, loop) {
  const inner = loop.createFuture<number>();
  inner.setResult(42);
  t.is(shield(inner), inner);
  t.is(yield* inner, 42);
});

inLoop('a task that waits for a shielded one is cancelled, the other goes on (B77)', function* (t, loop) {
  const waiter = loop.createFuture<void>();
  let proof = 0;
  const inner = loop.createTask(function* () {
    yield* waiter;
    proof += 1;
  });
  const outer = loop.createTask(function* () {
    yield* shield(inner);
    proof += 100;
  });
  yield* sleep(0);
  outer.cancel();
  t.true((yield* thrownBy(() => outer)) instanceof CancelledError);
  waiter.setResult();
  yield* inner;
  t.is(proof, 1);
});

inLoop('a shield over a gather keeps its children, one in a gather keeps its own (B77)', function* (t, loop) {
  const first = loop.createFuture<number>();
  const second = loop.createFuture<number>();
  const over = shield(gather(first, second));
  over.cancel();
  yield* sleep(0);
  t.false(first.done() || second.done());
  first.setResult(1);
  second.setResult(2);
  const kept = loop.createFuture<number>();
  const lost = loop.createFuture<number>();
  const parent = gather(shield(kept), lost);
  yield* sleep(0);
  parent.cancel();
  t.true((yield* thrownBy(() => parent)) instanceof CancelledError);
  t.false(kept.done());
  t.true(lost.cancelled());
  kept.setResult(1);
  yield* sleep(0);
});

inVirtualTime('a timeout ends the wait for a shielded task, not the task (B77, B79)', function* (t, loop) {
  for (const seconds of [0, 0.01]) {
    const task = loop.createTask(() => sleep(0.1, 'done'));
    yield* sleep(0);
    const shielded = shield(task);
    t.true((yield* thrownBy(() => waitFor(shielded, seconds))) instanceof TimeoutError);
    t.true(shielded.cancelled());
    t.false(task.done());
    t.is(yield* task, 'done');
  }
  t.is(yield* waitFor(shield(sleep(10, 'unlimited')), null), 'unlimited');
});

inLoop('an error that nobody waits for any more is that of the task alone (B77)', function* (t, loop) {
  const inner = loop.createFuture<number>();
  const outer = shield(inner);
  yield* sleep(0);
  outer.cancel();
  yield* sleep(0);
  inner.setException(BOOM);
  yield* sleep(0);
  t.is(inner.exception(), BOOM);
  // In the very turn of the cancel, the shield still listens, and the error counts as seen.
  const late = loop.createFuture<number>();
  const cancelled = shield(late);
  cancelled.cancel();
  late.setException(BOOM);
  yield* sleep(0);
  t.true(cancelled.cancelled());
});

inVirtualTime('async functions are shielded, and wait for shields (B77)', function* (t, loop) {
  const log: string[] = [];
  const work = async (): Promise<void> => {
    await sleep(1);
    log.push('work done');
  };
  const task = loop.createTask(async () => {
    try {
      await shield(work);
    } finally {
      log.push('wait ended');
    }
  });
  yield* sleep(0.5);
  task.cancel();
  t.true((yield* thrownBy(() => task)) instanceof CancelledError);
  yield* sleep(1);
  t.deepEqual(log, ['wait ended', 'work done']);
});

bothModes('a shielded coroutine becomes a task of the current loop (B77)', async (t, bench) => {
  // biome-ignore lint/correctness/useYield: it returns in its first step.
  const coroutine = function* (): Coroutine<number> {
    return 42;
  };
  t.throws(() => shield(coroutine()), { instanceOf: RuntimeError, message: /no current event loop/i });
  setEventLoop(bench.loop);
  try {
    const outer = shield(coroutine());
    t.is(outer.getLoop(), bench.loop);
    t.is(await bench.run(outer), 42);
  } finally {
    setEventLoop(null);
  }
});

test.serial('what cannot be awaited is refused', (t) => {
  for (const wrong of [1, null, {}, Promise.resolve()] as unknown as Future<void>[]) {
    t.throws(() => shield(wrong), { instanceOf: TypeError });
  }
});
