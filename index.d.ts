// The public API of mioloop. Generated from bindings/ by `npm run types`. Do not edit.

import * as threads from 'node:worker_threads';
import { TransferListItem } from 'node:worker_threads';

/**
 * A variable whose value follows callbacks and tasks. Python: `contextvars.ContextVar`.
 *
 * @example
 * const user = new ContextVar<string>('user');
 * const token = user.set('ada');
 * loop.callSoon(() => console.log(user.get())); // ada
 * user.reset(token);
 */
export declare class ContextVar<T> {
  #private;
  /** The variable's name, for debugging. */
  readonly name: string;
  constructor(name: string, ...fallback: [] | [defaultValue: T]);
  /**
   * The value in the current context, else `defaultValue`, else the variable's own default.
   * @throws RuntimeError `ERR_LOOKUP` without any.
   */
  get(...defaultValue: [] | [T]): T;
  /** Sets the value in the current context; the token undoes it. */
  set(value: T): Token<T>;
  /**
   * Restores the value that the variable had before the `set` that gave `token`; a token works once.
   * @throws RangeError for a token of another variable; RuntimeError `ERR_TOKEN_USED` the second time.
   */
  reset(token: Token<T>): void;
}
/**
 * What `ContextVar.set` gives, to undo it. Python: `contextvars.Token`.
 *
 * @example
 * const user = new ContextVar<string>('user');
 * const token = user.set('ada');
 * token.oldValue; // []: it had none
 * user.reset(token);
 */
export declare class Token<T> {
  protected constructor();
  #private;
  readonly variable: ContextVar<T>;
  /** The value before, in an array that is empty where there was none. */
  readonly oldValue: readonly [] | readonly [T];
}
/**
 * A set of context variables with their values. Python: `contextvars.Context`.
 *
 * @example
 * const user = new ContextVar<string>('user', 'nobody');
 * const context = new Context();
 * context.run(() => user.set('ada'));
 * console.log(context.get(user), user.get()); // ada nobody
 * loop.callSoon({ context }, () => console.log(user.get())); // ada
 */
export declare class Context {
  /** An empty context. */
  constructor();
  /**
   * Calls `callback` in this context and returns its result.
   * @throws RuntimeError `ERR_CONTEXT_ENTERED` when the context is entered already; what `callback` throws.
   */
  run<A extends unknown[], R>(callback: (...args: A) => R, ...args: A): R;
  private invokeWithTwo;
  private invoke;
  /** The value of `variable` in this context, undefined where it has none. */
  get<T>(variable: ContextVar<T>): T | undefined;
  /** Whether `variable` has a value in this context. */
  has(variable: ContextVar<unknown>): boolean;
  /** A copy that later changes do not reach, in constant time. */
  copy(): Context;
  private current;
}
/**
 * A copy of the current context. Python: `contextvars.copy_context`.
 *
 * @example
 * const user = new ContextVar<string>('user');
 * user.set('ada');
 * const context = copyContext();
 * user.set('bob');
 * context.run(() => console.log(user.get())); // ada
 */
export declare function copyContext(): Context;
/** A generator object that a task can run. Python: a coroutine object. */
export type Coroutine<T> = Generator<Suspension, T, unknown>;
declare abstract class Stepping<T> extends Future<T> {
  private nextError;
  private waitFor;
  private problemWith;
}
/**
 * What a scope runs. A generator, a future or another scope that it gives goes on in the task that waits; an async
 * function is a task of its own.
 */
export type ScopeBody<A, T> = (argument: A) => Coroutine<T> | PromiseLike<T> | T;
/**
 * A coroutine that has not begun. It can be used once: `yield*` runs it in the task that waits, `await` as an
 * eager task. asyncio: a coroutine object.
 *
 * @example
 * const answer = yield* timeout(5, function* () { return yield* ask(); });       // in a generator
 * // const answer = await timeout(5, async () => await ask());                  // in an async function
 */
export declare class Scope<T> implements PromiseLike<T> {
  protected constructor();
  private body;
  private readonly watched;
  /** Runs the coroutine in the task that waits: `yield* scope`. @throws RuntimeError the second time. */
  [Symbol.iterator](): Generator<Suspension, T, unknown>;
  then<A = T, B = never>(
    onFulfilled?: ((value: T) => A | PromiseLike<A>) | null,
    onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B>;
  /** As a promise's `catch`. */
  catch<B = never>(onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null): Promise<T | B>;
  /** As a promise's `finally`. */
  finally(onFinally?: (() => void) | null): Promise<T>;
  get [Symbol.toStringTag](): string;
  /** The scope as asyncio prints a coroutine. */
  toString(): string;
}
/** What `createTask` and `run` take: a generator object, a Scope, or a function that gives a generator or a promise. */
export type CoroutineLike<T> = Coroutine<T> | Scope<T> | (() => Coroutine<T>) | (() => Promise<T>);
/** A callback with its arguments. */
export type Callback<A extends unknown[] = unknown[]> = (...args: A) => unknown;
/**
 * A scheduled callback. asyncio: `Handle`.
 *
 * @example
 * const handle = loop.callSoon(console.log, 'never printed');
 * handle.cancel();
 */
export declare class Handle {
  protected constructor();
  private values;
  private context;
  /** The stores of AsyncLocalStorage where it was scheduled. */
  private readonly stores;
  /** What is printed after a cancel, in debug mode. */
  private text;
  /** Cancels the callback and frees it and its arguments at once. No effect when it has run or is cancelled. */
  cancel(): void;
  /** Whether the callback was cancelled. */
  cancelled(): boolean;
  /** The context that the callback runs in. */
  getContext(): Context;
  private invoke;
  /** The handle as asyncio prints it. */
  toString(): string;
  private format;
}
/**
 * A callback scheduled for a point in time. asyncio: `TimerHandle`. Handles compare (`<`, `>`) by their time.
 *
 * @example
 * const timer = loop.callLater(60, () => connection.abort());
 * timer.when() - loop.time(); // 60 seconds, nearly
 */
export declare class TimerHandle extends Handle {
  protected constructor();
  private readonly time;
  /** The scheduled time in seconds, on the clock of `loop.time()`. */
  when(): number;
  cancel(): void;
  /** Whether both are for the same time, callback and arguments, and neither or both are cancelled. */
  equals(other: unknown): boolean;
  /** The time, so that handles compare. */
  valueOf(): number;
}
/** An address of the internet: `[host, port]`, with IPv6 `[host, port, flowinfo, scopeId]`. */
export type InternetAddress =
  | [host: string, port: number]
  | [host: string, port: number, flowinfo: number, scopeId: number];
/** An address: of the internet, or the path of a Unix socket (`\0` in front of an abstract name, '' for none). */
export type Address = InternetAddress | string;
/** Marks to be set, in bytes. */
export interface WriteBufferLimitsOptions {
  /** Above it `pauseWriting` is called. */
  high?: number | undefined;
  /** At it, or below, `resumeWriting` is called. */
  low?: number | undefined;
}
/** An object that has a descriptor: a FileHandle of `fs/promises`, a `socket.Socket`, `process.stdin`. */
export interface PipeObject {
  /** The descriptor's number, where there is no `fileno()`. */
  readonly fd?: number;
  fileno?(): number;
  /** Is called when the transport is closed; may return a promise. */
  close?(): unknown;
}
/** One end of a pipe: a descriptor's number, or an object that has one. */
export type PipeEnd = number | PipeObject;
/** A signal by its name or its number. */
export type Signal = NodeJS.Signals | number;
/** What can be asked of every socket: the user's own, and that of a transport. */
export declare abstract class SocketView {
  /** The family, `socket.AF_…`. */
  readonly family: number;
  /** The type, `socket.SOCK_…`. */
  readonly type: number;
  /** The protocol, `socket.IPPROTO_…`. */
  readonly proto: number;
  /** The descriptor; -1 when the socket is closed. */
  fileno(): number;
  /** The address of this end. Throws the system's error (`EBADF` when it is closed). */
  getsockname<A extends Address = InternetAddress>(): A;
  /** The address of the other end. Throws the system's error (`ENOTCONN` when there is none). */
  getpeername<A extends Address = InternetAddress>(): A;
  /**
   * The value of an option: an integer, or `size` bytes at most where a size is given.
   * @throws the system's error (`ENOPROTOOPT` for one that there is not); RangeError for a size beyond 1,024.
   */
  getsockopt(level: number, option: number): number;
  getsockopt(level: number, option: number, size: number): Buffer;
  /**
   * Sets an option to an integer, a boolean or bytes.
   * @throws the system's error (`ENOPROTOOPT`, `EINVAL`, …); TypeError for another kind of value.
   */
  setsockopt(level: number, option: number, value: number | boolean | Uint8Array): void;
  /** Ends receiving (`SHUT_RD`), sending (`SHUT_WR`) or both (`SHUT_RDWR`). Throws the system's error. */
  shutdown(how: number): void;
  toString(): string;
}
/**
 * A view of a transport's socket: it tells and takes options, but can't be closed or made blocking.
 *
 * @example
 * const [host, port] = server.sockets[0]!.getsockname();
 * transport.getExtraInfo('socket')!.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, true);
 */
export declare class TransportSocket extends SocketView {
  protected constructor();
  /** Only false is possible. @throws RangeError for anything else. */
  setBlocking(blocking: false): void;
}
/** What `getExtraInfo` knows, by name. */
export interface ExtraInfo {
  socket: TransportSocket;
  sockname: InternetAddress;
  peername: InternetAddress;
  pipe: PipeEnd;
  subprocess: ChildProcessInfo;
}
/** What is known of a child process. asyncio: the `Popen` that `get_extra_info('subprocess')` gives. */
export interface ChildProcessInfo {
  readonly pid: number;
  /** The program and its arguments; of a shell command, the shell's. */
  readonly args: readonly (string | Uint8Array)[];
  /** As `SubprocessTransport.getReturncode()`, at the time it is read. */
  readonly returncode: number | null;
}
/** What all transports have; `P` is their kind of protocol. asyncio: `BaseTransport`. */
export declare abstract class BaseTransport<P = Protocol | BufferedProtocol> {
  /**
   * What is known of the connection: `sockname`, `peername`, `socket`, of a pipe `pipe`, of a child process `subprocess`;
   * `fallback` for what is not.
   */
  abstract getExtraInfo<K extends keyof ExtraInfo>(name: K): ExtraInfo[K] | undefined;
  abstract getExtraInfo<A extends Address>(name: 'sockname' | 'peername'): A | undefined;
  abstract getExtraInfo<D = undefined>(name: string, fallback?: D): unknown;
  /** Whether the transport is closing or closed. */
  abstract isClosing(): boolean;
  /** Closes: no more is received, what was written is sent, then the protocol's `connectionLost(null)` is called. */
  abstract close(): void;
  /** Replaces the protocol; what is received from now on goes to the new one. */
  abstract setProtocol(protocol: P): void;
  /** The protocol; null when the connection is lost. */
  abstract getProtocol(): P | null;
  /** `close()`, for `using`. */
  [Symbol.dispose](): void;
}
/** The receiving half. asyncio: `ReadTransport`. */
export declare abstract class ReadTransport extends BaseTransport {
  /** Whether data is received now. */
  abstract isReading(): boolean;
  /** Stops receiving; the protocol gets nothing before `resumeReading`. */
  abstract pauseReading(): void;
  /** Receives again. */
  abstract resumeReading(): void;
}
/** The sending half. asyncio: `WriteTransport`. */
export declare abstract class WriteTransport extends BaseTransport {
  /**
   * Sends `data`; does not wait. The bytes are the caller's again when this returns.
   * @throws TypeError unless `data` is a Uint8Array; RuntimeError after `writeEof`.
   */
  abstract write(data: Uint8Array): void;
  /** Sends several pieces, as one. */
  abstract writelines(pieces: Iterable<Uint8Array>): void;
  /** Ends the sending side when everything written is sent; receiving goes on. */
  abstract writeEof(): void;
  /** Whether `writeEof` works here. */
  abstract canWriteEof(): boolean;
  /** Closes at once: what waits to be sent is dropped, then the protocol's `connectionLost(null)` is called. */
  abstract abort(): void;
  /** Bytes that wait to be sent. */
  abstract getWriteBufferSize(): number;
  /** The marks in bytes at which the protocol's `resumeWriting` and `pauseWriting` are called. */
  abstract getWriteBufferLimits(): [low: number, high: number];
  /**
   * Sets those marks. Without `low` it is a quarter of `high`; without `high` it is four times `low`; 64 KiB
   * and 16 KiB without both.
   * @throws RangeError unless high ≥ low ≥ 0; TypeError for what are no whole numbers by these names.
   */
  abstract setWriteBufferLimits(limits?: WriteBufferLimitsOptions): void;
}
/** A connection in both directions: a ReadTransport and a WriteTransport. asyncio: `Transport`. */
export declare abstract class Transport extends WriteTransport implements ReadTransport {
  abstract isReading(): boolean;
  abstract pauseReading(): void;
  abstract resumeReading(): void;
}
/** A datagram endpoint. asyncio: `DatagramTransport`. Made by `loop.createDatagramEndpoint()`. */
export declare abstract class DatagramTransport extends BaseTransport<DatagramProtocol> {
  /**
   * Sends `data` as one datagram (an empty one, too) to `address`, whose host is a literal; does not wait. Without an
   * address it goes to the endpoint's remote one. The bytes are the caller's again when this returns. What the system has
   * against it comes as the protocol's `errorReceived`.
   * @throws TypeError unless `data` is a Uint8Array, and without any address; RangeError for another address than the
   * endpoint's remote one, or none of its family.
   */
  abstract sendto(data: Uint8Array, address?: Address | null): void;
  /** Closes at once: what waits to be sent is dropped, then the protocol's `connectionLost(null)` is called. */
  abstract abort(): void;
  /** Bytes that wait to be sent; each datagram counts 8 more. */
  abstract getWriteBufferSize(): number;
  /** The marks in bytes at which the protocol's `resumeWriting` and `pauseWriting` are called. */
  abstract getWriteBufferLimits(): [low: number, high: number];
  /** Sets those marks, as of a WriteTransport. @throws RangeError unless high ≥ low ≥ 0. */
  abstract setWriteBufferLimits(limits?: WriteBufferLimitsOptions): void;
}
/** A child process. asyncio: `SubprocessTransport`. Made by `loop.subprocessExec()` and `loop.subprocessShell()`. */
export declare abstract class SubprocessTransport extends BaseTransport<SubprocessProtocol> {
  /** The child's number. */
  abstract getPid(): number;
  /**
   * The transport of the pipe at the child's descriptor `fd`: 0 is written, 1 and 2 are read. Null where there is no pipe, and
   * before `connectionMade`.
   */
  abstract getPipeTransport(fd: 0): WriteTransport | null;
  abstract getPipeTransport(fd: 1 | 2): ReadTransport | null;
  abstract getPipeTransport(fd: number): ReadTransport | WriteTransport | null;
  /** The child's exit code, −N if signal N has ended it; null while it runs. 255 where somebody else has taken it. */
  abstract getReturncode(): number | null;
  /**
   * Sends `signal`, by name or number. One that has just ended, unbeknown to the protocol, is no error.
   * @throws the system's error: `ESRCH` when it has ended and `connectionLost` was called, `EPERM` when it is another user's
   * now; TypeError and RangeError for what is no signal.
   */
  abstract sendSignal(signal: Signal): void;
  /** Asks the child to end: SIGTERM. Errors as `sendSignal`. */
  abstract terminate(): void;
  /** Ends the child: SIGKILL. Errors as `sendSignal`. */
  abstract kill(): void;
  /** Closes the pipes, and kills a child that still runs; the protocol's events still come. */
  abstract close(): void;
}
/** What all protocols have. asyncio: `BaseProtocol`. A subclass overrides what it needs. */
export declare class BaseProtocol<T extends BaseTransport<unknown> = BaseTransport<unknown>> {
  /** The connection stands. Called once, before anything else. */
  connectionMade(transport: T): unknown;
  /** The connection is gone; `error` is null after an end that was asked for. Called once, last. */
  connectionLost(error: Error | null): unknown;
  /** More waits to be sent than the high-water mark. */
  pauseWriting(): unknown;
  /** No more waits to be sent than the low-water mark. */
  resumeWriting(): unknown;
}
/**
 * A protocol that is given what was received. asyncio: `Protocol`.
 *
 * @example
 * class Echo extends Protocol {
 *   transport!: Transport;
 *   override connectionMade(transport: Transport) { this.transport = transport; }
 *   override dataReceived(data: Buffer) { this.transport.write(data); }
 * }
 */
export declare class Protocol extends BaseProtocol<Transport> {
  /** Bytes were received; they belong to the protocol. */
  dataReceived(data: Buffer): unknown;
  /** The peer will send no more. True keeps the connection open for writing; otherwise it closes. */
  eofReceived(): boolean | undefined | void;
}
/**
 * A protocol that is received into: no bytes are copied. asyncio: `BufferedProtocol`.
 *
 * @example
 * class Sink extends BufferedProtocol {
 *   #buffer = Buffer.allocUnsafe(65536);
 *   override getBuffer() { return this.#buffer; }
 *   override bufferUpdated(count: number) { digest.update(this.#buffer.subarray(0, count)); }
 * }
 */
export declare class BufferedProtocol extends BaseProtocol<Transport> {
  /** Where to receive to; not empty. `sizeHint` is the size that would suit, -1 for any. */
  getBuffer(sizeHint: number): Uint8Array;
  /** `count` bytes were received into the buffer that `getBuffer` gave. */
  bufferUpdated(count: number): unknown;
  /** The peer will send no more. True keeps the connection open for writing; otherwise it closes. */
  eofReceived(): boolean | undefined | void;
}
/**
 * A protocol of a datagram endpoint. asyncio: `DatagramProtocol`.
 *
 * @example
 * class Echo extends DatagramProtocol {
 *   transport!: DatagramTransport;
 *   override connectionMade(transport: DatagramTransport) { this.transport = transport; }
 *   override datagramReceived(data: Buffer, address: Address) { this.transport.sendto(data, address); }
 * }
 */
export declare class DatagramProtocol extends BaseProtocol<DatagramTransport> {
  /** A datagram was received from `address`; its bytes belong to the protocol. */
  datagramReceived(data: Buffer, address: Address): unknown;
  /**
   * A datagram could not be sent, or receiving failed. The endpoint goes on. `error` is the system's: `ECONNREFUSED`
   * where the peer of a connected socket is not there, with `address` and `port` where the datagram had an address.
   */
  errorReceived(error: Error): unknown;
}
/**
 * A protocol of a child process. asyncio: `SubprocessProtocol`.
 *
 * `processExited` comes at any place among the events of the pipes; `connectionLost` when the child has ended *and* all its
 * pipes have. An error in a method is reported, and nothing is closed.
 *
 * @example
 * class Output extends SubprocessProtocol {
 *   override pipeDataReceived(fd: number, data: Buffer) { console.log(fd, String(data)); }
 *   override processExited() { console.log('it has ended'); }
 * }
 */
export declare class SubprocessProtocol extends BaseProtocol<SubprocessTransport> {
  /** The child wrote to the pipe at its descriptor `fd` (1 or 2); the bytes belong to the protocol. */
  pipeDataReceived(fd: number, data: Buffer): unknown;
  /** The pipe at `fd` is gone: the child has closed it, or has ended; `error` is null unless it broke. */
  pipeConnectionLost(fd: number, error: Error | null): unknown;
  /** The child has ended; `transport.getReturncode()` tells how. */
  processExited(): unknown;
}
/** One call of a stack. */
export interface StackFrame {
  /** The file, as a path or the URL of a module that is none. */
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  /** Counted from 1. */
  readonly column: number;
  /** The function's name; empty for the body of a module, and for a function without a name. */
  readonly functionName: string;
}
/** Options of `loop.createTask`. */
export interface TaskOptions {
  /** The task's name; `Task-N` without one. */
  name?: string | undefined;
  /** The context that the task runs in; a copy of the current one without one. */
  context?: Context | undefined;
  /** The first step is run at once, inside the call, if the loop runs. asyncio: `eager_start`. */
  eagerStart?: boolean | undefined;
  /** Cancels the task when it is aborted; its reason is the CancelledError's `cause`. */
  signal?: AbortSignal | undefined;
}
/**
 * A coroutine that runs on the loop, and the future of its result. asyncio: `Task`. Made by
 * `loop.createTask()`. A generator is stepped turn by turn; an async function runs from one `await` to the next.
 *
 * @example
 * const task = loop.createTask(function* () { yield* sleep(10); return 'slept'; });
 * loop.callLater(1, () => task.cancel());
 */
export declare class Task<T> extends Stepping<T> {
  /** The name, or the number of `Task-N`. */
  private name;
  /** What the task was made from. */
  private readonly body;
  private readonly context;
  /** The stores of AsyncLocalStorage where the task was made. */
  private readonly stores;
  private requests;
  /** What the async function awaits; null for a generator. */
  private awaited;
  /** For task factories; elsewhere use `loop.createTask()`. */
  constructor(loop: EventLoop, coroutine: CoroutineLike<T>, options?: TaskOptions);
  /** The task's name. */
  getName(): string;
  /** Sets the task's name. */
  setName(name: string): void;
  /** The generator that the task runs; of an async function, and when it is done, what the task was made from. */
  getCoro(): CoroutineLike<T>;
  /** The context that the task runs in. */
  getContext(): Context;
  /** How many cancellations have been asked for, less those that `uncancel` took back. */
  cancelling(): number;
  /** Takes one request to cancel back; returns how many are left. At 0 one that was not delivered is gone. */
  uncancel(): number;
  /**
   * Asks the task to end: CancelledError is thrown where it waits, or at its next wait. The task may catch it.
   * False when the task is done.
   *
   * @param message as for a future's `cancel`.
   */
  cancel(message?: unknown): boolean;
  /** Not for a task: its result is its coroutine's. */
  setResult(value: T): never;
  /** Not for a task: its error is its coroutine's. */
  setException(error: unknown): never;
  /**
   * The calls of the task, outermost first: of the one that runs, the stack; of one that failed, its error's. Of a
   * generator that waits, the line, where Node's inspector is there to tell it; in debug mode all calls to where it
   * waits. Of an async function that waits nothing is known. asyncio: `get_stack`.
   *
   * @param limit at most so many: the innermost, of an error the outermost.
   */
  getStack(limit?: number): StackFrame[];
  /** Writes `getStack()` to `stream`, stderr without one. asyncio: `print_stack`. */
  printStack(
    limit?: number,
    stream?: {
      write(text: string): unknown;
    },
  ): void;
  /** The first step, inside of whatever runs now. */
  private startEagerly;
  private advance;
  private advanceHere;
  /** The first step of a task whose body is a function. */
  private call;
  /**
   * The end of an async function comes in a microtask: an error that ends the loop has to be passed on. A loop that was
   * closed meanwhile has reported the task already.
   */
  private endLater;
}
/** What is known about an error. asyncio: the `context` of `call_exception_handler`. */
export interface ExceptionContext {
  message: string;
  exception?: unknown;
  future?: Future<unknown>;
  task?: Task<unknown>;
  handle?: Handle;
  protocol?: BaseProtocol;
  transport?: BaseTransport<unknown>;
  socket?: TransportSocket;
  asyncgen?: AsyncGenerator;
  /** Who made the future, task or handle: in debug mode. Outermost call first. */
  sourceTraceback?: readonly StackFrame[];
  /** Who scheduled the callback that ran: in debug mode. */
  handleTraceback?: readonly StackFrame[];
  [detail: string]: unknown;
}
/** A custom exception handler. */
export type ExceptionHandler = (loop: EventLoop, context: ExceptionContext) => void;
/**
 * Is told what a loop does, while it does it. Give the methods that you want; each is called at once and should be
 * quick. Of what was under way when it was added, it is not told the end (but of a run). One that throws is reported to
 * the exception handler, and its instrument removed.
 *
 * @example
 * const steps = new Map<Task<unknown>, number>();
 * loop.addInstrument({ beforeTaskStep: (task) => steps.set(task, (steps.get(task) ?? 0) + 1) });
 */
export interface Instrument {
  /** A run begins. */
  beforeRun?(loop: EventLoop): void;
  /** A run has ended. */
  afterRun?(loop: EventLoop): void;
  /** A task was made. */
  taskSpawned?(task: Task<unknown>): void;
  /** A task is ready: its next step comes in the next turn. Not before the step that it makes while it is made. */
  taskScheduled?(task: Task<unknown>): void;
  /** A step begins. An eager task makes its first one inside whatever runs. */
  beforeTaskStep?(task: Task<unknown>): void;
  /**
   * The step has ended, with everything that an async function does until it awaits something again. What it does
   * behind an `await` of a promise that is none of the loop's is no step.
   */
  afterTaskStep?(task: Task<unknown>): void;
  /** A task is done. */
  taskExited?(task: Task<unknown>): void;
  /**
   * The loop asks the system for events, and may wait for them: `timeout` seconds at most, 0 if it does not, Infinity
   * without a timer. Once in each turn; hosted, it is Node's own loop that waits.
   */
  beforeIoWait?(timeout: number): void;
  /** The loop goes on; `timeout` is that of `beforeIoWait`. */
  afterIoWait?(timeout: number): void;
}
/**
 * How late a loop's timers were: one entry for each turn that had any to run, the lateness of the first of them. That
 * is how long whatever became ready had to wait, behind callbacks that took their time or a busy machine.
 *
 * @example
 * const { lag } = loop.metrics();
 * console.log(`99 of 100 timers were less than ${lag.percentile(99)} seconds late`);
 */
export declare class LagHistogram {
  protected constructor();
  /** How many lags each bucket has; `bound` tells which. */
  readonly counts: readonly number[];
  /** All lags together, in seconds. */
  readonly sum: number;
  /** How many lags there are. */
  get count(): number;
  /** The seconds below which the lags of bucket `index` are: 2 ** (index - 20). The last bucket has no bound. */
  bound(index: number): number;
  /**
   * Seconds below which so many per cent of the lags are: the bound of a bucket, so at most twice too much. 0 where
   * there are none.
   *
   * @param percent 0 to 100
   * @throws RangeError for anything else.
   */
  percentile(percent: number): number;
  /**
   * The lags since an earlier reading.
   *
   * @example
   * const before = loop.metrics().lag;
   * yield* sleep(60);
   * console.log('in the last minute:', loop.metrics().lag.since(before).percentile(99));
   */
  since(earlier: LagHistogram): LagHistogram;
}
/** The state of a loop, and its counts since it was made. Two readings tell what happened between them. */
export interface LoopMetrics {
  /** Turns of the loop that found anything to do, or did not wait. */
  readonly turns: number;
  /**
   * Seconds in turns, while the loop ran: callbacks with the promises that they settle, the loop's own work, and polls
   * that do not wait. With `idleSeconds` it is the time for which the loop ran.
   */
  readonly busySeconds: number;
  /**
   * Seconds outside of turns, while the loop ran. Blocking: in polls that may wait. Hosted: all the time between two
   * rounds of turns, when Node's own loop sleeps or is busy with callbacks that are none of this loop's.
   */
  readonly idleSeconds: number;
  /** How late timers were. */
  readonly lag: LagHistogram;
  /** Callbacks and steps of tasks that are ready to run. */
  readonly ready: number;
  /** Timers that are set. */
  readonly timers: number;
  /** Tasks that are not done. */
  readonly tasks: number;
  /** Transports that are open. */
  readonly transports: number;
  /** Servers that are open. */
  readonly servers: number;
}
/**
 * A future that does its work whether or not somebody waits.
 *
 * @example
 * const [transport] = yield* loop.createConnection(() => new Client(), 'localhost', 8888);
 */
export declare class Operation<T> extends Stepping<T> {
  protected constructor();
  #private;
  result(): T;
  exception(): unknown;
  cancel(message?: unknown): boolean;
  [Symbol.iterator](): Iterator<Suspension, T, unknown>;
}
/** A file or a folder: text, bytes or a `file:` URL. */
export type FilePath = string | Uint8Array | URL;
/** The program of a child: a path, or a name that is looked for in `PATH`. */
export type Program = FilePath;
/** An argument of a child's program. */
export type ProgramArgument = string | Uint8Array;
/** A descriptor: its number, or something that has one, as sockets (`fileno()`) and Node's files and terminals (`fd`). */
export type Descriptor =
  | number
  | {
      fileno(): number;
    }
  | {
      readonly fd: number;
    };
/** As `stdin`, `stdout` or `stderr` of a child: a pipe to this process. asyncio: `PIPE`. */
export declare const PIPE = -1;
/** As `stderr` of a child: where its `stdout` leads. asyncio: `STDOUT`. */
export declare const STDOUT = -2;
/** As `stdin`, `stdout` or `stderr` of a child: `/dev/null`. asyncio: `DEVNULL`. */
export declare const DEVNULL = -3;
/**
 * Where a standard descriptor of a child leads: `PIPE`, `DEVNULL`, `STDOUT` (`stderr` only), null (the same as in this
 * process), or an open descriptor: its number, or what has one (`fileno()` or `fd`: a FileHandle, a socket, a terminal),
 * which stays its owner's.
 */
export type ChildStdio = Descriptor | null | undefined;
/** Options of a child process. */
export interface ChildProcessOptions {
  /** Where its descriptor 0 leads. */
  stdin?: ChildStdio;
  /** Where its descriptor 1 leads. */
  stdout?: ChildStdio;
  /** Where its descriptor 2 leads; `STDOUT`: where `stdout` does. */
  stderr?: ChildStdio;
  /** Its working directory; this process's without it. */
  cwd?: FilePath | null | undefined;
  /**
   * Its environment, all of it: an empty object is an empty one, and what is undefined is left out. This process's
   * `process.env` without it.
   */
  env?: Readonly<Record<string, string>> | NodeJS.ProcessEnv | null | undefined;
  /** The file to run, where that is another than what the program is told to be; of a command, the shell. */
  executable?: FilePath | null | undefined;
  /** Whether it gets no other descriptors than the three (true). With false it gets all that are inheritable; Node's own are not. */
  closeFds?: boolean | null | undefined;
  /** More descriptors that it gets, with the same numbers. */
  passFds?: Iterable<Descriptor> | null | undefined;
  /** Whether signals that Node ignores (SIGPIPE) have their default effect again (true). */
  restoreSignals?: boolean | null | undefined;
  /** Bytes that its pipes are to hold, where the system can say (Linux); -1, the default, leaves that to the system. */
  pipesize?: number | null | undefined;
  /** Whether it begins a session, and with it a process group: no terminal's Ctrl-C reaches it. */
  startNewSession?: boolean | null | undefined;
  /** The process group that it joins; 0 is a new one of its own. */
  processGroup?: number | null | undefined;
  /** The user that it runs as: number or name. */
  user?: number | string | null | undefined;
  /** The group that it runs as: number or name. */
  group?: number | string | null | undefined;
  /** The other groups that it is in: numbers or names. */
  extraGroups?: readonly (number | string)[] | null | undefined;
  /** Which permissions files that it makes do not have (0o022, for example). */
  umask?: number | null | undefined;
}
/** Options of one job: a leading object. */
export interface JobOptions {
  /** Cancels the job; one that runs is ended with its worker, which is replaced. */
  signal?: AbortSignal | undefined;
  /** Whether `cancel()` of a job that runs ends it with its worker, too. Without it the job runs on, and nobody hears of it. */
  terminate?: boolean | undefined;
}
/** Options of `Executor.map`. */
export interface MapOptions {
  /** Seconds after which what is not there yet fails with a TimeoutError; null, the default: none. */
  timeout?: number | null | undefined;
  /** How many items a worker gets in one piece; 1 without it. */
  chunksize?: number | undefined;
}
/**
 * What `map` gives: results in order, as futures (`for…of`) or awaited (`for await`). It is gone through once.
 *
 * @example
 * for (const result of executor.map(work, items)) console.log(yield* result);
 */
export declare class ExecutorMap<T> implements IterableIterator<Future<T>>, AsyncIterable<T> {
  protected constructor();
  private readonly jobs;
  private readonly futures;
  private readonly timer;
  private left;
  private at;
  /** The next result, as a future. */
  next(): IteratorResult<Future<T>, undefined>;
  /** What was not asked for is not wanted: what has not begun is cancelled. */
  return(): IteratorResult<Future<T>, undefined>;
  [Symbol.iterator](): this;
  [Symbol.asyncIterator](): AsyncIterator<T, undefined>;
  private cancel;
  private jobDone;
  private timeIsUp;
}
declare const signature: unique symbol;
/**
 * A function of a module, by its name: a worker imports the module and calls the function. `reference()` makes one that
 * knows the types of the function's arguments and result; a plain `{ module, export }` will do, too.
 */
export interface ModuleReference<A extends unknown[] = unknown[], T = unknown> {
  /** A URL, an absolute path, or the name of a package (as the program's working directory finds it). */
  readonly module: string | URL;
  /** The name of the export; without one it is `default`. */
  readonly export?: string | undefined;
  /** For the types only. */
  readonly [signature]?: (...args: A) => T;
}
/** What an executor runs. */
export type JobFunction<A extends unknown[], T> = ((...args: A) => T) | ModuleReference<A, T>;
/** Any of them. */
export type AnyJobFunction = ((...args: never[]) => unknown) | ModuleReference<never[], unknown>;
/**
 * A reference to a function of a module, with its types.
 *
 * @param module a URL, an absolute path, or the name of a package.
 * @param name the name of the export.
 * @example
 * const hashFile = reference<typeof import('./hash.js').hashFile>(new URL('./hash.js', import.meta.url), 'hashFile');
 * const digest = yield* loop.runInExecutor(null, hashFile, path); // a string, if hashFile gives one
 */
export declare function reference<F extends (...args: never[]) => unknown>(
  module: string | URL,
  name?: string,
): ModuleReference<Parameters<F>, ReturnType<F>>;
/** Options of `Executor.shutdown`. */
export interface ShutdownOptions {
  /** Whether to wait for the jobs and the end of the workers; true without it. */
  wait?: boolean | undefined;
  /** Whether to cancel the jobs that have not begun; false without it. concurrent.futures: `cancel_futures`. */
  cancelFutures?: boolean | undefined;
}
/**
 * Runs functions somewhere else: ThreadPoolExecutor, ProcessPoolExecutor. concurrent.futures: `Executor`.
 *
 * An executor belongs to no loop: all loops of its thread can give it jobs, and each gets futures of its own.
 */
export declare abstract class Executor {
  /**
   * Has `func(...args)` called in a worker, and gives a future of its result in the running loop. concurrent.futures:
   * `Executor.submit`.
   *
   * @param func a function that closes over nothing, or a reference: `{ module, export }`.
   * @param args copies of them arrive; what is wrapped in `transfer()` moves.
   * @throws TypeError for a function or an argument that can't be sent (`ERR_NOT_CLOSED`, `ERR_NOT_CLONEABLE`); RuntimeError
   * where no loop runs, or after the shutdown; BrokenExecutor. From the future: what the function throws; BrokenExecutor when
   * its worker ended; CancelledError.
   * @example
   * const sum = yield* executor.submit((a: number, b: number) => a + b, 2, 3);
   */
  submit<A extends unknown[], T>(func: JobFunction<A, T>, ...args: A): Future<Awaited<T>>;
  submit<A extends unknown[], T>(
    options: JobOptions,
    func: JobFunction<A, T>,
    ...args: A
  ): Future<Awaited<T>>;
  /**
   * Calls `func` for each item, in workers; the results come in the order of the items. concurrent.futures: `Executor.map`.
   *
   * `for…of` gives futures, `for await` results. Who leaves the loop cancels what has not begun. `timeout`: seconds from now
   * on, after which what is not there yet is a TimeoutError. `chunksize`: how many items go to a worker in one piece, for
   * many small ones.
   *
   * @throws as `submit`; RangeError for a chunksize that is no positive integer.
   * @example
   * for (const size of executor.map(measure, paths)) total += yield* size;
   * // for await (const size of executor.map(measure, paths, { timeout: 60 })) total += size;
   */
  map<I, T>(
    func: JobFunction<[item: I], T>,
    items: Iterable<I>,
    options?: MapOptions,
  ): ExecutorMap<Awaited<T>>;
  /**
   * Takes no more jobs; those that were submitted are done, or cancelled, and the workers end. concurrent.futures:
   * `Executor.shutdown`.
   *
   * @throws RuntimeError where no loop runs that could wait.
   * @example
   * yield* executor.shutdown();
   */
  shutdown(
    options: ShutdownOptions & {
      wait: false;
    },
  ): void;
  shutdown(options?: ShutdownOptions): Operation<void>;
  /** `shutdown`, without waiting. */
  [Symbol.dispose](): void;
  /** `shutdown`; waits where a loop runs. */
  [Symbol.asyncDispose](): Promise<void>;
}
/** Makes the protocol of a new connection. */
export type ProtocolFactory<P = Protocol | BufferedProtocol> = () => P;
/**
 * What all loops are instances of. asyncio: `AbstractEventLoop`. A loop of your own extends it and gives the
 * methods that it supports; the others throw NotImplementedError.
 */
export declare abstract class AbstractEventLoop {}
/** A host as `getaddrinfo` takes it: an address or a name, as text or bytes; null is this machine. */
export type Host = string | Uint8Array | null;
/** A port as `getaddrinfo` takes it: its number, also as text or bytes, or a service's name; null is none. */
export type Port = number | string | Uint8Array | null;
/** Which addresses `getaddrinfo` is to find: constants of the namespace `socket`. */
export interface AddrInfoOptions {
  /** `AF_INET` or `AF_INET6`; 0 (the default) is both. */
  family?: number | undefined;
  /** `SOCK_STREAM`, `SOCK_DGRAM`, …; 0 (the default) is all. */
  type?: number | undefined;
  /** `IPPROTO_TCP`, …; 0 (the default) is all. */
  proto?: number | undefined;
  /** `AI_PASSIVE`, …, added up. */
  flags?: number | undefined;
}
/** A socket by a descriptor that is open already, which is the socket's from now on. */
export interface FromDescriptor {
  fileno: number;
}
/**
 * A socket. Python: `socket.socket`.
 *
 * As in Python it blocks the whole thread where it has to wait, until `setBlocking(false)`: then a method that would
 * have to wait throws `EAGAIN`. The loop's methods make it so themselves.
 *
 * @example
 * using listener = new socket.Socket(socket.AF_INET, socket.SOCK_STREAM);
 * listener.bind(['127.0.0.1', 0]);
 * listener.listen();
 * const [connection, address] = yield* loop.sockAccept(listener);
 */
declare class Socket extends SocketView {
  #private;
  /** Whose it is, for messages, once it is a transport's or a server's. */
  private ownedBy;
  private blocking;
  /**
   * Opens a socket, or takes an open descriptor over.
   * @throws the system's error (`EAFNOSUPPORT`, `EBADF`, `ENOTSOCK`, …); TypeError for wrong arguments.
   */
  constructor(family?: number, type?: number, proto?: number);
  constructor(from: FromDescriptor);
  /**
   * Binds to an address: `[host, port]` with a literal host ('' is every interface), or a path. Throws the system's error
   * (`EADDRINUSE`, …); RangeError for a host's name.
   */
  bind(address: Address): void;
  /** Listens for connections; `backlog` of them may wait. Throws the system's error. */
  listen(backlog?: number): void;
  /** Accepts a connection; its socket does not block. Throws the system's error: `EAGAIN` when none waits. */
  accept<A extends Address = InternetAddress>(): [connection: Socket, address: A];
  /**
   * Connects to an address; a socket that does not block throws `EINPROGRESS`: `loop.sockConnect` waits for it.
   * Throws the system's error; RangeError for a host's name.
   */
  connect(address: Address): void;
  /** Up to `size` bytes; none at the end of a stream. Throws the system's error: `EAGAIN` when there is nothing. */
  recv(size: number): Buffer;
  /** Receives into `buffer`; gives the number of bytes, 0 at the end of a stream. Throws as `recv`. */
  recvInto(buffer: Uint8Array): number;
  /** A datagram of up to `size` bytes, and its sender: '' where the system names none. Throws as `recv`. */
  recvfrom<A extends Address = InternetAddress>(size: number): [data: Buffer, address: A];
  /**
   * Receives a datagram into `buffer`, `size` bytes at most (0: as many as it takes); gives how many came, and the
   * sender. Throws as `recv`; RangeError for a size that the buffer has not.
   */
  recvfromInto<A extends Address = InternetAddress>(
    buffer: Uint8Array,
    size?: number,
  ): [count: number, address: A];
  /** Sends; gives how many bytes the system took. Throws the system's error: `EAGAIN` when it takes none. */
  send(data: Uint8Array): number;
  /** Sends a datagram. Throws as `send`. */
  sendto(data: Uint8Array, address: Address): number;
  /** Whether methods wait for what they can't do at once, and block the thread meanwhile. */
  setBlocking(blocking: boolean): void;
  /** Whether they do: what `setBlocking` has set, or the descriptor came with. */
  getBlocking(): boolean;
  /** Gives the descriptor away: the socket counts as closed, the descriptor is the caller's. -1 when it was closed. */
  detach(): number;
  /**
   * Closes the socket. Again: nothing.
   * @throws RuntimeError while a transport or a server has it: close that.
   */
  close(): void;
  [Symbol.dispose](): void;
}
/**
 * Two sockets that are connected with each other. Python: `socket.socketpair`. Throws the system's error.
 *
 * @example
 * const [ours, theirs] = socket.socketpair();
 * loop.addReader(ours, () => console.log(ours.recv(100).toString()));
 * theirs.send(Buffer.from('hello'));
 */
declare function socketpair(family?: number, type?: number, proto?: number): [Socket, Socket];
/** How long the two ends of a TLS connection may take. */
export interface TlsTimeouts {
  /** Seconds for the handshake (60). */
  sslHandshakeTimeout?: number | null | undefined;
  /** Seconds for the closing (30). */
  sslShutdownTimeout?: number | null | undefined;
}
/** The options of a client that have to do with TLS. */
export interface ClientTlsOptions extends TlsTimeouts {
  /** Not there yet: NotImplementedError. */
  ssl?: boolean | object | null | undefined;
  /** The name that the server's certificate has to be for; '' is any. Without one it is the host. */
  serverHostname?: string | null | undefined;
}
/** The options of a server that have to do with TLS. */
export interface ServerTlsOptions extends TlsTimeouts {
  /** Not there yet: NotImplementedError. */
  ssl?: object | null | undefined;
}
/** Options of `loop.createConnection`. */
export interface ConnectionOptions extends ClientTlsOptions {
  /** `socket.AF_INET` or `socket.AF_INET6`; 0 (the default) is both. */
  family?: number | undefined;
  /** `socket.IPPROTO_…`; 0 (the default) is TCP. */
  proto?: number | undefined;
  /** Flags of the look-up: `socket.AI_…`, added up. */
  flags?: number | undefined;
  /** A connected socket, instead of host and port. It belongs to the transport then. */
  sock?: Socket | null | undefined;
  /** Where the connection is to come from: `[host, port]`. */
  localAddr?: Readonly<InternetAddress> | readonly [host: Host, port: Port] | null | undefined;
  /**
   * Seconds after which the next address is tried beside the one before ("happy eyeballs", RFC 8305); 0.25 is a good
   * value. Without it the next address is tried when the one before has failed.
   */
  happyEyeballsDelay?: number | null | undefined;
  /**
   * How many addresses of the first family come first, before the families take turns; 0 keeps the order of the
   * look-up. 1 with `happyEyeballsDelay`, else 0.
   */
  interleave?: number | null | undefined;
  /** Throw an AggregateError with the error of each address, even where there is only one. */
  allErrors?: boolean | undefined;
}
/** Options of `loop.connectAcceptedSocket`. */
export interface AcceptedSocketOptions extends ServerTlsOptions {}
/** An address of an endpoint: `[host, port]`, resolved by `getaddrinfo`, or the path of a Unix socket. */
export type DatagramAddress = readonly [host: Host, port: Port] | string;
/** Options of `loop.createDatagramEndpoint`. */
export interface DatagramEndpointOptions {
  /** `AF_INET` or `AF_INET6`, where the addresses leave it open; `AF_UNIX` for paths. */
  family?: number | undefined;
  /** `IPPROTO_UDP`, for example; 0 (the default) is the system's choice. */
  proto?: number | undefined;
  /** `AI_…` for `getaddrinfo`. */
  flags?: number | undefined;
  /** Share the local port with other sockets that set this: one for each worker thread, for example. */
  reusePort?: boolean | null | undefined;
  /** Allow sending to a broadcast address; the socket is not connected to its remote address then. */
  allowBroadcast?: boolean | null | undefined;
  /** A datagram socket to use, which is the transport's from then on. */
  sock?: Socket | null | undefined;
}
/** Options of all servers. */
export interface CommonServerOptions extends ServerTlsOptions {
  /** How many connections may wait to be accepted (100). */
  backlog?: number | undefined;
  /** Accept at once (true), or only after `server.startServing()` or `serveForever()`. */
  startServing?: boolean | undefined;
  /**
   * How many connections there may be at a time; null, the default, is any number. Who comes when there are so many
   * waits in the kernel's queue, as long as `backlog`, until one has left.
   */
  maxConnections?: number | null | undefined;
}
/** Options of `loop.createServer`. */
export interface ServerOptions extends CommonServerOptions {
  /** `socket.AF_INET` or `socket.AF_INET6`; 0 (the default) is both. */
  family?: number | undefined;
  /** Flags of the look-up: `socket.AI_…`, added up (`AI_PASSIVE`). */
  flags?: number | undefined;
  /** A bound socket, instead of host and port. It belongs to the server then. */
  sock?: Socket | null | undefined;
  /** Take a port whose last connections are still ending (true, except on Windows). */
  reuseAddress?: boolean | null | undefined;
  /**
   * Share the port with other sockets that set this, and the connections with them: one server in each worker thread
   * uses all cores.
   */
  reusePort?: boolean | null | undefined;
  /** Have the system probe connections that are idle, and end those whose peer is gone. */
  keepAlive?: boolean | null | undefined;
}
/** Options of `loop.createUnixConnection`. */
export interface UnixConnectionOptions extends ClientTlsOptions {
  /** A connected socket, instead of a path. It belongs to the transport then. */
  sock?: Socket | null | undefined;
}
/** Options of `loop.createUnixServer`. */
export interface UnixServerOptions extends CommonServerOptions {
  /** A bound socket, instead of a path. It belongs to the server then. */
  sock?: Socket | null | undefined;
  /** Remove the socket's file when the server is closed (true), unless somebody has replaced it. */
  cleanupSocket?: boolean | undefined;
}
/** An address of a host, and the socket to make for it. asyncio: an entry of `getaddrinfo`'s list. */
export interface AddrInfo {
  /** `AF_INET` or `AF_INET6`. */
  family: number;
  /** `SOCK_STREAM`, … */
  type: number;
  /** `IPPROTO_TCP`, … */
  proto: number;
  /** The host's canonical name: in the first entry, when `AI_CANONNAME` asked for it; else empty. */
  canonname: string;
  address: InternetAddress;
}
/**
 * An open file: its descriptor, or what has one (a `FileHandle` of `fs/promises`). It must be open for reading, and stay
 * open until it is sent.
 */
export type SendableFile =
  | number
  | {
      readonly fd: number;
    };
/** Options of `loop.sendfile` and `loop.sockSendfile`. */
export interface SendfileOptions {
  /** Whether to read and write the file where the system can't send it by itself; true without it. */
  fallback?: boolean | undefined;
}
/** What all servers have. asyncio: `AbstractServer`. */
export declare abstract class AbstractServer {
  /** Stops accepting; connections that stand stay. */
  abstract close(): void;
  /** Waits until the server is closed and its last connection is gone. */
  abstract waitClosed(): Future<void>;
  /** The loop that the server belongs to. */
  abstract getLoop(): EventLoop;
  /** Whether the server accepts. */
  abstract isServing(): boolean;
  /** Starts accepting. */
  abstract startServing(): Future<void>;
  /** Accepts until the task that waits is cancelled; the server is closed then. */
  abstract serveForever(): Future<never>;
}
/**
 * A service that accepts connections. asyncio: `Server`. Made by `loop.createServer()`.
 *
 * @example
 * const server = yield* loop.createServer(() => new Echo(), '127.0.0.1', 8888);
 * yield* server.serveForever();
 */
export declare class Server extends AbstractServer {
  protected constructor();
  #private;
  /** The listening sockets; empty once closed. */
  get sockets(): readonly TransportSocket[];
  getLoop(): EventLoop;
  isServing(): boolean;
  close(): void;
  /** Closes every connection that the server accepted; what was written is sent first. */
  closeClients(): void;
  /** Closes every connection that the server accepted, at once. */
  abortClients(): void;
  /**
   * Accepts nobody until `resumeAccepting()`: who comes waits in the system's queue, as long as `backlog`. Connections
   * that stand, and those accepted in this turn, are served. Again, or once closed: nothing. (asyncio has no such thing.)
   *
   * @example
   * server.pauseAccepting();
   * yield* reloadConfiguration();
   * server.resumeAccepting();
   */
  pauseAccepting(): void;
  /** Ends `pauseAccepting()`; who waits is accepted in the next turn. Without a pause, or once closed: nothing. */
  resumeAccepting(): void;
  startServing(): Future<void>;
  serveForever(): Future<never>;
  waitClosed(): Future<void>;
  /** `close()` and `waitClosed()`, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
  toString(): string;
}
/** The path of a Unix socket: text, bytes or a `file:` URL. A leading NUL makes it an abstract name, where there are any. */
export type UnixPath = string | Uint8Array | URL;
/** The part of a loop that has to do with the network. Every EventLoop is one. */
export declare abstract class NetworkEventLoop extends AbstractEventLoop {
  #private;
  /**
   * Opens a TCP connection to `host` and `port`, or takes a connected socket over (`sock`); gives the transport and the
   * protocol that `protocolFactory` made. asyncio: `loop.create_connection`.
   *
   * Where the host has several addresses they are tried one after another, or beside each other with
   * `happyEyeballsDelay`: a host whose first address does not answer is connected in time.
   *
   * @param host an address or a name; null is this machine.
   * @param port a number, a service's name (`'http'`) or null.
   * @throws the system's error of the attempt (`ECONNREFUSED`, …; an AggregateError for several that differ), or of the
   * look-up (`ENOTFOUND`, …); TypeError and RangeError for wrong arguments, NotImplementedError for `ssl`.
   * @example
   * const options = { happyEyeballsDelay: 0.25 };
   * const [transport, client] = yield* loop.createConnection(() => new Client(), 'example.com', 80, options);
   */
  createConnection<P extends Protocol | BufferedProtocol>(
    protocolFactory: ProtocolFactory<P>,
    host?: Host | undefined,
    port?: Port | undefined,
    options?: ConnectionOptions,
  ): Operation<[transport: Transport, protocol: P]>;
  /**
   * Opens a connection to the Unix server at `path`, or takes a connected Unix socket over (`sock`). asyncio:
   * `loop.create_unix_connection`. While the server's queue is full, it waits.
   *
   * @param path text, bytes or a `file:` URL; with a NUL in front an abstract name.
   * @throws the system's error (`ENOENT`, `ECONNREFUSED`, …); TypeError and RangeError for wrong arguments,
   * NotImplementedError for `ssl`.
   * @example
   * const [transport, client] = yield* loop.createUnixConnection(() => new Client(), '/run/service.sock');
   */
  createUnixConnection<P extends Protocol | BufferedProtocol>(
    protocolFactory: ProtocolFactory<P>,
    path?: UnixPath | null,
    options?: UnixConnectionOptions,
  ): Operation<[transport: Transport, protocol: P]>;
  /**
   * Makes a transport, and a protocol for it, of a connection that was accepted elsewhere. The socket belongs to the
   * transport then. asyncio: `loop.connect_accepted_socket`.
   *
   * @throws the system's error; TypeError and RangeError for wrong arguments, NotImplementedError for `ssl`.
   * @example
   * const [connection] = yield* loop.sockAccept(listener);
   * const [transport, server] = yield* loop.connectAcceptedSocket(() => new Echo(), connection);
   */
  connectAcceptedSocket<P extends Protocol | BufferedProtocol>(
    protocolFactory: ProtocolFactory<P>,
    sock: Socket,
    options?: AcceptedSocketOptions,
  ): Operation<[transport: Transport, protocol: P]>;
  /**
   * Serves TCP on `host` and `port`, or on a bound socket (`sock`). Each connection gets a protocol that
   * `protocolFactory` made. asyncio: `loop.create_server`.
   *
   * @param host an address, a name or several; null or '' is every interface. There is a socket for each address.
   * @param port a number, a service's name or null; with 0 or null the system chooses one, the same for all sockets.
   * @throws the system's error (`EADDRINUSE`, …), and nothing is bound then; TypeError and RangeError for wrong
   * arguments, NotImplementedError for `ssl`.
   * @example
   * const server = yield* loop.createServer(() => new Echo(), ['127.0.0.1', '::1'], 8888, { maxConnections: 1000 });
   * yield* server.serveForever();
   */
  createServer(
    protocolFactory: ProtocolFactory,
    host?: Host | Iterable<Host> | undefined,
    port?: Port | undefined,
    options?: ServerOptions,
  ): Operation<Server>;
  /**
   * Serves on a Unix socket at `path`, or on a bound one (`sock`). asyncio: `loop.create_unix_server`.
   *
   * A socket that a server which is gone has left at `path` is replaced; one on which somebody answers is not. The file
   * is removed when the server, or the loop, is closed.
   *
   * @param path text, bytes or a `file:` URL; with a NUL in front an abstract name.
   * @throws the system's error (`EADDRINUSE`, `EACCES`, …); TypeError and RangeError for wrong arguments (a path that is
   * too long), NotImplementedError for `ssl`.
   * @example
   * const server = yield* loop.createUnixServer(() => new Echo(), '/run/service.sock');
   * yield* server.serveForever();
   */
  createUnixServer(
    protocolFactory: ProtocolFactory,
    path?: UnixPath | null,
    options?: UnixServerOptions,
  ): Operation<Server>;
  /**
   * Opens a datagram endpoint, bound to `localAddr` and connected to `remoteAddr` where they are given; gives the
   * transport and the protocol that `protocolFactory` made. With `family: socket.AF_UNIX` the addresses are paths, and a
   * file that a socket has left at `localAddr` is removed, if nobody has it open. asyncio: `create_datagram_endpoint`.
   *
   * @throws the system's error (`EADDRINUSE`, `EACCES`, …); RangeError for options that contradict each other, `sock` with
   * any other or a stream socket, addresses without a common family; TypeError for wrong arguments.
   *
   * @example
   * class Printer extends DatagramProtocol {
   *   override datagramReceived(data: Buffer, [host, port]: InternetAddress) { console.log(host, port, data.toString()); }
   * }
   * const [transport] = yield* loop.createDatagramEndpoint(() => new Printer(), ['127.0.0.1', 9999]);
   */
  createDatagramEndpoint<P extends DatagramProtocol>(
    protocolFactory: ProtocolFactory<P>,
    localAddr?: DatagramAddress | null,
    remoteAddr?: DatagramAddress | null,
    options?: DatagramEndpointOptions,
  ): Operation<[transport: DatagramTransport, protocol: P]>;
  /**
   * Sends a file on a transport, behind what was written before; gives the number of bytes that were sent. The system
   * sends it by itself (`sendfile(2)`), in portions between which other connections are served. Until it is sent, nothing
   * is received on the transport and nothing else can be written. The file's position is behind the last byte that was
   * sent, also when it fails or is cancelled. asyncio: `loop.sendfile`.
   *
   * What the system can't send (a pipe; any file, where it has no sendfile) is read and written instead, unless `fallback` is
   * false.
   *
   * @param file an open file: its descriptor, or what has one as `fd` (a `FileHandle` of `fs/promises`).
   * @param offset where to begin, in bytes.
   * @param count how many bytes at most; null: to the end of the file.
   * @throws SendfileNotAvailableError when the system can't send it and `fallback` is false; RuntimeError when the transport
   * is closing, or can't send files, or sends one already; the system's error (`EPIPE`, `ECONNRESET`, `EBADF`, …);
   * TypeError and RangeError for wrong arguments.
   * @example
   * const file = openSync('index.html', 'r');
   * transport.write(Buffer.from(`HTTP/1.0 200 OK\r\nContent-Length: ${fstatSync(file).size}\r\n\r\n`));
   * const sent = yield* loop.sendfile(transport, file);
   */
  sendfile(
    transport: BaseTransport,
    file: SendableFile,
    offset?: number,
    count?: number | null,
    options?: SendfileOptions,
  ): Operation<number>;
  /**
   * Calls `callback(...args)` in each turn in which `descriptor` has something to read, or its end, until
   * `removeReader`; in place of the callback that was there. A leading `{ context }` says which context it runs in.
   * asyncio: `loop.add_reader`.
   *
   * @param descriptor a number, or what has one: a `socket.Socket`, a terminal or a file of Node's. It stays the
   * user's: remove the callback before you close it (a `socket.Socket` does that itself).
   * @throws RuntimeError `ERR_DESCRIPTOR_USED` for the descriptor of a transport or server, `ERR_LOOP_CLOSED`;
   * RangeError for what is no descriptor; TypeError unless `callback` is a function; the system's error: `EBADF`, and
   * `EPERM` for what is always ready, as a regular file is.
   * @example
   * const [ours, theirs] = socket.socketpair();
   * loop.addReader(ours, () => {
   *   console.log('received', ours.recv(100).toString());
   *   loop.removeReader(ours);
   * });
   * theirs.send(Buffer.from('hello'));
   */
  addReader<A extends unknown[]>(descriptor: Descriptor, callback: Callback<A>, ...args: A): void;
  addReader<A extends unknown[]>(
    options: InContext,
    descriptor: Descriptor,
    callback: Callback<A>,
    ...args: A
  ): void;
  /**
   * Ends `addReader`; says whether there was a callback. False on a loop that is closed. asyncio:
   * `loop.remove_reader`.
   * @throws as `addReader`, of the descriptor.
   */
  removeReader(descriptor: Descriptor): boolean;
  /**
   * Calls `callback(...args)` in each turn in which `descriptor` takes something to write, until `removeWriter`; in
   * place of the callback that was there. All as `addReader`; a reader runs before a writer. asyncio:
   * `loop.add_writer`.
   */
  addWriter<A extends unknown[]>(descriptor: Descriptor, callback: Callback<A>, ...args: A): void;
  addWriter<A extends unknown[]>(
    options: InContext,
    descriptor: Descriptor,
    callback: Callback<A>,
    ...args: A
  ): void;
  /** Ends `addWriter`, as `removeReader` does `addReader`. asyncio: `loop.remove_writer`. */
  removeWriter(descriptor: Descriptor): boolean;
  /**
   * Receives up to `nbytes` bytes of `sock`; none at the end of a stream. A stream may give fewer at a time than it has.
   * asyncio: `loop.sock_recv`.
   *
   * Readers of one socket are served in the order in which they asked; asyncio keeps only the last one. A callback of
   * `addReader` on the same socket is told as well, and is first.
   *
   * @throws the system's error (`ECONNRESET`, …; `EBADF` when the socket is closed, meanwhile too); RuntimeError
   * `ERR_DESCRIPTOR_USED` when a transport has it; TypeError and RangeError for wrong arguments. All errors come to who
   * awaits, but for a closed loop's.
   * @example
   * const data = yield* loop.sockRecv(connection, 1024);
   */
  sockRecv(sock: Socket, nbytes: number): Future<Buffer>;
  /**
   * Receives into `buffer`; gives how many bytes came, 0 at the end of a stream. asyncio: `loop.sock_recv_into`.
   *
   * @throws as `sockRecv`; TypeError when the buffer was transferred or resized meanwhile.
   * @example
   * const count = yield* loop.sockRecvInto(connection, buffer);
   * console.log(buffer.subarray(0, count));
   */
  sockRecvInto(sock: Socket, buffer: Uint8Array): Future<number>;
  /**
   * Receives a datagram, `bufsize` bytes of it at most; gives it and its sender ('' where the system names none).
   * asyncio: `loop.sock_recvfrom`.
   *
   * @throws as `sockRecv`.
   * @example
   * const [data, address] = yield* loop.sockRecvfrom(sock, 1500);
   */
  sockRecvfrom<A extends Address = InternetAddress>(
    sock: Socket,
    bufsize: number,
  ): Future<[data: Buffer, address: A]>;
  /**
   * Receives a datagram into `buffer`, `nbytes` of it at most (0: as many as there is room for); gives how many bytes
   * came, and the sender. asyncio: `loop.sock_recvfrom_into`.
   *
   * @throws as `sockRecvInto`; RangeError when `nbytes` is more than the buffer has.
   * @example
   * const [count, address] = yield* loop.sockRecvfromInto(sock, buffer);
   */
  sockRecvfromInto<A extends Address = InternetAddress>(
    sock: Socket,
    buffer: Uint8Array,
    nbytes?: number,
  ): Future<[count: number, address: A]>;
  /**
   * Sends all of `data`. After an error or a cancel it is not known how much of it has left. asyncio:
   * `loop.sock_sendall`.
   *
   * The bytes are read when they are sent, as in asyncio, not copied before: leave them alone until it is done.
   *
   * @throws the system's error (`EPIPE`, `ECONNRESET`, `EBADF`, …); else as `sockRecvInto`.
   * @example
   * yield* loop.sockSendall(connection, Buffer.from('hello'));
   */
  sockSendall(sock: Socket, data: Uint8Array): Future<void>;
  /**
   * Sends `data` as a datagram to `address`; gives how many bytes were sent. A name is resolved first, for the socket's
   * own family. asyncio: `loop.sock_sendto`.
   *
   * @throws as `sockSendall`; what `getaddrinfo` throws.
   * @example
   * yield* loop.sockSendto(sock, Buffer.from('hello'), ['127.0.0.1', 9999]);
   */
  sockSendto(sock: Socket, data: Uint8Array, address: Address): Future<number>;
  /**
   * Connects `sock` to `address`. A name is resolved first, for the socket's own family, type and protocol; its first
   * address is taken. asyncio: `loop.sock_connect`.
   *
   * @param address `[host, port]`, for IPv6 also `[host, port, flowinfo, scopeId]`; for a Unix socket its path.
   * @throws the system's error of the attempt (`ECONNREFUSED`, …); what `getaddrinfo` throws; else as `sockRecv`. A
   * cancelled attempt goes on in the system: close the socket.
   * @example
   * using sock = new socket.Socket();
   * yield* loop.sockConnect(sock, ['localhost', 8888]);
   */
  sockConnect(sock: Socket, address: Address): Future<void>;
  /**
   * Accepts a connection of `sock`, which listens; gives its socket, which does not block, and its peer's address. A
   * cancel leaves the connection in the system's queue, for the next one who asks. asyncio: `loop.sock_accept`.
   *
   * @throws as `sockRecv`; `EMFILE` and its kin when there are no descriptors left.
   * @example
   * const [connection, address] = yield* loop.sockAccept(listener);
   */
  sockAccept<A extends Address = InternetAddress>(sock: Socket): Future<[connection: Socket, address: A]>;
  /**
   * Sends a file on `sock`, a stream; gives the number of bytes that were sent. All as `sendfile` does it on a transport:
   * the system sends the file by itself, in portions, and its position is behind the last byte that was sent. What is sent
   * on the socket meanwhile comes behind it. asyncio: `loop.sock_sendfile`.
   *
   * @param file an open file: its descriptor, or what has one as `fd` (a `FileHandle` of `fs/promises`).
   * @param offset where to begin, in bytes.
   * @param count how many bytes at most; null: to the end of the file.
   * @throws SendfileNotAvailableError when the system can't send it and `fallback` is false; RangeError for a socket that
   * is no stream; else as `sockSendall`.
   * @example
   * using sock = new socket.Socket();
   * yield* loop.sockConnect(sock, ['127.0.0.1', 8888]);
   * const sent = yield* loop.sockSendfile(sock, openSync('data.bin', 'r'));
   */
  sockSendfile(
    sock: Socket,
    file: SendableFile,
    offset?: number,
    count?: number | null,
    options?: SendfileOptions,
  ): Operation<number>;
  /**
   * The addresses of `host` and `port`, each with the socket to make for it, in the order in which to try them. Names
   * are looked up on threads of the loop's own; a literal address with a number as port is answered at once. asyncio:
   * `loop.getaddrinfo`.
   *
   * @param host an address or a name; null is this machine (with `AI_PASSIVE`: every interface).
   * @param port a number, a service's name (`'http'`) or null.
   * @throws the resolver's error in Node's shape: `ENOTFOUND`, `EAI_AGAIN`, …, with `hostname`; TypeError and RangeError
   * for wrong arguments.
   * @example
   * const [first] = yield* loop.getaddrinfo('localhost', 80, { type: socket.SOCK_STREAM });
   * console.log(first.address); // [ '127.0.0.1', 80 ]
   */
  getaddrinfo(
    host: Host | undefined,
    port: Port | undefined,
    options?: AddrInfoOptions,
  ): Operation<AddrInfo[]>;
  /**
   * The names of an address and a port. asyncio: `loop.getnameinfo`.
   *
   * @param sockaddr `[host, port]`, for IPv6 also `[host, port, flowinfo, scopeId]`; the host is a literal address.
   * @param flags `NI_NUMERICHOST`, …, added up.
   * @throws the resolver's error in Node's shape: `ENOTFOUND` where `NI_NAMEREQD` asks for a name and there is none;
   * TypeError and RangeError for wrong arguments.
   * @example
   * const [host, service] = yield* loop.getnameinfo(['127.0.0.1', 80]);
   * console.log(host, service); // localhost http
   */
  getnameinfo(
    sockaddr: Readonly<InternetAddress>,
    flags?: number,
  ): Operation<[host: string, service: string]>;
}
/** Limits of a thread's memory, as Node's `Worker` has them. */
export type ResourceLimits = threads.ResourceLimits;
/** Options of a ThreadPoolExecutor. */
export interface ThreadPoolExecutorOptions {
  /** What the names of its threads begin with: `prefix_0`, … They show in debuggers. */
  threadNamePrefix?: string | undefined;
  /** Called in each thread before its first job. When it throws, the executor is broken for good. */
  initializer?: AnyJobFunction | undefined;
  /** What `initializer` is called with. */
  initargs?: readonly unknown[] | undefined;
  /** Limits of the memory of each thread. A job that needs more ends its thread, and fails. */
  resourceLimits?: ResourceLimits | undefined;
}
/**
 * Runs functions in worker threads of Node's. concurrent.futures: `ThreadPoolExecutor`. A thread is started when a job comes
 * and all others are at work: that takes 30 ms and 9 MB, and it stays. Idle threads do not keep the process alive.
 *
 * @param maxWorkers how many threads at most; null: four more than there are processors, and no more than 32.
 * @throws RangeError and TypeError for wrong arguments.
 * @example
 * await using executor = new ThreadPoolExecutor(4, { threadNamePrefix: 'hash' });
 * const hashFile = reference<typeof import('./hash.js').hashFile>(new URL('./hash.js', import.meta.url), 'hashFile');
 * for await (const digest of executor.map(hashFile, paths)) console.log(digest);
 */
export declare class ThreadPoolExecutor extends Executor {
  /** For the types only: another executor is none, as it can't be the default one. */
  protected readonly threads: true;
  constructor(maxWorkers?: number | null, options?: ThreadPoolExecutorOptions);
}
/** The part of a loop that has to do with the rest of the operating system. Every EventLoop is one. */
export declare abstract class SystemEventLoop extends NetworkEventLoop {
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
  ): Operation<[transport: ReadTransport, protocol: P]>;
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
  ): Operation<[transport: WriteTransport, protocol: P]>;
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
  /**
   * Ends `addSignalHandler`; says whether there was a handler. If nobody else handles the signal, it does again what it did
   * before. False on a loop that is closed. asyncio: `loop.remove_signal_handler`.
   *
   * @throws TypeError and RangeError for what is no signal.
   * @example
   * loop.removeSignalHandler('SIGINT'); // Ctrl-C ends the process again
   */
  removeSignalHandler(signal: Signal): boolean;
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
    args?: readonly ProgramArgument[],
    options?: ChildProcessOptions,
  ): Operation<[transport: SubprocessTransport, protocol: P]>;
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
    options?: ChildProcessOptions,
  ): Operation<[transport: SubprocessTransport, protocol: P]>;
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
  /**
   * What `runInExecutor` takes for null from now on. asyncio: `loop.set_default_executor`.
   *
   * @throws TypeError for what is no ThreadPoolExecutor.
   * @example
   * loop.setDefaultExecutor(new ThreadPoolExecutor(2));
   */
  setDefaultExecutor(executor: ThreadPoolExecutor): void;
  /**
   * Ends the default executor: waits for its jobs and threads, `timeout` seconds at most, and warns when that is not
   * enough. Later calls of `runInExecutor` with null are refused. asyncio: `loop.shutdown_default_executor`.
   *
   * @throws TypeError for a timeout that is no number of seconds, RangeError for a negative one and NaN.
   * @example
   * yield* loop.shutdownDefaultExecutor(10);
   */
  shutdownDefaultExecutor(timeout?: number | null): Operation<void>;
}
/**
 * Makes the task of `createTask`. The name is set afterwards, as asyncio does it.
 *
 * @example
 * loop.setTaskFactory((loop, coroutine, options) => new LoggedTask(loop, coroutine, options));
 */
export type TaskFactory = <T>(
  loop: EventLoop,
  coroutine: CoroutineLike<T>,
  options: Omit<TaskOptions, 'name'>,
) => Task<T>;
/**
 * Starts every task at once, inside `createTask`. asyncio: `eager_task_factory`.
 *
 * @example
 * loop.setTaskFactory(eagerTaskFactory);
 */
export declare const eagerTaskFactory: TaskFactory;
/**
 * A factory that starts tasks of `constructor` at once. asyncio: `create_eager_task_factory`.
 *
 * @param taskClass Task, or a class that extends it.
 * @example
 * class Named extends Task {}
 * loop.setTaskFactory(createEagerTaskFactory(Named));
 * loop.createTask(function* () {}) instanceof Named; // true
 */
export declare function createEagerTaskFactory(taskClass: typeof Task): TaskFactory;
/** What identifies a handle in another thread; it can be posted to a worker. */
export interface ThreadsafeData {
  readonly mailbox: number;
  readonly handle: number;
}
/**
 * A callback that other threads can call. Made by `loop.threadsafe(callback)`; its `data` goes to the worker,
 * which calls `ThreadsafeHandle.from(data).call(...)`. A call wakes the loop, and calls of one thread arrive
 * in their order. asyncio: `loop.call_soon_threadsafe` from another thread.
 *
 * @example
 * // main thread
 * const progress = loop.threadsafe((percent) => console.log(percent));
 * new Worker('./job.js', { workerData: progress.data });
 * // job.js
 * ThreadsafeHandle.from(workerData).call(50);
 */
export declare class ThreadsafeHandle<A extends unknown[] = unknown[]> {
  protected constructor();
  #private;
  /** Post this to the other thread. */
  readonly data: ThreadsafeData;
  /** The handle of `data`, in the thread that received it. */
  static from<A extends unknown[] = unknown[]>(data: ThreadsafeData): ThreadsafeHandle<A>;
  /**
   * Calls the callback in its loop, with copies of the arguments.
   * @throws RuntimeError `ERR_LOOP_CLOSED` when that loop is closed; DataCloneError for what can't be copied.
   */
  call(...args: A): void;
  /** Ends the handle where it was made; later calls are dropped. */
  close(): void;
  [Symbol.dispose](): void;
}
/** Options of a new loop. */
export interface EventLoopOptions {
  /** Debug mode from the start; see `setDebug`. */
  debug?: boolean | undefined;
  /**
   * Whether stores of AsyncLocalStorage follow into callbacks, tasks and protocols (the default). Without it,
   * scheduling costs some nanoseconds less: docs/performance.md has the figure.
   */
  asyncLocalStorage?: boolean | undefined;
}
/** Where `callSoon` and its kin take the context of the callback from: a leading object. */
export interface InContext {
  context: Context;
}
/** What can be run until it is complete. */
export type Awaitable<T> = Future<T> | CoroutineLike<T>;
/**
 * An event loop on the platform's selector. asyncio: `SelectorEventLoop`.
 *
 * Methods without a suffix are for a *hosted* run, in which Node's own loop goes on; with `Sync` the call
 * returns when the loop stops, and Node stands still meanwhile.
 *
 * @example
 * const loop = newEventLoop();
 * loop.callSoon(() => { console.log('Hello World'); loop.stop(); });
 * await loop.runForever();
 * loop.close();
 */
export declare class SelectorEventLoop extends SystemEventLoop {
  #private;
  /** Seconds from which on debug mode reports a callback as slow. asyncio: `slow_callback_duration`. */
  slowCallbackDuration: number;
  constructor(options?: EventLoopOptions);
  /**
   * Runs until `stop()`, hosted. The promise rejects with the ExitError that ended the run.
   * @throws RuntimeError when this loop runs already, another one's turn is on, or it is closed (as a rejection).
   */
  runForever(): Promise<void>;
  /** Runs until `stop()`, blocking. Throws the ExitError that ended the run; RuntimeError as `runForever`. */
  runForeverSync(): void;
  /**
   * Runs until `awaitable` is done, hosted; gives its result.
   * @throws what it throws; RuntimeError when the loop is stopped before; TypeError for what can't be awaited.
   */
  runUntilComplete<T>(awaitable: Awaitable<T>): Promise<T>;
  /** Runs until `awaitable` is done, blocking; gives its result. As `runUntilComplete`. */
  runUntilCompleteSync<T>(awaitable: Awaitable<T>): T;
  /** Ends the run when the present turn is finished. Before a run: it makes one turn that does not wait. */
  stop(): void;
  /** Whether the loop runs. */
  isRunning(): boolean;
  /** Whether the loop is closed. */
  isClosed(): boolean;
  /**
   * Closes the loop and everything it has open; what waits to run is dropped. Again: nothing.
   * @throws RuntimeError while the loop runs.
   */
  close(): void;
  [Symbol.dispose](): void;
  /**
   * Calls `callback(...args)` in the next turn; callbacks run in the order they were given. A leading
   * `{ context }` says which context it runs in.
   * @throws TypeError unless `callback` is a function; RuntimeError when the loop is closed.
   */
  callSoon<A extends unknown[]>(callback: Callback<A>, ...args: A): Handle;
  callSoon<A extends unknown[]>(options: InContext, callback: Callback<A>, ...args: A): Handle;
  /** `callSoon` that also wakes the loop; for this thread. For other threads there is `threadsafe`. */
  callSoonThreadsafe<A extends unknown[]>(callback: Callback<A>, ...args: A): Handle;
  callSoonThreadsafe<A extends unknown[]>(options: InContext, callback: Callback<A>, ...args: A): Handle;
  /** A handle for `callback` that other threads can call; see ThreadsafeHandle. */
  threadsafe<A extends unknown[]>(callback: Callback<A>): ThreadsafeHandle<A>;
  /**
   * Calls `callback(...args)` in `delay` seconds; never early.
   * @throws TypeError unless `delay` is a number and `callback` a function; RangeError for NaN.
   */
  callLater<A extends unknown[]>(delay: number, callback: Callback<A>, ...args: A): TimerHandle;
  callLater<A extends unknown[]>(
    options: InContext,
    delay: number,
    callback: Callback<A>,
    ...args: A
  ): TimerHandle;
  /** Calls `callback(...args)` at `when`, in seconds on the clock of `time()`. Errors as `callLater`. */
  callAt<A extends unknown[]>(when: number, callback: Callback<A>, ...args: A): TimerHandle;
  callAt<A extends unknown[]>(
    options: InContext,
    when: number,
    callback: Callback<A>,
    ...args: A
  ): TimerHandle;
  /** Seconds on the loop's monotonic clock. */
  time(): number;
  /** A future of this loop. */
  createFuture<T>(): Future<T>;
  /**
   * A task that runs `coroutine`, from the next turn on.
   * @throws TypeError unless it is a generator, a generator function or an async function; NotImplementedError for an
   * option that there is not; RuntimeError when the loop is closed.
   */
  createTask<T>(coroutine: CoroutineLike<T>, options?: TaskOptions): Task<T>;
  /**
   * Who makes the tasks of `createTask`; null: they are made as ever. asyncio: `set_task_factory`.
   * @throws TypeError for what is neither a function nor null.
   */
  setTaskFactory(factory: TaskFactory | null): void;
  /** The task factory that was set, or null. asyncio: `get_task_factory`. */
  getTaskFactory(): TaskFactory | null;
  /**
   * Has `generator` closed by `shutdownAsyncgens`, and so by `run`; returns it. Python tells the loop of async
   * generators by itself, JavaScript has no hook for that. It is not kept alive.
   * @throws TypeError for what is no async generator.
   */
  trackAsyncgen<G extends AsyncGenerator>(generator: G): G;
  /** Closes the async generators that are tracked, all at once; what they throw is reported. asyncio: `shutdown_asyncgens`. */
  shutdownAsyncgens(): Operation<void>;
  /** Who gets errors that no caller can get; null: the default, which writes them to stderr. */
  setExceptionHandler(handler: ExceptionHandler | null): void;
  /** The handler that was set, or null. */
  getExceptionHandler(): ExceptionHandler | null;
  /** Writes `context` to stderr. Call it from a handler of your own for what that does not handle. */
  defaultExceptionHandler(context: ExceptionContext): void;
  /** Reports an error to the exception handler. */
  callExceptionHandler(context: ExceptionContext): void;
  /** Whether debug mode is on. It is from the start where the environment has MIOLOOP_DEBUG. */
  getDebug(): boolean;
  /** Switches debug mode: it says who made what, and what takes long. */
  setDebug(enabled: boolean): void;
  /**
   * What the loop is doing, in numbers. To read them takes some microseconds, and more with many connections; to keep
   * them takes nothing that could be measured.
   *
   * @example
   * const { busySeconds, lag, tasks } = loop.metrics();
   * console.log(`${tasks} tasks, busy for ${busySeconds} s, timers up to ${lag.percentile(100)} s late`);
   */
  metrics(): LoopMetrics;
  /**
   * Tells `instrument` what the loop does from now on. One that is there already stays.
   *
   * @throws TypeError for what is no object.
   * @example
   * loop.addInstrument({ taskExited: (task) => console.log(`${task.getName()} has ended`) });
   */
  addInstrument(instrument: Instrument): void;
  /** Ends `addInstrument`. @throws RangeError for an instrument that is not there. */
  removeInstrument(instrument: Instrument): void;
}
/** The best loop of the platform. asyncio: `EventLoop`. */
export declare const EventLoop: typeof SelectorEventLoop;
/** The best loop of the platform. asyncio: `EventLoop`. */
export type EventLoop = SelectorEventLoop;
/** The loop that others could be made of. asyncio: `BaseEventLoop`. Here the selector's loop has everything. */
export declare const BaseEventLoop: typeof SelectorEventLoop;
/** The loop that others could be made of. asyncio: `BaseEventLoop`. */
export type BaseEventLoop = SelectorEventLoop;
/**
 * The loop on completion ports. asyncio: `ProactorEventLoop`, which there is on Windows only.
 * @throws NotImplementedError
 */
export declare class ProactorEventLoop extends SelectorEventLoop {
  constructor(options?: EventLoopOptions);
}
declare const suspended: unique symbol;
/** What a coroutine yields to its task. Only `yield*` of a Future makes one; `yield future` does not compile. */
export interface Suspension {
  readonly [suspended]: true;
}
/** A callback of a future. */
export type DoneCallback<T> = (future: Future<T>) => unknown;
/**
 * A result that is not there yet. asyncio: `Future`. Made by `loop.createFuture()`.
 *
 * @example
 * const future = loop.createFuture<string>();
 * loop.callLater(1, () => future.setResult('done'));
 * const text = yield* future;       // in a generator
 * // const text = await future;     // in an async function
 */
export declare class Future<T> implements PromiseLike<T> {
  protected constructor();
  private readonly loop;
  private state;
  private value;
  /** Who waits: nearly always one, which then needs no array. */
  private firstWaiter;
  private moreWaiters;
  /** The loop that the future belongs to. */
  getLoop(): EventLoop;
  /** Whether there is a result, an error, or a cancellation. */
  done(): boolean;
  /** Whether the future was cancelled. */
  cancelled(): boolean;
  /**
   * The result.
   * @throws the error that was set; CancelledError; InvalidStateError while there is nothing.
   */
  result(): T;
  /**
   * The error that was set, or null.
   * @throws CancelledError; InvalidStateError while there is nothing.
   */
  exception(): unknown;
  /**
   * Cancels: callbacks are scheduled, and whoever waits gets CancelledError. False when it is done already.
   *
   * @param message the text of the CancelledError; of an error that is given, the text is taken and the error is
   * the `cause`.
   */
  cancel(message?: unknown): boolean;
  /**
   * Sets the result.
   * @throws InvalidStateError when the future is done; TypeError for a promise (await it first).
   */
  setResult(value: T): void;
  /** Sets an error. @throws InvalidStateError when the future is done. */
  setException(error: unknown): void;
  /**
   * Schedules `callback` for when the future is done, in the context given or the current one; at the next
   * turn when it is done already.
   */
  addDoneCallback(
    callback: DoneCallback<T>,
    options?: {
      context?: Context;
    },
  ): void;
  /** Removes every registration of `callback`; returns how many there were. */
  removeDoneCallback(callback: DoneCallback<T>): number;
  then<A = T, B = never>(
    onFulfilled?: ((value: T) => A | PromiseLike<A>) | null,
    onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B>;
  /** As a promise's `catch`. */
  catch<B = never>(onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null): Promise<T | B>;
  /** As a promise's `finally`. */
  finally(onFinally?: (() => void) | null): Promise<T>;
  /** Waits in a generator: `const result = yield* future`. A done future does not suspend. */
  [Symbol.iterator](): Iterator<Suspension, T, unknown>;
  get [Symbol.toStringTag](): string;
  /** The future as asyncio prints it. */
  toString(): string;
  private setWaiters;
  private checkPending;
  private settle;
  private cancellation;
}
/**
 * Cancels `future` (a task, as a rule) when `signal` is aborted; at once when it is already. The signal's reason
 * becomes the `cause` of the CancelledError.
 *
 * @returns the future.
 * @throws TypeError for what is no AbortSignal.
 * @example
 * const task = cancelOn(loop.createTask(work), AbortSignal.timeout(1000));
 */
export declare function cancelOn<F extends Future<unknown>>(future: F, signal: AbortSignal): F;
/**
 * A signal that is aborted when `future` is cancelled, in the turn after; the reason is its CancelledError. It is for
 * calls of Node's that a cancel should end.
 *
 * @example
 * const future = loop.createFuture();
 * const socket = net.connect({ port, signal: abortSignal(future) });
 */
export declare function abortSignal(future: Future<unknown>): AbortSignal;
/** Options of `gather`, behind what is awaited. */
export interface GatherOptions {
  /** Whether errors are put among the results, where else the first one ends it. */
  returnExceptions?: boolean | undefined;
}
/** What waiting for `X` gives. */
export type ResultOf<X> =
  X extends PromiseLike<infer T>
    ? T
    : X extends Generator<unknown, infer T, never>
      ? T
      : X extends () => Generator<unknown, infer T, never> | PromiseLike<infer T>
        ? T
        : never;
/** What `gather` gives for `A`. */
export type GatherResults<A extends readonly unknown[]> = {
  -readonly [I in keyof A]: ResultOf<A[I]>;
};
/** The same, where errors are results too. */
export type GatherOutcomes<A extends readonly unknown[]> = {
  -readonly [I in keyof A]: ResultOf<A[I]> | Error;
};
/**
 * Runs everything at once; the future's result is an array of the results, in the order given. asyncio: `gather`.
 * The first error ends the future at once, and the others go on, unless `returnExceptions` is true. Cancelling
 * the future cancels all that are not done. The same future or generator given twice runs once.
 *
 * @throws TypeError for what is neither a future nor a coroutine; RangeError for futures of different loops.
 * @example
 * const [user, orders] = yield* gather(loadUser(id), loadOrders(id));
 * const outcomes = yield* gather(...tasks, { returnExceptions: true });
 */
export declare function gather<A extends Awaitable<unknown>[]>(...awaitables: A): Future<GatherResults<A>>;
export declare function gather<A extends Awaitable<unknown>[]>(
  ...args: [
    ...awaitables: A,
    options: GatherOptions & {
      returnExceptions: true;
    },
  ]
): Future<GatherOutcomes<A>>;
export declare function gather<A extends Awaitable<unknown>[]>(
  ...args: [...awaitables: A, options: GatherOptions]
): Future<GatherResults<A> | GatherOutcomes<A>>;
/** Options of `asCompleted`. */
export interface AsCompletedOptions {
  /** Seconds after which those that are not done give a TimeoutError; null, the default: none. */
  timeout?: number | null | undefined;
}
/** The future that `asCompleted` gives for `X`: itself, or the task that was made of it. */
export type FutureOf<X> = X extends Future<unknown> ? X : Future<ResultOf<X>>;
/**
 * A future that is done: `result()` gives its result. To the type, it can't be awaited: TypeScript takes `for await` to
 * await what it gives, which JavaScript does not do.
 */
export type Completed<F> = F & {
  readonly then: never;
};
/**
 * Runs everything at once and gives it in the order in which it is done. asyncio: `as_completed`.
 *
 * `for…of` gives coroutines: each waits for the next one that is done, and gives its result or throws its error.
 * `for await` gives the futures themselves, done: the very ones that were passed in, or the tasks made of them.
 *
 * @throws TypeError for what is no iterable of things to wait for; RuntimeError without a current loop.
 * TimeoutError comes out of what is waited for.
 * @example
 * for (const next of asCompleted(tasks)) console.log(yield* next);
 * // for await (const task of asCompleted(tasks, { timeout: 5 })) console.log(task === mine, task.result());
 */
export declare function asCompleted<A extends Awaitable<unknown>>(
  awaitables: Iterable<A>,
  options?: AsCompletedOptions,
): AsCompleted<A>;
/**
 * What `asCompleted` gives: an iterator of both kinds. It is gone through once.
 *
 * @example
 * const all = asCompleted([sleep(2, 'b'), sleep(1, 'a')]);
 * for (const next of all) console.log(yield* next); // a, b
 * // or, in an async function: for await (const future of all) console.log(future.result());
 */
export declare class AsCompleted<A>
  implements IterableIterator<Scope<ResultOf<A>>>, AsyncIterable<Completed<FutureOf<A>>>
{
  private readonly loop;
  private readonly todo;
  /** Done, and not given out yet; null: the time was up. */
  private readonly finished;
  private readonly waiter;
  private readonly timer;
  /** How many are to be given out. */
  private left;
  /** The next coroutine: wait for it with `yield*` or `await`. */
  next(): IteratorResult<Scope<ResultOf<A>>, undefined>;
  [Symbol.iterator](): this;
  [Symbol.asyncIterator](): AsyncIterator<Completed<FutureOf<A>>, undefined>;
  /** How much is left to be given out. */
  toString(): string;
  private nextResult;
  private nextFuture;
  private take;
  private completed;
  private timeIsUp;
}
declare abstract class LoopBound {
  private boundTo;
  /** The object as asyncio prints it, without the address. */
  toString(): string;
}
/**
 * Lets `parties` tasks go on together, when the last has come; then it can be used again. asyncio: `Barrier`.
 *
 * @example
 * const barrier = new Barrier(3);
 * const index = yield* barrier.wait();      // or await barrier.wait()
 * if (index === 0) console.log('one of the three prints this');
 */
export declare class Barrier extends LoopBound {
  /** How many tasks it takes. */
  readonly parties: number;
  private readonly changed;
  private phase;
  /** How many are in. */
  private inside;
  /**
   * @param parties how many tasks wait for one another
   * @throws TypeError for what is no number; RangeError when it is less than 1 or not whole.
   */
  constructor(parties: number);
  /** How many tasks wait for the others; 0 while they leave. asyncio: `n_waiting`. */
  get nWaiting(): number;
  /** Whether `abort()` has broken it. */
  get broken(): boolean;
  /**
   * Waits until `parties` tasks do. asyncio: `wait`, and `async with barrier as index`.
   *
   * @returns a number from 0 to `parties` − 1, another for each task
   * @throws BrokenBarrierError when the barrier is broken, or reset while it waits; CancelledError, after which the
   * barrier waits for somebody else in its place.
   */
  wait(): Future<number>;
  /** Empties it: those who wait get BrokenBarrierError, and a broken barrier works again. asyncio: `reset`. */
  reset(): Future<void>;
  /** Breaks it: those who wait, and all who come, get BrokenBarrierError until `reset()`. asyncio: `abort`. */
  abort(): Future<void>;
  /** Runs `body` with the lock held: at once, or when the lock is free. */
  private locked;
  private holding;
  private change;
  private meeting;
  private othersComing;
}
/** A future, its calls, and the futures and tasks that await it. asyncio: `FutureCallGraph`. */
export interface FutureCallGraph {
  readonly future: Future<unknown>;
  /**
   * The calls of a task, innermost first: all of the one that runs; of one that waits, all in debug mode, else only
   * its generator's line, where Node's inspector is there to tell it. Of a waiting async function nothing is known.
   */
  readonly callStack: readonly StackFrame[];
  /** Who made the future, innermost call first: in debug mode. */
  readonly creationStack: readonly StackFrame[];
  readonly awaitedBy: readonly FutureCallGraph[];
  /** Whether the future stands in the graph already, with its calls and with who awaits it. */
  readonly repeated: boolean;
  /** How many more await it, which the limit of 1,000 entries has left out. */
  readonly omitted: number;
}
/** Options of `captureCallGraph`. */
export interface CallGraphOptions {
  /** Calls to leave out at the inner end of the running task's stack, that of `captureCallGraph` included; 1. */
  depth?: number | undefined;
  /**
   * Entries of a stack at most: a positive number keeps the innermost ones, a negative one the outermost, 0 none;
   * null, the default, all.
   */
  limit?: number | null | undefined;
}
/** Options of `printCallGraph`. */
export interface PrintCallGraphOptions extends CallGraphOptions {
  /** Where to; stdout without one. asyncio: `file`. */
  stream?:
    | {
        write(text: string): unknown;
      }
    | undefined;
}
/**
 * Who awaits `future`, and who awaits those, and where they are. asyncio: `capture_call_graph`, `FutureCallGraph`.
 * Each future is expanded once, so the result is a finite tree even where tasks wait for each other.
 *
 * To find the line of a generator without debug mode takes some milliseconds.
 *
 * @param future the current task without one
 * @returns null when there is no future and no task runs.
 * @throws TypeError for what is no future, or a wrong option; RuntimeError `ERR_NO_RUNNING_LOOP` without a future
 * where no loop runs.
 * @example
 * const graph = captureCallGraph(task);
 * console.log(graph.callStack[0]?.line, graph.awaitedBy.map(({ future }) => String(future)));
 */
export declare function captureCallGraph(
  future: Future<unknown>,
  options?: CallGraphOptions,
): FutureCallGraph;
export declare function captureCallGraph(
  future?: Future<unknown> | null,
  options?: CallGraphOptions,
): FutureCallGraph | null;
/**
 * `captureCallGraph` as text; empty where it gives null. asyncio: `format_call_graph`.
 *
 * @throws as `captureCallGraph`.
 * @example
 * logger.warn(`stuck:\n${formatCallGraph(task)}`);
 */
export declare function formatCallGraph(future?: Future<unknown> | null, options?: CallGraphOptions): string;
/**
 * Writes `formatCallGraph()` to `stream`. asyncio: `print_call_graph`.
 *
 * @throws as `captureCallGraph`.
 * @example
 * setTimeout(() => { for (const task of allTasks(loop)) printCallGraph(task); }, 5_000);
 */
export declare function printCallGraph(
  future?: Future<unknown> | null,
  options?: PrintCallGraphOptions,
): void;
/**
 * A lock that was acquired, to be released once: by `using`, or by `release()`.
 *
 * @example
 * using guard = yield* lock.acquire();
 * // the lock is released at the end of the block, whatever happens
 */
export declare class Guard {
  protected constructor();
  private owner;
  /** Releases what was acquired. @throws RuntimeError `ERR_NOT_ACQUIRED` when the guard has done so before. */
  release(): void;
  /** Releases, unless `release()` has done it: the end of a `using` block. */
  [Symbol.dispose](): void;
}
/**
 * A lock that one task holds at a time. Who waits gets it in the order of asking, and nobody overtakes.
 * asyncio: `Lock`. It is for tasks of one loop, not for threads.
 *
 * @example
 * const lock = new Lock();
 * yield* lock.with(function* () { yield* update(); });
 * await lock.with(async () => { await update(); });   // in an async function
 */
export declare class Lock extends LoopBound {
  private held;
  private readonly line;
  /** Whether somebody holds it. */
  locked(): boolean;
  /**
   * Waits until the lock is free and takes it. asyncio: `acquire`.
   *
   * @returns a guard, to be released by `using` or `release()`; `lock.release()` does the same.
   * @throws CancelledError when the task is cancelled while it waits; RuntimeError `ERR_OTHER_LOOP` when tasks of
   * another loop have waited for this lock, `ERR_NO_RUNNING_LOOP` outside of a loop.
   * @example
   * using guard = yield* lock.acquire();
   */
  acquire(): Future<Guard>;
  /**
   * Frees the lock, whoever took it; the first that waits gets it. asyncio: `release`.
   * @throws RuntimeError `ERR_NOT_ACQUIRED` when nobody holds it.
   */
  release(): void;
  /**
   * Runs `body` while the lock is held, and releases it whatever happens. asyncio: `async with lock`.
   *
   * @param body a generator function, or a function that gives a future or a scope (the result is for `yield*` or
   * `await`), or an async function (for `await`), which stays in the caller's task. What a plain function gives a promise
   * for is a Scope too; to its type it is a Promise, since TypeScript can't tell it from an async function.
   * @throws what `acquire` and `body` throw.
   * @example
   * const total = yield* lock.with(function* () { return yield* sum(); });
   */
  with<T>(body: () => Coroutine<T> | Future<T> | Scope<T>): Scope<T>;
  with<T>(body: () => PromiseLike<T>): Promise<T>;
  with<T>(body: () => T): Scope<T>;
  /** One that is woken or cancelled already goes on by itself, and passes the lock on if it does not take it. */
  private wakeFirst;
}
/**
 * A lock with a line of those who wait, holding it, until another task notifies them. asyncio: `Condition`.
 *
 * @example
 * const changed = new Condition();
 * // a consumer                               // a producer
 * yield* changed.with(function* () {          yield* changed.with(function* () {
 *   yield* changed.waitFor(() => items > 0);    items += 1;
 *   items -= 1;                                 changed.notify();
 * });                                         });
 */
export declare class Condition extends LoopBound {
  private readonly lock;
  private readonly line;
  /**
   * @param lock the lock to use; a new one without it
   * @throws TypeError for what is no Lock.
   */
  constructor(lock?: Lock | null);
  /** Whether somebody holds the lock. */
  locked(): boolean;
  /** Takes the lock, as `Lock.acquire`. */
  acquire(): Future<Guard>;
  /** Frees the lock, as `Lock.release`. */
  release(): void;
  /** Runs `body` while the lock is held, as `Lock.with`. asyncio: `async with condition`. */
  with<T>(body: () => Coroutine<T> | Future<T> | Scope<T>): Scope<T>;
  with<T>(body: () => PromiseLike<T>): Promise<T>;
  with<T>(body: () => T): Scope<T>;
  /**
   * Frees the lock, waits to be notified, and takes the lock again, also when it is cancelled. It may return though
   * nothing has changed: use `waitFor`, or check in a loop. asyncio: `wait`.
   *
   * @returns true
   * @throws RuntimeError `ERR_NOT_ACQUIRED` when the lock is not held, `ERR_OTHER_LOOP` when tasks of another loop
   * have waited; CancelledError, with the lock held.
   */
  wait(): Future<true>;
  /**
   * Waits until `predicate()`, called with the lock held, gives something truthy. asyncio: `wait_for`.
   *
   * @returns what the predicate gave
   * @throws as `wait`, what the predicate throws, and TypeError when it is no function or gives a promise.
   */
  waitFor<T>(predicate: () => T): Future<T>;
  /**
   * Wakes up to `count` of those who wait, first come, first served. They go on once they have the lock.
   * asyncio: `notify`.
   *
   * @throws RuntimeError `ERR_NOT_ACQUIRED` when the lock is not held; TypeError for a count that is no number.
   */
  notify(count?: number): void;
  /** Wakes all that wait. asyncio: `notify_all`. @throws as `notify`. */
  notifyAll(): void;
  private waiting;
  /** However often it is cancelled meanwhile; the last cancel comes out. */
  private takeAgain;
  private waitingFor;
}
/**
 * The task whose step it is, also after an `await` of an async function; null in callbacks of the loop. In callbacks of
 * Node's own that an async function has made it is that function's task, from Node 24 on. asyncio: `current_task`.
 *
 * @param loop the task of this loop; of the running one without it.
 * @throws RuntimeError `ERR_NO_RUNNING_LOOP` when no loop is given and none runs.
 * @example
 * function* main() { console.log(currentTask()?.getName()); } // Task-1
 */
export declare function currentTask(loop?: EventLoop): Task<unknown> | null;
/**
 * The tasks that are not done. asyncio: `all_tasks`.
 *
 * @param loop of this loop; of the running one without it.
 * @throws RuntimeError `ERR_NO_RUNNING_LOOP` when no loop is given and none runs.
 * @example
 * for (const task of allTasks()) if (task !== currentTask()) task.cancel();
 */
export declare function allTasks(loop?: EventLoop): Set<Task<unknown>>;
/** A report of debug mode, as subscribers of `mioloop:debug` get it. */
export interface DebugReport {
  /** What was found, e.g. `slow-callback`. */
  readonly kind: 'slow-callback' | 'slow-poll' | 'slow-look-up' | 'cancel-undelivered' | 'child-killed';
  readonly loop: EventLoop;
  /** The line that is written to stderr. */
  readonly message: string;
  /** Seconds that it took, where that is the point. */
  readonly seconds?: number;
  /** The handle, task or transport. */
  readonly subject?: object;
}
/** Options of `ensureFuture`. */
export interface EnsureFutureOptions {
  /** The loop that a coroutine becomes a task of; the current one without it. */
  loop?: EventLoop | undefined;
}
/**
 * `awaitable` itself when it is a future (a task, an operation), else a new task that runs it. asyncio:
 * `ensure_future`.
 *
 * @throws TypeError for what is neither a future nor a coroutine (a promise: `wrapFuture` makes a future of it);
 * RangeError for a future of another loop; RuntimeError without a current loop.
 * @example
 * const future = ensureFuture(sleep(1, 'slept'));
 * const task = ensureFuture(function* () { return yield* future; });
 */
export declare function ensureFuture<F extends Future<unknown>>(
  awaitable: F,
  options?: EnsureFutureOptions,
): F;
export declare function ensureFuture<T>(awaitable: Awaitable<T>, options?: EnsureFutureOptions): Future<T>;
/**
 * An operation that is not possible in the present state. asyncio: `RuntimeError`.
 *
 * @example
 * const loop = newEventLoop();
 * loop.close();
 * try { loop.callSoon(console.log); } catch (error) { console.log(error.code); } // ERR_LOOP_CLOSED
 */
export declare class RuntimeError extends Error {
  /** Stable name of the case, e.g. `ERR_LOOP_CLOSED`. */
  readonly code: string;
  constructor(message: string, code?: string);
}
/**
 * A method or an option that this platform or this class does not have. asyncio: `NotImplementedError`.
 *
 * @example
 * class Minimal extends AbstractEventLoop {}
 * try { new Minimal().callSoon(console.log); } catch (error) { console.log(error.message); } // Minimal has no callSoon()
 */
export declare class NotImplementedError extends RuntimeError {
  constructor(message?: string, code?: string);
}
/**
 * The operation has been cancelled. asyncio: `CancelledError`. Who catches it to clean up throws it again.
 *
 * @example
 * try { yield* sleep(60); } catch (error) {
 *   if (error instanceof CancelledError) console.log('cancelled:', error.message);
 *   throw error;
 * }
 */
export declare class CancelledError extends Error {
  readonly code = 'ERR_CANCELLED';
  constructor(message?: string, options?: ErrorOptions);
}
/**
 * The time is up. asyncio: `TimeoutError`. Its `cause` is the CancelledError that ended what took too long.
 *
 * @example
 * try { yield* waitFor(sleep(60), 1); } catch (error) { console.log(error instanceof TimeoutError); } // true
 */
export declare class TimeoutError extends Error {
  readonly code = 'ERR_TIMEOUT';
  constructor(message?: string, options?: ErrorOptions);
}
/**
 * A future that is not in the state for this. asyncio: `InvalidStateError`.
 *
 * @example
 * const future = loop.createFuture();
 * try { future.result(); } catch (error) { console.log(error.message); } // Result is not ready.
 */
export declare class InvalidStateError extends Error {
  readonly code = 'ERR_INVALID_STATE';
  constructor(message: string);
}
/**
 * A barrier that was broken, or reset while a task waited. asyncio: `BrokenBarrierError`.
 *
 * @example
 * const barrier = new Barrier(2);
 * yield* barrier.abort();
 * try { yield* barrier.wait(); } catch (error) { console.log(error instanceof BrokenBarrierError); } // true
 */
export declare class BrokenBarrierError extends RuntimeError {
  constructor(message: string);
}
/**
 * A worker of an executor ended before it answered; or the executor is broken for good, because its workers can't even
 * be prepared. Only the job that the worker had fails, and another worker takes its place. concurrent.futures:
 * `BrokenExecutor`.
 *
 * @example
 * try { yield* loop.runInExecutor(null, () => process.exit(3)); } catch (error) {
 *   console.log(error instanceof BrokenExecutor); // true
 * }
 */
export declare class BrokenExecutor extends RuntimeError {
  constructor(message: string, options?: ErrorOptions, code?: string);
}
/**
 * A thread of a ThreadPoolExecutor ended before it answered. concurrent.futures: `BrokenThreadPool`.
 *
 * @example
 * try { yield* toThread(() => process.exit(3)); } catch (error) {
 *   console.log(String(error)); // BrokenThreadPool: (anonymous)() has no result: its worker called process.exit(3)
 * }
 */
export declare class BrokenThreadPool extends BrokenExecutor {
  constructor(message: string, options?: ErrorOptions);
}
/**
 * A process of a ProcessPoolExecutor ended before it answered. concurrent.futures: `BrokenProcessPool`.
 *
 * @example
 * const executor = new ProcessPoolExecutor();
 * try { yield* executor.submit(() => process.kill(process.pid, 'SIGKILL')); } catch (error) {
 *   console.log(error instanceof BrokenProcessPool); // true
 * }
 */
export declare class BrokenProcessPool extends BrokenExecutor {
  constructor(message: string, options?: ErrorOptions);
}
/**
 * `getNowait()` of an empty queue. asyncio: `QueueEmpty`.
 *
 * @example
 * try { new Queue().getNowait(); } catch (error) { console.log(error instanceof QueueEmpty); } // true
 */
export declare class QueueEmpty extends Error {
  readonly code = 'ERR_QUEUE_EMPTY';
  constructor(message?: string);
}
/**
 * `putNowait()` to a full queue. asyncio: `QueueFull`.
 *
 * @example
 * const queue = new Queue(1);
 * queue.putNowait('first');
 * try { queue.putNowait('second'); } catch (error) { console.log(error instanceof QueueFull); } // true
 */
export declare class QueueFull extends Error {
  readonly code = 'ERR_QUEUE_FULL';
  constructor(message?: string);
}
/**
 * Use of a queue after its `shutdown()`. asyncio: `QueueShutDown`.
 *
 * @example
 * const queue = new Queue();
 * queue.shutdown();
 * try { yield* queue.get(); } catch (error) { console.log(error instanceof QueueShutDown); } // true
 */
export declare class QueueShutDown extends Error {
  readonly code = 'ERR_QUEUE_SHUT_DOWN';
  constructor(message?: string);
}
/**
 * The system can't send this file by itself, and `fallback` is false. Its `cause` is the system's error. asyncio:
 * `SendfileNotAvailableError`.
 *
 * @example
 * const [pipe] = process.argv.slice(2).map((path) => openSync(path, 'r'));
 * try { yield* loop.sendfile(transport, pipe, 0, null, { fallback: false }); } catch (error) {
 *   console.log(error instanceof SendfileNotAvailableError); // true for a pipe
 * }
 */
export declare class SendfileNotAvailableError extends RuntimeError {
  constructor(message: string, options?: ErrorOptions);
}
/**
 * The stream ended before what was asked for had come. asyncio: `IncompleteReadError`.
 *
 * @example
 * try { yield* reader.readexactly(100); } catch (error) {
 *   if (error instanceof IncompleteReadError) console.log('only', error.partial.length); // what came is not lost
 * }
 */
export declare class IncompleteReadError extends Error {
  readonly code = 'ERR_INCOMPLETE_READ';
  /** What came before the end. */
  readonly partial: Buffer;
  /** How many bytes were asked for; null where that was a separator. */
  readonly expected: number | null;
  constructor(partial: Buffer, expected: number | null);
}
/**
 * No separator within the limit of a stream. asyncio: `LimitOverrunError`. The bytes are still there to be read.
 *
 * @example
 * try { yield* reader.readuntil(); } catch (error) {
 *   if (error instanceof LimitOverrunError) yield* reader.readexactly(error.consumed); // away with them
 * }
 */
export declare class LimitOverrunError extends Error {
  readonly code = 'ERR_LIMIT_OVERRUN';
  /** How many bytes can be read before a separator may begin. */
  readonly consumed: number;
  constructor(message: string, consumed: number);
}
/**
 * An error that ends the loop's run at once instead of going to the exception handler. It plays the part of
 * Python's BaseException.
 *
 * @example
 * class Restart extends ExitError {}
 * loop.callSoon(() => { throw new Restart('configuration has changed'); }); // run() rejects with it
 */
export declare class ExitError extends Error {
  readonly code: string;
  constructor(message?: string, code?: string);
}
/**
 * The user pressed Ctrl-C. asyncio: `KeyboardInterrupt`. It ends the run, as every ExitError; `run` and its kin raise it. A
 * program that does not catch it ends by SIGINT, without a stack.
 *
 * @example
 * await run(main).catch((error) => { if (error instanceof KeyboardInterrupt) console.log('bye'); else throw error; });
 */
export declare class KeyboardInterrupt extends ExitError {
  constructor(message?: string);
}
/**
 * The program wants to end. asyncio: `SystemExit`. It ends the run, as every ExitError.
 *
 * @example
 * run(function* () { throw new SystemExit('enough'); }).catch((error) => console.log(error.message)); // enough
 */
export declare class SystemExit extends ExitError {
  constructor(message?: string);
}
/**
 * A flag, unset at first; `wait()` waits until it is set. asyncio: `Event`. (Not the web's `Event`.)
 *
 * @example
 * const ready = new Event();
 * loop.callLater(1, () => ready.set());
 * yield* ready.wait();       // or await ready.wait()
 */
declare class Event$1 extends LoopBound {
  private flag;
  private readonly line;
  /** Whether the flag is set. */
  isSet(): boolean;
  /** Sets the flag. All that wait go on, even if it is cleared again before their turn. */
  set(): void;
  /** Clears the flag: from now on `wait()` waits for the next `set()`. */
  clear(): void;
  /**
   * Waits until the flag is set; gives true, at once where it is. asyncio: `wait`.
   *
   * @throws CancelledError when the task is cancelled while it waits; RuntimeError `ERR_OTHER_LOOP` when tasks of
   * another loop have waited for this event, `ERR_NO_RUNNING_LOOP` outside of a loop.
   */
  wait(): Future<true>;
}
/**
 * Items that tasks hand to tasks, first in, first out. asyncio: `Queue`.
 *
 * @example
 * const queue = new Queue<string>(100);
 * loop.createTask(function* () {
 *   for (;;) {
 *     const line = yield* queue.get();       // or await queue.get()
 *     console.log(line);
 *     queue.taskDone();
 *   }
 * });
 * yield* queue.put('hello');
 * yield* queue.join();
 */
export declare class Queue<T> extends LoopBound {
  /** How many items it takes before `put()` waits; 0 or less: any number. */
  readonly maxsize: number;
  private readonly items;
  private unfinished;
  private isShutDown;
  private readonly getters;
  private readonly putters;
  private readonly joiners;
  /**
   * @param maxsize how many items it takes before `put()` waits; 0 or less: any number
   * @throws TypeError for what is no number, RangeError for NaN.
   */
  constructor(maxsize?: number);
  /** How many items are in it. */
  qsize(): number;
  /** Whether there is nothing in it. */
  empty(): boolean;
  /** Whether `maxsize` items are in it; never where that is 0 or less. */
  full(): boolean;
  /**
   * Puts an item in, as soon as there is a free place. asyncio: `put`.
   *
   * @throws QueueShutDown after `shutdown()`, also while it waits; CancelledError when the task is cancelled while
   * it waits, and then the item is not in; RuntimeError `ERR_OTHER_LOOP` when tasks of another loop have waited for
   * this queue, `ERR_NO_RUNNING_LOOP` outside of a loop.
   */
  put(item: T): Future<void>;
  /**
   * Takes the next item out, as soon as there is one. asyncio: `get`.
   *
   * An item that is a promise or a future is given as it is by `yield*`; `await` waits for it too.
   *
   * @throws QueueShutDown after `shutdown()` when nothing is left, also while it waits; CancelledError when the task
   * is cancelled while it waits, and then no item is lost; RuntimeError as `put`.
   */
  get(): Future<T>;
  /**
   * Puts an item in at once; also outside of a task. asyncio: `put_nowait`.
   * @throws QueueFull where there is no free place; QueueShutDown after `shutdown()`.
   */
  putNowait(item: T): void;
  /**
   * Takes the next item out at once; also outside of a task. asyncio: `get_nowait`.
   * @throws QueueEmpty where there is none, QueueShutDown where there will be none.
   */
  getNowait(): T;
  /**
   * Says that one item that was taken out is dealt with. asyncio: `task_done`.
   * @throws RangeError `ERR_TASK_DONE` when it is called more often than items were put in.
   */
  taskDone(): void;
  /**
   * Waits until `taskDone()` was called for every item that was put in. asyncio: `join`.
   * @throws CancelledError when the task is cancelled while it waits; RuntimeError as `put`.
   */
  join(): Future<void>;
  /**
   * Ends the queue's use: `put()` fails from now on, `get()` when nothing is left; who waits hears of it.
   * asyncio: `shutdown`.
   *
   * @param immediate drops what is left, as if `taskDone()` were called for each
   */
  shutdown(immediate?: boolean): void;
}
/**
 * A queue whose newest item comes out first. asyncio: `LifoQueue`.
 *
 * @example
 * const stack = new LifoQueue<number>();
 * for (const n of [1, 2, 3]) stack.putNowait(n);
 * stack.getNowait(); // 3
 */
export declare class LifoQueue<T> extends Queue<T> {
  /** As `Queue`. */
  constructor(maxsize?: number);
}
/**
 * What a policy has to do. asyncio: `AbstractEventLoopPolicy`. Policies are legacy, in asyncio too: give
 * `loopFactory` to `run` instead. What a subclass does not have throws NotImplementedError.
 *
 * @example
 * class NewOnes extends AbstractEventLoopPolicy {
 *   override newEventLoop() { return new EventLoop(); }
 * }
 * setEventLoopPolicy(new NewOnes());
 */
export declare abstract class AbstractEventLoopPolicy {
  /** The loop of this thread. */
  getEventLoop(): EventLoop;
  /** Sets the loop of this thread. */
  setEventLoop(loop: EventLoop | null): void;
  /** Makes a loop, as this policy wants it. */
  newEventLoop(): EventLoop;
}
/**
 * The policy of a thread that has set none: each thread has its own, and so its own loop. asyncio:
 * `DefaultEventLoopPolicy`.
 *
 * @example
 * class Debugging extends DefaultEventLoopPolicy {
 *   override newEventLoop() { return new EventLoop({ debug: true }); }
 * }
 * setEventLoopPolicy(new Debugging());
 */
export declare class DefaultEventLoopPolicy extends AbstractEventLoopPolicy {
  private loop;
  /** @throws RuntimeError `ERR_NO_CURRENT_LOOP` without one. (Old Pythons made one; use `run` or `newEventLoop`.) */
  getEventLoop(): EventLoop;
  /** @throws TypeError for what is no loop. */
  setEventLoop(loop: EventLoop | null): void;
  newEventLoop(): EventLoop;
}
/**
 * This thread's policy. asyncio: `get_event_loop_policy`. Legacy.
 *
 * @example
 * const loop = getEventLoopPolicy().newEventLoop();
 */
export declare function getEventLoopPolicy(): AbstractEventLoopPolicy;
/**
 * Sets this thread's policy; null: the default one. asyncio: `set_event_loop_policy`. Legacy.
 *
 * @throws TypeError for what is no policy.
 * @example
 * setEventLoopPolicy(new DefaultEventLoopPolicy());
 */
export declare function setEventLoopPolicy(newPolicy: AbstractEventLoopPolicy | null): void;
/**
 * A new event loop, as the policy makes it. asyncio: `new_event_loop`. Who makes it closes it.
 *
 * @example
 * using loop = newEventLoop();
 * console.log(await loop.runUntilComplete(() => sleep(1, 'slept')));
 */
export declare function newEventLoop(): EventLoop;
/**
 * Sets the thread's current loop; null: none. asyncio: `set_event_loop`.
 *
 * @throws TypeError for what is no loop.
 * @example
 * const loop = newEventLoop();
 * setEventLoop(loop);
 * getEventLoop() === loop; // true
 */
export declare function setEventLoop(loop: EventLoop | null): void;
/**
 * The running loop, else the one that `setEventLoop` set. asyncio: `get_event_loop`.
 *
 * @throws RuntimeError `ERR_NO_CURRENT_LOOP` without both.
 * @example
 * await run(function* () { getEventLoop().callSoon(console.log, 'in the next turn'); yield* sleep(0); });
 */
export declare function getEventLoop(): EventLoop;
/** Options of `PriorityQueue`. */
export interface PriorityQueueOptions<T> {
  /** Less than 0 where `a` is to come out before `b`, as for `Array.sort`. */
  compare?: ((a: T, b: T) => number) | undefined;
}
/**
 * A queue whose smallest item comes out first. asyncio: `PriorityQueue`.
 *
 * Items are compared as Python's `<` does: numbers, bigints and booleans with each other, strings with strings
 * (by UTF-16 code unit), objects by their `valueOf()` (so dates), arrays element by element as tuples. The option
 * `compare` replaces that. Of equal items any may come first, as in asyncio; a counter behind the priority keeps
 * their order: `[priority, counter++, job]`.
 *
 * @example
 * const jobs = new PriorityQueue<[priority: number, name: string]>();
 * jobs.putNowait([2, 'later']);
 * jobs.putNowait([1, 'first']);
 * jobs.getNowait(); // [1, 'first']
 * const byDate = new PriorityQueue<Job>(0, { compare: (a, b) => a.due - b.due });
 */
export declare class PriorityQueue<T> extends Queue<T> {
  /**
   * @param maxsize as of `Queue`
   * @throws as `Queue`; TypeError for a `compare` that is no function.
   *
   * `put` and `putNowait` also throw TypeError `ERR_NOT_COMPARABLE` for an item that has no order among the others.
   */
  constructor(maxsize?: number, options?: PriorityQueueOptions<T>);
}
/**
 * The reading end of a stream. asyncio: `StreamReader`. `openConnection` and `startServer` make it.
 *
 * What was received is read without being copied: a result is a part of the memory that was received into, and is its
 * receiver's. Only one task may wait at a time.
 *
 * @example
 * // In a generator; an empty line is the end of the stream.
 * for (;;) {
 *   const line = yield* reader.readline();
 *   if (line.length === 0) break;
 *   console.log(line.toString());
 * }
 * // In an async function:
 * for await (const line of reader) console.log(line.toString());
 */
export declare class StreamReader implements AsyncIterable<Buffer, undefined> {
  private readonly loop;
  private readonly limit;
  private readonly unread;
  /** Who waits: nobody or one, unless several were cancelled. */
  private readonly line;
  /** What is waited for. */
  private request;
  private transport;
  private paused;
  private ended;
  private failure;
  /**
   * @param limit bytes that a line may have (65,536), up to its separator. More than twice as many unread ones pause
   * the transport.
   * @param loop the loop of who reads; the current one without it
   * @throws TypeError for a limit that is no number, RangeError for one that is not positive.
   */
  constructor(limit?: number, loop?: EventLoop);
  /**
   * Reads what is there, `n` bytes at most, and waits for the first one; without `n`, or with a negative one,
   * everything up to the end of the stream. Empty at the end, and for 0. asyncio: `read`.
   *
   * @throws the error of the stream; RuntimeError `ERR_ALREADY_READING` when somebody else waits for this stream;
   * TypeError and RangeError for what is no number of bytes; CancelledError when the task is cancelled while it waits,
   * and then no byte is lost.
   */
  read(n?: number): Future<Buffer>;
  /**
   * Reads a line with its `\n`; at the end of the stream what there is, empty if nothing. asyncio: `readline`.
   *
   * @throws RangeError `ERR_LIMIT_OVERRUN` for a line beyond the limit, which is dropped, or what there is of it;
   * others as `read`.
   */
  readline(): Future<Buffer>;
  /**
   * Reads exactly `n` bytes; the limit does not matter. asyncio: `readexactly`.
   *
   * @throws IncompleteReadError when the stream ends before: it has what came; others as `read`.
   * @example
   * const header = yield* reader.readexactly(4);
   * const body = yield* reader.readexactly(header.readUInt32BE());
   */
  readexactly(n: number): Future<Buffer>;
  /**
   * Reads up to a separator, and with it; of several separators, the one that ends first. asyncio: `readuntil`.
   *
   * @param separator some bytes (a newline), or an array of several
   * @throws IncompleteReadError when the stream ends before: it has what came, and `expected` is null;
   * LimitOverrunError when there are more than the limit, which stay and can be read by `read` and `readexactly`;
   * TypeError and RangeError for what is no separator; others as `read`.
   * @example
   * const head = yield* reader.readuntil(Buffer.from('\r\n\r\n'));
   */
  readuntil(separator?: Uint8Array | readonly Uint8Array[]): Future<Buffer>;
  /** Goes through the lines up to the end of the stream: `for await (const line of reader)`. Errors as `readline`. */
  [Symbol.asyncIterator](): AsyncIterator<Buffer, undefined>;
  /** Whether everything was read and nothing more will come. asyncio: `at_eof`. */
  atEof(): boolean;
  /** The error of the stream, or null. asyncio: `exception`. */
  exception(): Error | null;
  /** Sets the error of the stream: who waits, and who reads from now on, gets it. asyncio: `set_exception`. */
  setException(error: Error): void;
  /**
   * Adds a copy of `data`. asyncio: `feed_data`.
   * @throws TypeError for what are no bytes; RuntimeError `ERR_FEED_AFTER_EOF` after `feedEof()`.
   */
  feedData(data: Uint8Array): void;
  /** Nothing more will come. asyncio: `feed_eof`. */
  feedEof(): void;
  /**
   * Sets who is paused when too much is unread. asyncio: `set_transport`.
   * @throws RuntimeError `ERR_TRANSPORT_SET` when there is one already.
   */
  setTransport(transport: Pick<ReadTransport, 'pauseReading' | 'resumeReading'>): void;
  private begin;
  private attempt;
  /** Before a wait; why there must be none. */
  private prepare;
  private pause;
  private unpause;
  /** The reader as asyncio prints it. */
  toString(): string;
}
/** Who serves a connection: a generator function or an async function becomes a task; another one is called. */
export type ClientConnectedCallback = (reader: StreamReader, writer: StreamWriter) => unknown;
/**
 * The protocol of a stream. asyncio: `StreamReaderProtocol`. `openConnection` and `startServer` make it; with
 * `loop.createConnection` and its kin, streams can be put on any transport.
 *
 * @example
 * const reader = new StreamReader(undefined, loop);
 * const [transport, protocol] = yield* loop.createConnection(() => new StreamReaderProtocol(reader), host, port);
 * const writer = new StreamWriter(transport, protocol, reader, loop);
 */
export declare class StreamReaderProtocol extends Protocol {
  private readonly loop;
  private readonly reader;
  private readonly clientConnected;
  private overTls;
  /**
   * @param reader what is received goes there
   * @param clientConnectedCb called with the reader and a writer when the connection stands
   * @param loop the current one without it
   */
  constructor(reader: StreamReader, clientConnectedCb?: ClientConnectedCallback | null, loop?: EventLoop);
  connectionMade(transport: Transport): void;
  dataReceived(data: Buffer): void;
  /** The connection stays open for writing; over TLS there is no half of one. */
  eofReceived(): boolean;
  connectionLost(error: Error | null): void;
  pauseWriting(): void;
  resumeWriting(): void;
}
/**
 * The protocol of a child process whose pipes are streams. asyncio: `SubprocessStreamProtocol`. `createSubprocessExec` makes
 * it; with `loop.subprocessExec`, streams can be had of any child.
 *
 * @example
 * const factory = () => new SubprocessStreamProtocol(undefined, loop);
 * const [transport, { stdout }] = yield* loop.subprocessExec(factory, 'ls');
 */
export declare class SubprocessStreamProtocol extends SubprocessProtocol {
  /** What the child reads; null where that is no pipe. */
  stdin: StreamWriter | null;
  /** What the child writes; null where that is no pipe. */
  stdout: StreamReader | null;
  /** What the child complains; null where that is no pipe. */
  stderr: StreamReader | null;
  private readonly limit;
  private readonly loop;
  /** Null once it was closed, because everything is at its end. */
  private transport;
  private hasExited;
  /** Those that are read and not at their end. */
  private readonly readers;
  /**
   * @param limit bytes that a line may have (65,536), and half of what is received ahead
   * @param loop the current one without it
   */
  constructor(limit?: number, loop?: EventLoop);
  connectionMade(transport: SubprocessTransport): void;
  private reading;
  pipeDataReceived(fd: number, data: Buffer): void;
  pipeConnectionLost(fd: number, error: Error | null): void;
  processExited(): void;
  pauseWriting(): void;
  resumeWriting(): void;
  /** Nothing more will come: then nobody needs what is left, the pipe to `stdin`. */
  private closeAtEnd;
}
/**
 * The writing end of a stream. asyncio: `StreamWriter`. `openConnection` and `startServer` make it.
 *
 * Who made it closes it. One that is collected unclosed is closed with a ResourceWarning.
 *
 * @example
 * writer.write(Buffer.from('hello\n'));
 * yield* writer.drain();
 * writer.close();
 * yield* writer.waitClosed();
 */
export declare class StreamWriter {
  /** The transport that the bytes go to. */
  readonly transport: WriteTransport;
  private readonly protocol;
  private readonly reader;
  private readonly loop;
  /**
   * @param transport where the bytes go
   * @param protocol the transport's: a StreamReaderProtocol; of a child's `stdin`, the child's SubprocessStreamProtocol
   * @param reader whose errors `drain()` throws, or null
   * @param loop the loop of who writes
   */
  constructor(
    transport: WriteTransport,
    protocol: StreamReaderProtocol | SubprocessStreamProtocol,
    reader: StreamReader | null,
    loop: EventLoop,
  );
  /**
   * Sends `data`; does not wait. The bytes are the caller's again when this returns. asyncio: `write`.
   * @throws TypeError unless `data` is a Uint8Array; RuntimeError `ERR_WRITE_AFTER_EOF` after `writeEof()`.
   */
  write(data: Uint8Array): void;
  /** Sends several pieces, as one. Errors as `write`. asyncio: `writelines`. */
  writelines(pieces: Iterable<Uint8Array>): void;
  /**
   * Waits until no more than the low mark waits to be sent, if it was more than the high mark; at once else.
   * asyncio: `drain`.
   *
   * @throws the error of the stream; the system's `ECONNRESET` when the connection is gone; CancelledError when the task
   * is cancelled while it waits.
   */
  drain(): Future<void>;
  /** Ends the stream when everything written is sent; reading goes on. asyncio: `write_eof`. */
  writeEof(): void;
  /** Whether `writeEof()` works here. asyncio: `can_write_eof`. */
  canWriteEof(): boolean;
  /** Closes the stream; what was written is sent first. asyncio: `close`. */
  close(): void;
  /** Whether the stream is closing or closed. asyncio: `is_closing`. */
  isClosing(): boolean;
  /**
   * Waits until the stream is closed. asyncio: `wait_closed`.
   * @throws the error that the connection was lost by; CancelledError when the task is cancelled while it waits.
   */
  waitClosed(): Future<void>;
  /** What is known of the connection, as of a transport. asyncio: `get_extra_info`. */
  getExtraInfo<K extends keyof ExtraInfo>(name: K): ExtraInfo[K] | undefined;
  getExtraInfo<A extends Address>(name: 'sockname' | 'peername'): A | undefined;
  getExtraInfo<D = undefined>(name: string, fallback?: D): unknown;
  /** Upgrades the stream to TLS. asyncio: `start_tls`. @throws NotImplementedError: there is no TLS yet. */
  startTls(sslContext: unknown, options?: object): Future<void>;
  /** `close()` and `waitClosed()`, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
  /** The writer as asyncio prints it. */
  toString(): string;
  /** Gives the connection a turn to be lost in: a loop of writes and drains would never hear of it. */
  private drainClosing;
}
/** The option of every stream. */
export interface StreamOptions {
  /** Bytes that a line may have (65,536), and half of what is received ahead. */
  limit?: number | undefined;
}
/** Options of `openConnection`: those of `loop.createConnection`, and `limit`. */
export interface StreamConnectionOptions extends ConnectionOptions, StreamOptions {}
/** Options of `startServer`: those of `loop.createServer`, and `limit`. */
export interface StreamServerOptions extends ServerOptions, StreamOptions {}
/** Options of `openUnixConnection`: those of `loop.createUnixConnection`, and `limit`. */
export interface UnixStreamConnectionOptions extends UnixConnectionOptions, StreamOptions {}
/** Options of `startUnixServer`: those of `loop.createUnixServer`, and `limit`. */
export interface UnixStreamServerOptions extends UnixServerOptions, StreamOptions {}
/**
 * Opens a TCP connection and gives its two ends. asyncio: `open_connection`.
 *
 * @param host a literal address or a name
 * @param port a number, or the name of a service
 * @param options `limit`, and those of `loop.createConnection`
 * @throws as `loop.createConnection`; RangeError for a limit that is not positive.
 * @example
 * const [reader, writer] = yield* openConnection('example.org', 80);
 * writer.write(Buffer.from('HEAD / HTTP/1.0\r\n\r\n'));
 * console.log(String(yield* reader.readline()));
 * writer.close();
 */
export declare function openConnection(
  host?: Host,
  port?: Port,
  options?: StreamConnectionOptions,
): Operation<[reader: StreamReader, writer: StreamWriter]>;
/**
 * Serves TCP: for each connection, `clientConnectedCb` is called with its two ends. asyncio: `start_server`.
 *
 * @param clientConnectedCb a generator function or an async function, which becomes a task, or a plain function. What it
 * throws is reported, and closes the connection.
 * @param host the address to listen on, or several; all interfaces without one
 * @param port a number; 0: the system chooses
 * @param options `limit`, and those of `loop.createServer`
 * @throws as `loop.createServer`; TypeError for a callback that is no function; RangeError for a limit that is not positive.
 * @example
 * const server = yield* startServer(function* (reader, writer) {
 *   writer.write(yield* reader.readline());
 *   yield* writer.drain();
 *   writer.close();
 * }, '127.0.0.1', 8888);
 * yield* server.serveForever();
 */
export declare function startServer(
  clientConnectedCb: ClientConnectedCallback,
  host?: Host | Iterable<Host>,
  port?: Port,
  options?: StreamServerOptions,
): Operation<Server>;
/**
 * Opens a connection to the Unix socket at `path` and gives its two ends. asyncio: `open_unix_connection`.
 *
 * @param path text, bytes or a `file:` URL
 * @param options `limit`, and those of `loop.createUnixConnection`
 * @throws as `loop.createUnixConnection`; RangeError for a limit that is not positive.
 * @example
 * const [reader, writer] = yield* openUnixConnection('/run/service.sock');
 */
export declare function openUnixConnection(
  path?: UnixPath | null,
  options?: UnixStreamConnectionOptions,
): Operation<[reader: StreamReader, writer: StreamWriter]>;
/**
 * Serves a Unix socket at `path`, as `startServer` does. asyncio: `start_unix_server`.
 *
 * @param clientConnectedCb as for `startServer`
 * @param path text, bytes or a `file:` URL
 * @param options `limit`, and those of `loop.createUnixServer`
 * @throws as `loop.createUnixServer`; TypeError for a callback that is no function; RangeError for a limit that is not positive.
 * @example
 * const server = yield* startUnixServer(serve, '/run/service.sock');
 */
export declare function startUnixServer(
  clientConnectedCb: ClientConnectedCallback,
  path?: UnixPath | null,
  options?: UnixStreamServerOptions,
): Operation<Server>;
/** Options of `createSubprocessExec` and `createSubprocessShell`. Without `stdin`, `stdout`, `stderr` they are this process's. */
export interface SubprocessOptions extends ChildProcessOptions, StreamOptions {}
/**
 * A child process. asyncio: `asyncio.subprocess.Process`. `createSubprocessExec` and `createSubprocessShell` make it.
 *
 * @example
 * const child = yield* createSubprocessExec('sort', ['-u'], { stdin: PIPE, stdout: PIPE });
 * const [sorted] = yield* child.communicate(Buffer.from('b\na\nb\n'));
 * console.log(String(sorted), child.returncode);
 */
export declare class Process {
  protected constructor();
  /** The child's number. */
  readonly pid: number;
  /** What the child reads; null unless `stdin: PIPE`. */
  readonly stdin: StreamWriter | null;
  /** What the child writes; null unless `stdout: PIPE`. */
  readonly stdout: StreamReader | null;
  /** What the child complains; null unless `stderr: PIPE`. */
  readonly stderr: StreamReader | null;
  private readonly transport;
  private readonly loop;
  /** The exit code, −N if signal N has ended it; null while it runs. */
  get returncode(): number | null;
  /**
   * Waits until the child has ended and its pipes are at their end, and gives the return code. A child whose pipes nobody reads
   * may never end: `communicate()` reads them. asyncio: `wait`.
   * @throws CancelledError when the task is cancelled while it waits; the child runs on.
   */
  wait(): Operation<number>;
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
  communicate(input?: Uint8Array | null): Operation<[stdout: Buffer | null, stderr: Buffer | null]>;
  /** Sends `signal`, by name or number. Errors as of `SubprocessTransport.sendSignal`. asyncio: `send_signal`. */
  sendSignal(signal: Signal): void;
  /** Asks the child to end: SIGTERM. Errors as `sendSignal`. asyncio: `terminate`. */
  terminate(): void;
  /** Ends the child: SIGKILL. Errors as `sendSignal`. asyncio: `kill`. */
  kill(): void;
  /** Kills the child if it still runs, closes its pipes and waits until it is gone, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
  /** The process as asyncio prints it. */
  toString(): string;
  private communicating;
  private feed;
  private readAll;
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
export declare function createSubprocessExec(
  program: Program,
  args?: readonly ProgramArgument[],
  options?: SubprocessOptions,
): Operation<Process>;
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
export declare function createSubprocessShell(
  cmd: ProgramArgument,
  options?: SubprocessOptions,
): Operation<Process>;
/** Options of a ProcessPoolExecutor. */
export interface ProcessPoolExecutorOptions {
  /** Called in each process before its first job. When it throws, the executor is broken for good. */
  initializer?: AnyJobFunction | undefined;
  /** What `initializer` is called with. */
  initargs?: readonly unknown[] | undefined;
}
/**
 * Runs functions in processes of Node's. concurrent.futures: `ProcessPoolExecutor`. It is for code that brings its process down,
 * or changes it: for all else a ThreadPoolExecutor is faster and smaller. A process is started when a job comes and all others
 * are at work: that takes 70 ms and 46 MB, and it stays. It ends with this process, whatever ends this one.
 *
 * The processes are children of the loop that uses the executor first, and no other loop can use it. Arguments and results are
 * always copied; a job's standard output and error are this process's, and its standard input is empty.
 *
 * @param maxWorkers how many processes at most; null: as many as there are processors.
 * @throws RangeError and TypeError for wrong arguments.
 * @example
 * await using executor = new ProcessPoolExecutor(2);
 * const pid = await executor.submit(() => process.pid);
 */
export declare class ProcessPoolExecutor extends Executor {
  constructor(maxWorkers?: number | null, options?: ProcessPoolExecutorOptions);
}
/** Options of a Runner. */
export interface RunnerOptions {
  /** Debug mode. */
  debug?: boolean | undefined;
  /** Makes the loop. Without one it is `newEventLoop`, and the thread's current loop while the runner is open. */
  loopFactory?: (() => EventLoop) | undefined;
}
/** Options of `Runner.run`. */
export interface RunnerRunOptions {
  /** The context of this run; without one, the context that all runs of the runner share. */
  context?: Context | undefined;
}
/**
 * Runs coroutines one after another on one loop, which it makes when it is first needed and closes in order:
 * what is left is cancelled and waited for. asyncio: `Runner`. For a single coroutine there is `run`.
 *
 * @example
 * await using runner = new Runner();
 * await runner.run(connect);
 * const answer = await runner.run(ask);
 */
export declare class Runner {
  private readonly options;
  private loop;
  private context;
  private closed;
  constructor(options?: RunnerOptions);
  /** The loop; made now when there is none yet. @throws RuntimeError when the runner is closed. */
  getLoop(): EventLoop;
  /**
   * Runs `coroutine`, hosted, and gives its result. Ctrl-C as in `run`.
   * @throws what it throws; KeyboardInterrupt after Ctrl-C; TypeError for what is no coroutine; RuntimeError inside a running loop, or when the
   * runner is closed.
   */
  run<T>(coroutine: CoroutineLike<T>, options?: RunnerRunOptions): Promise<T>;
  /** `run`, blocking: Node's own loop stands still until the coroutine is done. */
  runSync<T>(coroutine: CoroutineLike<T>, options?: RunnerRunOptions): T;
  /**
   * Cancels the tasks that are left, waits for their end and reports their errors, ends async generators and the
   * executor (for five minutes at most), and closes the loop. Again: nothing.
   */
  close(): Promise<void>;
  /** `close`, blocking. */
  closeSync(): void;
  [Symbol.asyncDispose](): Promise<void>;
  [Symbol.dispose](): void;
  private newLoop;
  private taskOf;
  /** The loop to be closed, null where there is none. */
  private beginClose;
  private endClose;
}
/** Options of `run` and `runSync`. */
export type RunOptions = RunnerOptions;
/**
 * Runs `main` on a new loop, hosted, and closes the loop: tasks that are left are cancelled and waited for, their
 * errors reported. It waits for the jobs of the default executor for 300 seconds at most, as asyncio. asyncio: `run`.
 *
 * Ctrl-C (SIGINT) cancels `main`, so that it can clean up; when it has ended by that, the run ends with a KeyboardInterrupt. A
 * second Ctrl-C ends the run at once with one. If nobody catches it, the process ends as Ctrl-C ends any other. This is so in
 * the main thread, unless somebody listens to SIGINT (`process.on`, `loop.addSignalHandler`). JavaScript that does not return
 * keeps the loop from hearing of it: such a program has to be ended by another signal (Ctrl-\, SIGTERM).
 *
 * @throws what `main` throws; KeyboardInterrupt after Ctrl-C; TypeError for a promise (give `() => f(x)`); NotImplementedError for an option that there
 * is not; RuntimeError inside a running loop.
 * @example
 * await run(function* () { yield* sleep(1); console.log('a second later'); });
 */
export declare function run<T>(main: CoroutineLike<T>, options?: RunOptions): Promise<T>;
/**
 * `run`, blocking: Node's own loop stands still until `main` is done. asyncio: `run`.
 *
 * @throws as `run`; RuntimeError for an async function where Node's microtasks cannot proceed.
 * @example
 * const answer = runSync(function* () { return yield* sleep(1, 42); });
 */
export declare function runSync<T>(main: CoroutineLike<T>, options?: RunOptions): T;
/**
 * A coroutine function that other threads can run on `loop`; they get its result or its error. asyncio needs no such
 * thing for `run_coroutine_threadsafe`: there, threads share the coroutine.
 *
 * @throws TypeError unless it is given a function; RuntimeError when the loop is closed.
 * @example
 * // in the loop's thread
 * const ask = new ThreadsafeCoroutine(loop, function* (question: string) { return yield* answer(question); });
 * new Worker('./job.js', { workerData: ask.data });
 * // in job.js
 * const answer = await runCoroutineThreadsafe(workerData, 'what is it?');
 */
export declare class ThreadsafeCoroutine<A extends unknown[] = unknown[], T = unknown> {
  /** Post this to the other thread: `runCoroutineThreadsafe` takes it there. */
  readonly data: ThreadsafeData;
  private readonly loop;
  private readonly body;
  private readonly handle;
  private readonly calls;
  constructor(loop: EventLoop, body: (...args: A) => Coroutine<T> | PromiseLike<T>);
  /** Ends it: later calls fail with RuntimeError `ERR_THREADSAFE_COROUTINE_CLOSED`, what runs goes on. */
  close(): void;
  [Symbol.dispose](): void;
  private receive;
  private run;
}
/** Options of `runCoroutineThreadsafe`. */
export interface ThreadsafeRunOptions {
  /** Cancels: the promise rejects with CancelledError (the signal's reason is its cause), and the task is cancelled. */
  signal?: AbortSignal | undefined;
}
/** What identifies a coroutine function of another thread. */
export type Remote<A extends unknown[], T> = ThreadsafeCoroutine<A, T> | ThreadsafeData;
/**
 * Runs a coroutine on a loop that this code is no callback of, and gives a promise of its outcome. asyncio:
 * `run_coroutine_threadsafe`.
 *
 * With a coroutine and a loop: for this thread. With the data of a `ThreadsafeCoroutine` and arguments (copies of
 * them arrive): from any thread, with a loop of its own or without. Errors keep class name, message, stack and code.
 *
 * @throws (as a rejection) what the coroutine throws; TypeError for what is no coroutine, or without a loop;
 * RuntimeError `ERR_LOOP_CLOSED` when the loop is closed, `ERR_THREADSAFE_COROUTINE_CLOSED` when the ThreadsafeCoroutine
 * is; CancelledError; DataCloneError for arguments and results that can't be cloned. When a loop of this thread is closed
 * before the coroutine ends, the promise stays pending, as in asyncio; with a ThreadsafeCoroutine it rejects.
 * @example
 * fs.readFile(path, (_error, text) => void runCoroutineThreadsafe(() => publish(text), loop));
 * const answer = await runCoroutineThreadsafe({ signal }, workerData, 'question');    // in a worker
 */
export declare function runCoroutineThreadsafe<T>(
  coroutine: CoroutineLike<T>,
  loop: EventLoop,
  options?: ThreadsafeRunOptions,
): Promise<T>;
export declare function runCoroutineThreadsafe<A extends unknown[], T>(
  remote: Remote<A, T>,
  ...args: A
): Promise<T>;
export declare function runCoroutineThreadsafe<A extends unknown[], T>(
  options: ThreadsafeRunOptions,
  remote: Remote<A, T>,
  ...args: A
): Promise<T>;
/**
 * The loop that runs. asyncio: `get_running_loop`.
 *
 * Inside a turn it is the loop whose turn it is; after an `await` of something foreign, the loop of the async
 * function's task; in other callbacks of Node, the only hosted loop.
 *
 * @throws RuntimeError `ERR_NO_RUNNING_LOOP` when none runs, or several hosted ones do.
 * @example
 * function* main() { getRunningLoop().callLater(1, console.log, 'a second later'); yield* sleep(2); }
 */
export declare function getRunningLoop(): EventLoop;
/**
 * A counter: `acquire()` takes one away and waits at 0, `release()` adds one. asyncio: `Semaphore`. Who waits goes
 * on in the order of asking, and nobody overtakes.
 *
 * @example
 * const connections = new Semaphore(10);
 * yield* connections.with(function* () { yield* download(url); }); // ten at a time
 */
export declare class Semaphore extends LoopBound {
  private value;
  private readonly line;
  /**
   * @param value how many may go on at a time
   * @throws TypeError for what is no number; RangeError when it is negative or not whole.
   */
  constructor(value?: number);
  /** Whether `acquire()` would have to wait: the counter is 0, or others are before. */
  locked(): boolean;
  /**
   * Takes one from the counter, or waits until that is possible. asyncio: `acquire`.
   *
   * @returns a guard, to be released by `using` or `release()`; `semaphore.release()` does the same.
   * @throws CancelledError when the task is cancelled while it waits; RuntimeError `ERR_OTHER_LOOP` when tasks of
   * another loop have waited for this semaphore, `ERR_NO_RUNNING_LOOP` outside of a loop.
   * @example
   * using guard = yield* semaphore.acquire();
   */
  acquire(): Future<Guard>;
  /** Adds one to the counter, or lets the first that waits go on. asyncio: `release`. */
  release(): void;
  /**
   * Runs `body` between `acquire` and `release`, which comes whatever happens. asyncio: `async with semaphore`.
   *
   * @param body a generator function, or a function that gives a future or a scope (the result is for `yield*` or
   * `await`), or an async function (for `await`), which stays in the caller's task. What a plain function gives a promise
   * for is a Scope too; to its type it is a Promise, since TypeScript can't tell it from an async function.
   * @throws what `acquire` and `body` throw.
   * @example
   * await semaphore.with(async () => { await download(url); });
   */
  with<T>(body: () => Coroutine<T> | Future<T> | Scope<T>): Scope<T>;
  with<T>(body: () => PromiseLike<T>): Promise<T>;
  with<T>(body: () => T): Scope<T>;
  private wakeNext;
  /** Those who came while others were before them, as many as the counter allows. */
  private wakeAllowed;
}
/**
 * A semaphore that is never released more often than it was acquired. asyncio: `BoundedSemaphore`.
 *
 * @example
 * const slots = new BoundedSemaphore(2);
 * slots.release();      // RangeError: nobody has acquired it
 */
export declare class BoundedSemaphore extends Semaphore {
  private readonly bound;
  /** As `Semaphore`. */
  constructor(value?: number);
  /** As `Semaphore`. @throws RangeError `ERR_NOT_ACQUIRED` when the counter is at its initial value. */
  release(): void;
}
/**
 * A future of the outcome of `awaitable` that can be cancelled without it. asyncio: `shield`. When `awaitable` is
 * cancelled by somebody else, so is this future.
 *
 * @throws TypeError for what can't be awaited; RuntimeError for a coroutine without a current loop.
 * @example
 * const saved = loop.createTask(save(order));
 * yield* shield(saved);              // a cancel ends the waiting; the order is saved all the same
 */
export declare function shield<T>(awaitable: Awaitable<T>): Future<T>;
/**
 * Waits for `delay` seconds and gives `result`. A delay of 0 (or less) is exactly one turn of the loop.
 *
 * @param delay seconds
 * @throws TypeError for a delay that is no number, RangeError for NaN.
 * @example
 * yield* sleep(0.5);
 */
export declare function sleep(delay: number): Future<void>;
export declare function sleep<T>(delay: number, result: T): Future<T>;
declare const AF_UNSPEC: number;
declare const AF_UNIX: number;
declare const AF_INET: number;
declare const AF_INET6: number;
declare const SOCK_STREAM: number;
declare const SOCK_DGRAM: number;
declare const SOCK_RAW: number;
declare const SOCK_RDM: number;
declare const SOCK_SEQPACKET: number;
declare const SOCK_NONBLOCK: number | undefined;
declare const SOCK_CLOEXEC: number | undefined;
declare const IPPROTO_IP: number;
declare const IPPROTO_HOPOPTS: number;
declare const IPPROTO_ICMP: number;
declare const IPPROTO_IGMP: number;
declare const IPPROTO_IPIP: number;
declare const IPPROTO_TCP: number;
declare const IPPROTO_EGP: number;
declare const IPPROTO_PUP: number;
declare const IPPROTO_UDP: number;
declare const IPPROTO_IDP: number;
declare const IPPROTO_TP: number;
declare const IPPROTO_IPV6: number;
declare const IPPROTO_ROUTING: number;
declare const IPPROTO_FRAGMENT: number;
declare const IPPROTO_RSVP: number;
declare const IPPROTO_GRE: number;
declare const IPPROTO_ESP: number;
declare const IPPROTO_AH: number;
declare const IPPROTO_ICMPV6: number;
declare const IPPROTO_NONE: number;
declare const IPPROTO_DSTOPTS: number;
declare const IPPROTO_PIM: number;
declare const IPPROTO_SCTP: number;
declare const IPPROTO_RAW: number;
declare const IPPROTO_UDPLITE: number | undefined;
declare const IPPROTO_MPTCP: number | undefined;
declare const SOL_SOCKET: number;
declare const SOL_IP: number;
declare const SOL_TCP: number;
declare const SOL_UDP: number;
declare const SO_ACCEPTCONN: number;
declare const SO_BROADCAST: number;
declare const SO_DEBUG: number;
declare const SO_DONTROUTE: number;
declare const SO_ERROR: number;
declare const SO_KEEPALIVE: number;
declare const SO_LINGER: number;
declare const SO_OOBINLINE: number;
declare const SO_RCVBUF: number;
declare const SO_RCVLOWAT: number;
declare const SO_RCVTIMEO: number;
declare const SO_REUSEADDR: number;
declare const SO_REUSEPORT: number;
declare const SO_SNDBUF: number;
declare const SO_SNDLOWAT: number;
declare const SO_SNDTIMEO: number;
declare const SO_TIMESTAMP: number;
declare const SO_TYPE: number;
declare const SO_BINDTODEVICE: number | undefined;
declare const SO_BUSY_POLL: number | undefined;
declare const SO_DOMAIN: number | undefined;
declare const SO_INCOMING_CPU: number | undefined;
declare const SO_MARK: number | undefined;
declare const SO_PASSCRED: number | undefined;
declare const SO_PASSSEC: number | undefined;
declare const SO_PEERCRED: number | undefined;
declare const SO_PEERSEC: number | undefined;
declare const SO_PRIORITY: number | undefined;
declare const SO_PROTOCOL: number | undefined;
declare const SO_ZEROCOPY: number | undefined;
declare const SO_NOSIGPIPE: number | undefined;
declare const SO_NREAD: number | undefined;
declare const SO_NWRITE: number | undefined;
declare const TCP_NODELAY: number;
declare const TCP_MAXSEG: number;
declare const TCP_KEEPINTVL: number;
declare const TCP_KEEPCNT: number;
declare const TCP_FASTOPEN: number;
declare const TCP_CORK: number | undefined;
declare const TCP_KEEPIDLE: number | undefined;
declare const TCP_SYNCNT: number | undefined;
declare const TCP_LINGER2: number | undefined;
declare const TCP_DEFER_ACCEPT: number | undefined;
declare const TCP_WINDOW_CLAMP: number | undefined;
declare const TCP_INFO: number | undefined;
declare const TCP_QUICKACK: number | undefined;
declare const TCP_CONGESTION: number | undefined;
declare const TCP_USER_TIMEOUT: number | undefined;
declare const TCP_NOTSENT_LOWAT: number | undefined;
declare const TCP_KEEPALIVE: number | undefined;
declare const TCP_CONNECTION_INFO: number | undefined;
declare const IP_TOS: number;
declare const IP_TTL: number;
declare const IP_HDRINCL: number;
declare const IP_RECVTOS: number;
declare const IP_RECVTTL: number;
declare const IP_MULTICAST_IF: number;
declare const IP_MULTICAST_TTL: number;
declare const IP_MULTICAST_LOOP: number;
declare const IP_ADD_MEMBERSHIP: number;
declare const IP_DROP_MEMBERSHIP: number;
declare const IP_OPTIONS: number | undefined;
declare const IP_RECVOPTS: number | undefined;
declare const IP_RETOPTS: number | undefined;
declare const IP_MTU: number | undefined;
declare const IP_MTU_DISCOVER: number | undefined;
declare const IP_RECVERR: number | undefined;
declare const IP_FREEBIND: number | undefined;
declare const IP_TRANSPARENT: number | undefined;
declare const IP_BIND_ADDRESS_NO_PORT: number | undefined;
declare const IP_MULTICAST_ALL: number | undefined;
declare const IP_BOUND_IF: number | undefined;
declare const IPV6_V6ONLY: number;
declare const IPV6_UNICAST_HOPS: number;
declare const IPV6_MULTICAST_IF: number;
declare const IPV6_MULTICAST_HOPS: number;
declare const IPV6_MULTICAST_LOOP: number;
declare const IPV6_CHECKSUM: number;
declare const IPV6_PKTINFO: number;
declare const IPV6_RECVPKTINFO: number;
declare const IPV6_HOPLIMIT: number;
declare const IPV6_RECVHOPLIMIT: number;
declare const IPV6_TCLASS: number;
declare const IPV6_RECVTCLASS: number;
declare const IPV6_DONTFRAG: number;
declare const IPV6_JOIN_GROUP: number;
declare const IPV6_LEAVE_GROUP: number;
declare const IPV6_HOPOPTS: number | undefined;
declare const IPV6_RECVHOPOPTS: number | undefined;
declare const IPV6_DSTOPTS: number | undefined;
declare const IPV6_RECVDSTOPTS: number | undefined;
declare const IPV6_RTHDR: number | undefined;
declare const IPV6_RECVRTHDR: number | undefined;
declare const IPV6_RTHDRDSTOPTS: number | undefined;
declare const IPV6_NEXTHOP: number | undefined;
declare const IPV6_PATHMTU: number | undefined;
declare const IPV6_RECVPATHMTU: number | undefined;
declare const IPV6_MTU: number | undefined;
declare const IPV6_MTU_DISCOVER: number | undefined;
declare const IPV6_RECVERR: number | undefined;
declare const IPV6_BOUND_IF: number | undefined;
declare const MSG_OOB: number;
declare const MSG_PEEK: number;
declare const MSG_DONTROUTE: number;
declare const MSG_DONTWAIT: number;
declare const MSG_EOR: number;
declare const MSG_TRUNC: number;
declare const MSG_CTRUNC: number;
declare const MSG_WAITALL: number;
declare const MSG_NOSIGNAL: number;
declare const MSG_MORE: number | undefined;
declare const MSG_CONFIRM: number | undefined;
declare const MSG_ERRQUEUE: number | undefined;
declare const MSG_FASTOPEN: number | undefined;
declare const MSG_CMSG_CLOEXEC: number | undefined;
declare const MSG_WAITFORONE: number | undefined;
declare const MSG_ZEROCOPY: number | undefined;
declare const SCM_RIGHTS: number;
declare const SCM_CREDENTIALS: number | undefined;
declare const AI_PASSIVE: number;
declare const AI_CANONNAME: number;
declare const AI_NUMERICHOST: number;
declare const AI_NUMERICSERV: number;
declare const AI_V4MAPPED: number;
declare const AI_ALL: number;
declare const AI_ADDRCONFIG: number;
declare const NI_NUMERICHOST: number;
declare const NI_NUMERICSERV: number;
declare const NI_NOFQDN: number;
declare const NI_NAMEREQD: number;
declare const NI_DGRAM: number;
declare const SHUT_RD: number;
declare const SHUT_WR: number;
declare const SHUT_RDWR: number;
declare const SOMAXCONN: number;
/** What an error of the operating system is about. */
export interface SystemErrorDetails {
  syscall: string;
  address?: string;
  port?: number;
  path?: string;
  hostname?: string;
}
/** Node's shape of a system error. */
export interface SystemError extends Error, SystemErrorDetails {
  /** The error's name, e.g. `ECONNREFUSED`. */
  code: string;
  /** The error's number, negative as Node gives it. */
  errno: number;
}
/**
 * A group of tasks. asyncio: `TaskGroup`. `run` ends when its body and all tasks of the group have ended; the
 * first error cancels the others and the body. Most programs use `taskGroup()`.
 *
 * @example
 * const group = new TaskGroup();
 * yield* group.run(function* () { group.createTask(listen()); group.createTask(announce()); });
 */
export declare class TaskGroup {
  private entered;
  private exiting;
  private aborting;
  private loop;
  private parent;
  /** Whether the parent's cancel was this group's doing, to be taken back at the end. */
  private parentCancelled;
  private readonly tasks;
  private readonly errors;
  /** The first error that ends the run: it comes out bare. */
  private exitError;
  private waiter;
  /** Done when no task is left. */
  private completed;
  /**
   * A new task in this group. asyncio: `create_task`.
   * @throws RuntimeError before the group is entered, once it is finished, and while it shuts down.
   */
  createTask<T>(coroutine: CoroutineLike<T>, options?: TaskOptions): Task<T>;
  /**
   * Runs `body` with this group, once: `yield* group.run(…)` or `await group.run(…)`. Gives what `body` gives.
   * @throws AggregateError of the errors of body and tasks; an ExitError of theirs as it is; CancelledError. At once:
   * TypeError for a body that is no function.
   */
  run<T>(body: ScopeBody<TaskGroup, T>): Scope<T>;
  /** The group as asyncio prints it. */
  toString(): string;
  private around;
  private enter;
  private refusal;
  /** The body has ended: waits for the tasks, and throws what the whole comes to. */
  private exit;
  /** Gives the first cancel that came meanwhile from outside. */
  private waitForTasks;
  private abort;
  private ended;
}
/**
 * Runs `body` with a new group of tasks, and waits for all of them. asyncio: `async with TaskGroup()`. Gives what
 * `body` gives.
 *
 * @throws AggregateError 'unhandled errors in a TaskGroup' with the `errors` of body and tasks (those of a group
 * inside are an AggregateError of their own); an ExitError as it is; CancelledError.
 * @example
 * const [user, orders] = yield* taskGroup(function* (group) {
 *   const user = group.createTask(loadUser(id));
 *   const orders = group.createTask(loadOrders(id));
 *   return [yield* user, yield* orders];
 * });
 */
export declare function taskGroup<T>(body: ScopeBody<TaskGroup, T>): Scope<T>;
/**
 * A deadline for what `run` runs: when it comes, the task is cancelled, and `run` throws TimeoutError. asyncio:
 * `Timeout`. Most programs use `timeout()`; this is for who needs the object before or after.
 *
 * @param when the deadline in seconds on the clock of `loop.time()`; null: none yet
 * @throws TypeError unless `when` is a number or null, RangeError for NaN.
 * @example
 * const limit = new Timeout(loop.time() + 5);
 * const page = yield* limit.run(function* () { return yield* fetchPage(); });
 */
export declare class Timeout {
  private state;
  private deadline;
  private timer;
  private task;
  /** Requests to cancel the task that there were before. */
  private cancelling;
  constructor(when: number | null);
  /** The deadline in seconds on the clock of `loop.time()`, null without one. */
  when(): number | null;
  /**
   * Moves the deadline; null takes it away. One that has passed cancels in the next turn.
   * @param when seconds on the clock of `loop.time()`
   * @throws RuntimeError before the timeout is entered, and once it has expired or is finished.
   */
  reschedule(when: number | null): void;
  /** Whether the deadline has come while the body ran. */
  expired(): boolean;
  /**
   * Runs `body` under this deadline, once: `yield* limit.run(…)` or `await limit.run(…)`.
   * @throws TimeoutError when the deadline comes first; what `body` throws; RuntimeError the second time. At once:
   * TypeError for a body that is no function.
   */
  run<T>(body: ScopeBody<Timeout, T>): Scope<T>;
  /** The timeout as asyncio prints it. */
  toString(): string;
  private around;
  private enter;
  /** Ends it, whichever way. True when the deadline, and nobody else, has asked for a cancel. */
  private exit;
  private readonly expire;
}
/**
 * Runs `body` for at most `delay` seconds: then the task is cancelled, and TimeoutError thrown. asyncio: `timeout`.
 *
 * @param delay seconds; null: no limit (`reschedule` can set one)
 * @throws TimeoutError; what `body` throws. At once: TypeError and RangeError for a wrong delay, TypeError for a
 * body that is no function, RuntimeError where no loop runs.
 * @example
 * yield* timeout(10, function* (limit) {
 *   yield* handshake();
 *   limit.reschedule(null);        // the rest may take its time
 *   yield* conversation();
 * });
 */
export declare function timeout<T>(delay: number | null, body: ScopeBody<Timeout, T>): Scope<T>;
/**
 * `timeout` with a point in time: `when` in seconds on the clock of `loop.time()`, null for none. asyncio:
 * `timeout_at`.
 *
 * @throws TimeoutError; what `body` throws. At once: TypeError and RangeError for a wrong time.
 * @example
 * const deadline = loop.time() + 20;
 * for (const mirror of mirrors) yield* timeoutAt(deadline, () => download(mirror));
 */
export declare function timeoutAt<T>(when: number | null, body: ScopeBody<Timeout, T>): Scope<T>;
/**
 * Runs `func(...args)` in a thread of the default executor and gives its result. asyncio: `to_thread`. What can be given and
 * what comes back is said at `loop.runInExecutor`. Context variables do not go with it: a worker thread shares no objects with
 * this one; pass their values as arguments.
 *
 * @throws RuntimeError where no loop runs. Out of the operation: as `loop.runInExecutor`.
 * @example
 * const digest = yield* toThread((text: string) => {
 *   const { createHash } = process.getBuiltinModule('node:crypto');
 *   return createHash('sha256').update(text).digest('hex');
 * }, 'hello');
 */
export declare function toThread<A extends unknown[], T>(
  func: JobFunction<A, T>,
  ...args: A
): Operation<Awaited<T>>;
export declare function toThread<A extends unknown[], T>(
  options: JobOptions,
  func: JobFunction<A, T>,
  ...args: A
): Operation<Awaited<T>>;
/**
 * Says that `list` moves with `value` when it goes to a worker as an argument, or comes back as a result: what was moved
 * is not there any more where it came from, and nothing is copied. Processes get copies all the same.
 *
 * @param value an argument of a job, or what a job returns.
 * @param list what moves: ArrayBuffers, MessagePorts, FileHandles, …
 * @returns `value`
 * @throws TypeError for a value that is no object, or a list that is no array.
 * @example
 * const picture = new Uint8Array(await readFile(path));
 * await loop.runInExecutor(null, shrink, transfer(picture, [picture.buffer]), 200);
 */
export declare function transfer<T extends object>(value: T, list: readonly TransferListItem[]): T;
/** `wait` ends when any future is done or cancelled. */
export declare const FIRST_COMPLETED = 'FIRST_COMPLETED';
/** `wait` ends when any future has an error, or all are done. */
export declare const FIRST_EXCEPTION = 'FIRST_EXCEPTION';
/** `wait` ends when all futures are done or cancelled. */
export declare const ALL_COMPLETED = 'ALL_COMPLETED';
/** When `wait` ends. */
export type ReturnWhen = typeof FIRST_COMPLETED | typeof FIRST_EXCEPTION | typeof ALL_COMPLETED;
/** Options of `wait`. */
export interface WaitOptions {
  /** Seconds after which it ends in any case, without an error; null, the default: never. */
  timeout?: number | null | undefined;
  /** `ALL_COMPLETED` (the default), `FIRST_COMPLETED` or `FIRST_EXCEPTION`. */
  returnWhen?: ReturnWhen | undefined;
}
/**
 * Waits for futures and gives two sets: those that are done, and those that are not. asyncio: `wait`. It cancels
 * nothing and throws none of their errors.
 *
 * @throws TypeError for anything else than an iterable of futures and tasks; RangeError for an empty one and for
 * an unknown `returnWhen`; RuntimeError where no loop runs.
 * @example
 * const [done, pending] = yield* wait(tasks, { timeout: 5, returnWhen: FIRST_COMPLETED });
 * for (const task of pending) task.cancel();
 */
export declare function wait<F extends Future<unknown>>(
  futures: Iterable<F>,
  options?: WaitOptions,
): Operation<[done: Set<F>, pending: Set<F>]>;
/**
 * Waits for `awaitable`, at most `seconds`: then it is cancelled, and once it has ended TimeoutError is thrown.
 * asyncio: `wait_for`. When the wait is cancelled, so is `awaitable`; `shield` keeps it. What ends with a result
 * in spite of the cancel gives that result.
 *
 * @param seconds null: no limit; 0 or less: only what is done already has a result, a coroutine never begins
 * @throws TimeoutError; what `awaitable` throws. At once: TypeError for what can't be awaited or a wrong time.
 * @example
 * const line = yield* waitFor(reader.readline(), 30);
 */
export declare function waitFor<T>(awaitable: Awaitable<T>, seconds: number | null): Scope<T>;
/** Options of `wrapFuture`. */
export interface WrapOptions {
  /** The loop of the future; the running one without it. */
  loop?: EventLoop | undefined;
  /** Cancels the future when it is aborted. */
  signal?: AbortSignal | undefined;
}
/**
 * A future of what `promise` gives. Cancelling the future ends the wait, not the work; give a function that takes an
 * AbortSignal instead of a promise, and the cancel aborts that signal. asyncio: `wrap_future`.
 *
 * @throws TypeError for what is neither; RuntimeError `ERR_NO_RUNNING_LOOP` without a loop.
 * @example
 * const text = yield* wrapFuture(readFile('notes.txt', 'utf8'));
 * const response = yield* wrapFuture((signal) => fetch(url, { signal }));
 */
export declare function wrapFuture<T>(
  promise: PromiseLike<T> | ((signal: AbortSignal) => PromiseLike<T>),
  options?: WrapOptions,
): Future<Awaited<T>>;

declare namespace socket {
  export {
    AF_INET,
    AF_INET6,
    AF_UNIX,
    AF_UNSPEC,
    AI_ADDRCONFIG,
    AI_ALL,
    AI_CANONNAME,
    AI_NUMERICHOST,
    AI_NUMERICSERV,
    AI_PASSIVE,
    AI_V4MAPPED,
    FromDescriptor,
    IPPROTO_AH,
    IPPROTO_DSTOPTS,
    IPPROTO_EGP,
    IPPROTO_ESP,
    IPPROTO_FRAGMENT,
    IPPROTO_GRE,
    IPPROTO_HOPOPTS,
    IPPROTO_ICMP,
    IPPROTO_ICMPV6,
    IPPROTO_IDP,
    IPPROTO_IGMP,
    IPPROTO_IP,
    IPPROTO_IPIP,
    IPPROTO_IPV6,
    IPPROTO_MPTCP,
    IPPROTO_NONE,
    IPPROTO_PIM,
    IPPROTO_PUP,
    IPPROTO_RAW,
    IPPROTO_ROUTING,
    IPPROTO_RSVP,
    IPPROTO_SCTP,
    IPPROTO_TCP,
    IPPROTO_TP,
    IPPROTO_UDP,
    IPPROTO_UDPLITE,
    IPV6_BOUND_IF,
    IPV6_CHECKSUM,
    IPV6_DONTFRAG,
    IPV6_DSTOPTS,
    IPV6_HOPLIMIT,
    IPV6_HOPOPTS,
    IPV6_JOIN_GROUP,
    IPV6_LEAVE_GROUP,
    IPV6_MTU,
    IPV6_MTU_DISCOVER,
    IPV6_MULTICAST_HOPS,
    IPV6_MULTICAST_IF,
    IPV6_MULTICAST_LOOP,
    IPV6_NEXTHOP,
    IPV6_PATHMTU,
    IPV6_PKTINFO,
    IPV6_RECVDSTOPTS,
    IPV6_RECVERR,
    IPV6_RECVHOPLIMIT,
    IPV6_RECVHOPOPTS,
    IPV6_RECVPATHMTU,
    IPV6_RECVPKTINFO,
    IPV6_RECVRTHDR,
    IPV6_RECVTCLASS,
    IPV6_RTHDR,
    IPV6_RTHDRDSTOPTS,
    IPV6_TCLASS,
    IPV6_UNICAST_HOPS,
    IPV6_V6ONLY,
    IP_ADD_MEMBERSHIP,
    IP_BIND_ADDRESS_NO_PORT,
    IP_BOUND_IF,
    IP_DROP_MEMBERSHIP,
    IP_FREEBIND,
    IP_HDRINCL,
    IP_MTU,
    IP_MTU_DISCOVER,
    IP_MULTICAST_ALL,
    IP_MULTICAST_IF,
    IP_MULTICAST_LOOP,
    IP_MULTICAST_TTL,
    IP_OPTIONS,
    IP_RECVERR,
    IP_RECVOPTS,
    IP_RECVTOS,
    IP_RECVTTL,
    IP_RETOPTS,
    IP_TOS,
    IP_TRANSPARENT,
    IP_TTL,
    MSG_CMSG_CLOEXEC,
    MSG_CONFIRM,
    MSG_CTRUNC,
    MSG_DONTROUTE,
    MSG_DONTWAIT,
    MSG_EOR,
    MSG_ERRQUEUE,
    MSG_FASTOPEN,
    MSG_MORE,
    MSG_NOSIGNAL,
    MSG_OOB,
    MSG_PEEK,
    MSG_TRUNC,
    MSG_WAITALL,
    MSG_WAITFORONE,
    MSG_ZEROCOPY,
    NI_DGRAM,
    NI_NAMEREQD,
    NI_NOFQDN,
    NI_NUMERICHOST,
    NI_NUMERICSERV,
    SCM_CREDENTIALS,
    SCM_RIGHTS,
    SHUT_RD,
    SHUT_RDWR,
    SHUT_WR,
    SOCK_CLOEXEC,
    SOCK_DGRAM,
    SOCK_NONBLOCK,
    SOCK_RAW,
    SOCK_RDM,
    SOCK_SEQPACKET,
    SOCK_STREAM,
    SOL_IP,
    SOL_SOCKET,
    SOL_TCP,
    SOL_UDP,
    SOMAXCONN,
    SO_ACCEPTCONN,
    SO_BINDTODEVICE,
    SO_BROADCAST,
    SO_BUSY_POLL,
    SO_DEBUG,
    SO_DOMAIN,
    SO_DONTROUTE,
    SO_ERROR,
    SO_INCOMING_CPU,
    SO_KEEPALIVE,
    SO_LINGER,
    SO_MARK,
    SO_NOSIGPIPE,
    SO_NREAD,
    SO_NWRITE,
    SO_OOBINLINE,
    SO_PASSCRED,
    SO_PASSSEC,
    SO_PEERCRED,
    SO_PEERSEC,
    SO_PRIORITY,
    SO_PROTOCOL,
    SO_RCVBUF,
    SO_RCVLOWAT,
    SO_RCVTIMEO,
    SO_REUSEADDR,
    SO_REUSEPORT,
    SO_SNDBUF,
    SO_SNDLOWAT,
    SO_SNDTIMEO,
    SO_TIMESTAMP,
    SO_TYPE,
    SO_ZEROCOPY,
    Socket,
    TCP_CONGESTION,
    TCP_CONNECTION_INFO,
    TCP_CORK,
    TCP_DEFER_ACCEPT,
    TCP_FASTOPEN,
    TCP_INFO,
    TCP_KEEPALIVE,
    TCP_KEEPCNT,
    TCP_KEEPIDLE,
    TCP_KEEPINTVL,
    TCP_LINGER2,
    TCP_MAXSEG,
    TCP_NODELAY,
    TCP_NOTSENT_LOWAT,
    TCP_QUICKACK,
    TCP_SYNCNT,
    TCP_USER_TIMEOUT,
    TCP_WINDOW_CLAMP,
    socketpair,
  };
}

export { Event$1 as Event, socket };

export {};
