// Hosted runs beside Node's own life: its timers, files, promises and sockets go on, and what they ask of the loop
// is done at once.

import { readFile } from 'node:fs';
import * as fs from 'node:fs/promises';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { setImmediate as nextImmediate, setTimeout as wait } from 'node:timers/promises';
import test from 'ava';
import { type Coroutine, type EventLoop, type Future, Protocol, run, sleep, type Transport } from 'mioloop';
import { loopTurns } from './support/internals.js';
import { freshLoop } from './support/leaks.js';
import { bothModes } from './support/modes.js';

test.serial('timers, files, fetch and promises of Node work during await run(main)', async (t) => {
  const http = createHttpServer((_request, response) => response.end('from node:http'));
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const { port } = http.address() as AddressInfo;
  const seen = await run(async () => {
    const interval = setInterval(() => undefined, 1);
    await new Promise((resolve) => setTimeout(resolve, 1));
    await new Promise((resolve) => setImmediate(resolve));
    await new Promise<void>((resolve) => process.nextTick(resolve));
    clearInterval(interval);
    const { isDirectory } = await fs.stat('/');
    const response = await fetch(`http://127.0.0.1:${port}/`, { headers: { connection: 'close' } });
    await sleep(0.001);
    return [typeof isDirectory, await response.text(), await Promise.all([sleep(0, 'a'), 'b'])];
  });
  t.deepEqual(seen, ['function', 'from node:http', ['a', 'b']]);
  await new Promise((resolve) => http.close(resolve));
});

test.serial('a peer of node:net in the same process is served during a hosted run', async (t) => {
  const node = await listen();
  const loop = freshLoop();
  const echoed = await loop.runUntilComplete(
    ask(loop, node.port, (transport) => transport.write(Buffer.from('hello'))),
  );
  t.is(echoed, 'hello');
  loop.close();
  await node.close();
});

/** Ways in which Node calls back, each without anything that mioloop could notice. */
const CALLERS: [name: string, call: (callback: () => void) => void][] = [
  ['an fs callback', (callback) => readFile('/dev/null', callback)],
  ['a timer of Node', (callback) => setTimeout(callback, 5)],
  ['setImmediate', (callback) => setImmediate(callback)],
  ['process.nextTick', (callback) => process.nextTick(callback)],
  ['a promise', (callback) => void wait(5).then(callback)],
];

for (const [name, call] of CALLERS) {
  test.serial(`callSoon from ${name} is acted on though nothing else happens`, async (t) => {
    await acted(t, (loop, done) => call(() => loop.callSoon(done)));
  });

  test.serial(`callSoonThreadsafe from ${name} is acted on though nothing else happens`, async (t) => {
    await acted(t, (loop, done) => call(() => loop.callSoonThreadsafe(done)));
  });

  test.serial(`callLater from ${name} is acted on though nothing else happens`, async (t) => {
    await acted(t, (loop, done) => call(() => loop.callLater(0.005, done)));
  });

  test.serial(`an earlier timer from ${name} does not wait for a later one`, async (t) => {
    await acted(t, (loop, done) => {
      loop.callLater(3600, () => t.fail());
      call(() => loop.callLater(0.005, done));
    });
  });

  test.serial(`setResult from ${name} wakes the task that waits`, async (t) => {
    await acted(t, (loop, done) => {
      const future = loop.createFuture<void>();
      loop.createTask(then(future, done));
      call(() => future.setResult());
    });
  });

  test.serial(`createTask from ${name} starts the task`, async (t) => {
    await acted(t, (loop, done) => call(() => void loop.createTask(then(sleepIn(loop), done))));
  });

  test.serial(`write and close from ${name} are acted on though nothing else happens`, async (t) => {
    const node = await listen();
    const loop = freshLoop();
    const echoed = await loop.runUntilComplete(
      ask(loop, node.port, (transport) => call(() => transport.write(Buffer.from('hello')))),
    );
    t.is(echoed, 'hello');
    loop.close();
    await node.close();
  });

  test.serial(`stop() from ${name} ends a run that sleeps`, async (t) => {
    const loop = freshLoop();
    loop.callLater(3600, () => t.fail());
    const forever = loop.runForever();
    await nextImmediate();
    call(() => loop.stop());
    await forever;
    t.false(loop.isRunning());
    loop.close();
  });
}

test.serial('an idle hosted loop does not spin', async (t) => {
  const node = await listen();
  const loop = freshLoop();
  const future = loop.createFuture<void>();
  const turns: number[] = [];
  const main = loop.runUntilComplete(
    (function* () {
      const [transport] = yield* loop.createConnection(() => new Protocol(), '127.0.0.1', node.port);
      const server = yield* loop.createServer(() => new Protocol(), '127.0.0.1', 0);
      const timer = loop.callLater(3600, () => t.fail());
      yield* future;
      timer.cancel();
      transport.close();
      server.close();
      yield* server.waitClosed();
    })(),
  );
  // Node's loop turns often, while the loop has open connections and nothing to do.
  await wait(50);
  for (let round = 0; round < 5; round++) {
    for (let pass = 0; pass < 200; pass++) await nextImmediate();
    await wait(5);
    turns.push(loopTurns(loop));
  }
  t.deepEqual(new Set(turns).size, 1, `turns after each round: ${turns}`);
  loop.callSoonThreadsafe(() => future.setResult());
  await main;
  loop.close();
  await node.close();
});

test.serial('a hosted loop that is always busy leaves Node its share', async (t) => {
  const loop = freshLoop();
  const busy = (): void => {
    loop.callSoon(busy);
  };
  busy();
  const forever = loop.runForever();
  await wait(1);
  await fs.readFile('/dev/null');
  await nextImmediate();
  await new Promise((resolve) => readFile('/dev/null', resolve));
  t.true(loop.isRunning());
  loop.stop();
  await forever;
  loop.close();
});

bothModes('promises and ticks of a callback are done before the next turn', async (t, bench) => {
  const { loop } = bench;
  const log: string[] = [];
  loop.callSoon(() => {
    void Promise.resolve()
      .then(() => log.push('promise'))
      .then(() => log.push('and what follows it'));
    process.nextTick(() => log.push('tick'));
    loop.callSoon(() => {
      log.push('next turn');
      loop.stop();
    });
  });
  await bench.runForever();
  t.deepEqual(log.toSorted(), ['and what follows it', 'next turn', 'promise', 'tick']);
  t.is(log.at(-1), 'next turn');
});

/** Passes when `begin`'s `done` is called from the loop, though nothing but `begin` ever wakes it. */
async function acted(
  t: { false(value: boolean): void; is(a: number, b: number): void },
  begin: (loop: EventLoop, done: () => void) => void,
): Promise<void> {
  const loop = freshLoop();
  let calls = 0;
  const forever = loop.runForever();
  begin(loop, () => {
    calls += 1;
    loop.stop();
  });
  await forever;
  t.is(calls, 1);
  t.false(loop.isRunning());
  loop.close();
}

function* then(future: Future<void> | Coroutine<void>, done: () => void): Coroutine<void> {
  yield* future;
  done();
}

function* sleepIn(loop: EventLoop): Coroutine<void> {
  const future = loop.createFuture<void>();
  loop.callLater(0.001, () => future.setResult());
  yield* future;
}

/** Connects to an echo server, lets `begin` write five bytes, and gives what comes back. */
function* ask(loop: EventLoop, port: number, begin: (transport: Transport) => void): Coroutine<string> {
  const got = loop.createFuture<string>();
  const lost = loop.createFuture<void>();
  let text = '';
  class Client extends Protocol {
    override dataReceived(data: Buffer): void {
      text += data.toString();
      if (text.length >= 5) got.setResult(text);
    }
    override connectionLost(): void {
      lost.setResult();
    }
  }
  const [transport] = yield* loop.createConnection(() => new Client(), '127.0.0.1', port);
  begin(transport);
  const answer = yield* got;
  setImmediate(() => transport.close());
  yield* lost;
  return answer;
}

/** An echo server of node:net in this thread. */
async function listen() {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.pipe(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  };
  return { port: (server.address() as AddressInfo).port, close };
}
