// Context variables: values that belong to a chain of callbacks and tasks. Python: `contextvars`.
//
// The current values are one immutable map behind one field. A callback captures that field when it is
// scheduled and puts it back when it runs, so following the context costs a field assignment each.
import type { AsyncResource } from 'node:async_hooks';
import { captureStores } from './async-stores.js';
import { given, RuntimeError, rangeError, typeError } from './errors.js';
import { isAsyncFunction } from './functions.js';
import { asyncOwner, running } from './running.js';

/** What the variables are set to. @internal */
export type Values = ReadonlyMap<ContextVar<unknown>, unknown>;

/** Something that keeps values between two times that its code runs. @internal */
export interface Holder {
  values: Values;
}

const NONE: Values = new Map();

/** The values of code that belongs to no callback and no task: the body of a module, Node's own callbacks. */
const outside: Holder = { values: NONE };

/** Whose values they are where no callback runs: the async function's that goes on after an `await`. */
function holder(): Holder {
  return asyncOwner.getStore()?.holder ?? outside;
}

/** The values of the code that runs now, also after an `await`. @internal */
export function currentValues(): Values {
  return running.values ?? holder().values;
}

function setValues(values: Values): void {
  if (running.values !== null) running.values = values;
  else holder().values = values;
}

/**
 * A variable whose value follows callbacks and tasks. Python: `contextvars.ContextVar`.
 *
 * @example
 * const user = new ContextVar<string>('user');
 * const token = user.set('ada');
 * loop.callSoon(() => console.log(user.get())); // ada
 * user.reset(token);
 */
export class ContextVar<T> {
  /** The variable's name, for debugging. */
  readonly name: string;
  readonly #fallback: readonly [] | readonly [T];

  constructor(name: string, ...fallback: [] | [defaultValue: T]) {
    if (typeof name !== 'string') throw typeError('context variable name must be a string');
    this.name = name;
    this.#fallback = fallback;
  }

  /**
   * The value in the current context, else `defaultValue`, else the variable's own default.
   * @throws RuntimeError `ERR_LOOKUP` without any.
   */
  get(...defaultValue: [] | [T]): T {
    const values = currentValues();
    if (values.has(this)) return values.get(this) as T;
    if (defaultValue.length > 0) return defaultValue[0] as T;
    if (this.#fallback.length > 0) return this.#fallback[0] as T;
    throw new RuntimeError(
      `context variable ${this.name} has no value here; set it or give a default`,
      'ERR_LOOKUP',
    );
  }

  /** Sets the value in the current context; the token undoes it. */
  set(value: T): Token<T> {
    const values = currentValues();
    const token = new Token<T>(this, values.has(this) ? [values.get(this) as T] : []);
    setValues(new Map(values).set(this, value));
    return token;
  }

  /**
   * Restores the value that the variable had before the `set` that gave `token`; a token works once.
   * @throws RangeError for a token of another variable; RuntimeError `ERR_TOKEN_USED` the second time.
   */
  reset(token: Token<T>): void {
    if (token.variable !== this) throw rangeError(`the token was made by another variable than ${this.name}`);
    token.use();
    const values = new Map(currentValues());
    if (token.oldValue.length > 0) values.set(this, token.oldValue[0]);
    else values.delete(this);
    setValues(values);
  }
}

/**
 * What `ContextVar.set` gives, to undo it. Python: `contextvars.Token`.
 *
 * @example
 * const user = new ContextVar<string>('user');
 * const token = user.set('ada');
 * token.oldValue; // []: it had none
 * user.reset(token);
 */
export class Token<T> {
  readonly variable: ContextVar<T>;
  /** The value before, in an array that is empty where there was none. */
  readonly oldValue: readonly [] | readonly [T];
  #used = false;

  /** @internal */
  constructor(variable: ContextVar<T>, oldValue: readonly [] | readonly [T]) {
    this.variable = variable;
    this.oldValue = oldValue;
  }

  /** @internal */
  use(): void {
    if (this.#used) throw new RuntimeError('the token has already been used once', 'ERR_TOKEN_USED');
    this.#used = true;
  }
}

/**
 * A set of context variables with their values. Python: `contextvars.Context`.
 *
 * @example
 * const user = new ContextVar<string>('user', 'nobody');
 * const context = new Context();
 * context.run(() => user.set('ada'));
 * console.log(context.get(user), user.get()); // ada nobody
 * loop.callSoon({ context }, () => console.log(user.get())); // ada
 */
export class Context {
  /** @internal Those of the code in it, while it is entered. */
  values: Values;
  /** @internal The stores of AsyncLocalStorage that are entered with it. */
  stores: AsyncResource | null = null;
  /** @internal */
  entered = false;

  /** An empty context. */
  constructor();
  /** @internal One with these values. */
  constructor(values: Values);
  constructor(values: Values = NONE) {
    this.values = values;
  }

  /**
   * Calls `callback` in this context and returns its result.
   * @throws RuntimeError `ERR_CONTEXT_ENTERED` when the context is entered already; what `callback` throws.
   */
  run<A extends unknown[], R>(callback: (...args: A) => R, ...args: A): R {
    if (this.entered) {
      throw new RuntimeError('cannot enter context: it is already entered', 'ERR_CONTEXT_ENTERED');
    }
    const outer = running.values;
    this.entered = true;
    running.values = this.values;
    try {
      return this.stores === null ? callback(...args) : this.stores.runInAsyncScope(() => callback(...args));
    } finally {
      this.values = running.values!;
      running.values = outer;
      this.entered = false;
    }
  }

  /** `run` of a method with one argument, without its checks: a protocol is called at packet rate. @internal */
  call<S, A, R>(receiver: S, method: (this: S, argument: A) => R, argument: A): R {
    const outer = running.values;
    running.values = this.values;
    try {
      if (isAsyncFunction(method)) return this.runAsync(() => this.invoke(receiver, method, argument));
      return this.invoke(receiver, method, argument);
    } finally {
      this.values = running.values!;
      running.values = outer;
    }
  }

  /** `call` of a method with two arguments. @internal */
  callWithTwo<S, A, B, R>(receiver: S, method: (this: S, first: A, second: B) => R, first: A, second: B): R {
    const outer = running.values;
    running.values = this.values;
    try {
      if (isAsyncFunction(method))
        return this.runAsync(() => this.invokeWithTwo(receiver, method, first, second));
      return this.invokeWithTwo(receiver, method, first, second);
    } finally {
      this.values = running.values!;
      running.values = outer;
    }
  }

  private invokeWithTwo<S, A, B, R>(
    receiver: S,
    method: (this: S, first: A, second: B) => R,
    first: A,
    second: B,
  ): R {
    if (this.stores === null) return method.call(receiver, first, second);
    return this.stores.runInAsyncScope(method, receiver, first, second) as R;
  }

  private invoke<S, A, R>(receiver: S, method: (this: S, argument: A) => R, argument: A): R {
    if (this.stores === null) return method.call(receiver, argument);
    return this.stores.runInAsyncScope(method, receiver, argument) as R;
  }

  /**
   * Calls an async callback, in this context already: what goes on behind its awaits has the same variables.
   * @internal
   */
  runAsync<R>(callback: () => R): R {
    return asyncOwner.run(this, callback);
  }

  /** @internal Of an async callback. */
  get holder(): Holder {
    return this;
  }

  /** @internal A callback belongs to no task. */
  get ownerTask(): null {
    return null;
  }

  /** The value of `variable` in this context, undefined where it has none. */
  get<T>(variable: ContextVar<T>): T | undefined {
    return this.current().get(variable) as T | undefined;
  }

  /** Whether `variable` has a value in this context. */
  has(variable: ContextVar<unknown>): boolean {
    return this.current().has(variable);
  }

  /** A copy that later changes do not reach, in constant time. */
  copy(): Context {
    return contextWith(this.current());
  }

  private current(): Values {
    return this.entered && running.values !== null ? running.values : this.values;
  }
}

// A class that names itself inside would get another name in the bundle.
function contextWith(values: Values): Context {
  return new Context(values);
}

/** What was given to `method` as a context. @throws TypeError for what is none. @internal */
export function checkContext(context: unknown, method: string): Context {
  if (context instanceof Context) return context;
  throw typeError(`the context given to ${method}() must be a Context, got ${given(context)}`);
}

/**
 * A copy of the current context. Python: `contextvars.copy_context`.
 *
 * @example
 * const user = new ContextVar<string>('user');
 * user.set('ada');
 * const context = copyContext();
 * user.set('bob');
 * context.run(() => console.log(user.get())); // ada
 */
export function copyContext(): Context {
  return new Context(currentValues());
}

/** A copy of the current context that also has the stores of AsyncLocalStorage, if the loop follows them. @internal */
export function captureContext(followStores: boolean): Context {
  const context = copyContext();
  if (followStores) context.stores = captureStores();
  return context;
}
