// A loop whose names lead where a test wants, and ports at which nobody answers.

import type { ExecutionContext } from 'ava';
import {
  type AddrInfo,
  type Coroutine,
  EventLoop,
  type InternetAddress,
  type Operation,
  socket,
} from 'mioloop';
import { bothModes, type Mode } from './modes.js';

const { AF_INET, AF_INET6, IPPROTO_TCP, SOCK_STREAM, Socket } = socket;

/** A loop that looks names up in its own book. */
export class BookLoop extends EventLoop {
  readonly book = new Map<string, readonly string[]>();

  /** The host `name` has these addresses, in this order. */
  enter(name: string, ...hosts: string[]): void {
    this.book.set(name, hosts);
  }

  override getaddrinfo(...args: Parameters<EventLoop['getaddrinfo']>): Operation<AddrInfo[]> {
    const [host, port] = args;
    const hosts = this.book.get(String(host));
    if (hosts === undefined) return super.getaddrinfo(...args);
    const answer = this.createFuture<AddrInfo[]>();
    answer.setResult(hosts.map((address) => infoOf(address, Number(port))));
    // Any future does for `yield*`.
    return answer as unknown as Operation<AddrInfo[]>;
  }
}

/** `inLoop` on a loop with a book. */
export function withBook(
  title: string,
  main: (t: ExecutionContext, loop: BookLoop, mode: Mode) => Coroutine<void>,
): void {
  bothModes(
    title,
    (t, { loop, mode, run }) => run(() => main(t, loop as BookLoop, mode)),
    () => new BookLoop(),
  );
}

/** What a look-up tells of a literal address. */
export function infoOf(host: string, port: number): AddrInfo {
  const family = host.includes(':') ? AF_INET6 : AF_INET;
  const address: InternetAddress = family === AF_INET6 ? [host, port, 0, 0] : [host, port];
  return { family, type: SOCK_STREAM, proto: IPPROTO_TCP, canonname: '', address };
}

/** A port at which connections are neither accepted nor refused: its queue is full. Only Linux drops them then. */
export class BlackHole implements Disposable {
  readonly port: number;
  readonly #listener = new Socket(AF_INET, SOCK_STREAM);
  readonly #filler = new Socket(AF_INET, SOCK_STREAM);

  constructor(host = '127.0.0.1', port = 0) {
    this.#listener.bind([host, port]);
    this.#listener.listen(0);
    this.port = this.#listener.getsockname()[1];
    this.#filler.connect([host, this.port]);
  }

  [Symbol.dispose](): void {
    this.#filler.close();
    this.#listener.close();
  }
}

/** A port of `host` that is bound, so that nobody else gets it, and refuses connections. */
export class ClosedPort implements Disposable {
  readonly port: number;
  readonly #socket = new Socket(AF_INET, SOCK_STREAM);

  constructor(host = '127.0.0.1', port = 0) {
    this.#socket.bind([host, port]);
    this.port = this.#socket.getsockname()[1];
  }

  [Symbol.dispose](): void {
    this.#socket.close();
  }
}
