/** Addresses that need no resolver, one look-up after another. */
import { lookup } from 'node:dns/promises';
import { getRunningLoop, runSync } from 'mioloop';
import { emit } from '../lib/figure.js';
import { millions, now, repeatAsync, repeatSteps } from './repeat.js';

const LOOK_UPS = 200_000;

/** Millions of look-ups a second. */
function* lookUps(host: string) {
  const loop = getRunningLoop();
  return yield* repeatSteps(function* () {
    const start = now();
    for (let index = 0; index < LOOK_UPS; index++) yield* loop.getaddrinfo(host, 80);
    return millions(LOOK_UPS, now() - start);
  });
}

const node = () =>
  repeatAsync(async () => {
    const start = now();
    for (let index = 0; index < LOOK_UPS; index++) await lookup('127.0.0.1', { all: true });
    return millions(LOOK_UPS, now() - start);
  });

for (const host of ['127.0.0.1', '2001:db8::1']) {
  const rate = runSync(() => lookUps(host));
  emit(`getaddrinfo('${host}', 80)`, rate, 'M/s', { atLeast: 0.5 });
}
emit("dns.lookup('127.0.0.1')", await node(), 'M/s');
