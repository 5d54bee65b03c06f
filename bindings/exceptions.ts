// The exception handler: where errors go that no caller can get. asyncio: `call_exception_handler`.
import diagnosticsChannel from 'node:diagnostics_channel';
import { inspect } from 'node:util';
import type { Context } from './context.js';
import { ExitError, given, typeError } from './errors.js';
import type { EventLoop } from './event-loop.js';
import type { Future } from './future.js';
import type { Handle } from './handle.js';
import type { BaseProtocol } from './protocol.js';
import { formatFrames, type StackFrame, sourceOf } from './source-traceback.js';
import type { Task } from './task.js';
import type { BaseTransport } from './transport.js';
import type { TransportSocket } from './transport-socket.js';

/** What is known about an error. asyncio: the `context` of `call_exception_handler`. */
export interface ExceptionContext {
  message: string;
  exception?: unknown;
  future?: Future<unknown>;
  task?: Task<unknown>;
  handle?: Handle;
  protocol?: BaseProtocol;
  transport?: BaseTransport<unknown>;
  socket?: TransportSocket;
  asyncgen?: AsyncGenerator;
  /** Who made the future, task or handle: in debug mode. Outermost call first. */
  sourceTraceback?: readonly StackFrame[];
  /** Who scheduled the callback that ran: in debug mode. */
  handleTraceback?: readonly StackFrame[];
  [detail: string]: unknown;
}

/** A custom exception handler. */
export type ExceptionHandler = (loop: EventLoop, context: ExceptionContext) => void;

const channel = diagnosticsChannel.channel('mioloop:exception');

/** The exception handling of one loop. @internal */
export class Exceptions {
  readonly #loop: EventLoop;
  #handler: ExceptionHandler | null = null;

  constructor(loop: EventLoop) {
    this.#loop = loop;
  }

  get handler(): ExceptionHandler | null {
    return this.#handler;
  }

  set handler(handler: ExceptionHandler | null) {
    if (handler !== null && typeof handler !== 'function') {
      throw typeError(`A callable object or None is expected, got ${given(handler)}`);
    }
    this.#handler = handler;
  }

  /** Reports `context`; only an ExitError of a handler comes out. */
  call(context: ExceptionContext): void {
    if (channel.hasSubscribers) channel.publish({ loop: this.#loop, context });
    if (this.#handler === null) {
      this.#callDefault(context, 'Exception in default exception handler');
      return;
    }
    const handler = this.#handler;
    // As asyncio: in the context of what failed.
    const home = contextOf(context.task) ?? contextOf(context.future) ?? contextOf(context.handle);
    try {
      // One that is entered already cannot be entered again: what failed reports it by itself.
      if (home === null || home.entered) handler(this.#loop, context);
      else home.run(handler, this.#loop, context);
    } catch (error) {
      if (error instanceof ExitError) throw error;
      const broken = { message: 'Unhandled error in exception handler', exception: error, context };
      this.#callDefault(
        broken,
        'Exception in default exception handler while handling an unexpected error in custom exception handler',
      );
    }
  }

  #callDefault(context: ExceptionContext, failure: string): void {
    try {
      this.#loop.defaultExceptionHandler(context);
    } catch (error) {
      if (error instanceof ExitError) throw error;
      process.stderr.write(`${failure}\n${inspect(error)}\n`);
    }
  }
}

/** The context of a task or a handle; of the others there is none. */
function contextOf(thing: object | undefined): Context | null {
  return thing !== undefined && 'getContext' in thing ? (thing as Handle).getContext() : null;
}

/** The keys that hold stacks, and what stands above these. */
const TRACEBACKS: Readonly<Record<string, string>> = {
  sourceTraceback: 'Object created at (most recent call last):',
  handleTraceback: 'Handle created at (most recent call last):',
};

/** Writes `context` to stderr: the message, every other key in order, and the error with its stack. @internal */
export function writeReport(loop: EventLoop, context: ExceptionContext): void {
  const lines = [context.message || 'Unhandled exception in event loop'];
  const all = { ...currentHandle(loop, context), ...context };
  for (const key of Object.keys(all).sort()) {
    if (key === 'message' || key === 'exception') continue;
    const title = TRACEBACKS[key];
    if (title === undefined) lines.push(`${key}: ${inspect(all[key], { depth: 0 })}`);
    else lines.push(title, formatFrames(all[key] as readonly StackFrame[]));
  }
  if (context.exception !== undefined) lines.push(inspect(context.exception));
  process.stderr.write(`${lines.join('\n')}\n`);
}

/** Who scheduled what runs now, where the report does not say who made what failed. */
function currentHandle(loop: EventLoop, context: ExceptionContext): Partial<ExceptionContext> {
  const current = loop.observers.debug?.current ?? null;
  if ('sourceTraceback' in context || current === null) return {};
  const handleTraceback = sourceOf(current);
  return handleTraceback === undefined ? {} : { handleTraceback };
}
