// What users give as an address becomes what sockets are made of: literal addresses at once, the rest by getaddrinfo.

import {
  type AddrInfo,
  type AddrInfoOptions,
  EventLoop,
  type Host,
  type Operation,
  type Port,
  socket,
} from 'mioloop';
import { ensureResolved, loopTurns } from './support/internals.js';
import { bothModes, inLoop } from './support/modes.js';
import { errorOf } from './support/outcomes.js';

const {
  AF_INET,
  AF_INET6,
  AF_UNIX,
  IPPROTO_ICMP,
  IPPROTO_TCP,
  IPPROTO_UDP,
  SOCK_DGRAM,
  SOCK_RAW,
  SOCK_STREAM,
} = socket;
const text = (ascii: string) => new Uint8Array(Buffer.from(ascii));

/** A loop that tells what was asked of its getaddrinfo, and answers nothing. */
class AskedLoop extends EventLoop {
  readonly asked: unknown[][] = [];

  override getaddrinfo(host: Host, port: Port, options: AddrInfoOptions = {}): Operation<AddrInfo[]> {
    this.asked.push([host, port, options]);
    return super.getaddrinfo('127.0.0.1', 7);
  }
}

inLoop('an address is its own answer, whatever form the port has (B124, B131)', function* (t, loop) {
  const turns = loopTurns(loop);
  for (const [type, proto] of [
    [SOCK_STREAM, IPPROTO_TCP],
    [SOCK_DGRAM, IPPROTO_UDP],
  ] as const) {
    const info = (family: number, address: AddrInfo['address']) => [
      { family, type, proto, canonname: '', address },
    ];
    const resolved = (host: unknown, port: unknown, options: AddrInfoOptions = {}) =>
      ensureResolved(loop, [host, port], { type, ...options });
    for (const port of [80, '80', text('80')]) {
      t.deepEqual(yield* resolved('127.0.0.1', port), info(AF_INET, ['127.0.0.1', 80]));
      t.deepEqual(yield* resolved(text('::1'), port), info(AF_INET6, ['::1', 80, 0, 0]));
    }
    for (const port of [0, null, undefined, '', text('')]) {
      t.deepEqual(yield* resolved('127.0.0.1', port), info(AF_INET, ['127.0.0.1', 0]));
    }
    // The type decides on the protocol.
    for (const other of [0, IPPROTO_TCP, IPPROTO_UDP]) {
      t.deepEqual(yield* resolved('1.2.3.4', 1, { proto: other }), info(AF_INET, ['1.2.3.4', 1]));
    }
    t.deepEqual(yield* resolved('1.2.3.4', 1, { family: AF_INET }), info(AF_INET, ['1.2.3.4', 1]));
    t.deepEqual(yield* resolved('::3', 1, { family: AF_INET6 }), info(AF_INET6, ['::3', 1, 0, 0]));
  }
  t.is(loopTurns(loop), turns);
});

inLoop('flowinfo and scope of an address go with it (B131)', function* (t, loop) {
  const resolved = (...address: unknown[]) => ensureResolved(loop, address, { type: SOCK_STREAM });
  t.deepEqual((yield* resolved('fe80::1', 80, 5, 2))[0]!.address, ['fe80::1', 80, 5, 2]);
  t.deepEqual((yield* resolved('fe80::1', 80, 5))[0]!.address, ['fe80::1', 80, 5, 0]);
  t.deepEqual((yield* resolved('127.0.0.1', 80, 5, 2))[0]!.address, ['127.0.0.1', 80]);
});

bothModes(
  'names, zones, services and unusual sockets are asked of getaddrinfo (B124, B131)',
  async (t, { loop, run }) => {
    const asked: [Host, Port, AddrInfoOptions][] = [
      ['localhost', 80, { type: SOCK_STREAM, family: AF_INET, flags: socket.AI_PASSIVE }],
      [null, 80, { type: SOCK_STREAM }],
      ['', 80, { type: SOCK_STREAM }],
      ['fe80::1%1', 80, { type: SOCK_STREAM }],
      ['::1%1', 80, { type: SOCK_DGRAM }],
      ['127.0.0.1', 'http', { type: SOCK_STREAM }],
      ['127.1', 80, { type: SOCK_STREAM }],
      ['127.0.0.1', 80, {}],
      ['127.0.0.1', 80, { type: SOCK_RAW }],
      ['127.0.0.1', 80, { type: SOCK_STREAM, proto: IPPROTO_ICMP }],
      ['127.0.0.1', 80, { type: SOCK_STREAM, family: AF_INET6 }],
      ['::1', 80, { type: SOCK_STREAM, family: AF_INET }],
      ['127.0.0.1', 80, { type: SOCK_STREAM, family: AF_UNIX }],
    ];
    await run(function* () {
      for (const [host, port, options] of asked) {
        t.is((yield* ensureResolved(loop, [host, port], options))[0]!.address[1], 7);
      }
    });
    t.deepEqual((loop as AskedLoop).asked, asked);
  },
  () => new AskedLoop(),
);

inLoop('a family that an address does not have is the error of the resolver (B131)', function* (t, loop) {
  const options = { type: SOCK_STREAM, family: AF_INET6 };
  const error = yield* errorOf(ensureResolved(loop, ['127.0.0.1', 80], options));
  t.regex((error as NodeJS.ErrnoException).code!, /^(EAI_ADDRFAMILY|ENOTFOUND)$/);
});

inLoop('what is no address is refused with a clear text', function* (t, loop) {
  const wrong: [address: unknown, RegExp][] = [
    ['127.0.0.1', /^an address must be \[host, port\], got the string "127\.0\.0\.1"$/],
    [null, /^an address must be \[host, port\], got null$/],
    [['127.0.0.1'], /^an address must be \[host, port\], got 1 parts$/],
    [['::1', 1, 0, 0, 0], /^an address must be \[host, port\], got 5 parts$/],
    [[127, 80], /^host must be an address or a name .* got 127$/],
    [['127.0.0.1', 65536], /^port must be a whole number from 0 to 65535, got 65536$/],
    [['127.0.0.1', '65536'], /^port must be a whole number from 0 to 65535, got 65536$/],
    [['::1', 80, -1], /^flowinfo must be a whole number/],
    [['::1', 80, 0, '1'], /^scopeId must be a number/],
  ];
  for (const [address, message] of wrong) {
    const error = yield* errorOf(ensureResolved(loop, address as unknown[], { type: SOCK_STREAM }));
    t.regex((error as Error).message, message);
  }
});
