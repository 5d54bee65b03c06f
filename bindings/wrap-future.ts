// A promise as a future of the loop, which can be cancelled. asyncio: `wrap_future`.
import { abortSignal, cancelOn } from './abort.js';
import { isThenable } from './coroutine.js';
import { CancelledError, given, typeError } from './errors.js';
import type { EventLoop } from './event-loop.js';
import { Future } from './future.js';
import { checkOptions } from './options.js';
import { getRunningLoop } from './running.js';

/** Options of `wrapFuture`. */
export interface WrapOptions {
  /** The loop of the future; the running one without it. */
  loop?: EventLoop | undefined;
  /** Cancels the future when it is aborted. */
  signal?: AbortSignal | undefined;
}

/**
 * A future of what `promise` gives. Cancelling the future ends the wait, not the work; give a function that takes an
 * AbortSignal instead of a promise, and the cancel aborts that signal. asyncio: `wrap_future`.
 *
 * @throws TypeError for what is neither; RuntimeError `ERR_NO_RUNNING_LOOP` without a loop.
 * @example
 * const text = yield* wrapFuture(readFile('notes.txt', 'utf8'));
 * const response = yield* wrapFuture((signal) => fetch(url, { signal }));
 */
export function wrapFuture<T>(
  promise: PromiseLike<T> | ((signal: AbortSignal) => PromiseLike<T>),
  options: WrapOptions = {},
): Future<Awaited<T>> {
  checkOptions(options, ['loop', 'signal'], 'wrapFuture');
  if (promise instanceof Future) {
    if (options.signal !== undefined) cancelOn(promise, options.signal);
    return promise as Future<Awaited<T>>;
  }
  const loop = options.loop ?? getRunningLoop();
  const future = loop.createFuture<Awaited<T>>();
  const source: unknown = typeof promise === 'function' ? promise(abortSignal(future)) : promise;
  if (!isThenable(source))
    throw typeError(`a promise, or a function that gives one, is expected, not ${given(source)}`);
  source.then(
    (value) => settle(future, () => future.setResult(value as Awaited<T>)),
    (error: unknown) => settle(future, () => settleFailed(future, error)),
  );
  if (options.signal !== undefined) cancelOn(future, options.signal);
  return future;
}

/** A future that was cancelled has no use for the outcome, and neither has a loop that is closed. */
function settle(future: Future<unknown>, set: () => void): void {
  if (!future.done() && !future.getLoop().isClosed()) set();
}

/** What was cancelled over there is cancelled here. */
function settleFailed(future: Future<unknown>, error: unknown): void {
  if (error instanceof CancelledError) future.cancel(error);
  else future.setException(error);
}
