// Sockets that are dropped without being closed: they are closed when they are collected, and a warning says so.

import test from 'ava';
import { type EventLoop, newEventLoop, sleep, socket } from 'mioloop';
import { collect, collectUntil } from './support/collect.js';
import { watched } from './support/leaks.js';

/** Collects the warnings of unclosed sockets until the test ends. */
function warningsOf(t: { teardown(fn: () => void): void }): string[] {
  const warnings: string[] = [];
  const onWarning = (warning: Error & { code?: string }): void => {
    if (warning.code === 'MIOLOOP_UNCLOSED_SOCKET') warnings.push(`${warning.name}: ${warning.message}`);
  };
  process.on('warning', onWarning);
  t.teardown(() => process.off('warning', onWarning));
  return warnings;
}

test.serial('a socket dropped unclosed is closed, with a warning', async (t) => {
  const warnings = warningsOf(t);
  const [ours] = (() => {
    const [kept, dropped] = socket.socketpair();
    return [kept, dropped.fileno()] as const;
  })();
  ours.setBlocking(false);
  await collectUntil(() => warnings.length > 0);
  t.is(warnings.length, 1);
  t.regex(
    warnings[0]!,
    /^ResourceWarning: unclosed <Socket fd=\d+ family=1 type=1 proto=0 laddr="" raddr="">; call socket\.close\(\)$/,
  );
  t.is(ours.recv(1).length, 0, 'the other end hears of it');
  ours.close();
});

test.serial('what was closed, detached or given away is not complained of', async (t) => {
  const warnings = warningsOf(t);
  const fds: number[] = [];
  (() => {
    const [closed, detached] = socket.socketpair();
    closed.close();
    fds.push(detached.detach());
    const owned = new socket.Socket();
    (owned as unknown as { giveTo(owner: string): void }).giveTo('transport');
  })();
  await collect();
  t.deepEqual(warnings, []);
  for (const fileno of fds) new socket.Socket({ fileno }).close();
});

test.serial('one that nobody waits for any more is collected, though its loop goes on', async (t) => {
  const warnings = warningsOf(t);
  const loop = watched(newEventLoop());
  const theirs = await loop.runUntilComplete(function* () {
    const [ours, others] = socket.socketpair();
    const reading = loop.sockRecv(ours, 10);
    yield* sleep(0);
    others.send(Buffer.from('x'));
    yield* reading;
    return others;
  });
  await collectUntil(() => warnings.length > 0);
  t.is(warnings.length, 1);
  t.is(watchedCount(loop), 0);
  theirs.close();
  loop.close();
});

test.serial('one that somebody waits for is not collected', async (t) => {
  const warnings = warningsOf(t);
  const loop = watched(newEventLoop());
  const theirs = await loop.runUntilComplete(function* () {
    const [ours, others] = socket.socketpair();
    loop.createTask(function* () {
      try {
        return yield* loop.sockRecv(ours, 10);
      } finally {
        ours.close();
      }
    });
    yield* sleep(0);
    return others;
  });
  await collect();
  t.deepEqual(warnings, []);
  theirs.send(Buffer.from('x'));
  await loop.runUntilComplete(function* () {
    for (let turn = 0; turn < 4; turn++) yield* sleep(0);
  });
  t.deepEqual(warnings, []);
  theirs.close();
  loop.close();
});

test.serial('a hundred thousand waits leave nothing behind', async (t) => {
  const loop = watched(newEventLoop());
  const [ours, theirs] = socket.socketpair();
  await loop.runUntilComplete(function* () {
    const byte = Buffer.from('x');
    const into = Buffer.alloc(1);
    const round = function* (count: number) {
      for (let done = 0; done < count; done++) {
        const reading = loop.sockRecvInto(ours, into);
        yield* loop.sockSendall(theirs, byte);
        yield* reading;
      }
    };
    yield* round(20_000);
    global.gc?.();
    const before = process.memoryUsage().heapUsed;
    yield* round(80_000);
    global.gc?.();
    t.true(process.memoryUsage().heapUsed - before < 10_000_000);
    t.is(watchedCount(loop), 1);
  });
  for (const sock of [ours, theirs]) sock.close();
  t.is(watchedCount(loop), 0);
  loop.close();
});

function watchedCount(loop: EventLoop): number {
  return (loop as unknown as { descriptors: { watched: Map<number, unknown> } }).descriptors.watched.size;
}
