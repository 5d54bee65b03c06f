// Listeners at their limits: closed while a connection comes in, started by a run itself, without descriptors.

import { setTimeout as wait } from 'node:timers/promises';
import test from 'ava';
import type { Future, Transport } from 'mioloop';
import { runWithFewDescriptors } from './support/few-descriptors.js';
import { Hall, portOf, turns } from './support/hall.js';
import { freshLoop } from './support/leaks.js';
import { Desk, Line } from './support/lockstep.js';
import { bothModes, inLoop, MODES } from './support/modes.js';
import { Probe } from './support/probe.js';

inLoop(
  'a connection accepted in the turn of close() is closed, also when a new one takes its place (B143)',
  function* (t, loop) {
    using desk = new Desk();
    for (let turn = 0; turn < 12; turn++) {
      using hall = yield* Hall.open(loop, () => new Probe(loop));
      const lines = [hall.knock(), hall.knock()];
      let ours: Future<[Transport, Probe]> | undefined;
      const swap = (): void => {
        hall.server.close();
        ours = loop.createConnection(() => new Probe(loop), '127.0.0.1', desk.port);
      };
      // Before, in and after the turn that accepts.
      yield* turns(turn % 3);
      loop.callSoon(swap);
      while (ours === undefined) yield* turns(1);
      const [transport, probe] = yield* ours;
      hall.server.closeClients();
      for (const line of lines) yield* line.until(({ ended, closed }) => ended || closed);
      yield* hall.server.waitClosed();
      t.deepEqual(probe.events, ['made'], 'the new one stands');
      transport.abort();
      yield* probe.until(() => probe.lost !== undefined);
    }
  },
);

bothModes('startServing() can be what a run waits for', async (t, { loop, run }) => {
  const options = { startServing: false };
  const server = await run(loop.createServer(() => new Probe(loop), '127.0.0.1', 0, options));
  t.false(server.isServing());
  await run(server.startServing());
  t.true(server.isServing());
  await run(server.startServing());
  const line = Line.connect(portOf(server));
  server.close();
  line.destroy();
  await run(server.waitClosed());
});

test.serial('startServing() can be called from outside a turn [hosted]', async (t) => {
  const loop = freshLoop();
  const running = loop.runForever();
  const server = await loop.createServer(() => new Probe(loop), '127.0.0.1', 0, { startServing: false });
  await wait(1);
  const starting = server.startServing();
  await starting;
  t.true(server.isServing());
  Line.connect(portOf(server)).destroy();
  server.close();
  await server.waitClosed();
  loop.stop();
  await running;
  loop.close();
});

for (const mode of MODES) {
  test.serial(
    `a server without descriptors reports once, rests for a second and then serves all (B138) [${mode}]`,
    async (t) => {
      if (process.platform === 'win32') return t.pass();
      t.deepEqual(await runWithFewDescriptors('resting.js', mode), {
        messages: ['socket.accept() out of system resource'],
        reportedInEachRound: true,
        tooEarly: 0,
        served: 20,
      });
      return undefined;
    },
  );

  test.serial(
    `a resolver that fails for want of descriptors: the task that waits gets an error with a code [${mode}]`,
    async (t) => {
      if (process.platform === 'win32') return t.pass();
      t.deepEqual(await runWithFewDescriptors('unresolved.js', mode), {
        isError: true,
        hasCode: true,
        reports: [],
      });
      return undefined;
    },
  );
}
