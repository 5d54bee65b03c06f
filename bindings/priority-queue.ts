// A queue whose smallest item comes out first. asyncio: `PriorityQueue`.
import { given, typeError } from './errors.js';
import { Heap, type LessThan } from './heap.js';
import { lessThan } from './less-than.js';
import { checkOptions } from './options.js';
import { Queue } from './queue.js';

/** Options of `PriorityQueue`. */
export interface PriorityQueueOptions<T> {
  /** Less than 0 where `a` is to come out before `b`, as for `Array.sort`. */
  compare?: ((a: T, b: T) => number) | undefined;
}

const OPTIONS = ['compare'];

/**
 * A queue whose smallest item comes out first. asyncio: `PriorityQueue`.
 *
 * Items are compared as Python's `<` does: numbers, bigints and booleans with each other, strings with strings
 * (by UTF-16 code unit), objects by their `valueOf()` (so dates), arrays element by element as tuples. The option
 * `compare` replaces that. Of equal items any may come first, as in asyncio; a counter behind the priority keeps
 * their order: `[priority, counter++, job]`.
 *
 * @example
 * const jobs = new PriorityQueue<[priority: number, name: string]>();
 * jobs.putNowait([2, 'later']);
 * jobs.putNowait([1, 'first']);
 * jobs.getNowait(); // [1, 'first']
 * const byDate = new PriorityQueue<Job>(0, { compare: (a, b) => a.due - b.due });
 */
export class PriorityQueue<T> extends Queue<T> {
  /**
   * @param maxsize as of `Queue`
   * @throws as `Queue`; TypeError for a `compare` that is no function.
   *
   * `put` and `putNowait` also throw TypeError `ERR_NOT_COMPARABLE` for an item that has no order among the others.
   */
  constructor(maxsize?: number, options: PriorityQueueOptions<T> = {}) {
    super(maxsize, new Heap<T>(orderOf(options)));
  }
}

function orderOf<T>(options: PriorityQueueOptions<T>): LessThan<T> {
  checkOptions(options, OPTIONS, 'PriorityQueue');
  const { compare } = options;
  if (compare === undefined) return lessThan;
  if (typeof compare !== 'function') throw typeError(`compare must be a function, not ${given(compare)}`);
  return (a, b) => compare(a, b) < 0;
}
