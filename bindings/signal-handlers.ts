// The signals that a loop handles, and who hears of them. asyncio: the signals of `_UnixSelectorEventLoop`.
//
// libuv catches them, in a loop of its own that is there while anything is handled; this loop's selector watches it.
import { constants } from 'node:os';
import { isMainThread } from 'node:worker_threads';
import type { Context } from './context.js';
import { RuntimeError } from './errors.js';
import type { EventLoop } from './event-loop.js';
import { type Callback, Handle } from './handle.js';
import { type NativeSignals, openSignals } from './native/addon.js';
import { SIGINT, signalNumber } from './signal-number.js';
import { systemError } from './system-error.js';

/** The signal handlers of one loop. @internal */
export class SignalHandlers {
  private readonly loop: EventLoop;
  private readonly handlers = new Map<number, Handle>();
  /** Who hears of Ctrl-C while nobody else does: the runner. */
  private interrupt: (() => void) | null = null;
  /** While anything is handled. */
  private native: NativeSignals | null = null;

  constructor(loop: EventLoop) {
    this.loop = loop;
  }

  /** How many signals users handle. */
  get size(): number {
    return this.handlers.size;
  }

  /** Calls `callback(...args)` whenever `signal` comes, in place of the one before. */
  add(signal: unknown, callback: Callback, args: readonly unknown[], context: Context | null): void {
    const number = signalNumber(signal);
    this.loop.checkOpen();
    if (!isMainThread) {
      throw new RuntimeError(
        'signal handlers work in the main thread only; there, a handler can call threadsafe() handles of this loop',
        'ERR_NOT_MAIN_THREAD',
      );
    }
    const handle = new Handle(this.loop, callback, args, context);
    this.handle(number, () => {
      this.handlers.set(number, handle);
      if (number === SIGINT) this.interrupt = null;
    });
  }

  /** Ends `add`; whether there was a handler. */
  remove(signal: unknown): boolean {
    const number = signalNumber(signal);
    if (!this.handlers.delete(number)) return false;
    this.stop(number);
    return true;
  }

  /** Calls `interrupt` when SIGINT comes, unless there is a handler; one that is added later takes its place for good. */
  addInterrupt(interrupt: () => void): void {
    if (this.isHandled(SIGINT)) return;
    this.handle(SIGINT, () => {
      this.interrupt = interrupt;
    });
  }

  /** Ends `addInterrupt`. */
  removeInterrupt(interrupt: () => void): void {
    if (this.interrupt !== interrupt) return;
    this.interrupt = null;
    this.stop(SIGINT);
  }

  /** Signals have come. An error that ends the run comes out, when all have been heard. */
  deliver(): void {
    let interrupts = 0;
    for (const number of this.native?.take() ?? []) {
      const handle = this.handlers.get(number);
      if (handle === undefined) interrupts += number === SIGINT ? 1 : 0;
      else if (handle.cancelled()) this.remove(number);
      else this.loop.scheduler.enqueue(handle);
    }
    for (; interrupts > 0; interrupts--) this.interrupt?.();
  }

  /** The loop is about to be closed. */
  close(): void {
    this.handlers.clear();
    this.interrupt = null;
    this.end();
  }

  private isHandled(number: number): boolean {
    return this.handlers.has(number) || (number === SIGINT && this.interrupt !== null);
  }

  /** Has `number` handled, and calls `keep` when it is. */
  private handle(number: number, keep: () => void): void {
    if (this.isHandled(number)) {
      keep();
      return;
    }
    const isFirst = this.native === null;
    this.native ??= this.open();
    const errno = -this.native.start(number);
    if (errno !== 0) {
      if (isFirst) this.end();
      throw startError(number, errno);
    }
    keep();
    // Only now that it handles something does libuv watch for it, and what has come before that wakes nobody.
    if (isFirst) this.deliver();
  }

  private open(): NativeSignals {
    const opened = openSignals();
    if (typeof opened === 'number') throw systemError(-opened, { syscall: 'uv_loop_init' });
    const errno = -this.loop.scheduler.core.native.watchSignals(opened);
    if (errno === 0) return opened;
    opened.close();
    throw systemError(errno, { syscall: 'epoll_ctl' });
  }

  private stop(number: number): void {
    this.native?.stop(number);
    if (this.handlers.size === 0 && this.interrupt === null) this.end();
  }

  private end(): void {
    const { native } = this;
    if (native === null) return;
    this.native = null;
    this.loop.scheduler.core.native.unwatchSignals(native);
    native.close();
  }
}

function startError(number: number, errno: number): Error {
  if (errno !== constants.errno.EINVAL) return systemError(errno, { syscall: 'sigaction' });
  return new RuntimeError(`sig ${number} cannot be caught`, 'ERR_SIGNAL_UNCATCHABLE');
}
