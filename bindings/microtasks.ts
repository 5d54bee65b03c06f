// Drains Node's own queues (process.nextTick and promises) in the middle of a turn, so that what a callback
// settled goes on before the next callback, as in asyncio. The one file that knows how.
//
// `process._tickCallback` is what Node itself calls between two callbacks. It does nothing inside a microtask,
// because V8 does not nest them; `canDrain` finds that out.
import { RuntimeError } from './errors.js';
import { raiseUncaught } from './native/addon.js';
import { running } from './running.js';

const tickCallback: unknown = Reflect.get(process, '_tickCallback');

/** Whether this host lets a loop drain microtasks at all. @internal */
export const HAS_TICK_CALLBACK = typeof tickCallback === 'function';

const drainOnce = HAS_TICK_CALLBACK ? (tickCallback as () => void).bind(process) : () => {};

/** Set by whoever settles a promise that a callback waits for; the turn drains before the next callback. @internal */
export const microtasks = { due: false };

/**
 * Runs what waits. An error that comes out belongs to somebody's `nextTick` callback: it is raised as the
 * uncaught exception that it would have been, and the rest goes on.
 * @internal
 */
export function drainMicrotasks(): void {
  microtasks.due = false;
  const { task, values } = running;
  running.task = null;
  running.values = null;
  for (;;) {
    try {
      drainOnce();
      break;
    } catch (error) {
      raiseUncaught(error);
    }
  }
  running.task = task;
  running.values = values;
}

/** The error of an async function where its promises can't settle before the run ends. @internal */
export function cannotDrain(): RuntimeError {
  const why = HAS_TICK_CALLBACK
    ? 'this code runs inside a microtask (the body of an ES module, or code after an await), and promises stand ' +
      'still until it returns'
    : 'this host does not let a loop settle promises while it blocks';
  return new RuntimeError(
    `an async function cannot run here in blocking mode: ${why}. Use a generator function, or await run(main), or ` +
      'start it outside: setImmediate(() => runSync(main)), or a CommonJS main',
    'ERR_BLOCKING_IN_MICROTASK',
  );
}

/** Whether draining works here: not inside a microtask, as an ES module's body or code after an `await` is. @internal */
export function canDrain(): boolean {
  let ran = false;
  Promise.resolve().then(() => {
    ran = true;
  });
  drainMicrotasks();
  return ran;
}
