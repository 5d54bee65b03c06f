// Ctrl-C in run(), runSync() and a Runner, as a user gives it: SIGINT to a program of its own.

import test, { type ExecutionContext } from 'ava';
import { MODES, type Mode } from './support/modes.js';
import { type Ending, runProgram } from './support/program.js';

/**
 * A module with `start(main)`, which is `run` or `runSync`, and `startOn(runner, main)`. `ended(promise)` prints how a run
 * ended; `ready()` prints what the test answers with SIGINT.
 */
function program(mode: Mode, body: string): string {
  const start = mode === 'hosted' ? 'run(main)' : '(() => runSync(main))()';
  return `
    import { allTasks, getRunningLoop, KeyboardInterrupt, Runner, run, runSync, sleep } from 'mioloop';
    const start = async (main) => ${start};
    const startOn = async (runner, main) => ${mode === 'hosted' ? 'runner.run(main)' : 'runner.runSync(main)'};
    const ready = () => console.log('ready');
    const interrupt = () => process.kill(process.pid, 'SIGINT');
    async function ended(run) {
      try {
        console.log('result', await run);
      } catch (error) {
        console.log(error.name, error.code ?? '', error instanceof KeyboardInterrupt);
      }
    }
    ${body}
  `;
}

/** Runs the program, and answers every \`ready\` with SIGINT. */
function interrupted(source: string, kind: 'module' | 'commonjs' = 'module'): Promise<Ending> {
  let answered = 0;
  return runProgram(source, {
    kind,
    onOutput: (printed, kill) => {
      for (const due = printed.split('ready\n').length - 1; answered < due; answered++) kill('SIGINT');
    },
  });
}

async function prints(t: ExecutionContext, source: string, lines: string[]): Promise<void> {
  const { stdout, stderr, code } = await interrupted(source);
  t.deepEqual([...stdout.split('\n').slice(0, -1), stderr, code], [...lines, '', 0]);
}

for (const mode of MODES) {
  const titled = (title: string): string => `${title} [${mode}]`;

  test.serial(titled('Ctrl-C cancels the main task, and the process ends as by Ctrl-C (B88)'), async (t) => {
    const source = program(
      mode,
      `
      process.on('exit', () => console.log('exit'));
      await start(function* () {
        try {
          ready();
          yield* sleep(3600);
        } finally {
          yield* sleep(0);
          console.log('cleaned up');
        }
      });
      console.log('it went on');
    `,
    );
    const ending = await interrupted(source);
    t.like(ending, { stdout: 'ready\ncleaned up\nexit\n', stderr: '', signal: 'SIGINT', hung: false });
  });

  test.serial(titled('Ctrl-C in the turn in which the main task fails leaves its error (B88)'), async (t) => {
    const source = program(
      mode,
      `
      await ended(start(function* () {
        yield* sleep(0);
        interrupt();
        throw new RangeError('its own');
      }));
    `,
    );
    await prints(t, source, ['RangeError  false']);
  });

  test.serial(
    titled('a second Ctrl-C ends the run at once, and the loop is closed in order (B88)'),
    async (t) => {
      const source = program(
        mode,
        `
      let loop;
      await ended(start(function* () {
        loop = getRunningLoop();
        loop.createTask(function* () {
          try {
            yield* sleep(3600);
          } finally {
            console.log('a task is cancelled with the loop');
          }
        });
        try {
          ready();
          yield* sleep(3600);
        } catch (error) {
          console.log(error.name);
          ready();
          yield* loop.createFuture();
        } finally {
          console.log('so is main');
        }
      }));
      console.log(loop.isClosed());
    `,
      );
      await prints(t, source, [
        ...['ready', 'CancelledError', 'ready', 'so is main', 'a task is cancelled with the loop'],
        ...['KeyboardInterrupt ERR_KEYBOARD_INTERRUPT true', 'true'],
      ]);
    },
  );

  test.serial(
    titled('what the main task makes of the first Ctrl-C is the end of the run (B88)'),
    async (t) => {
      const source = program(
        mode,
        `
      const waiting = (end) => function* () {
        try {
          ready();
          yield* sleep(3600);
        } catch (error) {
          return end(error);
        }
      };
      await ended(start(waiting((error) => { throw error; })));
      await ended(start(waiting(() => 'swallowed')));
      await ended(start(waiting(() => { throw new Error('another'); })));
      // Waiting for a future cancels it, too.
      let future;
      await ended(start(function* () {
        future = getRunningLoop().createFuture();
        getRunningLoop().callLater(3600, () => {});
        ready();
        yield* future;
      }));
      console.log(future.cancelled());
      // The only case in which the task does not wait for a future.
      await ended(start(function* () {
        ready();
        for (;;) yield* sleep(0);
      }));
    `,
      );
      await prints(t, source, [
        ...['ready', 'KeyboardInterrupt ERR_KEYBOARD_INTERRUPT true', 'ready', 'result swallowed'],
        ...['ready', 'Error  false', 'ready', 'KeyboardInterrupt ERR_KEYBOARD_INTERRUPT true', 'true'],
        ...['ready', 'KeyboardInterrupt ERR_KEYBOARD_INTERRUPT true'],
      ]);
    },
  );

  test.serial(titled('a main task that others cancel as well ends as cancelled (B88)'), async (t) => {
    const source = program(
      mode,
      `
      const cancelledBy = (act) => function* () {
        const loop = getRunningLoop();
        const main = [...allTasks(loop)][0];
        loop.callSoon(() => act(main, loop));
        try {
          yield* sleep(3600);
        } finally {
          yield* sleep(0);
          yield* sleep(0);
        }
      };
      await ended(start(cancelledBy((main) => { main.cancel(); interrupt(); })));
      await ended(start(cancelledBy((main) => { interrupt(); main.cancel(); })));
      // In the turn in which it has ended by that.
      await ended(start(function* () {
        const loop = getRunningLoop();
        const main = [...allTasks(loop)][0];
        loop.callSoon(() => { main.cancel(); interrupt(); });
        yield* sleep(3600);
      }));
    `,
    );
    await prints(t, source, Array<string>(3).fill('CancelledError ERR_CANCELLED false'));
  });

  test.serial(titled('who listens to SIGINT has it for himself (B88)'), async (t) => {
    const source = program(
      mode,
      `
      const main = (prepare) => function* () {
        const loop = getRunningLoop();
        const heard = loop.createFuture();
        prepare(loop, heard);
        interrupt();
        // Node's listeners hear of it when a blocking run is over.
        yield* ${mode === 'hosted' ? 'heard' : 'sleep(0.01)'};
        return 'not cancelled';
      };
      const listener = (heard) => () => { console.log('listener'); heard?.setResult(null); };
      const nodesTurn = () => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

      process.on('SIGINT', listener());
      await ended(start(main((_, heard) => process.once('SIGINT', listener(heard)))));
      await nodesTurn();
      process.removeAllListeners('SIGINT');

      await ended(start(main((_, heard) => process.once('SIGINT', listener(heard)))));
      await nodesTurn();
      process.removeAllListeners('SIGINT');

      const runner = new Runner();
      const own = (loop, heard) => loop.addSignalHandler('SIGINT', () => { console.log('handler'); heard.setResult(null); });
      await ended(startOn(runner, main(own)));
      // It is still there in the next run.
      console.log(runner.getLoop().removeSignalHandler('SIGINT'));
      runner.getLoop().addSignalHandler('SIGINT', () => console.log('handler of before'));
      await ended(startOn(runner, function* () { interrupt(); yield* sleep(0.01); return 'not cancelled'; }));
      await runner.close();

      // The runner's own is not the user's to remove.
      await ended(start(function* () {
        console.log(getRunningLoop().removeSignalHandler('SIGINT'));
        interrupt();
        yield* sleep(3600);
      }));
    `,
    );
    const [first, second] =
      mode === 'hosted'
        ? [
            ['listener', 'listener', 'result not cancelled'],
            ['listener', 'result not cancelled'],
          ]
        : [
            ['result not cancelled', 'listener', 'listener'],
            ['result not cancelled', 'listener'],
          ];
    await prints(t, source, [
      ...(first ?? []),
      ...(second ?? []),
      ...['handler', 'result not cancelled', 'true', 'handler of before', 'result not cancelled'],
      ...['false', 'KeyboardInterrupt ERR_KEYBOARD_INTERRUPT true'],
    ]);
  });

  test.serial(titled('behind a run, and between two, Ctrl-C does what it did before (B88)'), async (t) => {
    const source = program(
      mode,
      `
      const runner = new Runner();
      for (const run of [1, 2]) {
        await ended(startOn(runner, function* () { interrupt(); yield* sleep(3600); }));
        console.log(process.listenerCount('SIGINT'), runner.getLoop().removeSignalHandler('SIGINT'));
      }
      setInterval(() => {}, 1000);
      ready();
    `,
    );
    const ending = await interrupted(source);
    const round = 'KeyboardInterrupt ERR_KEYBOARD_INTERRUPT true\n0 false\n';
    t.like(ending, { stdout: `${round}${round}ready\n`, stderr: '', signal: 'SIGINT', hung: false });
  });

  test.serial(titled('a KeyboardInterrupt that is handled ends no process (B88)'), async (t) => {
    const source = program(
      mode,
      `
      process.on('uncaughtException', (error) => console.log('uncaught', error.name));
      process.on('exit', (code) => console.log('exit', code));
      setImmediate(() => console.log('Node goes on'));
      await start(function* () { interrupt(); yield* sleep(3600); });
    `,
    );
    const { stdout, stderr, signal } = await interrupted(source);
    t.true(stdout.split('\n').includes('uncaught KeyboardInterrupt'), stdout);
    t.deepEqual([stderr, signal], ['', null]);
  });

  test.serial(titled('a run in a worker leaves Ctrl-C to the process (B88)'), async (t) => {
    const source = `
      const { Worker } = require('node:worker_threads');
      const worker = new Worker(\`
        const { parentPort } = require('node:worker_threads');
        import('mioloop').then(async ({ run, runSync, sleep }) => {
          await ${mode === 'hosted' ? 'run' : 'runSync'}(function* () {
            parentPort.postMessage('running');
            yield* sleep(3600);
          });
        });
      \`, { eval: true });
      worker.on('message', () => console.log('ready'));
    `;
    t.like(await interrupted(source, 'commonjs'), { stdout: 'ready\n', stderr: '', signal: 'SIGINT' });
  });
}

test.serial('that Ctrl-C could come does not hide a wait that nothing can end [blocking]', async (t) => {
  const main = 'function* () { yield* getRunningLoop().createFuture(); }';
  const source = program('blocking', `await ended(start(${main}));`);
  await prints(t, source, ['RuntimeError ERR_BLOCKING_DEADLOCK false']);
});

test.serial('Ctrl-C cancels all hosted runs of the thread (B88)', async (t) => {
  const source = program(
    'hosted',
    `
    const main = function* () { yield* sleep(3600); };
    setImmediate(ready);
    await Promise.all([ended(run(main)), ended(run(main))]);
  `,
  );
  await prints(t, source, [
    'ready',
    ...Array<string>(2).fill('KeyboardInterrupt ERR_KEYBOARD_INTERRUPT true'),
  ]);
});

test.serial('an async main is cancelled by Ctrl-C as well (B88)', async (t) => {
  const source = program(
    'hosted',
    `
    await ended(run(async () => {
      try {
        ready();
        await sleep(3600);
      } finally {
        console.log('cleaned up');
      }
    }));
  `,
  );
  await prints(t, source, ['ready', 'cleaned up', 'KeyboardInterrupt ERR_KEYBOARD_INTERRUPT true']);
});
