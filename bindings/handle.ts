// What scheduling a callback gives: a handle that can cancel it. asyncio: `Handle`, `TimerHandle`.
import { active, Context } from './context.js';
import { given } from './errors.js';
import type { EventLoop } from './event-loop.js';

/** A callback with its arguments. */
export type Callback<A extends unknown[] = unknown[]> = (...args: A) => unknown;

/** Something that the ready queue can run. @internal */
export interface Runnable {
  run(): void;
}

const NO_ARGUMENTS: readonly unknown[] = [];

/**
 * A scheduled callback. asyncio: `Handle`.
 *
 * @example
 * const handle = loop.callSoon(console.log, 'never printed');
 * handle.cancel();
 */
export class Handle {
  /** @internal The callback; null once it is cancelled. */
  callback: Callback | null;
  /** @internal */
  args: readonly unknown[];
  /** @internal */
  readonly loop: EventLoop;
  private values: typeof active.values;
  private context: Context | null;

  /** @internal */
  constructor(loop: EventLoop, callback: Callback, args: readonly unknown[], context: Context | null) {
    this.loop = loop;
    this.callback = callback;
    this.args = args.length === 0 ? NO_ARGUMENTS : args;
    this.context = context;
    this.values = active.values;
  }

  /** Cancels the callback and frees it and its arguments at once. No effect when it has run or is cancelled. */
  cancel(): void {
    this.callback = null;
    this.args = NO_ARGUMENTS;
  }

  /** Whether the callback was cancelled. */
  cancelled(): boolean {
    return this.callback === null;
  }

  /** The context that the callback runs in. */
  getContext(): Context {
    this.context ??= new Context(this.values);
    return this.context;
  }

  /** @internal Calls the callback. */
  run(): void {
    const callback = this.callback;
    if (callback === null) return;
    const args = this.args;
    let result: unknown;
    if (this.context !== null) {
      result = this.context.run(callback, ...args);
    } else {
      active.values = this.values;
      result = args.length === 0 ? callback() : args.length === 1 ? callback(args[0]) : callback(...args);
      this.values = active.values;
    }
    if (result !== undefined) this.loop.watchResult(result, this);
  }

  /** The handle as asyncio prints it. */
  toString(): string {
    return this.callback === null
      ? `<${this.constructor.name} cancelled>`
      : `<${this.constructor.name} ${describe(this.callback)}>`;
  }

  /** @internal */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}

/** A callback by its name, for messages. @internal */
export function describe(callback: Callback): string {
  return `${callback.name || given(callback)}()`;
}

/**
 * A callback scheduled for a point in time. asyncio: `TimerHandle`. Handles compare (`<`, `>`) by their time.
 *
 * @example
 * const timer = loop.callLater(60, () => connection.abort());
 * timer.when() - loop.time(); // 60 seconds, nearly
 */
export class TimerHandle extends Handle {
  private readonly time: number;
  /** @internal The timer's slot while it is set, else -1; its submission's record, and the flush that waits for. */
  slot = -1;
  /** @internal */
  record = 0;
  /** @internal */
  flush = 0;
  /** @internal Whether the record replaced the one that cancelled an earlier timer of the slot. */
  moved = false;

  /** @internal */
  constructor(
    loop: EventLoop,
    when: number,
    callback: Callback,
    args: readonly unknown[],
    context: Context | null,
  ) {
    super(loop, callback, args, context);
    this.time = when;
  }

  /** The scheduled time in seconds, on the clock of `loop.time()`. */
  when(): number {
    return this.time;
  }

  override cancel(): void {
    if (this.slot >= 0) this.loop.scheduler.timers.remove(this);
    super.cancel();
  }

  /** Whether both are for the same time, callback and arguments, and neither or both are cancelled. */
  equals(other: unknown): boolean {
    return (
      isTimer(other) &&
      other.time === this.time &&
      other.callback === this.callback &&
      other.args.length === this.args.length &&
      other.args.every((argument, index) => Object.is(argument, this.args[index]))
    );
  }

  /** The time, so that handles compare. */
  override valueOf(): number {
    return this.time;
  }
}

// A class that names itself inside would get another name in the bundle.
function isTimer(value: unknown): value is TimerHandle {
  return value instanceof TimerHandle;
}
