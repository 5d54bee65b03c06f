// The package's hooks for its own tests; the one place that knows where they are.

import type { AddrInfo, AddrInfoOptions, Coroutine, EventLoop } from 'mioloop';

interface Testing {
  loopTurns(loop: EventLoop): number;
  virtualLoop(): EventLoop;
  isIpv4(host: string): boolean;
  ipv6Text(host: string): string | null;
  ensureResolved(
    loop: EventLoop,
    address: readonly unknown[],
    options: AddrInfoOptions,
  ): Coroutine<AddrInfo[]>;
  constants: Readonly<Record<string, number | undefined>>;
}

const testing: Testing = await import(new URL('../../../dist/internals/testing.js', import.meta.url).href);

/** Turns that the loop has made so far, counted as CPython's `_run_once` calls. */
export function loopTurns(loop: EventLoop): number {
  return testing.loopTurns(loop);
}

/** A loop whose clock moves only when nothing is ready: a timer of a week is due at once. */
export function virtualLoop(): EventLoop {
  return testing.virtualLoop();
}

/** The numbers of the socket calls. */
export const { constants } = testing;

/** Literal addresses, and the addresses of what users give. */
export const { ensureResolved, ipv6Text, isIpv4 } = testing;
