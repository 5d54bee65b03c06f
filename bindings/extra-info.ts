// What `getExtraInfo` of a socket's transport answers.
import type { Address } from './address.js';
import type { TransportSocket } from './transport-socket.js';

/** What is asked for by `name`; `fallback` where nothing is known of it. The view of the socket is made when it is asked for. @internal */
export function extraInfo(
  name: string,
  fallback: unknown,
  sockname: Address,
  peername: Address | undefined,
  view: () => TransportSocket,
): unknown {
  switch (name) {
    case 'socket':
      return view();
    case 'sockname':
      return sockname;
    case 'peername':
      return peername ?? fallback;
    default:
      return fallback;
  }
}
