// The steps with locks, queues and the like. The Python side is lock_steps.py.

import { Barrier, Condition, Event, Lock, Queue, Semaphore } from 'mioloop';
import type { Doings } from './play.js';
import type { LockAction, LockStep, Program } from './program.js';

export interface Shared {
  locks: Lock[];
  semaphores: Semaphore[];
  conditions: Condition[];
  events: Event[];
  queues: Queue<string>[];
  barriers: Barrier[];
}

export function shared(program: Program): Shared {
  return {
    locks: Array.from({ length: program.locks }, () => new Lock()),
    semaphores: program.semaphores.map((value) => new Semaphore(value)),
    conditions: Array.from({ length: program.conditions }, () => new Condition()),
    events: Array.from({ length: program.events }, () => new Event()),
    queues: program.queues.map((size) => new Queue<string>(size)),
    barriers: program.barriers.map((parties) => new Barrier(parties)),
  };
}

export const LOCK_STEPS: Doings<LockAction | LockStep> = {
  'put-nowait': (player, me, { queue, item }) => {
    player.shared.queues[queue]!.putNowait(item);
    player.log(me, `put ${item} into q${queue} at once`);
  },
  'get-nowait': (player, me, { queue }) => {
    player.log(me, `got ${player.shared.queues[queue]!.getNowait()} from q${queue} at once`);
  },
  'task-done': (player, me, { queue }) => {
    player.shared.queues[queue]!.taskDone();
    player.log(me, `is done with an item of q${queue}`);
  },
  event: (player, me, { event, how }) => {
    const found = player.shared.events[event]!;
    if (how === 'set') found.set();
    else found.clear();
    player.log(me, `event ${event}: ${how}`);
  },
  *lock(player, me, { lock, steps }) {
    yield* player.shared.locks[lock]!.with(function* () {
      player.log(me, `has lock ${lock}`);
      yield* player.steps(me, steps);
    });
    player.log(me, `released lock ${lock}`);
  },
  *semaphore(player, me, { semaphore, steps }) {
    const found = player.shared.semaphores[semaphore]!;
    yield* found.acquire();
    try {
      player.log(me, `has semaphore ${semaphore}`);
      yield* player.steps(me, steps);
    } finally {
      found.release();
    }
  },
  *notify(player, me, { condition, count }) {
    const found = player.shared.conditions[condition]!;
    yield* found.with(function* () {
      found.notify(count);
      player.log(me, `notifies ${count}`);
    });
  },
  *'await-notice'(player, me, { condition }) {
    const found = player.shared.conditions[condition]!;
    yield* found.with(function* () {
      player.log(me, 'waits for notice');
      yield* found.wait();
      player.log(me, 'was notified');
    });
  },
  *'await-event'(player, me, { event }) {
    yield* player.shared.events[event]!.wait();
    player.log(me, `saw event ${event}`);
  },
  *put(player, me, { queue, item }) {
    yield* player.shared.queues[queue]!.put(item);
    player.log(me, `put ${item} into q${queue}`);
  },
  *get(player, me, { queue }) {
    player.log(me, `got ${yield* player.shared.queues[queue]!.get()} from q${queue}`);
  },
  *join(player, me, { queue }) {
    yield* player.shared.queues[queue]!.join();
    player.log(me, `joined q${queue}`);
  },
  *meet(player, me, { barrier }) {
    player.log(me, `met as ${yield* player.shared.barriers[barrier]!.wait()}`);
  },
};
