// addReader, addWriter and their ends: what they are told, what they refuse, what they take.

import { AsyncLocalStorage } from 'node:async_hooks';
import { closeSync, openSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import test from 'ava';
import {
  ContextVar,
  copyContext,
  type Descriptor,
  KeyboardInterrupt,
  newEventLoop,
  Protocol,
  RuntimeError,
  sleep,
  socket,
} from 'mioloop';
import { freshLoop } from './support/leaks.js';
import { bothModes, inLoop } from './support/modes.js';
import { debugReportsOf } from './support/reports.js';
import { closing, listening, made, pair, send } from './support/sockets.js';
import { Stranger } from './support/stranger.js';

inLoop('a reader that is there is replaced, and the writer kept (B89)', function* (t, loop) {
  const [ours, theirs] = pair(t);
  const calls: string[] = [];
  loop.addWriter(ours, () => calls.push('writer'));
  loop.addReader(ours, () => calls.push('first'));
  loop.addReader(ours, () => calls.push('second'));
  send(theirs, 'x');
  yield* sleep(0);
  yield* sleep(0);
  t.deepEqual(calls, ['second', 'writer']);
  t.true(loop.removeReader(ours));
  t.true(loop.removeWriter(ours));
});

inLoop('a writer that is there is replaced, and the reader kept (B89)', function* (t, loop) {
  const [ours, theirs] = pair(t);
  const calls: string[] = [];
  send(theirs, 'x');
  loop.addReader(ours, () => calls.push('reader'));
  loop.addWriter(ours, () => calls.push('first'));
  loop.addWriter(ours, () => calls.push('second'));
  yield* sleep(0);
  yield* sleep(0);
  t.deepEqual(calls, ['reader', 'second']);
  t.true(loop.removeWriter(ours));
  t.true(loop.removeReader(ours));
});

inLoop('removing says what was there, and leaves the other side (B90)', function* (t, loop) {
  const [ours, theirs] = pair(t);
  t.false(loop.removeReader(ours));
  t.false(loop.removeWriter(ours));
  const calls: string[] = [];
  loop.addReader(ours, () => calls.push('reader'));
  t.false(loop.removeWriter(ours));
  loop.addWriter(ours, () => calls.push('writer'));
  t.true(loop.removeWriter(ours));
  t.false(loop.removeWriter(ours));
  send(theirs, 'x');
  yield* sleep(0);
  yield* sleep(0);
  t.deepEqual(calls, ['reader']);
  t.true(loop.removeReader(ours));
  t.false(loop.removeReader(ours));
});

inLoop('what the turn has found is not for one that is removed or new (B91)', function* (t, loop) {
  const [ours, theirs] = pair(t);
  send(theirs, 'x');
  loop.addReader(ours, () => t.fail('it was removed before the event was told'));
  yield* sleep(0);
  loop.removeReader(ours);
  const calls: number[] = [];
  loop.addReader(ours, () => calls.push(1));
  t.deepEqual(calls, []);
  yield* sleep(0);
  yield* sleep(0);
  t.deepEqual(calls, [1]);
  loop.removeReader(ours);
});

inLoop('a callback gets its arguments and can remove itself', function* (t, loop) {
  const [ours, theirs] = pair(t);
  const received = loop.createFuture<string>();
  loop.addReader(
    ours,
    (sock: socket.Socket, size: number) => {
      loop.removeReader(sock);
      received.setResult(sock.recv(size).toString());
    },
    ours,
    3,
  );
  send(theirs, 'hello');
  t.is(yield* received, 'hel');
});

inLoop('a leading object says which context a callback runs in', function* (t, loop) {
  const [ours, theirs] = pair(t);
  const variable = new ContextVar<string>('variable');
  variable.set('outer');
  const given = copyContext();
  given.run(() => variable.set('given'));
  const seen: string[] = [];
  loop.addReader({ context: given }, ours, (name: string) => seen.push(`${name} ${variable.get()}`), 'read');
  loop.addWriter(ours, () => {
    seen.push(`write ${variable.get()}`);
    variable.set('changed');
  });
  variable.set('later');
  send(theirs, 'x');
  yield* sleep(0);
  yield* sleep(0);
  yield* sleep(0);
  loop.removeReader(ours);
  loop.removeWriter(ours);
  t.deepEqual(seen, ['read given', 'write outer', 'read given', 'write changed']);
  t.is(variable.get(), 'later');
});

bothModes('stores of AsyncLocalStorage are those where the reader was added', async (t, { loop, run }) => {
  const [ours, theirs] = pair(t);
  const store = new AsyncLocalStorage<string>();
  const seen = loop.createFuture<string | undefined>();
  store.run('here', () =>
    loop.addReader(ours, () => {
      loop.removeReader(ours);
      seen.setResult(store.getStore());
    }),
  );
  send(theirs, 'x');
  t.is(await run(seen), 'here');
});

bothModes('an async callback may be a reader; what it rejects with is reported', async (t, { loop, run }) => {
  const [ours, theirs] = pair(t);
  const reported = loop.createFuture<unknown>();
  loop.setExceptionHandler((_loop, { exception, handle, message }) => {
    t.regex(message, /Exception in callback readable\(\)/);
    t.truthy(handle);
    reported.setResult(exception);
  });
  const problem = new Error('too early');
  loop.addReader(ours, async function readable() {
    ours.recv(1);
    await sleep(0);
    throw problem;
  });
  send(theirs, 'x');
  t.is(await run(reported), problem);
  loop.removeReader(ours);
});

bothModes(
  'what a reader throws is reported with its handle, and it stays (B26)',
  async (t, { loop, run }) => {
    const [ours, theirs] = pair(t);
    const reports: string[] = [];
    loop.setExceptionHandler((_loop, { message, handle }) => {
      reports.push(message);
      t.regex(String(handle), /^<Handle readable\(\)/);
      if (reports.length === 2) loop.removeReader(ours);
    });
    loop.addReader(ours, function readable() {
      throw new Error('no');
    });
    send(theirs, 'x');
    await run(function* () {
      while (reports.length < 2) yield* sleep(0);
      yield* sleep(0);
    });
    t.deepEqual(reports, ['Exception in callback readable()', 'Exception in callback readable()']);
  },
);

bothModes(
  'an ExitError of a reader ends the run, and its writer is told in the next (B10)',
  async (t, bench) => {
    const { loop, run } = bench;
    const [ours, theirs] = pair(t);
    send(theirs, 'x');
    const calls: string[] = [];
    loop.addReader(ours, () => {
      loop.removeReader(ours);
      calls.push('reader');
      throw new KeyboardInterrupt();
    });
    loop.addWriter(ours, () => {
      calls.push('writer');
      loop.removeWriter(ours);
    });
    await t.throwsAsync(bench.runForever(), { instanceOf: KeyboardInterrupt });
    t.deepEqual(calls, ['reader']);
    await run(function* () {
      while (calls.length < 2) yield* sleep(0);
    });
    t.deepEqual(calls, ['reader', 'writer']);
  },
);

bothModes('debug mode names a reader that takes long (B48)', async (t, { loop, run }) => {
  const [ours, theirs] = pair(t);
  loop.setDebug(true);
  loop.slowCallbackDuration = 0;
  const reports = debugReportsOf(t, loop);
  loop.addReader(ours, function slowReader() {
    loop.removeReader(ours);
  });
  send(theirs, 'x');
  await run(function* () {
    yield* sleep(0);
    yield* sleep(0);
  });
  t.is(reports.filter(({ message }) => /Executing <Handle .*slowReader/.test(message)).length, 1);
});

// ---- what is a descriptor ------------------------------------------------------------------------

inLoop('numbers, and objects with fileno() or fd, are descriptors', function* (t, loop) {
  const [ours, theirs] = pair(t);
  send(theirs, 'x');
  const fd = ours.fileno();
  const callback = (): void => undefined;
  const descriptors: Descriptor[] = [fd, ours, { fd }, { fileno: () => fd }];
  for (const descriptor of descriptors) {
    loop.addReader(descriptor, callback);
    loop.addWriter({ context: copyContext() }, descriptor, callback);
    t.true(loop.removeReader(fd));
    t.true(loop.removeWriter(ours));
  }
  yield* sleep(0);
});

inLoop('what is no descriptor is a RangeError (B92)', function* (t, loop) {
  const wrong = loop as unknown as Record<string, (...args: unknown[]) => unknown>;
  const callback = (): void => undefined;
  const methods = ['addReader', 'addWriter', 'removeReader', 'removeWriter'];
  for (const value of [
    '1',
    null,
    undefined,
    {},
    { fd: null },
    { fileno: 3 },
    { fileno: () => 'x' },
    1.5,
    [],
  ]) {
    for (const method of methods) {
      t.throws(() => wrong[method]!(value, callback), {
        instanceOf: RangeError,
        code: 'ERR_INVALID_ARG_VALUE',
        message: /^Invalid file object: .*; a number, or what has fileno\(\) or fd, is expected$/,
      });
    }
  }
  for (const method of methods) {
    t.throws(() => wrong[method]!(-1, callback), { message: 'Invalid file descriptor: -1' });
    t.throws(() => wrong[method]!(2 ** 31, callback), { message: 'Invalid file descriptor: 2147483648' });
  }
  const [ours] = pair(t);
  ours.close();
  t.throws(() => loop.addReader(ours, callback), { message: 'Invalid file descriptor: -1' });
  yield* sleep(0);
});

inLoop('what is no callback, or no context, is a TypeError', function* (t, loop) {
  const [ours] = pair(t);
  const wrong = loop as unknown as Record<string, (...args: unknown[]) => unknown>;
  for (const method of ['addReader', 'addWriter']) {
    for (const args of [[ours], [ours, null], [ours, {}], [{ context: copyContext() }, ours]]) {
      t.throws(() => wrong[method]!(...args), {
        instanceOf: TypeError,
        message: new RegExp(`a callable object was expected by ${method}`),
      });
    }
    t.throws(() => wrong[method]!({ context: 1 }, ours, () => undefined), { instanceOf: TypeError });
  }
  t.false(loop.removeReader(ours));
  yield* sleep(0);
});

inLoop('what the system can not watch is its error', function* (t, loop) {
  const file = openSync(process.execPath, 'r');
  t.teardown(() => closeSync(file));
  if (process.platform === 'linux') {
    const error = t.throws(() => loop.addReader(file, () => undefined), { code: 'EPERM' });
    t.is((error as NodeJS.ErrnoException).syscall, 'epoll_ctl');
    t.regex(
      (error as Error).message,
      new RegExp(`^epoll_ctl EPERM: descriptor ${file} can't be watched: .* file`),
    );
  }
  const [ours] = pair(t);
  const fd = ours.fileno();
  ours.close();
  t.throws(() => loop.addReader(fd, () => undefined), { code: 'EBADF' });
  t.false(loop.removeReader(fd));
  yield* sleep(0);
});

bothModes('the descriptor of a transport or a server is refused (B92)', async (t, { loop, run }) => {
  await using stranger = await Stranger.echo();
  await run(function* () {
    const connected = yield* loop.createConnection(() => new Protocol(), '127.0.0.1', stranger.port);
    const [transport] = connected;
    const server = yield* loop.createServer(() => new Protocol(), '127.0.0.1', 0);
    const callback = (): void => undefined;
    const theirs = transport.getExtraInfo('socket')!;
    const calls = (descriptor: Descriptor): (() => unknown)[] => [
      () => loop.addReader(descriptor, callback),
      () => loop.addWriter(descriptor, callback),
      () => loop.removeReader(descriptor),
      () => loop.removeWriter(descriptor),
    ];
    for (const call of [...calls(theirs), ...calls(theirs.fileno())]) {
      t.throws(call, {
        instanceOf: RuntimeError,
        code: 'ERR_DESCRIPTOR_USED',
        message: /^File descriptor \d+ is used by transport <StreamTransport/,
      });
    }
    for (const call of calls(server.sockets[0]!)) {
      t.throws(call, { code: 'ERR_DESCRIPTOR_USED', message: /is used by a server/ });
    }
    transport.abort();
    server.close();
    yield* sleep(0);
  });
});

// ---- ends ----------------------------------------------------------------------------------------

test.serial('on a closed loop nothing is added, and nothing is there to remove (B12, B13)', (t) => {
  const loop = freshLoop();
  const [ours] = pair(t);
  loop.addReader(ours, () => undefined);
  loop.addWriter(ours, () => undefined);
  loop.close();
  t.false(loop.removeReader(ours));
  t.false(loop.removeWriter(ours));
  t.throws(() => loop.addReader(ours, () => undefined), {
    instanceOf: RuntimeError,
    code: 'ERR_LOOP_CLOSED',
  });
  t.throws(() => loop.addWriter(ours, () => undefined), { message: 'Event loop is closed' });
  t.throws(() => loop.sockRecv(ours, 1), { message: 'Event loop is closed' });
  t.throws(() => loop.removeReader('1' as never), { message: /^Invalid file object/ });
});

bothModes('a reader of a closed loop leaves its socket to the next loop', async (t, { loop, mode, run }) => {
  const [ours, theirs] = pair(t);
  const first = newEventLoop();
  first.addReader(ours, () => t.fail('its loop is closed'));
  const read = first.sockRecv(ours, 1);
  t.false(read.done());
  first.close();
  const received = loop.createFuture<string>();
  loop.addReader(ours, () => {
    loop.removeReader(ours);
    received.setResult(ours.recv(10).toString());
  });
  send(theirs, mode);
  t.is(await run(received), mode);
});

inLoop('a socket that is closed takes its callbacks with it', function* (t, loop) {
  const [ours, theirs] = pair(t);
  send(theirs, 'x');
  loop.addReader(ours, () => t.fail('it is closed'));
  loop.addWriter(ours, () => t.fail('it is closed'));
  const fd = ours.fileno();
  ours.close();
  yield* sleep(0);
  yield* sleep(0);
  t.false(loop.removeReader(fd));
  t.false(loop.removeWriter(fd));
});

inLoop('a descriptor closed without a word: its number is the next one’s', function* (t, loop) {
  const [first, theirFirst] = pair(t);
  send(theirFirst, 'x');
  let calls = 0;
  const fd = first.fileno();
  loop.addReader(fd, () => {
    calls += 1;
  });
  loop.addWriter(fd, () => undefined);
  while (calls < 1) yield* sleep(0);
  // The loop is not told: it was given a number.
  first.close();
  const [second, theirSecond] = pair(t);
  t.is(second.fileno(), fd, 'the system gives the lowest number that is free');
  // What was found of the old file is told in this turn.
  yield* sleep(0);
  calls = 0;
  send(theirSecond, 'y');
  yield* sleep(0);
  yield* sleep(0);
  t.is(calls, 0, 'the old reader has nothing to do with the new file');
  const received = loop.createFuture<string>();
  loop.addReader(fd, () => {
    loop.removeReader(fd);
    received.setResult(second.recv(10).toString());
  });
  t.is(yield* received, 'y');
  t.false(loop.removeWriter(fd), 'the old writer is gone, too');
});

inLoop('a descriptor closed without a word can still be removed', function* (t, loop) {
  const [ours] = pair(t);
  const fd = ours.fileno();
  loop.addReader(fd, () => t.fail('it is closed'));
  ours.close();
  yield* sleep(0);
  t.true(loop.removeReader(fd));
  t.false(loop.removeReader(fd));
});

bothModes(
  'a number that a transport has now is not disturbed by its old reader',
  async (t, { loop, run }) => {
    await using stranger = await Stranger.echo();
    const [ours, theirs] = pair(t);
    await run(function* () {
      const fd = ours.fileno();
      send(theirs, 'x');
      let calls = 0;
      loop.addReader(fd, () => {
        calls += 1;
        if (calls === 2) ours.close();
      });
      while (calls < 2) yield* sleep(0);
      const received = loop.createFuture<string>();
      class Hears extends Protocol {
        override dataReceived(data: Buffer): void {
          received.setResult(data.toString());
        }
      }
      const [transport] = yield* loop.createConnection(() => new Hears(), '127.0.0.1', stranger.port);
      t.is(transport.getExtraInfo('socket')!.fileno(), fd);
      transport.write(Buffer.from('through'));
      t.is(yield* received, 'through');
      t.throws(() => loop.removeReader(fd), { code: 'ERR_DESCRIPTOR_USED' });
      transport.abort();
      yield* sleep(0);
      yield* sleep(0);
      t.true(loop.removeReader(fd), 'the old one, at last');
      t.is(calls, 2);
    });
  },
);

inLoop('adding and removing again and again leaves nothing behind', function* (t, loop) {
  const [ours, theirs] = pair(t);
  send(theirs, 'x');
  let calls = 0;
  for (let round = 0; round < 1000; round++) {
    loop.addReader(ours, () => {
      calls += 1;
    });
    loop.addWriter(ours, () => undefined);
    if (round % 100 === 0) yield* sleep(0);
    loop.removeReader(ours);
    loop.removeWriter(ours);
  }
  t.is((ours as unknown as { closing: Set<unknown> }).closing.size, 0);
  yield* sleep(0);
  t.is(calls, 0);
});

bothModes('a blocking run with a reader only is not one that nothing can wake', async (t, { loop, run }) => {
  const listener = listening(t);
  await using stranger = await Stranger.client();
  const accepted = loop.createFuture<void>();
  loop.addReader(listener, () => {
    loop.removeReader(listener);
    closing(t, listener.accept()[0]);
    accepted.setResult();
  });
  stranger.connect(listener.getsockname()[1]);
  await run(accepted);
  t.pass();
});

inLoop('many descriptors at once are each told', function* (t, loop) {
  const pairs = Array.from({ length: 200 }, () => pair(t));
  const done = loop.createFuture<void>();
  const seen = new Set<number>();
  for (const [index, [ours, theirs]] of pairs.entries()) {
    loop.addReader(ours, () => {
      loop.removeReader(ours);
      seen.add(Number(ours.recv(10).toString()));
      if (seen.size === pairs.length) done.setResult();
    });
    send(theirs, String(index));
  }
  yield* done;
  t.is(seen.size, pairs.length);
});

inLoop('a connection under way tells its writer', function* (t, loop) {
  const listener = listening(t);
  const sock = made(t);
  t.throws(() => sock.connect(listener.getsockname()), { code: 'EINPROGRESS' });
  const connected = loop.createFuture<void>();
  loop.addWriter(sock, () => {
    loop.removeWriter(sock);
    connected.setResult();
  });
  yield* connected;
  t.deepEqual(sock.getpeername(), listener.getsockname());
  const [accepted] = listener.accept();
  closing(t, accepted);
});

inLoop('a socket that only its reader makes known is not collected', function* (t, loop) {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const called = loop.createFuture<void>();

  function watchOne(): [kept: WeakRef<socket.Socket>, peer: socket.Socket] {
    const [ours, theirs] = socket.socketpair();
    loop.addReader(ours, () => called.done() || called.setResult());
    return [new WeakRef(ours), theirs];
  }

  const [kept, peer] = watchOne();
  for (let round = 0; round < 3; round++) {
    yield* sleep(0.005);
    collect();
  }
  peer.send(Buffer.from('x'));
  yield* called;
  const ours = kept.deref()!;
  t.true(loop.removeReader(ours));
  ours.close();
  peer.close();
});
