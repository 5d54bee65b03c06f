// The public API.
export { abortSignal, cancelOn } from './abort.js';
export { AbstractEventLoop } from './abstract-loop.js';
export { Context, ContextVar, copyContext, Token } from './context.js';
export type { CoroutineLike } from './coroutine.js';
export type { ConnectionOptions } from './create-connection.js';
export type { ServerOptions } from './create-server.js';
export { allTasks, currentTask } from './current-task.js';
export type { DebugReport } from './debug.js';
export {
  CancelledError,
  ExitError,
  InvalidStateError,
  KeyboardInterrupt,
  NotImplementedError,
  RuntimeError,
  SystemExit,
} from './errors.js';
export {
  type Awaitable,
  EventLoop,
  type EventLoopOptions,
  type InContext,
  SelectorEventLoop,
} from './event-loop.js';
export type { ExceptionContext, ExceptionHandler } from './exceptions.js';
export { type DoneCallback, Future, type Suspension } from './future.js';
export { type Callback, Handle, TimerHandle } from './handle.js';
export type { ProtocolFactory } from './listener.js';
export {
  AbstractEventLoopPolicy,
  DefaultEventLoopPolicy,
  getEventLoop,
  getEventLoopPolicy,
  newEventLoop,
  setEventLoop,
  setEventLoopPolicy,
} from './loops.js';
export { Operation } from './operation.js';
export { BaseProtocol, BufferedProtocol, Protocol } from './protocol.js';
export { type RunOptions, run, runSync } from './run.js';
export { getRunningLoop } from './running.js';
export { AbstractServer, Server } from './server.js';
export { sleep } from './sleep.js';
export { TransportSocket } from './socket.js';
export type { StackFrame } from './source-traceback.js';
export type { Coroutine } from './stepping.js';
export type { SystemError, SystemErrorDetails } from './system-error.js';
export { Task, type TaskOptions } from './task.js';
export { createEagerTaskFactory, eagerTaskFactory, type TaskFactory } from './task-factory.js';
export { type ThreadsafeData, ThreadsafeHandle } from './threadsafe.js';
export {
  type Address,
  BaseTransport,
  type ExtraInfo,
  ReadTransport,
  Transport,
  WriteTransport,
} from './transport.js';
export { type WrapOptions, wrapFuture } from './wrap-future.js';
