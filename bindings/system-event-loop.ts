// The loop's methods for the rest of the operating system: pipes, signals, child processes, executors. What they do is
// elsewhere, in files of their names; here are their arguments and what they promise.

import { checkCallback, contextOf } from './callback-arguments.js';
import type { Program, ProgramArgument } from './child-command.js';
import type { ChildProcessOptions } from './child-options.js';
import { connectReadPipe, connectWritePipe } from './connect-pipes.js';
import type { Context } from './context.js';
import { rangeError, secondsOrNull } from './errors.js';
import type { InContext } from './event-loop.js';
import type { Executor } from './executor.js';
import type { JobOptions } from './executor-job.js';
import type { Future } from './future.js';
import type { PipeEnd } from './given-pipe.js';
import type { Callback } from './handle.js';
import type { JobFunction } from './job-target.js';
import type { ProtocolFactory } from './listener.js';
import { NetworkEventLoop } from './network-event-loop.js';
import type { Operation } from './operation.js';
import type { BaseProtocol, BufferedProtocol, Protocol, SubprocessProtocol } from './protocol.js';
import type { Signal } from './signal-number.js';
import { subprocessExec, subprocessShell } from './subprocess.js';
import type { ThreadPoolExecutor } from './thread-pool-executor.js';
import type { ReadTransport, SubprocessTransport, WriteTransport } from './transport.js';

/** The part of a loop that has to do with the rest of the operating system. Every EventLoop is one. */
export abstract class SystemEventLoop extends NetworkEventLoop {
  // ---- pipes ---------------------------------------------------------------------------------------

  /**
   * Reads from one end of a pipe, or what is like one: a FIFO, a socket, a terminal, another character device such as
   * `/dev/null`; gives the transport and the protocol that `protocolFactory` made. asyncio: `loop.connect_read_pipe`.
   *
   * At the end `eofReceived` and `connectionLost(null)` are called, whatever the former returns. A terminal whose other side is
   * closed ends with the system's `EIO`. The descriptor does not block from now on, which holds for every process that has the
   * same open file; when the transport is closed it blocks again, if it did before.
   *
   * @param pipe the number of a descriptor, which is the transport's from then on, and is closed with it; 0, 1 and 2 stay
   * open. Or an object with `fd` (a FileHandle, `process.stdin`) or `fileno()`: a duplicate is read from, and the object's own
   * `close()`, if it has one, is called when the transport is closed.
   * @throws RangeError for a regular file; the system's error (`EBADF`, …); TypeError for what has no descriptor, RuntimeError
   * for one that this loop uses already. The descriptor is the caller's still then.
   * @example
   * const reader = new StreamReader();
   * await loop.connectReadPipe(() => new StreamReaderProtocol(reader), process.stdin);
   * for await (const line of reader) console.log(String(line));
   */
  connectReadPipe<P extends Protocol | BufferedProtocol>(
    protocolFactory: ProtocolFactory<P>,
    pipe: PipeEnd,
  ): Operation<[transport: ReadTransport, protocol: P]> {
    return this.operation((loop) => connectReadPipe(loop, protocolFactory, pipe));
  }

  /**
   * Writes to one end of a pipe, or what is like one: as `connectReadPipe`. asyncio: `loop.connect_write_pipe`.
   *
   * When the reader goes, `connectionLost` is called: with the system's `EPIPE` if something was still to be sent, else with
   * null; not of a terminal or device. `writeEof()` is `close()`: what was written before is sent.
   *
   * @param pipe as for `connectReadPipe`
   * @throws as `connectReadPipe`
   * @example
   * const [transport] = yield* loop.connectWritePipe(() => new BaseProtocol(), process.stdout);
   * transport.write(Buffer.from('Hello\n'));
   */
  connectWritePipe<P extends BaseProtocol>(
    protocolFactory: ProtocolFactory<P>,
    pipe: PipeEnd,
  ): Operation<[transport: WriteTransport, protocol: P]> {
    return this.operation((loop) => connectWritePipe(loop, protocolFactory, pipe));
  }

  // ---- signals -------------------------------------------------------------------------------------

  /**
   * Calls `callback(...args)` whenever `signal` comes to this process, until `removeSignalHandler`; in place of the callback
   * that was there. A leading `{ context }` says which context it runs in. asyncio: `loop.add_signal_handler`.
   *
   * It is a callback of the loop as any other, so it may do everything; it wakes a loop that sleeps, and a signal that comes
   * between two runs is heard in the next one. Meanwhile the signal does not do what it does by itself (end the process, mostly).
   * Listeners of `process.on(signal)` and the handlers of other loops hear it as well, though Node's not before the end of a
   * blocking run. A callback that keeps the thread busy keeps all of them waiting.
   *
   * As with `process.on`: SIGUSR1 does not start the inspector while it is handled; SIGSEGV, SIGBUS, SIGFPE and SIGILL are
   * only safe to handle when somebody sends them.
   *
   * @param signal its name, or its number.
   * @throws TypeError for what is no signal, or a callback that is none (a generator function, too); RangeError for a name or a
   * number that the system does not have; RuntimeError `ERR_SIGNAL_UNCATCHABLE` for SIGKILL and SIGSTOP,
   * `ERR_NOT_MAIN_THREAD` in a worker, or when the loop is closed; the system's error (`EMFILE`).
   * @example
   * loop.addSignalHandler('SIGTERM', () => server.close());
   * loop.addSignalHandler('SIGHUP', readConfiguration, 'service.json');
   */
  addSignalHandler<A extends unknown[]>(signal: Signal, callback: Callback<A>, ...args: A): void;
  addSignalHandler<A extends unknown[]>(
    options: InContext,
    signal: Signal,
    callback: Callback<A>,
    ...args: A
  ): void;
  addSignalHandler(first: Signal | InContext, ...rest: unknown[]): void {
    let signal: unknown = first;
    let context: Context | null = null;
    if (typeof first === 'object' && first !== null && 'context' in first) {
      context = contextOf(first, 'addSignalHandler');
      signal = rest.shift();
    }
    const [callback, ...args] = rest;
    // A generator function is refused not only in debug mode: so does asyncio here.
    checkCallback(callback, 'addSignalHandler', true);
    this.itself().signals.add(signal, callback as Callback, args, context);
  }

  /**
   * Ends `addSignalHandler`; says whether there was a handler. If nobody else handles the signal, it does again what it did
   * before. False on a loop that is closed. asyncio: `loop.remove_signal_handler`.
   *
   * @throws TypeError and RangeError for what is no signal.
   * @example
   * loop.removeSignalHandler('SIGINT'); // Ctrl-C ends the process again
   */
  removeSignalHandler(signal: Signal): boolean {
    return this.itself().signals.remove(signal);
  }

  // ---- child processes -----------------------------------------------------------------------------

  /**
   * Starts `program` with `args`; gives its transport and the protocol that `protocolFactory` made. asyncio:
   * `loop.subprocess_exec`. The child has pipes to this process for all that `stdin`, `stdout` and `stderr` do not lead elsewhere,
   * and no other descriptor than these three.
   *
   * @param program a path, or a name that is looked for in the `PATH` of its environment; text, bytes or a `file:` URL
   * @param args what the program is given, as it is: no shell looks at it
   * @throws the system's error: `ENOENT` with the program as `path`, or with a `cwd` that is not there, `EACCES`, …; TypeError
   * and RangeError for wrong arguments, NotImplementedError for an option that there is not. Nothing is left open then. When it
   * is cancelled, the child is killed.
   * @example
   * const [transport, protocol] = yield* loop.subprocessExec(() => new Output(), 'ls', ['-l'], { stdin: DEVNULL });
   */
  subprocessExec<P extends SubprocessProtocol>(
    protocolFactory: ProtocolFactory<P>,
    program: Program,
    args: readonly ProgramArgument[] = [],
    options: ChildProcessOptions = {},
  ): Operation<[transport: SubprocessTransport, protocol: P]> {
    return this.operation((loop) => subprocessExec(loop, protocolFactory, program, args, options));
  }

  /**
   * Starts a command of the shell (`/bin/sh -c`), as `subprocessExec` does. asyncio: `loop.subprocess_shell`. What comes from
   * outside has no business in a command: give it to a program as an argument.
   *
   * @param cmd the command
   * @throws as `subprocessExec`; a command that the shell does not find is its exit code 127.
   * @example
   * const [transport, protocol] = yield* loop.subprocessShell(() => new Output(), 'ls | wc -l');
   */
  subprocessShell<P extends SubprocessProtocol>(
    protocolFactory: ProtocolFactory<P>,
    cmd: ProgramArgument,
    options: ChildProcessOptions = {},
  ): Operation<[transport: SubprocessTransport, protocol: P]> {
    return this.operation((loop) => subprocessShell(loop, protocolFactory, cmd, options));
  }

  // ---- executors -----------------------------------------------------------------------------------

  /**
   * Has `func(...args)` called by a worker of `executor`, and gives a future of its result; this thread goes on
   * meanwhile. A leading object has options: `{ signal }` ends the job, with its worker when it runs; `{ terminate: true }` lets
   * `cancel()` do so, too. Without them, cancelling a job that runs lets it run on, as in asyncio, and nobody hears of it.
   * asyncio: `loop.run_in_executor`. docs/executors.md says what can be sent.
   *
   * @param executor null: the default one, a ThreadPoolExecutor that is made when it is first needed.
   * @param func a function that closes over nothing (an async one is awaited there), or a reference: `{ module, export }`.
   * @param args copies of them arrive; what is wrapped in `transfer()` moves.
   * @throws RuntimeError when the loop is closed, or the executor shut down; TypeError for what can't be sent
   * (`ERR_NOT_CLOSED`, `ERR_NOT_CLONEABLE`); BrokenExecutor. From the future: what `func` throws, with its class and the
   * worker's stack; BrokenExecutor when the worker ended before; CancelledError.
   * @example
   * const hashFile = reference<typeof import('./hash.js').hashFile>(new URL('./hash.js', import.meta.url), 'hashFile');
   * const digest = yield* loop.runInExecutor(null, hashFile, '/etc/hosts');
   * const sum = yield* loop.runInExecutor(null, (a: number, b: number) => a + b, 2, 3);
   */
  runInExecutor<A extends unknown[], T>(
    executor: Executor | null,
    func: JobFunction<A, T>,
    ...args: A
  ): Future<Awaited<T>>;
  runInExecutor<A extends unknown[], T>(
    options: JobOptions,
    executor: Executor | null,
    func: JobFunction<A, T>,
    ...args: A
  ): Future<Awaited<T>>;
  runInExecutor(first: unknown, ...rest: unknown[]): Future<unknown> {
    return this.open().executors.run(first, ...rest);
  }

  /**
   * What `runInExecutor` takes for null from now on. asyncio: `loop.set_default_executor`.
   *
   * @throws TypeError for what is no ThreadPoolExecutor.
   * @example
   * loop.setDefaultExecutor(new ThreadPoolExecutor(2));
   */
  setDefaultExecutor(executor: ThreadPoolExecutor): void {
    this.itself().executors.setDefault(executor);
  }

  /**
   * Ends the default executor: waits for its jobs and threads, `timeout` seconds at most, and warns when that is not
   * enough. Later calls of `runInExecutor` with null are refused. asyncio: `loop.shutdown_default_executor`.
   *
   * @throws TypeError for a timeout that is no number of seconds, RangeError for a negative one and NaN.
   * @example
   * yield* loop.shutdownDefaultExecutor(10);
   */
  shutdownDefaultExecutor(timeout: number | null = null): Operation<void> {
    const seconds = secondsOrNull(timeout, 'timeout');
    if (seconds !== null && seconds < 0) throw rangeError(`timeout must not be negative, got ${seconds}`);
    return this.operation((loop) => loop.executors.shutdown(seconds));
  }
}
