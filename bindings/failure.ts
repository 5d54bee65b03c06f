// The error of a future, as long as nobody has retrieved it.
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
  readonly source: StackFrame[] | undefined;

  constructor(loop: EventLoop, error: unknown, future: object, kind: string, text: string) {
    this.loop = loop;
    this.error = error;
    this.kind = kind;
    this.text = text;
    this.source = sourceOf(future);
    loop.failures.add(this);
    registry.register(future, this);
  }

  /** Somebody has the error now. */
  retrieved(): void {
    this.loop.failures.delete(this);
  }
}

const registry = new FinalizationRegistry<Failure>((failure) => failure.loop.failures.report(failure));
