// What the transports of pipes are made of, and what both of them do the same way.
import type { EventLoop } from './event-loop.js';
import type { Future } from './future.js';
import type { BaseProtocol } from './protocol.js';
import type { LivingTransport, TransportLife } from './transport-life.js';

/**
 * What a new transport is made of: a source of the core, which is the transport's from then on, whoever made it
 * (`connectReadPipe`, or the start of a child process).
 * @internal
 */
export interface PipeParts<P> {
  slot: number;
  generation: number;
  protocol: P;
  /** Done when the protocol has its transport and reading has started. */
  waiter?: Future<void>;
  /** What `getExtraInfo('pipe')` gives: what the user gave. */
  pipe?: unknown;
  /** The number by which the user knows it; that of the source without one. */
  fd?: number;
  /** The descriptor is closed. */
  closed?: () => void;
}

/** Where a transport's life begins. @internal */
export interface Beginner<P> extends LivingTransport<P> {
  fatal(error: unknown, message: string): void;
  /** connectionMade() has been called. */
  start(): void;
}

/** Tells the protocol of its transport, then starts, then lets go on who waits: in asyncio's order. @internal */
export function begin<P extends BaseProtocol>(
  loop: EventLoop,
  transport: Beginner<P>,
  life: TransportLife<P>,
  waiter: Future<void> | undefined,
): void {
  loop.callSoon(() => {
    try {
      const result = life.protocol?.connectionMade(transport);
      if (result !== undefined) transport.watch(result);
    } catch (error) {
      transport.fatal(error, 'Fatal error: protocol.connection_made() call failed.');
    }
  });
  loop.callSoon(() => transport.start());
  if (waiter === undefined) return;
  loop.callSoon(() => {
    if (!waiter.done()) waiter.setResult(undefined);
  });
}
