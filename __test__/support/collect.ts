// Garbage collection on demand, for what happens when something is collected.

import { setImmediate as turnOfNode } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const gc = runInNewContext('gc') as () => void;

/** Rounds after which what was to be collected is not going to be. */
const ROUNDS = 50;

/** Collects until `done`, or for long enough to say that it won't be. */
export async function collectUntil(done: () => boolean): Promise<void> {
  for (let round = 0; round < ROUNDS && !done(); round++) {
    gc();
    // Finalizers are called by Node's own loop.
    await turnOfNode();
  }
}

/** Collects what can be, and has the finalizers called. */
export async function collect(): Promise<void> {
  await collectUntil(() => false);
}
