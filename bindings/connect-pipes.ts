// From one end of a pipe to a transport with its protocol. asyncio: `loop.connect_read_pipe`, `loop.connect_write_pipe`.
import type { EventLoop } from './event-loop.js';
import type { Future } from './future.js';
import { type AdoptedPipe, adoptPipe, type PipeDirection, READ_END, WRITE_END } from './given-pipe.js';
import type { ProtocolFactory } from './listener.js';
import { openedTransport } from './opened-transport.js';
import type { PipeParts } from './pipe-parts.js';
import type { BaseProtocol, BufferedProtocol, Protocol } from './protocol.js';
import { checkFactory, makeProtocol } from './protocol-factory.js';
import { ReadPipeTransport } from './read-pipe-transport.js';
import type { Coroutine } from './stepping.js';
import type { ReadTransport, WriteTransport } from './transport.js';
import { WritePipeTransport } from './write-pipe-transport.js';

/** The body of `loop.connectReadPipe`. @internal */
export function* connectReadPipe<P extends Protocol | BufferedProtocol>(
  loop: EventLoop,
  factory: ProtocolFactory<P>,
  pipe: unknown,
): Coroutine<[transport: ReadTransport, protocol: P]> {
  return yield* connect(loop, factory, pipe, READ_END, (parts) => new ReadPipeTransport(loop, parts));
}

/** The body of `loop.connectWritePipe`. @internal */
export function* connectWritePipe<P extends BaseProtocol>(
  loop: EventLoop,
  factory: ProtocolFactory<P>,
  pipe: unknown,
): Coroutine<[transport: WriteTransport, protocol: P]> {
  return yield* connect(loop, factory, pipe, WRITE_END, (parts) => {
    // Of a protocol that nothing is received for, only the methods that all have are called.
    const protocol = parts.protocol as BaseProtocol as Protocol;
    return new WritePipeTransport(loop, { ...parts, protocol });
  });
}

function* connect<P, T extends { close(): void }>(
  loop: EventLoop,
  factory: ProtocolFactory<P>,
  pipe: unknown,
  direction: PipeDirection,
  make: (parts: PipeParts<P>) => T,
): Coroutine<[transport: T, protocol: P]> {
  checkFactory(factory);
  const protocol = makeProtocol(factory);
  const adopted = adoptPipe(loop, pipe, direction);
  const waiter = loop.createFuture<void>();
  const transport = make(partsOf(loop, adopted, pipe, protocol, waiter));
  return yield* openedTransport(waiter, transport, protocol);
}

function partsOf<P>(
  loop: EventLoop,
  { slot, generation, fd, owner }: AdoptedPipe,
  pipe: unknown,
  protocol: P,
  waiter: Future<void>,
): PipeParts<P> {
  const parts = { slot, generation, protocol, waiter, pipe, fd };
  return owner === null ? parts : { ...parts, closed: () => owner.remove(loop) };
}
