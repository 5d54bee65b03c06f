// Ctrl-C in a run: the first one cancels the main task, the second ends the run. asyncio: `Runner._on_sigint`.
import { isMainThread } from 'node:worker_threads';
import { CancelledError, KeyboardInterrupt } from './errors.js';
import type { EventLoop } from './event-loop.js';
import type { Task } from './task.js';

/** What shells give as the exit code of a program that Ctrl-C has ended. */
const EXIT_CODE = 130;

/** Ctrl-C for the length of one run, where nobody else handles SIGINT. @internal */
export class Interrupts {
  private readonly main: Task<unknown>;
  private readonly loop: EventLoop;
  private count = 0;

  constructor(main: Task<unknown>) {
    this.main = main;
    this.loop = main.getLoop();
    if (isMainThread && isFree()) this.loop.signals.addInterrupt(this.onInterrupt);
  }

  /** What the run ends with where it would end with `error`: a cancel that was Ctrl-C's alone is a KeyboardInterrupt. */
  outcome(error: unknown): unknown {
    const isInterrupt = this.count > 0 && error instanceof CancelledError && this.main.uncancel() === 0;
    return isInterrupt ? keyboardInterrupt() : error;
  }

  /** The run is over. */
  end(): void {
    this.loop.signals.removeInterrupt(this.onInterrupt);
  }

  private readonly onInterrupt = (): void => {
    // Who listens to SIGINT meanwhile has taken it over.
    if (!isFree()) return;
    // It has just ended by somebody else's cancel, or by an error, and the run will with it.
    if (this.count === 0 && (this.main.cancelled() || this.main.hasFailed())) return;
    this.count += 1;
    if (this.count > 1 || this.main.done()) throw keyboardInterrupt();
    this.main.cancel();
  };
}

/** Whether nobody of Node's listens to SIGINT. */
function isFree(): boolean {
  return process.listenerCount('SIGINT') === 0;
}

const raised = new WeakSet<KeyboardInterrupt>();
let isWatching = false;

function keyboardInterrupt(): KeyboardInterrupt {
  const error = new KeyboardInterrupt();
  raised.add(error);
  if (!isWatching) process.on('uncaughtExceptionMonitor', onUncaught);
  isWatching = true;
  return error;
}

/** A program that lets the error pass ends as one that Ctrl-C has ended without it: by the signal, without a stack. */
function onUncaught(error: Error): void {
  if (!(error instanceof KeyboardInterrupt && raised.has(error))) return;
  if (process.listenerCount('uncaughtException') > 0 || process.hasUncaughtExceptionCaptureCallback()) return;
  process.once('exit', () => {
    // If it is handled again, and ends nothing.
    process.exitCode = EXIT_CODE;
    process.kill(process.pid, 'SIGINT');
  });
}
