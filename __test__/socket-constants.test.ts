// The numbers of the socket calls: those that Python has as well are the same.

import { spawnSync } from 'node:child_process';
import test from 'ava';
import { constants } from './support/internals.js';
import { hasPython } from './support/stranger.js';

const SOURCE = `
import json, socket, sys
print(json.dumps({ name: int(getattr(socket, name)) for name in sys.argv[1:] if hasattr(socket, name) }))
`;

test('what everybody needs is there, whatever the platform', (t) => {
  const names = [
    'AF_UNIX',
    'AF_INET6',
    'SOCK_DGRAM',
    'IPPROTO_TCP',
    'SOL_SOCKET',
    'SO_REUSEPORT',
    'TCP_NODELAY',
  ];
  for (const name of [
    ...names,
    'IPV6_V6ONLY',
    'AI_PASSIVE',
    'NI_NUMERICHOST',
    'SHUT_WR',
    'MSG_PEEK',
    'SOMAXCONN',
  ]) {
    t.is(typeof constants[name], 'number', name);
  }
  t.is(constants.SOCK_CLOEXEC === undefined, process.platform !== 'linux');
});

test('the numbers are those of the module socket of Python', (t) => {
  if (!hasPython) {
    t.log('skipped: no python3 here');
    return;
  }
  const ours = Object.entries(constants).filter((entry) => entry[1] !== undefined);
  const { stdout } = spawnSync('python3', ['-c', SOURCE, ...ours.map(([name]) => name)], {
    encoding: 'utf8',
  });
  const theirs: Record<string, number> = JSON.parse(stdout);
  t.deepEqual(Object.fromEntries(ours.filter(([name]) => name in theirs)), theirs);
  t.true(Object.keys(theirs).length > 100);
});
