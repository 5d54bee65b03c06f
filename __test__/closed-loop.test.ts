// A closed loop, and what it leaves behind: every call is harmless or says that the loop is closed.

import test from 'ava';
import { newEventLoop, Protocol, RuntimeError, SubprocessProtocol, socket, type Transport } from 'mioloop';
import { Hall } from './support/hall.js';
import { descriptors, freshLoop } from './support/leaks.js';
import { bothModes } from './support/modes.js';
import { Probe } from './support/probe.js';

const factory = (): Protocol => new Protocol();
const nothing = (): void => undefined;
const CLOSED = { instanceOf: RuntimeError, message: 'Event loop is closed', code: 'ERR_LOOP_CLOSED' };

test.serial('every method of a closed loop that would start something is a RuntimeError (B12)', async (t) => {
  const loop = freshLoop();
  loop.close();
  const open = descriptors().size;
  const attempts: Record<string, () => unknown> = {
    callSoon: () => loop.callSoon(nothing),
    callSoonThreadsafe: () => loop.callSoonThreadsafe(nothing),
    threadsafe: () => loop.threadsafe(nothing),
    callLater: () => loop.callLater(1, nothing),
    callAt: () => loop.callAt(loop.time() + 1, nothing),
    createTask: () => loop.createTask(function* () {}),
    runForever: () => loop.runForever(),
    runForeverSync: () => loop.runForeverSync(),
    runUntilComplete: () => loop.runUntilComplete(function* () {}),
    runUntilCompleteSync: () => loop.runUntilCompleteSync(function* () {}),
    createServer: () => loop.createServer(factory, '127.0.0.1', 0),
    createConnection: () => loop.createConnection(factory, '127.0.0.1', 80),
    subprocessExec: () => loop.subprocessExec(() => new SubprocessProtocol(), 'true'),
    subprocessShell: () => loop.subprocessShell(() => new SubprocessProtocol(), 'true'),
    addSignalHandler: () => loop.addSignalHandler('SIGUSR2', nothing),
  };
  for (const [name, attempt] of Object.entries(attempts)) {
    // Some throw, some reject: asyncio's coroutines fail when awaited.
    await t.throwsAsync(async () => await attempt(), CLOSED, name);
  }
  t.is(descriptors().size, open);
  loop.close();
  loop.stop();
  t.true(loop.isClosed());
  t.false(loop.isRunning());
  t.is(typeof loop.time(), 'number');
  t.is(loop.getDebug(), false);
});

bothModes(
  'close() closes the sockets at once: their port is free, their peers hear of it',
  async (t, bench) => {
    const { loop } = bench;
    const [ours, theirs] = socket.socketpair();
    using peer = theirs;
    const address = await bench.run(function* () {
      const server = yield* loop.createServer(factory, '127.0.0.1', 0);
      yield* loop.createConnection(factory, null, null, { sock: ours });
      return server.sockets[0]!.getsockname();
    });
    loop.close();
    t.is(ours.fileno(), -1);
    peer.setBlocking(false);
    t.is(peer.recv(1).length, 0);
    using next = new socket.Socket();
    t.notThrows(() => next.bind(address));
  },
);

test.serial(
  'what a closed loop leaves behind can be called: it does nothing or is a RuntimeError (B12, B16)',
  async (t) => {
    const loop = newEventLoop();
    const { probe, server } = await loop.runUntilComplete(function* () {
      using hall = yield* Hall.open(loop, () => new Probe(loop));
      const server = yield* loop.createServer(factory, '127.0.0.1', 0);
      const [probe] = yield* hall.join();
      return { probe, server };
    });
    loop.close();
    const { transport } = probe;
    const attempts: ((transport: Transport) => unknown)[] = [
      () => transport.write(Buffer.from('x')),
      () => transport.write(Buffer.alloc(1_000_000)),
      () => transport.writelines([Buffer.from('x')]),
      () => transport.getWriteBufferSize(),
      () => transport.setWriteBufferLimits({ high: 0 }),
      () => transport.pauseReading(),
      () => transport.resumeReading(),
      () => transport.setProtocol(new Protocol()),
      () => transport.getExtraInfo('socket')?.fileno(),
      () => transport.getExtraInfo('peername'),
      () => transport.writeEof(),
      () => transport.close(),
      () => transport.abort(),
      () => String(transport),
      () => server.sockets,
      () => server.isServing(),
      () => server.close(),
      () => server.closeClients(),
      () => server.abortClients(),
      () => String(server),
    ];
    for (const attempt of attempts) {
      try {
        attempt(transport);
      } catch (error) {
        t.true(error instanceof RuntimeError, `${attempt}: ${error}`);
      }
    }
    t.pass();
  },
);
