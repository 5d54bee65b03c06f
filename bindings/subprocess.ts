// Starting a child process, with a transport and a protocol. asyncio: `loop.subprocess_exec`, `loop.subprocess_shell`.
import { fstatSync } from 'node:fs';
import { constants } from 'node:os';
import {
  checkCommand,
  checkPath,
  checkShellCommand,
  type ProgramArgument,
  stringList,
} from './child-command.js';
import { type ChildProcessOptions, checkChildOptions, type OptionsSpec } from './child-options.js';
import { ChildTransport } from './child-transport.js';
import type { EventLoop } from './event-loop.js';
import type { ProtocolFactory } from './listener.js';
import type { ChildSpec, Spawned } from './native/addon.js';
import { openedTransport } from './opened-transport.js';
import type { SubprocessProtocol } from './protocol.js';
import { checkFactory, makeProtocol } from './protocol-factory.js';
import type { Coroutine } from './stepping.js';
import { systemError } from './system-error.js';
import type { SubprocessTransport } from './transport.js';

/** The shell of `subprocessShell`. */
const SHELL = '/bin/sh';
/** The system call whose failure says that the program can't be run. */
const SPAWN_CALL = 'posix_spawn';

/** The body of `loop.subprocessExec`. @internal */
export function* subprocessExec<P extends SubprocessProtocol>(
  loop: EventLoop,
  factory: ProtocolFactory<P>,
  program: unknown,
  args: unknown,
  options: ChildProcessOptions,
): Coroutine<[transport: SubprocessTransport, protocol: P]> {
  checkFactory(factory);
  const spec = checkChildOptions(options, 'subprocessExec');
  const command = checkCommand(program, args);
  return yield* start(loop, factory, checkPath('executable', options.executable), command, spec);
}

/** The body of `loop.subprocessShell`. @internal */
export function* subprocessShell<P extends SubprocessProtocol>(
  loop: EventLoop,
  factory: ProtocolFactory<P>,
  cmd: unknown,
  options: ChildProcessOptions,
): Coroutine<[transport: SubprocessTransport, protocol: P]> {
  checkFactory(factory);
  const spec = checkChildOptions(options, 'subprocessShell');
  const executable = checkPath('executable', options.executable);
  return yield* start(loop, factory, executable, [executable ?? SHELL, '-c', checkShellCommand(cmd)], spec);
}

function* start<P extends SubprocessProtocol>(
  loop: EventLoop,
  factory: ProtocolFactory<P>,
  executable: Buffer | undefined,
  args: readonly [ProgramArgument, ...ProgramArgument[]],
  spec: OptionsSpec,
): Coroutine<[transport: SubprocessTransport, protocol: P]> {
  const protocol = makeProtocol(factory);
  const spawned = spawn(loop, executable ?? args[0], args, spec);
  const waiter = loop.createFuture<void>();
  const transport = new ChildTransport(loop, { spawned, args, protocol, waiter });
  try {
    return yield* openedTransport(waiter, transport, protocol);
  } catch (error) {
    // Cancelled: nobody will ever know of the child, so it has to be gone.
    yield* transport.wait();
    throw error;
  }
}

/** @throws the system's error: its `path` is the program, or the directory that is none. */
function spawn(
  loop: EventLoop,
  program: ProgramArgument,
  args: readonly ProgramArgument[],
  spec: OptionsSpec,
): Spawned {
  const child: ChildSpec = Object.assign(spec, {
    program: Buffer.from(program as string),
    args: stringList(args),
  });
  const spawned = loop.scheduler.core.native.spawn(child);
  if ('pid' in spawned) return spawned;
  const { errno, syscall, path } = spawned;
  const closed = errno === constants.errno.EBADF ? givenDescriptors(spec).find(isNotOpen) : undefined;
  const error = systemError(errno, {
    syscall: 'spawn',
    ...(path === undefined ? null : { path: path.toString() }),
  });
  if (closed !== undefined) error.message += `: the descriptor ${closed} is not open`;
  else if (syscall !== SPAWN_CALL) error.message += ` (${syscall})`;
  throw error;
}

/** The user's descriptors that the child was to get. */
function givenDescriptors({ stdin, stdout, stderr, passFds }: OptionsSpec): number[] {
  return [stdin, stdout, stderr, ...passFds].filter((fd) => fd !== undefined).filter((fd) => fd >= 0);
}

function isNotOpen(fd: number): boolean {
  try {
    fstatSync(fd);
    return false;
  } catch {
    return true;
  }
}
