// A cancel that cannot reach an async function, because it awaits a promise that is none of the loop's: debug mode
// says so when it has waited for long.
import { debugReport } from './debug.js';
import type { Task } from './task.js';

/** Seconds after which a cancel that has not arrived is worth a word. */
const PATIENCE_SECONDS = 1;

/** Reports the cancel of `task` when it is not delivered in time. @internal */
export function reportUndelivered(task: Task<unknown>): void {
  const loop = task.getLoop();
  loop.callLater(PATIENCE_SECONDS, function reportCancelUndelivered() {
    if (task.done() || !task.cancelUndelivered) return;
    const message =
      `cancel of ${task.toString()} was not delivered for ${PATIENCE_SECONDS} s: it awaits a promise that is none of ` +
      "the loop's, and waits for it to end; await wrapFuture(promise) to make the wait end at once";
    debugReport({ kind: 'cancel-undelivered', loop, message, subject: task });
  });
}
