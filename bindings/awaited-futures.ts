// The futures that an async function awaits at the moment: one, as a rule; several with `Promise.all`.
import type { Future } from './future.js';

/** Futures that a cancel has to reach. @internal */
export class AwaitedFutures {
  private one: Future<unknown> | null = null;
  private more: Set<Future<unknown>> | null = null;

  add(future: Future<unknown>): void {
    if (this.one === null) {
      this.one = future;
      return;
    }
    this.more ??= new Set();
    this.more.add(future);
  }

  delete(future: Future<unknown>): void {
    if (this.one === future) this.one = null;
    else this.more?.delete(future);
  }

  /** Cancels each; whether that reached any. */
  cancel(message: unknown): boolean {
    let reached = this.one?.cancel(message) ?? false;
    for (const future of this.more ?? []) if (future.cancel(message)) reached = true;
    return reached;
  }

  /** The one that is awaited; the first of several. */
  first(): Future<unknown> | null {
    return this.one ?? this.more?.values().next().value ?? null;
  }
}
