/** A connection's idle timer, moved at every packet: what that adds to a packet. */
import { getRunningLoop, runSync, type TimerHandle } from 'mioloop';
import { emit } from '../lib/figure.js';
import { nanoseconds, now, repeatSteps } from './repeat.js';

const CONNECTIONS = 100;
const PACKETS = 500_000;
const IDLE_LIMIT = 30;
const noop = () => {};

/** Nanoseconds a packet; a "packet" is a callback, one for each connection every turn. */
function* packets(withTimer: boolean) {
  const loop = getRunningLoop();
  return yield* repeatSteps(function* () {
    const done = loop.createFuture<void>();
    const timers: TimerHandle[] = [];
    let left = PACKETS;
    const packet = (connection: number) => {
      if (withTimer) {
        timers[connection]?.cancel();
        timers[connection] = loop.callLater(IDLE_LIMIT, noop);
      }
      left--;
      if (left === 0) done.setResult();
      if (left >= CONNECTIONS) loop.callSoon(packet, connection);
    };
    const start = now();
    for (let connection = 0; connection < CONNECTIONS; connection++) loop.callSoon(packet, connection);
    yield* done;
    const time = now() - start;
    for (const timer of timers) timer.cancel();
    return nanoseconds(PACKETS, time);
  });
}

const without = runSync(packets(false));
const withTimer = runSync(packets(true));
emit('a timer moved at every packet', withTimer - without, 'ns', { atMost: 100 });
