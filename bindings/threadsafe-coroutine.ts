// A coroutine function that other threads can run on this loop: the loop's side of `runCoroutineThreadsafe`.
import { given, RuntimeError, typeError } from './errors.js';
import type { EventLoop } from './event-loop.js';
import type { Future } from './future.js';
import { type PackedError, packError, unpackError } from './packed-error.js';
import type { Coroutine } from './stepping.js';
import { type Refuser, type ThreadsafeData, ThreadsafeHandle } from './threadsafe.js';

/** Where the outcome goes: a handle of the caller's loop, or a channel's name where the caller has no loop. @internal */
export type ReplyTo = ThreadsafeData | string;

/** What the caller's thread asks for. @internal */
export type Order =
  | { kind: 'run'; replyTo: ReplyTo; args: unknown[] }
  | { kind: 'cancel'; replyTo: ReplyTo; reason: PackedError };

/** What it gets. @internal */
export type Outcome = { result: unknown } | { error: PackedError };

/**
 * A coroutine function that other threads can run on `loop`; they get its result or its error. asyncio needs no such
 * thing for `run_coroutine_threadsafe`: there, threads share the coroutine.
 *
 * @throws TypeError unless it is given a function; RuntimeError when the loop is closed.
 * @example
 * // in the loop's thread
 * const ask = new ThreadsafeCoroutine(loop, function* (question: string) { return yield* answer(question); });
 * new Worker('./job.js', { workerData: ask.data });
 * // in job.js
 * const answer = await runCoroutineThreadsafe(workerData, 'what is it?');
 */
export class ThreadsafeCoroutine<A extends unknown[] = unknown[], T = unknown> {
  /** Post this to the other thread: `runCoroutineThreadsafe` takes it there. */
  readonly data: ThreadsafeData;
  private readonly loop: EventLoop;
  private readonly body: (...args: A) => Coroutine<T> | PromiseLike<T>;
  private readonly handle: ThreadsafeHandle<[Order]>;
  private readonly calls = new Calls();

  constructor(loop: EventLoop, body: (...args: A) => Coroutine<T> | PromiseLike<T>) {
    if (typeof body !== 'function') throw typeError(`a coroutine function is expected, got ${given(body)}`);
    this.loop = loop;
    this.body = body;
    this.handle = loop.threadsafe((order: Order) => this.receive(order), this.calls);
    this.data = this.handle.data;
  }

  /** Ends it: later calls fail with RuntimeError `ERR_THREADSAFE_COROUTINE_CLOSED`, what runs goes on. */
  close(): void {
    this.handle.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  private receive(order: Order): void {
    if (order.kind === 'cancel') this.calls.cancel(order.replyTo, order.reason);
    else this.run(order.replyTo, order.args as A);
  }

  private run(replyTo: ReplyTo, args: A): void {
    let task: Future<unknown>;
    try {
      task = this.loop.createTask((() => this.body(...args)) as () => Promise<T>);
    } catch (error) {
      reply(replyTo, { error: packError(error) });
      throw error;
    }
    this.calls.add(replyTo, task);
  }
}

/** What runs, by who waits for it. Every caller gets an answer, whatever is closed meanwhile. */
class Calls implements Refuser<[Order]> {
  private readonly running = new Map<string, { replyTo: ReplyTo; task: Future<unknown> }>();

  add(replyTo: ReplyTo, task: Future<unknown>): void {
    const caller = nameOf(replyTo);
    this.running.set(caller, { replyTo, task });
    task.addDoneCallback(() => {
      this.running.delete(caller);
      reply(replyTo, outcomeOf(task));
    });
  }

  cancel(replyTo: ReplyTo, reason: PackedError): void {
    this.running.get(nameOf(replyTo))?.task.cancel(unpackError(reason));
  }

  refuse(isLoopClosed: boolean, order: Order): void {
    if (order.kind === 'cancel') this.cancel(order.replyTo, order.reason);
    else reply(order.replyTo, { error: packError(isLoopClosed ? loopClosed() : coroutineClosed()) });
  }

  loopClosed(): void {
    for (const { replyTo } of this.running.values()) reply(replyTo, { error: packError(loopClosed()) });
    this.running.clear();
  }
}

function loopClosed(): RuntimeError {
  return new RuntimeError('Event loop is closed', 'ERR_LOOP_CLOSED');
}

function coroutineClosed(): RuntimeError {
  return new RuntimeError(
    'the ThreadsafeCoroutine is closed: call it before its close()',
    'ERR_THREADSAFE_COROUTINE_CLOSED',
  );
}

function nameOf(replyTo: ReplyTo): string {
  return typeof replyTo === 'string' ? replyTo : `${replyTo.mailbox}:${replyTo.handle}`;
}

function outcomeOf(task: Future<unknown>): Outcome {
  try {
    return { result: task.result() };
  } catch (error) {
    return { error: packError(error) };
  }
}

/** Sends the outcome; where it can't be cloned, the error that says so. A caller whose loop is closed gets nothing. */
function reply(replyTo: ReplyTo, outcome: Outcome): void {
  try {
    send(replyTo, outcome);
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
    send(replyTo, { error: packError(error) });
  }
}

function send(replyTo: ReplyTo, outcome: Outcome): void {
  if (typeof replyTo !== 'string') {
    ThreadsafeHandle.from<[Outcome]>(replyTo).tryCall(outcome);
    return;
  }
  const channel = new BroadcastChannel(replyTo);
  try {
    channel.postMessage(outcome);
  } finally {
    channel.close();
  }
}
