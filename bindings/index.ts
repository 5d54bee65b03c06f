// The public API.
export { abortSignal, cancelOn } from './abort.js';
export { AbstractEventLoop } from './abstract-loop.js';
export type { Address, InternetAddress } from './address.js';
export {
  type AsCompleted,
  type AsCompletedOptions,
  asCompleted,
  type Completed,
  type FutureOf,
} from './as-completed.js';
export { Barrier } from './barrier.js';
export {
  type CallGraphOptions,
  captureCallGraph,
  type FutureCallGraph,
  formatCallGraph,
  type PrintCallGraphOptions,
  printCallGraph,
} from './call-graph.js';
export type { FilePath, Program, ProgramArgument } from './child-command.js';
export type { ChildProcessOptions } from './child-options.js';
export { type ChildStdio, DEVNULL, PIPE, STDOUT } from './child-stdio.js';
export { Condition } from './condition.js';
export { Context, ContextVar, copyContext, Token } from './context.js';
export type { CoroutineLike } from './coroutine.js';
export type { AcceptedSocketOptions, ConnectionOptions } from './create-connection.js';
export type { DatagramAddress, DatagramEndpointOptions } from './create-datagram-endpoint.js';
export type { ServerOptions } from './create-server.js';
export type { UnixConnectionOptions } from './create-unix-connection.js';
export type { UnixServerOptions } from './create-unix-server.js';
export { allTasks, currentTask } from './current-task.js';
export type { DebugReport } from './debug.js';
export type { Descriptor } from './descriptors.js';
export { type EnsureFutureOptions, ensureFuture } from './ensure-future.js';
export {
  BrokenBarrierError,
  BrokenExecutor,
  BrokenProcessPool,
  BrokenThreadPool,
  CancelledError,
  ExitError,
  IncompleteReadError,
  InvalidStateError,
  KeyboardInterrupt,
  LimitOverrunError,
  NotImplementedError,
  QueueEmpty,
  QueueFull,
  QueueShutDown,
  RuntimeError,
  SendfileNotAvailableError,
  SystemExit,
  TimeoutError,
} from './errors.js';
export { Event } from './event.js';
export {
  type Awaitable,
  BaseEventLoop,
  EventLoop,
  type EventLoopOptions,
  type InContext,
  ProactorEventLoop,
  SelectorEventLoop,
} from './event-loop.js';
export type { ExceptionContext, ExceptionHandler } from './exceptions.js';
export { Executor, type ShutdownOptions } from './executor.js';
export type { JobOptions } from './executor-job.js';
export { ExecutorMap, type MapOptions } from './executor-map.js';
export type { WriteBufferLimitsOptions } from './flow-control.js';
export { type DoneCallback, Future, type Suspension } from './future.js';
export {
  type GatherOptions,
  type GatherOutcomes,
  type GatherResults,
  gather,
  type ResultOf,
} from './gather.js';
export type { AddrInfo } from './getaddrinfo.js';
export type { PipeEnd, PipeObject } from './given-pipe.js';
export { Guard } from './guard.js';
export { type Callback, Handle, TimerHandle } from './handle.js';
export type { Instrument } from './instrument.js';
export { type AnyJobFunction, type JobFunction, type ModuleReference, reference } from './job-target.js';
export { LagHistogram } from './lag-histogram.js';
export { LifoQueue } from './lifo-queue.js';
export type { ProtocolFactory } from './listener.js';
export { Lock } from './lock.js';
export type { AddrInfoOptions, Host, Port } from './lookup-query.js';
export {
  AbstractEventLoopPolicy,
  DefaultEventLoopPolicy,
  getEventLoop,
  getEventLoopPolicy,
  newEventLoop,
  setEventLoop,
  setEventLoopPolicy,
} from './loops.js';
export type { LoopMetrics } from './metrics.js';
export { NetworkEventLoop } from './network-event-loop.js';
export { Operation } from './operation.js';
export { PriorityQueue, type PriorityQueueOptions } from './priority-queue.js';
export { createSubprocessExec, createSubprocessShell, Process, type SubprocessOptions } from './process.js';
export { ProcessPoolExecutor, type ProcessPoolExecutorOptions } from './process-pool-executor.js';
export {
  BaseProtocol,
  BufferedProtocol,
  DatagramProtocol,
  Protocol,
  SubprocessProtocol,
} from './protocol.js';
export { Queue } from './queue.js';
export { type RunOptions, run, runSync } from './run.js';
export { runCoroutineThreadsafe, type ThreadsafeRunOptions } from './run-coroutine-threadsafe.js';
export { Runner, type RunnerOptions, type RunnerRunOptions } from './runner.js';
export { getRunningLoop } from './running.js';
export { Scope, type ScopeBody } from './scope.js';
export { BoundedSemaphore, Semaphore } from './semaphore.js';
export type { SendableFile } from './sendable-file.js';
export type { SendfileOptions } from './sendfile.js';
export { AbstractServer, Server } from './server.js';
export type { ClientConnectedCallback } from './serving.js';
export { shield } from './shield.js';
export type { Signal } from './signal-number.js';
export { sleep } from './sleep.js';
export * as socket from './socket-namespace.js';
export { SocketView } from './socket-view.js';
export type { StackFrame } from './source-traceback.js';
export type { Coroutine } from './stepping.js';
export { StreamReader } from './stream-reader.js';
export { StreamReaderProtocol } from './stream-reader-protocol.js';
export { StreamWriter } from './stream-writer.js';
export {
  openConnection,
  openUnixConnection,
  type StreamConnectionOptions,
  type StreamServerOptions,
  startServer,
  startUnixServer,
  type UnixStreamConnectionOptions,
  type UnixStreamServerOptions,
} from './streams.js';
export { SubprocessStreamProtocol } from './subprocess-stream-protocol.js';
export type { SystemError, SystemErrorDetails } from './system-error.js';
export { SystemEventLoop } from './system-event-loop.js';
export { Task, type TaskOptions } from './task.js';
export { createEagerTaskFactory, eagerTaskFactory, type TaskFactory } from './task-factory.js';
export { TaskGroup, taskGroup } from './task-group.js';
export { ThreadPoolExecutor, type ThreadPoolExecutorOptions } from './thread-pool-executor.js';
export { type ThreadsafeData, ThreadsafeHandle } from './threadsafe.js';
export { ThreadsafeCoroutine } from './threadsafe-coroutine.js';
export { Timeout, timeout, timeoutAt } from './timeouts.js';
export { toThread } from './to-thread.js';
export { transfer } from './transfer.js';
export {
  BaseTransport,
  type ChildProcessInfo,
  DatagramTransport,
  type ExtraInfo,
  ReadTransport,
  SubprocessTransport,
  Transport,
  WriteTransport,
} from './transport.js';
export { TransportSocket } from './transport-socket.js';
export type { UnixPath } from './unix-path.js';
export {
  ALL_COMPLETED,
  FIRST_COMPLETED,
  FIRST_EXCEPTION,
  type ReturnWhen,
  type WaitOptions,
  wait,
} from './wait.js';
export { waitFor } from './wait-for.js';
export { type WrapOptions, wrapFuture } from './wrap-future.js';
