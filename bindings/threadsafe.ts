// Calls from other threads: a handle that can be sent to a worker as data, and called there.
import type { AsyncResource } from 'node:async_hooks';
import { captureStores } from './async-stores.js';
import { type Context, copyContext } from './context.js';
import { ExitError, given, RuntimeError, typeError } from './errors.js';
import type { EventLoop } from './event-loop.js';
import { type Callback, Handle } from './handle.js';
import { post } from './native/addon.js';
import type { Posted } from './native/core.js';

// Loaded by the first call: it takes as long to load as a tenth of the package.
const serialization = () => process.getBuiltinModule('node:v8');

/** What identifies a handle in another thread; it can be posted to a worker. */
export interface ThreadsafeData {
  readonly mailbox: number;
  readonly handle: number;
}

/**
 * A callback that other threads can call. Made by `loop.threadsafe(callback)`; its `data` goes to the worker,
 * which calls `ThreadsafeHandle.from(data).call(...)`. A call wakes the loop, and calls of one thread arrive
 * in their order. asyncio: `loop.call_soon_threadsafe` from another thread.
 *
 * @example
 * // main thread
 * const progress = loop.threadsafe((percent) => console.log(percent));
 * new Worker('./job.js', { workerData: progress.data });
 * // job.js
 * ThreadsafeHandle.from(workerData).call(50);
 */
export class ThreadsafeHandle<A extends unknown[] = unknown[]> {
  /** Post this to the other thread. */
  readonly data: ThreadsafeData;
  readonly #close: () => void;

  /** @internal Use `loop.threadsafe()` or `ThreadsafeHandle.from()`. */
  constructor(data: ThreadsafeData, close: () => void = () => {}) {
    this.data = data;
    this.#close = close;
  }

  /** The handle of `data`, in the thread that received it. */
  static from<A extends unknown[] = unknown[]>(data: ThreadsafeData): ThreadsafeHandle<A> {
    if (
      typeof data !== 'object' ||
      data === null ||
      typeof data.mailbox !== 'number' ||
      typeof data.handle !== 'number'
    ) {
      throw typeError(`the data of a ThreadsafeHandle is expected, got ${given(data)}`);
    }
    return handleOf<A>({ mailbox: data.mailbox, handle: data.handle });
  }

  /**
   * Calls the callback in its loop, with copies of the arguments.
   * @throws RuntimeError `ERR_LOOP_CLOSED` when that loop is closed; DataCloneError for what can't be copied.
   */
  call(...args: A): void {
    if (!this.tryCall(...args)) throw new RuntimeError('Event loop is closed', 'ERR_LOOP_CLOSED');
  }

  /** @internal `call` for who does not mind that the loop is closed: false then. */
  tryCall(...args: A): boolean {
    return post(this.data.mailbox, this.data.handle, cloned(args));
  }

  /** Ends the handle where it was made; later calls are dropped. */
  close(): void {
    this.#close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

// A class that names itself inside would get another name in the bundle.
function handleOf<A extends unknown[]>(data: ThreadsafeData): ThreadsafeHandle<A> {
  return new ThreadsafeHandle<A>(data);
}

/** The arguments as bytes. Throws what `structuredClone` throws for what can't be copied. */
function cloned(args: unknown[]): Buffer {
  try {
    return serialization().serialize(args);
  } catch (error) {
    throw new DOMException(error instanceof Error ? error.message : String(error), 'DataCloneError');
  }
}

/** Whose callers wait for an answer: it hears of the calls that the callback does not get. @internal */
export interface Refuser<A extends unknown[]> {
  /** A call has come after the handle, or with it the loop, was closed. */
  refuse(isLoopClosed: boolean, ...args: A): void;
  /** The loop closes. */
  loopClosed(): void;
}

/** The callbacks of one loop that other threads can call. @internal */
export class ThreadsafeCallbacks {
  readonly #loop: EventLoop;
  readonly #callbacks = new Map<
    number,
    { callback: Callback; context: Context; stores: AsyncResource | null }
  >();
  /** Those of closed handles too. */
  readonly #refusers = new Map<number, Refuser<unknown[]>>();
  #last = 0;

  constructor(loop: EventLoop) {
    this.#loop = loop;
  }

  /** How many there are. */
  get size(): number {
    return this.#callbacks.size;
  }

  add<A extends unknown[]>(callback: Callback<A>, refuser: Refuser<A> | null): ThreadsafeHandle<A> {
    const handle = ++this.#last;
    if (refuser !== null) this.#refusers.set(handle, refuser as Refuser<unknown[]>);
    const stores = this.#loop.followsStores ? captureStores() : null;
    this.#callbacks.set(handle, { callback: callback as Callback, context: copyContext(), stores });
    const mailbox = this.#loop.scheduler.core.native.mailbox();
    return new ThreadsafeHandle<A>({ mailbox, handle }, () => this.#callbacks.delete(handle));
  }

  /** A call has come. This is called by a callback of the loop. */
  receive(posted: Posted): void {
    const entry = this.#callbacks.get(posted.handle!);
    if (entry === undefined) {
      this.#refuse(posted, false);
      return;
    }
    const args = serialization().deserialize(posted.payload!) as unknown[];
    const handle = new Handle(this.#loop, entry.callback, args, entry.context.copy(), entry.stores);
    try {
      handle.run();
    } catch (error) {
      if (error instanceof ExitError) throw error;
      this.#loop.reportCallback(error, handle);
    }
  }

  /** The loop closes; `left` are the calls that it has not seen. */
  close(left: readonly Posted[]): void {
    for (const posted of left) if (posted.request === undefined) this.#refuse(posted, true);
    for (const refuser of this.#refusers.values()) refuser.loopClosed();
    this.#callbacks.clear();
    this.#refusers.clear();
  }

  #refuse(posted: Posted, isLoopClosed: boolean): void {
    const refuser = this.#refusers.get(posted.handle!);
    if (refuser === undefined) return;
    refuser.refuse(isLoopClosed, ...(serialization().deserialize(posted.payload!) as unknown[]));
  }
}
