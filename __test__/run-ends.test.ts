// What the last turn of a run, an ExitError, the loop's close and the process's end leave behind.

import { setTimeout as wait } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { SystemExit } from 'mioloop';
import { portOf, turns } from './support/hall.js';
import { closedAtEnd } from './support/leaks.js';
import { Desk, Line } from './support/lockstep.js';
import { type Bench, bothModes, MODES } from './support/modes.js';
import { Probe } from './support/probe.js';
import { runProgram } from './support/program.js';
import { bytesOf } from './support/random.js';
import { Stranger } from './support/stranger.js';

const BIG = 16 * 1024 * 1024;
const GIVE_UP_MS = 10_000;

/** Waits, without any loop of ours, until `line` has `bytes` bytes, or for long. */
async function dataOf(line: Line, bytes: number): Promise<string> {
  const deadline = performance.now() + GIVE_UP_MS;
  while (line.look().received < bytes && performance.now() < deadline) await wait(1);
  return line.data().toString();
}

/** Ways to end a run in the turn in which `write` is called. */
const ENDS: [
  name: string,
  end: (bench: Bench, write: () => void, t: ExecutionContext) => Promise<unknown>,
][] = [
  [
    'stop()',
    ({ loop, runForever }, write) => {
      loop.callSoon(() => {
        loop.stop();
        write();
      });
      return runForever();
    },
  ],
  [
    'an ExitError',
    ({ loop, runForever }, write, t) => {
      loop.callSoon(() => {
        write();
        throw new SystemExit('enough');
      });
      return t.throwsAsync(runForever(), { any: true, name: 'SystemExit' });
    },
  ],
  [
    'the end of main',
    ({ loop, run }, write) => {
      const main = loop.createFuture<void>();
      loop.callSoon(() => main.setResult());
      // Called in the turn in which the run's own callback stops the loop.
      main.addDoneCallback(write);
      return run(main);
    },
  ],
];

for (const [name, end] of ENDS) {
  bothModes(`what is written in the turn that ends the run by ${name} leaves at once`, async (t, bench) => {
    const { loop, run } = bench;
    using desk = new Desk();
    const [transport] = await run(loop.createConnection(() => new Probe(loop), '127.0.0.1', desk.port));
    const [line] = await run(desk.accepted(1));
    await end(bench, () => transport.write(Buffer.from('last')), t);
    t.is(await dataOf(line!, 4), 'last');
    t.false(loop.isClosed());
  });
}

bothModes(
  'connections that wait when an ExitError ends the run are closed by server.close()',
  async (t, { loop, run, runForever }) => {
    using desk = new Desk();
    const served: Probe[] = [];
    const factory = (): Probe => {
      served.push(new Probe(loop));
      return served.at(-1)!;
    };
    const server = await run(loop.createServer(factory, '127.0.0.1', 0));
    const lines: Line[] = [];
    loop.callSoon(() => {
      for (let guest = 0; guest < 5; guest++) lines.push(Line.connect(portOf(server)));
      loop.callSoon(() => {
        throw new SystemExit('enough');
      });
    });
    await t.throwsAsync(runForever(), { any: true, name: 'SystemExit' });
    server.close();
    await run(function* () {
      // New connections may take the places that the others had.
      const ours = lines.map(() => loop.createConnection(() => new Probe(loop), '127.0.0.1', desk.port));
      for (const line of lines) yield* line.until(({ ended, closed }) => ended || closed);
      for (const operation of ours) {
        const [transport, probe] = yield* operation;
        transport.write(Buffer.from('ours'));
        transport.close();
        yield* probe.until(() => probe.lost !== undefined);
      }
      for (const line of yield* desk.accepted(lines.length)) yield* line.until(({ ended }) => ended);
    });
    t.deepEqual(
      desk.lines().map((line) => line.data().toString()),
      lines.map(() => 'ours'),
    );
    t.is(served.length, 0);
    for (const line of lines) line.destroy();
  },
);

bothModes(
  'after an ExitError thrown by pauseWriting, resumeWriting comes in the next run (B119)',
  async (t, { loop, run, runForever }) => {
    class Exits extends Probe {
      override pauseWriting(): void {
        super.pauseWriting();
        throw new SystemExit('enough');
      }
    }

    using desk = new Desk({ paused: true });
    const [transport, probe] = await run(
      loop.createConnection(() => new Exits(loop), '127.0.0.1', desk.port),
    );
    const [line] = await run(desk.accepted(1));
    loop.callSoon(() => transport.write(bytesOf(1, BIG)));
    await t.throwsAsync(runForever(), { any: true, name: 'SystemExit' });
    line!.resume();
    await run(probe.until(() => probe.events.includes('resume')));
    t.deepEqual(probe.events, ['made', 'pause', 'resume']);
    transport.close();
    await run(probe.until(() => probe.lost !== undefined));
  },
);

bothModes('writing much on a transport of a closed loop is dropped silently', async (t, { loop, run }) => {
  using desk = new Desk();
  const [transport] = await run(loop.createConnection(() => new Probe(loop), '127.0.0.1', desk.port));
  await run(turns(1));
  loop.close();
  t.notThrows(() => {
    for (let piece = 0; piece < 20_000; piece++) transport.write(bytesOf(1, 100));
    for (let piece = 0; piece < 100; piece++) transport.write(bytesOf(1, 100_000));
    transport.writelines(Array.from({ length: 2000 }, () => bytesOf(1, 1000)));
  });
  t.is(transport.getWriteBufferSize(), 0);
});

for (const mode of MODES) {
  for (const exit of ['from outside a turn', 'in a turn']) {
    test.serial(
      `what an 'exit' listener writes arrives when process.exit() is called ${exit} [${mode}]`,
      async (t) => {
        await using stranger = await Stranger.collector();
        closedAtEnd(() => stranger.close());
        const leave = exit === 'in a turn' ? 'loop.callSoon(() => process.exit(0))' : 'process.exit(0)';
        const ending = await runProgram(`
          import { newEventLoop, Protocol } from 'mioloop';
          const loop = newEventLoop();
          const connecting = loop.createConnection(() => new Protocol(), '127.0.0.1', ${stranger.port});
          ${
            mode === 'hosted'
              ? `loop.runForever();
                 const [transport] = await connecting;`
              : 'const [transport] = loop.runUntilCompleteSync(connecting);'
          }
          process.on('exit', () => transport.write(Buffer.from('bye')));
          ${leave};
          ${mode === 'hosted' ? '' : 'loop.runForeverSync();'}
        `);
        t.like(ending, { code: 0, hung: false, stderr: '' });
        t.is((await stranger.outcome()).received.toString(), 'bye');
      },
    );
  }
}
