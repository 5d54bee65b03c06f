// The methods that every loop has. asyncio: `AbstractEventLoop`.
import { NotImplementedError } from './errors.js';

/** The names of a loop's methods; each throws until a subclass has it. */
const METHODS = [
  'runForever',
  'runForeverSync',
  'runUntilComplete',
  'runUntilCompleteSync',
  'stop',
  'isRunning',
  'isClosed',
  'close',
  'callSoon',
  'callSoonThreadsafe',
  'callLater',
  'callAt',
  'time',
  'threadsafe',
  'createFuture',
  'createTask',
  'setTaskFactory',
  'getTaskFactory',
  'trackAsyncgen',
  'shutdownAsyncgens',
  'runInExecutor',
  'setDefaultExecutor',
  'shutdownDefaultExecutor',
  'createConnection',
  'createUnixConnection',
  'connectAcceptedSocket',
  'createServer',
  'createUnixServer',
  'createDatagramEndpoint',
  'sendfile',
  'addReader',
  'removeReader',
  'addWriter',
  'removeWriter',
  'sockRecv',
  'sockRecvInto',
  'sockRecvfrom',
  'sockRecvfromInto',
  'sockSendall',
  'sockSendto',
  'sockConnect',
  'sockAccept',
  'sockSendfile',
  'getaddrinfo',
  'getnameinfo',
  'connectReadPipe',
  'connectWritePipe',
  'subprocessExec',
  'subprocessShell',
  'addSignalHandler',
  'removeSignalHandler',
  'setExceptionHandler',
  'getExceptionHandler',
  'defaultExceptionHandler',
  'callExceptionHandler',
  'getDebug',
  'setDebug',
] as const;

/**
 * What all loops are instances of. asyncio: `AbstractEventLoop`. A loop of your own extends it and gives the
 * methods that it supports; the others throw NotImplementedError.
 */
export abstract class AbstractEventLoop {}

for (const name of METHODS) {
  Object.defineProperty(AbstractEventLoop.prototype, name, {
    value(): never {
      throw new NotImplementedError(`${this.constructor.name} has no ${name}()`);
    },
    configurable: true,
    writable: true,
  });
}
