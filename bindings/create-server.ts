// Making a server: options, addresses, bound sockets. asyncio: `loop.create_server`.
import { type BindOptions, bindAddresses } from './bind-addresses.js';
import { ensureResolved } from './ensure-resolved.js';
import { RuntimeError, rangeError } from './errors.js';
import type { EventLoop } from './event-loop.js';
import { gatherAll } from './gather.js';
import type { AddrInfo } from './getaddrinfo.js';
import { adoptListener, checkStreamSocket } from './given-socket.js';
import type { ProtocolFactory } from './listener.js';
import { checkFlag, checkOptions } from './options.js';
import { checkFactory } from './protocol-factory.js';
import type { Server } from './server.js';
import { COMMON_SERVER_OPTIONS, type CommonServerOptions, checkService } from './server-options.js';
import { serverOn } from './server-start.js';
import type { Socket } from './socket.js';
import { AI_PASSIVE, SOCK_STREAM } from './socket-constants.js';
import type { Coroutine } from './stepping.js';
import { Task } from './task.js';
import { checkServerTls, refuseTls } from './tls-options.js';

/** Options of `loop.createServer`. */
export interface ServerOptions extends CommonServerOptions {
  /** `socket.AF_INET` or `socket.AF_INET6`; 0 (the default) is both. */
  family?: number | undefined;
  /** Flags of the look-up: `socket.AI_…`, added up (`AI_PASSIVE`). */
  flags?: number | undefined;
  /** A bound socket, instead of host and port. It belongs to the server then. */
  sock?: Socket | null | undefined;
  /** Take a port whose last connections are still ending (true, except on Windows). */
  reuseAddress?: boolean | null | undefined;
  /**
   * Share the port with other sockets that set this, and the connections with them: one server in each worker thread
   * uses all cores.
   */
  reusePort?: boolean | null | undefined;
  /** Have the system probe connections that are idle, and end those whose peer is gone. */
  keepAlive?: boolean | null | undefined;
}

const OPTIONS = [
  'family',
  'flags',
  'sock',
  'reuseAddress',
  'reusePort',
  'keepAlive',
  ...COMMON_SERVER_OPTIONS,
];

/** The body of `loop.createServer`. @internal */
export function* createServer(
  loop: EventLoop,
  factory: ProtocolFactory,
  host: unknown,
  port: unknown,
  options: ServerOptions,
): Coroutine<Server> {
  checkFactory(factory);
  checkOptions(options, OPTIONS, 'createServer');
  checkServerTls(options);
  const service = checkService(options);
  const sock = options.sock ?? null;
  if ((host ?? port ?? null) === null) {
    if (sock === null) throw rangeError('Neither host/port nor sock were specified');
    const socket = checkStreamSocket(sock);
    refuseTls(options, 'createServer');
    const opened = adoptListener(loop, socket, service.backlog, service.startServing);
    return yield* serverOn(loop, [opened], factory, service);
  }
  if (sock !== null) throw rangeError('host/port and sock can not be specified at the same time');
  const bindOptions = checkBinding(options, service.backlog);
  refuseTls(options, 'createServer');
  const infos = yield* resolveAll(loop, hostsOf(host), port ?? 0, options);
  return yield* serverOn(loop, bindAddresses(loop, infos, bindOptions), factory, service);
}

/** The hosts of an argument that may be one or several; null is every interface. */
function hostsOf(host: unknown): unknown[] {
  if (host === '') return [null];
  const isList = typeof host === 'object' && host !== null && Symbol.iterator in host;
  return isList && !(host instanceof Uint8Array) ? [...(host as Iterable<unknown>)] : [host];
}

/** All addresses. As asyncio, each host is resolved in a task of its own: who counts turns sees that. */
function* resolveAll(
  loop: EventLoop,
  hosts: readonly unknown[],
  port: unknown,
  options: ServerOptions,
): Coroutine<AddrInfo[]> {
  const tasks = hosts.map((host) => new Task(loop, resolved(loop, host, port, options)));
  try {
    const found = (yield* gatherAll(tasks, false)) as AddrInfo[][];
    return found.flat();
  } finally {
    // Also when one has failed: nobody needs the others.
    for (const task of tasks) task.cancel();
  }
}

function* resolved(
  loop: EventLoop,
  host: unknown,
  port: unknown,
  { family = 0, flags = AI_PASSIVE }: ServerOptions,
): Coroutine<AddrInfo[]> {
  const found = yield* ensureResolved(loop, [host, port], { family, type: SOCK_STREAM, flags });
  if (found.length > 0) return found;
  throw new RuntimeError(`getaddrinfo(${String(host)}) returned empty list`, 'ERR_NO_ADDRESS');
}

function checkBinding(options: ServerOptions, backlog: number): BindOptions {
  return {
    backlog,
    reuseAddress: checkFlag('reuseAddress', options.reuseAddress, process.platform !== 'win32'),
    reusePort: checkFlag('reusePort', options.reusePort, false),
    keepAlive: checkFlag('keepAlive', options.keepAlive, false),
  };
}
