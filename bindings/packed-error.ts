// Errors on their way to another thread. Cloning keeps only the built-in classes of errors, and no code.
import * as errors from './errors.js';

/** An error, or whatever else was thrown, as data that can be cloned. @internal */
export type PackedError =
  | { thrown: unknown }
  | {
      className: string;
      message: string;
      stack: string | undefined;
      /** Its other own properties that are no objects: `code`, `errno`, … */
      details: Record<string, unknown>;
      cause: PackedError | null;
      /** Those of an AggregateError. */
      errors: PackedError[] | null;
    };

/** Causes further down are left out: a chain may be a circle. */
const MAX_DEPTH = 8;

/** The classes that are the same in the other thread. */
const PROTOTYPES = new Map<string, object>(
  [
    ...[Error, TypeError, RangeError, SyntaxError, ReferenceError, EvalError, URIError, AggregateError],
    ...[errors.RuntimeError, errors.NotImplementedError, errors.CancelledError, errors.TimeoutError],
    ...[errors.InvalidStateError, errors.ExitError, errors.KeyboardInterrupt, errors.SystemExit],
  ].map((one) => [one.name, one.prototype as object]),
);

/** What was thrown, as data. @internal */
export function packError(thrown: unknown, depth = 0): PackedError {
  if (!(thrown instanceof Error)) return { thrown };
  const details: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(thrown)) {
    if (typeof value !== 'object' && typeof value !== 'function' && typeof value !== 'symbol')
      details[key] = value;
  }
  const deep = depth >= MAX_DEPTH;
  return {
    className: thrown.constructor.name,
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
  const { className, message, stack, details, cause, errors: parts } = packed;
  const error = new Error(message, cause === null ? undefined : { cause: unpackError(cause) });
  const prototype = PROTOTYPES.get(className);
  if (prototype === undefined) define(error, 'name', className);
  else Object.setPrototypeOf(error, prototype);
  if (stack !== undefined) define(error, 'stack', stack);
  if (parts !== null) define(error, 'errors', parts.map(unpackError));
  return Object.assign(error, details);
}

function define(error: Error, key: string, value: unknown): void {
  Object.defineProperty(error, key, { value, writable: true, configurable: true, enumerable: false });
}
