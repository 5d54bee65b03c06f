// A coroutine function that other threads can run on this loop: the loop's side of `runCoroutineThreadsafe`.
import { given, typeError } from './errors.js';
import type { EventLoop } from './event-loop.js';
import type { Future } from './future.js';
import { type PackedError, packError, unpackError } from './packed-error.js';
import type { Coroutine } from './stepping.js';
import { type ThreadsafeData, ThreadsafeHandle } from './threadsafe.js';

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
  /** What runs, by who waits for it. */
  private readonly tasks = new Map<string, Future<unknown>>();

  constructor(loop: EventLoop, body: (...args: A) => Coroutine<T> | PromiseLike<T>) {
    if (typeof body !== 'function') throw typeError(`a coroutine function is expected, got ${given(body)}`);
    this.loop = loop;
    this.body = body;
    this.handle = loop.threadsafe((order: Order) => this.receive(order));
    this.data = this.handle.data;
  }

  /** Ends it: later calls are dropped, what runs goes on. */
  close(): void {
    this.handle.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  private receive(order: Order): void {
    const caller = nameOf(order.replyTo);
    if (order.kind === 'cancel') this.tasks.get(caller)?.cancel(unpackError(order.reason));
    else this.run(order.replyTo, caller, order.args as A);
  }

  private run(replyTo: ReplyTo, caller: string, args: A): void {
    let task: Future<unknown>;
    try {
      task = this.loop.createTask((() => this.body(...args)) as () => Promise<T>);
    } catch (error) {
      reply(replyTo, { error: packError(error) });
      throw error;
    }
    this.tasks.set(caller, task);
    task.addDoneCallback(() => {
      this.tasks.delete(caller);
      reply(replyTo, outcomeOf(task));
    });
  }
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
