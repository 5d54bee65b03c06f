// The socket of a transport or server, to look at: the transport owns it. asyncio: `trsock.TransportSocket`.
import type { Address } from './address.js';
import { given, rangeError } from './errors.js';
import { closedSocket } from './native/addon.js';
import { AF_INET, AF_INET6, AF_UNIX } from './socket-constants.js';
import { SocketView } from './socket-view.js';

/**
 * A view of a transport's socket: it tells and takes options, but can't be closed or made blocking.
 *
 * @example
 * const [host, port] = server.sockets[0]!.getsockname();
 * transport.getExtraInfo('socket')!.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, true);
 */
export class TransportSocket extends SocketView {
  /** Only false is possible. @throws RangeError for anything else. */
  setBlocking(blocking: false): void {
    if (blocking !== false) {
      throw rangeError(`setBlocking(): transport sockets cannot be blocking, got ${given(blocking)}`);
    }
  }
}

/** The view of a socket of `type` at `address` that is closed already. @internal */
export function closedView(address: Address, type: number): TransportSocket {
  const family = typeof address === 'string' ? AF_UNIX : address.length === 4 ? AF_INET6 : AF_INET;
  return new TransportSocket(closedSocket(), [family, type, 0]);
}
