// From a connection that stands to a transport with its protocol. asyncio: `_create_connection_transport`.
import { addressesOf } from './address.js';
import type { EventLoop } from './event-loop.js';
import { adoptConnection } from './given-socket.js';
import type { ProtocolFactory } from './listener.js';
import type { Opened } from './native/core.js';
import { openedTransport } from './opened-transport.js';
import type { BufferedProtocol, Protocol } from './protocol.js';
import { makeProtocol } from './protocol-factory.js';
import type { Socket } from './socket.js';
import type { Coroutine } from './stepping.js';
import { StreamTransport } from './stream-transport.js';
import type { Transport } from './transport.js';

/** A transport on a connection in the core, which is closed when there will be none. @internal */
export function* transportOn<P extends Protocol | BufferedProtocol>(
  loop: EventLoop,
  opened: Opened,
  factory: ProtocolFactory<P>,
): Coroutine<[transport: Transport, protocol: P]> {
  let protocol: P;
  try {
    protocol = makeProtocol(factory);
  } catch (error) {
    close(loop, opened);
    throw error;
  }
  return yield* connected(loop, opened, protocol);
}

/** A transport on a socket of the user's. What fails before the protocol is made leaves it the user's. @internal */
export function* transportOnSocket<P extends Protocol | BufferedProtocol>(
  loop: EventLoop,
  sock: Socket,
  factory: ProtocolFactory<P>,
): Coroutine<[transport: Transport, protocol: P]> {
  sock.setBlocking(false);
  const protocol = makeProtocol(factory);
  return yield* connected(loop, adoptConnection(loop, sock), protocol);
}

/** Waits until the protocol has its transport. */
function* connected<P extends Protocol | BufferedProtocol>(
  loop: EventLoop,
  opened: Opened,
  protocol: P,
): Coroutine<[transport: Transport, protocol: P]> {
  const { slot, generation } = opened;
  const waiter = loop.createFuture<void>();
  let transport: StreamTransport;
  try {
    const { local, peer } = addressesOf(loop.scheduler.core.native, slot, generation);
    const parts = { slot, generation, sockname: local, peername: peer, protocol, waiter };
    transport = new StreamTransport(loop, parts);
  } catch (error) {
    close(loop, opened);
    throw error;
  }
  return yield* openedTransport(waiter, transport, protocol);
}

function close(loop: EventLoop, { slot, generation }: Opened): void {
  loop.scheduler.core.native.closeSource(slot, generation);
}
