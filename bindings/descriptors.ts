// The descriptors of users that a loop watches: `addReader` and its kin, and where operations of sockets wait.
// asyncio: the `add_reader` part of `BaseSelectorEventLoop`.
import type { Context } from './context.js';
import { given, RuntimeError, rangeError } from './errors.js';
import type { EventLoop } from './event-loop.js';
import { type Callback, Handle } from './handle.js';
import { READY_READ } from './native/layout.js';
import { Socket } from './socket.js';
import type { Attempt } from './socket-line.js';
import type { Coroutine } from './stepping.js';
import { BaseTransport } from './transport.js';
import { type Direction, Watched } from './watched.js';

/** A descriptor: its number, or something that has one, as sockets (`fileno()`) and Node's files and terminals (`fd`). */
export type Descriptor = number | { fileno(): number } | { readonly fd: number };

/** @internal */
export const MAX_DESCRIPTOR = 0x7fffffff;

/** The watched descriptors of one loop. @internal */
export class Descriptors {
  private readonly loop: EventLoop;
  private readonly watched = new Map<number, Watched>();

  constructor(loop: EventLoop) {
    this.loop = loop;
  }

  /** Calls `callback(...args)` whenever `descriptor` is ready for `direction`, in place of the one before. */
  add(
    direction: Direction,
    descriptor: unknown,
    callback: Callback,
    args: readonly unknown[],
    context: Context | null,
  ): void {
    const fd = numberOf(descriptor);
    this.refuseTransports(fd);
    this.loop.checkOpen();
    const handle = new Handle(this.loop, callback, args, context);
    const watched = this.open(fd, direction);
    watched.set(direction, handle);
    if (!(descriptor instanceof Socket)) return;
    watched.socket = descriptor;
    watched.endWith(descriptor.closing);
  }

  /** Ends `add`; whether there was a callback. */
  remove(direction: Direction, descriptor: unknown): boolean {
    const fd = numberOf(descriptor);
    this.refuseTransports(fd);
    return this.watched.get(fd)?.remove(direction) ?? false;
  }

  /** Where operations of `socket` wait; null when none ever had to. */
  find(socket: Socket): Watched | null {
    const { watched } = socket;
    if (watched === null || (watched.loop === this.loop && watched.isOpen)) return watched;
    const found = this.watched.get(socket.fileno());
    return found?.endsWith(socket.closing) ? found : null;
  }

  /** Where operations of `socket` wait for `direction`: it is watched from now on, until it is closed. */
  keep(socket: Socket, direction: Direction): Watched {
    const found = this.find(socket);
    if (found?.isKept) {
      found.want(direction);
      socket.watched = found;
      return found;
    }
    const watched = this.open(socket.fileno(), direction);
    watched.endWith(socket.closing);
    watched.isKept = true;
    socket.watched = watched;
    return watched;
  }

  /** Waits until `attempt`, which reads from a descriptor that may be no socket, does not block. */
  *wait<T>(fd: number, attempt: Attempt<T>): Coroutine<T> {
    this.refuseTransports(fd);
    const watched = this.open(fd, READY_READ);
    try {
      return yield* watched.lineOf(READY_READ).wait(this.loop, attempt);
    } finally {
      watched.release();
    }
  }

  /** @throws RuntimeError for a descriptor that is another's here: a transport's, a server's, or watched. */
  refuseUsed(fd: number): void {
    this.refuseTransports(fd);
    if (!this.watched.get(fd)?.isThere()) return;
    throw new RuntimeError(
      `File descriptor ${fd} is watched: remove its reader and its writer before`,
      'ERR_DESCRIPTOR_USED',
    );
  }

  /** The loop is closed. */
  close(): void {
    for (const watched of this.watched.values()) watched.forget();
    this.watched.clear();
  }

  private open(fd: number, direction: Direction): Watched {
    const found = this.watched.get(fd);
    if (found?.open(direction)) return found;
    const watched = new Watched(this.loop, fd, this.onEnd);
    watched.open(direction);
    this.watched.set(fd, watched);
    return watched;
  }

  private readonly onEnd = ({ fd }: Watched): void => {
    this.watched.delete(fd);
  };

  private refuseTransports(fd: number): void {
    const { scheduler } = this.loop;
    const slot = scheduler.core.native.holderOf(fd);
    if (slot < 0) return;
    const holder = scheduler.sourceAt(slot);
    if (holder instanceof Watched) return;
    const who = holder instanceof BaseTransport ? `transport ${String(holder)}` : 'a server or a connection';
    throw new RuntimeError(`File descriptor ${fd} is used by ${who}`, 'ERR_DESCRIPTOR_USED');
  }
}

/** Whether `value` has a descriptor to tell. @internal */
export function isDescriptor(value: object): value is Exclude<Descriptor, number> {
  return (
    ('fileno' in value && typeof value.fileno === 'function') || ('fd' in value && value.fd !== undefined)
  );
}

/** The number of a descriptor. @throws RangeError for what has none. */
function numberOf(descriptor: unknown): number {
  const fd = typeof descriptor === 'number' ? descriptor : askedOf(descriptor);
  if (!Number.isInteger(fd)) {
    const expected = 'a number, or what has fileno() or fd, is expected';
    throw rangeError(`Invalid file object: ${given(descriptor)}; ${expected}`);
  }
  const number = fd as number;
  if (number < 0 || number > MAX_DESCRIPTOR) throw rangeError(`Invalid file descriptor: ${number}`);
  return number;
}

/** What an object gives as the number of its descriptor; undefined where it has none. @internal */
export function askedOf(descriptor: unknown): unknown {
  if (typeof descriptor !== 'object' || descriptor === null) return undefined;
  if ('fileno' in descriptor && typeof descriptor.fileno === 'function') return descriptor.fileno();
  return 'fd' in descriptor ? descriptor.fd : undefined;
}
