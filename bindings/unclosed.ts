// Loops that were collected without having been closed: their sockets are closed, and a warning says so.
// A transport is held by its loop while it is open, so it is never collected before the loop.
import type { NativeLoop } from './native/addon.js';

/** What outlives a loop that is collected: it must not refer to the loop. */
interface Remains {
  native: NativeLoop;
  /** How many sources are attached; those that only watch are closed with the loop, and nothing is lost. */
  open: { attached: number; watched: number };
}

const registry = new FinalizationRegistry<Remains>(({ native, open }) => {
  const owned = open.attached - open.watched;
  const sockets = owned === 0 ? '' : `, with ${owned} unclosed transports and servers`;
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
