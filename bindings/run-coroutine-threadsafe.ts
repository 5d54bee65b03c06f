// A coroutine of a loop, started from outside of it: from another thread, or by Node's callbacks. asyncio:
// `run_coroutine_threadsafe`.
import { AbstractEventLoop } from './abstract-loop.js';
import {
  type CoroutineLike,
  isAsyncGenerator,
  isCoroutineLike,
  isThenable,
  notCoroutine,
} from './coroutine.js';
import { ensureFuture } from './ensure-future.js';
import { CancelledError, given, typeError } from './errors.js';
import type { EventLoop } from './event-loop.js';
import type { Future } from './future.js';
import { packError, unpackError } from './packed-error.js';
import { runningLoop } from './running.js';
import { type ThreadsafeData, ThreadsafeHandle } from './threadsafe.js';
import type { Order, Outcome, ReplyTo, ThreadsafeCoroutine } from './threadsafe-coroutine.js';

/** Options of `runCoroutineThreadsafe`. */
export interface ThreadsafeRunOptions {
  /** Cancels: the promise rejects with CancelledError (the signal's reason is its cause), and the task is cancelled. */
  signal?: AbortSignal | undefined;
}

/** What identifies a coroutine function of another thread. */
type Remote<A extends unknown[], T> = ThreadsafeCoroutine<A, T> | ThreadsafeData;

/**
 * Runs a coroutine on a loop that this code is no callback of, and gives a promise of its outcome. asyncio:
 * `run_coroutine_threadsafe`.
 *
 * With a coroutine and a loop: for this thread. With the data of a `ThreadsafeCoroutine` and arguments (copies of
 * them arrive): from any thread, with a loop of its own or without. Errors keep class name, message, stack and code.
 *
 * @throws (as a rejection) what the coroutine throws; TypeError for what is no coroutine, or without a loop;
 * RuntimeError `ERR_LOOP_CLOSED` when the loop is closed, `ERR_THREADSAFE_COROUTINE_CLOSED` when the ThreadsafeCoroutine
 * is; CancelledError; DataCloneError for arguments and results that can't be cloned. When a loop of this thread is closed
 * before the coroutine ends, the promise stays pending, as in asyncio; with a ThreadsafeCoroutine it rejects.
 * @example
 * fs.readFile(path, (_error, text) => void runCoroutineThreadsafe(() => publish(text), loop));
 * const answer = await runCoroutineThreadsafe({ signal }, workerData, 'question');    // in a worker
 */
export function runCoroutineThreadsafe<T>(
  coroutine: CoroutineLike<T>,
  loop: EventLoop,
  options?: ThreadsafeRunOptions,
): Promise<T>;
export function runCoroutineThreadsafe<A extends unknown[], T>(remote: Remote<A, T>, ...args: A): Promise<T>;
export function runCoroutineThreadsafe<A extends unknown[], T>(
  options: ThreadsafeRunOptions,
  remote: Remote<A, T>,
  ...args: A
): Promise<T>;
export async function runCoroutineThreadsafe(...args: unknown[]): Promise<unknown> {
  const [first, second, third] = args;
  if (isRemote(first)) return await callRemote(first, args.slice(1), undefined);
  if (isRemote(second))
    return await callRemote(second, args.slice(2), (first as ThreadsafeRunOptions).signal);
  if (!isCoroutineLike(first) || isAsyncGenerator(first)) throw notCoroutineObject(first);
  if (!(second instanceof AbstractEventLoop)) {
    throw typeError(
      `a loop is expected behind the coroutine, as in runCoroutineThreadsafe(coroutine, loop), got ${given(second)}`,
    );
  }
  return await callHere(first, second as EventLoop, (third as ThreadsafeRunOptions | undefined)?.signal);
}

function isRemote(value: unknown): value is Remote<unknown[], unknown> {
  if (typeof value !== 'object' || value === null) return false;
  return 'data' in value ? isRemote(value.data) : 'mailbox' in value && 'handle' in value;
}

function notCoroutineObject(value: unknown): TypeError {
  const hint =
    isThenable(value) || isAsyncGenerator(value) ? notCoroutine(value).message : `got ${given(value)}`;
  return typeError(`A coroutine object is required: ${hint}`);
}

/** On a loop of this thread. */
function callHere(
  coroutine: CoroutineLike<unknown>,
  loop: EventLoop,
  signal: AbortSignal | undefined,
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    let task: Future<unknown> | null = null;
    const stopListening = onAbort(signal, (error) => {
      task?.cancel(signal!.reason);
      reject(error);
    });
    loop.callSoonThreadsafe(() => {
      try {
        task = ensureFuture(coroutine, { loop });
      } catch (error) {
        stopListening();
        reject(error);
        throw error;
      }
      // Aborted meanwhile: it never begins.
      if (signal?.aborted) task.cancel(signal.reason);
      task.addDoneCallback((done) => {
        stopListening();
        try {
          resolve(done.result());
        } catch (error) {
          reject(error);
        }
      });
    });
  });
}

/** On a loop of any thread. */
function callRemote(
  remote: Remote<unknown[], unknown>,
  args: unknown[],
  signal: AbortSignal | undefined,
): Promise<unknown> {
  const handle = ThreadsafeHandle.from<[Order]>('data' in remote ? remote.data : remote);
  return new Promise((resolve, reject) => {
    const stopListening = onAbort(signal, (error) => {
      replies.close();
      reject(error);
      handle.tryCall({ kind: 'cancel', replyTo: replies.address, reason: packError(signal!.reason) });
    });
    const replies = openReplies((outcome) => {
      stop();
      if ('error' in outcome) reject(unpackError(outcome.error));
      else resolve(outcome.result);
    });
    const stop = (): void => {
      replies.close();
      stopListening();
    };
    try {
      handle.call({ kind: 'run', replyTo: replies.address, args });
    } catch (error) {
      stop();
      reject(error);
    }
  });
}

/** Where this thread can be reached: through its loop if one runs (Node stands still then, perhaps), else through Node. */
function openReplies(onReply: (outcome: Outcome) => void): { address: ReplyTo; close: () => void } {
  const loop = runningLoop();
  if (loop !== null) {
    const handle = loop.threadsafe(onReply as (...args: unknown[]) => void);
    return { address: handle.data, close: () => handle.close() };
  }
  const channel = new BroadcastChannel(`mioloop:${crypto.randomUUID()}`);
  channel.onmessage = (event: { data: Outcome }) => onReply(event.data);
  return { address: channel.name, close: () => channel.close() };
}

/**
 * Calls `onCancel` when `signal` aborts, unless the function that is returned was called before.
 * @throws CancelledError when it has aborted already.
 */
function onAbort(signal: AbortSignal | undefined, onCancel: (error: CancelledError) => void): () => void {
  if (signal === undefined) return () => {};
  const cancelled = (): CancelledError => new CancelledError('', { cause: signal.reason });
  if (signal.aborted) throw cancelled();
  const listener = (): void => onCancel(cancelled());
  signal.addEventListener('abort', listener, { once: true });
  return () => signal.removeEventListener('abort', listener);
}
