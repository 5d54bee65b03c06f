// Addresses to names: the same as Python's, and clear errors.

import { type InternetAddress, socket } from 'mioloop';
import { pythonNames } from './support/addrinfo.js';
import { loopTurns } from './support/internals.js';
import { inLoop } from './support/modes.js';
import { errorOf } from './support/outcomes.js';
import { hasPython } from './support/stranger.js';

const { NI_DGRAM, NI_NAMEREQD, NI_NOFQDN, NI_NUMERICHOST, NI_NUMERICSERV } = socket;
const NUMERIC = NI_NUMERICHOST | NI_NUMERICSERV;

/** No question here leaves the machine: names are asked for addresses that /etc/hosts has, or that are numeric. */
const TABLE: [InternetAddress, number][] = [
  ...[
    0,
    NI_NUMERICHOST,
    NI_NUMERICSERV,
    NUMERIC,
    NI_NOFQDN,
    NI_NAMEREQD,
    NI_DGRAM,
    NI_DGRAM | NUMERIC,
  ].flatMap((flags) =>
    [80, 53, 514, 0, 65535].map((port): [InternetAddress, number] => [['127.0.0.1', port], flags]),
  ),
  ...['::1', '::FFFF:1.2.3.4', '::1.2.3.4', '0:0::1', '127.1', '2001:db8::1'].flatMap((host) =>
    [NUMERIC, NI_NUMERICHOST].map((flags): [InternetAddress, number] => [[host, 80], flags]),
  ),
  [['fe80::1', 80, 0, 1], NUMERIC],
  [['fe80::1', 80, 0, 4_000_000], NUMERIC],
  [['2001:db8::1', 80, 5, 1], NUMERIC],
  [['localhost', 80], NUMERIC],
  [['', 80], NUMERIC],
  [['127.0.0.1', 80], NUMERIC | NI_NAMEREQD],
  [['127.0.0.1', 80], 1 << 30],
];

inLoop('every address has the names that Python gives', function* (t, loop) {
  if (!hasPython) {
    t.log('skipped: no python3 here');
    t.pass();
    return;
  }
  const expected = pythonNames(TABLE);
  for (const [index, [sockaddr, flags]] of TABLE.entries()) {
    let said: unknown;
    try {
      said = yield* loop.getnameinfo(sockaddr, flags);
    } catch (error) {
      said = (error as NodeJS.ErrnoException).code;
    }
    t.deepEqual(said, expected[index], JSON.stringify(TABLE[index]));
  }
});

inLoop('an address and a port as numbers need neither a thread nor a turn', function* (t, loop) {
  const turns = loopTurns(loop);
  t.deepEqual(yield* loop.getnameinfo(['127.0.0.1', 80], NUMERIC), ['127.0.0.1', '80']);
  t.deepEqual(yield* loop.getnameinfo(['0:0::0001', 0, 0, 0], NUMERIC | NI_DGRAM), ['::1', '0']);
  t.is(loopTurns(loop), turns);
});

inLoop('a zone in the text is kept', function* (t, loop) {
  t.deepEqual(yield* loop.getnameinfo(['fe80::1%4000000', 80], NUMERIC), ['fe80::1%4000000', '80']);
});

inLoop('a name instead of an address is an error in the shape that Node gives', function* (t, loop) {
  const error = (yield* errorOf(loop.getnameinfo(['localhost', 80]))) as Error;
  t.like(error, { code: 'ENOTFOUND', errno: -3008, syscall: 'getnameinfo', hostname: 'localhost' });
  t.is(error.message, 'getnameinfo ENOTFOUND localhost');
});

inLoop('what is no address is refused with a clear text', function* (t, loop) {
  const wrong: [sockaddr: unknown, flags: unknown, RegExp][] = [
    ['127.0.0.1', 0, /^sockaddr must be \[host, port\] or .*, got the string "127\.0\.0\.1"$/],
    [{ host: '::1', port: 1 }, 0, /^sockaddr must be .* got an object$/],
    [[127, 80], 0, /^host must be an address as text, got 127$/],
    [['127.0.0.1'], 0, /^port must be a number from 0 to 65535, got undefined$/],
    [['127.0.0.1', '80'], 0, /^port must be a number from 0 to 65535, got the string "80"$/],
    [['127.0.0.1', 70000], 0, /^port must be a whole number from 0 to 65535, got 70000$/],
    [['127.0.0.1', -1], 0, /^port must be a whole number from 0 to 65535, got -1$/],
    [['127.0.0.1', Number.NaN], 0, /^port must be a whole number from 0 to 65535, got NaN$/],
    [['::\0', 80], 0, /^host must not contain a zero byte/],
    [['::1', 80, -1, 0], 0, /^flowinfo must be a whole number from 0 to/],
    [['::1', 80, 0, 2 ** 32], 0, /^scopeId must be a whole number from 0 to/],
    [['127.0.0.1', 80, 0, 0], 0, /^an IPv4 address is \[host, port\]/],
    [['127.0.0.1', 80], 'numeric', /^flags must be a constant of socket, got the string "numeric"$/],
    [['127.0.0.1', 80], 2 ** 40, /^flags must be a whole number of 32 bits/],
  ];
  for (const [sockaddr, flags, message] of wrong) {
    const operation = loop.getnameinfo(sockaddr as InternetAddress, flags as number);
    const error = (yield* errorOf(operation)) as NodeJS.ErrnoException;
    t.regex(error.message, message);
    t.regex(error.code!, /^ERR_/);
  }
});
