// From bound sockets to a server. asyncio: the end of `loop.create_server` and `loop.create_unix_server`.
import type { EventLoop } from './event-loop.js';
import { Listener, type ProtocolFactory } from './listener.js';
import type { Opened } from './native/core.js';
import { Server } from './server.js';
import type { Service } from './server-options.js';
import { turnOf } from './sleep.js';
import type { SocketFile } from './socket-file.js';
import type { Coroutine } from './stepping.js';

/** A server on bound sockets; they are closed when there will be none. @internal */
export function* serverOn(
  loop: EventLoop,
  bound: readonly Opened[],
  factory: ProtocolFactory,
  service: Service,
  file: SocketFile | null = null,
): Coroutine<Server> {
  const listeners = bound.map((opened) => new Listener(loop, opened, factory));
  const server = new Server(loop, listeners, service.maxConnections, file);
  let complete = false;
  try {
    if (service.startServing) {
      server.serve();
      yield* turnOf(loop);
    }
    complete = true;
    return server;
  } finally {
    // Also when the wait was cancelled, or the coroutine closed.
    if (!complete) server.close();
  }
}
