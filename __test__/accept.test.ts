// Many connections at once, and none left: the accepting side under load.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { Hall, portOf, turns } from './support/hall.js';
import { loopTurns } from './support/internals.js';
import { unacceptedConnections } from './support/kernel.js';
import { Line } from './support/lockstep.js';
import { inLoop } from './support/modes.js';
import { Echo, Probe } from './support/probe.js';

inLoop('500 connections that wait are all accepted and served (B138)', function* (t, loop) {
  const server = yield* loop.createServer(
    () => {
      const probe = new Echo(loop);
      probes.push(probe);
      return probe;
    },
    '127.0.0.1',
    0,
    { backlog: 600 },
  );
  const probes: Probe[] = [];
  const lines = Array.from({ length: 500 }, () => Line.connect(portOf(server)));
  t.is(unacceptedConnections(portOf(server)) ?? 500, 500, 'none is accepted yet');
  for (const [guest, line] of lines.entries()) line.write(`guest ${guest}`);
  while (probes.length < 500) yield* turns(1);
  for (const line of lines) line.finish();
  server.close();
  yield* server.waitClosed();
  for (const [guest, line] of lines.entries()) {
    yield* line.until(({ ended }) => ended);
    t.is(line.data().toString(), `guest ${guest}`);
    line.destroy();
  }
  t.is(probes.length, 500);
  t.true(probes.every(({ lost }) => lost === null));
});

inLoop('waiting connections are accepted together, in the order of their coming (B138)', function* (t, loop) {
  const made: [port: number, turn: number][] = [];

  class Numbered extends Probe {
    override connectionMade(transport: Parameters<Probe['connectionMade']>[0]): void {
      super.connectionMade(transport);
      made.push([transport.getExtraInfo('peername')![1], loopTurns(loop)]);
    }
  }

  using hall = yield* Hall.open(loop, () => new Numbered(loop));
  const lines = Array.from({ length: 20 }, () => hall.knock());
  yield* turns(4);
  t.deepEqual(
    made.map(([port]) => port),
    lines.map(({ localPort }) => localPort),
  );
  t.is(new Set(made.map(([, turn]) => turn)).size, 1, 'connectionMade of all in one turn');
});

inLoop(
  'one turn accepts at most backlog connections; the others come in the next ones (B138)',
  function* (t, loop) {
    const turnsOfFactory: number[] = [];
    const factory = (): Probe => {
      turnsOfFactory.push(loopTurns(loop));
      return new Probe(loop);
    };
    const server = yield* loop.createServer(factory, '127.0.0.1', 0, { backlog: 3 });
    // The kernel's queue holds backlog + 1.
    const lines = Array.from({ length: 4 }, () => Line.connect(portOf(server)));
    while (turnsOfFactory.length < 4) yield* turns(1);
    const [first] = turnsOfFactory;
    t.deepEqual(
      turnsOfFactory.map((turn) => turn - first!),
      [0, 0, 0, 1],
    );
    server.close();
    for (const line of lines) line.destroy();
  },
);

inLoop('1,000 connections one after another leave nothing behind', function* (t, loop) {
  const probes: Probe[] = [];
  const server = yield* loop.createServer(
    () => {
      const probe = new Echo(loop);
      probes.push(probe);
      return probe;
    },
    '127.0.0.1',
    0,
  );
  for (let guest = 0; guest < 1000; guest++) {
    const [transport, probe] = yield* loop.createConnection(
      () => new Probe(loop),
      '127.0.0.1',
      portOf(server),
    );
    transport.write(Buffer.from('ping'));
    yield* probe.until(() => probe.received === 4);
    transport.close();
    yield* probe.until(() => probe.lost !== undefined);
  }
  server.close();
  yield* server.waitClosed();
  t.is(probes.length, 1000);
  t.true(probes.every(({ lost, received }) => lost === null && received === 4));
});

/** Descriptors that the exhausted program may have. */
const FEW = 64;

for (const mode of ['hosted', 'blocking']) {
  test.serial(
    `no descriptor left: the handler hears of it, and accepting resumes later (B46, B138) [${mode}]`,
    async (t) => {
      if (process.platform === 'win32') return t.pass();
      const program = fileURLToPath(new URL('./support/exhausted.js', import.meta.url));
      const child = spawn('sh', ['-c', `ulimit -n ${FEW}; exec "$0" "$@"`, process.execPath, program, mode], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let output = '';
      child.stdout.on('data', (chunk: Buffer) => {
        output += chunk.toString();
      });
      const [code] = await once(child, 'close');
      t.is(code, 0);
      t.deepEqual(JSON.parse(output), {
        messages: ['socket.accept() out of system resource'],
        code: 'EMFILE',
        syscall: 'accept',
        socketIsTheServers: true,
        servedAfterwards: true,
        closedInHandler: true,
      });
      return undefined;
    },
  );
}
