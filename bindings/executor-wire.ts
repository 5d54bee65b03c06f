// What a pool and its workers tell each other. A worker has one job at a time, so nothing needs a number.
import type { PackedError } from './packed-error.js';

/** What a job calls: an export of a module, or the text of a function that closes over nothing. @internal */
export type Target =
  | { readonly module: string; readonly name: string }
  | {
      readonly source: string;
      readonly name: string;
      /** The names that it takes for globals: only the worker knows its own. */
      readonly globals: readonly string[];
    };

/**
 * A target as it is sent: one text, which is what a worker knows its functions by. To clone an object in an object would take
 * longer than all else of an order. @internal
 */
export type TargetText = string;

/** @internal */
export function packTarget(target: Target): TargetText {
  return JSON.stringify(target);
}

/** @internal */
export function unpackTarget(text: TargetText): Target {
  return JSON.parse(text) as Target;
}

/** How errors call it. @internal */
export function describeTarget(text: TargetText): string {
  const target = unpackTarget(text);
  return 'module' in target ? `${target.name} of ${target.module}` : `${target.name}()`;
}

/** To a worker. @internal */
export type Order =
  /** The first one: what prepares the worker, if anything. */
  | { readonly kind: 'begin'; readonly target: TargetText | null; readonly args: readonly unknown[] }
  /** `each`: the target is called once for each of the arguments. */
  | {
      readonly kind: 'job';
      readonly target: TargetText;
      readonly args: readonly unknown[];
      readonly each: boolean;
    }
  /** Nothing: it only shows whether somebody is there. */
  | { readonly kind: 'none' }
  /** No more jobs: it ends behind the one that it has. */
  | { readonly kind: 'end' };

/** From a worker. @internal */
export type Answer =
  | { readonly kind: 'ready' }
  | { readonly kind: 'unready'; readonly error: PackedError }
  | { readonly kind: 'done'; readonly value: unknown }
  | { readonly kind: 'failed'; readonly error: PackedError }
  /** The last one of a worker that ends though nobody told it to: by an error that nobody caught, or by `process.exit`. */
  | { readonly kind: 'dying'; readonly error: PackedError | null; readonly exitCode: number | null };
