// Several loops in one thread, one inside the other (an error), and loops in workers.

import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import test from 'ava';
import { type EventLoop, getRunningLoop, RuntimeError, run, sleep } from 'mioloop';
import { descriptors, freshLoop, leakedSince } from './support/leaks.js';
import { bothModes, fromMacrotask, MODES } from './support/modes.js';

const ALREADY = { instanceOf: RuntimeError, message: 'This event loop is already running' };
const ANOTHER = {
  instanceOf: RuntimeError,
  message: 'Cannot run the event loop while another loop is running',
};

bothModes('a loop does not run inside itself (B4)', async (t, bench) => {
  const { loop } = bench;
  const future = loop.createFuture<void>();
  const refused: Promise<unknown>[] = [];
  t.is(await bench.run(main), 'unharmed');
  await t.throwsAsync(refused[0]!, ALREADY);
  await t.throwsAsync(refused[1]!, ALREADY);

  function* main() {
    t.throws(() => loop.runForeverSync(), ALREADY);
    t.throws(() => loop.runUntilCompleteSync(future), ALREADY);
    refused.push(attempt(() => loop.runForever()));
    refused.push(attempt(() => loop.runUntilComplete(future)));
    yield* sleep(0);
    t.true(loop.isRunning());
    return 'unharmed';
  }
});

bothModes('another loop does not block inside a running one (B4)', async (t, bench) => {
  const inner = freshLoop();
  await bench.run(main);
  inner.close();

  function* main() {
    t.throws(() => inner.runForeverSync(), ANOTHER);
    t.throws(() => inner.runUntilCompleteSync(inner.createFuture<void>()), ANOTHER);
    t.false(inner.isRunning());
    t.is(getRunningLoop(), bench.loop);
    yield* sleep(0);
  }
});

for (const mode of MODES) {
  test.serial(`many loops one after another leave nothing behind [${mode}]`, async (t) => {
    const before = descriptors();
    for (let round = 0; round < 50; round++) {
      const loop = freshLoop();
      const value =
        mode === 'hosted' ? await loop.runUntilComplete(main(loop)) : loop.runUntilCompleteSync(main(loop));
      t.is(value, 'done');
      loop.close();
    }
    t.deepEqual(await leakedSince(before), []);
  });
}

test.serial('a loop can be run in one mode and then in the other', async (t) => {
  const loop = freshLoop();
  for (let round = 0; round < 3; round++) {
    t.is(loop.runUntilCompleteSync(main(loop)), 'done');
    t.is(await loop.runUntilComplete(main(loop)), 'done');
  }
  loop.close();
});

test.serial('hosted loops run side by side in one thread', async (t) => {
  const loops = [freshLoop(), freshLoop(), freshLoop()];
  const greeted: number[] = [];
  const runs = loops.map((loop, index) => loop.runUntilComplete(waitForAll(loop, index)));
  t.true(loops.every((loop) => loop.isRunning()));
  t.deepEqual(await Promise.all(runs), [0, 1, 2]);
  for (const loop of loops) loop.close();

  // No loop ends before every loop has had a turn.
  function* waitForAll(loop: EventLoop, index: number) {
    greeted.push(index);
    while (greeted.length < loops.length) {
      yield* sleep(0);
      t.is(getRunningLoop(), loop);
    }
    return index;
  }
});

test.serial('a stopped loop leaves its neighbour running', async (t) => {
  const short = freshLoop();
  const long = freshLoop();
  const longRun = long.runForever();
  short.callSoon(() => short.stop());
  await short.runForever();
  short.close();
  t.true(long.isRunning());
  long.callSoon(() => long.stop());
  await longRun;
  t.false(long.isRunning());
  long.close();
});

test.serial('two programs use run() side by side', async (t) => {
  const runs = [1, 2, 3].map((value) =>
    run(function* () {
      yield* sleep(0.001 * value);
      return value;
    }),
  );
  t.deepEqual(await Promise.all(runs), [1, 2, 3]);
});

test.serial('a loop may be run to its end while another is closed in a callback of Node', async (t) => {
  const first = freshLoop();
  const second = freshLoop();
  const secondRun = second.runForever();
  await fromMacrotask(() => first.close());
  second.callSoon(() => second.stop());
  await secondRun;
  second.close();
  t.true(first.isClosed());
});

const IN_WORKER = `
  const { parentPort, workerData: mode } = require('node:worker_threads');
  import('mioloop').then(({ run, runSync, sleep, Protocol, getRunningLoop }) => {
    function* main() {
      const loop = getRunningLoop();
      const got = loop.createFuture();
      class Echo extends Protocol {
        connectionMade(transport) { this.transport = transport; }
        dataReceived(data) { this.transport.write(data); }
      }
      class Ask extends Protocol {
        connectionMade(transport) { transport.write(Buffer.from('from a worker')); }
        dataReceived(data) { got.setResult(data.toString()); }
      }
      const server = yield* loop.createServer(() => new Echo(), '127.0.0.1', 0);
      const [host, port] = server.sockets[0].getsockname();
      const [transport] = yield* loop.createConnection(() => new Ask(), host, port);
      const text = yield* got;
      transport.close();
      server.close();
      yield* server.waitClosed();
      return text;
    }
    setImmediate(async () => {
      parentPort.postMessage(mode === 'hosted' ? await run(main) : runSync(main));
    });
  });
`;

for (const mode of MODES) {
  test.serial(`loops in several workers, and one here, at the same time [${mode}]`, async (t) => {
    const workers = [1, 2, 3].map(() => new Worker(IN_WORKER, { eval: true, workerData: mode }));
    const answers = Promise.all(workers.map(async (worker) => (await once(worker, 'message'))[0]));
    const codes = Promise.all(workers.map(async (worker) => (await once(worker, 'exit'))[0]));
    const here = await run(function* () {
      yield* sleep(0);
      return 'here';
    });
    t.is(here, 'here');
    t.deepEqual(await answers, ['from a worker', 'from a worker', 'from a worker']);
    t.deepEqual(await codes, [0, 0, 0]);
  });
}

/** Turns an error thrown at once into a rejection; whoever awaits it later is not too late. */
function attempt(start: () => Promise<unknown>): Promise<unknown> {
  const attempted = (async () => start())();
  attempted.catch(() => undefined);
  return attempted;
}

function* main(loop: EventLoop) {
  const future = loop.createFuture<string>();
  loop.callLater(0, () => future.setResult('done'));
  return yield* future;
}
