// What the tests of executors have done by workers, by reference.
import { readFileSync } from 'node:fs';
import { isMainThread, threadId, workerData } from 'node:worker_threads';
import { CancelledError, IncompleteReadError, transfer } from 'mioloop';

export function add(a: number, b: number): number {
  return a + b;
}

export async function later<T>(milliseconds: number, value: T): Promise<T> {
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
  return value;
}

export function thread(): { isMainThread: boolean; threadId: number; name: string } {
  return { isMainThread, threadId, name: (workerData as { name: string }).name };
}

/** Bytes that move to the caller. */
export function fresh(length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length).fill(7);
  return transfer(bytes, [bytes.buffer]);
}

/** Gives what it was given, and says whether the bytes have left this thread. */
let last: Uint8Array<ArrayBuffer> | null = null;
export function keep(bytes: Uint8Array<ArrayBuffer>): number {
  last = bytes;
  return bytes.length;
}
export function kept(): number {
  return last?.length ?? -1;
}

export class Unknown extends Error {
  override name = 'Unknown';
  extra = { deep: [1, 2] };
  call = (): void => {};
}

/** Errors of all kinds. */
export function fail(kind: string): never {
  switch (kind) {
    case 'range':
      throw new RangeError('too far', { cause: new TypeError('the cause') });
    case 'system':
      readFileSync('/nowhere/to/be/found');
      break;
    case 'aggregate':
      throw new AggregateError([new RangeError('one'), new Unknown('two')], 'several');
    case 'unknown':
      throw new Unknown('who knows');
    case 'ours':
      throw new IncompleteReadError(Buffer.from('abc'), 10);
    case 'cancelled':
      throw new CancelledError('not me');
    case 'abort':
      throw new DOMException('stop', 'AbortError');
    case 'string':
      throw 'a string';
  }
  throw new Error(kind);
}

let prepared: unknown = null;
export function prepare(value: unknown): void {
  prepared = value;
}
export function preparation(): unknown {
  return prepared;
}
export function refuse(): never {
  throw new RangeError('not today');
}
