// Options objects: what is not known is refused, never ignored; and the kinds of values that many options have.
import { given, NotImplementedError, rangeError, typeError } from './errors.js';

/**
 * @throws NotImplementedError for an option that has a value and is not among `known`: asyncio has more than
 * are here yet, and a mistyped one must not pass; TypeError for what is no object.
 * @internal
 */
export function checkOptions(options: unknown, known: readonly string[], method: string): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw typeError(`the options of ${method}() must be an object, got ${given(options)}`);
  }
  // The fast way through a small object: tasks are made with options at a high rate.
  for (const name in options) {
    if (known.includes(name) || (options as Record<string, unknown>)[name] == null) continue;
    const list = known.length > 0 ? `; it has ${known.join(', ')}` : '';
    throw new NotImplementedError(`${method}() has no option ${name} (yet)${list}`);
  }
}

/** A boolean that may be missing. @throws TypeError for anything else. @internal */
export function checkFlag(name: string, value: unknown, fallback: boolean): boolean {
  if (value === undefined || value === null) return fallback;
  if (typeof value !== 'boolean') throw typeError(`${name} must be a boolean, got ${given(value)}`);
  return value;
}

/** A whole number between two others. @throws TypeError for what is no number, RangeError for another one. @internal */
export function checkWhole(name: string, value: unknown, least: number, most: number): number {
  if (typeof value !== 'number')
    throw typeError(`${name} must be a number from ${least} to ${most}, got ${given(value)}`);
  if (!Number.isInteger(value) || value < least || value > most)
    throw rangeError(`${name} must be a whole number from ${least} to ${most}, got ${value}`);
  return value;
}
