// A future that another thread or process settles: a blocking run may wait for it.
import type { EventLoop } from './event-loop.js';
import { Future } from './future.js';
import { running } from './running.js';

/** @internal */
export class OutsideFuture<T> extends Future<T> {
  constructor(loop: EventLoop) {
    super(loop);
    loop.awaitedOutside += 1;
  }

  /** Has `settle` called in a turn of the future's loop, unless it is done then, or the loop closed. */
  deliver(settle: () => void): void {
    const loop = this.getLoop();
    if (loop.isClosed()) return;
    const inTurn = (): void => {
      if (!this.done()) settle();
    };
    if (running.loop === loop) inTurn();
    else loop.scheduler.enqueue({ run: inTurn });
  }

  /** @internal */
  protected override settleResult(value: T): void {
    super.settleResult(value);
    this.getLoop().awaitedOutside -= 1;
  }

  /** @internal */
  protected override settleException(error: unknown): void {
    super.settleException(error);
    this.getLoop().awaitedOutside -= 1;
  }

  /** @internal */
  protected override settleCancelled(message: unknown): void {
    super.settleCancelled(message);
    this.getLoop().awaitedOutside -= 1;
  }
}
