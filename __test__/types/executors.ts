// The types of executors. Nothing here runs: tsc is the test.

import {
  type EventLoop,
  type Executor,
  type ExecutorMap,
  type Future,
  type ModuleReference,
  type Operation,
  reference,
  toThread,
  transfer,
} from 'mioloop';
import type { Assert, Equal } from './equal.js';

declare const loop: EventLoop;
declare const executor: Executor;
declare const signal: AbortSignal;
declare function check<_T extends true>(): void;
const add = (a: number, b: number): number => a + b;
const load = async (path: string): Promise<Uint8Array> => Buffer.from(path);
const basename = reference<typeof import('node:path').basename>('node:path', 'basename');

export function argumentsAndResultAreThoseOfTheFunction(): void {
  const sum = loop.runInExecutor(null, add, 1, 2);
  const same = loop.runInExecutor({ signal, terminate: true }, executor, add, 1, 2);
  const bytes = executor.submit({ signal }, load, '/etc/hosts');
  const inThread = toThread(add, 1, 2);
  const name = executor.submit(basename, '/a/b', undefined);
  const unknown = executor.submit({ module: 'node:path', export: 'basename' }, '/a/b');
  const inline = executor.submit((text: string) => text.length, 'text');
  check<Assert<Equal<typeof sum, Future<number>>>>();
  check<Assert<Equal<typeof same, Future<number>>>>();
  check<Assert<Equal<typeof bytes, Future<Uint8Array>>>>();
  check<Assert<Equal<typeof inThread, Operation<number>>>>();
  check<Assert<Equal<typeof name, Future<string>>>>();
  check<Assert<Equal<typeof unknown, Future<unknown>>>>();
  check<Assert<Equal<typeof inline, Future<number>>>>();
  // @ts-expect-error: an argument is missing
  loop.runInExecutor(null, add, 1);
  // @ts-expect-error: an argument has another type
  executor.submit(add, 1, '2');
  // @ts-expect-error: an argument has another type
  executor.submit(basename, 5);
  // @ts-expect-error: the executor comes first
  loop.runInExecutor(add, 1, 2);
  // @ts-expect-error: there is no such option
  executor.submit({ priority: 1 }, add, 1, 2);
  // @ts-expect-error: not every executor can be the default one
  loop.setDefaultExecutor(executor);
}

export function aMapKnowsItsItems(): void {
  const sizes = executor.map(load, ['/a', '/b'], { chunksize: 2 });
  check<Assert<Equal<typeof sizes, ExecutorMap<Uint8Array>>>>();
  // @ts-expect-error: the items have another type
  executor.map(load, [1, 2]);
}

export function whatMovesKeepsItsType(): void {
  const bytes = transfer(new Float64Array(1), []);
  check<Assert<Equal<typeof bytes, Float64Array<ArrayBuffer>>>>();
  // @ts-expect-error: a number brings nothing with it
  transfer(1, []);
  const given: ModuleReference<[path: string, suffix?: string], string> = basename;
  void given;
}

export function onlyAWaitNeedsTheLoop(): void {
  const waited = executor.shutdown();
  const dropped = executor.shutdown({ wait: false });
  check<Assert<Equal<typeof waited, Operation<void>>>>();
  check<Assert<Equal<typeof dropped, void>>>();
}
