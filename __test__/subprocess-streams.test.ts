// Process: a child process whose pipes are streams.

import test from 'ava';
import {
  createSubprocessExec,
  createSubprocessShell,
  DEVNULL,
  gather,
  PIPE,
  Process,
  run,
  SubprocessStreamProtocol,
  timeout,
  waitFor,
} from 'mioloop';
import { children } from './support/children.js';
import { turns } from './support/hall.js';
import { inLoop } from './support/modes.js';

const BIG = 4 * 1024 * 1024;

inLoop('communicate() sends the input and gives the output (B176)', function* (t) {
  const child = yield* createSubprocessShell('cat; echo err >&2; exit 3', {
    stdin: PIPE,
    stdout: PIPE,
    stderr: PIPE,
  });
  t.true(child instanceof Process);
  t.is(child.returncode, null);
  t.is(String(child), `<Process ${child.pid}>`);
  const [out, err] = yield* child.communicate(Buffer.from('hello'));
  t.deepEqual([String(out), String(err), child.returncode], ['hello', 'err\n', 3]);
  t.true(Buffer.isBuffer(out));
});

inLoop('communicate() gives null where there is no pipe, and empty where nothing came (B176)', function* (t) {
  const none = yield* createSubprocessExec('true');
  t.deepEqual(yield* none.communicate(), [null, null]);
  t.deepEqual([none.stdin, none.stdout, none.stderr], [null, null, null]);
  const silent = yield* createSubprocessExec('true', [], { stdout: PIPE, stderr: PIPE });
  t.deepEqual(yield* silent.communicate(null), [Buffer.alloc(0), Buffer.alloc(0)]);
  // Without an input, stdin is at its end; so it is with an empty one.
  for (const input of [undefined, null, new Uint8Array(0)]) {
    const cat = yield* createSubprocessExec('cat', [], { stdin: PIPE, stdout: PIPE });
    t.deepEqual(yield* cat.communicate(input), [Buffer.alloc(0), null]);
    t.is(cat.returncode, 0);
  }
});

inLoop('communicate() with more than all pipes and limits hold (B176)', function* (t) {
  const input = Buffer.alloc(BIG, 'mioloop ');
  const child = yield* createSubprocessShell('tee /dev/stderr', {
    stdin: PIPE,
    stdout: PIPE,
    stderr: PIPE,
    limit: 1024,
  });
  const [out, err] = yield* child.communicate(input);
  t.true(out!.equals(input));
  t.true(err!.equals(input));
});

inLoop('communicate() ignores that the child does not read its input (B176)', function* (t) {
  for (const command of ['exit 5', 'exec 0<&-; echo x; exit 5']) {
    const child = yield* createSubprocessShell(command, { stdin: PIPE, stdout: PIPE });
    const [out] = yield* child.communicate(Buffer.alloc(BIG));
    t.is(child.returncode, 5);
    t.is(String(out), command.includes('echo') ? 'x\n' : '');
  }
  // The same when it has ended before anything is sent.
  const gone = yield* createSubprocessExec('true', [], { stdin: PIPE });
  yield* gone.wait();
  t.deepEqual(yield* gone.communicate(Buffer.from('x')), [null, null]);
});

inLoop('a string is no input, and an input needs a pipe (B176)', function* (t) {
  const child = yield* createSubprocessExec('cat', [], { stdin: PIPE, stdout: PIPE });
  t.throws(() => child.communicate('text' as unknown as Buffer).result(), {
    name: 'TypeError',
    message: 'input must be a Uint8Array (a Buffer, for example), not the string "text"',
  });
  t.throws(() => child.stdin!.write('text' as unknown as Buffer), { name: 'TypeError' });
  // Nothing has happened.
  t.deepEqual(String((yield* child.communicate(Buffer.from('bytes')))[0]), 'bytes');
  const deaf = yield* createSubprocessExec('true');
  t.throws(() => deaf.communicate(Buffer.from('x')).result(), { code: 'ERR_NO_PIPE' });
  yield* deaf.wait();
});

inLoop('streams are written and read as the child goes on (B176)', function* (t) {
  const child = yield* createSubprocessExec('cat', [], { stdin: PIPE, stdout: PIPE });
  for (const line of ['one\n', 'two\n', 'three\n']) {
    child.stdin!.write(Buffer.from(line));
    yield* child.stdin!.drain();
    t.is(String(yield* child.stdout!.readline()), line);
  }
  child.stdin!.close();
  yield* child.stdin!.waitClosed();
  t.deepEqual(yield* child.stdout!.read(), Buffer.alloc(0));
  t.true(child.stdout!.atEof());
  t.is(yield* child.wait(), 0);
});

inLoop('what the child wrote can be read after its end (B178)', function* (t) {
  const child = yield* createSubprocessShell('echo out; echo err >&2', { stdout: PIPE, stderr: PIPE });
  t.is(yield* child.wait(), 0);
  t.is(String(yield* child.stdout!.read()), 'out\n');
  t.is(String(yield* child.stderr!.readline()), 'err\n');
  t.deepEqual(yield* child.stderr!.readline(), Buffer.alloc(0));
});

inLoop('a reader that is full holds the child up, and nothing is lost (B176)', function* (t) {
  const limit = 1024;
  const child = yield* createSubprocessExec('head', ['-c', String(BIG), '/dev/zero'], {
    stdout: PIPE,
    limit,
  });
  // It can't end before it is read: the pipe and the reader hold less.
  const reader = child.stdout!;
  while (!String(reader).includes('paused')) yield* turns(1);
  t.is(child.returncode, null);
  let size = 0;
  for (;;) {
    const piece = yield* reader.read(65_536);
    if (piece.length === 0) break;
    size += piece.length;
  }
  t.is(size, BIG);
  t.is(yield* child.wait(), 0);
});

inLoop('many wait for one child, and each gets its return code (B173)', function* (t, loop) {
  const child = yield* createSubprocessExec('cat', [], { stdin: PIPE });
  const tasks = Array.from({ length: 50 }, () =>
    loop.createTask(function* () {
      return yield* child.wait();
    }),
  );
  const cancelled = child.wait();
  yield* turns(2);
  cancelled.cancel();
  child.stdin!.close();
  t.deepEqual(
    yield* gather(...tasks),
    tasks.map(() => 0),
  );
  t.true(cancelled.cancelled());
  t.is(yield* child.wait(), 0);
});

inLoop('a cancelled wait() leaves the child alone, and the others waiting (B173)', function* (t) {
  const child = yield* createSubprocessExec('sleep', ['1000']);
  for (let round = 0; round < 3; round++) {
    try {
      yield* waitFor(child.wait(), 0.01);
      t.fail('it cannot have ended');
    } catch (error) {
      t.is((error as Error).name, 'TimeoutError');
    }
  }
  t.is(child.returncode, null);
  const other = child.wait();
  child.terminate();
  t.is(yield* other, -15);
});

inLoop('a cancelled communicate() leaves the child running (B176)', function* (t) {
  const child = yield* createSubprocessExec('cat', [], { stdin: PIPE, stdout: PIPE });
  const held = yield* createSubprocessExec('sleep', ['1000'], { stdout: PIPE });
  try {
    yield* timeout(0.02, function* () {
      yield* held.communicate();
    });
    t.fail('it cannot have ended');
  } catch (error) {
    t.is((error as Error).name, 'TimeoutError');
  }
  t.is(held.returncode, null);
  held.kill();
  t.is(yield* held.wait(), -9);
  yield* child.communicate();
});

inLoop('returncode is there before wait() returns, wait() waits for the pipes (B173)', function* (t) {
  // Its own child holds the pipe until it is told to let go.
  const child = yield* createSubprocessShell('read x; exec 3<&0; cat <&3 & exit 6', {
    stdin: PIPE,
    stdout: PIPE,
  });
  const waiting = child.wait();
  child.stdin!.write(Buffer.from('\n'));
  while (child.returncode === null) yield* turns(1);
  yield* turns(5);
  t.is(child.returncode, 6);
  t.false(waiting.done());
  child.stdin!.close();
  t.is(yield* waiting, 6);
});

inLoop('signals through a process; one that has ended is ESRCH (B174)', function* (t) {
  const child = yield* createSubprocessExec('sleep', ['1000'], { stdin: DEVNULL });
  child.sendSignal('SIGINT');
  t.is(yield* child.wait(), -2);
  for (const send of [() => child.sendSignal(15), () => child.terminate(), () => child.kill()]) {
    t.throws(send, { code: 'ESRCH' });
  }
});

inLoop('a child that ends while it is written to breaks its stdin, not its end (B176)', function* (t) {
  const child = yield* createSubprocessExec('head', ['-c', '1'], { stdin: PIPE, stdout: PIPE });
  const { stdin } = child;
  try {
    for (;;) {
      stdin!.write(Buffer.alloc(65_536));
      yield* stdin!.drain();
    }
  } catch (error) {
    t.regex((error as NodeJS.ErrnoException).code!, /^(EPIPE|ECONNRESET)$/);
  }
  t.is(yield* child.wait(), 0);
  t.true(stdin!.isClosing());
});

inLoop('the protocol of streams on any child (B176)', function* (t, loop) {
  const factory = () => new SubprocessStreamProtocol(2048, loop);
  const [transport, protocol] = yield* loop.subprocessExec(factory, 'cat');
  protocol.stdin!.write(Buffer.from('x\n'));
  t.is(String(yield* protocol.stdout!.readline()), 'x\n');
  protocol.stdin!.close();
  yield* protocol.stdin!.waitClosed();
  t.deepEqual(yield* protocol.stderr!.read(), Buffer.alloc(0));
  while (transport.getProtocol() !== null) yield* turns(1);
  t.is(transport.getReturncode(), 0);
  t.true(transport.isClosing());
});

test.serial('await using kills a child that still runs, and waits for it (B175)', async (t) => {
  await run(async () => {
    let pid: number;
    {
      await using child = await createSubprocessExec('sleep', ['1000'], { stdin: PIPE, stdout: PIPE });
      pid = child.pid;
      t.true(children().has(pid));
    }
    t.false(children().has(pid));
    const ended = await createSubprocessExec('true');
    await ended.wait();
    await ended[Symbol.asyncDispose]();
    t.is(ended.returncode, 0);
  });
});

test.serial('async functions await all of it (B176)', async (t) => {
  await run(async () => {
    const child = await createSubprocessExec('sort', ['-u'], { stdin: PIPE, stdout: PIPE });
    const [sorted] = await child.communicate(Buffer.from('b\na\nb\n'));
    t.is(String(sorted), 'a\nb\n');
    const lines: string[] = [];
    const printer = await createSubprocessShell('echo 1; echo 2', { stdout: PIPE });
    for await (const line of printer.stdout!) lines.push(String(line));
    t.deepEqual(lines, ['1\n', '2\n']);
    t.is(await printer.wait(), 0);
    await t.throwsAsync(async () => await createSubprocessExec('mioloop-no-such-program'), {
      code: 'ENOENT',
    });
  });
});
