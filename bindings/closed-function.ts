// Functions that are sent to a worker as text. They must close over nothing, which only their text tells: a parser reads
// it, and what the function does not have from itself must be a global.
import { createRequire } from 'node:module';
import type * as Acorn from 'acorn';
import { cannotSend, closesOver, INSTEAD } from './closed-text.js';
import { packTarget, type TargetText } from './executor-wire.js';
import { type FreeNames, freeNames } from './free-names.js';

/** Loaded by the first function: programs that give references never need it. */
let acorn: typeof Acorn | null = null;

/** What is known of each function: to read one takes a tenth of a millisecond. */
const known = new WeakMap<object, TargetText>();

const NATIVE = /\{\s*\[native code\]\s*\}\s*$/;
/** What a worker gives a function though it is no global: esbuild's `keepNames`. */
const GIVEN = new Set(['__name']);

/**
 * `func` as text, checked.
 * @throws TypeError that says what it closes over, or what it is that can't be sent.
 * @internal
 */
export function closedFunction(func: (...args: never[]) => unknown): TargetText {
  const target = known.get(func);
  if (target !== undefined) return target;
  const name = func.name || '(anonymous)';
  const source = Function.prototype.toString.call(func);
  const { names, usesThis, usesMeta } = read(source, name);
  if (usesThis) throw cannotSend(name, `uses this, super or the arguments of what is around it: ${INSTEAD}`);
  if (usesMeta) throw cannotSend(name, `uses import.meta, which belongs to its module: ${INSTEAD}`);
  const missing = names.filter((one) => !(one in globalThis) && !GIVEN.has(one));
  if (missing.length > 0) throw cannotSend(name, closesOver(missing));
  const made = packTarget({ source, name, globals: names.filter((one) => !GIVEN.has(one)) });
  known.set(func, made);
  return made;
}

function read(source: string, name: string): FreeNames {
  if (NATIVE.test(source)) throw cannotSend(name, `is bound or built in, and has no text: ${INSTEAD}`);
  if (/^class\b/.test(source))
    throw cannotSend(name, 'is a class: give a function that makes what is needed of it');
  const program = parse(`(${source}\n)`) ?? methodOrNothing(source, name);
  const [statement] = program.body;
  return freeNames((statement as Acorn.ExpressionStatement).expression);
}

function methodOrNothing(source: string, name: string): never {
  const why = parse(`({${source}\n})`) === null ? 'has a text that is no function' : 'is a method';
  throw cannotSend(name, `${why}, which can't be sent: ${INSTEAD}, or a function () { … }`);
}

/** Null for what is no program. Modules are strict, and so is what is sent. */
function parse(text: string): Acorn.Program | null {
  acorn ??= createRequire(import.meta.url)('acorn') as typeof Acorn;
  try {
    return acorn.parse(text, { ecmaVersion: 'latest', sourceType: 'module' });
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
