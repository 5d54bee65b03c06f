// The items of a queue, first in, first out: a ring that doubles when it is full.

/** What holds a queue's items, in the order in which they come out. @internal */
export interface Store<T> extends Iterable<T> {
  readonly length: number;
  push(item: T): void;
  /** Takes the next item; there must be one. */
  take(): T;
}

/** Places of a new ring; a power of two, because indices are cut by a mask. Most queues stay short. */
const FIRST_CAPACITY = 8;
/** A ring that a burst made larger than this shrinks again when it is empty. */
const KEPT_CAPACITY = 1 << 12;

/** First in, first out. @internal */
export class Fifo<T> implements Store<T> {
  length = 0;
  private places: (T | undefined)[] = new Array(FIRST_CAPACITY).fill(undefined);
  private head = 0;

  push(item: T): void {
    if (this.length === this.places.length) this.grow();
    this.places[(this.head + this.length) & (this.places.length - 1)] = item;
    this.length += 1;
  }

  take(): T {
    const { head, places } = this;
    const item = places[head] as T;
    places[head] = undefined;
    this.head = (head + 1) & (places.length - 1);
    this.length -= 1;
    if (this.length === 0 && places.length > KEPT_CAPACITY) {
      this.places = new Array(FIRST_CAPACITY).fill(undefined);
      this.head = 0;
    }
    return item;
  }

  *[Symbol.iterator](): Iterator<T> {
    const mask = this.places.length - 1;
    for (let index = 0; index < this.length; index++) yield this.places[(this.head + index) & mask] as T;
  }

  private grow(): void {
    const { head, places } = this;
    const straight = places.slice(head).concat(places.slice(0, head));
    straight.length = places.length * 2;
    straight.fill(undefined, places.length);
    this.places = straight;
    this.head = 0;
  }
}
