// The package's hooks for its own tests; the one place that knows where they are.

import type { AddrInfo, AddrInfoOptions, Coroutine, EventLoop } from 'mioloop';

/** What is set on a socket before it is bound. */
export interface BindOptions {
  backlog: number;
  reuseAddress: boolean;
  reusePort: boolean;
  keepAlive: boolean;
}

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
  bindAddresses(loop: EventLoop, infos: readonly AddrInfo[], options: BindOptions): unknown[];
  interleaved(addresses: readonly AddrInfo[], count: number): AddrInfo[];
  staggeredRace<T>(
    loop: EventLoop,
    attempts: readonly (() => Coroutine<T>)[],
    delay: number | null,
    discard: (result: T) => void,
  ): Coroutine<{ winner: { result: T; index: number } | null; errors: unknown[] }>;
  limitChildren(loop: EventLoop, withoutPidfd: boolean, withoutUnshare: boolean): void;
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

/** What connecting to several addresses is made of. */
export const { interleaved, staggeredRace } = testing;

/** The sockets of a server. */
export const { bindAddresses } = testing;

/** Children as on a system that has less. */
export const { limitChildren } = testing;
