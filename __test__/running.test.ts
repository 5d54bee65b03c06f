// Which loop runs, and which one is the thread's: getRunningLoop, getEventLoop, setEventLoop, newEventLoop.

import { readFile } from 'node:fs/promises';
import test from 'ava';
import {
  type EventLoop,
  getEventLoop,
  getRunningLoop,
  newEventLoop,
  Protocol,
  RuntimeError,
  setEventLoop,
  sleep,
} from 'mioloop';
import { freshLoop } from './support/leaks.js';
import { bothModes, fromMacrotask, MODES, withBench } from './support/modes.js';

const NONE = { instanceOf: RuntimeError, message: 'no running event loop' };

bothModes('getRunningLoop() is the loop inside a run, and an error outside', async (t, bench) => {
  const { loop } = bench;
  t.throws(getRunningLoop, NONE);
  const seen: EventLoop[] = [];
  const look = (): void => {
    seen.push(getRunningLoop());
  };
  loop.callSoon(look);
  loop.callLater(0, look);
  loop.callSoonThreadsafe(look);
  class Looking extends Protocol {
    override connectionMade = look;
  }
  await bench.run(function* () {
    look();
    yield* sleep(0);
    look();
    const server = yield* loop.createServer(() => new Looking(), '127.0.0.1', 0);
    const [host, port] = server.sockets[0]!.getsockname() as [string, number];
    const [transport] = yield* loop.createConnection(() => new Looking(), host, port);
    transport.close();
    server.close();
    server.closeClients();
    yield* server.waitClosed();
  });
  t.is(seen.length, 7);
  t.deepEqual(new Set(seen), new Set([loop]));
  t.throws(getRunningLoop, NONE);
});

for (const mode of MODES) {
  test.serial(`an async task keeps its loop after each await [${mode}]`, (t) =>
    withBench(t, mode, async ({ loop, run }) => {
      const seen: EventLoop[] = [];
      await run(
        loop.createTask(async () => {
          seen.push(getRunningLoop());
          await sleep(0);
          seen.push(getRunningLoop());
          await Promise.resolve();
          seen.push(getRunningLoop());
        }),
      );
      t.deepEqual(seen, [loop, loop, loop]);
    }),
  );
}

test.serial('after a foreign promise an async task still has its own loop, beside another', async (t) => {
  const loops = [freshLoop(), freshLoop()];
  const main = async (): Promise<EventLoop[]> => {
    const seen = [getRunningLoop()];
    await readFile('/dev/null');
    seen.push(getRunningLoop());
    await new Promise((resolve) => setTimeout(resolve, 1));
    seen.push(getRunningLoop());
    return seen;
  };
  const runs = await Promise.all(loops.map((loop) => loop.runUntilComplete(loop.createTask(main))));
  for (const [index, loop] of loops.entries()) {
    t.deepEqual(new Set(runs[index]), new Set([loop]));
    loop.close();
  }
});

test.serial('between the turns of the only hosted loop, callbacks of Node see it', async (t) => {
  const loop = freshLoop();
  const run = loop.runForever();
  t.is(await fromMacrotask(getRunningLoop), loop);
  loop.stop();
  await run;
  t.throws(getRunningLoop, NONE);
  loop.close();
});

test.serial('beside several hosted loops, a callback of Node has none', async (t) => {
  const [first, second] = [freshLoop(), freshLoop()];
  const runs = [first.runForever(), second.runForever()];
  await t.throwsAsync(fromMacrotask(getRunningLoop), { instanceOf: RuntimeError });
  first.stop();
  await runs[0];
  t.is(await fromMacrotask(getRunningLoop), second);
  second.stop();
  await runs[1];
  first.close();
  second.close();
});

bothModes('an error that ends a run leaves no running loop behind', async (t, bench) => {
  const { loop } = bench;
  await t.throwsAsync(
    bench.run(function* () {
      yield* sleep(0);
      throw new Error('boom');
    }),
    { message: 'boom' },
  );
  t.throws(getRunningLoop, NONE);
  t.false(loop.isRunning());
});

test.serial('newEventLoop() makes a new one each time, and sets nothing', (t) => {
  setEventLoop(null);
  const loops = [freshLoop(), freshLoop()];
  t.not(loops[0], loops[1]);
  t.throws(getEventLoop, { instanceOf: RuntimeError });
  for (const loop of loops) loop.close();
});

bothModes('getEventLoop() is the running loop, else the one that was set', async (t, bench) => {
  const other = freshLoop();
  setEventLoop(other);
  t.is(getEventLoop(), other);
  await bench.run(function* () {
    t.is(getEventLoop(), bench.loop);
    yield* sleep(0);
    t.is(getEventLoop(), bench.loop);
  });
  t.is(getEventLoop(), other);
  setEventLoop(bench.loop);
  t.is(getEventLoop(), bench.loop);
  setEventLoop(null);
  t.throws(getEventLoop, { instanceOf: RuntimeError, message: /no current event loop/ });
  other.close();
});

test.serial('setEventLoop() takes a loop or null', (t) => {
  for (const value of ['x', 1, {}, undefined]) {
    t.throws(() => setEventLoop(value as unknown as null), { instanceOf: TypeError });
  }
});

test.serial('a loop that is set is not closed by being replaced', (t) => {
  const loop = newEventLoop();
  setEventLoop(loop);
  setEventLoop(null);
  t.false(loop.isClosed());
  loop.close();
});
