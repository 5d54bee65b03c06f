// Values that move to another thread instead of being copied.
import type { TransferListItem } from 'node:worker_threads';
import { given, typeError } from './errors.js';

/** What moves with each object. */
const lists = new WeakMap<object, readonly TransferListItem[]>();

/**
 * Says that `list` moves with `value` when it goes to a worker as an argument, or comes back as a result: what was moved
 * is not there any more where it came from, and nothing is copied. Processes get copies all the same.
 *
 * @param value an argument of a job, or what a job returns.
 * @param list what moves: ArrayBuffers, MessagePorts, FileHandles, …
 * @returns `value`
 * @throws TypeError for a value that is no object, or a list that is no array.
 * @example
 * const picture = new Uint8Array(await readFile(path));
 * await loop.runInExecutor(null, shrink, transfer(picture, [picture.buffer]), 200);
 */
export function transfer<T extends object>(value: T, list: readonly TransferListItem[]): T {
  if (typeof value !== 'object' || value === null)
    throw typeError(`only an object can bring something that moves with it, got ${given(value)}`);
  if (!Array.isArray(list))
    throw typeError(
      `what moves must be given as an array, as in transfer(bytes, [bytes.buffer]), got ${given(list)}`,
    );
  lists.set(value, list);
  return value;
}

/** What moves with `values`. @internal */
export function transferListOf(values: readonly unknown[]): TransferListItem[] {
  const all: TransferListItem[] = [];
  for (const value of values) {
    if (typeof value !== 'object' || value === null) continue;
    const list = lists.get(value);
    if (list !== undefined) all.push(...list);
  }
  return all;
}
