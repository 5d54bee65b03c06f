// The callbacks that are ready to run, first in, first out: a ring that doubles when it is full.
import type { Runnable } from './handle.js';

/** Places of a new queue; a power of two, because indices are cut by a mask. */
const FIRST_CAPACITY = 256;
/** A queue that a burst made larger than this shrinks again when it is empty. */
const KEPT_CAPACITY = 1 << 16;

/** A queue of runnables. @internal */
export class ReadyQueue {
  #places: (Runnable | undefined)[] = new Array(FIRST_CAPACITY).fill(undefined);
  #head = 0;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(runnable: Runnable): void {
    if (this.#length === this.#places.length) this.#grow();
    this.#places[(this.#head + this.#length) & (this.#places.length - 1)] = runnable;
    this.#length += 1;
  }

  /** Takes the oldest; the queue must not be empty. */
  shift(): Runnable {
    const places = this.#places;
    const runnable = places[this.#head]!;
    places[this.#head] = undefined;
    this.#head = (this.#head + 1) & (places.length - 1);
    this.#length -= 1;
    if (this.#length === 0 && places.length > KEPT_CAPACITY) this.clear();
    return runnable;
  }

  clear(): void {
    this.#places = new Array(FIRST_CAPACITY).fill(undefined);
    this.#head = 0;
    this.#length = 0;
  }

  #grow(): void {
    const places = this.#places;
    const straight = places.slice(this.#head).concat(places.slice(0, this.#head));
    straight.length = places.length * 2;
    straight.fill(undefined, places.length);
    this.#places = straight;
    this.#head = 0;
  }
}
