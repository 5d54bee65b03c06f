// What debug mode tells: on stderr, and on the diagnostics channel `mioloop:debug` with its parts.
import diagnosticsChannel from 'node:diagnostics_channel';
import type { EventLoop } from './event-loop.js';

/** A report of debug mode, as subscribers of `mioloop:debug` get it. */
export interface DebugReport {
  /** What was found, e.g. `slow-callback`. */
  readonly kind: 'slow-callback' | 'slow-poll' | 'slow-look-up' | 'cancel-undelivered' | 'child-killed';
  readonly loop: EventLoop;
  /** The line that is written to stderr. */
  readonly message: string;
  /** Seconds that it took, where that is the point. */
  readonly seconds?: number;
  /** The handle, task or transport. */
  readonly subject?: object;
}

const channel = diagnosticsChannel.channel('mioloop:debug');

/** Writes and publishes `report`. @internal */
export function debugReport(report: DebugReport): void {
  process.stderr.write(`${report.message}\n`);
  if (channel.hasSubscribers) channel.publish(report);
}
