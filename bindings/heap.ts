// The items of a priority queue: a binary heap whose smallest item comes out first. It moves items as Python's heapq
// does, so that equal ones come out in the same order as there. A comparison that throws leaves it as it was.
import type { Store } from './fifo.js';

/** Whether `a` comes before `b`. @internal */
export type LessThan<T> = (a: T, b: T) => boolean;

/** A heap. @internal */
export class Heap<T> implements Store<T> {
  private readonly items: T[] = [];
  private readonly less: LessThan<T>;

  constructor(less: LessThan<T>) {
    this.less = less;
  }

  get length(): number {
    return this.items.length;
  }

  push(item: T): void {
    const { items, less } = this;
    let place = items.length;
    while (place > 0 && less(item, items[parentOf(place)]!)) place = parentOf(place);
    // Everything is compared: now the ones above move down, last first.
    for (let to = items.length; to > place; to = parentOf(to)) items[to] = items[parentOf(to)]!;
    items[place] = item;
  }

  take(): T {
    const { items, less } = this;
    const count = items.length - 1;
    const top = items[0]!;
    const item = items[count]!;
    // The smaller children down to the bottom, and from there up to where the last item belongs.
    const path = this.smallerChildren(count);
    while (path.length > 1 && less(item, items[path.at(-1)!]!)) path.pop();
    items.pop();
    for (let step = 1; step < path.length; step++) items[path[step - 1]!] = items[path[step]!]!;
    if (count > 0) items[path.at(-1)!] = item;
    return top;
  }

  [Symbol.iterator](): Iterator<T> {
    return this.items.values();
  }

  /** From the top always to the smaller of two children, in a heap of `count` items. */
  private smallerChildren(count: number): number[] {
    const { items, less } = this;
    const path = [0];
    for (let left = 1; left < count; ) {
      const right = left + 1;
      const child = right < count && !less(items[left]!, items[right]!) ? right : left;
      path.push(child);
      left = 2 * child + 1;
    }
    return path;
  }
}

function parentOf(place: number): number {
  return (place - 1) >> 1;
}
