// What tests need of the loop's inside; not part of the package's API.
import { EventLoop } from '../event-loop.js';

export { bindAddresses } from '../bind-addresses.js';
export { interleaved } from '../connect-addresses.js';
export { ensureResolved } from '../ensure-resolved.js';
export { ipv6Text, isIpv4 } from '../literal.js';
export * as constants from '../socket-constants.js';
export { staggeredRace } from '../staggered.js';

class VirtualTimeLoop extends EventLoop {
  protected override virtualTime(): boolean {
    return true;
  }

  override time(): number {
    return this.scheduler.core.native.now();
  }
}

/** Turns that `loop` has made: CPython's `_run_once` calls. */
export function loopTurns(loop: EventLoop): number {
  return loop.scheduler.turns;
}

/** A loop whose time moves only when nothing is ready. */
export function virtualLoop(): EventLoop {
  return new VirtualTimeLoop();
}

/** Makes children of `loop` from now on as a system would that has no pidfd, or refuses `unshare`. */
export function limitChildren(loop: EventLoop, withoutPidfd: boolean, withoutUnshare: boolean): void {
  loop.scheduler.core.native.limitChildren(withoutPidfd, withoutUnshare);
}
