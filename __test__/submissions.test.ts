// What a turn asks of the kernel (timers, bytes) is collected and handed over together. A request that is taken back
// before that takes nothing else with it, and leaves nothing.

import test from 'ava';
import { type EventLoop, RuntimeError, sleep } from 'mioloop';
import { turns } from './support/hall.js';
import { freshLoop } from './support/leaks.js';
import { Desk } from './support/lockstep.js';
import { type Bench, bothModes } from './support/modes.js';
import { Probe } from './support/probe.js';

const HOUR = 3600;
/** Seconds after which what has not happened will not happen. */
const GIVE_UP = 10;

const nothing = (): void => undefined;

/** Connects to a desk, lets `firstTurn` be the first callback of another run, and gives what the desk got in it. */
async function arrives(
  { loop, run }: Bench,
  bytes: number,
  prepare: (write: (text: string) => void) => () => void,
): Promise<string> {
  using desk = new Desk();
  const [transport] = await run(loop.createConnection(() => new Probe(loop), '127.0.0.1', desk.port));
  const [line] = await run(desk.accepted(1));
  loop.callSoon(prepare((text) => transport.write(Buffer.from(text))));
  await run(line!.until(({ received }) => received >= bytes));
  transport.abort();
  await run(turns(1));
  return line!.data().toString();
}

bothModes(
  'a timer set outside a run and cancelled in the first turn: what was written before arrives',
  async (t, bench) => {
    const got = await arrives(bench, 5, (write) => {
      const timer = bench.loop.callLater(HOUR, nothing);
      return () => {
        write('HELLO');
        timer.cancel();
      };
    });
    t.is(got, 'HELLO');
  },
);

bothModes(
  'a timer set outside a run and cancelled in the first turn: what is written afterwards arrives',
  async (t, bench) => {
    const got = await arrives(bench, 10, (write) => {
      const timer = bench.loop.callLater(HOUR, nothing);
      return () => {
        timer.cancel();
        write('HELLO');
        bench.loop.callLater(HOUR, nothing);
        write('WORLD');
      };
    });
    t.is(got, 'HELLOWORLD');
  },
);

bothModes(
  'a timer cancelled outside a run takes nothing of the next turn with it, whichever run it was made in',
  async (t, bench) => {
    const { loop, runForever } = bench;
    const timers = [loop.callLater(HOUR, nothing), loop.callLater(HOUR, nothing)];
    loop.stop();
    await runForever();
    loop.callLater(HOUR, nothing);
    const got = await arrives(bench, 5, (write) => {
      for (const timer of timers) timer.cancel();
      return () => {
        write('HELLO');
        loop.callLater(HOUR, nothing);
      };
    });
    t.is(got, 'HELLO');
  },
);

bothModes('a timer cancelled in a turn takes nothing of a later turn with it', async (t, bench) => {
  const { loop } = bench;
  const got = await arrives(bench, 16, (write) => {
    const timers = Array.from({ length: 3 }, () => loop.callLater(HOUR, nothing));
    const twice = (): void => {
      write('REQUEST2');
      loop.callLater(HOUR, nothing);
    };
    return () => {
      for (const timer of timers) timer.cancel();
      loop.callSoon(() => {
        write('REQUEST1');
        loop.callLater(HOUR, nothing);
        loop.callSoon(twice);
      });
    };
  });
  t.is(got, 'REQUEST1REQUEST2');
});

/** What is done outside the run; returns the timer that the first turn cancels. */
type Outside = (loop: EventLoop) => { cancel(): void };

const OUTSIDE: [name: string, outside: Outside][] = [
  ['the only one', (loop) => loop.callLater(HOUR, nothing)],
  [
    'the last one',
    (loop) => {
      loop.callLater(HOUR, nothing);
      return loop.callLater(HOUR, nothing);
    },
  ],
  [
    'the first one',
    (loop) => {
      const timer = loop.callLater(HOUR, nothing);
      loop.callLater(HOUR, nothing);
      return timer;
    },
  ],
];

for (const [name, outside] of OUTSIDE) {
  bothModes(
    `a timer set outside a run, ${name}, and cancelled in the first turn: other timers fire`,
    async (t, { loop, runForever }) => {
      const fired: string[] = [];
      const fire = (what: string): void => {
        fired.push(what);
        if (fired.length === 2) loop.stop();
      };
      const guard = loop.callLater(GIVE_UP, () => loop.stop());
      const timer = outside(loop);
      loop.callSoon(() => {
        loop.callLater(0.001, fire, 'before');
        timer.cancel();
        loop.callLater(0.002, fire, 'after');
      });
      await runForever();
      guard.cancel();
      t.deepEqual(fired, ['before', 'after']);
    },
  );
}

/** Ways to leave no timer behind, each after a turn in which `timer` was handed over. */
const LEAVE_NOTHING: [name: string, leave: (loop: EventLoop, timer: { cancel(): void }) => void][] = [
  ['cancelled', (_loop, timer) => timer.cancel()],
  [
    'moved and cancelled in one turn',
    (loop, timer) => {
      timer.cancel();
      loop.callLater(HOUR, nothing).cancel();
    },
  ],
  [
    'moved, moved back and cancelled in one turn',
    (loop, timer) => {
      timer.cancel();
      for (const delay of [2 * HOUR, HOUR, HOUR / 2]) loop.callLater(delay, nothing).cancel();
    },
  ],
  [
    'cancelled behind one that was made and cancelled',
    (loop, timer) => {
      const other = loop.callLater(HOUR, nothing);
      timer.cancel();
      other.cancel();
    },
  ],
];

for (const [name, leave] of LEAVE_NOTHING) {
  // A timer that is left lets the blocking run wait for an hour: the test hangs then.
  test.serial(`a timer that was ${name} leaves nothing to wait for`, (t) => {
    const loop = freshLoop();
    t.throws(
      () =>
        loop.runUntilCompleteSync(function* () {
          const timer = loop.callLater(HOUR, nothing);
          yield* sleep(0.001);
          leave(loop, timer);
          yield* loop.createFuture();
        }),
      { instanceOf: RuntimeError, code: 'ERR_BLOCKING_DEADLOCK' },
    );
    loop.close();
  });
}

test.serial('a timer set and cancelled outside a run leaves nothing to wait for', (t) => {
  const loop = freshLoop();
  loop.callLater(HOUR, nothing).cancel();
  t.throws(() => loop.runUntilCompleteSync(loop.createFuture()), {
    instanceOf: RuntimeError,
    code: 'ERR_BLOCKING_DEADLOCK',
  });
  loop.close();
});
