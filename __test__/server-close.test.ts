// The end of a server: close, waitClosed, serveForever, closeClients, abortClients, disposal.

import type { Server } from 'mioloop';
import { CancelledError, RuntimeError } from 'mioloop';
import { Hall, portOf, turns } from './support/hall.js';
import { Line } from './support/lockstep.js';
import { bothModes, inLoop } from './support/modes.js';
import { Echo, Probe } from './support/probe.js';
import { bytesOf } from './support/random.js';

const BIG = 16 * 1024 * 1024;

inLoop('close() leaves connections alone and refuses new ones (B143)', function* (t, loop) {
  using hall = yield* Hall.open(loop, () => new Echo(loop));
  const [probe, line] = yield* hall.join();
  hall.server.close();
  t.throws(() => Line.connect(hall.port), { message: /ECONNREFUSED/ });
  line.write('still here');
  yield* line.until(({ received }) => received === 10);
  t.false(probe.transport.isClosing());
});

inLoop('connections that wait to be accepted at close() are closed, not served (B143)', function* (t, loop) {
  using hall = yield* Hall.open(loop, () => new Echo(loop));
  const lines = [hall.knock(), hall.knock(), hall.knock()];
  hall.server.close();
  for (const line of lines) yield* line.until(({ ended, closed }) => ended || closed);
  t.is(hall.probes.length, 0);
  yield* hall.server.waitClosed();
});

inLoop(
  'a connection accepted in the turn of close() is served or closed, and waitClosed() still ends (B142)',
  function* (t, loop) {
    for (let turn = 0; turn <= 4; turn++) {
      using hall = yield* Hall.open(loop, () => new Probe(loop));
      const line = hall.knock();
      yield* turns(turn);
      hall.server.close();
      hall.server.closeClients();
      yield* turns(2);
      hall.server.closeClients();
      yield* hall.server.waitClosed();
      yield* line.until(({ ended, closed }) => ended || closed);
    }
    t.pass();
  },
);

inLoop('waitClosed() waits for close() and the last client, in either order (B142)', function* (t, loop) {
  for (const order of ['close first', 'clients first', 'no clients']) {
    using hall = yield* Hall.open(loop, () => new Probe(loop));
    const early = hall.server.waitClosed();
    const probe = order === 'no clients' ? undefined : (yield* hall.join())[0];
    yield* turns(2);
    t.false(early.done());
    if (order === 'clients first') {
      probe?.transport.close();
      yield* probe!.until(() => probe!.lost !== undefined);
      yield* turns(2);
      t.false(early.done(), 'not closed yet');
      hall.server.close();
    } else {
      hall.server.close();
      if (probe !== undefined) {
        yield* turns(2);
        t.false(early.done(), 'a client is left');
        const late = hall.server.waitClosed();
        probe.transport.close();
        yield* late;
      }
    }
    yield* early;
    const after = hall.server.waitClosed();
    t.true(after.done(), 'closed already: it never suspends');
    yield* after;
  }
});

inLoop('a cancelled waitClosed() does not keep the others waiting (B142)', function* (t, loop) {
  using hall = yield* Hall.open(loop, () => new Probe(loop));
  const [probe] = yield* hall.join();
  hall.server.close();
  const wait = function* () {
    yield* hall.server.waitClosed();
  };
  const [first, second, third] = [1, 2, 3].map(() => loop.createTask(wait()));
  yield* turns(2);
  second!.cancel();
  yield* turns(2);
  t.true(second!.cancelled());
  t.false(first!.done());
  probe.transport.close();
  yield* first!;
  yield* third!;
  t.true(first!.done() && third!.done());
});

/** What a coroutine throws. */
function* caught(coroutine: Iterable<unknown> & { [Symbol.iterator](): Iterator<unknown, unknown> }) {
  try {
    yield* coroutine as Generator<never, unknown>;
  } catch (error) {
    return error;
  }
  return undefined;
}

inLoop('serveForever() twice, or on a closed server, is a RuntimeError (B141)', function* (t, loop) {
  const server = yield* loop.createServer(() => new Echo(loop), '127.0.0.1', 0);
  const task = loop.createTask(serve(server));
  yield* turns(2);
  const twice = yield* caught(serve(server));
  t.true(twice instanceof RuntimeError);
  t.regex((twice as Error).message, /is already being awaited on serve_forever\(\)/);
  server.close();
  t.true((yield* caught(task)) instanceof CancelledError, 'close() cancels it');
  const closed = yield* caught(serve(server));
  t.true(closed instanceof RuntimeError);
  t.regex((closed as Error).message, /is closed/);
});

function* serve(server: Server) {
  yield* server.serveForever();
}

inLoop('serveForever() starts a server made with startServing: false (B141)', function* (t, loop) {
  const server = yield* loop.createServer(() => new Echo(loop), '127.0.0.1', 0, { startServing: false });
  const task = loop.createTask(serve(server));
  yield* turns(2);
  t.true(server.isServing());
  const line = Line.connect(portOf(server));
  line.write('x');
  yield* line.until(({ received }) => received === 1);
  line.destroy();
  task.cancel();
  t.true((yield* caught(task)) instanceof CancelledError);
});

inLoop(
  'cancelling serveForever() closes the server, waits for the clients, then raises (B141, B145)',
  function* (t, loop) {
    using hall = yield* Hall.open(loop, () => new Echo(loop));
    const task = loop.createTask(serve(hall.server));
    const [probe, line] = yield* hall.join();
    task.cancel();
    yield* turns(3);
    t.false(hall.server.isServing());
    t.deepEqual([...hall.server.sockets], []);
    t.false(task.done(), 'a client is left');
    line.write('still here');
    yield* line.until(({ received }) => received === 10);
    probe.transport.close();
    t.true((yield* caught(task)) instanceof CancelledError);
    t.true(task.cancelled());
  },
);

for (const method of ['closeClients', 'abortClients'] as const) {
  inLoop(`${method}() ends every client; the server goes on serving (B144)`, function* (t, loop) {
    using hall = yield* Hall.open(loop, () => new Echo(loop));
    const guests = [yield* hall.join(), yield* hall.join(), yield* hall.join()];
    hall.server[method]();
    for (const [probe, line] of guests) {
      yield* line.until(({ ended }) => ended);
      t.is(probe.lost, null);
    }
    t.true(hall.server.isServing());
    const [, line] = yield* hall.join();
    line.write('hello');
    yield* line.until(({ received }) => received === 5);
  });
}

inLoop('closeClients() sends what is buffered first (B144)', function* (t, loop) {
  using hall = yield* Hall.open(loop, () => new Probe(loop));
  const [probe, line] = yield* hall.join({ paused: true });
  probe.transport.write(bytesOf(1, BIG));
  hall.server.close();
  hall.server.closeClients();
  const closed = hall.server.waitClosed();
  yield* turns(5);
  t.false(closed.done());
  line.resume();
  const { received } = yield* line.until(({ ended }) => ended);
  t.is(received, BIG);
  yield* closed;
});

inLoop(
  'abortClients() drops what is buffered: waitClosed() returns within two turns (B144)',
  function* (t, loop) {
    using hall = yield* Hall.open(loop, () => new Probe(loop));
    const guests = [yield* hall.join({ paused: true }), yield* hall.join({ paused: true })];
    for (const [probe] of guests) probe.transport.write(bytesOf(1, BIG));
    hall.server.close();
    hall.server.abortClients();
    const closed = hall.server.waitClosed();
    yield* turns(2);
    t.true(closed.done());
    for (const [probe] of guests) t.is(probe.lost, null);
  },
);

inLoop('closeClients() from inside a protocol is safe (B144)', function* (t, loop) {
  class Panics extends Probe {
    override dataReceived(data: Buffer): void {
      super.dataReceived(data);
      hall.server.close();
      hall.server.closeClients();
      hall.server.abortClients();
    }
  }

  using hall = yield* Hall.open(loop, () => new Panics(loop));
  const [first, line] = yield* hall.join();
  const [second] = yield* hall.join();
  line.write('x');
  yield* hall.server.waitClosed();
  t.is(first.lost, null);
  t.is(second.lost, null);
});

bothModes('await using closes a server and waits for its clients', async (t, { loop, run, mode }) => {
  const { server, probe } = await run(function* () {
    const made: Probe[] = [];
    const factory = (): Probe => {
      made.push(new Probe(loop));
      return made.at(-1)!;
    };
    const server = yield* loop.createServer(factory, '127.0.0.1', 0);
    const line = Line.connect(portOf(server));
    while (made.length === 0 || made[0]!.events.length === 0) yield* turns(1);
    line.end();
    return { server, probe: made[0]! };
  });
  if (mode === 'hosted') {
    await run(
      loop.createTask(async () => {
        await using _server = server;
      }),
    );
  } else {
    const disposed = server[Symbol.asyncDispose]();
    await run(probe.until(() => probe.lost !== undefined));
    await run(server.waitClosed());
    await disposed;
  }
  t.is(probe.lost, null);
  t.false(server.isServing());
});
