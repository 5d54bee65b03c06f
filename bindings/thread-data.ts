// What a thread of an executor is given when it starts.
import type { MessagePort } from 'node:worker_threads';

/** @internal */
export interface ThreadData {
  /** What it rings when it has answered. */
  readonly bell: number;
  /** Who it is, to those who hear the bell. */
  readonly number: number;
  /** `asyncio_0`, …: as the debugger shows it. */
  readonly name: string;
  readonly port: MessagePort;
}
