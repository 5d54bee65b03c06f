// The program of an executor's thread. The addon comes first: from then on the loops hear of its end, whatever ends it.
import { workerData } from 'node:worker_threads';
import type { Answer, Order } from './executor-wire.js';
import { JobRunner } from './job-runner.js';
import { ringBell, ringBellAtEnd } from './native/addon.js';
import { OrderLine } from './order-line.js';
import { packError } from './packed-error.js';
import type { ThreadData } from './thread-data.js';

const { bell, number, port } = workerData as ThreadData;
ringBellAtEnd(bell, number);

/** Everything has been said about its end. */
let leaving = false;

const runner = new JobRunner((answer, list) => {
  port.postMessage(answer, list);
  ringBell(bell, number);
});

function lastWord(answer: Answer): void {
  if (leaving) return;
  leaving = true;
  port.postMessage(answer);
}

process.on('uncaughtExceptionMonitor', (error) => {
  lastWord({ kind: 'dying', error: packError(error), exitCode: null });
});
process.on('exit', (exitCode) => lastWord({ kind: 'dying', error: null, exitCode }));

const line = new OrderLine(runner, () => {
  leaving = true;
  process.exit(0);
});
port.on('message', (order: Order) => line.push(order));
