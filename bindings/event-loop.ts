// The event loop as its users see it. asyncio: `SelectorEventLoop`. What the methods do is elsewhere: turns
// in scheduler.ts, the two ways to run in hosting.ts and blocking.ts, the network in network-event-loop.ts, pipes, signals,
// children and executors in system-event-loop.ts.
import { Asyncgens } from './asyncgens.js';
import { BlockingRun } from './blocking.js';
import { badTime, checkCallback, contextOf, methodFor } from './callback-arguments.js';
import { monotonic } from './clock.js';
import type { Context } from './context.js';
import { type CoroutineLike, isThenable } from './coroutine.js';
import { Descriptors } from './descriptors.js';
import { checkLoop } from './ensure-future.js';
import { ExitError, given, NotImplementedError, RuntimeError, typeError } from './errors.js';
import { type ExceptionContext, type ExceptionHandler, Exceptions, writeReport } from './exceptions.js';
import { flushAtExit, forgetAtExit } from './exit.js';
import { Future } from './future.js';
import { type Callback, describe, Handle, TimerHandle } from './handle.js';
import { HostedRun } from './hosting.js';
import type { Instrument, Instruments } from './instrument.js';
import { LoopExecutors } from './loop-executors.js';
import { type LoopMetrics, metricsOf } from './metrics.js';
import { Core } from './native/core.js';
import { Observers } from './observers.js';
import { Operation } from './operation.js';
import { checkOptions } from './options.js';
import { Resolver } from './resolver.js';
import { running } from './running.js';
import { Scheduler } from './scheduler.js';
import { SignalHandlers } from './signal-handlers.js';
import { sourceKey } from './source-traceback.js';
import { SystemEventLoop } from './system-event-loop.js';
import { Task, type TaskOptions } from './task.js';
import { madeBy, type TaskFactory } from './task-factory.js';
import { TaskList } from './task-list.js';
import { bellRung } from './thread-maker.js';
import { type Refuser, ThreadsafeCallbacks, type ThreadsafeHandle } from './threadsafe.js';
import { forgetUnclosed, watchUnclosed } from './unclosed.js';
import { Unretrieved } from './unretrieved.js';

const TASK_OPTIONS = ['name', 'context', 'eagerStart', 'signal'];

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
export class SelectorEventLoop extends SystemEventLoop {
  /** @internal The turns. */
  readonly scheduler: Scheduler;
  /** @internal Tasks that are not done. */
  readonly tasks = new TaskList();
  /** @internal Who watches the turns. */
  readonly observers = new Observers(this);
  /** @internal Those that want to know of tasks, while there are any. */
  instruments: Instruments | null = null;
  /** @internal Errors that nobody has retrieved. */
  readonly failures = new Unretrieved(this);
  /** @internal `getDebug()`, as a field: it is asked for at every callback. */
  debugging: boolean;
  /** @internal */
  readonly followsStores: boolean;
  /** Seconds from which on debug mode reports a callback as slow. asyncio: `slow_callback_duration`. */
  slowCallbackDuration = 0.1;
  /** @internal */
  readonly resolver: Resolver;
  /** @internal What is to be removed before the loop closes its sockets. */
  readonly atClose = new Set<{ remove(loop: EventLoop): void }>();
  /** @internal */
  readonly executors = new LoopExecutors(this);
  /** @internal Futures that other threads and processes settle, and that are not done. */
  awaitedOutside = 0;
  /** @internal Descriptors of users that are watched. */
  readonly descriptors: Descriptors;
  /** @internal Signals that are handled. */
  readonly signals: SignalHandlers;
  /** @internal Set by `stop()`; the run ends with the turn. */
  stopping = false;
  readonly #threadsafe: ThreadsafeCallbacks;
  readonly #exceptions: Exceptions;
  #running = false;
  #closed = false;
  readonly #asyncgens = new Asyncgens(this);
  #taskFactory: TaskFactory | null = null;
  /** Tasks that `runUntilComplete` made: its caller knows that they were not completed. */
  readonly #mains = new WeakSet<Task<unknown>>();

  constructor(options: EventLoopOptions = {}) {
    super();
    const core = new Core(this.virtualTime());
    this.scheduler = new Scheduler(this, core);
    this.resolver = new Resolver(this);
    this.descriptors = new Descriptors(this);
    this.signals = new SignalHandlers(this);
    this.#threadsafe = new ThreadsafeCallbacks(this);
    this.#exceptions = new Exceptions(this);
    this.debugging = false;
    this.followsStores = options.asyncLocalStorage ?? true;
    this.setDebug(options.debug ?? Boolean(process.env.MIOLOOP_DEBUG));
    this.scheduler.onPosted = (posted) => {
      if (posted.bell !== undefined) bellRung(posted);
      else if (posted.request === undefined) this.#threadsafe.receive(posted);
      else this.resolver.answer(posted);
    };
    core.wake = this.#flush;
    flushAtExit(core);
    watchUnclosed(this, core.native, this.scheduler.open);
  }

  /** @internal Whether time moves only when nothing is ready: for tests. */
  protected virtualTime(): boolean {
    return false;
  }

  // ---- running -------------------------------------------------------------------------------------

  /**
   * Runs until `stop()`, hosted. The promise rejects with the ExitError that ended the run.
   * @throws RuntimeError when this loop runs already, another one's turn is on, or it is closed (as a rejection).
   */
  async runForever(): Promise<void> {
    this.#checkRunnable();
    const run = new HostedRun(this);
    try {
      this.#beginRun();
      run.start();
    } catch (error) {
      this.runEnded();
      throw error;
    }
    await run.ended;
  }

  /** Runs until `stop()`, blocking. Throws the ExitError that ended the run; RuntimeError as `runForever`. */
  runForeverSync(): void {
    this.#checkRunnable();
    try {
      this.#beginRun();
      new BlockingRun(this).run(null);
    } finally {
      this.runEnded();
    }
  }

  /**
   * Runs until `awaitable` is done, hosted; gives its result.
   * @throws what it throws; RuntimeError when the loop is stopped before; TypeError for what can't be awaited.
   */
  async runUntilComplete<T>(awaitable: Awaitable<T>): Promise<T> {
    this.#checkRunnable();
    const future = this.#ensureFuture(awaitable);
    future.addDoneCallback(stopLoop);
    try {
      await this.runForever();
    } finally {
      future.removeDoneCallback(stopLoop);
    }
    return completed(future);
  }

  /** Runs until `awaitable` is done, blocking; gives its result. As `runUntilComplete`. */
  runUntilCompleteSync<T>(awaitable: Awaitable<T>): T {
    this.#checkRunnable();
    const run = new BlockingRun(this);
    run.checkBody(awaitable);
    const future = this.#ensureFuture(awaitable);
    future.addDoneCallback(stopLoop);
    try {
      this.#beginRun();
      run.run(future);
    } finally {
      this.runEnded();
      future.removeDoneCallback(stopLoop);
    }
    return completed(future);
  }

  /** Ends the run when the present turn is finished. Before a run: it makes one turn that does not wait. */
  stop(): void {
    this.stopping = true;
    const wake = this.scheduler.core.wake;
    if (this.#running && wake !== null) wake();
  }

  /** Whether the loop runs. */
  isRunning(): boolean {
    return this.#running;
  }

  /** Whether the loop is closed. */
  isClosed(): boolean {
    return this.#closed;
  }

  /**
   * Closes the loop and everything it has open; what waits to run is dropped. Again: nothing.
   * @throws RuntimeError while the loop runs.
   */
  close(): void {
    if (this.#running) throw new RuntimeError('Cannot close a running event loop', 'ERR_LOOP_RUNNING');
    if (this.#closed) return;
    this.#closed = true;
    const { core, ready, timers } = this.scheduler;
    try {
      for (const file of this.atClose) file.remove(this);
      this.#reportLeft();
    } finally {
      timers.clear();
      ready.clear();
      this.#threadsafe.close(core.native.takePosted());
      this.signals.close();
      core.close();
      this.resolver.close();
      this.executors.close();
      this.descriptors.close();
      forgetAtExit(core);
      forgetUnclosed(this);
    }
  }

  [Symbol.dispose](): void {
    this.close();
  }

  // ---- callbacks and clock -------------------------------------------------------------------------

  /**
   * Calls `callback(...args)` in the next turn; callbacks run in the order they were given. A leading
   * `{ context }` says which context it runs in.
   * @throws TypeError unless `callback` is a function; RuntimeError when the loop is closed.
   */
  callSoon<A extends unknown[]>(callback: Callback<A>, ...args: A): Handle;
  callSoon<A extends unknown[]>(options: InContext, callback: Callback<A>, ...args: A): Handle;
  callSoon(first: Callback | InContext, ...rest: unknown[]): Handle {
    return this.#callSoon(first, rest, 'callSoon');
  }

  /** `callSoon` that also wakes the loop; for this thread. For other threads there is `threadsafe`. */
  callSoonThreadsafe<A extends unknown[]>(callback: Callback<A>, ...args: A): Handle;
  callSoonThreadsafe<A extends unknown[]>(options: InContext, callback: Callback<A>, ...args: A): Handle;
  callSoonThreadsafe(first: Callback | InContext, ...rest: unknown[]): Handle {
    return this.#callSoon(first, rest, 'callSoonThreadsafe');
  }

  /** A handle for `callback` that other threads can call; see ThreadsafeHandle. */
  threadsafe<A extends unknown[]>(callback: Callback<A>): ThreadsafeHandle<A>;
  /** @internal `refuser` answers the calls that `callback` does not get. */
  threadsafe<A extends unknown[]>(callback: Callback<A>, refuser: Refuser<A>): ThreadsafeHandle<A>;
  threadsafe<A extends unknown[]>(
    callback: Callback<A>,
    refuser: Refuser<A> | null = null,
  ): ThreadsafeHandle<A> {
    this.checkOpen();
    checkCallback(callback, 'threadsafe', this.debugging);
    return this.#threadsafe.add(callback, refuser);
  }

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
  callLater(first: number | InContext, second: unknown, ...rest: unknown[]): TimerHandle {
    return this.#schedule(first, second, rest, 'delay', this.time());
  }

  /** Calls `callback(...args)` at `when`, in seconds on the clock of `time()`. Errors as `callLater`. */
  callAt<A extends unknown[]>(when: number, callback: Callback<A>, ...args: A): TimerHandle;
  callAt<A extends unknown[]>(
    options: InContext,
    when: number,
    callback: Callback<A>,
    ...args: A
  ): TimerHandle;
  callAt(first: number | InContext, second: unknown, ...rest: unknown[]): TimerHandle {
    return this.#schedule(first, second, rest, 'when', 0);
  }

  /** Seconds on the loop's monotonic clock. */
  time(): number {
    return monotonic();
  }

  // ---- futures and tasks ---------------------------------------------------------------------------

  /** A future of this loop. */
  createFuture<T>(): Future<T> {
    return new Future<T>(this);
  }

  /**
   * A task that runs `coroutine`, from the next turn on.
   * @throws TypeError unless it is a generator, a generator function or an async function; NotImplementedError for an
   * option that there is not; RuntimeError when the loop is closed.
   */
  createTask<T>(coroutine: CoroutineLike<T>, options?: TaskOptions): Task<T> {
    this.checkOpen();
    if (options !== undefined) checkOptions(options, TASK_OPTIONS, 'createTask');
    if (this.#taskFactory === null) return new Task(this, coroutine, options);
    return madeBy(this.#taskFactory, this, coroutine, options);
  }

  /**
   * Who makes the tasks of `createTask`; null: they are made as ever. asyncio: `set_task_factory`.
   * @throws TypeError for what is neither a function nor null.
   */
  setTaskFactory(factory: TaskFactory | null): void {
    if (factory !== null && typeof factory !== 'function') {
      throw typeError(`task factory must be a callable or None, got ${given(factory)}`);
    }
    this.#taskFactory = factory;
  }

  /** The task factory that was set, or null. asyncio: `get_task_factory`. */
  getTaskFactory(): TaskFactory | null {
    return this.#taskFactory;
  }

  /**
   * Has `generator` closed by `shutdownAsyncgens`, and so by `run`; returns it. Python tells the loop of async
   * generators by itself, JavaScript has no hook for that. It is not kept alive.
   * @throws TypeError for what is no async generator.
   */
  trackAsyncgen<G extends AsyncGenerator>(generator: G): G {
    this.#asyncgens.track(generator);
    return generator;
  }

  /** Closes the async generators that are tracked, all at once; what they throw is reported. asyncio: `shutdown_asyncgens`. */
  shutdownAsyncgens(): Operation<void> {
    return new Operation(this, this.#asyncgens.shutdown());
  }

  // ---- errors and debugging ------------------------------------------------------------------------

  /** Who gets errors that no caller can get; null: the default, which writes them to stderr. */
  setExceptionHandler(handler: ExceptionHandler | null): void {
    this.#exceptions.handler = handler;
  }

  /** The handler that was set, or null. */
  getExceptionHandler(): ExceptionHandler | null {
    return this.#exceptions.handler;
  }

  /** Writes `context` to stderr. Call it from a handler of your own for what that does not handle. */
  defaultExceptionHandler(context: ExceptionContext): void {
    writeReport(this, context);
  }

  /** Reports an error to the exception handler. */
  callExceptionHandler(context: ExceptionContext): void {
    this.#exceptions.call(context);
  }

  /** Whether debug mode is on. It is from the start where the environment has MIOLOOP_DEBUG. */
  getDebug(): boolean {
    return this.debugging;
  }

  /** Switches debug mode: it says who made what, and what takes long. */
  setDebug(enabled: boolean): void {
    this.debugging = Boolean(enabled);
    this.observers.setDebug(this.debugging);
  }

  /**
   * What the loop is doing, in numbers. To read them takes some microseconds, and more with many connections; to keep
   * them takes nothing that could be measured.
   *
   * @example
   * const { busySeconds, lag, tasks } = loop.metrics();
   * console.log(`${tasks} tasks, busy for ${busySeconds} s, timers up to ${lag.percentile(100)} s late`);
   */
  metrics(): LoopMetrics {
    return metricsOf(this);
  }

  /**
   * Tells `instrument` what the loop does from now on. One that is there already stays.
   *
   * @throws TypeError for what is no object.
   * @example
   * loop.addInstrument({ taskExited: (task) => console.log(`${task.getName()} has ended`) });
   */
  addInstrument(instrument: Instrument): void {
    this.observers.add(instrument);
  }

  /** Ends `addInstrument`. @throws RangeError for an instrument that is not there. */
  removeInstrument(instrument: Instrument): void {
    this.observers.remove(instrument);
  }

  // ---- for the loop's own parts --------------------------------------------------------------------

  /** @internal */
  checkOpen(): void {
    if (this.#closed) throw closedError();
  }

  /** @internal The run has ended, whichever way. */
  runEnded(): void {
    this.#running = false;
    this.stopping = false;
    this.scheduler.meter.end();
    this.instruments?.afterRun();
    this.failures.reportSoon();
    this.scheduler.core.wake = this.#flush;
    // What the last turn submitted does not wait for another run.
    this.#flush();
  }

  /** @internal Whether something outside this thread may still wake the loop. */
  canBeWoken(): boolean {
    const { native } = this.scheduler.core;
    if (!native.isIdle() || this.signals.size > 0 || this.awaitedOutside > 0) return true;
    return this.#threadsafe.size > 0 || this.resolver.pending > 0;
  }

  /** @internal A callback has thrown. */
  reportCallback(exception: unknown, handle: Handle | null): void {
    if (handle === null) {
      this.callExceptionHandler({ message: 'Exception in callback', exception });
      return;
    }
    const { callback, args } = handle;
    const what = callback === null ? '' : ` ${describe(callback, this.debugging ? args : null)}`;
    this.callExceptionHandler({
      message: `Exception in callback${what}`,
      exception,
      handle,
      ...sourceKey(handle),
    });
  }

  /** @internal What a callback returned: the promise of an async function is watched. */
  watchResult(result: unknown, handle: Handle): void {
    this.watchPromise(result, (error) => this.reportCallback(error, handle));
  }

  /** @internal Calls `onError` when `result` is a promise that rejects. */
  watchPromise(result: unknown, onError: (error: unknown) => void): void {
    if (!isThenable(result) || result instanceof Future) return;
    result.then(undefined, (error: unknown) => {
      try {
        if (error instanceof ExitError) throw error;
        onError(error);
      } catch (exit) {
        this.scheduler.exit(exit as ExitError);
      }
    });
  }

  /** What is left undone when the loop closes, nobody will ever hear of again. */
  #reportLeft(): void {
    for (const task of this.tasks) {
      if (this.#mains.has(task)) continue;
      const message = 'Task was destroyed but it is pending!';
      this.callExceptionHandler({ message, task, ...sourceKey(task) });
    }
    this.failures.reportAll();
  }

  // The loop does not run: nobody will poll soon, so what is submitted takes effect at once.
  readonly #flush = (): void => {
    this.scheduler.core.flush();
  };

  #beginRun(): void {
    this.#running = true;
    this.scheduler.meter.begin();
    this.instruments?.beforeRun();
  }

  #checkRunnable(): void {
    this.checkOpen();
    if (this.#running) throw new RuntimeError('This event loop is already running', 'ERR_LOOP_RUNNING');
    if (running.loop !== null) {
      throw new RuntimeError(
        'Cannot run the event loop while another loop is running',
        'ERR_OTHER_LOOP_RUNNING',
      );
    }
  }

  #ensureFuture<T>(awaitable: Awaitable<T>): Future<T> {
    if (!(awaitable instanceof Future)) {
      const task = this.createTask(awaitable);
      this.#mains.add(task);
      return task;
    }
    checkLoop(awaitable, this);
    return awaitable;
  }

  #callSoon(first: Callback | InContext, rest: unknown[], method: string): Handle {
    if (this.#closed) throw closedError();
    let callback: unknown = first;
    let context: Context | null = null;
    if (typeof first !== 'function') {
      context = contextOf(first, method);
      callback = rest.shift();
    }
    if (typeof callback !== 'function' || this.debugging) checkCallback(callback, method, this.debugging);
    if (this.debugging && method !== 'callSoonThreadsafe') this.#checkLoop();
    const handle = new Handle(this, callback as Callback, rest, context);
    this.scheduler.enqueue(handle);
    return handle;
  }

  /** Another loop's callback has no business here: nothing orders the two. */
  #checkLoop(): void {
    if (!this.#running || running.loop === null || running.loop === this) return;
    throw new RuntimeError(
      'Non-thread-safe operation invoked on an event loop other than the current one; use callSoonThreadsafe()',
      'ERR_OTHER_LOOP_RUNNING',
    );
  }

  #schedule(
    first: number | InContext,
    second: unknown,
    rest: unknown[],
    name: 'delay' | 'when',
    base: number,
  ): TimerHandle {
    if (this.#closed) throw closedError();
    let context: Context | null = null;
    let seconds: unknown = first;
    let callback = second;
    if (typeof first === 'object' && first !== null) {
      if (!('context' in first)) throw badTime(name, first);
      context = contextOf(first, methodFor(name));
      seconds = second;
      callback = rest.shift();
    }
    if (typeof seconds !== 'number' || Number.isNaN(seconds)) throw badTime(name, seconds);
    if (typeof callback !== 'function' || this.debugging)
      checkCallback(callback, methodFor(name), this.debugging);
    if (this.debugging) this.#checkLoop();
    const { timers } = this.scheduler;
    const handle = new TimerHandle(this, base + seconds, callback as Callback, rest, context);
    timers.add(handle);
    return handle;
  }
}

/** The best loop of the platform. asyncio: `EventLoop`. */
export const EventLoop = SelectorEventLoop;
/** The best loop of the platform. asyncio: `EventLoop`. */
export type EventLoop = SelectorEventLoop;

/** The loop that others could be made of. asyncio: `BaseEventLoop`. Here the selector's loop has everything. */
export const BaseEventLoop = SelectorEventLoop;
/** The loop that others could be made of. asyncio: `BaseEventLoop`. */
export type BaseEventLoop = SelectorEventLoop;

/**
 * The loop on completion ports. asyncio: `ProactorEventLoop`, which there is on Windows only.
 * @throws NotImplementedError
 */
export class ProactorEventLoop extends SelectorEventLoop {
  constructor(_options?: EventLoopOptions) {
    // Before any of the loop is made.
    super(unsupported());
  }
}

function unsupported(): never {
  throw new NotImplementedError(
    'ProactorEventLoop is for Windows, which is not supported yet: use EventLoop',
  );
}

function stopLoop(future: Future<unknown>): void {
  // An error that ended the run has stopped the loop already.
  if (!future.cancelled() && future.exception() instanceof ExitError) return;
  future.getLoop().stop();
}

function completed<T>(future: Future<T>): T {
  if (!future.done()) {
    throw new RuntimeError('Event loop stopped before Future completed.', 'ERR_LOOP_STOPPED');
  }
  return future.result();
}

function closedError(): RuntimeError {
  return new RuntimeError('Event loop is closed', 'ERR_LOOP_CLOSED');
}
