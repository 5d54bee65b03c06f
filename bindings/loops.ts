// The current loop of a thread, for code that is not in a callback, and the policy behind it. asyncio:
// `get_event_loop`, `get_event_loop_policy` and their kin.
import { AbstractEventLoop } from './abstract-loop.js';
import { given, NotImplementedError, RuntimeError, typeError } from './errors.js';
import { EventLoop } from './event-loop.js';
import { runningLoop } from './running.js';

/**
 * What a policy has to do. asyncio: `AbstractEventLoopPolicy`. Policies are legacy, in asyncio too: give
 * `loopFactory` to `run` instead. What a subclass does not have throws NotImplementedError.
 *
 * @example
 * class NewOnes extends AbstractEventLoopPolicy {
 *   override newEventLoop() { return new EventLoop(); }
 * }
 * setEventLoopPolicy(new NewOnes());
 */
export abstract class AbstractEventLoopPolicy {
  /** The loop of this thread. */
  getEventLoop(): EventLoop {
    throw new NotImplementedError('getEventLoop() is not implemented by this policy');
  }

  /** Sets the loop of this thread. */
  setEventLoop(_loop: EventLoop | null): void {
    throw new NotImplementedError('setEventLoop() is not implemented by this policy');
  }

  /** Makes a loop, as this policy wants it. */
  newEventLoop(): EventLoop {
    throw new NotImplementedError('newEventLoop() is not implemented by this policy');
  }
}

/**
 * The policy of a thread that has set none: each thread has its own, and so its own loop. asyncio:
 * `DefaultEventLoopPolicy`.
 *
 * @example
 * class Debugging extends DefaultEventLoopPolicy {
 *   override newEventLoop() { return new EventLoop({ debug: true }); }
 * }
 * setEventLoopPolicy(new Debugging());
 */
export class DefaultEventLoopPolicy extends AbstractEventLoopPolicy {
  private loop: EventLoop | null = null;

  /** @throws RuntimeError `ERR_NO_CURRENT_LOOP` without one. (Old Pythons made one; use `run` or `newEventLoop`.) */
  override getEventLoop(): EventLoop {
    if (this.loop !== null) return this.loop;
    throw new RuntimeError(
      'There is no current event loop in this thread: use run(), or setEventLoop(newEventLoop())',
      'ERR_NO_CURRENT_LOOP',
    );
  }

  /** @throws TypeError for what is no loop. */
  override setEventLoop(loop: EventLoop | null): void {
    if (loop !== null && !(loop instanceof AbstractEventLoop)) {
      throw typeError(`loop argument must be an instance of AbstractEventLoop or None, not ${given(loop)}`);
    }
    this.loop = loop;
  }

  override newEventLoop(): EventLoop {
    return new EventLoop();
  }

  /** @internal */
  isCurrent(loop: EventLoop): boolean {
    return this.loop === loop;
  }
}

let policy: AbstractEventLoopPolicy | null = null;

/**
 * This thread's policy. asyncio: `get_event_loop_policy`. Legacy.
 *
 * @example
 * const loop = getEventLoopPolicy().newEventLoop();
 */
export function getEventLoopPolicy(): AbstractEventLoopPolicy {
  policy ??= new DefaultEventLoopPolicy();
  return policy;
}

/**
 * Sets this thread's policy; null: the default one. asyncio: `set_event_loop_policy`. Legacy.
 *
 * @throws TypeError for what is no policy.
 * @example
 * setEventLoopPolicy(new DefaultEventLoopPolicy());
 */
export function setEventLoopPolicy(newPolicy: AbstractEventLoopPolicy | null): void {
  if (newPolicy !== null && !(newPolicy instanceof AbstractEventLoopPolicy)) {
    throw typeError(`policy must be an instance of AbstractEventLoopPolicy or None, not ${given(newPolicy)}`);
  }
  policy = newPolicy;
}

/**
 * A new event loop, as the policy makes it. asyncio: `new_event_loop`. Who makes it closes it.
 *
 * @example
 * using loop = newEventLoop();
 * console.log(await loop.runUntilComplete(() => sleep(1, 'slept')));
 */
export function newEventLoop(): EventLoop {
  return getEventLoopPolicy().newEventLoop();
}

/**
 * Sets the thread's current loop; null: none. asyncio: `set_event_loop`.
 *
 * @throws TypeError for what is no loop.
 * @example
 * const loop = newEventLoop();
 * setEventLoop(loop);
 * getEventLoop() === loop; // true
 */
export function setEventLoop(loop: EventLoop | null): void {
  getEventLoopPolicy().setEventLoop(loop);
}

/** Ends `setEventLoop(loop)`; where another hosted run has set its loop meanwhile, that stays. @internal */
export function unsetEventLoop(loop: EventLoop): void {
  const policy = getEventLoopPolicy();
  if (!(policy instanceof DefaultEventLoopPolicy) || policy.isCurrent(loop)) policy.setEventLoop(null);
}

/**
 * The running loop, else the one that `setEventLoop` set. asyncio: `get_event_loop`.
 *
 * @throws RuntimeError `ERR_NO_CURRENT_LOOP` without both.
 * @example
 * await run(function* () { getEventLoop().callSoon(console.log, 'in the next turn'); yield* sleep(0); });
 */
export function getEventLoop(): EventLoop {
  return runningLoop() ?? getEventLoopPolicy().getEventLoop();
}
