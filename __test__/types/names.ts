// The types of look-ups. Nothing here runs: tsc is the test.

import { type AddrInfo, type EventLoop, type InternetAddress, type Operation, socket } from 'mioloop';
import type { Assert, Equal } from './equal.js';

declare const loop: EventLoop;

export function* addresses() {
  yield* loop.getaddrinfo('localhost', 80);
  yield* loop.getaddrinfo(Buffer.from('localhost'), 'http', {
    family: socket.AF_INET,
    flags: socket.AI_PASSIVE,
  });
  yield* loop.getaddrinfo(null, null);
  yield* loop.getnameinfo(['fe80::1', 80, 0, 2] as const, socket.NI_NUMERICHOST);
  const [first] = yield* loop.getaddrinfo('::1', Buffer.from('80'), { type: socket.SOCK_STREAM });
  // What one gives, the other takes.
  const [host, service] = yield* loop.getnameinfo(first!.address);
  return [first, host, service] as const;
}

export function refused() {
  // @ts-expect-error: a host is no number
  loop.getaddrinfo(127, 80);
  // @ts-expect-error: there is no such option
  loop.getaddrinfo('localhost', 80, { familly: socket.AF_INET });
  // @ts-expect-error: a port in an address is a number
  loop.getnameinfo(['127.0.0.1', '80']);
}

type Names = ReturnType<EventLoop['getnameinfo']>;
export type Checks = [
  Assert<
    Equal<
      ReturnType<typeof addresses> extends Generator<unknown, infer R> ? R : never,
      readonly [AddrInfo | undefined, string, string]
    >
  >,
  Assert<Equal<AddrInfo['address'], InternetAddress>>,
  Assert<Equal<Names, Operation<[host: string, service: string]>>>,
];
