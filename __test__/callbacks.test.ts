// callSoon and its Handle: order, arguments, context, cancelling, what is refused, what fails.

import test from 'ava';
import {
  type EventLoop,
  type ExceptionContext,
  Handle,
  Protocol,
  sleep,
  TimerHandle,
  type Transport,
} from 'mioloop';
import { loopTurns } from './support/internals.js';
import { freshLoop } from './support/leaks.js';
import { bothModes, inLoop } from './support/modes.js';

inLoop('callbacks run in order, each exactly once, with their arguments (B19)', function* (t, loop) {
  const log: unknown[][] = [];
  const callback = (...args: unknown[]): void => {
    log.push(args);
  };
  const expected: unknown[][] = [];
  for (let index = 0; index < 10_000; index++) {
    loop.callSoon(callback, index, 'x');
    expected.push([index, 'x']);
  }
  yield* sleep(0);
  t.deepEqual(log, expected);
  yield* sleep(0);
  t.is(log.length, expected.length);
});

inLoop('any number of arguments of any kind is passed as it is (B19)', function* (t, loop) {
  const object = { key: 'value' };
  const lists = [[], [undefined], [null], [object], [0, '', false], Array.from({ length: 20 }, (_, i) => i)];
  const log: unknown[][] = [];
  const callback = (...args: unknown[]): void => {
    log.push(args);
  };
  for (const args of lists) loop.callSoon(callback, ...args);
  yield* sleep(0);
  t.deepEqual(log, lists);
  t.is(log[3]?.[0], object);
});

inLoop('callSoon() and callSoonThreadsafe() share one queue (B19, B24)', function* (t, loop) {
  const log: number[] = [];
  const push = (index: number): void => {
    log.push(index);
  };
  for (let index = 0; index < 100; index += 2) {
    loop.callSoon(push, index);
    loop.callSoonThreadsafe(push, index + 1);
  }
  yield* sleep(0);
  t.deepEqual(
    log,
    Array.from({ length: 100 }, (_, index) => index),
  );
});

inLoop('a cancelled callback does not run (B20)', function* (t, loop) {
  const log: string[] = [];
  const before = loop.callSoon(() => log.push('cancelled before'));
  before.cancel();
  loop.callSoon(() => behind.cancel());
  const behind = loop.callSoon(() => log.push('cancelled by the callback ahead'));
  const self = loop.callSoon(() => {
    self.cancel();
    log.push('cancels itself while it runs');
  });
  loop.callSoonThreadsafe(() => log.push('cancelled, thread-safe')).cancel();
  yield* sleep(0);
  yield* sleep(0);
  t.deepEqual(log, ['cancels itself while it runs']);
});

inLoop('cancel() can be repeated, and cancelled() tells of it (B20)', function* (t, loop) {
  const handle = loop.callSoon(() => t.fail());
  t.true(handle instanceof Handle);
  t.false(handle instanceof TimerHandle);
  t.false(handle.cancelled());
  handle.cancel();
  handle.cancel();
  t.true(handle.cancelled());
  const ran = loop.callSoon(() => undefined);
  yield* sleep(0);
  t.false(ran.cancelled());
  ran.cancel();
  t.true(ran.cancelled());
});

inLoop('a callback scheduled by a callback runs in the next turn (B21)', function* (t, loop) {
  const turns: number[] = [];
  const chain = (left: number): void => {
    turns.push(loopTurns(loop));
    if (left > 0) loop.callSoon(chain, left - 1);
  };
  const start = loopTurns(loop);
  loop.callSoon(chain, 3);
  for (let turn = 0; turn < 5; turn++) yield* sleep(0);
  t.deepEqual(turns, [start + 1, start + 2, start + 3, start + 4]);
});

inLoop('between a callback and the one it schedules the loop polls (B21)', function* (t, loop) {
  const log: string[] = [];
  const { client, close } = yield* connected(loop, (data) => log.push(data.toString()));
  client.write(Buffer.from('data'));
  loop.callSoon(() => {
    log.push('first');
    loop.callSoon(() => log.push('scheduled by first'));
  });
  yield* sleep(0);
  yield* sleep(0);
  t.deepEqual(log, ['first', 'data', 'scheduled by first']);
  yield* close();
});

inLoop('in a turn: what was ready, then I/O, then due timers by their time (B22)', function* (t, loop) {
  const log: string[] = [];
  const { client, close } = yield* connected(loop, (data) => log.push(data.toString()));
  loop.callLater(-1, () => log.push('timer -1'));
  loop.callLater(-2, () => {
    log.push('timer -2');
    loop.callSoon(() => log.push('soon, from a timer'));
  });
  client.write(Buffer.from('data'));
  loop.callSoon(() => {
    log.push('soon');
    loop.callLater(-3, () => log.push('timer, from a callback'));
  });
  yield* sleep(0);
  yield* sleep(0);
  yield* sleep(0);
  t.deepEqual(log, ['soon', 'data', 'timer -2', 'timer -1', 'soon, from a timer', 'timer, from a callback']);
  yield* close();
});

const NOT_CALLABLE: unknown[] = [1, 'spam', null, undefined, {}, Promise.resolve()];

test.serial('what is no function is refused at once in debug mode (B23)', (t) => {
  const loop = freshLoop();
  loop.setDebug(true);
  for (const value of NOT_CALLABLE) {
    for (const [name, schedule] of scheduling(loop, value as () => void)) {
      t.throws(schedule, {
        instanceOf: TypeError,
        message: new RegExp(`^a callable object was expected by ${name}\\(\\), got `),
      });
    }
  }
  loop.close();
});

test.serial('a coroutine is no callback, and the error says so in debug mode (B23)', (t) => {
  const loop = freshLoop();
  loop.setDebug(true);
  for (const value of [coroutine, coroutine()]) {
    for (const [name, schedule] of scheduling(loop, value as unknown as () => void)) {
      t.throws(schedule, { instanceOf: TypeError, message: `coroutines cannot be used with ${name}()` });
    }
  }
  loop.close();
});

bothModes('a callback that throws is reported, and the loop goes on (B26)', async (t, bench) => {
  const { loop } = bench;
  const seen: [EventLoop, ExceptionContext][] = [];
  loop.setExceptionHandler((which, context) => seen.push([which, context]));
  const error = new Error('boom');
  const failing = (): never => {
    throw error;
  };
  const log: string[] = [];
  const handles = [loop.callSoon(failing), loop.callLater(0, failing), loop.callSoonThreadsafe(failing)];
  loop.callSoon(() => log.push('goes on'));
  loop.callLater(0.001, () => loop.stop());
  await bench.runForever();
  t.deepEqual(log, ['goes on']);
  t.is(seen.length, 3);
  for (const [which, context] of seen) {
    t.is(which, loop);
    t.is(context.exception, error);
    t.regex(context.message, /^Exception in callback .*failing/);
    t.is(context.sourceTraceback, undefined);
  }
  for (const handle of handles) t.true(seen.some(([, context]) => context.handle === handle));
});

function* coroutine() {
  yield* sleep(0);
}

/** Every call that takes a callback, with its name. */
function scheduling(loop: EventLoop, callback: () => void): [string, () => void][] {
  return [
    ['callSoon', () => loop.callSoon(callback)],
    ['callSoonThreadsafe', () => loop.callSoonThreadsafe(callback)],
    ['callLater', () => loop.callLater(60, callback)],
    ['callAt', () => loop.callAt(loop.time() + 60, callback)],
  ];
}

/** Two connected ends on `loop`, both at rest. */
function* connected(loop: EventLoop, received: (data: Buffer) => void) {
  class Receiver extends Protocol {
    override dataReceived(data: Buffer): void {
      received(data);
    }
  }
  const server = yield* loop.createServer(() => new Receiver(), '127.0.0.1', 0);
  const [host, port] = server.sockets[0]!.getsockname() as [string, number];
  const [client]: [Transport, Protocol] = yield* loop.createConnection(() => new Protocol(), host, port);
  for (let turn = 0; turn < 6; turn++) yield* sleep(0);
  function* close() {
    client.close();
    server.close();
    yield* server.waitClosed();
  }
  return { client, close };
}
