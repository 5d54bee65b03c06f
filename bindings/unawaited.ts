// Coroutines that were made and never awaited: debug mode warns when they are collected, as Python does.
import { runningLoop } from './running.js';

/** What outlives a coroutine that is collected: it must not refer to the coroutine. */
interface Remains {
  name: string;
  /** The stack where it was made. */
  madeAt: string;
}

const registry = new FinalizationRegistry<Remains>(({ name, madeAt }) => {
  process.emitWarning(`coroutine '${name}' was never awaited`, {
    type: 'RuntimeWarning',
    code: 'MIOLOOP_NEVER_AWAITED',
    detail: madeAt,
  });
});

/** Watches `coroutine` until `forgetUnawaited`, in debug mode only: a registration costs more than the coroutine. @internal */
export function watchUnawaited(coroutine: object, name: string): boolean {
  const loop = runningLoop();
  if (!(loop === null ? Boolean(process.env.MIOLOOP_DEBUG) : loop.getDebug())) return false;
  const stack = new Error('made here').stack ?? '';
  registry.register(coroutine, { name, madeAt: stack.slice(stack.indexOf('\n') + 1) }, coroutine);
  return true;
}

/** The coroutine has begun, or is known to be unwanted. @internal */
export function forgetUnawaited(coroutine: object): void {
  registry.unregister(coroutine);
}
