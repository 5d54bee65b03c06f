// A coroutine that runs on the loop. asyncio: `Task`.
import type { AsyncResource } from 'node:async_hooks';
import { cancelOn } from './abort.js';
import { captureTaskStores } from './async-stores.js';
import { AwaitedFutures } from './awaited-futures.js';
import { Context, checkContext, currentValues, type Holder, type Values } from './context.js';
import { type CoroutineLike, continuationOf, coroutineOf, isThenable, nameOf } from './coroutine.js';
import { cancelledBy, type ExitError, RuntimeError } from './errors.js';
import type { EventLoop } from './event-loop.js';
import type { Future } from './future.js';
import { cannotDrain, microtasks } from './microtasks.js';
import { asyncOwner, running } from './running.js';
import { errorFrames, formatFrames, type StackFrame } from './source-traceback.js';
import { type Coroutine, Stepping } from './stepping.js';
import { taskFrames } from './task-frames.js';
import { reportUndelivered } from './undelivered.js';

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

let lastNumber = 0;

/**
 * A coroutine that runs on the loop, and the future of its result. asyncio: `Task`. Made by
 * `loop.createTask()`. A generator is stepped turn by turn; an async function runs from one `await` to the next.
 *
 * @example
 * const task = loop.createTask(function* () { yield* sleep(10); return 'slept'; });
 * loop.callLater(1, () => task.cancel());
 */
export class Task<T> extends Stepping<T> {
  /** @internal The context variables, between two steps, unless the task runs in a context that was given. */
  values: Values;
  /** @internal Its neighbours in the loop's list of tasks that are not done. */
  previous: Task<unknown> | null = null;
  /** @internal */
  next: Task<unknown> | null = null;
  /** The name, or the number of `Task-N`. */
  private name: string | number;
  /** What the task was made from. */
  private readonly body: CoroutineLike<T>;
  private readonly context: Context | null;
  /** The stores of AsyncLocalStorage where the task was made. */
  private readonly stores: AsyncResource | null;
  private requests = 0;
  /** What the async function awaits; null for a generator. */
  private awaited: AwaitedFutures | null = null;

  /** For task factories; elsewhere use `loop.createTask()`. */
  constructor(loop: EventLoop, coroutine: CoroutineLike<T>, options: TaskOptions = NO_OPTIONS) {
    super(loop);
    this.body = coroutine;
    this.coroutine = coroutineOf(coroutine);
    this.name = options.name === undefined ? ++lastNumber : String(options.name);
    this.context = contextOf(options);
    this.stores = loop.followsStores ? captureTaskStores() : null;
    this.values = currentValues();
    // Before the loop holds the task: what is no signal must not leave a task behind that never runs.
    if (options.signal !== undefined) cancelOn(this, options.signal);
    loop.tasks.add(this);
    loop.instruments?.taskSpawned(this);
    if (options.eagerStart && loop.isRunning()) this.startEagerly();
    else this.schedule();
  }

  /** The task's name. */
  getName(): string {
    return typeof this.name === 'number' ? `Task-${this.name}` : this.name;
  }

  /** Sets the task's name. */
  setName(name: string): void {
    this.name = String(name);
  }

  /** The generator that the task runs; of an async function, and when it is done, what the task was made from. */
  getCoro(): CoroutineLike<T> {
    return this.coroutine ?? this.body;
  }

  /** The context that the task runs in. */
  getContext(): Context {
    return this.context ?? new Context(this.values);
  }

  /** @internal Of its async function. */
  get ownerTask(): Task<unknown> {
    return this as Task<unknown>;
  }

  /** @internal Where its context variables are. */
  get holder(): Holder {
    return this.context ?? this;
  }

  /** How many cancellations have been asked for, less those that `uncancel` took back. */
  cancelling(): number {
    return this.requests;
  }

  /** Takes one request to cancel back; returns how many are left. At 0 one that was not delivered is gone. */
  uncancel(): number {
    if (this.requests > 0) {
      this.requests -= 1;
      if (this.requests === 0) this.mustCancel = false;
    }
    return this.requests;
  }

  /**
   * Asks the task to end: CancelledError is thrown where it waits, or at its next wait. The task may catch it.
   * False when the task is done.
   *
   * @param message as for a future's `cancel`.
   */
  override cancel(message?: unknown): boolean {
    if (this.done()) return false;
    this.requests += 1;
    if (this.awaited?.cancel(message)) return true;
    this.requestCancel(message);
    if (this.mustCancel && this.awaited !== null && this.getLoop().debugging) reportUndelivered(this);
    return true;
  }

  /** Not for a task: its result is its coroutine's. */
  override setResult(_value: T): never {
    throw new RuntimeError('Task does not support set_result operation', 'ERR_TASK_RESULT');
  }

  /** Not for a task: its error is its coroutine's. */
  override setException(_error: unknown): never {
    throw new RuntimeError('Task does not support set_exception operation', 'ERR_TASK_RESULT');
  }

  /**
   * The calls of the task, outermost first: of the one that runs, the stack; of one that failed, its error's. Of a
   * generator that waits, the line, where Node's inspector is there to tell it; in debug mode all calls to where it
   * waits. Of an async function that waits nothing is known. asyncio: `get_stack`.
   *
   * @param limit at most so many: the innermost, of an error the outermost.
   */
  getStack(limit = Number.POSITIVE_INFINITY): StackFrame[] {
    if (this.cancelled()) return [];
    if (!this.done())
      return limit > 0
        ? taskFrames([this as Task<unknown>])
            .get(this)!
            .slice(-limit)
        : [];
    return errorFrames(this.peekError()).slice(0, limit);
  }

  /** Writes `getStack()` to `stream`, stderr without one. asyncio: `print_stack`. */
  printStack(
    limit = Number.POSITIVE_INFINITY,
    stream: { write(text: string): unknown } = process.stderr,
  ): void {
    const frames = this.getStack(limit);
    if (frames.length === 0) stream.write(`No stack for ${this.toString()}\n`);
    else stream.write(`Stack for ${this.toString()} (most recent call last):\n${formatFrames(frames)}\n`);
  }

  /** @internal */
  run(): void {
    if (this.done()) return;
    // Only an error that ends the run gets past this; the turn's end sets the task back then.
    running.task = this as Task<unknown>;
    if (this.stores === null) this.advance();
    else this.stores.runInAsyncScope(this.advance, this);
    running.task = null;
  }

  /** @internal Whether its body is an async function. */
  get canAwait(): boolean {
    return this.awaited !== null;
  }

  /** @internal The async function awaits `future` now; a cancel that waited for that is delivered by it. */
  beginAwait(future: Future<unknown>): void {
    if (this.awaited === null) return;
    if (this.mustCancel && future.cancel(this.cancelMessage)) this.mustCancel = false;
    this.awaited.add(future);
  }

  /**
   * @internal The await of `future` ends. A cancel that came after the future was done, and has not been
   * delivered, takes the place of the result.
   */
  endAwait(future: Future<unknown>): Error | null {
    if (this.awaited === null) return null;
    this.awaited.delete(future);
    if (!this.mustCancel) return null;
    this.mustCancel = false;
    return future.cancelled() ? null : cancelledBy(this.cancelMessage);
  }

  /** @internal Whether a cancel waits for a promise to end that is none of the loop's. */
  get cancelUndelivered(): boolean {
    return this.mustCancel;
  }

  /** @internal What it waits for. */
  override getWaitingFor(): Future<unknown> | null {
    return this.waitingFor ?? this.awaited?.first() ?? null;
  }

  /** @internal */
  override waiterText(): string {
    return `wakeup of ${this.getName()}`;
  }

  /** @internal */
  protected override stateText(): string {
    return this.requests > 0 && !this.done() ? 'cancelling' : super.stateText();
  }

  /** @internal */
  protected override details(): string[] {
    const parts = super.details();
    parts.splice(1, 0, `name='${this.getName()}'`, `coro=<${nameOf(this.body)}>`);
    return parts;
  }

  /** @internal */
  protected override reportedAs(): string {
    return 'Task';
  }

  /** @internal */
  protected override reportedIn(): Context {
    const inStep = this.context === null && running.task === this && running.values !== null;
    return inStep ? new Context(running.values!) : this.getContext();
  }

  /** @internal */
  protected override labels(): string {
    return `finished name='${this.getName()}' coro=<${nameOf(this.body)}>`;
  }

  /** @internal */
  protected override finish(value: T): void {
    this.awaited = null;
    const loop = this.getLoop();
    loop.tasks.delete(this);
    super.finish(value);
    loop.instruments?.taskExited(this);
  }

  /** @internal */
  protected override fail(error: unknown): void {
    this.awaited = null;
    const loop = this.getLoop();
    loop.tasks.delete(this);
    try {
      super.fail(error);
    } finally {
      loop.instruments?.taskExited(this);
    }
  }

  /** The first step, inside of whatever runs now. */
  private startEagerly(): void {
    const outer = { ...running };
    const loop = this.getLoop();
    const { instruments } = loop;
    running.loop = loop;
    instruments?.before(this);
    try {
      this.run();
    } catch (error) {
      // Its context could not be entered: the task will never go on.
      if (!this.done()) loop.tasks.delete(this);
      throw error;
    } finally {
      instruments?.after();
      Object.assign(running, outer);
    }
  }

  private advance(): void {
    if (this.context !== null) {
      this.context.run(() => this.advanceHere());
      return;
    }
    running.values = this.values;
    this.advanceHere();
    this.values = running.values!;
  }

  private advanceHere(): void {
    if (this.coroutine !== null) this.step();
    else this.call(this.body as () => unknown);
  }

  /** The first step of a task whose body is a function. */
  private call(body: () => unknown): void {
    if (this.mustCancel) {
      this.mustCancel = false;
      this.fail(cancelledBy(this.cancelMessage));
      return;
    }
    this.awaited = new AwaitedFutures();
    let result: unknown;
    try {
      result = asyncOwner.run(this as Task<unknown>, body);
    } catch (error) {
      this.fail(error);
      return;
    }
    const continuation = continuationOf(result);
    if (continuation !== null) {
      this.awaited = null;
      this.coroutine = continuation as Coroutine<T>;
      this.step();
    } else if (isThenable(result)) {
      if (!this.getLoop().scheduler.settles) {
        this.fail(cannotDrain());
        return;
      }
      microtasks.due = true;
      // `resolve` makes a promise of any thenable, and leaves a promise as it is.
      Promise.resolve(result).then(
        (value) => this.endLater(() => this.finish(value as T)),
        (error: unknown) => this.endLater(() => this.fail(error)),
      );
    } else {
      this.finish(result as T);
    }
  }

  /**
   * The end of an async function comes in a microtask: an error that ends the loop has to be passed on. A loop that was
   * closed meanwhile has reported the task already.
   */
  private endLater(end: () => void): void {
    const loop = this.getLoop();
    if (loop.isClosed()) return;
    try {
      end();
    } catch (exit) {
      loop.scheduler.exit(exit as ExitError);
    }
  }
}

const NO_OPTIONS: TaskOptions = {};

function contextOf({ context }: TaskOptions): Context | null {
  return context === undefined || context === null ? null : checkContext(context, 'createTask');
}
