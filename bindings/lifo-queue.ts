// A queue whose newest item comes out first. asyncio: `LifoQueue`.
import type { Store } from './fifo.js';
import { Queue } from './queue.js';

/**
 * A queue whose newest item comes out first. asyncio: `LifoQueue`.
 *
 * @example
 * const stack = new LifoQueue<number>();
 * for (const n of [1, 2, 3]) stack.putNowait(n);
 * stack.getNowait(); // 3
 */
export class LifoQueue<T> extends Queue<T> {
  /** As `Queue`. */
  constructor(maxsize?: number) {
    super(maxsize, new Stack<T>());
  }
}

class Stack<T> implements Store<T> {
  private readonly items: T[] = [];

  get length(): number {
    return this.items.length;
  }

  push(item: T): void {
    this.items.push(item);
  }

  take(): T {
    return this.items.pop() as T;
  }

  [Symbol.iterator](): Iterator<T> {
    return this.items.values();
  }
}
