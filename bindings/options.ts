// Options objects: what is not known is refused, never ignored.
import { given, NotImplementedError, typeError } from './errors.js';

/**
 * @throws NotImplementedError for an option that has a value and is not among `known`: asyncio has more than
 * are here yet, and a mistyped one must not pass; TypeError for what is no object.
 * @internal
 */
export function checkOptions(options: unknown, known: readonly string[], method: string): void {
  if (typeof options !== 'object' || options === null) {
    throw typeError(`the options of ${method}() must be an object, got ${given(options)}`);
  }
  for (const [name, value] of Object.entries(options)) {
    if (known.includes(name) || value === undefined || value === null) continue;
    const list = known.length > 0 ? `; it has ${known.join(', ')}` : '';
    throw new NotImplementedError(`${method}() has no option ${name} (yet)${list}`);
  }
}
