// Values and errors in few words, for the texts of handles and futures.
import { inspect } from 'node:util';

const SHORT = { depth: 0, maxArrayLength: 5, maxStringLength: 60, breakLength: Number.POSITIVE_INFINITY };

/** A value on one line, cut where it is long. @internal */
export function shown(value: unknown): string {
  return inspect(value, SHORT);
}

/** An error in few words. @internal */
export function brief(error: unknown): string {
  if (!(error instanceof Error)) return shown(error);
  return `${error.constructor.name}(${error.message === '' ? '' : shown(error.message)})`;
}
