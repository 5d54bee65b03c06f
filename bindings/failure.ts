// The error of a future, as long as nobody has retrieved it.
import type { Context } from './context.js';
import type { EventLoop } from './event-loop.js';
import { type StackFrame, sourceOf } from './source-traceback.js';

/** An error that is reported unless somebody retrieves it. It must not refer to the future. @internal */
export class Failure {
  readonly loop: EventLoop;
  readonly error: unknown;
  /** `Future` or `Task`, for the message. */
  readonly kind: string;
  /** The future's text up to the error. */
  readonly text: string;
  /** What the handler runs in: a task's context. */
  readonly context: Context | null;
  readonly source: StackFrame[] | undefined;

  constructor(
    loop: EventLoop,
    error: unknown,
    future: object,
    kind: string,
    text: string,
    context: Context | null,
  ) {
    this.loop = loop;
    this.error = error;
    this.kind = kind;
    this.text = text;
    this.context = context;
    this.source = sourceOf(future);
    loop.failures.add(this);
    registry.register(future, this, this);
  }

  /** Somebody has the error now. */
  retrieved(): void {
    this.loop.failures.delete(this);
    this.settled();
  }

  /** There is nothing more to report. The registry would hold the loop, and with it all that leads to the future. */
  settled(): void {
    registry.unregister(this);
  }
}

const registry = new FinalizationRegistry<Failure>((failure) => failure.loop.failures.report(failure));
