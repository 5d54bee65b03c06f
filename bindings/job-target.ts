// What can be given to an executor: an export of a module, by reference, or a function that closes over nothing.
import { createRequire } from 'node:module';
import { isAbsolute, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { closedFunction } from './closed-function.js';
import { isAsyncGenerator, isCoroutine, isCoroutineFunction } from './coroutine.js';
import { given, typeError } from './errors.js';
import { packTarget, type TargetText } from './executor-wire.js';

declare const signature: unique symbol;

/**
 * A function of a module, by its name: a worker imports the module and calls the function. `reference()` makes one that
 * knows the types of the function's arguments and result; a plain `{ module, export }` will do, too.
 */
export interface ModuleReference<A extends unknown[] = unknown[], T = unknown> {
  /** A URL, an absolute path, or the name of a package (as the program's working directory finds it). */
  readonly module: string | URL;
  /** The name of the export; without one it is `default`. */
  readonly export?: string | undefined;
  /** For the types only. */
  readonly [signature]?: (...args: A) => T;
}

/** What an executor runs. */
export type JobFunction<A extends unknown[], T> = ((...args: A) => T) | ModuleReference<A, T>;

/** Any of them. */
export type AnyJobFunction = ((...args: never[]) => unknown) | ModuleReference<never[], unknown>;

/**
 * A reference to a function of a module, with its types.
 *
 * @param module a URL, an absolute path, or the name of a package.
 * @param name the name of the export.
 * @example
 * const hashFile = reference<typeof import('./hash.js').hashFile>(new URL('./hash.js', import.meta.url), 'hashFile');
 * const digest = yield* loop.runInExecutor(null, hashFile, path); // a string, if hashFile gives one
 */
export function reference<F extends (...args: never[]) => unknown>(
  module: string | URL,
  name = 'default',
): ModuleReference<Parameters<F>, ReturnType<F>> {
  return { module, export: name };
}

/** Whether `value` is a reference. @internal */
export function isReference(value: unknown): value is ModuleReference {
  return typeof value === 'object' && value !== null && 'module' in value;
}

/**
 * What a worker is to call.
 * @throws TypeError for what can't be called there.
 * @internal
 */
export function targetOf(func: unknown, method: string): TargetText {
  if (isReference(func)) return packTarget({ module: locate(func.module), name: nameOf(func.export) });
  if (isCoroutine(func) || isCoroutineFunction(func) || isAsyncGenerator(func))
    throw typeError(`coroutines cannot be used with ${method}()`);
  if (typeof func === 'function') return closedFunction(func as (...args: never[]) => unknown);
  throw typeError(
    `a function, or a reference as { module, export }, was expected by ${method}(), got ${given(func)}`,
  );
}

function nameOf(name: unknown): string {
  if (name === undefined) return 'default';
  if (typeof name === 'string') return name;
  throw typeError(`the export of a reference must be a string, got ${given(name)}`);
}

/** The URL of a module. A path is never taken relative to a file: it is not known which one was meant. */
function locate(module: unknown): string {
  if (module instanceof URL) return module.href;
  if (typeof module !== 'string')
    throw typeError(`the module of a reference must be a URL or a string, got ${given(module)}`);
  if (isAbsolute(module)) return pathToFileURL(module).href;
  if (/^\.\.?\//.test(module)) {
    throw typeError(
      `the module of a reference must not be a relative path, got ${given(module)}: give new URL(…, import.meta.url)`,
    );
  }
  if (URL.canParse(module)) return module;
  const resolved = createRequire(join(process.cwd(), 'package.json')).resolve(module);
  return isAbsolute(resolved) ? pathToFileURL(resolved).href : resolved;
}
