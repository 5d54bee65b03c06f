// Coroutines and operations that were made and never awaited: debug mode warns when they are collected, as Python does.
import { runningLoop } from './running.js';
import { createdAt, formatFrames, sourceOf } from './source-traceback.js';

/** What outlives a coroutine that is collected: it must not refer to the coroutine. */
interface Remains {
  what: string;
  /** The stack where it was made. */
  madeAt: string;
}

const registry = new FinalizationRegistry<Remains>(({ what, madeAt }) => {
  process.emitWarning(`${what} was never awaited`, {
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
  const madeAt = stack.slice(stack.indexOf('\n') + 1);
  registry.register(coroutine, { what: `coroutine '${name}'`, madeAt }, coroutine);
  return true;
}

/** Watches `operation` of a loop in debug mode until `forgetUnawaited`. @internal */
export function watchOperation(operation: object): void {
  const madeAt = formatFrames(sourceOf(operation) ?? []);
  registry.register(operation, { what: `<Operation${createdAt(operation)}>`, madeAt }, operation);
}

/** The coroutine has begun, or is known to be unwanted. @internal */
export function forgetUnawaited(coroutine: object): void {
  registry.unregister(coroutine);
}
