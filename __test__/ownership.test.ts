// Whose what is: the memory of a chunk, the task of a callback, the outcome of an operation.

import * as fs from 'node:fs/promises';
import test from 'ava';
import {
  CancelledError,
  currentTask,
  type Future,
  getRunningLoop,
  InvalidStateError,
  Operation,
  run,
  Server,
  sleep,
} from 'mioloop';
import { Hall } from './support/hall.js';
import { freshLoop } from './support/leaks.js';
import { inLoop } from './support/modes.js';
import { Probe } from './support/probe.js';
import { bytesOf, detach, sameBytes } from './support/random.js';

for (const size of [6, 5000, 60_000]) {
  inLoop(
    `transferring the memory of a chunk (${size} bytes sent) leaves all other chunks whole`,
    function* (t, loop) {
      using hall = yield* Hall.open(loop, () => new Probe(loop));
      const guests = [];
      for (let guest = 0; guest < 3; guest++) guests.push(yield* hall.join());
      const contents = guests.map((_, seed) => bytesOf(seed, size));
      for (const [guest, [, line]] of guests.entries()) line.deliver(contents[guest]!);
      for (const [probe] of guests) yield* probe.until(() => probe.received === size);
      const taken = guests[0]![0];
      for (const chunk of taken.chunks) {
        try {
          detach(chunk);
        } catch (error) {
          t.is((error as Error).name, 'DataCloneError', 'refused: others have a share in this memory');
        }
      }
      for (const [guest, [probe]] of guests.entries()) {
        if (guest > 0) sameBytes(t, probe.data, contents[guest]!);
      }
      // And the loop can still receive.
      const more = bytesOf(9, size);
      for (const [probe, line] of guests) {
        probe.chunks.length = 0;
        line.deliver(more);
        yield* probe.until(() => probe.received === 2 * size);
        sameBytes(t, probe.data, more);
      }
    },
  );
}

test.serial('a callback made after a foreign await runs as no task [hosted]', async (t) => {
  const seen = await run(async () => {
    const loop = getRunningLoop();
    const answer = loop.createFuture<unknown[]>();
    await fs.stat('/');
    loop.callSoon(() => answer.setResult([currentTask()]));
    return answer;
  });
  t.is(seen[0], null);
});

test.serial('a timer made after a foreign await runs as no task [hosted]', async (t) => {
  const seen = await run(async () => {
    const loop = getRunningLoop();
    const answer = loop.createFuture<unknown[]>();
    await fs.stat('/');
    loop.callLater(0.001, () => answer.setResult([currentTask()]));
    return answer;
  });
  t.is(seen[0], null);
});

test.serial('cancelling a task leaves alone what callbacks await that it scheduled [hosted]', async (t) => {
  await run(async () => {
    const loop = getRunningLoop();
    const awaited = loop.createFuture<number>();
    const outcome: string[] = [];
    const begun = loop.createFuture<void>();
    const task = loop.createTask(async () => {
      await fs.stat('/');
      loop.callSoon(async () => {
        begun.setResult();
        try {
          outcome.push(`got ${await awaited}`);
        } catch (error) {
          outcome.push((error as Error).name);
        }
      });
      await sleep(3600);
    });
    await begun;
    await sleep(0);
    task.cancel();
    await t.throwsAsync(async () => await task, { instanceOf: CancelledError });
    t.false(awaited.done());
    awaited.setResult(5);
    await sleep(0);
    await sleep(0);
    t.deepEqual(outcome, ['got 5']);
  });
});

inLoop(
  'taking an operation apart without yield* is an error that says yield*; the operation goes on',
  function* (t, loop) {
    using hall = yield* Hall.open(loop, () => new Probe(loop));
    const connecting = loop.createConnection(() => new Probe(loop), '127.0.0.1', hall.port);
    t.true(connecting instanceof Operation);
    t.throws(
      () => {
        const [transport] = connecting;
        return transport;
      },
      { message: /yield\*/ },
    );
    t.false(connecting.done());
    const [transport, probe] = yield* connecting;
    t.deepEqual(probe.events, ['made']);
    transport.abort();
    yield* probe.until(() => probe.lost !== undefined);
  },
);

/** What a task that delegates to an operation tells of it. */
function* delegate(operation: Future<unknown>) {
  try {
    yield* operation;
    return 'a result';
  } catch (error) {
    return (error as Error).name;
  }
}

function told(operation: Future<unknown>): string {
  if (operation.cancelled()) return 'CancelledError';
  return operation.done() && operation.exception() === null ? 'a result' : 'neither';
}

inLoop(
  'an operation that is cancelled while a task delegates to it: both tell the same, in every turn',
  function* (t, loop) {
    using hall = yield* Hall.open(loop, () => new Probe(loop));
    const operations: Record<string, () => Operation<unknown>> = {
      createServer: () => loop.createServer(() => new Probe(loop), '127.0.0.1', 0),
      createConnection: () => loop.createConnection(() => new Probe(loop), '127.0.0.1', hall.port),
    };
    for (const [name, start] of Object.entries(operations)) {
      for (let turn = 0; turn < 8; turn++) {
        const operation = start();
        const task = loop.createTask(delegate(operation));
        let left = turn;
        const cancel = (): void => {
          if (left > 0) loop.callSoon(cancel);
          else operation.cancel();
          left -= 1;
        };
        loop.callSoon(cancel);
        const outcome = yield* task;
        t.is(told(operation), outcome, `${name}, cancelled in turn ${turn}`);
        if (operation.cancelled()) continue;
        const result = operation.result();
        if (result instanceof Server) result.close();
        else (result as [{ abort(): void }])[0].abort();
      }
    }
    hall.server.abortClients();
    yield* sleep(0.001);
  },
);

test.serial('a second result is an InvalidStateError, whatever the first one is', (t) => {
  const loop = freshLoop();
  const untold = {
    toString() {
      throw new Error('no text');
    },
  };
  const results: unknown[] = [Object.create(null), untold, Symbol('s'), [Object.create(null)], 1n];
  for (const result of results) {
    const future = loop.createFuture<unknown>();
    future.setResult(result);
    t.throws(() => future.setResult(1), { instanceOf: InvalidStateError });
    t.throws(() => future.setException(new Error('late')), { instanceOf: InvalidStateError });
    t.is(typeof String(future), 'string');
    t.is(future.result(), result);
  }
  loop.close();
});
