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
  // The fast way through a small object: tasks are made with options at a high rate.
  for (const name in options) {
    if (known.includes(name) || (options as Record<string, unknown>)[name] == null) continue;
    const list = known.length > 0 ? `; it has ${known.join(', ')}` : '';
    throw new NotImplementedError(`${method}() has no option ${name} (yet)${list}`);
  }
}
