// A limit in time for a part of a coroutine. asyncio: `timeout`, `timeout_at`, `Timeout`.
import { checkBody } from './coroutine.js';
import { currentTask } from './current-task.js';
import { CancelledError, RuntimeError, secondsOrNull, TimeoutError } from './errors.js';
import type { Handle } from './handle.js';
import { getRunningLoop } from './running.js';
import { perform, Scope, type ScopeBody } from './scope.js';
import type { Coroutine } from './stepping.js';
import type { Task } from './task.js';

const CREATED = 'created';
const ENTERED = 'active';
const EXPIRING = 'expiring';
const EXPIRED = 'expired';
const EXITED = 'finished';

type State = typeof CREATED | typeof ENTERED | typeof EXPIRING | typeof EXPIRED | typeof EXITED;

/**
 * A deadline for what `run` runs: when it comes, the task is cancelled, and `run` throws TimeoutError. asyncio:
 * `Timeout`. Most programs use `timeout()`; this is for who needs the object before or after.
 *
 * @param when the deadline in seconds on the clock of `loop.time()`; null: none yet
 * @throws TypeError unless `when` is a number or null, RangeError for NaN.
 * @example
 * const limit = new Timeout(loop.time() + 5);
 * const page = yield* limit.run(function* () { return yield* fetchPage(); });
 */
export class Timeout {
  private state: State = CREATED;
  private deadline: number | null;
  private timer: Handle | null = null;
  private task: Task<unknown> | null = null;
  /** Requests to cancel the task that there were before. */
  private cancelling = 0;

  constructor(when: number | null) {
    this.deadline = secondsOrNull(when, 'when');
  }

  /** The deadline in seconds on the clock of `loop.time()`, null without one. */
  when(): number | null {
    return this.deadline;
  }

  /**
   * Moves the deadline; null takes it away. One that has passed cancels in the next turn.
   * @param when seconds on the clock of `loop.time()`
   * @throws RuntimeError before the timeout is entered, and once it has expired or is finished.
   */
  reschedule(when: number | null): void {
    if (this.state !== ENTERED) {
      throw new RuntimeError(
        this.state === CREATED
          ? 'Timeout has not been entered'
          : `Cannot change state of ${this.state} Timeout`,
        'ERR_TIMEOUT_STATE',
      );
    }
    this.deadline = secondsOrNull(when, 'when');
    this.timer?.cancel();
    this.timer = null;
    if (when === null) return;
    const loop = this.task!.getLoop();
    this.timer = when <= loop.time() ? loop.callSoon(this.expire) : loop.callAt(when, this.expire);
  }

  /** Whether the deadline has come while the body ran. */
  expired(): boolean {
    return this.state === EXPIRING || this.state === EXPIRED;
  }

  /**
   * Runs `body` under this deadline, once: `yield* limit.run(…)` or `await limit.run(…)`.
   * @throws TimeoutError when the deadline comes first; what `body` throws; RuntimeError the second time. At once:
   * TypeError for a body that is no function.
   */
  run<T>(body: ScopeBody<Timeout, T>): Scope<T> {
    checkBody(body, 'timeout');
    return new Scope('timeout', () => this.around(body));
  }

  /** The timeout as asyncio prints it. */
  toString(): string {
    const when = this.deadline === null ? null : Math.round(this.deadline * 1e3) / 1e3;
    return `<Timeout [${this.state}]${this.state === ENTERED ? ` when=${when}` : ''}>`;
  }

  /** @internal */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }

  private *around<T>(body: ScopeBody<Timeout, T>): Coroutine<T> {
    this.enter();
    try {
      return yield* perform(body, this as Timeout);
    } catch (error) {
      throw this.exit() ? timedOut(error) : error;
    } finally {
      this.exit();
    }
  }

  private enter(): void {
    if (this.state !== CREATED)
      throw new RuntimeError('Timeout has already been entered', 'ERR_TIMEOUT_STATE');
    this.task = currentTask();
    if (this.task === null) throw new RuntimeError('Timeout should be used inside a task', 'ERR_NO_TASK');
    this.state = ENTERED;
    this.cancelling = this.task.cancelling();
    this.reschedule(this.deadline);
  }

  /** Ends it, whichever way. True when the deadline, and nobody else, has asked for a cancel. */
  private exit(): boolean {
    this.timer?.cancel();
    this.timer = null;
    if (this.state === ENTERED) this.state = EXITED;
    if (this.state !== EXPIRING) return false;
    this.state = EXPIRED;
    return this.task!.uncancel() <= this.cancelling;
  }

  private readonly expire = (): void => {
    this.timer = null;
    this.task!.cancel();
    this.state = EXPIRING;
  };
}

/** The error of a body that the deadline has cancelled. */
function timedOut(error: unknown): unknown {
  if (error instanceof CancelledError) return new TimeoutError(undefined, { cause: error });
  blameDeadline(error);
  if (error instanceof AggregateError) for (const part of error.errors) blameDeadline(part);
  return error;
}

/** Where `error` was caused by the cancel, its chain of causes says that the time was up. */
function blameDeadline(error: unknown): void {
  for (let link = error; link instanceof Error; link = link.cause) {
    if (!(link.cause instanceof CancelledError)) continue;
    link.cause = new TimeoutError(undefined, { cause: link.cause });
    return;
  }
}

/**
 * Runs `body` for at most `delay` seconds: then the task is cancelled, and TimeoutError thrown. asyncio: `timeout`.
 *
 * @param delay seconds; null: no limit (`reschedule` can set one)
 * @throws TimeoutError; what `body` throws. At once: TypeError and RangeError for a wrong delay, TypeError for a
 * body that is no function, RuntimeError where no loop runs.
 * @example
 * yield* timeout(10, function* (limit) {
 *   yield* handshake();
 *   limit.reschedule(null);        // the rest may take its time
 *   yield* conversation();
 * });
 */
export function timeout<T>(delay: number | null, body: ScopeBody<Timeout, T>): Scope<T> {
  const seconds = secondsOrNull(delay, 'delay');
  const loop = getRunningLoop();
  return timeoutAt(seconds === null ? null : loop.time() + seconds, body);
}

/**
 * `timeout` with a point in time: `when` in seconds on the clock of `loop.time()`, null for none. asyncio:
 * `timeout_at`.
 *
 * @throws TimeoutError; what `body` throws. At once: TypeError and RangeError for a wrong time.
 * @example
 * const deadline = loop.time() + 20;
 * for (const mirror of mirrors) yield* timeoutAt(deadline, () => download(mirror));
 */
export function timeoutAt<T>(when: number | null, body: ScopeBody<Timeout, T>): Scope<T> {
  return new Timeout(when).run(body);
}
