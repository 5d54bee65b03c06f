// A coroutine that runs on the loop. asyncio: `Task`.
import { active, Context } from './context.js';
import { bodyOf, type CoroutineLike, isCoroutine, isThenable } from './coroutine.js';
import { CancelledError, type ExitError, RuntimeError } from './errors.js';
import type { EventLoop } from './event-loop.js';
import type { Future } from './future.js';
import { canDrain, cannotDrain, microtasks } from './microtasks.js';
import { activeTask, asyncTask, running } from './running.js';
import { type Coroutine, Stepping } from './stepping.js';

/** Options of `loop.createTask`. */
export interface TaskOptions {
  /** The task's name; `Task-N` without one. */
  name?: string | undefined;
  /** The context that the task runs in; a copy of the current one without one. */
  context?: Context | undefined;
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
  #name: string;
  readonly #body: Coroutine<T> | (() => unknown);
  /** The given context; without one, `#values` goes from step to step. */
  readonly #context: Context | null;
  #values = active.values;
  #requests = 0;
  /** Futures of this loop that the async function awaits. */
  #awaited: Set<Future<unknown>> | null = null;

  /** @internal Use `loop.createTask()`. */
  constructor(loop: EventLoop, coroutine: CoroutineLike<T>, options: TaskOptions = {}) {
    super(loop);
    this.#body = bodyOf(coroutine);
    this.#name = options.name ?? `Task-${++lastNumber}`;
    this.#context = options.context ?? null;
    if (isCoroutine(this.#body)) this.coroutine = this.#body as Coroutine<T>;
    loop.tasks.add(this);
    this.schedule();
  }

  /** The task's name. */
  getName(): string {
    return this.#name;
  }

  /** Sets the task's name. */
  setName(name: string): void {
    this.#name = String(name);
  }

  /** The generator that the task runs, or the function that it was made from. */
  getCoro(): Coroutine<T> | (() => unknown) {
    return this.#body;
  }

  /** The context that the task runs in. */
  getContext(): Context {
    return this.#context ?? new Context(this.#values);
  }

  /** How many cancellations have been asked for, less those that `uncancel` took back. */
  cancelling(): number {
    return this.#requests;
  }

  /** Takes one request to cancel back; returns how many are left. At 0 one that was not delivered is gone. */
  uncancel(): number {
    if (this.#requests > 0) {
      this.#requests -= 1;
      if (this.#requests === 0) this.mustCancel = false;
    }
    return this.#requests;
  }

  /**
   * Asks the task to end: CancelledError is thrown where it waits, or at its next wait. The task may catch it.
   * False when the task is done.
   */
  override cancel(message?: string): boolean {
    if (this.done()) return false;
    this.#requests += 1;
    if (this.#awaited !== null && this.#cancelAwaited(message)) return true;
    this.requestCancel(message);
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

  /** @internal */
  run(): void {
    if (this.done()) return;
    // Only an error that ends the run gets past this; the turn's end sets the task back then.
    running.task = this as Task<unknown>;
    if (this.#context !== null) this.#context.run(() => this.#advance());
    else {
      active.values = this.#values;
      this.#advance();
      if (active.values !== this.#values) this.#values = active.values;
    }
    running.task = null;
  }

  /** @internal The async function awaits `future` now; a cancel that waited for that is delivered by it. */
  beginAwait(future: Future<unknown>): void {
    if (this.#awaited === null) return;
    if (this.mustCancel && future.cancel(this.cancelMessage)) this.mustCancel = false;
    this.#awaited.add(future);
  }

  /** @internal */
  endAwait(future: Future<unknown>): void {
    this.#awaited?.delete(future);
  }

  protected override stateText(): string {
    return `${super.stateText()} name='${this.#name}'`;
  }

  /** @internal */
  protected override finish(value: T): void {
    this.getLoop().tasks.delete(this);
    super.finish(value);
  }

  /** @internal */
  protected override fail(error: unknown): void {
    this.getLoop().tasks.delete(this);
    super.fail(error);
  }

  #advance(): void {
    if (this.coroutine !== null) this.step();
    else this.#call(this.#body as () => unknown);
  }

  /** The first step of a task whose body is a function. */
  #call(body: () => unknown): void {
    if (this.mustCancel) {
      this.mustCancel = false;
      this.fail(new CancelledError(this.cancelMessage));
      return;
    }
    this.#awaited = new Set();
    let result: unknown;
    try {
      result = asyncTask.run(this as Task<unknown>, body);
    } catch (error) {
      this.fail(error);
      return;
    }
    if (isCoroutine(result)) {
      this.#awaited = null;
      this.coroutine = result as Coroutine<T>;
      this.step();
    } else if (isThenable(result)) {
      if (this.getLoop().scheduler.blocking && !canDrain()) {
        this.fail(cannotDrain());
        return;
      }
      microtasks.due = true;
      result.then(
        (value) => this.finish(value as T),
        (error: unknown) => this.#failLater(error),
      );
    } else {
      this.finish(result as T);
    }
  }

  /** An error that ends an async function comes in a microtask: one that ends the loop has to be passed on. */
  #failLater(error: unknown): void {
    try {
      this.fail(error);
    } catch (exit) {
      this.getLoop().scheduler.exit(exit as ExitError);
    }
  }

  #cancelAwaited(message: string | undefined): boolean {
    let reached = false;
    for (const future of this.#awaited ?? []) {
      if (future.cancel(message)) reached = true;
    }
    return reached;
  }
}

/** The task whose step it is, also after an `await` of an async function; null outside of tasks. asyncio: `current_task`. */
export function currentTask(loop?: EventLoop): Task<unknown> | null {
  const task = activeTask();
  return loop === undefined || task?.getLoop() === loop ? task : null;
}
