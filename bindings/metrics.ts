// What a loop is doing, in numbers. asyncio has nothing like it.
import type { EventLoop } from './event-loop.js';
import type { LagHistogram } from './lag-histogram.js';
import { Listener } from './listener.js';
import { BaseTransport } from './transport.js';

/** The state of a loop, and its counts since it was made. Two readings tell what happened between them. */
export interface LoopMetrics {
  /** Turns of the loop that found anything to do, or did not wait. */
  readonly turns: number;
  /**
   * Seconds in turns, while the loop ran: callbacks with the promises that they settle, the loop's own work, and polls
   * that do not wait. With `idleSeconds` it is the time for which the loop ran.
   */
  readonly busySeconds: number;
  /**
   * Seconds outside of turns, while the loop ran. Blocking: in polls that may wait. Hosted: all the time between two
   * rounds of turns, when Node's own loop sleeps or is busy with callbacks that are none of this loop's.
   */
  readonly idleSeconds: number;
  /** How late timers were. */
  readonly lag: LagHistogram;
  /** Callbacks and steps of tasks that are ready to run. */
  readonly ready: number;
  /** Timers that are set. */
  readonly timers: number;
  /** Tasks that are not done. */
  readonly tasks: number;
  /** Transports that are open. */
  readonly transports: number;
  /** Servers that are open. */
  readonly servers: number;
}

/** What `loop.metrics()` gives. @internal */
export function metricsOf(loop: EventLoop): LoopMetrics {
  const { scheduler, tasks } = loop;
  let transports = 0;
  const servers = new Set<object>();
  for (const source of scheduler.sources()) {
    if (source instanceof BaseTransport) transports += 1;
    else if (source instanceof Listener && source.server !== null) servers.add(source.server);
  }
  return {
    turns: scheduler.turns,
    ...scheduler.meter.times(),
    lag: scheduler.meter.lag(),
    ready: scheduler.ready.length,
    timers: scheduler.timers.size,
    tasks: tasks.size,
    transports,
    servers: servers.size,
  };
}
