// Readers that are fed by hand.

import { type EventLoop, StreamReader } from 'mioloop';

/** Three lines. */
export const LINES = Buffer.from('line1\nline2\nline3\n');

export function text(data: Buffer): string {
  return data.toString('latin1');
}

/** A reader that has `pieces`, each as it would come from a transport. */
export function readerOf(
  loop: EventLoop,
  pieces: readonly (string | Uint8Array)[],
  limit?: number,
): StreamReader {
  const reader = new StreamReader(limit, loop);
  for (const piece of pieces) reader.feedData(Buffer.from(piece));
  return reader;
}

/** Writes down how it is paused and resumed. */
export class Valve {
  readonly calls: string[] = [];

  pauseReading(): void {
    this.calls.push('pause');
  }

  resumeReading(): void {
    this.calls.push('resume');
  }

  toString(): string {
    return '<Valve>';
  }
}
