// What scheduling a callback gives: a handle that can cancel it. asyncio: `Handle`, `TimerHandle`.
import type { AsyncResource } from 'node:async_hooks';
import { captureStores } from './async-stores.js';
import { Context, currentValues, type Values } from './context.js';
import type { EventLoop } from './event-loop.js';
import { isAsyncFunction } from './functions.js';
import { running } from './running.js';
import { createdAt, recordSource } from './source-traceback.js';
import { shown } from './texts.js';

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
  private values: Values;
  private context: Context | null;
  /** The stores of AsyncLocalStorage where it was scheduled. */
  private readonly stores: AsyncResource | null;
  /** What is printed after a cancel, in debug mode. */
  private text: string | null = null;

  /** @internal */
  constructor(
    loop: EventLoop,
    callback: Callback,
    args: readonly unknown[],
    context: Context | null,
    stores = loop.followsStores ? captureStores() : null,
  ) {
    this.loop = loop;
    this.callback = callback;
    this.args = args.length === 0 ? NO_ARGUMENTS : args;
    this.context = context;
    this.stores = stores;
    this.values = currentValues();
    if (loop.debugging) recordSource(this);
  }

  /** Cancels the callback and frees it and its arguments at once. No effect when it has run or is cancelled. */
  cancel(): void {
    if (this.callback === null) return;
    // What it was stays readable; the callback itself is let go in debug mode, too.
    if (this.loop.debugging) this.text = this.format(true);
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
    if (this.callback === null) return;
    if (this.stores === null) this.invoke();
    else this.stores.runInAsyncScope(this.invoke, this);
  }

  private invoke(): void {
    const callback = this.callback!;
    const args = this.args;
    let result: unknown;
    if (isAsyncFunction(callback)) {
      const context = this.getContext();
      result = context.run(() => context.runAsync(() => callback(...args)));
    } else if (this.context !== null) {
      result = this.context.run(callback, ...args);
    } else {
      running.values = this.values;
      try {
        result = args.length === 0 ? callback() : args.length === 1 ? callback(args[0]) : callback(...args);
      } finally {
        this.values = running.values;
      }
    }
    if (result !== undefined) this.loop.watchResult(result, this);
  }

  /** The handle as asyncio prints it. */
  toString(): string {
    return this.text ?? this.format(this.callback === null);
  }

  private format(cancelled: boolean): string {
    const parts: string[] = [this.constructor.name];
    if (cancelled) parts.push('cancelled');
    parts.push(...this.details());
    if (this.callback !== null) parts.push(describe(this.callback, this.loop.debugging ? this.args : null));
    return `<${parts.join(' ')}${createdAt(this)}>`;
  }

  /** @internal What stands before the callback in the text. */
  protected details(): string[] {
    return [];
  }

  /** @internal */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}

/** A callback by its name, for messages; with its arguments in debug mode. @internal */
export function describe(callback: Callback, args: readonly unknown[] | null = null): string {
  const list = args === null ? '' : args.map(shown).join(', ');
  return `${callback.name || '(anonymous)'}(${list})`;
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

  /** @internal */
  protected override details(): string[] {
    return [`when=${this.time}`];
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
