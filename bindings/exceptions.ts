// The exception handler: where errors go that no caller can get. asyncio: `call_exception_handler`.
import diagnosticsChannel from 'node:diagnostics_channel';
import { inspect } from 'node:util';
import { ExitError, given, typeError } from './errors.js';
import type { EventLoop } from './event-loop.js';
import type { Future } from './future.js';
import type { Handle } from './handle.js';
import type { BaseProtocol } from './protocol.js';
import type { TransportSocket } from './socket.js';
import type { Task } from './task.js';
import type { BaseTransport } from './transport.js';

/** What is known about an error. asyncio: the `context` of `call_exception_handler`. */
export interface ExceptionContext {
  message: string;
  exception?: unknown;
  future?: Future<unknown>;
  task?: Task<unknown>;
  handle?: Handle;
  protocol?: BaseProtocol;
  transport?: BaseTransport;
  socket?: TransportSocket;
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
    try {
      this.#handler(this.#loop, context);
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

/** Writes `context` to stderr: the message, every other key in order, and the error with its stack. @internal */
export function writeReport(context: ExceptionContext): void {
  const lines = [context.message || 'Unhandled exception in event loop'];
  for (const key of Object.keys(context).sort()) {
    if (key === 'message' || key === 'exception') continue;
    lines.push(`${key}: ${inspect(context[key], { depth: 0 })}`);
  }
  if (context.exception !== undefined) lines.push(inspect(context.exception));
  process.stderr.write(`${lines.join('\n')}\n`);
}
