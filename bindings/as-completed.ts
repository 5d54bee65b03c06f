// Several things in the order in which they are done. asyncio: `as_completed`.
import { isCoroutineLike, isIterable, isThenable } from './coroutine.js';
import { DoneWaiter } from './done-waiter.js';
import { ensureFuture } from './ensure-future.js';
import { given, secondsOrNull, TimeoutError, typeError } from './errors.js';
import type { Awaitable, EventLoop } from './event-loop.js';
import type { Future } from './future.js';
import type { ResultOf } from './gather.js';
import type { TimerHandle } from './handle.js';
import { getEventLoop } from './loops.js';
import { Operation } from './operation.js';
import { checkOptions } from './options.js';
import { Queue } from './queue.js';
import { Scope } from './scope.js';
import type { Coroutine } from './stepping.js';

/** Options of `asCompleted`. */
export interface AsCompletedOptions {
  /** Seconds after which those that are not done give a TimeoutError; null, the default: none. */
  timeout?: number | null | undefined;
}

const OPTIONS = ['timeout'];

/** The future that `asCompleted` gives for `X`: itself, or the task that was made of it. */
export type FutureOf<X> = X extends Future<unknown> ? X : Future<ResultOf<X>>;

/**
 * A future that is done: `result()` gives its result. To the type, it can't be awaited: TypeScript takes `for await` to
 * await what it gives, which JavaScript does not do.
 */
export type Completed<F> = F & { readonly then: never };

/**
 * Runs everything at once and gives it in the order in which it is done. asyncio: `as_completed`.
 *
 * `for…of` gives coroutines: each waits for the next one that is done, and gives its result or throws its error.
 * `for await` gives the futures themselves, done: the very ones that were passed in, or the tasks made of them.
 *
 * @throws TypeError for what is no iterable of things to wait for; RuntimeError without a current loop.
 * TimeoutError comes out of what is waited for.
 * @example
 * for (const next of asCompleted(tasks)) console.log(yield* next);
 * // for await (const task of asCompleted(tasks, { timeout: 5 })) console.log(task === mine, task.result());
 */
export function asCompleted<A extends Awaitable<unknown>>(
  awaitables: Iterable<A>,
  options: AsCompletedOptions = {},
): AsCompleted<A> {
  checkOptions(options, OPTIONS, 'asCompleted');
  if (!isIterable(awaitables) || isCoroutineLike(awaitables) || isThenable(awaitables)) {
    throw typeError(`expects an iterable of awaitables, not ${given(awaitables)}`);
  }
  return new AsCompleted(awaitables, secondsOrNull(options.timeout ?? null, 'timeout'));
}

/**
 * What `asCompleted` gives: an iterator of both kinds. It is gone through once.
 *
 * @example
 * const all = asCompleted([sleep(2, 'b'), sleep(1, 'a')]);
 * for (const next of all) console.log(yield* next); // a, b
 * // or, in an async function: for await (const future of all) console.log(future.result());
 */
export class AsCompleted<A>
  implements IterableIterator<Scope<ResultOf<A>>>, AsyncIterable<Completed<FutureOf<A>>>
{
  private readonly loop: EventLoop;
  private readonly todo = new Set<Future<unknown>>();
  /** Done, and not given out yet; null: the time was up. */
  private readonly finished = new Queue<Future<unknown> | null>();
  private readonly waiter = new DoneWaiter((future) => this.completed(future), null);
  private readonly timer: TimerHandle | null = null;
  /** How many are to be given out. */
  private left: number;

  /** @internal */
  constructor(awaitables: Iterable<A>, timeout: number | null) {
    this.loop = getEventLoop();
    const { loop, todo } = this;
    for (const awaitable of new Set(awaitables)) {
      todo.add(ensureFuture(awaitable as Awaitable<unknown>, { loop }));
    }
    for (const future of todo) future.addWaiter(this.waiter);
    this.left = todo.size;
    if (timeout !== null && todo.size > 0) this.timer = loop.callLater(timeout, () => this.timeIsUp());
  }

  /** The next coroutine: wait for it with `yield*` or `await`. */
  next(): IteratorResult<Scope<ResultOf<A>>, undefined> {
    if (this.left === 0) return { done: true, value: undefined };
    this.left -= 1;
    return { done: false, value: new Scope('asCompleted', () => this.nextResult()) };
  }

  [Symbol.iterator](): this {
    return this;
  }

  [Symbol.asyncIterator](): AsyncIterator<Completed<FutureOf<A>>, undefined> {
    return { next: () => this.nextFuture() };
  }

  /** How much is left to be given out. */
  toString(): string {
    return `<AsCompleted left=${this.left}>`;
  }

  /** @internal */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }

  private *nextResult(): Coroutine<ResultOf<A>> {
    return (yield* this.take()).result() as ResultOf<A>;
  }

  private async nextFuture(): Promise<IteratorResult<Completed<FutureOf<A>>, undefined>> {
    if (this.left === 0) return { done: true, value: undefined };
    this.left -= 1;
    // In an object: awaiting the future itself would give its result.
    const take = this.take();
    const [future] = await new Operation(this.loop, boxed(take));
    return { done: false, value: future as Completed<FutureOf<A>> };
  }

  private *take(): Coroutine<Future<unknown>> {
    const future = yield* this.finished.get();
    if (future === null) throw new TimeoutError();
    return future;
  }

  private completed(future: Future<unknown>): void {
    if (!this.todo.delete(future)) return;
    this.finished.putNowait(future);
    if (this.todo.size === 0) this.timer?.cancel();
  }

  private timeIsUp(): void {
    for (const future of this.todo) {
      future.removeWaiter(this.waiter);
      this.finished.putNowait(null);
    }
    this.todo.clear();
  }
}

function* boxed<T>(coroutine: Coroutine<T>): Coroutine<[T]> {
  return [yield* coroutine];
}
