// What is said of a function that can't be sent to a worker, here and there: its text is read here, and only the worker
// knows its own globals.
import { typeError } from './errors.js';

/** What compilers call helpers of theirs: TypeScript, SWC and Babel, and what measures the coverage of tests. */
const HELPER = /^(__\w+|_[a-z]+(_[a-z]+)+|_\w*[tT]oGenerator|cov_\w+)$/;

/** What to do instead of sending a function. @internal */
export const INSTEAD = 'give { module, export } of a function that is exported';

/** @internal */
export function closesOver(names: readonly string[]): string {
  const list = names.join(', ');
  if (names.every((name) => HELPER.test(name)))
    return `needs ${list}, a helper that a compiler has put in: compile for a newer target (ES2022), or ${INSTEAD}`;
  if (names.includes('require'))
    return `closes over ${list}: use process.getBuiltinModule() or await import() in it, or ${INSTEAD}`;
  return `closes over ${list}: pass it as an argument, or ${INSTEAD}`;
}

/** The error of a function that can't be sent; `why` goes on behind 'it'. @internal */
export function cannotSend(name: string, why: string): TypeError {
  return typeError(`the function ${name} cannot run in a worker: it ${why}`, 'ERR_NOT_CLOSED');
}
