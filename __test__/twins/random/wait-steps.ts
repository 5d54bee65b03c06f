// The steps that wait for other tasks, or for a limited time. The Python side is wait_steps.py.

import {
  ALL_COMPLETED,
  asCompleted,
  FIRST_COMPLETED,
  FIRST_EXCEPTION,
  gather,
  shield,
  type Task,
  taskGroup,
  timeout,
  wait,
  waitFor,
} from 'mioloop';
import { told } from '../words.js';
import type { Doings, Player } from './play.js';
import type { WaitStep } from './program.js';

const UNTIL = { first: FIRST_COMPLETED, 'first error': FIRST_EXCEPTION, all: ALL_COMPLETED } as const;

export const WAIT_STEPS: Doings<WaitStep> = {
  *timeout(player, me, { delay, steps }) {
    yield* timeout(delay, () => player.steps(me, steps));
    player.log(me, `ended within ${delay}`);
  },
  *'wait-for'(player, me, { task, delay }) {
    const found = player.found(me, [task]);
    for (const each of found)
      player.log(me, `got ${yield* player.waiting(found, waitFor(each, delay))} within ${delay}`);
  },
  *gather(player, me, { tasks, all }) {
    const found = player.found(me, tasks);
    if (found.length === 0) return;
    // Twice, so that no message of a cancel is compared: it is that of whichever child ended last.
    const results = yield* player.waiting([...found, ...found], gather(...found, { returnExceptions: all }));
    // Not the messages of cancels: somebody else may have got them.
    const words = results.map((result) => (result instanceof Error ? told(result).split(':')[0] : result));
    player.log(me, `gathered ${words.join(', ')}`);
  },
  *shield(player, me, { task }) {
    const found = player.found(me, [task]);
    for (const each of found) player.log(me, `got ${yield* player.waiting(found, shield(each))}, shielded`);
  },
  *group(player, me, { tasks, steps }) {
    yield* taskGroup(function* (group) {
      for (const task of tasks) {
        player.spawn(task, (body, name) => group.createTask(body, { name }));
        player.log(me, `spawned t${task} in its group`);
      }
      yield* player.steps(me, steps);
      player.log(me, 'waits for its group');
    });
    player.log(me, 'left its group');
  },
  *'wait-any'(player, me, { tasks, delay, until }) {
    const found = player.found(me, tasks);
    if (found.length === 0) return;
    const [done, pending] = yield* wait(found, { timeout: delay, returnWhen: UNTIL[until] });
    player.log(me, `has done: ${namesOf(player, done)}; pending: ${namesOf(player, pending)}`);
  },
  *'as-completed'(player, me, { tasks, delay }) {
    // In which order those come that are done already is open: asyncio keeps them in a set.
    const found = player.found(me, tasks).filter((task) => !task.done());
    for (const next of asCompleted(found, { timeout: delay })) {
      player.log(me, `got the next: ${yield* player.waiting(found, next)}`);
    }
  },
};

function namesOf(player: Player, tasks: Set<Task<string>>): string {
  const names = [...player.tasks].filter(([, task]) => tasks.has(task)).map(([number]) => `t${number}`);
  return names.length === 0 ? 'none' : names.sort().join(' ');
}
