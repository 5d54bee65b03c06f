// Child processes with streams. asyncio: `asyncio.subprocess`.
import type { Program, ProgramArgument } from './child-command.js';
import type { ChildProcessOptions } from './child-options.js';
import type { ChildTransport } from './child-transport.js';
import { given, RuntimeError, typeError } from './errors.js';
import type { EventLoop } from './event-loop.js';
import { gather } from './gather.js';
import { Operation } from './operation.js';
import { getRunningLoop } from './running.js';
import type { Signal } from './signal-number.js';
import type { Coroutine } from './stepping.js';
import { StreamReader } from './stream-reader.js';
import type { StreamWriter } from './stream-writer.js';
import type { StreamOptions } from './streams.js';
import { SubprocessStreamProtocol } from './subprocess-stream-protocol.js';
import type { SubprocessTransport } from './transport.js';

/** Options of `createSubprocessExec` and `createSubprocessShell`. Without `stdin`, `stdout`, `stderr` they are this process's. */
export interface SubprocessOptions extends ChildProcessOptions, StreamOptions {}

/** Errors of writing to a child that has stopped reading. */
const GONE = new Set(['EPIPE', 'ECONNRESET']);

/**
 * A child process. asyncio: `asyncio.subprocess.Process`. `createSubprocessExec` and `createSubprocessShell` make it.
 *
 * @example
 * const child = yield* createSubprocessExec('sort', ['-u'], { stdin: PIPE, stdout: PIPE });
 * const [sorted] = yield* child.communicate(Buffer.from('b\na\nb\n'));
 * console.log(String(sorted), child.returncode);
 */
export class Process {
  /** The child's number. */
  readonly pid: number;
  /** What the child reads; null unless `stdin: PIPE`. */
  readonly stdin: StreamWriter | null;
  /** What the child writes; null unless `stdout: PIPE`. */
  readonly stdout: StreamReader | null;
  /** What the child complains; null unless `stderr: PIPE`. */
  readonly stderr: StreamReader | null;
  private readonly transport: ChildTransport;
  private readonly loop: EventLoop;

  /** @internal */
  constructor(transport: ChildTransport, protocol: SubprocessStreamProtocol, loop: EventLoop) {
    this.transport = transport;
    this.loop = loop;
    this.pid = transport.getPid();
    this.stdin = protocol.stdin;
    this.stdout = protocol.stdout;
    this.stderr = protocol.stderr;
  }

  /** The exit code, −N if signal N has ended it; null while it runs. */
  get returncode(): number | null {
    return this.transport.getReturncode();
  }

  /**
   * Waits until the child has ended and its pipes are at their end, and gives the return code. A child whose pipes nobody reads
   * may never end: `communicate()` reads them. asyncio: `wait`.
   * @throws CancelledError when the task is cancelled while it waits; the child runs on.
   */
  wait(): Operation<number> {
    return new Operation(this.loop, this.transport.wait());
  }

  /**
   * Sends `input`, closes `stdin`, reads `stdout` and `stderr` to their end and waits for the child. Gives what was read, null
   * where there is no pipe. A child that does not read all of its input is no error. asyncio: `communicate`.
   *
   * @param input bytes; without it nothing is sent
   * @throws TypeError unless `input` is a Uint8Array; RuntimeError `ERR_NO_PIPE` for an input without a pipe to `stdin`;
   * CancelledError when the task is cancelled while it waits; the child runs on.
   * @example
   * const [output, complaints] = yield* child.communicate(Buffer.from('input'));
   */
  communicate(input?: Uint8Array | null): Operation<[stdout: Buffer | null, stderr: Buffer | null]> {
    return new Operation(this.loop, this.communicating(input ?? null));
  }

  /** Sends `signal`, by name or number. Errors as of `SubprocessTransport.sendSignal`. asyncio: `send_signal`. */
  sendSignal(signal: Signal): void {
    this.transport.sendSignal(signal);
  }

  /** Asks the child to end: SIGTERM. Errors as `sendSignal`. asyncio: `terminate`. */
  terminate(): void {
    this.transport.terminate();
  }

  /** Ends the child: SIGKILL. Errors as `sendSignal`. asyncio: `kill`. */
  kill(): void {
    this.transport.kill();
  }

  /** Kills the child if it still runs, closes its pipes and waits until it is gone, for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.transport.close();
    await this.wait();
  }

  /** The process as asyncio prints it. */
  toString(): string {
    return `<${this.constructor.name} ${this.pid}>`;
  }

  /** @internal */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }

  private *communicating(input: Uint8Array | null): Coroutine<[Buffer | null, Buffer | null]> {
    const { stdin } = this;
    if (input !== null && !(input instanceof Uint8Array)) {
      throw typeError(`input must be a Uint8Array (a Buffer, for example), not ${given(input)}`);
    }
    if (input !== null && stdin === null) {
      throw new RuntimeError(
        'there is no pipe for the input: start the child with stdin: PIPE',
        'ERR_NO_PIPE',
      );
    }
    const [, stdout, stderr] = yield* gather(
      this.feed(stdin, input),
      this.readAll(this.stdout, 1),
      this.readAll(this.stderr, 2),
    );
    yield* this.transport.wait();
    return [stdout, stderr];
  }

  private *feed(stdin: StreamWriter | null, input: Uint8Array | null): Coroutine<void> {
    if (stdin === null) return;
    try {
      if (input !== null) stdin.write(input);
      yield* stdin.drain();
    } catch (error) {
      if (!GONE.has((error as { code?: string }).code ?? '')) throw error;
    }
    stdin.close();
  }

  private *readAll(reader: StreamReader | null, fd: 1 | 2): Coroutine<Buffer | null> {
    if (reader === null) return null;
    const pipe = this.transport.getPipeTransport(fd);
    const output = yield* reader.read();
    pipe?.close();
    return output;
  }
}

/**
 * Starts `program` with `args`. asyncio: `create_subprocess_exec`.
 *
 * @param program a path, or a name that is looked for in `PATH`; text, bytes or a `file:` URL
 * @param args what the program is given, as it is: no shell looks at it
 * @param options `limit` of the streams, and those of `loop.subprocessExec`; without `stdin`, `stdout` and `stderr` the child
 * has this process's
 * @throws as `loop.subprocessExec`; RangeError for a limit that is not positive.
 * @example
 * const child = yield* createSubprocessExec('date', ['-u'], { stdout: PIPE });
 * console.log(String(yield* child.stdout!.readline()));
 * yield* child.wait();
 */
export function createSubprocessExec(
  program: Program,
  args: readonly ProgramArgument[] = [],
  options: SubprocessOptions = {},
): Operation<Process> {
  const loop = getRunningLoop();
  return create(loop, options, (factory, others) => loop.subprocessExec(factory, program, args, others));
}

/**
 * Starts a command of the shell (`/bin/sh -c`). asyncio: `create_subprocess_shell`. What comes from outside has no business in
 * a command: give it to a program as an argument, by `createSubprocessExec`. `kill()` ends the shell and not what it has
 * started, which may keep the pipes open: `exec` in front of a command's only program, or of its last one, makes the shell it.
 *
 * @param cmd the command
 * @param options as of `createSubprocessExec`
 * @throws as `loop.subprocessShell`; RangeError for a limit that is not positive.
 * @example
 * const child = yield* createSubprocessShell('ls | wc -l', { stdout: PIPE });
 * const [count] = yield* child.communicate();
 */
export function createSubprocessShell(
  cmd: ProgramArgument,
  options: SubprocessOptions = {},
): Operation<Process> {
  const loop = getRunningLoop();
  return create(loop, options, (factory, others) => loop.subprocessShell(factory, cmd, others));
}

type Factory = () => SubprocessStreamProtocol;
type Started = Operation<[SubprocessTransport, SubprocessStreamProtocol]>;
type Start = (factory: Factory, options: ChildProcessOptions) => Started;

function create(loop: EventLoop, options: SubprocessOptions, start: Start): Operation<Process> {
  return new Operation(loop, creating(loop, options, start));
}

function* creating(loop: EventLoop, options: SubprocessOptions, start: Start): Coroutine<Process> {
  if (typeof options !== 'object' || options === null) {
    throw typeError(`the options of a child process must be an object, got ${given(options)}`);
  }
  const { limit, stdin = null, stdout = null, stderr = null, ...others } = options;
  // A wrong limit is known before there is a child.
  new StreamReader(limit, loop);
  const factory = (): SubprocessStreamProtocol => new SubprocessStreamProtocol(limit, loop);
  const [transport, protocol] = yield* start(factory, { stdin, stdout, stderr, ...others });
  return new Process(transport as ChildTransport, protocol, loop);
}
