// Servers that accept only so many, or nobody for a while: who comes waits in the system's queue, and nobody is lost.

import { setTimeout as wait } from 'node:timers/promises';
import test from 'ava';
import {
  type Coroutine,
  type EventLoop,
  Protocol,
  type Server,
  type ServerOptions,
  type Transport,
} from 'mioloop';
import { portOf, reportsOf, turns } from './support/hall.js';
import { unacceptedConnections } from './support/kernel.js';
import { freshLoop } from './support/leaks.js';
import { Line } from './support/lockstep.js';
import { bothModes, inLoop } from './support/modes.js';
import { errorOf } from './support/outcomes.js';
import { Echo, type Probe } from './support/probe.js';
import { Stranger } from './support/stranger.js';

/** Turns in which everything that may happen has happened. */
const QUIET = 8;

/** A server that keeps its protocols. */
class House implements Disposable {
  readonly probes: Probe[] = [];
  server!: Server;

  static *open(loop: EventLoop, options: ServerOptions, hosts = ['127.0.0.1']): Coroutine<House> {
    const house = new House();
    const factory = (): Echo => {
      const probe = new Echo(loop);
      house.probes.push(probe);
      return probe;
    };
    house.server = yield* loop.createServer(factory, hosts, 0, options);
    return house;
  }

  get port(): number {
    return portOf(this.server);
  }

  get connected(): number {
    return this.probes.filter(({ lost }) => lost === undefined).length;
  }

  [Symbol.dispose](): void {
    this.server.close();
    this.server.abortClients();
  }
}

inLoop('maxConnections: the next one waits until one has left', function* (t, loop) {
  using house = yield* House.open(loop, { maxConnections: 2 });
  const lines = Array.from({ length: 5 }, () => Line.connect(house.port));
  for (const line of lines) line.write('hello');
  yield* turns(QUIET);
  t.is(house.connected, 2);
  t.is(unacceptedConnections(house.port) ?? 3, 3, 'the others wait in the kernel');
  for (const [left, line] of lines.entries()) {
    yield* line.until(({ received }) => received === 5);
    t.true(house.connected <= 2);
    // It leaves by itself, or is sent away.
    if (left % 2 === 0) line.end();
    else house.probes[left]!.transport.abort();
    yield* house.probes[left]!.until(() => house.probes[left]!.lost !== undefined);
  }
  t.is(house.probes.length, 5);
  yield* turns(QUIET);
  t.is(house.connected, 0);
  for (const line of lines) line.destroy();
});

inLoop('maxConnections is for all sockets of a server together', function* (t, loop) {
  using house = yield* House.open(loop, { maxConnections: 3 }, ['127.0.0.1', '127.0.0.2']);
  const lines = Array.from({ length: 6 }, (_, guest) =>
    Line.connect(house.port, { host: `127.0.0.${1 + (guest % 2)}` }),
  );
  yield* turns(QUIET);
  t.is(house.connected, 3);
  for (let count = 3; count < 6; count++) {
    house.probes[count - 3]!.transport.close();
    yield* turns(QUIET);
    t.is(house.probes.length, count + 1);
    t.is(house.connected, 3);
  }
  for (const line of lines) line.destroy();
  yield* turns(QUIET);
});

inLoop('maxConnections: clients whose protocol could not be made count no longer', function* (t, loop) {
  let guests = 0;
  const factory = (): Protocol => {
    guests += 1;
    if (guests % 2 === 1) throw new Error('not today');
    return new Echo(loop);
  };
  const server = yield* loop.createServer(factory, '127.0.0.1', 0, { maxConnections: 1 });
  for (let round = 0; round < 3; round++) {
    const refused = Line.connect(portOf(server));
    yield* refused.until(({ ended }) => ended);
    refused.destroy();
    const line = Line.connect(portOf(server));
    line.write('hello');
    yield* line.until(({ received }) => received === 5);
    line.destroy();
    yield* turns(QUIET);
  }
  t.is(guests, 6);
  server.close();
});

inLoop('maxConnections: a full house can be closed, and those who wait are refused', function* (t, loop) {
  using house = yield* House.open(loop, { maxConnections: 1 });
  const [inside, outside] = [Line.connect(house.port), Line.connect(house.port)];
  yield* turns(QUIET);
  house.server.close();
  yield* outside.until(({ ended, closed }) => ended || closed);
  t.is(house.probes.length, 1);
  inside.write('still there');
  yield* inside.until(({ received }) => received === 11);
  inside.destroy();
  yield* house.server.waitClosed();
});

bothModes('maxConnections: many strangers, and every one is served', async (t, { loop, run }) => {
  await using stranger = await Stranger.client();
  let most = 0;
  let served = 0;
  await run(function* () {
    const inside = new Set<Transport>();
    const done = loop.createFuture<void>();
    class Guest extends Protocol {
      #transport!: Transport;
      override connectionMade(transport: Transport): void {
        this.#transport = transport;
        inside.add(transport);
        most = Math.max(most, inside.size);
        transport.write(Buffer.from('welcome'));
        loop.callSoon(() => transport.close());
      }
      override connectionLost(): void {
        inside.delete(this.#transport);
        served += 1;
        if (served === 50) done.setResult();
      }
    }
    const server = yield* loop.createServer(() => new Guest(), '127.0.0.1', 0, { maxConnections: 4 });
    for (let guest = 0; guest < 50; guest++) stranger.connect(portOf(server));
    yield* done;
    server.close();
    yield* server.waitClosed();
  });
  const outcomes = await stranger.outcomes(50);
  t.true(outcomes.every(({ received, ended }) => ended && received.toString() === 'welcome'));
  t.true(most <= 4);
});

inLoop('maxConnections: what is no number of connections', function* (t, loop) {
  for (const maxConnections of [0, -1, 1.5, Number.NaN, '5', {}] as number[]) {
    const error = yield* errorOf(loop.createServer(() => new Echo(loop), '127.0.0.1', 0, { maxConnections }));
    t.true(error instanceof (typeof maxConnections === 'number' ? RangeError : TypeError));
    t.regex((error as Error).message, /maxConnections must be a/);
  }
});

inLoop('pauseAccepting: who comes waits until resumeAccepting', function* (t, loop) {
  using house = yield* House.open(loop, {}, ['127.0.0.1', '127.0.0.2']);
  const before = Line.connect(house.port);
  yield* turns(QUIET);
  house.server.pauseAccepting();
  house.server.pauseAccepting();
  t.true(house.server.isServing());
  const lines = ['127.0.0.1', '127.0.0.2', '127.0.0.1'].map((host) => Line.connect(house.port, { host }));
  for (const line of [before, ...lines]) line.write('hello');
  yield* before.until(({ received }) => received === 5);
  yield* turns(QUIET);
  t.is(house.probes.length, 1);
  house.server.resumeAccepting();
  house.server.resumeAccepting();
  for (const line of lines) yield* line.until(({ received }) => received === 5);
  t.is(house.probes.length, 4);
  for (const line of [before, ...lines]) line.destroy();
  yield* turns(QUIET);
});

inLoop('pause and resume in one turn, resume without a pause: nothing is lost', function* (t, loop) {
  using house = yield* House.open(loop, {});
  const lines: Line[] = [];
  for (const act of [
    () => {
      house.server.pauseAccepting();
      house.server.resumeAccepting();
    },
    () => house.server.resumeAccepting(),
  ]) {
    lines.push(Line.connect(house.port));
    act();
    lines.push(Line.connect(house.port));
    yield* turns(QUIET);
    t.is(house.probes.length, lines.length);
  }
  for (const line of lines) line.destroy();
  yield* turns(QUIET);
});

inLoop('pauseAccepting before the server serves, and after its end', function* (t, loop) {
  using house = yield* House.open(loop, { startServing: false });
  house.server.pauseAccepting();
  house.server.resumeAccepting();
  house.server.pauseAccepting();
  yield* house.server.startServing();
  const line = Line.connect(house.port);
  yield* turns(QUIET);
  t.is(house.probes.length, 0);
  house.server.resumeAccepting();
  yield* turns(QUIET);
  t.is(house.probes.length, 1);
  line.destroy();
  house.server.close();
  house.server.pauseAccepting();
  house.server.resumeAccepting();
  yield* turns(QUIET);
});

inLoop('a pause, and connections of a full house that leave meanwhile', function* (t, loop) {
  using house = yield* House.open(loop, { maxConnections: 1 });
  const lines = [Line.connect(house.port), Line.connect(house.port)];
  yield* turns(QUIET);
  house.server.pauseAccepting();
  house.probes[0]!.transport.abort();
  yield* turns(QUIET);
  t.is(house.probes.length, 1);
  house.server.resumeAccepting();
  yield* turns(QUIET);
  t.is(house.probes.length, 2);
  for (const line of lines) line.destroy();
  yield* turns(QUIET);
});

inLoop('a paused server tells the exception handler nothing', function* (t, loop) {
  using house = yield* House.open(loop, {});
  const reports = reportsOf(loop);
  house.server.pauseAccepting();
  const line = Line.connect(house.port);
  yield* turns(QUIET);
  line.destroy();
  house.server.resumeAccepting();
  yield* turns(QUIET);
  t.deepEqual(reports, []);
});

test.serial('resumeAccepting() can be called from outside a turn [hosted]', async (t) => {
  const loop = freshLoop();
  const running = loop.runForever();
  let tell = (): void => undefined;
  const made = new Promise<void>((resolve) => {
    tell = resolve;
  });
  class Guest extends Protocol {
    override connectionMade(): void {
      tell();
    }
  }
  const server = await loop.createServer(() => new Guest(), '127.0.0.1', 0);
  server.pauseAccepting();
  const line = Line.connect(portOf(server));
  // The loop has seen it, and sleeps.
  await wait(20);
  server.resumeAccepting();
  await made;
  line.destroy();
  server.close();
  await server.waitClosed();
  loop.stop();
  await running;
  loop.close();
  t.pass();
});
