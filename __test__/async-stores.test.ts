// Stores of AsyncLocalStorage: what is set around a call that schedules is seen in what is called then, and by
// nobody else. This holds on every Node, whichever way it keeps stores; run it on each.

import { AsyncLocalStorage } from 'node:async_hooks';
import test from 'ava';
import { type EventLoop, EventLoop as Loop, Protocol, sleep, type Transport } from 'mioloop';
import { freshLoop } from './support/leaks.js';
import { bothModes, inLoop } from './support/modes.js';

const storage = new AsyncLocalStorage<string>();
const another = new AsyncLocalStorage<number>();

/** Stops the loop so many turns from now. */
function stopIn(loop: EventLoop, turns: number): void {
  if (turns === 0) loop.stop();
  else loop.callSoon(stopIn, loop, turns - 1);
}

/** A callback that notes the store that it sees. */
function looking(log: unknown[]): () => void {
  return () => {
    log.push(storage.getStore());
  };
}

inLoop('callbacks see the store around the call that scheduled them (B41)', function* (t, loop) {
  const log: unknown[] = [];
  const look = (name: string): void => {
    log.push(`${name}: ${storage.getStore()}`);
  };
  storage.run('a', () => {
    loop.callSoon(look, 'soon');
    loop.callLater(-1, look, 'later');
    loop.callSoonThreadsafe(look, 'thread-safe');
  });
  loop.callSoon(look, 'outside');
  storage.run('b', () => loop.callSoon(look, 'soon'));
  t.is(storage.getStore(), undefined);
  yield* sleep(0);
  yield* sleep(0);
  t.deepEqual(log, ['soon: a', 'thread-safe: a', 'outside: undefined', 'soon: b', 'later: a']);
});

inLoop('the same holds for what callbacks schedule', function* (t, loop) {
  const log: unknown[] = [];
  const look = looking(log);
  loop.callSoon(() => {
    storage.run('inner', () => loop.callSoon(look));
    loop.callSoon(look);
  });
  storage.run('outer', () => {
    loop.callSoon(() => {
      loop.callSoon(look);
      storage.run('inner', () => loop.callSoon(look));
      storage.exit(() => loop.callSoon(look));
    });
  });
  yield* sleep(0);
  yield* sleep(0);
  t.deepEqual(log, ['inner', undefined, 'outer', 'inner', undefined]);
});

inLoop('tasks see the store around createTask() in every step', function* (t, loop) {
  const log: unknown[] = [];
  const look = looking(log);
  function* generator() {
    look();
    yield* sleep(0);
    look();
    another.run(1, look);
    yield* sleep(0);
    look();
  }
  const asyncFunction = async (): Promise<void> => {
    look();
    await sleep(0);
    look();
    await Promise.resolve();
    look();
  };
  for (const body of [generator, asyncFunction]) {
    log.length = 0;
    const inside = storage.run('mine', () => loop.createTask(body as typeof generator));
    yield* inside;
    t.deepEqual([...new Set(log)], ['mine']);
    log.length = 0;
    yield* loop.createTask(body as typeof generator);
    t.deepEqual([...new Set(log)], [undefined]);
    log.length = 0;
    yield* storage.run('eager', () => loop.createTask(body as typeof generator, { eagerStart: true }));
    t.deepEqual([...new Set(log)], ['eager']);
    t.is(storage.getStore(), undefined);
  }
});

inLoop('done callbacks see the store of who added them, not of who sets the result', function* (t, loop) {
  const log: unknown[] = [];
  const look = looking(log);
  const future = loop.createFuture<void>();
  storage.run('adds', () => future.addDoneCallback(look));
  future.addDoneCallback(look);
  storage.run('sets', () => future.setResult());
  storage.run('adds later', () => future.addDoneCallback(look));
  yield* sleep(0);
  t.deepEqual(log, ['adds', undefined, 'adds later']);
});

inLoop('protocols see the store around createServer() and createConnection()', function* (t, loop) {
  const log: string[] = [];
  const lost = loop.createFuture<void>();
  const look = (event: string): void => {
    log.push(`${event}: ${storage.getStore()}`);
  };
  class Noting extends Protocol {
    constructor(readonly side: string) {
      super();
      look(`${side} factory`);
    }
    override connectionMade(transport: Transport): void {
      look(`${this.side} made`);
      if (this.side === 'client') transport.write(Buffer.from('x'));
    }
    override dataReceived(): void {
      look(`${this.side} data`);
      loop.callSoon(look, `${this.side} soon`);
    }
    override connectionLost(): void {
      look(`${this.side} lost`);
      if (this.side === 'server') lost.setResult();
    }
  }
  const server = yield* storage.run('S', () => loop.createServer(() => new Noting('server'), '127.0.0.1', 0));
  const [host, port] = server.sockets[0]!.getsockname() as [string, number];
  const connect = () => loop.createConnection(() => new Noting('client'), host, port);
  const [client] = yield* storage.run('C', connect);
  for (let turn = 0; turn < 6; turn++) yield* sleep(0);
  client.close();
  server.close();
  yield* lost;
  yield* server.waitClosed();
  const expected = ['factory', 'made', 'data', 'soon', 'lost'].map((event) => `server ${event}: S`);
  expected.push(...['factory', 'made', 'lost'].map((event) => `client ${event}: C`));
  t.deepEqual(log.toSorted(), expected.toSorted());
});

bothModes(
  'a call from another thread sees the store around threadsafe()',
  async (t, { loop, runForever }) => {
    const log: unknown[] = [];
    const handle = storage.run('mine', () => loop.threadsafe(looking(log)));
    const other = loop.threadsafe(() => {
      log.push(storage.getStore());
      loop.stop();
    });
    handle.call();
    storage.run('of the caller', () => other.call());
    await runForever();
    handle.close();
    other.close();
    t.deepEqual(log, ['mine', undefined]);
  },
);

bothModes('the exception handler sees the store of no other callback', async (t, { loop, runForever }) => {
  const log: unknown[] = [];
  loop.setExceptionHandler(looking(log));
  const fail = (): never => {
    throw new Error('boom');
  };
  storage.run('a', () => loop.callSoon(fail));
  loop.callSoon(fail);
  loop.callSoon(() => loop.stop());
  await runForever();
  t.is(log.length, 2);
  t.is(log[1], undefined);
});

bothModes('what a callback enters for good ends with it', async (t, { loop, runForever }) => {
  const log: unknown[] = [];
  const look = looking(log);
  loop.callSoon(() => {
    storage.enterWith('entered');
    look();
    loop.callSoon(look);
    Promise.resolve().then(look);
  });
  loop.callSoon(look);
  loop.createTask(function* () {
    look();
    another.enterWith(1);
    yield* sleep(0);
    look();
  });
  loop.callSoon(() => log.push(another.getStore()));
  loop.callLater(-1, look);
  loop.callSoon(() => {
    storage.enterWith('before an error');
    throw new Error('boom');
  });
  const messages: string[] = [];
  loop.setExceptionHandler((_loop, { message }) => messages.push(message));
  loop.callSoon(look);
  stopIn(loop, 4);
  await runForever();
  t.is(storage.getStore(), undefined);
  t.is(messages.length, 1);
  t.deepEqual(
    log.filter((entry) => entry !== undefined),
    ['entered', 'entered', 'entered'],
  );
  t.is(log.length, 9);
});

test.serial('hosted: what Node calls inside a store arms the loop, and leaks nothing', async (t) => {
  const loop = freshLoop();
  const log: unknown[] = [];
  const look = looking(log);
  await loop.runUntilComplete(function* () {
    const future = loop.createFuture<void>();
    future.addDoneCallback(look);
    const waiting = loop.createTask(function* () {
      yield* future;
      look();
      loop.callSoon(look);
    });
    storage.run('of a timer', () =>
      setTimeout(() => {
        loop.callSoon(look);
        future.setResult();
      }, 1),
    );
    yield* waiting;
    look();
    yield* sleep(0);
  });
  t.deepEqual(log, ['of a timer', undefined, undefined, undefined, undefined]);
  loop.close();
});

test.serial('hosted: a run that is started inside a store does not put its callbacks there', async (t) => {
  const loop = freshLoop();
  const log: unknown[] = [];
  loop.callSoon(looking(log));
  await storage.run('around the run', () => {
    const main = function* () {
      yield* sleep(0);
      log.push(storage.getStore());
    };
    return loop.runUntilComplete(main);
  });
  // The task of main was made inside, the callback outside.
  t.deepEqual(log, [undefined, 'around the run']);
  loop.close();
});

bothModes(
  'a loop without asyncLocalStorage captures nothing',
  async (t, { loop, runForever }) => {
    const log: unknown[] = [];
    const look = looking(log);
    const future = loop.createFuture<void>();
    storage.run('a', () => {
      loop.callSoon(look);
      loop.callLater(-1, look);
      loop.createTask(function* () {
        look();
        yield* sleep(0);
        look();
      });
      future.addDoneCallback(look);
    });
    future.setResult();
    stopIn(loop, 4);
    await runForever();
    t.deepEqual(log, new Array(5).fill(undefined));
  },
  (): EventLoop => new Loop({ asyncLocalStorage: false }),
);
