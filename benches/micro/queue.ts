/** One item through a queue: `put` by one task, `get` by another, with the switches between them. */
import { getRunningLoop, Queue, runSync } from 'mioloop';
import { emitFor, type Limit } from '../lib/figure.js';
import { nanoseconds, now, repeatSteps } from './repeat.js';

const ITEMS = 200_000;
const LIMIT: Limit = { atMost: 300 };

function* produce(queue: Queue<number>, items: number) {
  for (let item = 0; item < items; item++) yield* queue.put(item);
}

function* consume(queue: Queue<number>, items: number) {
  for (let item = 0; item < items; item++) yield* queue.get();
}

/** Nanoseconds an item, with so many pairs of tasks that have a queue of so many places each. */
function* handOver(pairs: number, places: number) {
  const loop = getRunningLoop();
  return yield* repeatSteps(function* () {
    const start = now();
    const tasks = Array.from({ length: pairs }, () => {
      const queue = new Queue<number>(places);
      const producer = loop.createTask(produce(queue, ITEMS / pairs));
      return [producer, loop.createTask(consume(queue, ITEMS / pairs))];
    }).flat();
    for (const task of tasks) yield* task;
    return nanoseconds(ITEMS, now() - start);
  });
}

function tell(name: string, pairs: number, places: number, limit: Limit | null): void {
  const value = runSync(() => handOver(pairs, places));
  emitFor('generator', `queue hand-over, ${name}`, value, 'ns', limit);
}

// With one place both tasks wait for every item: that is two turns of the loop, which other pairs share, or not.
tell('1 pair, 100 places', 1, 100, LIMIT);
tell('100 pairs, one place', 100, 1, LIMIT);
tell('1 pair, one place (two turns an item)', 1, 1, null);
