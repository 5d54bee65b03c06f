// What the options of a child process do: seen by the child itself.

import { closeSync, mkdirSync, openSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import test from 'ava';
import {
  type Coroutine,
  createSubprocessExec,
  createSubprocessShell,
  DEVNULL,
  PIPE,
  STDOUT,
  type SubprocessOptions,
  socket,
} from 'mioloop';
import './support/children.js';
import { temporaryFolder } from './support/folders.js';
import { inLoop } from './support/modes.js';
import { errorOf } from './support/outcomes.js';
import { isOpen } from './support/pipes.js';

const IS_ROOT = process.getuid?.() === 0;
const NOBODY = 65534;

/** What a command of the shell prints. */
function* printed(command: string, options: SubprocessOptions = {}): Coroutine<string> {
  const child = yield* createSubprocessShell(command, { stdout: PIPE, ...options });
  const [output] = yield* child.communicate();
  return output!.toString();
}

inLoop('cwd is text, bytes or a URL; without it this process’s (B171)', function* (t) {
  using folder = temporaryFolder();
  const path = realpathSync(folder.path);
  for (const cwd of [path, Buffer.from(path), pathToFileURL(path)]) {
    t.is(yield* printed('pwd -P', { cwd }), `${path}\n`);
  }
  t.is(yield* printed('pwd -P'), `${realpathSync(process.cwd())}\n`);
});

inLoop('an empty environment is an empty one (B180)', function* (t) {
  const environment = function* (env?: SubprocessOptions['env']): Coroutine<string> {
    const child = yield* createSubprocessExec('/usr/bin/env', [], { stdout: PIPE, env });
    const [output] = yield* child.communicate();
    return output!.toString();
  };
  t.is(yield* environment({}), '');
  t.is(yield* environment({ A: undefined, B: 'b' }), 'B=b\n');
  t.is(yield* environment({ A: 'b', ÄÖ: 'ü=x' }), 'A=b\nÄÖ=ü=x\n');
  process.env.MIOLOOP_TEST_CHILD = 'here';
  for (const none of [undefined, null]) t.regex(yield* environment(none), /^MIOLOOP_TEST_CHILD=here$/m);
  delete process.env.MIOLOOP_TEST_CHILD;
  t.notRegex(yield* environment(), /MIOLOOP_TEST_CHILD/);
});

inLoop('a name is looked for in the PATH of the child’s environment (B171)', function* (t) {
  using folder = temporaryFolder();
  mkdirSync(folder.file('bin'));
  yield* printed('printf "#!/bin/sh\\necho found" > bin/mioloop-thing; chmod +x bin/mioloop-thing', {
    cwd: folder.path,
  });
  const child = yield* createSubprocessExec('mioloop-thing', [], {
    stdout: PIPE,
    env: { PATH: folder.file('bin') },
  });
  const [output] = yield* child.communicate();
  t.is(String(output), 'found\n');
  t.throws(() => createSubprocessExec('mioloop-thing').result(), { code: 'ENOENT' });
});

inLoop('executable is what runs, and the program what it is told to be (B171)', function* (t) {
  const child = yield* createSubprocessExec('a name', ['-c', 'echo $0'], {
    executable: '/bin/sh',
    stdout: PIPE,
  });
  const [output] = yield* child.communicate();
  t.is(String(output), 'a name\n');
  t.is(yield* printed('echo $0', { executable: Buffer.from('/bin/sh') }), '/bin/sh\n');
  const url = yield* createSubprocessExec(pathToFileURL('/bin/echo'), [Buffer.from('bytes'), 'ü'], {
    stdout: PIPE,
  });
  t.is(String((yield* url.communicate())[0]), 'bytes ü\n');
});

inLoop(
  'DEVNULL, a descriptor, a FileHandle and a socket as what a child reads and writes (B178)',
  function* (t, loop) {
    using folder = temporaryFolder();
    const path = folder.file('out');
    t.is(yield* printed('cat; echo end', { stdin: DEVNULL }), 'end\n');
    const silent = yield* createSubprocessShell('echo x; echo y >&2; exit 4', {
      stdout: DEVNULL,
      stderr: DEVNULL,
    });
    t.is(yield* silent.wait(), 4);
    t.deepEqual([silent.stdin, silent.stdout, silent.stderr], [null, null, null]);

    const fd = openSync(path, 'w');
    t.is(yield* (yield* createSubprocessShell('echo number', { stdout: fd })).wait(), 0);
    // It stays the caller's.
    t.true(statSync(path).size > 0);
    closeSync(fd);
    t.is(readFileSync(path, 'utf8'), 'number\n');

    const [ours, theirs] = socket.socketpair();
    const child = yield* createSubprocessShell('read line; echo "got $line"', {
      stdin: theirs,
      stdout: theirs,
    });
    theirs.close();
    yield* loop.sockSendall(ours, Buffer.from('hello\n'));
    t.is(String(yield* loop.sockRecv(ours, 100)), 'got hello\n');
    t.is(yield* child.wait(), 0);
    ours.close();
  },
);

test.serial('a FileHandle is a descriptor, too (B178)', async (t) => {
  using folder = temporaryFolder();
  const handle = await open(folder.file('out'), 'w');
  const { run } = await import('mioloop');
  await run(function* () {
    const child = yield* createSubprocessShell('echo out; echo err >&2', { stdout: handle, stderr: STDOUT });
    yield* child.wait();
  });
  await handle.close();
  t.is(readFileSync(folder.file('out'), 'utf8'), 'out\nerr\n');
});

inLoop('stderr: STDOUT keeps the order of both (B178)', function* (t) {
  const command = 'echo 1; echo 2 >&2; echo 3; echo 4 >&2';
  t.is(yield* printed(command, { stderr: STDOUT }), '1\n2\n3\n4\n');
  const child = yield* createSubprocessShell(command, { stdout: PIPE, stderr: PIPE });
  const [out, err] = yield* child.communicate();
  t.deepEqual([String(out), String(err)], ['1\n3\n', '2\n4\n']);
  // Where stdout leads nowhere else, it is this process's: nothing is to be read of it.
  const same = yield* createSubprocessShell('exit 0', { stderr: STDOUT });
  t.is(yield* same.wait(), 0);
});

inLoop('passFds of a closed number is an error, whatever a pipe would get it (B178, B180)', function* (t) {
  const first = openSync('/dev/null', 'r');
  closeSync(first);
  for (const fd of [first, first + 1, first + 2].filter((fd) => !isOpen(fd))) {
    const options = { stdin: PIPE, stdout: PIPE, passFds: [fd] };
    const error = yield* errorOf(createSubprocessExec('true', [], options));
    t.is((error as NodeJS.ErrnoException).code, 'EBADF');
  }
});

inLoop('a child has no descriptor but its three, and those of passFds (B178, B180)', function* (t) {
  const fd = openSync('/dev/null', 'r');
  const other = openSync('/dev/null', 'r');
  try {
    const list = 'ls /proc/self/fd';
    // The fourth is the one by which ls reads that folder.
    t.is((yield* printed(list, { stdin: DEVNULL, stderr: DEVNULL })).split('\n').length, 5);
    const passed = (yield* printed(`ls -l /proc/self/fd/${fd}; ${list}`, { passFds: [fd] })).split('\n');
    t.regex(passed[0]!, /-> \/dev\/null$/);
    t.true(passed.includes(String(fd)));
    t.false(passed.includes(String(other)));
    const open = yield* printed(list, { closeFds: false });
    // Node's descriptors, and those of this test, are not inheritable.
    t.false(open.split('\n').includes(String(other)));
  } finally {
    closeSync(fd);
    closeSync(other);
  }
});

inLoop('stdin of one child is not inherited by the next (B178)', function* (t) {
  const first = yield* createSubprocessExec('cat', [], { stdin: PIPE, stdout: PIPE });
  const second = yield* createSubprocessExec('cat', [], { stdin: PIPE, stdout: PIPE });
  // It would hang if the second held the first one's pipe.
  const [output] = yield* first.communicate(Buffer.from('first'));
  t.is(String(output), 'first');
  yield* second.communicate();
});

inLoop('signals that Node ignores have their effect in the child again (B180)', function* (t) {
  const ignored = (restoreSignals: boolean) => printed('grep SigIgn /proc/self/status', { restoreSignals });
  const SIGPIPE = 1n << 12n;
  const mask = (line: string): bigint => BigInt(`0x${line.split(/\s+/)[1]}`);
  t.is(mask(yield* ignored(true)) & SIGPIPE, 0n);
  t.is(mask(yield* ignored(false)) & SIGPIPE, SIGPIPE);
});

inLoop('startNewSession and processGroup (B180)', function* (t) {
  // pid, parent, group, session
  const ids = function* (options: SubprocessOptions): Coroutine<[pid: number, ...number[]]> {
    const child = yield* createSubprocessExec('sh', ['-c', 'read x; cat /proc/$$/stat'], {
      stdin: PIPE,
      stdout: PIPE,
      ...options,
    });
    const [stat] = yield* child.communicate(Buffer.from('\n'));
    const fields = String(stat).split(') ')[1]!.split(' ');
    return [child.pid, Number(fields[2]), Number(fields[3])];
  };
  const [pid, group, session] = yield* ids({});
  t.not(group, pid);
  t.not(session, pid);
  const leader = yield* ids({ startNewSession: true });
  t.deepEqual(leader, [leader[0], leader[0], leader[0]]);
  const own = yield* ids({ processGroup: 0 });
  t.deepEqual(own, [own[0], own[0], session!]);
  t.deepEqual((yield* ids({ processGroup: group })).slice(1), [group!, session!]);
});

inLoop('umask, also without changing this process’s (B180)', function* (t) {
  const before = process.umask();
  t.is(yield* printed('umask', { umask: 0o077 }), '0077\n');
  t.is(yield* printed('umask', { umask: 0 }), '0000\n');
  t.is(process.umask(), before);
});

inLoop('pipesize is what a pipe holds (B180)', function* (t) {
  const child = yield* createSubprocessExec('python3', ['-c', 'import fcntl; print(fcntl.fcntl(1, 1032))'], {
    stdout: PIPE,
    pipesize: 1 << 20,
  });
  t.is(String((yield* child.communicate())[0]), `${1 << 20}\n`);
  // Linux has nothing of that size; which error it is depends on who asks.
  const error = createSubprocessExec('true', [], { stdout: PIPE, pipesize: 0x7fffffff }).exception();
  t.is((error as NodeJS.ErrnoException).syscall, 'spawn');
});

if (IS_ROOT) {
  inLoop('user, group and extraGroups, by number and by name (B180)', function* (t) {
    const ids = 'id -u; id -g; id -G';
    t.is(
      yield* printed(ids, { user: NOBODY, group: NOBODY, extraGroups: [] }),
      `${NOBODY}\n${NOBODY}\n${NOBODY}\n`,
    );
    t.is(yield* printed('id -un', { user: 'nobody' }), 'nobody\n');
    t.is(yield* printed('id -G', { extraGroups: [7, 'root'] }), '0 7\n');
    t.is(yield* printed('id -u'), '0\n');
    t.is(process.getuid!(), 0);
  });
}
