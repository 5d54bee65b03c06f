// How a process, or a worker, that uses the package ends. Each test runs a program of its own, which is killed after
// half a minute: what hangs fails.

import test, { type ExecutionContext } from 'ava';
import { MODES, type Mode } from './support/modes.js';
import { type Ending, linesOf, runProgram } from './support/program.js';
import { Stranger } from './support/stranger.js';

/** Defines `connect()`: a server and a client connected to it, both on the running loop. */
const CONNECTED = `
  class Echo extends Protocol {
    connectionMade(transport) { this.transport = transport; }
    dataReceived(data) { this.transport.write(data); }
  }
  class Client extends Protocol {
    constructor() { super(); this.greeted = getRunningLoop().createFuture(); }
    connectionMade(transport) { transport.write(Buffer.from('hello')); }
    dataReceived() { if (!this.greeted.done()) this.greeted.setResult(null); }
  }
  function* connect() {
    const loop = getRunningLoop();
    const server = yield* loop.createServer(() => new Echo(), '127.0.0.1', 0);
    const [host, port] = server.sockets[0].getsockname();
    const [transport, client] = yield* loop.createConnection(() => new Client(), host, port);
    yield* client.greeted;
    return { loop, server, transport };
  }
`;

/** A module that has \`connect()\` and \`start(main)\`, which runs in the given mode. */
function program(mode: Mode, body: string): string {
  return `
    import { getRunningLoop, newEventLoop, Protocol, run, runSync, sleep } from 'mioloop';
    ${CONNECTED}
    const start = ${mode === 'hosted' ? 'run' : 'runSync'};
    ${body}
  `;
}

/** A program whose worker has open connections, sleeps, and is met by \`then\` when it does. */
function withWorker(mode: Mode, then: string): string {
  const source = `
    const { parentPort } = require('node:worker_threads');
    import('mioloop').then(({ getRunningLoop, Protocol, run, runSync }) => {
      ${CONNECTED}
      function* main() {
        const { loop } = yield* connect();
        parentPort.postMessage('connected');
        yield* loop.createFuture();
      }
      setImmediate(() => (${mode === 'hosted' ? 'run' : 'runSync'})(main));
    });
  `;
  // The pause is no condition: it lets the worker reach its sleep, which is the harder case.
  return `
    import { once } from 'node:events';
    import { setTimeout as pause } from 'node:timers/promises';
    import { Worker } from 'node:worker_threads';
    const worker = new Worker(${JSON.stringify(source)}, { eval: true, execArgv: [] });
    await once(worker, 'message');
    await pause(100);
    ${then}
  `;
}

async function ends(t: ExecutionContext, source: string, expected: Partial<Ending>): Promise<Ending> {
  const ending = await runProgram(source);
  t.like(ending, { hung: false, ...expected }, JSON.stringify(ending, null, 2));
  return ending;
}

for (const mode of MODES) {
  const run = mode === 'hosted' ? 'await run(main)' : 'runSync(main)';

  test.serial(`a process ends by itself after ${run}`, async (t) => {
    const source = program(
      mode,
      `
      console.log(await start(function* () {
        const { server, transport } = yield* connect();
        yield* sleep(0.01);
        transport.close();
        server.close();
        yield* server.waitClosed();
        return 'done';
      }));
    `,
    );
    t.deepEqual(await linesOf(source), ['done']);
  });

  test.serial(`a process ends by itself after ${run} that left everything open`, async (t) => {
    const source = program(
      mode,
      `
      await start(function* () {
        const { loop } = yield* connect();
        loop.callLater(3600, () => {});
      });
      console.log('done');
    `,
    );
    await ends(t, source, { code: 0, stdout: 'done\n' });
  });

  test.serial(`process.exit() with open connections ends the process [${mode}]`, async (t) => {
    const source = program(
      mode,
      `
      await start(function* () {
        const { loop } = yield* connect();
        loop.callLater(0.01, () => process.exit(7));
        yield* loop.createFuture();
      });
    `,
    );
    await ends(t, source, { code: 7, stderr: '' });
  });

  test.serial(`an uncaught error with open connections ends the process [${mode}]`, async (t) => {
    const source = program(
      mode,
      `
      await start(function* () {
        const { loop } = yield* connect();
        loop.callSoon(async () => { process.nextTick(() => { throw new Error('of a stranger'); }); });
        yield* loop.createFuture();
      });
    `,
    );
    const ending = await ends(t, source, { code: 1 });
    t.regex(ending.stderr, /Error: of a stranger/);
  });

  test.serial(`an error of main with open connections ends the process [${mode}]`, async (t) => {
    const source = program(
      mode,
      `
      await start(function* () {
        yield* connect();
        throw new Error('of main');
      });
    `,
    );
    const ending = await ends(t, source, { code: 1 });
    t.regex(ending.stderr, /Error: of main/);
  });

  test.serial(`an uncaught error that the process survives leaves the loop running [${mode}]`, async (t) => {
    const source = program(
      mode,
      `
      process.on('uncaughtException', (error) => console.log('caught', error.message));
      console.log(await start(function* () {
        const { loop, server, transport } = yield* connect();
        loop.callSoon(async () => { process.nextTick(() => { throw new Error('of a stranger'); }); });
        yield* sleep(0.01);
        transport.close();
        server.close();
        yield* server.waitClosed();
        return 'went on';
      }));
    `,
    );
    t.deepEqual(await linesOf(source), ['caught of a stranger', 'went on']);
  });

  test.serial(`Ctrl-C ends a process that sleeps in a run [${mode}]`, async (t) => {
    const source = program(
      mode,
      `
      await start(function* () {
        const { loop } = yield* connect();
        console.log('sleeping');
        yield* loop.createFuture();
      });
    `,
    );
    const ending = await runProgram(source, {
      onOutput: (printed, kill) => {
        if (printed === 'sleeping\n') kill('SIGINT');
      },
    });
    t.false(ending.hung);
    t.true(ending.signal === 'SIGINT' || (ending.code ?? 0) !== 0, JSON.stringify(ending));
  });

  test.serial(`what is written just before process.exit() arrives [${mode}]`, async (t) => {
    const peer = await Stranger.collector();
    const source = program(
      mode,
      `
      await start(function* () {
        const loop = getRunningLoop();
        const [transport] = yield* loop.createConnection(() => new Protocol(), '127.0.0.1', ${peer.port});
        for (let index = 0; index < 100; index++) transport.write(Buffer.from(index + ';'));
        process.exit(0);
      });
    `,
    );
    await ends(t, source, { code: 0, stderr: '' });
    const { received, error } = await peer.outcome();
    t.is(received.toString(), Array.from({ length: 100 }, (_, index) => `${index};`).join(''));
    t.is(error, null);
    await peer.close();
  });

  test.serial(`terminate() ends a worker that sleeps with open connections [${mode}]`, async (t) => {
    const then = `console.log('worker ended', await worker.terminate());`;
    t.deepEqual(await linesOf(withWorker(mode, then)), ['worker ended 1']);
  });

  test.serial(`process.exit() beside a worker that sleeps with open connections [${mode}]`, async (t) => {
    await ends(t, withWorker(mode, 'process.exit(3);'), { code: 3, stderr: '' });
  });

  test.serial(`an uncaught error beside a worker that sleeps with open connections [${mode}]`, async (t) => {
    const ending = await ends(t, withWorker(mode, `throw new Error('of the main thread');`), { code: 1 });
    t.regex(ending.stderr, /Error: of the main thread/);
  });

  test.serial(
    `process.exit() in a worker with open connections ends that worker alone [${mode}]`,
    async (t) => {
      const source = `
      import { once } from 'node:events';
      import { Worker } from 'node:worker_threads';
      const worker = new Worker(\`
        import('mioloop').then(({ getRunningLoop, Protocol, run, runSync }) => {
          ${CONNECTED}
          setImmediate(() => (${mode === 'hosted' ? 'run' : 'runSync'})(function* () {
            const { loop } = yield* connect();
            loop.callSoon(() => process.exit(5));
            yield* loop.createFuture();
          }));
        });
      \`, { eval: true, execArgv: [] });
      console.log('worker ended', (await once(worker, 'exit'))[0]);
    `;
      t.deepEqual(await linesOf(source), ['worker ended 5']);
    },
  );
}

test.serial('importing the package, or a loop that never ran, keeps no process alive', async (t) => {
  await ends(t, `import 'mioloop'; console.log('done');`, { code: 0, stdout: 'done\n' });
  const unused = `import { newEventLoop } from 'mioloop'; newEventLoop(); console.log('done');`;
  await ends(t, unused, { code: 0, stdout: 'done\n' });
});

test.serial('a hosted run keeps the process alive, though Node has nothing to do', async (t) => {
  const source = program(
    'hosted',
    `
    start(function* () { yield* sleep(0.2); console.log('slept'); });
  `,
  );
  t.deepEqual(await linesOf(source), ['slept']);
});

test.serial("require('mioloop') works from CommonJS, in both modes", async (t) => {
  const source = `
    const { run, runSync, sleep } = require('mioloop');
    console.log(runSync(async () => { await sleep(0.001); return 'blocking'; }));
    run(function* () { yield* sleep(0.001); return 'hosted'; }).then(console.log);
  `;
  const ending = await runProgram(source, { kind: 'commonjs' });
  t.like(ending, { code: 0, stdout: 'blocking\nhosted\n' }, JSON.stringify(ending, null, 2));
});
