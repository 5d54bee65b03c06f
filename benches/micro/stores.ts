/** What following the stores of AsyncLocalStorage costs: loops that do and loops that don't, by turns. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { EventLoop } from 'mioloop';
import { emit } from '../lib/figure.js';
import { median } from '../lib/stats.js';
import { nanoseconds, now } from './repeat.js';

const BURST = 10_000;
/** In a sample: as many as make the garbage collector's part even. */
const BURSTS = 8;
const WARMUPS = 4;
const PAIRS = 16;

const noop = () => {};
function* nothing() {}

const store = new AsyncLocalStorage<string>();

const ACTS: Record<string, (loop: EventLoop) => void> = {
  callSoon: (loop) => {
    for (let index = 0; index < BURST; index++) loop.callSoon(noop);
  },
  createTask: (loop) => {
    for (let index = 0; index < BURST; index++) loop.createTask(nothing());
  },
};

/** Nanoseconds that one call and what it schedules take, inside a turn. */
function burst(loop: EventLoop, act: (loop: EventLoop) => void, isSet: boolean): number {
  const start = now();
  for (let index = 0; index < BURSTS; index++) {
    loop.callSoon(() => {
      if (isSet) store.run('set', act, loop);
      else act(loop);
      loop.callSoon(() => loop.callSoon(() => loop.stop()));
    });
    loop.runForeverSync();
  }
  return nanoseconds(BURST * BURSTS, now() - start);
}

for (const [name, act] of Object.entries(ACTS)) {
  const follows = new EventLoop({ asyncLocalStorage: true });
  const ignores = new EventLoop({ asyncLocalStorage: false });
  // A store that was once set makes Node 20 and 22 follow every promise: the case without one comes first.
  for (const isSet of [false, true]) {
    const samples: { with: number[]; without: number[]; more: number[] } = {
      with: [],
      without: [],
      more: [],
    };
    for (let pair = -WARMUPS; pair < PAIRS; pair++) {
      const first = pair % 2 === 0 ? burst(follows, act, isSet) : 0;
      const without = burst(ignores, act, isSet);
      const followed = pair % 2 === 0 ? first : burst(follows, act, isSet);
      if (pair < 0) continue;
      samples.with.push(followed);
      samples.without.push(without);
      samples.more.push(followed - without);
    }
    const where = `${name}, ${isSet ? 'one store set' : 'no store set'}`;
    emit(`${where}, asyncLocalStorage: false`, median(samples.without), 'ns');
    emit(`${where}: following stores adds`, median(samples.more), 'ns');
  }
  follows.close();
  ignores.close();
}
