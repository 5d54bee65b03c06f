// Sockets of the user's that were collected without having been closed: they are closed, and a warning says so.
// Python: `socket.__del__`.
import type { NativeSocket } from './native/addon.js';
import { type SocketKind, socketText } from './socket-view.js';

/** What outlives a socket that is collected: it must not refer to the socket. */
interface Remains {
  native: NativeSocket;
  kind: SocketKind;
  /** Who has to know before the descriptor closes. */
  closing: Set<() => void>;
}

const registry = new FinalizationRegistry<Remains>(({ native, kind, closing }) => {
  const text = socketText('Socket', native, kind);
  for (const release of [...closing]) release();
  native.close();
  process.emitWarning(`unclosed ${text}; call socket.close()`, {
    type: 'ResourceWarning',
    code: 'MIOLOOP_UNCLOSED_SOCKET',
  });
});

/** Watches `socket` until `forgetUnclosedSocket`. @internal */
export function watchUnclosedSocket(socket: object, remains: Remains): void {
  registry.register(socket, remains, socket);
}

/** The socket is closed, or somebody else's who closes it. @internal */
export function forgetUnclosedSocket(socket: object): void {
  registry.unregister(socket);
}
