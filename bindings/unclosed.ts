// Loops that were collected without having been closed: their sockets are closed, and a warning says so.
// A transport is held by its loop while it is open, so it is never collected before the loop.
import type { NativeLoop } from './native/addon.js';

/** What outlives a loop that is collected: it must not refer to the loop. */
interface Remains {
  native: NativeLoop;
  /** How many sources are attached. */
  open: { attached: number };
}

const registry = new FinalizationRegistry<Remains>(({ native, open }) => {
  const sockets = open.attached === 0 ? '' : `, with ${open.attached} unclosed transports and servers`;
  process.emitWarning(`unclosed event loop${sockets}; call loop.close()`, {
    type: 'ResourceWarning',
    code: 'MIOLOOP_UNCLOSED_LOOP',
  });
  native.close();
});

/** Watches `loop` until `forgetUnclosed`. @internal */
export function watchUnclosed(loop: object, native: NativeLoop, open: Remains['open']): void {
  registry.register(loop, { native, open }, loop);
}

/** The loop is closed. @internal */
export function forgetUnclosed(loop: object): void {
  registry.unregister(loop);
}
