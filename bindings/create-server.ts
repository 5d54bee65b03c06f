// Making a server: options, addresses, bound sockets. asyncio: `loop.create_server`.
import { constants } from 'node:os';
import { checkHost, checkPort, resolveHost } from './addresses.js';
import { given, rangeError, typeError } from './errors.js';
import type { EventLoop } from './event-loop.js';
import { Listener, type ProtocolFactory } from './listener.js';
import { checkOptions } from './options.js';
import { Server } from './server.js';
import { turnOf } from './sleep.js';
import type { Coroutine } from './stepping.js';
import { systemError } from './system-error.js';
import { Task } from './task.js';

/** Connections that wait in the kernel, and that one turn accepts at most, without `backlog`. */
const DEFAULT_BACKLOG = 100;

/** Options of `loop.createServer`. */
export interface ServerOptions {
  /** How many connections may wait to be accepted (100). */
  backlog?: number;
  /** Take a port whose last connections are still ending (true, except on Windows). */
  reuseAddress?: boolean;
  /** Share the port with other sockets that set this: one for each worker thread, for example. */
  reusePort?: boolean;
  /** Accept at once (true), or only after `server.startServing()` or `serveForever()`. */
  startServing?: boolean;
}

const ADDRESS_NOT_AVAILABLE = constants.errno.EADDRNOTAVAIL;

const SERVER_OPTIONS = ['backlog', 'reuseAddress', 'reusePort', 'startServing'];

/** The body of `loop.createServer`. @internal */
export function* createServer(
  loop: EventLoop,
  factory: ProtocolFactory,
  host: unknown,
  port: unknown,
  options: ServerOptions,
): Coroutine<Server> {
  if (typeof factory !== 'function')
    throw typeError(`a protocol factory (a function) is expected, got ${given(factory)}`);
  checkOptions(options, SERVER_OPTIONS, 'createServer');
  if ((host === undefined || host === null) && (port === undefined || port === null)) {
    throw rangeError('Neither host/port nor sock were specified');
  }
  const portNumber = checkPort(port);
  const name = checkHost(host);
  const backlog = checkBacklog(options.backlog ?? DEFAULT_BACKLOG);
  // asyncio resolves every host in a task of its own and gathers them; who counts turns sees that.
  const resolution = new Task(loop, resolveHost(loop, name, portNumber));
  const gathered = loop.createFuture<void>();
  resolution.addDoneCallback(() => {
    if (!gathered.done()) gathered.setResult(undefined);
  });
  try {
    yield* gathered;
  } finally {
    resolution.cancel();
  }
  const listeners: Listener[] = [];
  let complete = false;
  try {
    const addresses = resolution.result();
    for (const address of addresses) {
      const listener = bind(loop, factory, address, portNumber, backlog, options);
      if (listener !== null) listeners.push(listener);
    }
    if (listeners.length === 0) throw couldNotBind(addresses, portNumber);
    const server = new Server(loop, listeners);
    if (options.startServing ?? true) {
      server.serve();
      yield* turnOf(loop);
    }
    complete = true;
    return server;
  } finally {
    // Also when the wait was cancelled, or the coroutine closed.
    if (!complete) for (const listener of listeners) listener.close();
  }
}

function couldNotBind(addresses: readonly string[], port: number): Error {
  const [address = ''] = addresses;
  const error = systemError(ADDRESS_NOT_AVAILABLE, { syscall: 'bind', address, port });
  error.message = `could not bind on any address out of ${addresses.join(', ')}: ${error.message}`;
  return error;
}

/** A listener on `address`; null where the system does not have that address (its family is off, for example). */
function bind(
  loop: EventLoop,
  factory: ProtocolFactory,
  address: string,
  port: number,
  backlog: number,
  options: ServerOptions,
): Listener | null {
  const reuseAddress = options.reuseAddress ?? process.platform !== 'win32';
  const reusePort = options.reusePort ?? false;
  const opened = loop.scheduler.core.native.bind(
    { family: 0, host: address, port },
    backlog,
    reuseAddress,
    reusePort,
    false,
  );
  if (typeof opened !== 'number') return new Listener(loop, opened, factory);
  const error = systemError(opened, { syscall: 'bind', address, port });
  if (['EADDRNOTAVAIL', 'EAFNOSUPPORT'].includes(error.code)) return null;
  throw error;
}

function checkBacklog(backlog: unknown): number {
  if (typeof backlog !== 'number') throw typeError(`backlog must be a number, got ${given(backlog)}`);
  if (!Number.isInteger(backlog) || backlog < 0 || backlog > 0x7fffffff) {
    throw rangeError(`backlog must be a whole number from 0 to ${0x7fffffff}, got ${backlog}`);
  }
  return backlog;
}
