// A queue between tasks, with an end if one is wanted. asyncio: `Queue`.
import { inspect } from 'node:util';
import { given, QueueEmpty, QueueFull, QueueShutDown, rangeError, typeError } from './errors.js';
import { Fifo, type Store } from './fifo.js';
import type { Future } from './future.js';
import { AGAIN, Line } from './line.js';
import { LoopBound } from './loop-bound.js';
import { getRunningLoop } from './running.js';
import { failed, Settled } from './settled.js';
import { Waiting } from './waiting.js';

const ALL = Number.POSITIVE_INFINITY;

/**
 * Items that tasks hand to tasks, first in, first out. asyncio: `Queue`.
 *
 * @example
 * const queue = new Queue<string>(100);
 * loop.createTask(function* () {
 *   for (;;) {
 *     const line = yield* queue.get();       // or await queue.get()
 *     console.log(line);
 *     queue.taskDone();
 *   }
 * });
 * yield* queue.put('hello');
 * yield* queue.join();
 */
export class Queue<T> extends LoopBound {
  /** How many items it takes before `put()` waits; 0 or less: any number. */
  readonly maxsize: number;
  private readonly items: Store<T>;
  private unfinished = 0;
  private isShutDown = false;
  private readonly getters = new Line<T>({
    resume: () => {
      if (this.empty() && !this.isShutDown) return AGAIN;
      try {
        return this.getNowait();
      } catch (error) {
        // The order of the items has no answer: what it was woken for is for the next one.
        if (!this.empty()) this.getters.dismiss(1);
        throw error;
      }
    },
    abandon: (woken) => {
      if (woken && !this.empty()) this.getters.dismiss(1);
    },
  });
  private readonly putters = new Line<undefined, T>({
    resume: (item) => {
      if (this.full() && !this.isShutDown) return AGAIN;
      try {
        this.putNowait(item);
      } catch (error) {
        // An item that has no order: its place is for the next one.
        if (!this.full()) this.putters.dismiss(1);
        throw error;
      }
      return undefined;
    },
    abandon: (woken) => {
      if (woken && !this.full()) this.putters.dismiss(1);
    },
  });
  private readonly joiners = new Line<undefined>({ resume: () => undefined, abandon: () => undefined });

  /**
   * @param maxsize how many items it takes before `put()` waits; 0 or less: any number
   * @throws TypeError for what is no number, RangeError for NaN.
   */
  constructor(maxsize?: number);
  /** @internal With the order that `items` has. */
  constructor(maxsize: number | undefined, items: Store<T>);
  constructor(maxsize = 0, items: Store<T> = new Fifo<T>()) {
    super();
    if (typeof maxsize !== 'number') throw typeError(`a maxsize is expected, not ${given(maxsize)}`);
    if (Number.isNaN(maxsize)) throw rangeError('Invalid maxsize: NaN (not a number)');
    this.maxsize = maxsize;
    this.items = items;
  }

  /** How many items are in it. */
  qsize(): number {
    return this.items.length;
  }

  /** Whether there is nothing in it. */
  empty(): boolean {
    return this.items.length === 0;
  }

  /** Whether `maxsize` items are in it; never where that is 0 or less. */
  full(): boolean {
    return this.maxsize > 0 && this.items.length >= this.maxsize;
  }

  /**
   * Puts an item in, as soon as there is a free place. asyncio: `put`.
   *
   * @throws QueueShutDown after `shutdown()`, also while it waits; CancelledError when the task is cancelled while
   * it waits, and then the item is not in; RuntimeError `ERR_OTHER_LOOP` when tasks of another loop have waited for
   * this queue, `ERR_NO_RUNNING_LOOP` outside of a loop.
   */
  put(item: T): Future<void> {
    const loop = getRunningLoop();
    try {
      if (!this.full() || this.isShutDown) {
        this.putNowait(item);
        return new Settled(loop, undefined);
      }
    } catch (error) {
      return failed(loop, error);
    }
    const refusal = this.bind(loop);
    return refusal === null ? new Waiting(loop, this.putters, item) : failed(loop, refusal);
  }

  /**
   * Takes the next item out, as soon as there is one. asyncio: `get`.
   *
   * An item that is a promise or a future is given as it is by `yield*`; `await` waits for it too.
   *
   * @throws QueueShutDown after `shutdown()` when nothing is left, also while it waits; CancelledError when the task
   * is cancelled while it waits, and then no item is lost; RuntimeError as `put`.
   */
  get(): Future<T> {
    const loop = getRunningLoop();
    try {
      if (!this.empty() || this.isShutDown) return new Settled(loop, this.getNowait());
    } catch (error) {
      return failed(loop, error);
    }
    const refusal = this.bind(loop);
    return refusal === null ? new Waiting(loop, this.getters, undefined) : failed(loop, refusal);
  }

  /**
   * Puts an item in at once; also outside of a task. asyncio: `put_nowait`.
   * @throws QueueFull where there is no free place; QueueShutDown after `shutdown()`.
   */
  putNowait(item: T): void {
    if (this.isShutDown) throw new QueueShutDown();
    if (this.full()) throw new QueueFull();
    this.items.push(item);
    this.unfinished += 1;
    this.getters.dismiss(1);
  }

  /**
   * Takes the next item out at once; also outside of a task. asyncio: `get_nowait`.
   * @throws QueueEmpty where there is none, QueueShutDown where there will be none.
   */
  getNowait(): T {
    if (this.empty()) throw this.isShutDown ? new QueueShutDown() : new QueueEmpty();
    const item = this.items.take();
    this.putters.dismiss(1);
    return item;
  }

  /**
   * Says that one item that was taken out is dealt with. asyncio: `task_done`.
   * @throws RangeError `ERR_TASK_DONE` when it is called more often than items were put in.
   */
  taskDone(): void {
    if (this.unfinished <= 0) throw rangeError('taskDone() called too many times', 'ERR_TASK_DONE');
    this.unfinished -= 1;
    if (this.unfinished === 0) this.joiners.wake(ALL);
  }

  /**
   * Waits until `taskDone()` was called for every item that was put in. asyncio: `join`.
   * @throws CancelledError when the task is cancelled while it waits; RuntimeError as `put`.
   */
  join(): Future<void> {
    const loop = getRunningLoop();
    if (this.unfinished === 0) return new Settled(loop, undefined);
    const refusal = this.bind(loop);
    return refusal === null ? new Waiting(loop, this.joiners, undefined) : failed(loop, refusal);
  }

  /**
   * Ends the queue's use: `put()` fails from now on, `get()` when nothing is left; who waits hears of it.
   * asyncio: `shutdown`.
   *
   * @param immediate drops what is left, as if `taskDone()` were called for each
   */
  shutdown(immediate = false): void {
    this.isShutDown = true;
    if (immediate) {
      while (!this.empty()) {
        this.items.take();
        if (this.unfinished > 0) this.unfinished -= 1;
      }
      if (this.unfinished === 0) this.joiners.wake(ALL);
    }
    this.getters.dismiss(ALL);
    this.putters.dismiss(ALL);
  }

  /** @internal */
  protected override stateText(): string {
    const parts = [`maxsize=${this.maxsize}`];
    if (!this.empty()) parts.push(`_queue=${inspect([...this.items], { depth: 1, breakLength: ALL })}`);
    if (this.getters.size > 0) parts.push(`_getters[${this.getters.size}]`);
    if (this.putters.size > 0) parts.push(`_putters[${this.putters.size}]`);
    if (this.unfinished > 0) parts.push(`tasks=${this.unfinished}`);
    if (this.isShutDown) parts.push('shutdown');
    return parts.join(' ');
  }
}
