// Which functions can be sent to a worker: those that close over nothing.
import test from 'ava';
import { runSync, ThreadPoolExecutor, toThread } from 'mioloop';
import { within } from './support/executors.js';
import { inLoop } from './support/modes.js';
import { errorOf } from './support/outcomes.js';

type Anything = (...args: never[]) => unknown;

const outside = 5;
const helper = (): number => 1;

/** The error of giving `func` to an executor. */
function refusal(func: unknown): Error & { code?: string } {
  let found: unknown;
  runSync(function* () {
    const executor = new ThreadPoolExecutor(1);
    try {
      executor.submit(func as Anything);
    } catch (error) {
      found = error;
    }
    yield* executor.shutdown();
  });
  return found as Error;
}

/** Functions as a program has them, and not as the compiler of the tests does. */
const text = (source: string): Anything => new Function('outside', `return ${source}`)(outside) as Anything;

const REFUSED: readonly [title: string, func: unknown, message: RegExp][] = [
  [
    'a constant of the module',
    () => outside,
    /it closes over outside: pass it as an argument, or give \{ module/,
  ],
  ['two of them', text('() => outside + another + outside'), /it closes over outside, another:/],
  ['another function', () => helper(), /closes over helper/],
  ['a default', text('(a = outside) => a'), /closes over outside/],
  ['an assignment', text('() => { outside = 5; }'), /closes over outside/],
  [
    'a destructuring assignment',
    text('() => { ({ a: outside, b: [nowhere] } = {}); }'),
    /closes over outside, nowhere/,
  ],
  ['a computed key', text('() => ({ [outside]: 1 })'), /closes over outside/],
  ['a shorthand', text('() => ({ outside })'), /closes over outside/],
  ['a base class', text('() => class extends outside {}'), /closes over outside/],
  ['a tag', text('() => outside`x`'), /closes over outside/],
  ['a name of another block', text('() => { { let inner = 1; } return inner; }'), /closes over inner/],
  ['a name of a function inside', text('() => { function f(inner) {} return inner; }'), /closes over inner/],
  [
    'require',
    text('() => require("node:fs")'),
    /closes over require: use process\.getBuiltinModule\(\) or await import/,
  ],
  [
    'a helper of TypeScript',
    text('() => __awaiter(1)'),
    /needs __awaiter, a helper that a compiler has put in/,
  ],
  ['this', text('function () { return this; }'), /it uses this, super or the arguments of what is around it/],
  ['this of an arrow function', text('() => this'), /uses this/],
  ['arguments of an arrow function', text('() => arguments'), /uses this, super or the arguments/],
  ['import.meta', () => import.meta.url, /uses import\.meta/],
  ['a method', { method() {} }.method, /it is a method/],
  ['an async method', { async method() {} }.method, /it is a method/],
  [
    'a getter',
    Object.getOwnPropertyDescriptor(
      {
        get it() {
          return 1;
        },
      },
      'it',
    )!.get,
    /it is a method/,
  ],
  ['a bound function', helper.bind(null), /it is bound or built in/],
  ['a function of the language', Math.max, /it is bound or built in/],
  ['a class', class {}, /it is a class/],
  ['a generator function', function* () {}, /^coroutines cannot be used with submit\(\)$/],
  ['an async generator function', async function* () {}, /^coroutines cannot be used with submit\(\)$/],
  ['a generator', (function* () {})(), /coroutines cannot be used/],
  [
    'a text',
    'add',
    /a function, or a reference as \{ module, export \}, was expected by submit\(\), got the string "add"/,
  ],
  ['nothing', undefined, /was expected by submit\(\), got undefined/],
  [
    'a relative module',
    { module: './jobs.js' },
    /must not be a relative path, got the string ".\/jobs.js": give new URL/,
  ],
  ['a module that is a number', { module: 5 }, /the module of a reference must be a URL or a string, got 5/],
  [
    'an export that is none',
    { module: 'node:fs', export: 5 },
    /the export of a reference must be a string, got 5/,
  ],
];

for (const [title, func, message] of REFUSED) {
  test.serial(`refused: ${title}`, (t) => {
    const error = refusal(func);
    t.true(error instanceof TypeError, String(error));
    t.regex(error.message, message);
  });
}

inLoop('what a function has from itself is its own, whatever it is called', function* (t) {
  yield* within(new ThreadPoolExecutor(1), function* (executor) {
    const own: readonly [string, unknown][] = [
      ['(function factorial(n = 5) { return n < 2 ? 1 : n * factorial(n - 1); })', 120],
      ['() => { var a = 1; { var b = 2; } return a + b; }', 3],
      ['() => { return late(); function late() { return "hoisted"; } }', 'hoisted'],
      ['(a = 1, { b, c: [d] } = { b: 2, c: [3] }, ...rest) => a + b + d + rest.length', 6],
      ['() => { try { throw 1; } catch ({ message = "m" }) { return message; } }', 'm'],
      ['() => { outer: for (const x of [1, 2]) { for (;;) continue outer; } return "label"; }', 'label'],
      ['() => { class A { #p = 1; static s = 2; get p() { return this.#p + A.s; } } return new A().p; }', 3],
      ['() => { const o = { key: 1, method() { return this.key; } }; return o.method(); }', 1],
      ['() => typeof nowhere', 'undefined'],
      ['function () { return arguments.length; }', 0],
      ['async () => { const { sep } = await import("node:path"); return sep; }', '/'],
      ['() => { for (let i = 0, n = 3; ; i++) if (i === n) return i; }', 3],
      ['() => [globalThis, Buffer, performance].length', 3],
      ['() => { const f = __name(() => 1, "named"); return f.name; }', 'named'],
      ['() => { switch (1) { case 1: let a = 1; return a; } }', 1],
    ];
    for (const [source, expected] of own) t.deepEqual(yield* executor.submit(text(source)), expected, source);
  });
});

inLoop('a global of this thread only is refused by the worker, by its name', function* (t) {
  Object.assign(globalThis, { onlyHere: 1 });
  const error = (yield* errorOf(toThread(text('() => onlyHere')))) as Error;
  t.true(error instanceof TypeError);
  t.regex(error.message, /it closes over onlyHere: pass it as an argument/);
});

inLoop('a module that is not there, and an export that is none', function* (t) {
  yield* within(new ThreadPoolExecutor(1), function* (executor) {
    const missing = (yield* errorOf(
      executor.submit({ module: 'file:///nowhere.js' }),
    )) as NodeJS.ErrnoException;
    t.is(missing.code, 'ERR_MODULE_NOT_FOUND');
    const none = (yield* errorOf(executor.submit({ module: 'node:fs', export: 'nothing' }))) as Error;
    t.regex(none.message, /^the module node:fs has no function nothing among its exports$/);
    t.is(yield* executor.submit({ module: 'node:path', export: 'basename' }, '/a/b'), 'b');
    t.throws(() => executor.submit({ module: 'no-such-package' }), { code: 'MODULE_NOT_FOUND' });
  });
});
