// Opening a connection: addresses one after another, then a transport with its protocol. asyncio:
// `loop.create_connection`.

import { addressesOf } from './address.js';
import { checkHost, checkPort, resolveHost } from './addresses.js';
import { given, rangeError, typeError } from './errors.js';
import type { EventLoop } from './event-loop.js';
import type { Future } from './future.js';
import type { ProtocolFactory } from './listener.js';
import type { Opened } from './native/core.js';
import { COMPLETE_CONNECT_FAILED, COMPLETE_CONNECTED } from './native/layout.js';
import { checkOptions } from './options.js';
import type { BufferedProtocol, Protocol } from './protocol.js';
import type { Source } from './scheduler.js';
import type { Coroutine } from './stepping.js';
import { StreamTransport } from './stream-transport.js';
import { systemError } from './system-error.js';
import type { Transport } from './transport.js';

/** Options of `loop.createConnection`: none yet. */
export type ConnectionOptions = Record<string, never>;

/** A connection attempt in the core. */
class Attempt implements Source {
  readonly generation: number;
  readonly #future: Future<number>;

  constructor(generation: number, future: Future<number>) {
    this.generation = generation;
    this.#future = future;
  }

  complete(kind: number, _offset: number, _length: number, detail: number): void {
    if (this.#future.done()) return;
    if (kind === COMPLETE_CONNECTED) this.#future.setResult(0);
    else if (kind === COMPLETE_CONNECT_FAILED) this.#future.setResult(detail);
  }
}

/** The body of `loop.createConnection`. @internal */
export function* createConnection<P extends Protocol | BufferedProtocol>(
  loop: EventLoop,
  factory: ProtocolFactory<P>,
  host: unknown,
  port: unknown,
  options: ConnectionOptions,
): Coroutine<[transport: Transport, protocol: P]> {
  checkOptions(options, [], 'createConnection');
  if (typeof factory !== 'function')
    throw typeError(`a protocol factory (a function) is expected, got ${given(factory)}`);
  const name = checkHost(host);
  if (name === null && (port === undefined || port === null)) {
    throw rangeError('host and port was not specified and no sock specified');
  }
  const portNumber = checkPort(port);
  const addresses = yield* resolveHost(loop, name ?? 'localhost', portNumber);
  const opened = yield* connectFirst(loop, addresses, portNumber);
  return yield* transportOf(loop, opened, factory);
}

function* connectFirst(loop: EventLoop, addresses: readonly string[], port: number): Coroutine<Opened> {
  const errors: Error[] = [];
  for (const address of addresses) {
    const outcome = yield* connect(loop, address, port);
    if (!(outcome instanceof Error)) return outcome;
    errors.push(outcome);
  }
  throw combined(errors);
}

/** One error as it is; several with the same text as the first; others as one that names them all. */
function combined(errors: Error[]): Error {
  const [first] = errors;
  if (first !== undefined && errors.every((error) => error.message === first.message)) return first;
  const text = errors.map((error) => error.message).join(', ');
  return Object.assign(new AggregateError(errors, `Multiple exceptions: ${text}`), {
    code: 'ERR_MULTIPLE_EXCEPTIONS',
  });
}

function* connect(loop: EventLoop, address: string, port: number): Coroutine<Opened | Error> {
  const { scheduler } = loop;
  const { native } = scheduler.core;
  const opened = native.connect({ family: 0, host: address, port });
  if ('errno' in opened) return systemError(opened.errno, { syscall: opened.syscall, address, port });
  const future = loop.createFuture<number>();
  const attempt = new Attempt(opened.generation, future);
  scheduler.attach(opened.slot, attempt);
  let errno = -1;
  try {
    errno = yield* future;
  } finally {
    // Also when the wait was cancelled: an attempt that nobody waits for is closed.
    scheduler.detach(opened.slot, attempt);
    if (errno !== 0) {
      native.closeSource(opened.slot, opened.generation);
    }
  }
  return errno === 0 ? opened : systemError(errno, { syscall: 'connect', address, port });
}

function* transportOf<P extends Protocol | BufferedProtocol>(
  loop: EventLoop,
  opened: Opened,
  factory: ProtocolFactory<P>,
): Coroutine<[transport: Transport, protocol: P]> {
  const { native } = loop.scheduler.core;
  const { slot, generation } = opened;
  let protocol: P;
  let transport: StreamTransport | null = null;
  let complete = false;
  try {
    const { local, peer } = addressesOf(native, slot, generation);
    protocol = factory();
    if (typeof protocol !== 'object' || protocol === null) {
      throw typeError(`the protocol factory must return a protocol, got ${given(protocol)}`);
    }
    const waiter = loop.createFuture<void>();
    const parts = { slot, generation, sockname: local, peername: peer, protocol, waiter };
    transport = new StreamTransport(loop, parts);
    yield* waiter;
    complete = true;
    return [transport, protocol];
  } finally {
    // Also when the wait was cancelled, or the coroutine closed.
    if (!complete) {
      if (transport === null) native.closeSource(slot, generation);
      else transport.close();
    }
  }
}
