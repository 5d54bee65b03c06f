// Tasks that belong together: they end together, and their errors come out together. asyncio: `TaskGroup`.
import { type CoroutineLike, checkBody, closeCoroutine } from './coroutine.js';
import { currentTask } from './current-task.js';
import { DoneWaiter } from './done-waiter.js';
import { CancelledError, ExitError, RuntimeError } from './errors.js';
import type { EventLoop } from './event-loop.js';
import type { Future } from './future.js';
import { getRunningLoop } from './running.js';
import { perform, Scope, type ScopeBody } from './scope.js';
import type { Coroutine } from './stepping.js';
import type { Task, TaskOptions } from './task.js';

/**
 * A group of tasks. asyncio: `TaskGroup`. `run` ends when its body and all tasks of the group have ended; the
 * first error cancels the others and the body. Most programs use `taskGroup()`.
 *
 * @example
 * const group = new TaskGroup();
 * yield* group.run(function* () { group.createTask(listen()); group.createTask(announce()); });
 */
export class TaskGroup {
  private entered = false;
  private exiting = false;
  private aborting = false;
  private loop: EventLoop | null = null;
  private parent: Task<unknown> | null = null;
  /** Whether the parent's cancel was this group's doing, to be taken back at the end. */
  private parentCancelled = false;
  private readonly tasks = new Set<Task<unknown>>();
  private readonly errors: unknown[] = [];
  /** The first error that ends the run: it comes out bare. */
  private exitError: unknown = null;
  private waiter: DoneWaiter | null = null;
  /** Done when no task is left. */
  private completed: Future<void> | null = null;

  /**
   * A new task in this group. asyncio: `create_task`.
   * @throws RuntimeError before the group is entered, once it is finished, and while it shuts down.
   */
  createTask<T>(coroutine: CoroutineLike<T>, options?: TaskOptions): Task<T> {
    const problem = this.refusal();
    if (problem !== null) {
      closeCoroutine(coroutine);
      throw new RuntimeError(`TaskGroup ${this.toString()} ${problem}`, 'ERR_TASK_GROUP_STATE');
    }
    const task = this.loop!.createTask(coroutine, options);
    if (task.done()) {
      this.ended(task);
    } else {
      this.tasks.add(task);
      task.addWaiter(this.waiter!);
    }
    return task;
  }

  /**
   * Runs `body` with this group, once: `yield* group.run(…)` or `await group.run(…)`. Gives what `body` gives.
   * @throws AggregateError of the errors of body and tasks; an ExitError of theirs as it is; CancelledError. At once:
   * TypeError for a body that is no function.
   */
  run<T>(body: ScopeBody<TaskGroup, T>): Scope<T> {
    checkBody(body, 'taskGroup');
    return new Scope('taskGroup', () => this.around(body));
  }

  /** The group as asyncio prints it. */
  toString(): string {
    const parts = ['<TaskGroup'];
    if (this.tasks.size > 0) parts.push(`tasks=${this.tasks.size}`);
    if (this.errors.length > 0) parts.push(`errors=${this.errors.length}`);
    if (this.aborting) parts.push('cancelling');
    else if (this.entered) parts.push('entered');
    return `${parts.join(' ')}>`;
  }

  /** @internal */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }

  private *around<T>(body: ScopeBody<TaskGroup, T>): Coroutine<T> {
    this.enter();
    let outcome: { result: T } | { error: unknown };
    try {
      outcome = { result: yield* perform(body, this as TaskGroup) };
    } catch (error) {
      outcome = { error };
    }
    yield* this.exit(outcome);
    return (outcome as { result: T }).result;
  }

  private enter(): void {
    if (this.entered) {
      throw new RuntimeError(`TaskGroup ${this.toString()} has already been entered`, 'ERR_TASK_GROUP_STATE');
    }
    this.loop = getRunningLoop();
    this.parent = currentTask(this.loop);
    if (this.parent === null) {
      throw new RuntimeError(`TaskGroup ${this.toString()} cannot determine the parent task`, 'ERR_NO_TASK');
    }
    this.waiter = new DoneWaiter((task) => this.ended(task as Task<unknown>), this.parent);
    this.entered = true;
  }

  private refusal(): string | null {
    if (!this.entered) return 'has not been entered';
    if (this.exiting && this.tasks.size === 0) return 'is finished';
    return this.aborting ? 'is shutting down' : null;
  }

  /** The body has ended: waits for the tasks, and throws what the whole comes to. */
  private *exit(outcome: { result: unknown } | { error: unknown }): Coroutine<void> {
    this.exiting = true;
    let cancellation: unknown = null;
    if ('error' in outcome) {
      const { error } = outcome;
      if (error instanceof ExitError) this.exitError ??= error;
      if (error instanceof CancelledError) cancellation = error;
      if (!this.aborting) this.abort();
    }
    cancellation = (yield* this.waitForTasks()) ?? cancellation;
    if (this.exitError !== null) throw this.exitError;
    const parent = this.parent!;
    // With no other request left, the cancel was this group's own doing.
    if (this.parentCancelled && parent.uncancel() === 0) cancellation = null;
    if (cancellation !== null && this.errors.length === 0) throw cancellation;
    if ('error' in outcome && !(outcome.error instanceof CancelledError)) this.errors.push(outcome.error);
    if (this.errors.length === 0) return;
    // A cancel from outside that the errors hide comes again at the parent's next wait.
    if (parent.cancelling() > 0) {
      parent.uncancel();
      parent.cancel();
    }
    throw failedGroup(this.errors.splice(0));
  }

  /** Gives the first cancel that came meanwhile from outside. */
  private *waitForTasks(): Coroutine<unknown> {
    let cancellation: unknown = null;
    while (this.tasks.size > 0) {
      this.completed ??= this.loop!.createFuture<void>();
      try {
        yield* this.completed;
      } catch (error) {
        if (!(error instanceof CancelledError)) throw error;
        if (!this.aborting) {
          cancellation = error;
          this.abort();
        }
      }
      this.completed = null;
    }
    return cancellation;
  }

  private abort(): void {
    this.aborting = true;
    for (const task of this.tasks) if (!task.done()) task.cancel();
  }

  private ended(task: Task<unknown>): void {
    this.tasks.delete(task);
    if (this.tasks.size === 0 && this.completed !== null && !this.completed.done())
      this.completed.setResult();
    if (!task.hasFailed()) return;
    const exception = task.exception();
    this.errors.push(exception);
    if (exception instanceof ExitError) this.exitError ??= exception;
    const parent = this.parent!;
    if (parent.done()) {
      const message = `Task ${task.toString()} has errored out but its parent task ${parent.toString()} is already completed`;
      this.loop!.callExceptionHandler({ message, exception, task });
    } else if (!this.aborting && !this.parentCancelled) {
      // Ends whatever the body waits for; taken back when the group is left.
      this.abort();
      this.parentCancelled = true;
      parent.cancel();
    }
  }
}

function failedGroup(errors: unknown[]): AggregateError {
  return Object.assign(new AggregateError(errors, 'unhandled errors in a TaskGroup'), {
    code: 'ERR_TASK_GROUP',
  });
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
export function taskGroup<T>(body: ScopeBody<TaskGroup, T>): Scope<T> {
  return new TaskGroup().run(body);
}
