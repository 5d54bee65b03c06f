// The hosted way to run: Node's own loop sleeps and watches the selector; when something is there, or was
// made outside a turn, turns are run until nothing is left or the time is up.
import { outsideStores } from './async-stores.js';
import { monotonic } from './clock.js';
import type { EventLoop } from './event-loop.js';
import { HAS_TICK_CALLBACK } from './microtasks.js';
import { HAS_ALARM } from './native/addon.js';
import { POLL_NOW, POLL_PARK } from './native/layout.js';
import { hostedLoops } from './running.js';

/** How long turns run before Node's own callbacks get a chance. Its timers are late by no more than this. */
const BUDGET_SECONDS = 0.002;
/** Empty turns between two looks at the clock: the look costs as much as a sixth of such a turn. */
const TURNS_PER_LOOK = 8;

/** One hosted run of a loop. @internal */
export class HostedRun {
  /** Settles when the loop has been stopped, or with the error that ended it. */
  readonly ended: Promise<void>;
  readonly #loop: EventLoop;
  #immediate: NodeJS.Immediate | null = null;
  #timeout: NodeJS.Timeout | null = null;
  #running = false;
  /** When the present round has taken its time. */
  #limit = 0;
  #resolve!: () => void;
  #reject!: (error: unknown) => void;

  constructor(loop: EventLoop) {
    this.#loop = loop;
    this.ended = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  /** Starts: the first turn comes with Node's next one. */
  start(): void {
    const { core, meter } = this.#loop.scheduler;
    core.native.startHosting(this.#turns);
    meter.sleep();
    hostedLoops.add(this.#loop);
    core.wake = this.#arm;
    this.#arm();
  }

  readonly #arm = (): void => {
    this.#loop.scheduler.core.wake = null;
    this.#immediate ??= setImmediate(this.#onImmediate);
  };

  readonly #onImmediate = (): void => {
    this.#immediate = null;
    this.#turns();
  };

  readonly #turns = (): void => {
    if (this.#running) return;
    this.#running = true;
    const { scheduler } = this.#loop;
    const now = monotonic();
    scheduler.meter.wake(now);
    this.#limit = now + BUDGET_SECONDS;
    try {
      outsideStores(this.#untilIdle);
    } catch (error) {
      this.#end();
      this.#reject(error);
    } finally {
      this.#running = false;
      scheduler.meter.sleep();
    }
  };

  readonly #untilIdle = (): void => {
    const { scheduler } = this.#loop;
    const { core, ready } = scheduler;
    for (let turns = 1; ; turns++) {
      const busy = ready.length > 0 || core.unfinished || this.#loop.stopping || scheduler.interrupted;
      scheduler.turn(busy ? POLL_NOW : POLL_PARK);
      if (this.#loop.stopping && !scheduler.interrupted) {
        this.#end();
        this.#resolve();
        return;
      }
      if (!busy && !scheduler.worked) {
        this.#sleep();
        return;
      }
      if (!HAS_TICK_CALLBACK) {
        // Only outside of all callbacks does this host settle promises.
        this.#arm();
        return;
      }
      if ((core.found > 0 || turns % TURNS_PER_LOOK === 0) && monotonic() >= this.#limit) {
        this.#arm();
        return;
      }
    }
  };

  /** Nothing is left: Node's loop goes on, and wakes this one by the selector, or when something is made. */
  #sleep(): void {
    const { core } = this.#loop.scheduler;
    core.wake = this.#arm;
    if (HAS_ALARM) return;
    // Without an alarm in the selector, a timer of Node's has to wake the loop.
    const deadline = core.native.nextDeadline();
    if (this.#timeout !== null) clearTimeout(this.#timeout);
    this.#timeout =
      deadline === null ? null : setTimeout(this.#turns, Math.max(0, (deadline - this.#loop.time()) * 1e3));
  }

  #end(): void {
    const { core } = this.#loop.scheduler;
    if (this.#immediate !== null) clearImmediate(this.#immediate);
    if (this.#timeout !== null) clearTimeout(this.#timeout);
    this.#immediate = null;
    hostedLoops.delete(this.#loop);
    core.native.stopHosting();
    this.#loop.runEnded();
  }
}
