// The results of several things at once. asyncio: `gather`.
import { isCoroutine, isThenable } from './coroutine.js';
import { DoneWaiter } from './done-waiter.js';
import { ensureFuture } from './ensure-future.js';
import { CancelledError, given, typeError } from './errors.js';
import type { Awaitable, EventLoop } from './event-loop.js';
import { errorOf, Future } from './future.js';
import { getEventLoop } from './loops.js';
import { Scope } from './scope.js';

/** Options of `gather`, behind what is awaited. */
export interface GatherOptions {
  /** Whether errors are put among the results, where else the first one ends it. */
  returnExceptions?: boolean | undefined;
}

/** What waiting for `X` gives. */
export type ResultOf<X> =
  X extends PromiseLike<infer T>
    ? T
    : X extends Generator<unknown, infer T, never>
      ? T
      : X extends () => Generator<unknown, infer T, never> | PromiseLike<infer T>
        ? T
        : never;

/** What `gather` gives for `A`. */
export type GatherResults<A extends readonly unknown[]> = { -readonly [I in keyof A]: ResultOf<A[I]> };

/** The same, where errors are results too. */
export type GatherOutcomes<A extends readonly unknown[]> = {
  -readonly [I in keyof A]: ResultOf<A[I]> | Error;
};

/**
 * Runs everything at once; the future's result is an array of the results, in the order given. asyncio: `gather`.
 * The first error ends the future at once, and the others go on, unless `returnExceptions` is true. Cancelling
 * the future cancels all that are not done. The same future or generator given twice runs once.
 *
 * @throws TypeError for what is neither a future nor a coroutine; RangeError for futures of different loops.
 * @example
 * const [user, orders] = yield* gather(loadUser(id), loadOrders(id));
 * const outcomes = yield* gather(...tasks, { returnExceptions: true });
 */
export function gather<A extends Awaitable<unknown>[]>(...awaitables: A): Future<GatherResults<A>>;
export function gather<A extends Awaitable<unknown>[]>(
  ...args: [...awaitables: A, options: GatherOptions & { returnExceptions: true }]
): Future<GatherOutcomes<A>>;
export function gather<A extends Awaitable<unknown>[]>(
  ...args: [...awaitables: A, options: GatherOptions]
): Future<GatherResults<A> | GatherOutcomes<A>>;
export function gather(...args: unknown[]): Future<unknown[]> {
  const options = isOptions(args.at(-1)) ? (args.pop() as GatherOptions) : {};
  const { returnExceptions = false, ...others } = options;
  const [unknownName] = Object.keys(others);
  if (unknownName !== undefined) throw typeError(`gather() has no option ${unknownName}`);
  if (typeof returnExceptions !== 'boolean') {
    throw typeError(`returnExceptions must be a boolean, got ${given(returnExceptions)}`);
  }
  return gatherAll(args as Awaitable<unknown>[], returnExceptions);
}

/** `gather` of an array. @internal */
export function gatherAll(
  awaitables: readonly Awaitable<unknown>[],
  returnExceptions: boolean,
): Future<unknown[]> {
  if (awaitables.length === 0) {
    const outer = getEventLoop().createFuture<unknown[]>();
    outer.setResult([]);
    return outer;
  }
  let outer: GatheringFuture | null = null;
  let loop: EventLoop | undefined;
  // A future given twice is waited for twice, which nobody sees; only a coroutine needs to be found again.
  const tasks = new Map<unknown, Future<unknown>>();
  for (const awaitable of awaitables) {
    let future = tasks.get(awaitable);
    if (future === undefined) {
      try {
        future = ensureFuture(awaitable, { loop });
      } catch (error) {
        outer?.abandon();
        throw error;
      }
      if (isCoroutine(awaitable) || awaitable instanceof Scope) tasks.set(awaitable, future);
    }
    loop ??= future.getLoop();
    outer ??= new GatheringFuture(loop, returnExceptions);
    outer.add(future);
  }
  outer!.begin();
  return outer!;
}

class GatheringFuture extends Future<unknown[]> {
  private readonly children: Future<unknown>[] = [];
  private readonly returnExceptions: boolean;
  private readonly waiter: DoneWaiter;
  /** Those that were done from the start. */
  private early: Future<unknown>[] | null = null;
  private collected = 0;
  private cancelRequested = false;

  constructor(loop: EventLoop, returnExceptions: boolean) {
    super(loop);
    this.returnExceptions = returnExceptions;
    this.waiter = new DoneWaiter((child) => this.collect(child), this);
  }

  /** One more to wait for. */
  add(child: Future<unknown>): void {
    this.children.push(child);
    if (!child.done()) child.addWaiter(this.waiter);
    else if (this.early === null) this.early = [child];
    else this.early.push(child);
  }

  /** All are there. When all are done, so is this. */
  begin(): void {
    const early = this.early ?? [];
    this.early = null;
    for (const child of early) this.collect(child);
  }

  /** Nobody will get it; what goes on already is left alone. */
  abandon(): void {
    this.settleCancelled(undefined);
  }

  /** Cancels what is not done. It is their end that ends this future, so that nothing of them is lost. */
  override cancel(message?: unknown): boolean {
    if (this.done()) return false;
    let reached = false;
    for (const child of this.children) {
      if (child.cancel(message)) reached = true;
    }
    if (reached) this.cancelRequested = true;
    return reached;
  }

  private collect(child: Future<unknown>): void {
    this.collected += 1;
    if (this.done()) {
      // Nobody will ask for its error: it counts as seen.
      if (!child.cancelled()) child.exception();
      return;
    }
    if (!this.returnExceptions && (child.cancelled() || child.hasFailed())) {
      this.settleException(errorOf(child));
    } else if (this.collected === this.children.length) {
      this.end();
    }
  }

  private end(): void {
    if (this.cancelRequested) {
      const last = this.children.at(-1)!;
      this.settleException(last.cancelled() ? errorOf(last) : new CancelledError());
      return;
    }
    const results: unknown[] = [];
    for (const child of this.children) {
      // An error may be any value, so only throwing tells it from a result.
      try {
        results.push(child.result());
      } catch (error) {
        if (!this.returnExceptions) {
          this.settleException(error);
          return;
        }
        results.push(error);
      }
    }
    this.settleResult(results);
  }
}

/** Whether the last argument is not something to wait for, but says how. */
function isOptions(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return (prototype === Object.prototype || prototype === null) && !isThenable(value);
}
