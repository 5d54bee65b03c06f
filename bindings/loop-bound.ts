// What locks, events and queues share: they belong to the loop in which somebody waited first, and print their state.
import { RuntimeError } from './errors.js';
import type { EventLoop } from './event-loop.js';

/** Something that belongs to one loop from the first time that somebody has to wait. */
export abstract class LoopBound {
  private boundTo: EventLoop | null = null;

  /** The object as asyncio prints it, without the address. */
  toString(): string {
    return `<${this.constructor.name} ${this.stateText()}>`;
  }

  /** @internal */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }

  /** @internal */
  protected abstract stateText(): string;

  /** @internal Binds it to `loop`; the error when it belongs to another. */
  protected bind(loop: EventLoop): RuntimeError | null {
    this.boundTo ??= loop;
    if (this.boundTo === loop) return null;
    return new RuntimeError(
      `${this.toString()} is bound to a different event loop: make one for each loop`,
      'ERR_OTHER_LOOP',
    );
  }
}

/** A state in brackets, with the number of those who wait. @internal */
export function bracketed(state: string, waiters: number): string {
  return waiters > 0 ? `[${state}, waiters:${waiters}]` : `[${state}]`;
}
