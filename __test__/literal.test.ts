// Which hosts are addresses, and their text: as the system's own inet_pton and inet_ntop.

import { isIPv4, isIPv6 } from 'node:net';
import test from 'ava';
import { socket } from 'mioloop';
import { pythonTexts } from './support/addrinfo.js';
import { ipv6Text, isIpv4 } from './support/internals.js';
import { Random } from './support/random.js';
import { hasPython } from './support/stranger.js';

const EDGES = [
  '',
  ':',
  '::',
  ':::',
  '::1',
  '1::',
  '1::1',
  '1:::1',
  '::1::',
  ':1',
  '1:',
  ':1:2:3:4:5:6:7:8',
  '1:2:3:4:5:6:7:8',
  '1:2:3:4:5:6:7:8:',
  '1:2:3:4:5:6:7:8:9',
  '1:2:3:4:5:6:7::',
  '::2:3:4:5:6:7:8',
  '1:2:3:4::5:6:7:8',
  '::1:2:3:4:5:6:7:8',
  '1:2:3:4:5:6:7:8::',
  '12345::',
  '00001::',
  'g::',
  'A:b::C',
  '::1.2.3.4',
  '::1.2.3',
  '::1.2.3.4.5',
  '::256.1.1.1',
  '::01.2.3.4',
  '::ffff:0:0',
  '::ffff:1.2.3.4',
  '::fffe:1.2.3.4',
  '1:2:3:4:5:6:1.2.3.4',
  '1:2:3:4:5:6:7:1.2.3.4',
  '1:2:3:4:5:1.2.3.4',
  '1.2.3.4::',
  '1.2.3.4:1::',
  '::1.2.3.4:1',
  '::1%1',
  '[::1]',
  ' ::1',
  '::1 ',
  '0:0:0:1::',
  '1:0:0:2:0:0:0:3',
  '1:0:0:0:2:0:0:0',
  '0:1:0:1:0:1:0:1',
  '0:0:1:0:0:0:0:1',
  '::0.0.0.1',
  '::0.1.0.0',
  '::１',
  '::\u0131',
  '::1\0',
  '::.1',
  '::1.',
  '1.2.3.4',
  '1.2.3',
  '1.2.3.4.',
  '.1.2.3.4',
  '1..2.3',
  '1.2.3.256',
  '1.2.3.04',
  '1.2.3.00',
  '0.0.0.0',
  '255.255.255.255',
  '1.2.3.4 ',
  '+1.2.3.4',
  '1.2.3.0x4',
  '127.1',
  '१.2.3.4',
];

/** Addresses, near misses and noise, the same in every run. */
function hosts(count: number): string[] {
  const random = new Random(6);
  const lengths = [5, 6, 6, 7, 8, 8, 8, 9];
  const group = () => [0, 0, 0, 1, 0xffff, random.below(0x10000)][random.below(6)]!;
  const written = () => group().toString(16).padStart(random.below(5), '0');
  const dotted = () => [0, 0, 0, 0].map(() => random.below(random.below(8) === 0 ? 300 : 256)).join('.');
  return Array.from({ length: count }, () => {
    if (random.below(8) === 0) return dotted();
    const groups = Array.from({ length: lengths[random.below(8)]! }, () =>
      random.below(12) === 0 ? '' : written(),
    );
    if (random.below(4) === 0) groups.push(dotted());
    return groups.join(':');
  });
}

test('what is an address, Node finds, too', (t) => {
  for (const host of [...EDGES, ...hosts(5000)]) {
    t.is(isIpv4(host), isIPv4(host), host);
    // Node takes a zone for a part of the address.
    t.is(ipv6Text(host) !== null, isIPv6(host) && !host.includes('%'), host);
  }
});

test('the text of an address is the one that the system writes', (t) => {
  if (!hasPython) {
    t.log('skipped: no python3 here');
    t.pass();
    return;
  }
  const all = [...EDGES.filter((host) => !host.includes('\0')), ...hosts(5000)];
  const expected = pythonTexts(socket.AF_INET6, all);
  t.deepEqual(all.map(ipv6Text), expected);
  t.true(expected.filter((text) => text !== null).length > 500);
});
