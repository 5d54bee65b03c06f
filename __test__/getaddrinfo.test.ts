// Hosts to addresses: the same entries in the same order as Python's, what needs no resolver at once, and clear errors.

import test from 'ava';
import { type AddrInfoOptions, type Host, type Port, socket } from 'mioloop';
import { inPython, pythonAddresses, type Question, type Said } from './support/addrinfo.js';
import { loopTurns } from './support/internals.js';
import { inLoop } from './support/modes.js';
import { errorOf } from './support/outcomes.js';
import { hasPython } from './support/stranger.js';

const { AF_INET, AF_INET6, AF_UNIX, AF_UNSPEC, SOCK_DGRAM, SOCK_RAW, SOCK_SEQPACKET, SOCK_STREAM } = socket;
const { IPPROTO_ICMP, IPPROTO_TCP, IPPROTO_UDP } = socket;
const { AI_ADDRCONFIG, AI_ALL, AI_CANONNAME, AI_NUMERICHOST, AI_NUMERICSERV, AI_PASSIVE, AI_V4MAPPED } =
  socket;

const text = (ascii: string) => new Uint8Array(Buffer.from(ascii));

/** Every combination of these. */
function questions(
  hosts: readonly Host[],
  ports: readonly Port[],
  hints: readonly AddrInfoOptions[] = [{}],
): Question[] {
  return hosts.flatMap((host) => ports.flatMap((port) => hints.map((hint) => ({ host, port, ...hint }))));
}

const FAMILIES = [AF_UNSPEC, AF_INET, AF_INET6];
const FLAGS = [
  0,
  AI_PASSIVE,
  AI_CANONNAME,
  AI_NUMERICHOST,
  AI_NUMERICSERV,
  AI_V4MAPPED,
  AI_V4MAPPED | AI_ALL,
];
const hints = (flags: readonly number[]) =>
  FAMILIES.flatMap((family) => flags.map((each) => ({ family, type: SOCK_STREAM, flags: each })));

const IPV4 = ['127.0.0.1', '0.0.0.0', '255.255.255.255'];
const IPV6 = [
  '::1',
  '::',
  'fe80::1',
  '2001:DB8:0:0:1:0:0:1',
  '::ffff:1.2.3.4',
  '::1.2.3.4',
  '0:0:0:0:0:0:0:0001',
];
/** Addresses too, to the system's resolver. */
const ODD = ['127.1', '0x7f.1', '010.0.0.1', '2130706433', 'fe80::1%1', 'fe80::1%4000000', '::1%7', '*'];
/** None, or of a zone that there is not. */
const NAMES = [
  '',
  'localhost',
  '256.1.1.1',
  '1.2.3.4.5',
  '1:2',
  ':::',
  '::1%no-such-zone',
  '127.0.0.1%1',
  ' ::1',
];

/** No question here leaves the machine. */
const TABLE: Question[] = [
  ...questions([...IPV4, ...IPV6, null], [80], hints(FLAGS)),
  ...questions(ODD, [80], hints([0, AI_CANONNAME])),
  ...questions(NAMES, [80], hints([AI_NUMERICHOST])),
  ...questions([''], [80], [{ type: SOCK_STREAM }]),
  ...questions(['localhost'], [80, 'http', null], hints([0, AI_CANONNAME])),
  ...questions(
    ['127.0.0.1', '::1', text('::1'), null],
    [0, 65535, '80', '0080', ' 80', text('80'), null, '', 'http', 'domain', 'no-such-service', text('http')],
    [{}, { flags: AI_NUMERICSERV }],
  ),
  ...questions(
    ['127.0.0.1', '::1'],
    [80, null, 'domain'],
    [0, SOCK_STREAM, SOCK_DGRAM, SOCK_RAW, SOCK_SEQPACKET, 99].flatMap((type) =>
      [0, IPPROTO_TCP, IPPROTO_UDP, IPPROTO_ICMP, 99].map((proto) => ({ type, proto })),
    ),
  ),
  ...questions(['127.0.0.1', '::1', null], [80], [{ family: AF_UNIX }, { family: 99 }, { flags: 1 << 30 }]),
  ...questions(['127.0.0.1', '::1'], [80], [{ flags: AI_ADDRCONFIG }]),
  ...questions([null], [80, null], [{ flags: AI_PASSIVE | AI_CANONNAME }]),
  ...questions([null], [null]),
];

inLoop('every question has the answer that Python gives', function* (t, loop) {
  if (!hasPython) {
    t.log('skipped: no python3 here');
    t.pass();
    return;
  }
  t.true(TABLE.length > 400);
  const expected = pythonAddresses(TABLE);
  const asked = TABLE.map(({ host, port, ...options }) => loop.getaddrinfo(host, port, options));
  for (const [index, question] of TABLE.entries()) {
    let said: Said;
    try {
      said = inPython(yield* asked[index]!);
    } catch (error) {
      said = (error as NodeJS.ErrnoException).code!;
    }
    t.deepEqual(said, expected[index], JSON.stringify(question));
  }
});

inLoop('an address and a number as port need neither a thread nor a turn', function* (t, loop) {
  const turns = loopTurns(loop);
  const hosts = [...IPV4, ...IPV6, text('127.0.0.1')];
  for (const { host, port, ...options } of [
    ...questions(hosts, [80, '80', text('80'), '', null], [{}, { type: SOCK_STREAM }, { type: SOCK_DGRAM }]),
    ...questions(hosts, [80], [{ proto: IPPROTO_TCP }, { flags: AI_NUMERICHOST | AI_NUMERICSERV }]),
    ...questions(['127.0.0.1', '::1'], [80], [{ flags: AI_CANONNAME }]),
    ...questions(['127.0.0.1'], [80], [{ family: AF_INET6, flags: AI_V4MAPPED }]),
    ...questions([null], [80], [{ family: AF_INET, flags: AI_PASSIVE }, { family: AF_INET6 }]),
  ]) {
    const operation = loop.getaddrinfo(host, port, options);
    t.true(operation.done());
    t.true((yield* operation).length > 0);
  }
  t.is(loopTurns(loop), turns);
});

inLoop('each answer is the asker’s own, to do with as one likes', function* (t, loop) {
  const first = yield* loop.getaddrinfo('127.0.0.1', 80);
  first[0]!.address[0] = 'changed';
  first.length = 0;
  const [again] = yield* loop.getaddrinfo('127.0.0.1', 80);
  t.deepEqual(again!.address, ['127.0.0.1', 80]);
});

inLoop('a name of /etc/hosts, and the service by name', function* (t, loop) {
  const found = yield* loop.getaddrinfo('localhost', 'http', { type: SOCK_STREAM });
  t.true(found.length > 0);
  for (const { family, type, proto, address } of found) {
    t.deepEqual([type, proto, address[1]], [SOCK_STREAM, IPPROTO_TCP, 80]);
    t.deepEqual(address, family === AF_INET ? ['127.0.0.1', 80] : ['::1', 80, 0, 0]);
  }
});

inLoop('a name that does not exist is an error in the shape that Node gives', function* (t, loop) {
  for (const options of [{}, { family: AF_INET6 }]) {
    const error = (yield* errorOf(
      loop.getaddrinfo('no-such-name.invalid', 80, options),
    )) as NodeJS.ErrnoException;
    // The second is what a machine without a network says.
    t.true(['ENOTFOUND', 'EAI_AGAIN'].includes(error.code!), error.code);
    t.like(error, { syscall: 'getaddrinfo', hostname: 'no-such-name.invalid' });
    t.is(error.message, `getaddrinfo ${error.code} no-such-name.invalid`);
    t.true(error.errno! < 0);
    t.regex((error.cause as Error).message, /failed to lookup address information/);
  }
});

inLoop('other errors of the resolver have their codes, too', function* (t, loop) {
  const cases: [Host, Port, AddrInfoOptions, code: string, errno: number][] = [
    ['127.0.0.1', 80, { family: 99 }, 'EAI_FAMILY', -3005],
    ['127.0.0.1', 80, { type: 99 }, 'EAI_SOCKTYPE', -3011],
    ['127.0.0.1', 'no-such-service', {}, 'EAI_SERVICE', -3010],
    ['127.0.0.1', 80, { flags: 1 << 30 }, 'EAI_BADFLAGS', -3002],
    ['localhost', 80, { flags: AI_NUMERICHOST }, 'ENOTFOUND', -3008],
    [null, null, {}, 'ENOTFOUND', -3008],
  ];
  for (const [host, port, options, code, errno] of cases) {
    t.like(yield* errorOf(loop.getaddrinfo(host, port, options)), { code, errno, syscall: 'getaddrinfo' });
  }
  const error = (yield* errorOf(loop.getaddrinfo(null, null))) as Error;
  t.is(error.message, 'getaddrinfo ENOTFOUND');
  t.false('hostname' in error);
});

inLoop('letters of the world are asked for as the domain name system has them', function* (t, loop) {
  const error = yield* errorOf(loop.getaddrinfo('bücher.invalid', 80));
  t.like(error, { hostname: 'xn--bcher-kva.invalid' });
  t.deepEqual((yield* loop.getaddrinfo('１２７.0.0.1', 80))[0]!.address, ['127.0.0.1', 80]);
  for (const host of ['bü cher', 'bü/cher', 'bü:80', '\u00ad']) {
    t.like(yield* errorOf(loop.getaddrinfo(host, 80)), { code: 'ERR_INVALID_ARG_VALUE' });
  }
});

inLoop(
  'what is no host, port or hint is refused with a clear text, by the one who awaits',
  function* (t, loop) {
    const wrong: [host: unknown, port: unknown, options: unknown, RegExp][] = [
      [127, 80, {}, /^host must be an address or a name \(a string, Uint8Array or null\), got 127$/],
      [{}, 80, {}, /^host must be .* got an object$/],
      [['127.0.0.1'], 80, {}, /^host must be .* got an instance of Array$/],
      ['local\0host', 80, {}, /^host must not contain a zero byte/],
      [text('local\0host'), 80, {}, /^host must not contain a zero byte/],
      [Uint8Array.of(0xff), 80, {}, /^host must be text in UTF-8/],
      ['127.0.0.1', -1, {}, /^port must be a whole number from 0 to 65535, got -1$/],
      ['127.0.0.1', 65536, {}, /^port must be a whole number from 0 to 65535, got 65536$/],
      ['127.0.0.1', Number.NaN, {}, /^port must be a whole number from 0 to 65535, got NaN$/],
      ['127.0.0.1', 1.5, {}, /^port must be a whole number from 0 to 65535, got 1\.5$/],
      ['127.0.0.1', '70000', {}, /^port must be a whole number from 0 to 65535, got 70000$/],
      ['127.0.0.1', 'ht\0tp', {}, /^port must not contain a zero byte/],
      ['127.0.0.1', true, {}, /^port must be a number from 0 to 65535, a service's name .* got true$/],
      ['127.0.0.1', 80n, {}, /^port must be .* got 80$/],
      ['127.0.0.1', 80, { family: 'inet' }, /^family must be a constant of socket, got the string "inet"$/],
      ['127.0.0.1', 80, { type: 1.5 }, /^type must be a whole number of 32 bits, got 1\.5$/],
      ['127.0.0.1', 80, { proto: 2 ** 31 }, /^proto must be a whole number of 32 bits/],
      ['127.0.0.1', 80, { flags: Number.NaN }, /^flags must be a whole number of 32 bits, got NaN$/],
      ['127.0.0.1', 80, { familly: 2 }, /^getaddrinfo\(\) has no option familly/],
      ['127.0.0.1', 80, 2, /^the options of getaddrinfo\(\) must be an object, got 2$/],
      ['127.0.0.1', 80, null, /^the options of getaddrinfo\(\) must be an object, got null$/],
    ];
    for (const [host, port, options, message] of wrong) {
      const operation = loop.getaddrinfo(host as Host, port as Port, options as AddrInfoOptions);
      const error = (yield* errorOf(operation)) as NodeJS.ErrnoException;
      t.regex(error.message, message);
      t.regex(error.code!, /^ERR_/);
    }
  },
);

test('a closed loop looks nothing up', async (t) => {
  const { newEventLoop } = await import('mioloop');
  const loop = newEventLoop();
  loop.close();
  t.throws(() => loop.getaddrinfo('127.0.0.1', 80), { code: 'ERR_LOOP_CLOSED' });
  t.throws(() => loop.getnameinfo(['127.0.0.1', 80]), { code: 'ERR_LOOP_CLOSED' });
});
