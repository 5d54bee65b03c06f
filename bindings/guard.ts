// What `acquire` gives: a guard that releases once.
import { RuntimeError } from './errors.js';

/** Something that can be released. @internal */
export interface Releasable {
  release(): void;
}

/**
 * A lock that was acquired, to be released once: by `using`, or by `release()`.
 *
 * @example
 * using guard = yield* lock.acquire();
 * // the lock is released at the end of the block, whatever happens
 */
export class Guard {
  private owner: Releasable | null;

  /** @internal Given by `acquire()`. */
  constructor(owner: Releasable) {
    this.owner = owner;
  }

  /** Releases what was acquired. @throws RuntimeError `ERR_NOT_ACQUIRED` when the guard has done so before. */
  release(): void {
    const owner = this.owner;
    if (owner === null) throw new RuntimeError('the guard has been released already', 'ERR_NOT_ACQUIRED');
    this.owner = null;
    owner.release();
  }

  /** Releases, unless `release()` has done it: the end of a `using` block. */
  [Symbol.dispose](): void {
    if (this.owner !== null) this.release();
  }
}
