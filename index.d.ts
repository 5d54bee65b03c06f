// The public API of mioloop. Generated from bindings/ by `npm run types`. Do not edit.

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
  /** The value in the current context, else `defaultValue`, else the variable's own default. Throws RuntimeError (`ERR_LOOKUP`) without any. */
  get(...defaultValue: [] | [T]): T;
  /** Sets the value in the current context; the token undoes it. */
  set(value: T): Token<T>;
  /** Restores the value that the variable had before the `set` that gave `token`; a token works once. */
  reset(token: Token<T>): void;
}
/** What `ContextVar.set` gives, to undo it. Python: `contextvars.Token`. */
export declare class Token<T> {
  protected constructor();
  #private;
  readonly variable: ContextVar<T>;
  /** The value before, in an array that is empty where there was none. */
  readonly oldValue: readonly [] | readonly [T];
}
/** A set of context variables with their values. Python: `contextvars.Context`. */
export declare class Context {
  private entered;
  /** An empty context. */
  constructor();
  /** Calls `callback` in this context and returns its result. Throws RuntimeError when the context is entered already. */
  run<A extends unknown[], R>(callback: (...args: A) => R, ...args: A): R;
  /** The value of `variable` in this context, undefined where it has none. */
  get<T>(variable: ContextVar<T>): T | undefined;
  /** Whether `variable` has a value in this context. */
  has(variable: ContextVar<unknown>): boolean;
  /** A copy that later changes do not reach, in constant time. */
  copy(): Context;
  private current;
}
/** A copy of the current context. Python: `contextvars.copy_context`. */
export declare function copyContext(): Context;
/**
 * What all loops are instances of. asyncio: `AbstractEventLoop`. A loop of your own extends it and gives the
 * methods that it supports; the others throw NotImplementedError.
 */
export declare abstract class AbstractEventLoop {}
/** A generator object that a task can run. Python: a coroutine object. */
export type Coroutine<T> = Generator<Suspension, T, unknown>;
declare abstract class Stepping<T> extends Future<T> {
  private nextError;
  private waitFor;
  private problemWith;
}
/** What `createTask` and `run` take: a generator object, or a function that gives one or a promise. */
export type CoroutineLike<T> = Coroutine<T> | (() => Coroutine<T>) | (() => Promise<T>);
/** Options of `loop.createConnection`: none yet. */
export type ConnectionOptions = Record<string, never>;
/** Options of `loop.createServer`. */
export interface ServerOptions {
  /** How many connections may wait to be accepted (100). */
  backlog?: number;
  /** Take a port whose last connections are still ending (true, except on Windows). */
  reuseAddress?: boolean;
  /** Share the port with other sockets that set this: one for each worker thread, for example. */
  reusePort?: boolean;
  /** Accept at once (true), or only after `server.startServing()` or `serveForever()`. */
  startServing?: boolean;
}
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
/**
 * A view of a transport's socket: it tells, but can't be closed or made blocking.
 *
 * @example
 * const [host, port] = server.sockets[0]!.getsockname();
 */
export declare class TransportSocket {
  protected constructor();
  #private;
  /** AF_INET or AF_INET6. */
  get family(): number;
  /** SOCK_STREAM. */
  get type(): number;
  /** The descriptor; -1 when it is closed. */
  fileno(): number;
  /** The address of this end. */
  getsockname(): Address;
  /** The address of the other end; undefined for a listening socket. */
  getpeername(): Address | undefined;
}
/** An address: `[host, port]`, with IPv6 `[host, port, flowinfo, scopeId]`. */
export type Address =
  | [host: string, port: number]
  | [host: string, port: number, flowinfo: number, scopeId: number];
/** What `getExtraInfo` knows, by name. */
export interface ExtraInfo {
  socket: TransportSocket;
  sockname: Address;
  peername: Address;
}
/** What all transports have. asyncio: `BaseTransport`. */
export declare abstract class BaseTransport {
  /** What is known of the connection: `sockname`, `peername`, `socket`; `fallback` for what is not. */
  abstract getExtraInfo<K extends keyof ExtraInfo>(name: K): ExtraInfo[K] | undefined;
  abstract getExtraInfo<D = undefined>(name: string, fallback?: D): unknown;
  /** Whether the transport is closing or closed. */
  abstract isClosing(): boolean;
  /** Closes: no more is received, what was written is sent, then the protocol's `connectionLost(null)` is called. */
  abstract close(): void;
  /** Replaces the protocol; what is received from now on goes to the new one. */
  abstract setProtocol(protocol: Protocol | BufferedProtocol): void;
  /** The protocol; null when the connection is lost. */
  abstract getProtocol(): Protocol | BufferedProtocol | null;
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
   * @throws RangeError unless high ≥ low ≥ 0.
   */
  abstract setWriteBufferLimits(limits?: { high?: number; low?: number }): void;
}
/** A connection in both directions: a ReadTransport and a WriteTransport. asyncio: `Transport`. */
export declare abstract class Transport extends WriteTransport implements ReadTransport {
  abstract isReading(): boolean;
  abstract pauseReading(): void;
  abstract resumeReading(): void;
}
/** What all protocols have. asyncio: `BaseProtocol`. A subclass overrides what it needs. */
export declare class BaseProtocol<T extends BaseTransport = BaseTransport> {
  /** The connection stands. Called once, before anything else. */
  connectionMade(_transport: T): unknown;
  /** The connection is gone; `error` is null after an end that was asked for. Called once, last. */
  connectionLost(_error: Error | null): unknown;
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
  dataReceived(_data: Buffer): unknown;
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
  getBuffer(_sizeHint: number): Uint8Array;
  /** `count` bytes were received into the buffer that `getBuffer` gave. */
  bufferUpdated(_count: number): unknown;
  /** The peer will send no more. True keeps the connection open for writing; otherwise it closes. */
  eofReceived(): boolean | undefined | void;
}
/** One call of a stack. */
export interface StackFrame {
  /** The file, as a path or the URL of a module that is none. */
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  /** Counted from 1. */
  readonly column: number;
  /** The function's name; empty for the body of a module. */
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
  setResult(_value: T): never;
  /** Not for a task: its error is its coroutine's. */
  setException(_error: unknown): never;
  /**
   * The calls of the task, outermost first: of the one that runs, the stack; of one that failed, its error's.
   * One that waits has none that JavaScript could show. asyncio: `get_stack`.
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
  /** An error that ends an async function comes in a microtask: one that ends the loop has to be passed on. */
  private failLater;
}
/** What is known about an error. asyncio: the `context` of `call_exception_handler`. */
export interface ExceptionContext {
  message: string;
  exception?: unknown;
  future?: Future<unknown>;
  task?: Task<unknown>;
  handle?: Handle;
  protocol?: BaseProtocol;
  transport?: BaseTransport;
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
/** Makes the protocol of a new connection. */
export type ProtocolFactory<P = Protocol | BufferedProtocol> = () => P;
/**
 * A future that does its work whether or not somebody waits.
 *
 * @example
 * const [transport] = yield* loop.createConnection(() => new Client(), 'localhost', 8888);
 */
export declare class Operation<T> extends Stepping<T> {
  protected constructor();
  #private;
  cancel(message?: unknown): boolean;
  [Symbol.iterator](): Iterator<Suspension, T, unknown>;
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
  startServing(): Future<void>;
  serveForever(): Future<never>;
  waitClosed(): Future<void>;
  /** `close()` and `waitClosed()`, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
  toString(): string;
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
  debug?: boolean;
  /**
   * Whether stores of AsyncLocalStorage follow into callbacks, tasks and protocols (the default). Without it,
   * scheduling costs some nanoseconds less: docs/performance.md has the figure.
   */
  asyncLocalStorage?: boolean;
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
export declare class SelectorEventLoop extends AbstractEventLoop {
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
   * @throws TypeError unless it is a generator, a generator function or an async function; RuntimeError when
   * the loop is closed.
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
  /**
   * Waits for the default executor's jobs, `timeout` seconds at most. There are no executors yet, so there is nothing
   * to wait for. asyncio: `shutdown_default_executor`.
   * @throws RangeError for a timeout that is no number of seconds.
   */
  shutdownDefaultExecutor(timeout?: number | null): Operation<void>;
  /**
   * Opens a TCP connection to `host` (a literal address or a name) and `port`; gives the transport and the
   * protocol that `protocolFactory` made.
   * @throws the system's error of the attempt; TypeError and RangeError for wrong arguments.
   */
  createConnection<P extends Protocol | BufferedProtocol>(
    protocolFactory: ProtocolFactory<P>,
    host?: string | null,
    port?: number | null,
    options?: ConnectionOptions,
  ): Operation<[transport: Transport, protocol: P]>;
  /**
   * Serves TCP on `host` (all interfaces without one) and `port` (0: the system chooses). Each connection
   * gets a protocol that `protocolFactory` made.
   * @throws the system's error (`EADDRINUSE`, …); TypeError and RangeError for wrong arguments.
   */
  createServer(
    protocolFactory: ProtocolFactory,
    host?: string | null,
    port?: number | null,
    options?: ServerOptions,
  ): Operation<Server>;
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
}
/** The best loop of the platform. asyncio: `EventLoop`. */
export declare const EventLoop: typeof SelectorEventLoop;
/** The best loop of the platform. asyncio: `EventLoop`. */
export type EventLoop = SelectorEventLoop;
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
  private waiters;
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
/**
 * The task whose step it is, also after an `await` of an async function; null in callbacks. asyncio: `current_task`.
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
  readonly kind: 'slow-callback' | 'slow-poll' | 'cancel-undelivered';
  readonly loop: EventLoop;
  /** The line that is written to stderr. */
  readonly message: string;
  /** Seconds that it took, where that is the point. */
  readonly seconds?: number;
  /** The handle, task or transport. */
  readonly subject?: object;
}
/** An operation that is not possible in the present state. asyncio: `RuntimeError`. */
export declare class RuntimeError extends Error {
  /** Stable name of the case, e.g. `ERR_LOOP_CLOSED`. */
  readonly code: string;
  constructor(message: string, code?: string);
}
/** A method that this platform or this class does not have. asyncio: `NotImplementedError`. */
export declare class NotImplementedError extends RuntimeError {
  constructor(message?: string, code?: string);
}
/** The operation has been cancelled. asyncio: `CancelledError`. */
export declare class CancelledError extends Error {
  readonly code = 'ERR_CANCELLED';
  constructor(message?: string, options?: ErrorOptions);
}
/** A future that is not in the state for this. asyncio: `InvalidStateError`. */
export declare class InvalidStateError extends Error {
  readonly code = 'ERR_INVALID_STATE';
  constructor(message: string);
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
/** The user pressed Ctrl-C. asyncio: `KeyboardInterrupt`. */
export declare class KeyboardInterrupt extends ExitError {
  constructor(message?: string);
}
/** The program wants to end. asyncio: `SystemExit`. */
export declare class SystemExit extends ExitError {
  constructor(message?: string);
}
/**
 * What a policy has to do. asyncio: `AbstractEventLoopPolicy`. Policies are legacy, in asyncio too: give
 * `loopFactory` to `run` instead.
 */
export declare abstract class AbstractEventLoopPolicy {
  /** The loop of this thread. */
  getEventLoop(): EventLoop;
  /** Sets the loop of this thread. */
  setEventLoop(_loop: EventLoop | null): void;
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
/** This thread's policy. asyncio: `get_event_loop_policy`. Legacy. */
export declare function getEventLoopPolicy(): AbstractEventLoopPolicy;
/**
 * Sets this thread's policy; null: the default one. asyncio: `set_event_loop_policy`. Legacy.
 * @throws TypeError for what is no policy.
 */
export declare function setEventLoopPolicy(newPolicy: AbstractEventLoopPolicy | null): void;
/** A new event loop, as the policy makes it. asyncio: `new_event_loop`. */
export declare function newEventLoop(): EventLoop;
/** Sets the thread's current loop. asyncio: `set_event_loop`. @throws TypeError for what is no loop. */
export declare function setEventLoop(loop: EventLoop | null): void;
/**
 * The running loop, else the one that `setEventLoop` set. asyncio: `get_event_loop`.
 * @throws RuntimeError `ERR_NO_CURRENT_LOOP` without both.
 */
export declare function getEventLoop(): EventLoop;
/** Options of `run` and `runSync`. */
export interface RunOptions {
  /** Debug mode. */
  debug?: boolean;
  /** Makes the loop; `newEventLoop` without one. */
  loopFactory?: () => EventLoop;
}
/**
 * Runs `main` on a new loop, hosted, and closes the loop. asyncio: `run`. Tasks that are left are cancelled.
 *
 * @throws what `main` throws; TypeError for a promise (give `() => f(x)`); RuntimeError inside a running loop.
 * @example
 * await run(function* () { yield* sleep(1); console.log('a second later'); });
 */
export declare function run<T>(main: CoroutineLike<T>, options?: RunOptions): Promise<T>;
/** `run`, blocking: Node's own loop stands still until `main` is done. */
export declare function runSync<T>(main: CoroutineLike<T>, options?: RunOptions): T;
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
 * Waits for `delay` seconds and gives `result`. A delay of 0 (or less) is exactly one turn of the loop.
 *
 * @param delay seconds
 * @throws TypeError for a delay that is no number, RangeError for NaN.
 * @example
 * yield* sleep(0.5);
 */
export declare function sleep(delay: number): Future<void>;
export declare function sleep<T>(delay: number, result: T): Future<T>;
/** What an error of the operating system is about. */
export interface SystemErrorDetails {
  syscall: string;
  address?: string;
  port?: number;
  hostname?: string;
}
/** Node's shape of a system error. */
export interface SystemError extends Error, SystemErrorDetails {
  /** The error's name, e.g. `ECONNREFUSED`. */
  code: string;
  /** The error's number, negative as Node gives it. */
  errno: number;
}
/** Options of `wrapFuture`. */
export interface WrapOptions {
  /** The loop of the future; the running one without it. */
  loop?: EventLoop;
  /** Cancels the future when it is aborted. */
  signal?: AbortSignal;
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

export {};
