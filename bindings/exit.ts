// What was written just before the process exits still leaves: submissions are flushed on the way out.
import type { Core } from './native/core.js';

const cores = new Set<WeakRef<Core>>();
let listening = false;

/** Flushes `core` when the process (or the worker) exits. @internal */
export function flushAtExit(core: Core): void {
  cores.add(new WeakRef(core));
  if (listening) return;
  listening = true;
  process.on('exit', () => {
    for (const reference of cores) reference.deref()?.flush();
  });
}

/** Ends that: the loop is closed. @internal */
export function forgetAtExit(core: Core): void {
  for (const reference of cores) {
    const kept = reference.deref();
    if (kept === core || kept === undefined) cores.delete(reference);
  }
}
