// The types of child processes. Nothing here runs: tsc is the test.

import type { FileHandle } from 'node:fs/promises';
import {
  type ChildProcessInfo,
  createSubprocessExec,
  createSubprocessShell,
  DEVNULL,
  type EventLoop,
  type Operation,
  PIPE,
  type Process,
  type ReadTransport,
  type Signal,
  STDOUT,
  type StreamReader,
  type StreamWriter,
  SubprocessProtocol,
  type SubprocessTransport,
  type socket,
  type WriteTransport,
} from 'mioloop';
import type { Assert, Equal } from './equal.js';

class Lines extends SubprocessProtocol {
  count = 0;
}

export function* start(loop: EventLoop, file: FileHandle, sock: socket.Socket) {
  const [transport, lines] = yield* loop.subprocessExec(() => new Lines(), 'ls', ['-l', Buffer.from('x')], {
    stdin: DEVNULL,
    stdout: file,
    stderr: STDOUT,
    cwd: new URL('file:///tmp'),
    env: process.env,
    passFds: [3, sock, file],
    user: 'nobody',
    extraGroups: [5, 'daemon'],
  });
  const shell = yield* loop.subprocessShell(() => new Lines(), 'ls | wc');
  const child = yield* createSubprocessExec(new URL('file:///bin/true'), [], { stdout: PIPE, limit: 5 });
  yield* createSubprocessShell(Buffer.from('true'), { stdin: process.stdin, stdout: sock, env: {} });
  return [transport, lines, shell, child] as const;
}

type Started = ReturnType<typeof start> extends Generator<unknown, infer T, never> ? T : never;

export type Starting = [
  Assert<Equal<Started[0], SubprocessTransport>>,
  Assert<Equal<Started[1], Lines>>,
  Assert<Equal<Started[2], [transport: SubprocessTransport, protocol: Lines]>>,
  Assert<Equal<Started[3], Process>>,
];

export async function use(child: Process, transport: SubprocessTransport) {
  await using ended = child;
  return {
    pipes: [transport.getPipeTransport(0), transport.getPipeTransport(1)] as const,
    info: transport.getExtraInfo('subprocess'),
    code: await ended.wait(),
  };
}

export type Using = [
  Assert<Equal<Process['stdin'], StreamWriter | null>>,
  Assert<Equal<Process['stdout'], StreamReader | null>>,
  Assert<Equal<Process['stderr'], StreamReader | null>>,
  Assert<Equal<Process['pid'], number>>,
  Assert<Equal<Process['returncode'], number | null>>,
  Assert<Equal<ReturnType<Process['wait']>, Operation<number>>>,
  Assert<
    Equal<ReturnType<Process['communicate']>, Operation<[stdout: Buffer | null, stderr: Buffer | null]>>
  >,
  Assert<Equal<Signal, NodeJS.Signals | number>>,
  Assert<
    Equal<
      Awaited<ReturnType<typeof use>>,
      {
        pipes: readonly [WriteTransport | null, ReadTransport | null];
        info: ChildProcessInfo | undefined;
        code: number;
      }
    >
  >,
];

export function refused(loop: EventLoop, child: Process) {
  // @ts-expect-error: it may have no pipe
  child.stdout.read();
  // @ts-expect-error: text is no bytes
  child.communicate('text');
  // @ts-expect-error: there is no such signal
  child.sendSignal('SIGNOTHING');
  // @ts-expect-error: the number is the child's
  child.pid = 5;
  // @ts-expect-error: arguments are an array
  createSubprocessExec('ls', '-l');
  // @ts-expect-error: a number is no argument
  createSubprocessExec('sleep', [5]);
  // @ts-expect-error: nor is it a value of the environment
  createSubprocessExec('env', [], { env: { A: 5 } });
  // @ts-expect-error: pipes are bytes
  createSubprocessExec('ls', [], { encoding: 'utf8' });
  // @ts-expect-error: a command is a string
  createSubprocessShell(['ls']);
  // @ts-expect-error: a class is no factory
  loop.subprocessExec(Lines, 'ls');
}
