/**
 * What every server program written for Node does: print `PORT <n>`, end with stdin, and, when asked by an argument,
 * watch Node's own timers (`probe`) or keep the heap small (`gc`).
 */
import type { AddressInfo, Server } from 'node:net';
import { TimerProbe } from '../lib/timer-probe.js';

/** Pause between collections with `gc`; the memory benchmark waits several of them. */
export const GC_PAUSE_MS = 200;

/** Tells the driver that connections can come. */
export function announce(port: number): void {
  process.stdout.write(`PORT ${port}\n`);
}

/** Exits when stdin ends, which it also does when the driver was killed. Needs Node's own loop. */
export function exitWithStdin(): void {
  process.stdin.on('end', () => process.exit(0));
  process.stdin.on('error', () => process.exit(0));
  process.stdin.resume();
}

/** Listens, tells so, and serves until stdin ends. */
export function serveNet(server: Server): void {
  server.listen(0, '127.0.0.1', () => announce((server.address() as AddressInfo).port));
  exitWithStdin();
}

/** What the client of a file or a long stream asks for: a count of bytes. */
export function wantedBytes(request: Buffer): number {
  return Number(request.readBigUInt64LE());
}

/** Starts what the arguments name. Needs Node's own loop. */
export function startExtras(args: readonly string[]): void {
  if (args.includes('probe')) startProbe();
  if (args.includes('gc')) setInterval(() => globalThis.gc?.(), GC_PAUSE_MS);
}

/** `setTimeout` is watched; SIGUSR2 prints `PROBE <json>` and starts anew. */
export function startProbe(): void {
  const probe = new TimerProbe();
  process.on('SIGUSR2', () => process.stdout.write(`PROBE ${JSON.stringify(probe.take())}\n`));
  probe.start();
}
