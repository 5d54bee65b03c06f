// The types of datagram endpoints. Nothing here runs: tsc is the test.

import {
  type Address,
  DatagramProtocol,
  type DatagramTransport,
  type EventLoop,
  type InternetAddress,
  Protocol,
  socket,
} from 'mioloop';
import type { Assert, Equal } from './equal.js';

declare const loop: EventLoop;
declare const transport: DatagramTransport;

class Internet extends DatagramProtocol {
  readonly name = 'internet';
  override connectionMade(made: DatagramTransport): void {
    made.sendto(Buffer.from(this.name), ['127.0.0.1', 9]);
  }
  override datagramReceived(data: Buffer, [host, port]: InternetAddress): void {
    transport.sendto(data, [host, port]);
  }
  override errorReceived(error: Error): void {
    error.message.trim();
  }
}

class Unix extends DatagramProtocol {
  override datagramReceived(data: Buffer, path: string): void {
    transport.sendto(data, path);
  }
}

export function* open() {
  const [ours, protocol] = yield* loop.createDatagramEndpoint(() => new Internet(), ['127.0.0.1', 0]);
  yield* loop.createDatagramEndpoint(() => new Internet(), null, ['localhost', 'domain'] as const);
  yield* loop.createDatagramEndpoint(() => new Unix(), '/run/ours', null, { family: socket.AF_UNIX });
  return [ours, protocol] as const;
}
type Opened = ReturnType<typeof open> extends Generator<unknown, infer R, unknown> ? R : never;
export type TheProtocolKeepsItsClass = Assert<Equal<Opened, readonly [DatagramTransport, Internet]>>;
export type ItsProtocolIsOfItsKind = Assert<
  Equal<ReturnType<DatagramTransport['getProtocol']>, DatagramProtocol | null>
>;

export function* answer(address: Address) {
  transport.sendto(new Uint8Array(1), address);
  transport.sendto(new Uint8Array(1), null);
  // @ts-expect-error: bytes are never a string
  transport.sendto('text');
  // @ts-expect-error: a port is a number
  transport.sendto(new Uint8Array(1), ['127.0.0.1', '9']);
  // @ts-expect-error: a stream's protocol is no datagram protocol
  transport.setProtocol(new Protocol());
  // @ts-expect-error: a stream's protocol is no datagram protocol
  yield* loop.createDatagramEndpoint(() => new Protocol(), ['127.0.0.1', 0]);
  // @ts-expect-error: it is no longer supported
  yield* loop.createDatagramEndpoint(() => new Unix(), null, null, { reuseAddress: true });
}
