/** One callback a turn, each turn with its poll of the selector, while a connection is open. */
import { getRunningLoop, Protocol, run, runSync } from 'mioloop';
import { emit } from '../lib/figure.js';
import { millions, now, repeatSteps } from './repeat.js';

const TURNS = 200_000;

function* chain() {
  const loop = getRunningLoop();
  const server = yield* loop.createServer(() => new Protocol(), '127.0.0.1', 0);
  const [, port] = server.sockets[0]!.getsockname() as [string, number];
  const [transport] = yield* loop.createConnection(() => new Protocol(), '127.0.0.1', port);
  const rate = yield* repeatSteps(function* () {
    const done = loop.createFuture<void>();
    let left = TURNS;
    const step = () => {
      if (--left === 0) done.setResult();
      else loop.callSoon(step);
    };
    const start = now();
    loop.callSoon(step);
    yield* done;
    return millions(TURNS, now() - start);
  });
  transport.close();
  server.close();
  return rate;
}

emit('one callback a turn, a connection open, blocking', runSync(chain), 'M turns/s', { atLeast: 1.5 });
emit('one callback a turn, a connection open, hosted', await run(chain), 'M turns/s');
