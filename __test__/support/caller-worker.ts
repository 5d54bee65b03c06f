// What runs inside a Caller's worker: calls of a thread-safe handle of a loop in another thread.

import { parentPort, workerData } from 'node:worker_threads';
import { ThreadsafeHandle } from 'mioloop';
import type { CallerOrder, CallerWord } from './caller.js';

const port = parentPort!;
const handle = ThreadsafeHandle.from(workerData);

function attempt(args: readonly unknown[]): CallerWord {
  try {
    handle.call(...args);
    return { refused: null };
  } catch (error) {
    const { name, message } = error as Error;
    return { refused: { name, message, code: String(Reflect.get(error as Error, 'code')) } };
  }
}

port.on('message', (order: CallerOrder) => {
  if (order.kind === 'count') {
    for (let index = 0; index < order.count; index++) handle.call(order.tag, index);
  } else if (order.kind === 'callFunction') {
    port.postMessage(attempt([() => undefined]));
  } else {
    port.postMessage(attempt(order.args));
  }
});
port.postMessage({ refused: null } satisfies CallerWord);
