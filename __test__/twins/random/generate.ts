// A program from a seed: always the same one.

import { Random } from '../../support/random.js';
import type { Action, Program, Step } from './program.js';

/** Those whose traces are recorded. */
export const SUITE_SEEDS = Array.from({ length: 50 }, (_, index) => index + 1);

const MOST_TASKS = 12;
const MOST_STEPS = 7;
/** Tasks that the first one starts before it does anything else. */
const FIRST_TASKS = 3;
const DEEPEST = 3;
/** Few, so that deadlines meet often; sums of powers of two, so that they meet exactly. */
const DELAYS = [0, 0, 0.25, 0.25, 0.5, 0.75, 1, 1.5];
const TIMERS = 4;
/** What all tasks share. */
const SHARED = {
  futures: 3,
  locks: 2,
  conditions: 1,
  events: 2,
  semaphores: [1, 2],
  queues: [0, 1],
  barriers: [2],
};

export function generate(seed: number): Program {
  return new Generator(seed).program();
}

/** A way to make a step, and how often it is taken. */
type Choice<S> = readonly [weight: number, make: () => S];

class Generator {
  readonly #random: Random;
  readonly #tasks: Step[][] = [];
  readonly #seed: number;
  #names = 0;

  constructor(seed: number) {
    this.#seed = seed;
    this.#random = new Random(seed);
  }

  program(): Program {
    this.#tasks.push([]);
    const first = Array.from({ length: FIRST_TASKS }, (): Step => ({ do: 'spawn', task: this.#task(1) }));
    this.#tasks[0] = [...first, ...this.#steps(0, 0)];
    return { seed: this.#seed, tasks: this.#tasks, ...SHARED };
  }

  /** A new task, and its number. */
  #task(depth: number): number {
    const number = this.#tasks.length;
    this.#tasks.push([]);
    this.#tasks[number] = this.#steps(number, depth);
    return number;
  }

  #steps(me: number, depth: number): Step[] {
    const count = 1 + this.#random.below(MOST_STEPS - depth);
    return Array.from({ length: count }, () => this.#step(me, depth));
  }

  #step(me: number, depth: number): Step {
    const nested = depth < DEEPEST;
    const grows = nested && this.#tasks.length < MOST_TASKS;
    return this.#pick<Step>([
      [8, () => this.#action()],
      [8, () => ({ do: 'sleep', seconds: this.#delay() })],
      [3, () => ({ do: 'turns', count: 1 + this.#random.below(3) })],
      [1, () => ({ do: 'set-variable', value: this.#name('v') })],
      [1, () => ({ do: 'uncancel' })],
      [grows ? 6 : 0, () => ({ do: 'spawn', task: this.#task(depth + 1) })],
      [this.#hasLater(me) ? 4 : 0, () => ({ do: 'await', task: this.#laterTask(me) })],
      [3, () => ({ do: 'wait', future: this.#random.below(SHARED.futures) })],
      [1, () => ({ do: 'soon', action: this.#action() })],
      [3, () => this.#later()],
      [nested ? 1 : 0, () => ({ do: 'delegate', steps: this.#steps(me, depth + 1) })],
      [nested ? 8 : 0, () => ({ do: 'try', steps: this.#steps(me, depth + 1) })],
      [nested ? 2 : 0, () => this.#finally(me, depth + 1)],
      [8, () => this.#lockStep(me, depth)],
      [nested || this.#hasLater(me) ? 8 : 0, () => this.#waitStep(me, depth)],
    ]);
  }

  #lockStep(me: number, depth: number): Step {
    const nested = depth < DEEPEST;
    const { locks, semaphores, conditions, events, queues, barriers } = SHARED;
    const queue = this.#random.below(queues.length);
    const condition = this.#random.below(conditions);
    return this.#pick<Step>([
      [
        nested ? 4 : 0,
        () => ({ do: 'lock', lock: this.#random.below(locks), steps: this.#steps(me, depth + 1) }),
      ],
      [nested ? 3 : 0, () => this.#semaphore(me, depth + 1, this.#random.below(semaphores.length))],
      [1, () => ({ do: 'notify', condition, count: 1 + this.#random.below(2) })],
      [2, () => ({ do: 'await-notice', condition })],
      [2, () => ({ do: 'await-event', event: this.#random.below(events) })],
      [3, () => ({ do: 'put', queue, item: this.#name('i') })],
      [3, () => ({ do: 'get', queue })],
      [1, () => ({ do: 'join', queue })],
      [1, () => ({ do: 'meet', barrier: this.#random.below(barriers.length) })],
    ]);
  }

  #semaphore(me: number, depth: number, semaphore: number): Step {
    return { do: 'semaphore', semaphore, steps: this.#steps(me, depth) };
  }

  #waitStep(me: number, depth: number): Step {
    const nested = depth < DEEPEST;
    const others = this.#hasLater(me) ? 1 : 0;
    const tasks = () => Array.from({ length: 1 + this.#random.below(3) }, () => this.#laterTask(me));
    return this.#pick<Step>([
      [nested ? 4 : 0, () => ({ do: 'timeout', delay: this.#delay(), steps: this.#steps(me, depth + 1) })],
      [2 * others, () => ({ do: 'wait-for', task: this.#laterTask(me), delay: this.#delay() })],
      [2 * others, () => ({ do: 'gather', tasks: tasks(), all: this.#random.below(2) === 0 })],
      [others, () => ({ do: 'shield', task: this.#laterTask(me) })],
      [nested ? 3 : 0, () => this.#group(me, depth + 1)],
      [others, () => this.#waitAny(tasks())],
      [others, () => ({ do: 'as-completed', tasks: tasks(), delay: this.#delay() })],
    ]);
  }

  #group(me: number, depth: number): Step {
    const count = Math.min(1 + this.#random.below(3), MOST_TASKS - this.#tasks.length);
    const tasks = Array.from({ length: Math.max(count, 0) }, () => this.#task(depth));
    return { do: 'group', tasks, steps: this.#steps(me, depth) };
  }

  #waitAny(tasks: number[]): Step {
    const until = (['first', 'first error', 'all'] as const)[this.#random.below(3)]!;
    return { do: 'wait-any', tasks, delay: this.#delay(), until };
  }

  #action(): Action {
    const { queues, events } = SHARED;
    const queue = this.#random.below(queues.length);
    const how = this.#random.below(3) === 0 ? 'clear' : 'set';
    return this.#pick<Action>([
      [4, () => ({ do: 'tell' })],
      [2, () => ({ do: 'raise', text: this.#name('e') })],
      [12, () => ({ do: 'cancel', task: this.#someTask(), message: this.#name('c') })],
      [6, () => this.#settle()],
      [2, () => ({ do: 'stop-timer', timer: this.#random.below(TIMERS) })],
      [1, () => ({ do: 'put-nowait', queue, item: this.#name('i') })],
      [1, () => ({ do: 'get-nowait', queue })],
      [1, () => ({ do: 'task-done', queue })],
      [2, () => ({ do: 'event', event: this.#random.below(events), how })],
    ]);
  }

  #settle(): Action {
    const how = (['result', 'result', 'error', 'cancel'] as const)[this.#random.below(4)]!;
    return { do: 'settle', future: this.#random.below(SHARED.futures), how };
  }

  #later(): Step {
    return {
      do: 'later',
      timer: this.#random.below(TIMERS),
      delay: this.#delay(),
      action: this.#action(),
    };
  }

  #finally(me: number, depth: number): Step {
    return { do: 'finally', steps: this.#steps(me, depth), cleanup: this.#steps(me, DEEPEST) };
  }

  #delay(): number {
    return DELAYS[this.#random.below(DELAYS.length)]!;
  }

  /** A task that may be there by then, or not yet, or never. */
  #someTask(): number {
    return this.#random.below(this.#tasks.length);
  }

  /** One with a greater number: nobody may wait in a circle, since a cancel would never find its end. */
  #laterTask(me: number): number {
    return me + 1 + this.#random.below(this.#tasks.length - me - 1);
  }

  #hasLater(me: number): boolean {
    return this.#tasks.length > me + 1;
  }

  #name(letter: string): string {
    return `${letter}${++this.#names}`;
  }

  #pick<S>(choices: readonly Choice<S>[]): S {
    let left = this.#random.below(choices.reduce((sum, [weight]) => sum + weight, 0));
    for (const [weight, make] of choices) {
      if (left < weight) return make();
      left -= weight;
    }
    throw new Error('the weights do not add up');
  }
}
