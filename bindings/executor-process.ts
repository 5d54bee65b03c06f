// The program of an executor's process. Its standard input is the socket by which it gets orders and answers them; its
// jobs see an empty one. When the other end goes, so does the process.
import { Socket } from 'node:net';
import { Readable } from 'node:stream';
import type { Answer, Order } from './executor-wire.js';
import { FrameReader, frameOf } from './frames.js';
import { JobRunner } from './job-runner.js';
import { LastWord } from './last-word.js';
import { OrderLine } from './order-line.js';

const STDIN = 0;

const link = new Socket({ fd: STDIN, readable: true, writable: true });
Object.defineProperty(process, 'stdin', { value: Readable.from([]), configurable: true });

function reply(answer: Answer): void {
  for (const piece of frameOf(answer)) link.write(piece);
}

const lastWord = new LastWord(reply);
const line = new OrderLine(new JobRunner(reply), () => {
  lastWord.isSaid = true;
  // Answers that are on their way arrive before it ends.
  link.end(() => process.exit(0));
});

const frames = new FrameReader();
link.on('data', (data: Buffer) => {
  for (const order of frames.read(data)) line.push(order as Order);
});
// Who gave the orders is gone, and so is who would hear of an error here.
const leave = (): void => {
  lastWord.isSaid = true;
  process.exit(0);
};
link.on('end', leave);
link.on('error', leave);
