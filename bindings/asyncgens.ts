// Async generators that are closed with the loop. JavaScript has no hook that tells of them, as Python has: they have
// to be given to the loop. asyncio: `shutdown_asyncgens`.

import { given, typeError } from './errors.js';
import type { EventLoop } from './event-loop.js';
import { gatherAll } from './gather.js';
import type { Coroutine } from './stepping.js';
import { wrapFuture } from './wrap-future.js';

/** The async generators of one loop; they are not kept alive. @internal */
export class Asyncgens {
  readonly #loop: EventLoop;
  readonly #generators = new Set<WeakRef<AsyncGenerator>>();
  /** How many there may be before those that were collected are looked for. */
  #limit = 16;
  #shutDown = false;

  constructor(loop: EventLoop) {
    this.#loop = loop;
  }

  track(generator: AsyncGenerator): void {
    if (typeof generator?.return !== 'function' || typeof generator[Symbol.asyncIterator] !== 'function') {
      throw typeError(`an async generator is expected, not ${given(generator)}`);
    }
    if (this.#shutDown) {
      process.emitWarning('an async generator was given to the loop after shutdownAsyncgens()', {
        type: 'ResourceWarning',
        code: 'MIOLOOP_ASYNCGEN_AFTER_SHUTDOWN',
      });
    }
    this.#generators.add(new WeakRef(generator));
    if (this.#generators.size > this.#limit) this.#forgetCollected();
  }

  /** Closes all at once, and reports what they throw. */
  *shutdown(): Coroutine<void> {
    this.#shutDown = true;
    const generators = [...this.#generators].flatMap((reference) => reference.deref() ?? []);
    this.#generators.clear();
    if (generators.length === 0) return;
    const closing = generators.map((generator) =>
      wrapFuture(generator.return(undefined), { loop: this.#loop }),
    );
    yield* gatherAll(closing, true);
    for (const [index, closed] of closing.entries()) {
      if (!closed.hasFailed()) continue;
      const message = 'an error occurred during closing of asynchronous generator';
      const asyncgen = generators[index]!;
      this.#loop.callExceptionHandler({ message, exception: closed.exception(), asyncgen });
    }
  }

  #forgetCollected(): void {
    for (const reference of this.#generators) {
      if (reference.deref() === undefined) this.#generators.delete(reference);
    }
    this.#limit = Math.max(16, this.#generators.size * 2);
  }
}
