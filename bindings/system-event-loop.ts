// The loop's methods for the rest of the operating system: pipes, signals, child processes, executors. What they do is
// elsewhere, in files of their names; here are their arguments and what they promise.
import { NetworkEventLoop } from './network-event-loop.js';

/** The part of a loop that has to do with the rest of the operating system. Every EventLoop is one. */
export abstract class SystemEventLoop extends NetworkEventLoop {
  // ---- pipes ---------------------------------------------------------------------------------------
  // ---- signals -------------------------------------------------------------------------------------
  // ---- child processes -----------------------------------------------------------------------------
  // ---- executors -----------------------------------------------------------------------------------
}
