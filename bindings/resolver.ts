// Names to addresses, on the core's resolver threads.
import { RuntimeError } from './errors.js';
import type { EventLoop } from './event-loop.js';
import type { Future } from './future.js';
import type { InternetAddress } from './native/addon.js';
import type { Posted } from './native/core.js';
import { resolveError, systemError } from './system-error.js';

/** The requests of one loop that wait for an answer. @internal */
export class Resolver {
  readonly #loop: EventLoop;
  readonly #requests = new Map<number, { host: string; future: Future<readonly string[]> }>();
  #last = 0;

  constructor(loop: EventLoop) {
    this.#loop = loop;
  }

  /** How many requests wait for an answer. */
  get pending(): number {
    return this.#requests.size;
  }

  /** The literal addresses of `host`. */
  resolve(host: string, port: number): Future<readonly string[]> {
    const future = this.#loop.createFuture<readonly string[]>();
    this.#last += 1;
    const errno = this.#loop.scheduler.core.native.resolve(this.#last, host, port, 0);
    if (errno !== 0) throw systemError(errno, { syscall: 'getaddrinfo', hostname: host });
    this.#requests.set(this.#last, { host, future });
    return future;
  }

  /** An answer has come. This is called by a callback of the loop, as asyncio's executor calls back. */
  answer(posted: Posted): void {
    const request = this.#requests.get(posted.request!);
    if (request === undefined) return;
    this.#requests.delete(posted.request!);
    const { host, future } = request;
    if (future.done()) return;
    const { failure, addresses = [] } = posted;
    if (failure !== undefined) {
      future.setException(resolveError(host, failure.code, failure.system, failure.text));
    } else if (addresses.length === 0) {
      future.setException(new RuntimeError('getaddrinfo() returned empty list', 'ERR_NO_ADDRESS'));
    } else {
      future.setResult(addresses.map(literalOf));
    }
  }
}

/** An address as text; a scope goes with it (`fe80::1%2`). */
function literalOf({ host, scopeId }: InternetAddress): string {
  return scopeId === 0 ? host : `${host}%${scopeId}`;
}
