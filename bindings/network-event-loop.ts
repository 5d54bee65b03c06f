// The loop's methods for the network. What they do is elsewhere, in files of their names; here are their arguments and
// what they promise.
import { AbstractEventLoop } from './abstract-loop.js';
import type { Address, InternetAddress } from './address.js';
import { checkCallback, contextOf } from './callback-arguments.js';
import type { Context } from './context.js';
import {
  type AcceptedSocketOptions,
  type ConnectionOptions,
  connectAcceptedSocket,
  createConnection,
} from './create-connection.js';
import {
  createDatagramEndpoint,
  type DatagramAddress,
  type DatagramEndpointOptions,
} from './create-datagram-endpoint.js';
import { createServer, type ServerOptions } from './create-server.js';
import { createUnixConnection, type UnixConnectionOptions } from './create-unix-connection.js';
import { createUnixServer, type UnixServerOptions } from './create-unix-server.js';
import { type Descriptor, isDescriptor } from './descriptors.js';
import type { EventLoop, InContext } from './event-loop.js';
import type { Future } from './future.js';
import { type AddrInfo, getaddrinfo } from './getaddrinfo.js';
import { getnameinfo } from './getnameinfo.js';
import type { Callback } from './handle.js';
import type { ProtocolFactory } from './listener.js';
import type { AddrInfoOptions, Host, Port } from './lookup-query.js';
import { READY_READ, READY_WRITE } from './native/layout.js';
import { Operation } from './operation.js';
import type { BufferedProtocol, DatagramProtocol, Protocol } from './protocol.js';
import type { SendableFile } from './sendable-file.js';
import { type SendfileOptions, sendfile } from './sendfile.js';
import type { Server } from './server.js';
import {
  sockAccept,
  sockConnect,
  sockRecv,
  sockRecvfrom,
  sockRecvfromInto,
  sockRecvInto,
  sockSendall,
  sockSendto,
} from './sock-operations.js';
import { sockSendfile } from './sock-sendfile.js';
import type { Socket } from './socket.js';
import type { Coroutine } from './stepping.js';
import type { BaseTransport, DatagramTransport, Transport } from './transport.js';
import type { UnixPath } from './unix-path.js';
import type { Direction } from './watched.js';

/** The part of a loop that has to do with the network. Every EventLoop is one. */
export abstract class NetworkEventLoop extends AbstractEventLoop {
  // ---- connections ---------------------------------------------------------------------------------

  /**
   * Opens a TCP connection to `host` and `port`, or takes a connected socket over (`sock`); gives the transport and the
   * protocol that `protocolFactory` made. asyncio: `loop.create_connection`.
   *
   * Where the host has several addresses they are tried one after another, or beside each other with
   * `happyEyeballsDelay`: a host whose first address does not answer is connected in time.
   *
   * @param host an address or a name; null is this machine.
   * @param port a number, a service's name (`'http'`) or null.
   * @throws the system's error of the attempt (`ECONNREFUSED`, …; an AggregateError for several that differ), or of the
   * look-up (`ENOTFOUND`, …); TypeError and RangeError for wrong arguments, NotImplementedError for `ssl`.
   * @example
   * const options = { happyEyeballsDelay: 0.25 };
   * const [transport, client] = yield* loop.createConnection(() => new Client(), 'example.com', 80, options);
   */
  createConnection<P extends Protocol | BufferedProtocol>(
    protocolFactory: ProtocolFactory<P>,
    host?: Host | undefined,
    port?: Port | undefined,
    options: ConnectionOptions = {},
  ): Operation<[transport: Transport, protocol: P]> {
    return this.operation((loop) => createConnection(loop, protocolFactory, host, port, options));
  }

  /**
   * Opens a connection to the Unix server at `path`, or takes a connected Unix socket over (`sock`). asyncio:
   * `loop.create_unix_connection`. While the server's queue is full, it waits.
   *
   * @param path text, bytes or a `file:` URL; with a NUL in front an abstract name.
   * @throws the system's error (`ENOENT`, `ECONNREFUSED`, …); TypeError and RangeError for wrong arguments,
   * NotImplementedError for `ssl`.
   * @example
   * const [transport, client] = yield* loop.createUnixConnection(() => new Client(), '/run/service.sock');
   */
  createUnixConnection<P extends Protocol | BufferedProtocol>(
    protocolFactory: ProtocolFactory<P>,
    path?: UnixPath | null,
    options: UnixConnectionOptions = {},
  ): Operation<[transport: Transport, protocol: P]> {
    return this.operation((loop) => createUnixConnection(loop, protocolFactory, path, options));
  }

  /**
   * Makes a transport, and a protocol for it, of a connection that was accepted elsewhere. The socket belongs to the
   * transport then. asyncio: `loop.connect_accepted_socket`.
   *
   * @throws the system's error; TypeError and RangeError for wrong arguments, NotImplementedError for `ssl`.
   * @example
   * const [connection] = yield* loop.sockAccept(listener);
   * const [transport, server] = yield* loop.connectAcceptedSocket(() => new Echo(), connection);
   */
  connectAcceptedSocket<P extends Protocol | BufferedProtocol>(
    protocolFactory: ProtocolFactory<P>,
    sock: Socket,
    options: AcceptedSocketOptions = {},
  ): Operation<[transport: Transport, protocol: P]> {
    return this.operation((loop) => connectAcceptedSocket(loop, protocolFactory, sock, options));
  }

  // ---- servers -------------------------------------------------------------------------------------

  /**
   * Serves TCP on `host` and `port`, or on a bound socket (`sock`). Each connection gets a protocol that
   * `protocolFactory` made. asyncio: `loop.create_server`.
   *
   * @param host an address, a name or several; null or '' is every interface. There is a socket for each address.
   * @param port a number, a service's name or null; with 0 or null the system chooses one, the same for all sockets.
   * @throws the system's error (`EADDRINUSE`, …), and nothing is bound then; TypeError and RangeError for wrong
   * arguments, NotImplementedError for `ssl`.
   * @example
   * const server = yield* loop.createServer(() => new Echo(), ['127.0.0.1', '::1'], 8888, { maxConnections: 1000 });
   * yield* server.serveForever();
   */
  createServer(
    protocolFactory: ProtocolFactory,
    host?: Host | Iterable<Host> | undefined,
    port?: Port | undefined,
    options: ServerOptions = {},
  ): Operation<Server> {
    return this.operation((loop) => createServer(loop, protocolFactory, host, port, options));
  }

  /**
   * Serves on a Unix socket at `path`, or on a bound one (`sock`). asyncio: `loop.create_unix_server`.
   *
   * A socket that a server which is gone has left at `path` is replaced; one on which somebody answers is not. The file
   * is removed when the server, or the loop, is closed.
   *
   * @param path text, bytes or a `file:` URL; with a NUL in front an abstract name.
   * @throws the system's error (`EADDRINUSE`, `EACCES`, …); TypeError and RangeError for wrong arguments (a path that is
   * too long), NotImplementedError for `ssl`.
   * @example
   * const server = yield* loop.createUnixServer(() => new Echo(), '/run/service.sock');
   * yield* server.serveForever();
   */
  createUnixServer(
    protocolFactory: ProtocolFactory,
    path?: UnixPath | null,
    options: UnixServerOptions = {},
  ): Operation<Server> {
    return this.operation((loop) => createUnixServer(loop, protocolFactory, path, options));
  }

  // ---- datagrams -----------------------------------------------------------------------------------

  /**
   * Opens a datagram endpoint, bound to `localAddr` and connected to `remoteAddr` where they are given; gives the
   * transport and the protocol that `protocolFactory` made. With `family: socket.AF_UNIX` the addresses are paths, and a
   * file that a socket has left at `localAddr` is removed, if nobody has it open. asyncio: `create_datagram_endpoint`.
   *
   * @throws the system's error (`EADDRINUSE`, `EACCES`, …); RangeError for options that contradict each other, `sock` with
   * any other or a stream socket, addresses without a common family; TypeError for wrong arguments.
   *
   * @example
   * class Printer extends DatagramProtocol {
   *   override datagramReceived(data: Buffer, [host, port]: InternetAddress) { console.log(host, port, data.toString()); }
   * }
   * const [transport] = yield* loop.createDatagramEndpoint(() => new Printer(), ['127.0.0.1', 9999]);
   */
  createDatagramEndpoint<P extends DatagramProtocol>(
    protocolFactory: ProtocolFactory<P>,
    localAddr?: DatagramAddress | null,
    remoteAddr?: DatagramAddress | null,
    options: DatagramEndpointOptions = {},
  ): Operation<[transport: DatagramTransport, protocol: P]> {
    return this.operation((loop) =>
      createDatagramEndpoint(loop, protocolFactory, localAddr, remoteAddr, options),
    );
  }

  // ---- files ---------------------------------------------------------------------------------------

  /**
   * Sends a file on a transport, behind what was written before; gives the number of bytes that were sent. The system
   * sends it by itself (`sendfile(2)`), in portions between which other connections are served. Until it is sent, nothing
   * is received on the transport and nothing else can be written. The file's position is behind the last byte that was
   * sent, also when it fails or is cancelled. asyncio: `loop.sendfile`.
   *
   * What the system can't send (a pipe; any file, where it has no sendfile) is read and written instead, unless `fallback` is
   * false.
   *
   * @param file an open file: its descriptor, or what has one as `fd` (a `FileHandle` of `fs/promises`).
   * @param offset where to begin, in bytes.
   * @param count how many bytes at most; null: to the end of the file.
   * @throws SendfileNotAvailableError when the system can't send it and `fallback` is false; RuntimeError when the transport
   * is closing, or can't send files, or sends one already; the system's error (`EPIPE`, `ECONNRESET`, `EBADF`, …);
   * TypeError and RangeError for wrong arguments.
   * @example
   * const file = openSync('index.html', 'r');
   * transport.write(Buffer.from(`HTTP/1.0 200 OK\r\nContent-Length: ${fstatSync(file).size}\r\n\r\n`));
   * const sent = yield* loop.sendfile(transport, file);
   */
  sendfile(
    transport: BaseTransport,
    file: SendableFile,
    offset = 0,
    count: number | null = null,
    options: SendfileOptions = {},
  ): Operation<number> {
    return this.operation((loop) => sendfile(loop, transport, file, offset, count, options));
  }

  // ---- descriptors ---------------------------------------------------------------------------------

  /**
   * Calls `callback(...args)` in each turn in which `descriptor` has something to read, or its end, until
   * `removeReader`; in place of the callback that was there. A leading `{ context }` says which context it runs in.
   * asyncio: `loop.add_reader`.
   *
   * @param descriptor a number, or what has one: a `socket.Socket`, a terminal or a file of Node's. It stays the
   * user's: remove the callback before you close it (a `socket.Socket` does that itself).
   * @throws RuntimeError `ERR_DESCRIPTOR_USED` for the descriptor of a transport or server, `ERR_LOOP_CLOSED`;
   * RangeError for what is no descriptor; TypeError unless `callback` is a function; the system's error: `EBADF`, and
   * `EPERM` for what is always ready, as a regular file is.
   * @example
   * const [ours, theirs] = socket.socketpair();
   * loop.addReader(ours, () => {
   *   console.log('received', ours.recv(100).toString());
   *   loop.removeReader(ours);
   * });
   * theirs.send(Buffer.from('hello'));
   */
  addReader<A extends unknown[]>(descriptor: Descriptor, callback: Callback<A>, ...args: A): void;
  addReader<A extends unknown[]>(
    options: InContext,
    descriptor: Descriptor,
    callback: Callback<A>,
    ...args: A
  ): void;
  addReader(first: Descriptor | InContext, ...rest: unknown[]): void {
    this.#watch(READY_READ, 'addReader', first, rest);
  }

  /**
   * Ends `addReader`; says whether there was a callback. False on a loop that is closed. asyncio:
   * `loop.remove_reader`.
   * @throws as `addReader`, of the descriptor.
   */
  removeReader(descriptor: Descriptor): boolean {
    return this.itself().descriptors.remove(READY_READ, descriptor);
  }

  /**
   * Calls `callback(...args)` in each turn in which `descriptor` takes something to write, until `removeWriter`; in
   * place of the callback that was there. All as `addReader`; a reader runs before a writer. asyncio:
   * `loop.add_writer`.
   */
  addWriter<A extends unknown[]>(descriptor: Descriptor, callback: Callback<A>, ...args: A): void;
  addWriter<A extends unknown[]>(
    options: InContext,
    descriptor: Descriptor,
    callback: Callback<A>,
    ...args: A
  ): void;
  addWriter(first: Descriptor | InContext, ...rest: unknown[]): void {
    this.#watch(READY_WRITE, 'addWriter', first, rest);
  }

  /** Ends `addWriter`, as `removeReader` does `addReader`. asyncio: `loop.remove_writer`. */
  removeWriter(descriptor: Descriptor): boolean {
    return this.itself().descriptors.remove(READY_WRITE, descriptor);
  }

  // ---- sockets -------------------------------------------------------------------------------------
  //
  // All of them make their system call at once; only if that would block they wait, in the order in which they were
  // called, those that receive (and accept) and those that send (and connect) each in a line of their own. A socket that
  // blocks is made not to; in debug mode it is refused. What is cancelled has taken nothing from the socket.

  /**
   * Receives up to `nbytes` bytes of `sock`; none at the end of a stream. A stream may give fewer at a time than it has.
   * asyncio: `loop.sock_recv`.
   *
   * Readers of one socket are served in the order in which they asked; asyncio keeps only the last one. A callback of
   * `addReader` on the same socket is told as well, and is first.
   *
   * @throws the system's error (`ECONNRESET`, …; `EBADF` when the socket is closed, meanwhile too); RuntimeError
   * `ERR_DESCRIPTOR_USED` when a transport has it; TypeError and RangeError for wrong arguments. All errors come to who
   * awaits, but for a closed loop's.
   * @example
   * const data = yield* loop.sockRecv(connection, 1024);
   */
  sockRecv(sock: Socket, nbytes: number): Future<Buffer> {
    return sockRecv(this.open(), sock, nbytes);
  }

  /**
   * Receives into `buffer`; gives how many bytes came, 0 at the end of a stream. asyncio: `loop.sock_recv_into`.
   *
   * @throws as `sockRecv`; TypeError when the buffer was transferred or resized meanwhile.
   * @example
   * const count = yield* loop.sockRecvInto(connection, buffer);
   * console.log(buffer.subarray(0, count));
   */
  sockRecvInto(sock: Socket, buffer: Uint8Array): Future<number> {
    return sockRecvInto(this.open(), sock, buffer);
  }

  /**
   * Receives a datagram, `bufsize` bytes of it at most; gives it and its sender ('' where the system names none).
   * asyncio: `loop.sock_recvfrom`.
   *
   * @throws as `sockRecv`.
   * @example
   * const [data, address] = yield* loop.sockRecvfrom(sock, 1500);
   */
  sockRecvfrom<A extends Address = InternetAddress>(
    sock: Socket,
    bufsize: number,
  ): Future<[data: Buffer, address: A]> {
    return sockRecvfrom<A>(this.open(), sock, bufsize);
  }

  /**
   * Receives a datagram into `buffer`, `nbytes` of it at most (0: as many as there is room for); gives how many bytes
   * came, and the sender. asyncio: `loop.sock_recvfrom_into`.
   *
   * @throws as `sockRecvInto`; RangeError when `nbytes` is more than the buffer has.
   * @example
   * const [count, address] = yield* loop.sockRecvfromInto(sock, buffer);
   */
  sockRecvfromInto<A extends Address = InternetAddress>(
    sock: Socket,
    buffer: Uint8Array,
    nbytes = 0,
  ): Future<[count: number, address: A]> {
    return sockRecvfromInto<A>(this.open(), sock, buffer, nbytes);
  }

  /**
   * Sends all of `data`. After an error or a cancel it is not known how much of it has left. asyncio:
   * `loop.sock_sendall`.
   *
   * The bytes are read when they are sent, as in asyncio, not copied before: leave them alone until it is done.
   *
   * @throws the system's error (`EPIPE`, `ECONNRESET`, `EBADF`, …); else as `sockRecvInto`.
   * @example
   * yield* loop.sockSendall(connection, Buffer.from('hello'));
   */
  sockSendall(sock: Socket, data: Uint8Array): Future<void> {
    return sockSendall(this.open(), sock, data);
  }

  /**
   * Sends `data` as a datagram to `address`; gives how many bytes were sent. A name is resolved first, for the socket's
   * own family. asyncio: `loop.sock_sendto`.
   *
   * @throws as `sockSendall`; what `getaddrinfo` throws.
   * @example
   * yield* loop.sockSendto(sock, Buffer.from('hello'), ['127.0.0.1', 9999]);
   */
  sockSendto(sock: Socket, data: Uint8Array, address: Address): Future<number> {
    return sockSendto(this.open(), sock, data, address);
  }

  /**
   * Connects `sock` to `address`. A name is resolved first, for the socket's own family, type and protocol; its first
   * address is taken. asyncio: `loop.sock_connect`.
   *
   * @param address `[host, port]`, for IPv6 also `[host, port, flowinfo, scopeId]`; for a Unix socket its path.
   * @throws the system's error of the attempt (`ECONNREFUSED`, …); what `getaddrinfo` throws; else as `sockRecv`. A
   * cancelled attempt goes on in the system: close the socket.
   * @example
   * using sock = new socket.Socket();
   * yield* loop.sockConnect(sock, ['localhost', 8888]);
   */
  sockConnect(sock: Socket, address: Address): Future<void> {
    return sockConnect(this.open(), sock, address);
  }

  /**
   * Accepts a connection of `sock`, which listens; gives its socket, which does not block, and its peer's address. A
   * cancel leaves the connection in the system's queue, for the next one who asks. asyncio: `loop.sock_accept`.
   *
   * @throws as `sockRecv`; `EMFILE` and its kin when there are no descriptors left.
   * @example
   * const [connection, address] = yield* loop.sockAccept(listener);
   */
  sockAccept<A extends Address = InternetAddress>(sock: Socket): Future<[connection: Socket, address: A]> {
    return sockAccept<A>(this.open(), sock);
  }

  /**
   * Sends a file on `sock`, a stream; gives the number of bytes that were sent. All as `sendfile` does it on a transport:
   * the system sends the file by itself, in portions, and its position is behind the last byte that was sent. What is sent
   * on the socket meanwhile comes behind it. asyncio: `loop.sock_sendfile`.
   *
   * @param file an open file: its descriptor, or what has one as `fd` (a `FileHandle` of `fs/promises`).
   * @param offset where to begin, in bytes.
   * @param count how many bytes at most; null: to the end of the file.
   * @throws SendfileNotAvailableError when the system can't send it and `fallback` is false; RangeError for a socket that
   * is no stream; else as `sockSendall`.
   * @example
   * using sock = new socket.Socket();
   * yield* loop.sockConnect(sock, ['127.0.0.1', 8888]);
   * const sent = yield* loop.sockSendfile(sock, openSync('data.bin', 'r'));
   */
  sockSendfile(
    sock: Socket,
    file: SendableFile,
    offset = 0,
    count: number | null = null,
    options: SendfileOptions = {},
  ): Operation<number> {
    return this.operation((loop) => sockSendfile(loop, sock, file, offset, count, options));
  }

  // ---- names ---------------------------------------------------------------------------------------

  /**
   * The addresses of `host` and `port`, each with the socket to make for it, in the order in which to try them. Names
   * are looked up on threads of the loop's own; a literal address with a number as port is answered at once. asyncio:
   * `loop.getaddrinfo`.
   *
   * @param host an address or a name; null is this machine (with `AI_PASSIVE`: every interface).
   * @param port a number, a service's name (`'http'`) or null.
   * @throws the resolver's error in Node's shape: `ENOTFOUND`, `EAI_AGAIN`, …, with `hostname`; TypeError and RangeError
   * for wrong arguments.
   * @example
   * const [first] = yield* loop.getaddrinfo('localhost', 80, { type: socket.SOCK_STREAM });
   * console.log(first.address); // [ '127.0.0.1', 80 ]
   */
  getaddrinfo(
    host: Host | undefined,
    port: Port | undefined,
    options: AddrInfoOptions = {},
  ): Operation<AddrInfo[]> {
    return this.operation((loop) => getaddrinfo(loop, host, port, options));
  }

  /**
   * The names of an address and a port. asyncio: `loop.getnameinfo`.
   *
   * @param sockaddr `[host, port]`, for IPv6 also `[host, port, flowinfo, scopeId]`; the host is a literal address.
   * @param flags `NI_NUMERICHOST`, …, added up.
   * @throws the resolver's error in Node's shape: `ENOTFOUND` where `NI_NAMEREQD` asks for a name and there is none;
   * TypeError and RangeError for wrong arguments.
   * @example
   * const [host, service] = yield* loop.getnameinfo(['127.0.0.1', 80]);
   * console.log(host, service); // localhost http
   */
  getnameinfo(sockaddr: Readonly<InternetAddress>, flags = 0): Operation<[host: string, service: string]> {
    return this.operation((loop) => getnameinfo(loop, sockaddr, flags));
  }

  // ---- for the methods above -----------------------------------------------------------------------

  /** @internal What is a coroutine in asyncio: it begins at once, on an open loop. */
  protected operation<T>(coroutine: (loop: EventLoop) => Coroutine<T>): Operation<T> {
    const loop = this.open();
    return new Operation(loop, coroutine(loop));
  }

  #watch(direction: Direction, method: string, first: Descriptor | InContext, rest: unknown[]): void {
    let descriptor: unknown = first;
    let context: Context | null = null;
    if (isInContext(first)) {
      context = contextOf(first, method);
      descriptor = rest.shift();
    }
    const [callback, ...args] = rest;
    const loop = this.itself();
    checkCallback(callback, method, loop.debugging);
    loop.descriptors.add(direction, descriptor, callback as Callback, args, context);
  }

  /** @internal @throws RuntimeError when the loop is closed. */
  protected open(): EventLoop {
    const loop = this.itself();
    loop.checkOpen();
    return loop;
  }

  /** @internal This is a part of the one class that there is. */
  protected itself(): EventLoop {
    return this as unknown as EventLoop;
  }
}

/** A leading object carries the context, unless it is a descriptor itself. */
function isInContext(first: unknown): first is InContext {
  return typeof first === 'object' && first !== null && 'context' in first && !isDescriptor(first);
}
