// Those who wait at one direction of a descriptor, in the order of their asking. Who is first is woken when the
// descriptor is ready, and makes its system call in its own step: who is cancelled until then has taken nothing.
import type { EventLoop } from './event-loop.js';
import type { Future } from './future.js';
import { Line, type Rules, STILL } from './line.js';
import { Waiting } from './waiting.js';

/** A system call that does not block: its result, or STILL when it would. What it throws is its outcome. @internal */
export type Attempt<T = unknown> = () => T | typeof STILL;

/** One direction of a descriptor. @internal */
export class SocketLine implements Rules<unknown, Attempt> {
  private readonly line = new Line<unknown, Attempt>(this);
  /** One at a time is awake: it passes that on, so the order holds. */
  private hasWoken = false;

  /** Whether nobody waits who may still go on. */
  get isIdle(): boolean {
    return this.line.isIdle();
  }

  /** How many wait, with those that are cancelled and have not made their step yet. */
  get size(): number {
    return this.line.size;
  }

  /** Waits until `attempt` does not block. */
  wait<T>(loop: EventLoop, attempt: Attempt<T>): Future<T> {
    return new Waiting(loop, this.line, attempt) as Waiting<unknown, Attempt> as Future<T>;
  }

  /** The descriptor is ready. */
  wake(): void {
    if (!this.hasWoken) this.hasWoken = this.line.wake(1) > 0;
  }

  /** Everybody has to look: the descriptor is gone. */
  wakeAll(): void {
    this.line.wake(this.line.size);
  }

  /** @internal Its step, after a wake-up. */
  resume(attempt: Attempt): unknown {
    this.hasWoken = false;
    try {
      const outcome = attempt();
      if (outcome === STILL) return STILL;
      // It may have left something for the next one; only a call that would block shows that it has not.
      this.wake();
      return outcome;
    } catch (error) {
      this.wake();
      throw error;
    }
  }

  /** @internal It was cancelled. */
  abandon(woken: boolean): void {
    if (!woken) return;
    this.hasWoken = false;
    this.wake();
  }
}
