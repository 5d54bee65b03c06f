// Runs jobs, in a worker: from an order to its answer.
import type { TransferListItem } from 'node:worker_threads';
import { cannotSend, closesOver } from './closed-text.js';
import { typeError } from './errors.js';
import {
  type Answer,
  describeTarget,
  type Order,
  type Target,
  type TargetText,
  unpackTarget,
} from './executor-wire.js';
import { packError } from './packed-error.js';
import { transferListOf } from './transfer.js';

/** What sends an answer. It throws for what can't be sent. @internal */
export type Reply = (answer: Answer, list: readonly TransferListItem[]) => void;

type AnyFunction = (...args: unknown[]) => unknown;
type Work = Extract<Order, { kind: 'begin' | 'job' }>;

/** @internal */
export class JobRunner {
  readonly #reply: Reply;
  readonly #known = new Map<TargetText, AnyFunction>();

  constructor(reply: Reply) {
    this.#reply = reply;
  }

  /** Runs `work` and answers it. A promise, where that takes longer than this call; it never rejects. */
  run(work: Work): Promise<void> | null {
    try {
      const result = this.#begin(work);
      if (isThenable(result)) {
        return Promise.resolve(result).then(
          (value) => this.#done(work, value),
          (error: unknown) => this.#failed(work, error),
        );
      }
      this.#done(work, result);
    } catch (error) {
      this.#failed(work, error);
    }
    return null;
  }

  #begin(work: Work): unknown {
    const { target, args } = work;
    if (target === null) return undefined;
    const func = this.#known.get(target) ?? this.#find(target);
    const call =
      work.kind === 'job' && work.each
        ? (ready: AnyFunction) => inTurn(ready, args)
        : (ready: AnyFunction) => ready(...args);
    return typeof func === 'function' ? call(func) : func.then(call);
  }

  #done(work: Work, value: unknown): void {
    if (work.kind === 'begin') {
      this.#reply({ kind: 'ready' }, []);
      return;
    }
    try {
      this.#reply({ kind: 'done', value }, transferListOf([value]));
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      const text = `the result of ${describeTarget(work.target)} cannot be sent back: ${why}`;
      this.#failed(work, Object.assign(typeError(text, 'ERR_NOT_CLONEABLE'), { cause }));
    }
  }

  #failed(work: Work, thrown: unknown): void {
    const error = packError(thrown);
    this.#reply({ kind: work.kind === 'begin' ? 'unready' : 'failed', error }, []);
  }

  #find(text: TargetText): AnyFunction | Promise<AnyFunction> {
    const target = unpackTarget(text);
    const learn = (func: AnyFunction): AnyFunction => {
      this.#known.set(text, func);
      return func;
    };
    return 'module' in target ? imported(target).then(learn) : learn(compiled(target));
  }
}

function compiled({ source, name, globals }: Extract<Target, { source: string }>): AnyFunction {
  const missing = globals.filter((one) => !(one in globalThis));
  if (missing.length > 0) throw cannotSend(name, closesOver(missing));
  // As a script of its own, and one that can `import()`, which `vm` has only as an experiment.
  // biome-ignore lint/security/noGlobalEval: to run what the program has sent is what a worker is for
  const run = globalThis.eval;
  const give = run(`'use strict';(__name)=>(${source}\n)\n//# sourceURL=mioloop-job`) as (
    name: typeof named,
  ) => AnyFunction;
  return give(named);
}

async function imported({ module, name }: Extract<Target, { module: string }>): Promise<AnyFunction> {
  const func = exportOf((await import(module)) as Record<string, unknown>, name);
  if (typeof func === 'function') return func as AnyFunction;
  throw typeError(`the module ${module} has no function ${name} among its exports`);
}

/** Not every export of a CommonJS module shows from outside; all are properties of its default. */
function exportOf(exports: Record<string, unknown>, name: string): unknown {
  if (name in exports) return exports[name];
  return (exports.default as Record<string, unknown> | undefined)?.[name];
}

async function inTurn(func: AnyFunction, items: readonly unknown[]): Promise<unknown[]> {
  const results: unknown[] = [];
  for (const item of items) results.push(await func(item));
  return results;
}

/** What esbuild calls where it keeps the names of functions. */
function named(func: object, value: string): object {
  return Object.defineProperty(func, 'name', { value, configurable: true });
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}
