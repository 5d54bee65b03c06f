// What debug mode and the default exception handler say during a test: on stderr, and on the diagnostics channel.

import diagnosticsChannel from 'node:diagnostics_channel';
import type { ExecutionContext } from 'ava';
import type { DebugReport, EventLoop } from 'mioloop';

/** Collects what is written to stderr, instead of it being written, until the test ends. */
export function stderrOf(t: ExecutionContext): { text: string } {
  const written = { text: '' };
  const { write } = process.stderr;
  process.stderr.write = (chunk: string | Uint8Array) => {
    written.text += chunk.toString();
    return true;
  };
  t.teardown(() => {
    process.stderr.write = write;
  });
  return written;
}

/** Collects the debug reports of `loop`, without their lines on stderr, until the test ends. */
export function debugReportsOf(t: ExecutionContext, loop: EventLoop): DebugReport[] {
  const reports: DebugReport[] = [];
  const collect = (message: unknown): void => {
    const report = message as DebugReport;
    if (report.loop === loop) reports.push(report);
  };
  stderrOf(t);
  diagnosticsChannel.subscribe('mioloop:debug', collect);
  t.teardown(() => {
    diagnosticsChannel.unsubscribe('mioloop:debug', collect);
  });
  return reports;
}
