// What was written just before the process exits still leaves: submissions are flushed on the way out.
import type { Core } from './native/core.js';

const cores = new Set<WeakRef<Core>>();
let listening = false;

/** Flushes `core` when the process (or the worker) exits. @internal */
export function flushAtExit(core: Core): void {
  forgetAtExit(null);
  cores.add(new WeakRef(core));
  if (listening) return;
  listening = true;
  process.on('exit', () => {
    for (const reference of cores) {
      const core = reference.deref();
      if (core === undefined) continue;
      core.flush();
      // Nobody polls any more: what later listeners of this event write leaves at once.
      core.wake = () => core.flush();
    }
  });
}

/** Ends that: the loop is closed. Forgets those that are gone, too. @internal */
export function forgetAtExit(core: Core | null): void {
  for (const reference of cores) {
    const kept = reference.deref();
    if (kept === core || kept === undefined) cores.delete(reference);
  }
}
