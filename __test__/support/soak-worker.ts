// A crowd of strangers in a worker thread: many connections to one echo server, each with bytes, sizes and pauses of its
// own from a seed, and each checks every byte that comes back.

import { createConnection } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import { Random } from './random.js';

export interface Soak {
  port: number;
  connections: number;
  messages: number;
  /** Bytes of a message, at most. */
  largest: number;
}

export interface Verdict {
  /** Bytes that came back and were right. */
  bytes: number;
  /** What went wrong, one line a connection. */
  faults: string[];
}

const { port, connections, messages, largest }: Soak = workerData;

/** One connection's life; resolves with the bytes checked. */
function visit(seed: number): Promise<number> {
  const random = new Random(seed);
  const expected: Buffer[] = [];
  const socket = createConnection({ host: '127.0.0.1', port, noDelay: true });
  let left = messages;
  let sent = 0;
  let checked = 0;

  function send(): void {
    // Several messages at once now and then, and a pause of some turns between them.
    for (let burst = 1 + random.below(3); burst > 0 && left > 0; burst--) {
      const message = random.bytes(random.below(random.below(4) === 0 ? largest : 200));
      left -= 1;
      sent += message.length;
      expected.push(message);
      socket.write(message);
    }
    if (left === 0) socket.end();
    else later(random.below(5), send);
  }

  return new Promise((resolve, reject) => {
    socket.on('connect', send);
    socket.on('data', (chunk) => {
      try {
        check(chunk);
      } catch (error) {
        reject(error);
        socket.destroy();
        return;
      }
      if (random.below(8) !== 0) return;
      socket.pause();
      later(random.below(10), () => socket.resume());
    });
    socket.on('end', () => {
      if (left === 0 && checked === sent) resolve(checked);
      else
        reject(
          new Error(`connection ${seed} ended after ${checked} of ${sent} bytes, ${left} messages unsent`),
        );
    });
    socket.on('error', reject);
  });

  function check(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length) {
      const next = expected[0];
      if (next === undefined)
        throw new Error(`connection ${seed}: ${chunk.length - at} bytes too many at ${checked}`);
      const length = Math.min(next.length, chunk.length - at);
      if (next.compare(chunk, at, at + length, 0, length) !== 0) {
        throw new Error(`connection ${seed}: wrong bytes within ${length} at ${checked}`);
      }
      at += length;
      checked += length;
      if (length === next.length) expected.shift();
      else expected[0] = next.subarray(length);
    }
  }
}

/** Calls `fn` in some turns of this thread's loop. */
function later(turns: number, fn: () => void): void {
  if (turns === 0) fn();
  else setImmediate(later, turns - 1, fn);
}

const visits = await Promise.allSettled(Array.from({ length: connections }, (_, seed) => visit(seed + 1)));
const verdict: Verdict = { bytes: 0, faults: [] };
for (const each of visits) {
  if (each.status === 'fulfilled') verdict.bytes += each.value;
  else verdict.faults.push(String(each.reason));
}
parentPort!.postMessage(verdict);
