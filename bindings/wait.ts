// Waiting for some of several futures. asyncio: `wait`.
import { isCoroutine, isCoroutineLike, isIterable, isThenable } from './coroutine.js';
import { DoneWaiter } from './done-waiter.js';
import { given, rangeError, typeError } from './errors.js';
import type { EventLoop } from './event-loop.js';
import { Future } from './future.js';
import type { TimerHandle } from './handle.js';
import { Operation } from './operation.js';
import { checkOptions } from './options.js';
import { activeTask, getRunningLoop } from './running.js';
import type { Coroutine } from './stepping.js';

/** `wait` ends when any future is done or cancelled. */
export const FIRST_COMPLETED = 'FIRST_COMPLETED';
/** `wait` ends when any future has an error, or all are done. */
export const FIRST_EXCEPTION = 'FIRST_EXCEPTION';
/** `wait` ends when all futures are done or cancelled. */
export const ALL_COMPLETED = 'ALL_COMPLETED';

/** When `wait` ends. */
export type ReturnWhen = typeof FIRST_COMPLETED | typeof FIRST_EXCEPTION | typeof ALL_COMPLETED;

/** Options of `wait`. */
export interface WaitOptions {
  /** Seconds after which it ends in any case, without an error; null, the default: never. */
  timeout?: number | null | undefined;
  /** `ALL_COMPLETED` (the default), `FIRST_COMPLETED` or `FIRST_EXCEPTION`. */
  returnWhen?: ReturnWhen | undefined;
}

const OPTIONS = ['timeout', 'returnWhen'];

/**
 * Waits for futures and gives two sets: those that are done, and those that are not. asyncio: `wait`. It cancels
 * nothing and throws none of their errors.
 *
 * @throws TypeError for anything else than an iterable of futures and tasks; RangeError for an empty one and for
 * an unknown `returnWhen`; RuntimeError where no loop runs.
 * @example
 * const [done, pending] = yield* wait(tasks, { timeout: 5, returnWhen: FIRST_COMPLETED });
 * for (const task of pending) task.cancel();
 */
export function wait<F extends Future<unknown>>(
  futures: Iterable<F>,
  options: WaitOptions = {},
): Operation<[done: Set<F>, pending: Set<F>]> {
  checkOptions(options, OPTIONS, 'wait');
  const { timeout = null, returnWhen = ALL_COMPLETED } = options;
  const awaited = futuresOf(futures);
  if (returnWhen !== FIRST_COMPLETED && returnWhen !== FIRST_EXCEPTION && returnWhen !== ALL_COMPLETED) {
    throw rangeError(`Invalid returnWhen value: ${String(returnWhen)}`);
  }
  const loop = getRunningLoop();
  return new Operation(loop, waiting(loop, awaited, timeout, returnWhen));
}

function futuresOf<F extends Future<unknown>>(futures: Iterable<F>): Set<F> {
  if (futures instanceof Future || isCoroutineLike(futures) || !isIterable(futures)) {
    throw typeError(`expect a list of futures, not ${given(futures)}${hintFor(futures)}`);
  }
  const awaited = new Set(futures);
  if (awaited.size === 0) throw rangeError('Set of Tasks/Futures is empty.');
  for (const future of awaited as Set<unknown>) {
    if (future instanceof Future) continue;
    if (isCoroutineLike(future)) throw typeError('Passing coroutines is forbidden, use tasks explicitly.');
    throw typeError(`a future or task is expected, got ${given(future)}${hintFor(future)}`);
  }
  return awaited;
}

/** What to do about what is no list, or no future. */
function hintFor(value: unknown): string {
  if (value instanceof Future) return ': put it into an array';
  // A generator of futures looks like a coroutine.
  if (isCoroutine(value)) return ' (spread it into an array when it gives futures)';
  return isThenable(value) ? ': wrapFuture(promise) makes a future of a promise' : '';
}

/** The body of `wait`. @internal */
export function* waiting<F extends Future<unknown>>(
  loop: EventLoop,
  futures: Set<F>,
  timeout: number | null,
  returnWhen: ReturnWhen,
): Coroutine<[done: Set<F>, pending: Set<F>]> {
  const ended = loop.createFuture<void>();
  const end = (): void => {
    if (!ended.done()) ended.setResult();
  };
  const timer: TimerHandle | null = timeout === null ? null : loop.callLater(timeout, end);
  let left = futures.size;
  const waiter = new DoneWaiter((future) => {
    left -= 1;
    if (left > 0 && returnWhen === ALL_COMPLETED) return;
    if (left > 0 && returnWhen === FIRST_EXCEPTION) {
      if (!future.hasFailed()) return;
      // As asyncio: the error that ends the wait counts as seen.
      future.exception();
    }
    timer?.cancel();
    end();
  }, activeTask());
  for (const future of futures) future.addWaiter(waiter);
  try {
    yield* ended;
  } finally {
    timer?.cancel();
    for (const future of futures) future.removeWaiter(waiter);
  }
  const done = new Set<F>();
  const pending = new Set<F>();
  for (const future of futures) (future.done() ? done : pending).add(future);
  return [done, pending];
}
