// The look-ups of a loop that wait for the core's resolver threads.
import { addressOf, type InternetAddress } from './address.js';
import { debugReport } from './debug.js';
import type { EventLoop } from './event-loop.js';
import type { Future } from './future.js';
import type { AddrInfo } from './getaddrinfo.js';
import type { AddressQuery } from './lookup-query.js';
import type { FoundAddress, NativeLoop } from './native/addon.js';
import type { Posted } from './native/core.js';
import type { Coroutine } from './stepping.js';
import { resolveError, systemError } from './system-error.js';

/** The requests of one loop that wait for an answer. @internal */
export class Resolver {
  readonly #loop: EventLoop;
  readonly #requests = new Map<number, Future<Posted>>();
  #last = 0;

  constructor(loop: EventLoop) {
    this.#loop = loop;
  }

  /** How many requests wait for an answer. */
  get pending(): number {
    return this.#requests.size;
  }

  /** The addresses of a host and a service, in the system's order. */
  *getaddrinfo(query: AddressQuery): Coroutine<AddrInfo[]> {
    const { host, family, type, proto, flags } = query;
    const service = query.service === null ? null : String(query.service);
    const hints = { family, kind: type, protocol: proto, flags };
    const { addresses = [] } = yield* this.#ask('getaddrinfo', host, service, (native, request) =>
      native.getaddrinfo(request, host, service, hints),
    );
    return addresses.map(addrInfoOf);
  }

  /** The names of an address and a port. */
  *getnameinfo(
    address: string,
    port: number,
    scopeId: number,
    flags: number,
  ): Coroutine<[host: string, service: string]> {
    const { names } = yield* this.#ask('getnameinfo', address, String(port), (native, request) =>
      native.getnameinfo(request, address, port, scopeId, flags),
    );
    return names as [host: string, service: string];
  }

  /** An answer has come. This is called by a callback of the loop, as asyncio's executor calls back. */
  answer(posted: Posted): void {
    const future = this.#requests.get(posted.request!);
    // Nobody may wait any more.
    if (future === undefined || future.done()) return;
    this.#requests.delete(posted.request!);
    future.setResult(posted);
  }

  /** The loop is closed: no answer will come. */
  close(): void {
    this.#requests.clear();
  }

  *#ask(
    syscall: string,
    host: string | null,
    service: string | null,
    submit: (native: NativeLoop, request: number) => number,
  ): Coroutine<Posted> {
    const { native } = this.#loop.scheduler.core;
    const future = this.#loop.createFuture<Posted>();
    // The core counts in 32 bits; nothing waits for four thousand million look-ups.
    this.#last = (this.#last + 1) >>> 0;
    const request = this.#last;
    const errno = submit(native, request);
    if (errno !== 0) throw systemError(errno, { syscall, ...(host === null ? {} : { hostname: host }) });
    this.#requests.set(request, future);
    let posted: Posted;
    try {
      posted = yield* future;
    } finally {
      // When the wait was cancelled, or the coroutine closed.
      if (this.#requests.delete(request)) native.forgetLookUp(request);
    }
    this.#reportSlow(`${syscall} of ${host}:${service}`, posted.seconds!);
    const { failure } = posted;
    if (failure !== undefined) {
      throw resolveError(syscall, host, failure.code, failure.system, failure.text);
    }
    return posted;
  }

  #reportSlow(what: string, seconds: number): void {
    const loop = this.#loop;
    if (!loop.debugging || seconds < loop.slowCallbackDuration) return;
    debugReport({
      kind: 'slow-look-up',
      loop,
      message: `${what} took ${seconds.toFixed(3)} seconds`,
      seconds,
    });
  }
}

function addrInfoOf({ family, kind, protocol, canonicalName, address }: FoundAddress): AddrInfo {
  return {
    family,
    type: kind,
    proto: protocol,
    canonname: canonicalName ?? '',
    address: addressOf(address) as InternetAddress,
  };
}
