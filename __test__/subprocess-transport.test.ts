// The transport of a child process and what its protocol hears; in which turns is compared with CPython in the twins.

import { constants } from 'node:os';
import { inspect } from 'node:util';
import {
  type ChildProcessInfo,
  DEVNULL,
  type EventLoop,
  newEventLoop,
  SubprocessProtocol,
  type SubprocessTransport,
} from 'mioloop';
import { ChildProbe, children, waitForEnd } from './support/children.js';
import { reportsOf, turns } from './support/hall.js';
import { watched } from './support/leaks.js';
import { bothModes, inLoop } from './support/modes.js';
import { debugReportsOf } from './support/reports.js';
import { warningsOf } from './support/warnings.js';

const COMPLETE_EXITED = 30;

const INHERIT = { stdin: null, stdout: null, stderr: null };

function* sleeper(loop: EventLoop, options = {}) {
  return yield* loop.subprocessExec(() => new ChildProbe(loop), 'sleep', ['1000'], {
    ...INHERIT,
    ...options,
  });
}

inLoop(
  'what a child writes and how it ends comes to its protocol, by descriptor (B172)',
  function* (t, loop) {
    const probe = new ChildProbe(loop);
    const [transport, protocol] = yield* loop.subprocessShell(() => probe, 'cat; echo err >&2; exit 7');
    t.is(protocol, probe);
    t.is(transport.getProtocol(), probe);
    t.deepEqual(probe.events, ['made']);
    t.is(transport.getReturncode(), null);
    const stdin = transport.getPipeTransport(0)!;
    stdin.write(Buffer.from('hello'));
    stdin.writeEof();
    yield* probe.lost;
    t.deepEqual([...probe.output].sort(), [
      [1, 'hello'],
      [2, 'err\n'],
    ]);
    t.is(transport.getReturncode(), 7);
    t.is(transport.getProtocol(), null);
    t.is(probe.events[0], 'made');
    t.is(probe.events.at(-1), 'lost');
    for (const event of ['lost 0', 'lost 1', 'lost 2', 'exited 7']) {
      t.is(probe.events.filter((name) => name === event).length, 1, event);
    }
    for (const fd of [1, 2]) t.true(probe.events.indexOf(`data ${fd}`) < probe.events.indexOf(`lost ${fd}`));
  },
);

inLoop(
  'processExited may come before the end of the pipes, connectionLost waits for both (B172)',
  function* (t, loop) {
    const probe = new ChildProbe(loop);
    const script = 'exec 3<&0; (read x <&3; echo late) & exit 0';
    yield* loop.subprocessShell(() => probe, script, { stderr: null });
    yield* probe.hears('exited 0');
    yield* turns(5);
    t.deepEqual(probe.events, ['made', 'exited 0']);
    t.is(probe.transport.getReturncode(), 0);
    // Its own child has the pipes.
    probe.transport.getPipeTransport(0)!.close();
    yield* probe.lost;
    t.is(probe.output.get(1), 'late\n');
    t.is(probe.events.at(-1), 'lost');
    t.false(probe.transport.isClosing());
  },
);

inLoop('what happens before connectionMade is told behind it (B172)', function* (t, loop) {
  // All is over long before three pipes are connected: the loop does not come to rest meanwhile.
  for (let round = 0; round < 20; round++) {
    const probe = new ChildProbe(loop);
    yield* loop.subprocessExec(() => probe, 'echo', ['x']);
    yield* probe.lost;
    t.is(probe.events[0], 'made');
    t.is(probe.events.at(-1), 'lost');
    t.is(probe.output.get(1), 'x\n');
  }
});

inLoop('a transport tells of its child (B174)', function* (t, loop) {
  const [transport, probe] = yield* sleeper(loop, { stdin: -1 });
  t.is(typeof transport.getPid(), 'number');
  t.true(children().has(transport.getPid()));
  t.is(transport.getPipeTransport(1), null);
  t.is(transport.getPipeTransport(7), null);
  t.is(transport.getExtraInfo('nothing', 'fallback'), 'fallback');
  t.is(transport.getExtraInfo('peername'), undefined);
  const info: ChildProcessInfo = transport.getExtraInfo('subprocess')!;
  t.deepEqual({ ...info }, { pid: transport.getPid(), args: ['sleep', '1000'], returncode: null });
  t.regex(String(transport), new RegExp(`^<ChildTransport pid=${transport.getPid()} running stdin=<.*>>$`));
  transport.close();
  t.true(transport.isClosing());
  t.regex(String(transport), /^<ChildTransport closed pid=\d+ running/);
  yield* probe.lost;
  t.is(info.returncode, -9);
  t.regex(inspect(info), /returncode: \[Getter\]|returncode: -9/);
  t.regex(String(transport), /^<ChildTransport closed pid=\d+ returncode=-9 stdin=<.* closed.*>>$/);
});

inLoop('setProtocol gives what comes to another one (B172)', function* (t, loop) {
  const [transport, first] = yield* sleeper(loop);
  const second = new ChildProbe(loop);
  second.transport = transport;
  t.throws(() => transport.setProtocol(null as unknown as SubprocessProtocol), { name: 'TypeError' });
  transport.setProtocol(second);
  transport.kill();
  yield* second.lost;
  t.deepEqual([first.events, second.events], [['made'], ['exited -9', 'lost']]);
  transport.setProtocol(first);
  t.is(transport.getProtocol(), null);
});

inLoop('a signal by name or number ends a child, and is its return code (B180)', function* (t, loop) {
  const signals: [send: (transport: SubprocessTransport) => void, number: number][] = [
    [(transport) => transport.sendSignal('SIGTERM'), 15],
    [(transport) => transport.sendSignal(constants.signals.SIGHUP), 1],
    [(transport) => transport.sendSignal('SIGUSR1'), constants.signals.SIGUSR1],
    [(transport) => transport.terminate(), 15],
    [(transport) => transport.kill(), 9],
  ];
  for (const [send, number] of signals) {
    const [transport, probe] = yield* sleeper(loop);
    transport.sendSignal(0);
    send(transport);
    yield* probe.lost;
    t.is(transport.getReturncode(), -number);
  }
});

inLoop('what is no signal is refused, and nothing is sent (B174)', function* (t, loop) {
  const [transport, probe] = yield* sleeper(loop);
  const send = (signal: unknown): void => transport.sendSignal(signal as number);
  for (const signal of ['SIGNOTHING', 'TERM', '', -1, 65, 1000]) {
    t.throws(() => send(signal), { name: 'RangeError' }, String(signal));
  }
  for (const signal of [null, undefined, {}, true, 9n]) t.throws(() => send(signal), { name: 'TypeError' });
  t.is(transport.getReturncode(), null);
  transport.kill();
  yield* probe.lost;
});

inLoop(
  'a signal to a child that is gone is ESRCH, and silent while nobody can know (B174)',
  function* (t, loop) {
    const [transport, probe] = yield* sleeper(loop);
    transport.kill();
    // It may have ended or not: neither is an error of who signals.
    transport.terminate();
    yield* probe.hears('exited -9');
    yield* probe.lost;
    const error = t.throws(() => transport.sendSignal('SIGTERM')) as NodeJS.ErrnoException & { pid: number };
    t.is(error.code, 'ESRCH');
    t.is(error.syscall, 'kill');
    t.is(error.errno, -constants.errno.ESRCH);
    t.is(error.pid, transport.getPid());
    for (const send of [() => transport.terminate(), () => transport.kill()])
      t.throws(send, { code: 'ESRCH' });
  },
);

inLoop('a signal between the end and its being told is no error (B174)', function* (t, loop) {
  const probe = new ChildProbe(loop);
  // Its own child keeps the pipe: the end is known, the connection not lost.
  const [transport] = yield* loop.subprocessShell(() => probe, 'exec 3<&0; cat <&3 & exit 0', {
    stdout: null,
    stderr: null,
  });
  yield* probe.hears('exited 0');
  t.notThrows(() => transport.terminate());
  transport.getPipeTransport(0)!.close();
  yield* probe.lost;
  t.throws(() => transport.terminate(), { code: 'ESRCH' });
});

inLoop('close() kills a running child, and it is reaped (B175)', function* (t, loop) {
  for (const stdin of [null, -1]) {
    const [transport, probe] = yield* sleeper(loop, { stdin });
    transport.close();
    transport.close();
    yield* probe.lost;
    t.is(transport.getReturncode(), -9);
    t.false(children().has(transport.getPid()));
    transport.close();
  }
});

bothModes(
  'debug: close() of a running child says so, and not of one that has ended (B175)',
  async (t, bench) => {
    const { loop } = bench;
    loop.setDebug(true);
    const reports = debugReportsOf(t, loop);
    await bench.run(function* () {
      const [running, first] = yield* sleeper(loop);
      const text = String(running).replace('<ChildTransport', '<ChildTransport closed');
      running.close();
      const told = reports.filter(({ kind }) => kind === 'child-killed');
      t.deepEqual(
        told.map(({ message, subject }) => [message, subject]),
        [[`Close running child process: kill ${text}`, running]],
      );
      yield* first.lost;

      const [ended, second] = yield* sleeper(loop);
      process.kill(ended.getPid(), 'SIGTERM');
      // It has ended, and the loop has not looked yet.
      waitForEnd(ended.getPid());
      ended.close();
      yield* second.lost;
      t.is(ended.getReturncode(), -15);
      t.is(reports.filter(({ kind }) => kind === 'child-killed').length, 1);
    });
  },
);

inLoop('a cancelled start kills and reaps the child, whenever it is cancelled (B177)', function* (t, loop) {
  for (const options of [INHERIT, {}]) {
    for (let when = 0; when < 9; when++) {
      const probe = new ChildProbe(loop);
      const before = children();
      const start = loop.createTask(function* () {
        yield* loop.subprocessExec(() => probe, 'sleep', ['1000'], options);
      });
      yield* turns(when);
      start.cancel();
      try {
        yield* start;
        t.true(when > (options === INHERIT ? 2 : 8), `${when}`);
        probe.transport.close();
        yield* probe.lost;
      } catch (error) {
        t.is((error as Error).name, 'CancelledError');
      }
      t.deepEqual([...children().keys()].sort(), [...before.keys()].sort());
      if (probe.events.length > 0) t.is(probe.events.at(-1), 'lost');
    }
  }
});

inLoop(
  'a child whose start is cancelled twice is killed and reaped all the same (B177)',
  function* (t, loop) {
    const probe = new ChildProbe(loop);
    const start = loop.subprocessExec(() => probe, 'sleep', ['1000']);
    yield* turns(1);
    start.cancel();
    yield* turns(1);
    start.cancel();
    yield* turns(1);
    t.true(start.cancelled());
    yield* probe.lost;
    t.is(probe.transport.getReturncode(), -9);
  },
);

inLoop(
  'a child that cannot be started is the system’s error, and leaves nothing open (B179)',
  function* (t, loop) {
    const fail = (program: string | URL, options = {}) =>
      loop
        .subprocessExec(() => new SubprocessProtocol(), program, ['x'], options)
        .exception() as NodeJS.ErrnoException;
    const missing = fail('mioloop-no-such-program');
    t.is(missing.message, 'spawn ENOENT mioloop-no-such-program');
    t.deepEqual(
      { ...missing },
      { errno: -constants.errno.ENOENT, code: 'ENOENT', syscall: 'spawn', path: 'mioloop-no-such-program' },
    );
    t.is(fail('/nowhere/program').path, '/nowhere/program');
    // As in Python: it is looked for in each folder of PATH, and is the folder.
    t.is(fail('').code, 'EACCES');
    t.is(fail('/etc/passwd').code, 'EACCES');
    t.is(fail('/').code, 'EACCES');
    t.is(fail('/etc/passwd/x').code, 'ENOTDIR');
    const nowhere = fail('true', { cwd: '/no/such/folder' });
    t.deepEqual([nowhere.code, nowhere.path, nowhere.syscall], ['ENOENT', '/no/such/folder', 'spawn']);
    const file = fail('true', { cwd: '/etc/passwd' });
    t.deepEqual([file.code, file.path], ['ENOTDIR', '/etc/passwd']);
    for (const options of [{ stdin: 1_000_000 }, { stdout: DEVNULL, passFds: [0, 1_000_000] }]) {
      const { code, message } = fail('true', options);
      t.deepEqual([code, message], ['EBADF', 'spawn EBADF: the descriptor 1000000 is not open']);
    }
  },
);

inLoop('somebody else has reaped the child: 255, with a warning (B181)', function* (t, loop) {
  const warnings = warningsOf(t);
  const [transport, probe] = yield* sleeper(loop);
  const pid = transport.getPid();
  process.kill(pid, 'SIGKILL');
  // What the core tells then. It has reaped this one itself, behind.
  (transport as unknown as { complete(...record: number[]): void }).complete(
    COMPLETE_EXITED,
    0,
    0,
    constants.errno.ECHILD,
  );
  yield* probe.lost;
  t.deepEqual(probe.events, ['made', 'exited 255', 'lost']);
  t.deepEqual(warnings, [
    {
      message: `child process pid ${pid} exit status already read: will report returncode 255`,
      type: 'RuntimeWarning',
      code: 'MIOLOOP_CHILD_STATUS_LOST',
    },
  ]);
  // An orphan's end is seen by the next start.
  waitForEnd(pid);
  const [, next] = yield* loop.subprocessExec(() => new ChildProbe(loop), 'true', [], INHERIT);
  yield* next.lost;
});

inLoop(
  'what a method of the protocol throws is reported, and the others are called (B172)',
  function* (t, loop) {
    const reports = reportsOf(loop);
    class Clumsy extends ChildProbe {
      override connectionMade(transport: SubprocessTransport): void {
        super.connectionMade(transport);
        throw new Error('made');
      }
      override pipeDataReceived(fd: number, data: Buffer): void {
        super.pipeDataReceived(fd, data);
        throw new Error('data');
      }
      override async processExited(): Promise<void> {
        super.processExited();
        throw new Error('exited');
      }
      override connectionLost(error: Error | null): void {
        super.connectionLost(error);
        throw new Error('lost');
      }
    }
    const [, probe] = yield* loop.subprocessExec(() => new Clumsy(loop), 'echo', ['x'], {
      stdin: null,
      stderr: null,
    });
    yield* probe.lost;
    yield* turns(2);
    const texts = reports.map(({ exception }) => (exception as Error).message);
    t.deepEqual(texts.sort(), ['data', 'exited', 'lost', 'made']);
    t.true(probe.events.includes('lost 1'));
  },
);

bothModes(
  'a loop that is closed kills the children that nobody closed, with a warning (B16, B175)',
  async (t, bench) => {
    const warnings = warningsOf(t);
    const loop = watched(newEventLoop());
    const start = function* () {
      const [transport, probe] = yield* sleeper(loop, { stdin: -1, stdout: -1 });
      const [closed] = yield* sleeper(loop);
      closed.close();
      return { transport, probe, closed };
    };
    const run = () =>
      bench.mode === 'hosted' ? loop.runUntilComplete(start()) : loop.runUntilCompleteSync(start());
    const { transport, probe, closed } = await run();
    loop.close();
    const { message, ...kind } = warnings[0]!;
    const text =
      /^unclosed transport <ChildTransport pid=\d+ running .*>: its child is killed; call transport\.close\(\)$/;
    t.regex(message, text);
    t.deepEqual(kind, { type: 'ResourceWarning', code: 'MIOLOOP_UNCLOSED_CHILD' });
    t.is(warnings.length, 1);
    // Everything can still be asked and called.
    t.regex(String(transport), /^<ChildTransport closed pid=\d+ running stdin=<.*> stdout=<.*>>$/);
    t.regex(String(transport.getPipeTransport(0)), /^<\w+ .*>$/);
    t.is(transport.getReturncode(), null);
    t.throws(() => transport.kill(), { code: 'ESRCH' });
    transport.getPipeTransport(0)!.write(Buffer.from('x'));
    transport.getPipeTransport(0)!.close();
    transport.getPipeTransport(1)!.close();
    transport.close();
    closed.close();
    t.deepEqual(probe.events, ['made']);
    // They are dead, and reaped by the next start, whichever loop's.
    for (const child of [transport, closed]) waitForEnd(child.getPid());
    await bench.run(function* () {
      const [, next] = yield* bench.loop.subprocessExec(
        () => new ChildProbe(bench.loop),
        'true',
        [],
        INHERIT,
      );
      yield* next.lost;
    });
  },
);

inLoop('a write that the child does not read pauses the protocol (B176)', function* (t, loop) {
  const probe = new ChildProbe(loop);
  const [transport] = yield* loop.subprocessShell(() => probe, 'read x; cat >/dev/null', {
    stdout: null,
    stderr: null,
  });
  const stdin = transport.getPipeTransport(0)!;
  stdin.write(Buffer.alloc(1 << 20));
  t.is(probe.events.at(-1), 'pause');
  stdin.write(Buffer.from('\n'));
  yield* probe.hears('resume');
  stdin.close();
  yield* probe.lost;
  t.is(transport.getReturncode(), 0);
});
