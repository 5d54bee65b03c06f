// The task that carries a scope which an async function awaits, or an async body. asyncio has no such task: so it ends
// for who waits as if it were a part of that, in the same step.
import { ExitError } from './errors.js';
import type { Waiter } from './future.js';
import { PromiseWaiter } from './promise-waiter.js';
import { running } from './running.js';
import { Stepping } from './stepping.js';
import { Task } from './task.js';

/** Who waits for a scope: a task's generator, or the `await` of an async function. */
type Heir = Stepping<unknown> | PromiseWaiter<unknown>;

/** A task that goes on as its waiter. @internal */
export class ScopeTask<T> extends Task<T> {
  /** No initial value: the first step is made, and may end the task, before one would be set. */
  private heir: Heir | undefined;

  override addWaiter(waiter: Waiter): void {
    const isHeir = waiter instanceof Stepping || waiter instanceof PromiseWaiter;
    if (isHeir && this.heir === undefined && !this.done()) this.heir = waiter;
    else super.addWaiter(waiter);
  }

  override removeWaiter(waiter: Waiter): void {
    if (waiter === this.heir) this.heir = undefined;
    else super.removeWaiter(waiter);
  }

  override getWaiters(): readonly Waiter[] {
    return this.heir === undefined ? super.getWaiters() : [this.heir, ...super.getWaiters()];
  }

  protected override finish(value: T): void {
    super.finish(value);
    this.handOver();
  }

  protected override fail(error: unknown): void {
    try {
      super.fail(error);
    } catch (exit) {
      // It is the waiter's to raise, and the waiter's cleanup comes first.
      if (!(exit instanceof ExitError) || this.heir === undefined) throw exit;
    }
    this.handOver();
  }

  private handOver(): void {
    const { heir } = this;
    if (heir === undefined) return;
    this.heir = undefined;
    if (running.loop !== this.getLoop()) {
      heir.schedule(this);
      return;
    }
    const { task, values } = running;
    try {
      heir.run();
    } finally {
      running.task = task;
      running.values = values;
    }
    // A cancel that the error has hidden comes again at the next wait: at the waiter's, then.
    if (this.cancelUndelivered) (heir instanceof PromiseWaiter ? heir.awaiter : heir)?.cancelAgain(this);
  }
}
