// Signal handlers beside Node's own listeners and children, and what a signal does when nobody handles it any more. Each
// test runs programs of its own: a signal's default action ends the process.

import test from 'ava';
import { MODES, type Mode } from './support/modes.js';
import { linesOf, runProgram } from './support/program.js';

/** A module with \`run(main)\` on \`loop\`, in the given mode, and \`heard\`: who has heard of a signal sent now. */
function program(mode: Mode, body: string): string {
  return `
    import { spawn } from 'node:child_process';
    import { once } from 'node:events';
    import { newEventLoop, sleep, socket } from 'mioloop';
    const loop = newEventLoop();
    const run = (main) => ${mode === 'hosted' ? 'loop.runUntilComplete(main)' : 'loop.runUntilCompleteSync(main)'};
    const raise = (signal) => process.kill(process.pid, signal);
    function* turns() { for (let turn = 0; turn < 3; turn++) yield* sleep(0); }
    // Node looks for events before it runs immediates.
    const nodesTurn = () => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    const names = [];
    async function heard(signal) {
      names.length = 0;
      raise(signal);
      await run(turns);
      await nodesTurn();
      return names.sort().join(' and ') || 'nobody';
    }
    ${body}
  `;
}

/** Every order in which a listener of Node's and a handler of the loop can come and go. */
const ORDERS = [
  'on off add remove',
  'on add off remove',
  'on add remove off',
  'add remove on off',
  'add on remove off',
  'add on off remove',
  'add on close off',
  'on add close off',
  'add on off close',
] as const;

/** Who listens after each step. */
function expected(order: string): string[] {
  const listening = new Set<string>();
  const lines: string[] = [];
  for (const step of order.split(' ')) {
    if (step === 'on') listening.add('node');
    else if (step === 'off') listening.delete('node');
    else if (step === 'add') listening.add('loop');
    else listening.delete('loop');
    lines.push(`${step}: ${[...listening].sort().join(' and ') || 'nobody'}`);
  }
  return lines;
}

for (const mode of MODES) {
  const titled = (title: string): string => `${title} [${mode}]`;

  test.serial(
    titled('process.on() and a handler hear the same signal, and neither takes it from the other (B184)'),
    async (t) => {
      for (const order of ORDERS) {
        const source = program(
          mode,
          `
          const listener = () => names.push('node');
          const steps = {
            on: () => process.on('SIGTERM', listener),
            off: () => process.off('SIGTERM', listener),
            add: () => loop.addSignalHandler('SIGTERM', () => names.push('loop')),
            remove: () => loop.removeSignalHandler('SIGTERM'),
            close: () => loop.close(),
          };
          let listening = 0;
          for (const step of '${order}'.split(' ')) {
            listening += step === 'on' || step === 'add' ? 1 : -1;
            steps[step]();
            if (listening === 0) console.log(step + ': nobody');
            else if (!loop.isClosed()) console.log(step + ': ' + await heard('SIGTERM'));
            else {
              names.length = 0;
              raise('SIGTERM');
              await nodesTurn();
              console.log(step + ': ' + names);
            }
          }
          raise('SIGTERM');
          console.log('it went on');
        `,
        );
        const { stdout, stderr, signal } = await runProgram(source);
        t.deepEqual([...stdout.split('\n').slice(0, -1), stderr], [...expected(order), ''], order);
        t.is(signal, 'SIGTERM', order);
      }
    },
  );

  test.serial(titled('Ctrl-C ends the process again after a handler is removed (B184)'), async (t) => {
    for (const end of ["loop.removeSignalHandler('SIGINT')", 'loop.close()']) {
      const source = program(
        mode,
        `
        loop.addSignalHandler('SIGINT', () => console.log('handled'));
        raise('SIGINT');
        await run(turns);
        ${end};
        setInterval(() => {}, 1000);
        console.log('ready');
      `,
      );
      const ending = await runProgram(source, {
        onOutput: (printed, kill) => {
          if (printed.endsWith('ready\n')) kill('SIGINT');
        },
      });
      t.like(ending, { stdout: 'handled\nready\n', stderr: '', signal: 'SIGINT', hung: false }, end);
    }
  });

  test.serial(
    titled('what Node does with a signal by itself, it does again behind a handler (B184)'),
    async (t) => {
      const source = program(
        mode,
        `
      process.debugPort = 0;
      // Node ignores the first two; the third starts its inspector.
      for (const signal of ['SIGPIPE', 'SIGXFSZ', 'SIGUSR1']) {
        loop.addSignalHandler(signal, () => names.push('loop'));
        console.log(signal, await heard(signal));
        loop.removeSignalHandler(signal);
        raise(signal);
        await run(turns);
      }
      // Also when Node had forgotten of it: its own listener leaves SIGPIPE to end the process.
      const listener = () => {};
      process.on('SIGPIPE', listener);
      loop.addSignalHandler('SIGPIPE', listener);
      process.off('SIGPIPE', listener);
      loop.removeSignalHandler('SIGPIPE');
      raise('SIGPIPE');
      console.log('alive');
      process.exit();
    `,
      );
      const { stdout, code } = await runProgram(source);
      t.is(stdout, 'SIGPIPE loop\nSIGXFSZ loop\nSIGUSR1 loop\nalive\n');
      t.is(code, 0);
    },
  );

  test.serial(titled('a handler of SIGCHLD leaves children to Node, and hears of them'), async (t) => {
    const source = program(
      mode,
      `
      let count = 0;
      const first = loop.createFuture();
      loop.addSignalHandler('SIGCHLD', () => {
        count += 1;
        if (!first.done()) first.setResult(null);
      });
      const children = [0, 1, 2].map((code) => spawn('sh', ['-c', 'exit ' + code]));
      const codes = Promise.all(children.map((child) => once(child, 'exit')));
      await run(first);
      console.log((await codes).map(([code]) => code).join(' '));
      console.log(loop.removeSignalHandler('SIGCHLD'));
      const [code] = await once(spawn('sh', ['-c', 'exit 3']), 'exit');
      console.log(code);
      loop.close();
    `,
    );
    t.deepEqual(await linesOf(source), ['0 1 2', 'true', '3']);
  });

  test.serial(
    titled('a signal to a child does what it does there, and is not heard here (B186)'),
    async (t) => {
      const python = 'import os, signal; os.kill(os.getpid(), signal.SIGTERM)';
      const source = program(
        mode,
        `
      loop.addSignalHandler('SIGTERM', () => names.push('loop'));
      process.on('SIGTERM', () => names.push('node'));
      const commands = [['sh', '-c', 'kill -TERM $$'], ['python3', '-c', ${JSON.stringify(python)}], ['sleep', '60']];
      for (const [program, ...args] of commands) {
        const child = spawn(program, args, { stdio: 'ignore' });
        const ended = once(child, 'exit');
        if (program === 'sleep') child.kill('SIGTERM');
        const [, signal] = await ended;
        await run(turns);
        console.log(program, signal, names.length);
      }
      console.log(await heard('SIGTERM'));
      process.exit();
    `,
      );
      t.deepEqual(await linesOf(source), [
        'sh SIGTERM 0',
        'python3 SIGTERM 0',
        'sleep SIGTERM 0',
        'loop and node',
      ]);
    },
  );

  test.serial(titled('the handlers of a loop that is dropped unclosed end with it'), async (t) => {
    const source = program(
      mode,
      `
      import { setFlagsFromString } from 'node:v8';
      import { runInNewContext } from 'node:vm';
      setFlagsFromString('--expose-gc');
      const gc = runInNewContext('gc');
      let isCollected = false;
      process.on('warning', ({ code }) => { isCollected ||= code === 'MIOLOOP_UNCLOSED_LOOP'; });
      (() => newEventLoop().addSignalHandler('SIGTERM', () => {}))();
      while (!isCollected) {
        gc();
        await nodesTurn();
      }
      // Its native parts go by their own finalizers, which Node runs between its turns.
      for (let round = 0; round < 10; round++) {
        gc();
        await nodesTurn();
      }
      console.log('collected');
      raise('SIGTERM');
      console.log('it went on');
    `,
    );
    t.like(await runProgram(source), { stdout: 'collected\n', signal: 'SIGTERM' });
  });

  test.serial(
    titled('a loop with handlers does not keep the process alive when it does not run'),
    async (t) => {
      const source = program(mode, `loop.addSignalHandler('SIGTERM', () => {}); console.log('end');`);
      const { code, stdout } = await runProgram(source);
      t.deepEqual([code, stdout], [0, 'end\n']);
    },
  );
}
