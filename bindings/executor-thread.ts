// The program of an executor's thread. The addon comes first: from then on the loops hear of its end, whatever ends it.
import { workerData } from 'node:worker_threads';
import type { Order } from './executor-wire.js';
import { JobRunner } from './job-runner.js';
import { LastWord } from './last-word.js';
import { ringBell, ringBellAtEnd } from './native/addon.js';
import { OrderLine } from './order-line.js';
import type { ThreadData } from './thread-data.js';

const { bell, number, port } = workerData as ThreadData;
ringBellAtEnd(bell, number);

const runner = new JobRunner((answer, list) => {
  port.postMessage(answer, list);
  ringBell(bell, number);
});

const lastWord = new LastWord((answer) => port.postMessage(answer));
const line = new OrderLine(runner, () => {
  lastWord.isSaid = true;
  process.exit(0);
});
port.on('message', (order: Order) => line.push(order));
