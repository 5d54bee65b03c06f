// Connecting to one of several addresses: one after another, or staggered (RFC 8305). asyncio: `_connect_sock`.
import { type Address, detailsOf, nativeAddress } from './address.js';
import { bindError, noAddressError } from './bind-error.js';
import type { EventLoop } from './event-loop.js';
import type { Future } from './future.js';
import type { AddrInfo } from './getaddrinfo.js';
import type { Opened } from './native/core.js';
import { COMPLETE_CONNECT_FAILED, COMPLETE_CONNECTED } from './native/layout.js';
import type { Source } from './scheduler.js';
import { AF_INET, AF_INET6 } from './socket-constants.js';
import { staggeredRace } from './staggered.js';
import type { Coroutine } from './stepping.js';
import { isSystemError, systemError } from './system-error.js';

/** How several addresses are tried. @internal */
export interface ConnectPlan {
  /** The addresses, in the order in which they are tried. */
  remotes: readonly AddrInfo[];
  /** Where the connection may come from: the first of the same family that can be bound; null leaves it to the system. */
  locals: readonly AddrInfo[] | null;
  /** Seconds after which the next address is tried beside the one before; null: not before that has failed. */
  delay: number | null;
  /** Whether all errors are thrown, even where there is only one. */
  allErrors: boolean;
}

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

/**
 * `addresses` by family in turns, behind the first `count` (less one) of the first family. asyncio:
 * `_interleave_addrinfos`.
 * @internal
 */
export function interleaved(addresses: readonly AddrInfo[], count: number): AddrInfo[] {
  const families = new Map<number, AddrInfo[]>();
  for (const info of addresses) {
    const family = families.get(info.family);
    if (family === undefined) families.set(info.family, [info]);
    else family.push(info);
  }
  const lists = [...families.values()];
  const ordered = lists[0]?.splice(0, count - 1) ?? [];
  for (let round = 0; ordered.length < addresses.length; round++) {
    for (const list of lists) {
      const info = list[round];
      if (info !== undefined) ordered.push(info);
    }
  }
  return ordered;
}

/** The first connection that stands; the others are closed. Throws the system's error, or several as one. @internal */
export function* connectAddresses(loop: EventLoop, plan: ConnectPlan): Coroutine<Opened> {
  const errors: Error[][] = [];
  const attempts = plan.remotes.map((remote) => () => {
    const own: Error[] = [];
    errors.push(own);
    return attempt(loop, remote, plan.locals, own);
  });
  const opened = yield* plan.delay === null ? inTurn(attempts) : staggered(loop, attempts, plan.delay);
  if (opened !== null) return opened;
  throw combined(errors.flat(), plan.allErrors);
}

function* inTurn(attempts: readonly (() => Coroutine<Opened>)[]): Coroutine<Opened | null> {
  for (const connect of attempts) {
    try {
      return yield* connect();
    } catch (error) {
      if (!isSystemError(error)) throw error;
    }
  }
  return null;
}

function* staggered(
  loop: EventLoop,
  attempts: readonly (() => Coroutine<Opened>)[],
  delay: number,
): Coroutine<Opened | null> {
  const { native } = loop.scheduler.core;
  const { winner, errors } = yield* staggeredRace(loop, attempts, delay, ({ slot, generation }) => {
    native.closeSource(slot, generation);
  });
  if (winner !== null) return winner.result;
  for (const error of errors) if (!isSystemError(error)) throw error;
  return null;
}

/** One attempt; what the system had against it is in `errors`, too. */
function* attempt(
  loop: EventLoop,
  { address, family, proto }: AddrInfo,
  locals: readonly AddrInfo[] | null,
  errors: Error[],
): Coroutine<Opened> {
  try {
    if (locals === null) return yield* connect(loop, address, family, proto, null);
    let error: Error | null = null;
    for (const local of locals) {
      if (local.family !== family) continue;
      if (error !== null) errors.push(error);
      try {
        return yield* connect(loop, address, family, proto, local.address);
      } catch (problem) {
        if (!isSystemError(problem) || problem.syscall !== 'bind') throw problem;
        error = problem;
      }
    }
    throw error ?? noAddressError(`no matching local address with family=${familyName(family)} found`);
  } catch (error) {
    if (isSystemError(error)) errors.push(error);
    throw error;
  }
}

/** Connects a new socket. @internal */
export function* connect(
  loop: EventLoop,
  address: Address,
  family: number,
  proto: number,
  local: Address | null,
): Coroutine<Opened> {
  const { scheduler } = loop;
  const { native } = scheduler.core;
  const from = local === null ? null : nativeAddress(local, family);
  const begun = native.connect(nativeAddress(address, family), from, proto);
  if ('errno' in begun) {
    if (begun.syscall === 'bind' && local !== null) throw bindError(begun.errno, local);
    throw systemError(begun.errno, { syscall: begun.syscall, ...detailsOf(address) });
  }
  const { slot, generation, connected } = begun;
  if (connected) return { slot, generation };
  const future = loop.createFuture<number>();
  const source = new Attempt(generation, future);
  scheduler.attach(slot, source);
  let errno = -1;
  try {
    errno = yield* future;
  } finally {
    // Also when the wait was cancelled: an attempt that nobody waits for is closed.
    scheduler.detach(slot, source);
    if (errno !== 0) native.closeSource(slot, generation);
  }
  if (errno === 0) return { slot, generation };
  throw systemError(errno, { syscall: 'connect', ...detailsOf(address) });
}

/** One error as it is; several with the same text as the first; others as one that names them all. */
function combined(errors: Error[], all: boolean): Error {
  if (all) return several(errors, 'create_connection failed');
  const [first] = errors;
  if (first !== undefined && errors.every((error) => error.message === first.message)) return first;
  return several(errors, `Multiple exceptions: ${errors.map((error) => error.message).join(', ')}`);
}

function several(errors: Error[], message: string): AggregateError {
  return Object.assign(new AggregateError(errors, message), { code: 'ERR_MULTIPLE_EXCEPTIONS' });
}

function familyName(family: number): string {
  return family === AF_INET ? 'AF_INET' : family === AF_INET6 ? 'AF_INET6' : String(family);
}
