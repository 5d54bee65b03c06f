// What runs inside a Remote's worker: calls of a coroutine function of another thread, from plain Node, or from a loop
// of its own in either mode.

import { parentPort, workerData } from 'node:worker_threads';
import { run, runCoroutineThreadsafe, runSync, type ThreadsafeData, wrapFuture } from 'mioloop';
import type { RemoteOrder, RemoteWord } from './remote.js';

const port = parentPort!;
const { data, where } = workerData as { data: ThreadsafeData; where: 'node' | 'hosted' | 'blocking' };

function call(order: RemoteOrder): Promise<unknown> {
  const { signal } = controllerFor(order);
  const args = order.unclonable ? [() => undefined] : order.args;
  return runCoroutineThreadsafe({ signal }, data, ...args);
}

/** Aborts before the call, or a moment after it. */
function controllerFor(order: RemoteOrder): AbortController {
  const controller = new AbortController();
  if (order.abort === 'before') controller.abort(new Error('too late'));
  if (order.abort === 'after') setTimeout(() => controller.abort(new Error('changed my mind')), 20);
  return controller;
}

async function attempt(order: RemoteOrder): Promise<RemoteWord> {
  try {
    if (where === 'node') return { result: await call(order) };
    if (where === 'hosted') return { result: await run(async () => await call(order)) };
    return {
      result: runSync(function* () {
        return yield* wrapFuture(call(order));
      }),
    };
  } catch (error) {
    const { name, message, stack, code, cause } = error as Error & { code?: string };
    return {
      failed: {
        name,
        message,
        code,
        stack,
        className: (error as object).constructor.name,
        cause: cause instanceof Error ? cause.message : undefined,
      },
    };
  }
}

port.on('message', (order: RemoteOrder) => {
  // Out of the microtask that a message arrives in: a blocking loop settles promises only outside of them.
  setImmediate(() => void attempt(order).then((word) => port.postMessage(word)));
});
port.postMessage('ready');
