/** What tasks do, done with Node's own promises. The package is not loaded here: it would have a part in it. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { emitFor } from '../lib/figure.js';
import { collect } from './collect.js';
import { millions, nanoseconds, now, repeat, repeatAsync } from './repeat.js';

const TASKS = 100;
const STEPS = 1_000;
const CROWD = 100_000;
const ITEMS = 100_000;

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
const tick = () => new Promise<void>((resolve) => process.nextTick(resolve));

async function times(count: number, step: () => Promise<void>): Promise<void> {
  for (let index = 0; index < count; index++) await step();
}

/** Nanoseconds a step of many async functions that each wait for `step`. */
function steps(step: () => Promise<void>): Promise<number> {
  return repeatAsync(async () => {
    const start = now();
    await Promise.all(Array.from({ length: TASKS }, () => times(STEPS, step)));
    return nanoseconds(TASKS * STEPS, now() - start);
  });
}

async function oneStep(value: number): Promise<number> {
  await turn();
  return value;
}

function crowd(): Promise<number>[] {
  return Array.from({ length: CROWD }, (_, index) => oneStep(index));
}

async function memory(): Promise<number> {
  collect();
  const before = process.memoryUsage().heapUsed;
  const all = Promise.all(crowd());
  collect();
  const bytes = (process.memoryUsage().heapUsed - before) / CROWD;
  await all;
  return bytes;
}

/** A queue of so many places, as it is written by hand: who waits is a `resolve`. */
class PromiseQueue<T> {
  readonly #places: number;
  readonly #items: T[] = [];
  readonly #getters: (() => void)[] = [];
  readonly #putters: (() => void)[] = [];

  constructor(places: number) {
    this.#places = places;
  }

  async put(item: T): Promise<void> {
    while (this.#items.length >= this.#places) await new Promise<void>((go) => this.#putters.push(go));
    this.#items.push(item);
    this.#getters.shift()?.();
  }

  async get(): Promise<T> {
    while (this.#items.length === 0) await new Promise<void>((go) => this.#getters.push(go));
    const item = this.#items.shift()!;
    this.#putters.shift()?.();
    return item;
  }
}

function handOver(pairs: number, places: number): Promise<number> {
  return repeatAsync(async () => {
    const start = now();
    const sides = Array.from({ length: pairs }, () => {
      const queue = new PromiseQueue<number>(places);
      const put = () => queue.put(1);
      const get = async () => void (await queue.get());
      return [times(ITEMS / pairs, put), times(ITEMS / pairs, get)];
    });
    await Promise.all(sides.flat());
    return nanoseconds(ITEMS, now() - start);
  });
}

/** Nanoseconds a call. */
function calls(call: () => unknown): number {
  return repeat(() => {
    const start = now();
    for (let index = 0; index < ITEMS; index++) call();
    return nanoseconds(ITEMS, now() - start);
  });
}

const tell = (target: string, value: number, unit: string) => emitFor('promises', target, value, unit);
const done = Promise.resolve();
tell(`task step, ${TASKS} tasks at sleep(0)`, await steps(turn), 'ns');
tell(`task step, ${TASKS} tasks at a future that a callback sets`, await steps(tick), 'ns');
tell(`task step, ${TASKS} tasks at a future that is done`, await steps(() => done), 'ns');

const rate = await repeatAsync(async () => {
  const start = now();
  const results = await Promise.all(crowd());
  if (results.length !== CROWD) throw new Error('results are missing');
  return millions(CROWD, now() - start);
});
tell(`gather of ${CROWD} tasks`, rate, 'M tasks/s');
tell(`gather of ${CROWD} tasks, memory`, await memory(), 'bytes a task');

tell('queue hand-over, 1 pair, 100 places', await handOver(1, 100), 'ns');
tell('queue hand-over, 100 pairs, one place', await handOver(100, 1), 'ns');
tell('queue hand-over, 1 pair, one place (two turns an item)', await handOver(1, 1), 'ns');

const store = new AsyncLocalStorage<number>();
store.run(1, () => {
  tell(
    'ContextVar.get()',
    calls(() => store.getStore()),
    'ns',
  );
  const nothing = () => {};
  tell(
    'ContextVar.set() and reset()',
    calls(() => store.run(2, nothing)),
    'ns',
  );
});
