// The types of connections. Nothing here runs: tsc is the test.

import net from 'node:net';
import {
  BufferedProtocol,
  type EventLoop,
  type InternetAddress,
  Protocol,
  type Server,
  socket,
  type Transport,
  type TransportSocket,
} from 'mioloop';
import type { Assert, Equal } from './equal.js';

declare const loop: EventLoop;
declare const transport: Transport;

class Client extends Protocol {
  readonly name = 'client';
  override connectionMade(made: Transport): void {
    made.write(Buffer.from(this.name));
  }
  override dataReceived(data: Buffer): void {
    data.toString();
  }
  override eofReceived(): boolean {
    return true;
  }
}

class Sink extends BufferedProtocol {
  override getBuffer(sizeHint: number): Uint8Array {
    return new Uint8Array(Math.max(sizeHint, 1));
  }
}

export function* connect() {
  const [ours, client] = yield* loop.createConnection(() => new Client(), '127.0.0.1', 80);
  const server = yield* loop.createServer(() => new Sink(), '127.0.0.1', 0);
  return [ours, client, server] as const;
}
export function* elsewhere() {
  const [, client] = yield* loop.createUnixConnection(() => new Client(), new URL('file:///tmp/x'));
  const [, accepted] = yield* loop.connectAcceptedSocket(() => new Sink(), new socket.Socket());
  const several = yield* loop.createServer(() => client, ['127.0.0.1', '::1'], 'http', { maxConnections: 9 });
  const unix = yield* loop.createUnixServer(() => accepted, Buffer.from('/tmp/x'), { cleanupSocket: false });
  yield* loop.createConnection(() => client, null, 80, { localAddr: ['::1', 0], happyEyeballsDelay: 0.25 });
  // @ts-expect-error: a local address is a host and a port
  yield* loop.createConnection(() => client, null, 80, { localAddr: '::1' });
  // @ts-expect-error: Node's sockets are not the loop's
  yield* loop.createConnection(() => client, null, null, { sock: new net.Socket() });
  return [client, accepted, several, unix] as const;
}
type Elsewhere = ReturnType<typeof elsewhere> extends Generator<unknown, infer R, unknown> ? R : never;
export type ProtocolsKeepTheirClasses = Assert<Equal<Elsewhere, readonly [Client, Sink, Server, Server]>>;

type Connected = ReturnType<typeof connect> extends Generator<unknown, infer R, unknown> ? R : never;
export type TheProtocolKeepsItsClass = Assert<Equal<Connected, readonly [Transport, Client, Server]>>;

export function write(): void {
  transport.write(new Uint8Array(1));
  transport.writelines([Buffer.alloc(1), new Uint8Array(1)]);
  // @ts-expect-error: bytes are never a string
  transport.write('text');
  // @ts-expect-error: nor are the pieces
  transport.writelines(['text']);
  // @ts-expect-error: what makes a protocol is a function
  loop.createServer(new Client());
  // @ts-expect-error: it makes a protocol
  loop.createConnection(() => 'protocol', 'localhost', 80);
}

export const extra = () =>
  [
    transport.getExtraInfo('socket'),
    transport.getExtraInfo('peername'),
    transport.getExtraInfo('of our own', 1),
  ] as const;
export type ExtraInfoIsTyped = Assert<
  Equal<
    ReturnType<typeof extra>,
    readonly [TransportSocket | undefined, InternetAddress | undefined, unknown]
  >
>;

export async function disposal(server: Server): Promise<void> {
  await using closedAtTheEnd = server;
  using alsoClosed = transport;
  closedAtTheEnd.isServing();
  alsoClosed.isClosing();
}
