// Anything that can be awaited, as a future. asyncio: `ensure_future`.
import { ASYNC_GENERATOR, isAsyncGenerator, isCoroutineLike, isThenable } from './coroutine.js';
import { given, rangeError, typeError } from './errors.js';
import type { Awaitable, EventLoop } from './event-loop.js';
import { Future } from './future.js';
import { getEventLoop } from './loops.js';
import { checkOptions } from './options.js';

/** Options of `ensureFuture`. */
export interface EnsureFutureOptions {
  /** The loop that a coroutine becomes a task of; the current one without it. */
  loop?: EventLoop | undefined;
}

const OPTIONS = ['loop'];
const NONE: EnsureFutureOptions = {};

/**
 * `awaitable` itself when it is a future (a task, an operation), else a new task that runs it. asyncio:
 * `ensure_future`.
 *
 * @throws TypeError for what is neither a future nor a coroutine (a promise: `wrapFuture` makes a future of it);
 * RangeError for a future of another loop; RuntimeError without a current loop.
 * @example
 * const future = ensureFuture(sleep(1, 'slept'));
 * const task = ensureFuture(function* () { return yield* future; });
 */
export function ensureFuture<F extends Future<unknown>>(awaitable: F, options?: EnsureFutureOptions): F;
export function ensureFuture<T>(awaitable: Awaitable<T>, options?: EnsureFutureOptions): Future<T>;
export function ensureFuture<T>(awaitable: Awaitable<T>, options: EnsureFutureOptions = NONE): Future<T> {
  if (options !== NONE) checkOptions(options, OPTIONS, 'ensureFuture');
  const { loop } = options;
  if (!(awaitable instanceof Future)) {
    if (!isCoroutineLike(awaitable)) throw notAwaitable(awaitable);
    return (loop ?? getEventLoop()).createTask(awaitable);
  }
  if (loop !== undefined) checkLoop(awaitable, loop);
  return awaitable;
}

/** @throws RangeError for a future of another loop. @internal */
export function checkLoop(future: Future<unknown>, loop: EventLoop): void {
  if (future.getLoop() === loop) return;
  throw rangeError(
    'The future belongs to a different loop than the one specified as the loop argument',
    'ERR_OTHER_LOOP',
  );
}

/** The error of a value that is given where something to wait for is expected. @internal */
export function notAwaitable(value: unknown): TypeError {
  return typeError(`a future, a coroutine or an awaitable is required, got ${hintFor(value)}`);
}

function hintFor(value: unknown): string {
  if (isThenable(value))
    return 'a promise: wrapFuture(promise) makes a future of it, and () => f(x) is a coroutine';
  if (Array.isArray(value)) return 'an array: gather(...array) waits for what is in it';
  return isAsyncGenerator(value) ? ASYNC_GENERATOR : given(value);
}
