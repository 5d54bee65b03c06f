/**
 * What every client program does: `<port> <warmup> <connections> <at once>` are its last arguments; it opens as many
 * connections, sends a message on each, takes it back and closes, and prints what it took, without the warm-up.
 */
import type { ClientReport } from '../lib/loads.js';

const [port, warmup, connections, atOnce] = process.argv.slice(-4).map(Number) as [
  number,
  number,
  number,
  number,
];

export { atOnce, port };

export const MESSAGE = Buffer.from(Array.from({ length: 64 }, (_, index) => (index * 37) & 0xff));

/** Connections that are left to open, in the present half of the run. */
let left = 0;

/** Whether there is one more to open; it counts as opened then. */
export function takeOne(): boolean {
  return left-- > 0;
}

/** Takes what came back on one connection; true when that was all of it. */
export class Reply {
  #received = 0;

  /** @throws Error for wrong bytes. */
  take(data: Uint8Array): boolean {
    const expected = MESSAGE.subarray(this.#received, this.#received + data.length);
    if (!expected.equals(data)) throw new Error(`wrong bytes after ${this.#received} of a reply`);
    this.#received += data.length;
    return this.#received === MESSAGE.length;
  }
}

/** What has been used so far. */
interface Reading {
  wall: number;
  cpu: NodeJS.CpuUsage;
}

/** Gives the count for the warm-up, then that for the measured half; the end of both is told by `report`. */
export function beginWarmup(): void {
  left = warmup;
}

export function beginWindow(): Reading {
  left = connections;
  return { wall: performance.now(), cpu: process.cpuUsage() };
}

export function report(begin: Reading): void {
  const { user, system } = process.cpuUsage(begin.cpu);
  const seconds = (performance.now() - begin.wall) / 1_000;
  const figures: ClientReport = { connections, seconds, cpuUs: user + system };
  process.stdout.write(`${JSON.stringify(figures)}\n`);
}
