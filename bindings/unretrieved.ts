// Errors that nobody asked for: futures that failed, and whose error was never retrieved. They are reported when
// the future is collected, after a run has ended, or when the loop is closed, whichever is first. asyncio does
// it in `Future.__del__`.
import type { Context } from './context.js';
import type { EventLoop } from './event-loop.js';
import type { Failure } from './failure.js';
import { Future } from './future.js';
import { brief } from './texts.js';

/** The failures of one loop that nobody has retrieved. @internal */
export class Unretrieved {
  readonly #loop: EventLoop;
  readonly #failures = new Set<Failure>();
  /** Those of this turn. */
  #fresh: Failure[] = [];

  constructor(loop: EventLoop) {
    this.#loop = loop;
  }

  /** Whether anything has failed in this turn. */
  get isFresh(): boolean {
    return this.#fresh.length > 0;
  }

  add(failure: Failure): void {
    this.#failures.add(failure);
    this.#fresh.push(failure);
  }

  /**
   * Has the stacks written that are still wanted. Until then an error holds the objects whose methods were under way,
   * and so the very task whose collection is waited for.
   */
  letGo(): void {
    for (const failure of this.#fresh) {
      if (failure.error instanceof Error && this.#failures.has(failure)) void failure.error.stack;
    }
    this.#fresh = [];
  }

  delete(failure: Failure): void {
    this.#failures.delete(failure);
  }

  /** Calls the exception handler, unless it is too late, or was done. */
  report(failure: Failure): void {
    if (!this.#failures.delete(failure)) return;
    failure.settled();
    const { error, kind, source } = failure;
    this.#loop.callExceptionHandler({
      message: `${kind} exception was never retrieved`,
      exception: error,
      future: new Collected(failure),
      ...(source === undefined ? {} : { sourceTraceback: source }),
    });
  }

  reportAll(): void {
    for (const failure of [...this.#failures]) this.report(failure);
  }

  /**
   * A run has ended: what failed in it is reported when the code that started the run has had the time to
   * retrieve it, or to start another run that does. It does not keep the process alive: closing the loop reports
   * the same.
   */
  reportSoon(): void {
    if (this.#failures.size === 0) return;
    setImmediate(() => {
      if (!this.#loop.isRunning()) this.reportAll();
    }).unref();
  }
}

/** Stands for a future that may be no more: the same error, text and context. */
class Collected extends Future<never> {
  private readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.loop);
    this.failure = failure;
    this.settleException(failure.error);
    this.retrieve();
  }

  /** As a task's; null where it was none. */
  getContext(): Context | null {
    return this.failure.context;
  }

  override toString(): string {
    const { text, error } = this.failure;
    return `<${text} exception=${brief(error)}>`;
  }
}
