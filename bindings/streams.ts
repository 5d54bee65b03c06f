// Streams: connections that are read and written by coroutines, without a protocol of one's own. asyncio:
// `open_connection`, `start_server` and their kin.
import type { ConnectionOptions } from './create-connection.js';
import type { ServerOptions } from './create-server.js';
import type { UnixConnectionOptions } from './create-unix-connection.js';
import type { UnixServerOptions } from './create-unix-server.js';
import { given, typeError } from './errors.js';
import type { EventLoop } from './event-loop.js';
import type { Host, Port } from './lookup-query.js';
import { Operation } from './operation.js';
import { getRunningLoop } from './running.js';
import type { Server } from './server.js';
import type { ClientConnectedCallback } from './serving.js';
import type { Coroutine } from './stepping.js';
import { StreamReader } from './stream-reader.js';
import { StreamReaderProtocol } from './stream-reader-protocol.js';
import { StreamWriter } from './stream-writer.js';
import type { Transport } from './transport.js';
import type { UnixPath } from './unix-path.js';

/** The option of every stream. */
export interface StreamOptions {
  /** Bytes that a line may have (65,536), and half of what is received ahead. */
  limit?: number | undefined;
}

/** Options of `openConnection`: those of `loop.createConnection`, and `limit`. */
export interface StreamConnectionOptions extends ConnectionOptions, StreamOptions {}
/** Options of `startServer`: those of `loop.createServer`, and `limit`. */
export interface StreamServerOptions extends ServerOptions, StreamOptions {}
/** Options of `openUnixConnection`: those of `loop.createUnixConnection`, and `limit`. */
export interface UnixStreamConnectionOptions extends UnixConnectionOptions, StreamOptions {}
/** Options of `startUnixServer`: those of `loop.createUnixServer`, and `limit`. */
export interface UnixStreamServerOptions extends UnixServerOptions, StreamOptions {}

/**
 * Opens a TCP connection and gives its two ends. asyncio: `open_connection`.
 *
 * @param host a literal address or a name
 * @param port a number, or the name of a service
 * @param options `limit`, and those of `loop.createConnection`
 * @throws as `loop.createConnection`; RangeError for a limit that is not positive.
 * @example
 * const [reader, writer] = yield* openConnection('example.org', 80);
 * writer.write(Buffer.from('HEAD / HTTP/1.0\r\n\r\n'));
 * console.log(String(yield* reader.readline()));
 * writer.close();
 */
export function openConnection(
  host?: Host,
  port?: Port,
  options: StreamConnectionOptions = {},
): Operation<[reader: StreamReader, writer: StreamWriter]> {
  const loop = getRunningLoop();
  return open(loop, options, (factory, others) => loop.createConnection(factory, host, port, others));
}

/**
 * Serves TCP: for each connection, `clientConnectedCb` is called with its two ends. asyncio: `start_server`.
 *
 * @param clientConnectedCb a generator function or an async function, which becomes a task, or a plain function. What it
 * throws is reported, and closes the connection.
 * @param host the address to listen on, or several; all interfaces without one
 * @param port a number; 0: the system chooses
 * @param options `limit`, and those of `loop.createServer`
 * @throws as `loop.createServer`; TypeError for a callback that is no function; RangeError for a limit that is not positive.
 * @example
 * const server = yield* startServer(function* (reader, writer) {
 *   writer.write(yield* reader.readline());
 *   yield* writer.drain();
 *   writer.close();
 * }, '127.0.0.1', 8888);
 * yield* server.serveForever();
 */
export function startServer(
  clientConnectedCb: ClientConnectedCallback,
  host?: Host | Iterable<Host>,
  port?: Port,
  options: StreamServerOptions = {},
): Operation<Server> {
  const loop = getRunningLoop();
  return start(loop, clientConnectedCb, options, (factory, others) =>
    loop.createServer(factory, host, port, others),
  );
}

/**
 * Opens a connection to the Unix socket at `path` and gives its two ends. asyncio: `open_unix_connection`.
 *
 * @param path text, bytes or a `file:` URL
 * @param options `limit`, and those of `loop.createUnixConnection`
 * @throws as `loop.createUnixConnection`; RangeError for a limit that is not positive.
 * @example
 * const [reader, writer] = yield* openUnixConnection('/run/service.sock');
 */
export function openUnixConnection(
  path?: UnixPath | null,
  options: UnixStreamConnectionOptions = {},
): Operation<[reader: StreamReader, writer: StreamWriter]> {
  const loop = getRunningLoop();
  return open(loop, options, (factory, others) => loop.createUnixConnection(factory, path, others));
}

/**
 * Serves a Unix socket at `path`, as `startServer` does. asyncio: `start_unix_server`.
 *
 * @param clientConnectedCb as for `startServer`
 * @param path text, bytes or a `file:` URL
 * @param options `limit`, and those of `loop.createUnixServer`
 * @throws as `loop.createUnixServer`; TypeError for a callback that is no function; RangeError for a limit that is not positive.
 * @example
 * const server = yield* startUnixServer(serve, '/run/service.sock');
 */
export function startUnixServer(
  clientConnectedCb: ClientConnectedCallback,
  path?: UnixPath | null,
  options: UnixStreamServerOptions = {},
): Operation<Server> {
  const loop = getRunningLoop();
  return start(loop, clientConnectedCb, options, (factory, others) =>
    loop.createUnixServer(factory, path, others),
  );
}

type Factory = () => StreamReaderProtocol;
/** The options that are not for the streams. */
type Others<O> = Omit<O, 'limit'>;
type Connect<O> = (factory: Factory, others: Others<O>) => Operation<[Transport, StreamReaderProtocol]>;
type Listen<O> = (factory: Factory, others: Others<O>) => Operation<Server>;

function open<O extends StreamOptions>(
  loop: EventLoop,
  options: O,
  connect: Connect<O>,
): Operation<[reader: StreamReader, writer: StreamWriter]> {
  return new Operation(loop, opening(loop, options, connect));
}

function* opening<O extends StreamOptions>(
  loop: EventLoop,
  options: O,
  connect: Connect<O>,
): Coroutine<[reader: StreamReader, writer: StreamWriter]> {
  const { limit, ...others } = checked(options);
  const reader = new StreamReader(limit, loop);
  const protocol = new StreamReaderProtocol(reader, null, loop);
  const [transport] = yield* connect(() => protocol, others);
  return [reader, new StreamWriter(transport, protocol, reader, loop)];
}

function start<O extends StreamOptions>(
  loop: EventLoop,
  callback: ClientConnectedCallback,
  options: O,
  listen: Listen<O>,
): Operation<Server> {
  return new Operation(loop, starting(loop, callback, options, listen));
}

function* starting<O extends StreamOptions>(
  loop: EventLoop,
  callback: ClientConnectedCallback,
  options: O,
  listen: Listen<O>,
): Coroutine<Server> {
  if (typeof callback !== 'function') {
    throw typeError(`a client_connected_cb (a function) is expected, got ${given(callback)}`);
  }
  const { limit, ...others } = checked(options);
  const newReader = () => new StreamReader(limit, loop);
  // A wrong limit is the caller's error, not each connection's.
  newReader();
  return yield* listen(() => new StreamReaderProtocol(newReader(), callback, loop), others);
}

function checked<O>(options: O): O {
  if (typeof options === 'object' && options !== null) return options;
  throw typeError(`the options of a stream must be an object, got ${given(options)}`);
}
