// The blocking way to run: the same turns with a real wait. Node's own loop stands still; its descriptor is
// watched so that the end of a thread or process gets through.
import { outsideStores } from './async-stores.js';
import { RuntimeError } from './errors.js';
import type { EventLoop } from './event-loop.js';
import { isAsyncFunction } from './functions.js';
import type { Future } from './future.js';
import { canDrain, cannotDrain } from './microtasks.js';
import { POLL_NOW, POLL_SLEEP } from './native/layout.js';

/** One blocking run of a loop. @internal */
export class BlockingRun {
  readonly #loop: EventLoop;

  constructor(loop: EventLoop) {
    this.#loop = loop;
  }

  /**
   * An async function can't go on after an `await` where V8 is in a microtask already: it would never end.
   * @throws RuntimeError that says what to do instead.
   */
  checkBody(body: unknown): void {
    if (isAsyncFunction(body) && !canDrain()) throw cannotDrain();
  }

  /** Turns until `stop()`. With `awaited`, a wait that nothing could ever end is an error. */
  run(awaited: Future<unknown> | null): void {
    const loop = this.#loop;
    const { scheduler } = loop;
    const { core, ready } = scheduler;
    core.native.watchHost();
    scheduler.settles = canDrain();
    try {
      outsideStores(() => {
        do {
          const busy = ready.length > 0 || loop.stopping;
          if (!busy && awaited !== null && scheduler.attached === 0) this.#checkProgress(awaited);
          scheduler.turn(busy ? POLL_NOW : POLL_SLEEP);
        } while (!loop.stopping);
      });
    } finally {
      scheduler.settles = true;
      core.native.unwatchHost();
    }
  }

  #checkProgress(awaited: Future<unknown>): void {
    const { core } = this.#loop.scheduler;
    if (core.undrained || core.unfinished) return;
    core.flush();
    if (this.#loop.canBeWoken()) return;
    throw new RuntimeError(
      `${awaited.toString()} waits for something that cannot happen in blocking mode: no timer, connection or ` +
        'thread of this loop is left to wake it. Only Node could (a file, fetch, a promise of its own), and it ' +
        'stands still; use await run(main)',
      'ERR_BLOCKING_DEADLOCK',
    );
  }
}
