// How a program with executors ends, and executors inside a worker thread. Each test runs a program of its own.
import test from 'ava';
import { MODES } from './support/modes.js';
import { linesOf, runProgram } from './support/program.js';

for (const mode of MODES) {
  const start = mode === 'hosted' ? 'await run' : 'runSync';
  const imports = `
    import { getRunningLoop, newEventLoop, ProcessPoolExecutor, run, runSync, ThreadPoolExecutor, toThread } from 'mioloop';
  `;

  test.serial(`a program that forgets its executors ends all the same [${mode}]`, async (t) => {
    const lines = await linesOf(`${imports}
      ${start}(function* () {
        const threads = new ThreadPoolExecutor(2);
        const processes = new ProcessPoolExecutor(1);
        console.log(yield* threads.submit((a) => a + 1, 1));
        console.log(yield* processes.submit((a) => a + 1, 2));
        console.log(yield* toThread((a) => a + 1, 3));
      });
      console.log('end');
    `);
    t.deepEqual(lines, ['2', '3', '4', 'end']);
  });

  test.serial(`a program ends though a thread is still at work, and others wait [${mode}]`, async (t) => {
    const lines = await linesOf(`${imports}
      ${start}(function* () {
        const executor = new ThreadPoolExecutor(1);
        globalThis.kept = executor;
        executor.submit(() => { for (;;); }).cancel();
        executor.submit(() => 1).cancel();
        executor.submit(() => 1);
      });
      console.log('end');
    `);
    t.deepEqual(lines, ['end']);
  });

  test.serial(`process.exit() in the program ends threads that are at work [${mode}]`, async (t) => {
    const ending = await runProgram(`${imports}
      ${start}(function* () {
        const executor = new ThreadPoolExecutor(2);
        yield* executor.submit(() => 1);
        executor.submit(() => { for (;;); });
        process.exit(3);
      });
    `);
    t.like(ending, { code: 3, hung: false, stderr: '' });
  });

  test.serial(`executors work inside a worker thread, and end with it [${mode}]`, async (t) => {
    const source = `
      import('mioloop').then(({ run, runSync, toThread, ProcessPoolExecutor }) => setImmediate(async () => {
        const main = function* () {
          const { parentPort } = require('node:worker_threads');
          parentPort.postMessage(yield* toThread((a) => a + 1, 1));
          const processes = new ProcessPoolExecutor(1);
          parentPort.postMessage(yield* processes.submit((a) => a + 1, 2));
          yield* processes.shutdown();
          toThread(() => { for (;;); });
          parentPort.postMessage('working');
          yield* toThread(() => new Promise(() => {}));
        };
        await ${mode === 'hosted' ? 'run' : 'runSync'}(main);
      }));
    `;
    const lines = await linesOf(`
      import { Worker } from 'node:worker_threads';
      const worker = new Worker(${JSON.stringify(source)}, { eval: true, execArgv: [] });
      worker.on('message', (message) => {
        console.log(message);
        if (message === 'working') worker.terminate().then(() => console.log('terminated'));
      });
    `);
    t.deepEqual(lines, ['2', '3', 'working', 'terminated']);
  });

  test.serial(`a program in CommonJS [${mode}]`, async (t) => {
    const lines = await linesOf(
      `
      const { run, runSync, ProcessPoolExecutor, toThread } = require('mioloop');
      setImmediate(async () => {
        await ${mode === 'hosted' ? 'run' : 'runSync'}(function* () {
          console.log(yield* toThread((a) => a + 1, 1));
          const processes = new ProcessPoolExecutor(1);
          console.log(yield* processes.submit((a) => a + 1, 2));
          yield* processes.shutdown();
        });
      });
    `,
      { kind: 'commonjs' },
    );
    t.deepEqual(lines, ['2', '3']);
  });
}

test.serial('an executor that nobody has any more ends its threads', async (t) => {
  const lines = await linesOf(`
    import { existsSync } from 'node:fs';
    import { setFlagsFromString } from 'node:v8';
    import { runInNewContext } from 'node:vm';
    import { run, ThreadPoolExecutor } from 'mioloop';
    setFlagsFromString('--expose-gc');
    const gc = runInNewContext('gc');
    const thread = await run(function* () {
      const itself = () => process.getBuiltinModule('node:fs').readlinkSync('/proc/thread-self');
      globalThis.executor = new ThreadPoolExecutor(1);
      return '/proc/' + (yield* executor.submit(itself));
    });
    console.log(existsSync(thread));
    globalThis.executor = null;
    for (let round = 0; round < 400 && existsSync(thread); round++) {
      gc();
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    console.log(existsSync(thread));
  `);
  t.deepEqual(lines, ['true', 'false']);
});
