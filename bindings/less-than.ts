// `<` as Python's: of numbers, of strings, and of arrays as Python compares tuples. What has no order is an error.
import { given, typeError } from './errors.js';

/**
 * Whether `a` is less than `b`.
 * @throws TypeError `ERR_NOT_COMPARABLE` where that has no answer, as for a number and a string.
 * @internal
 */
export function lessThan(a: unknown, b: unknown): boolean {
  if (typeof a === 'number' && typeof b === 'number') return a < b;
  if (Array.isArray(a) && Array.isArray(b)) return tupleLess(a, b);
  const left = primitive(a);
  const right = primitive(b);
  const isOrdered = isNumeric(left)
    ? isNumeric(right)
    : typeof left === 'string' && typeof right === 'string';
  if (!isOrdered) {
    throw typeError(
      `'<' is not supported between ${given(a)} and ${given(b)}: give numbers, strings, arrays of them, objects ` +
        'with such a valueOf(), or the option compare',
      'ERR_NOT_COMPARABLE',
    );
  }
  return (left as number) < (right as number);
}

/** The first elements that are not equal decide; where there are none, the shorter array is less. */
function tupleLess(a: readonly unknown[], b: readonly unknown[]): boolean {
  const shared = Math.min(a.length, b.length);
  for (let index = 0; index < shared; index++) {
    if (!equal(a[index], b[index])) return lessThan(a[index], b[index]);
  }
  return a.length < b.length;
}

function equal(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((x, i) => equal(x, b[i]));
  const left = primitive(a);
  const right = primitive(b);
  if (left === right) return true;
  // A number equals a bigint of its value, which === denies.
  return isNumeric(left) && isNumeric(right) && left <= right && left >= right;
}

function primitive(value: unknown): unknown {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value.valueOf() : value;
}

/** Booleans are numbers, as in Python. */
function isNumeric(value: unknown): value is number | bigint | boolean {
  return typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean';
}
