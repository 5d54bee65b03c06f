// Errors on their way to another thread. Cloning keeps only the built-in classes of errors, and no code.
import { inspect } from 'node:util';
import * as errors from './errors.js';

/** An error, or whatever else was thrown, as data that can be cloned. @internal */
export type PackedError =
  | { thrown: unknown }
  | {
      className: string;
      name: string;
      message: string;
      stack: string | undefined;
      /** Its other own properties, as far as they can be cloned: `code`, `errno`, … */
      details: Record<string, unknown>;
      cause: PackedError | null;
      /** Those of an AggregateError. */
      errors: PackedError[] | null;
    };

/** What is sent in a place of its own. */
const GIVEN_ALREADY = new Set(['cause', 'errors', 'stack', 'message']);

/** Causes further down are left out: a chain may be a circle. */
const MAX_DEPTH = 8;

/** The classes that are the same in the other thread. */
const PROTOTYPES = new Map<string, object>(
  [
    ...[Error, TypeError, RangeError, SyntaxError, ReferenceError, EvalError, URIError, AggregateError],
    ...Object.values(errors).filter(isErrorClass),
  ].map((one) => [one.name, one.prototype as object]),
);

function isErrorClass(value: unknown): value is typeof Error {
  return typeof value === 'function' && value.prototype instanceof Error;
}

/** What was thrown, as data. @internal */
export function packError(thrown: unknown, depth = 0): PackedError {
  if (!(thrown instanceof Error)) return { thrown: isClonable(thrown) ? thrown : textOf(thrown) };
  const details: Record<string, unknown> = codeOf(thrown);
  for (const [key, value] of Object.entries(thrown)) {
    if (!GIVEN_ALREADY.has(key) && isClonable(value)) details[key] = value;
  }
  const deep = depth >= MAX_DEPTH;
  return {
    className: thrown.constructor.name,
    // One that its class has not named shows the class.
    name: PROTOTYPES.has(thrown.name) ? thrown.constructor.name : thrown.name,
    message: thrown.message,
    stack: thrown.stack,
    details,
    cause: deep || thrown.cause === undefined ? null : packError(thrown.cause, depth + 1),
    errors:
      !deep && thrown instanceof AggregateError
        ? thrown.errors.map((one) => packError(one, depth + 1))
        : null,
  };
}

/** What was thrown in the other thread: an error of the same class where this thread has it, else with its name. @internal */
export function unpackError(packed: PackedError): unknown {
  if ('thrown' in packed) return packed.thrown;
  const { className, name, message, stack, details, cause, errors: parts } = packed;
  const error = className === 'DOMException' ? new DOMException(message, name) : new Error(message);
  const prototype = PROTOTYPES.get(className);
  if (prototype !== undefined) Object.setPrototypeOf(error, prototype);
  if (cause !== null) define(error, 'cause', unpackError(cause));
  if (stack !== undefined) define(error, 'stack', stack);
  if (parts !== null) define(error, 'errors', parts.map(unpackError));
  for (const [key, value] of Object.entries(details)) define(error, key, value, true);
  if (error.name !== name) define(error, 'name', name);
  return error;
}

/** A code that the error's class has, and not the error; a DOMException's comes from its name. */
function codeOf(error: Error): { code?: string | number } {
  if (error instanceof DOMException || !('code' in error)) return {};
  const { code } = error;
  return typeof code === 'string' || typeof code === 'number' ? { code } : {};
}

/** Whether it can be sent as it is; that takes a try. */
function isClonable(value: unknown): boolean {
  if (typeof value === 'function' || typeof value === 'symbol') return false;
  if (typeof value !== 'object' || value === null) return true;
  try {
    process.getBuiltinModule('node:v8').serialize(value);
    return true;
  } catch {
    return false;
  }
}

/** What stands for a value that can't be sent. */
function textOf(value: unknown): string {
  try {
    return inspect(value, { depth: 1, breakLength: Number.POSITIVE_INFINITY });
  } catch {
    return errors.given(value);
  }
}

function define(error: Error, key: string, value: unknown, enumerable = false): void {
  Object.defineProperty(error, key, { value, writable: true, configurable: true, enumerable });
}
