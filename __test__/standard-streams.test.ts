// Standard input and output as pipes, of programs that strangers start: on a pipe, a terminal, /dev/null and a file.

import { spawn, spawnSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { MODES } from './support/modes.js';
import { blocks, makePipe, readPipe } from './support/pipes.js';
import { PACKAGE_ROOT } from './support/program.js';

const PROGRAM = fileURLToPath(new URL('./support/standard-echo.js', import.meta.url));

/** Gives the program a terminal, types, and prints what is on the screen when the program has ended. */
const TERMINAL = `
import os, pty, subprocess, sys
ours, theirs = pty.openpty()
child = subprocess.Popen(sys.argv[1:], stdin=theirs, stdout=theirs, stderr=theirs)
screen = b''
os.write(ours, b'one\\ntwo\\n')
while b'TWO' not in screen:
    screen += os.read(ours, 1000)
os.write(ours, b'three\\n\\x04')
while b'the end' not in screen:
    screen += os.read(ours, 1000)
code = child.wait()
print(code, os.get_blocking(theirs))
print(screen.decode().replace('\\r', ''))
`;

/** Gives the program the other side of a terminal as input, and closes the terminal behind its last words. */
const MASTER = `
import os, pty, subprocess, sys
ours, theirs = pty.openpty()
child = subprocess.Popen(sys.argv[1:], stdin=ours)
os.write(theirs, b'last words')
os.close(theirs)
sys.exit(child.wait())
`;

/** Tells what a protocol is told of standard input, and what is reported. */
const TELLS = `
import { getRunningLoop, Protocol, run, runSync } from 'mioloop';
const start = process.argv[1] === 'blocking' ? runSync : run;
await start(function* () {
  const loop = getRunningLoop();
  loop.setExceptionHandler((_loop, { message }) => console.log('reported', message));
  const ended = loop.createFuture();
  let data = '';
  class Tells extends Protocol {
    dataReceived(bytes) { data += bytes; }
    eofReceived() { console.log('eof'); }
    connectionLost(error) { ended.setResult(error?.code); }
  }
  yield* loop.connectReadPipe(() => new Tells(), process.stdin);
  const code = yield* ended;
  console.log(data, code);
});
`;

const hasPython = spawnSync('python3', ['--version']).status === 0;

for (const mode of MODES) {
  for (const place of ['main', 'worker']) {
    const args = [PROGRAM, mode, place];
    const title = `[${mode}, ${place}]`;

    test.serial(`standard input and output that are pipes (B167, B168, B169) ${title}`, (t) => {
      // A shell's pipes; Node's own are sockets.
      const command = `printf 'one\\ntwo\\nthree' | '${process.execPath}' ${args.join(' ')} | cat`;
      const { stdout, stderr, status } = spawnSync('sh', ['-c', command], { encoding: 'utf8' });
      t.deepEqual([stdout, stderr, status], ['ONE\nTWO\nTHREEthe end\n', '', 0]);
    });

    test.serial(`standard input and output that are sockets (B167) ${title}`, (t) => {
      const { stdout, stderr, status } = spawnSync(process.execPath, args, {
        encoding: 'utf8',
        input: 'one\ntwo\n',
      });
      t.deepEqual([stdout, stderr, status], ['ONE\nTWO\nthe end\n', '', 0]);
    });

    test.serial(`standard input that is /dev/null (B167, B168) ${title}`, (t) => {
      const { stdout, stderr, status } = spawnSync(process.execPath, args, {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      t.deepEqual([stdout, stderr, status], ['the end\n', '', 0]);
    });

    test.serial(`standard input and output that are a terminal (B170) ${title}`, (t) => {
      if (!hasPython) {
        t.log('skipped: no python3 here');
        t.pass();
        return;
      }
      const command = ['-c', TERMINAL, process.execPath, ...args];
      const { stdout, stderr } = spawnSync('python3', command, { encoding: 'utf8', timeout: 20_000 });
      const [ending, ...screen] = stdout.split('\n');
      t.is(stderr, '');
      // It blocks again for those who use the terminal after it.
      t.is(ending, '0 True');
      // What was typed is echoed by the terminal, wherever that falls.
      for (const line of ['one', 'ONE', 'two', 'TWO', 'three', 'THREE', 'the end']) {
        t.true(screen.includes(line), `${line} is not in ${JSON.stringify(screen)}`);
      }
    });
  }

  test.serial(
    `a terminal whose other side is closed ends with an error that is not reported (B47, B170) [${mode}]`,
    (t) => {
      if (!hasPython) {
        t.log('skipped: no python3 here');
        t.pass();
        return;
      }
      const command = ['-c', MASTER, process.execPath, '--input-type=module', '--eval', TELLS, mode];
      const options = { encoding: 'utf8', timeout: 20_000, cwd: PACKAGE_ROOT } as const;
      const { stdout, stderr } = spawnSync('python3', command, options);
      t.deepEqual([stdout, stderr], ['last words EIO\n', '']);
    },
  );

  test.serial(`standard input that is a file is refused (B167) [${mode}]`, (t) => {
    const file = openSync(PROGRAM, 'r');
    const stdio = [file, 'pipe', 'pipe'] as const;
    const { stderr, status } = spawnSync(process.execPath, [PROGRAM, mode], {
      encoding: 'utf8',
      stdio: [...stdio],
    });
    closeSync(file);
    t.is(status, 1);
    t.regex(
      stderr,
      /RangeError: Pipe transport is for pipes\/sockets only\. \(descriptor 0 is a regular file, which is for node:fs\)/,
    );
  });

  test.serial(
    `the open file of standard output blocks again when the program has ended [${mode}]`,
    async (t) => {
      const [reader, writer] = makePipe();
      const child = spawn(process.execPath, [PROGRAM, mode], { stdio: ['ignore', writer, 'inherit'] });
      await new Promise((resolve) => child.on('exit', resolve));
      t.is(readPipe(reader).toString(), 'the end\n');
      if (process.platform === 'linux') t.true(blocks(writer));
      closeSync(reader);
      closeSync(writer);
    },
  );
}
