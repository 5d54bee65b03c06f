// Plays a program on a loop in virtual time; the Python side is play.py, name for name. A line of the trace is
// "time T turn N: task what".

import {
  CancelledError,
  ContextVar,
  type Coroutine,
  currentTask,
  type EventLoop,
  type Future,
  type Suspension,
  sleep,
  type Task,
  type TimerHandle,
} from 'mioloop';
import { loopTurns, virtualLoop } from '../../support/internals.js';
import type { Mode } from '../scenario.js';
import { Boom, told } from '../words.js';
import { LOCK_STEPS, type Shared, shared } from './lock-steps.js';
import type { Action, PlainAction, Program, Step, TaskStep } from './program.js';
import { WAIT_STEPS } from './wait-steps.js';

/** When the harness begins to cancel what is left, and how long it waits each time. Seconds. */
const PATIENCE = 16;
const SWEEP = 1;

const variable = new ContextVar('variable', 'unset');

/** The trace of a program. */
export async function play(program: Program, mode: Mode): Promise<string[]> {
  const loop = virtualLoop();
  const player = new Player(loop, program);
  try {
    if (mode === 'blocking') loop.runUntilCompleteSync(player.main());
    else await loop.runUntilComplete(player.main());
  } catch (error) {
    player.log('harness', `failed: ${error instanceof Error ? error.stack : String(error)}`);
  } finally {
    loop.close();
  }
  return player.lines;
}

/** How a step is done: at once, or as a coroutine. */
export type Doing<S> = (player: Player, me: string, step: S) => Coroutine<void> | void;
export type Doings<S extends { do: string }> = { [K in S['do']]: Doing<Extract<S, { do: K }>> };

/** What `yield*` takes. */
interface Yieldable<T> {
  [Symbol.iterator](): Iterator<Suspension, T, unknown>;
}

export class Player {
  readonly lines: string[] = [];
  readonly tasks = new Map<number, Task<string>>();
  readonly futures: Future<string>[];
  readonly timers = new Map<number, TimerHandle>();
  readonly shared: Shared;
  /** How often each task was waited for. */
  readonly #waits = new Map<Task<string>, number>();

  constructor(
    readonly loop: EventLoop,
    readonly program: Program,
  ) {
    this.futures = Array.from({ length: program.futures }, () => loop.createFuture<string>());
    this.shared = shared(program);
    loop.setExceptionHandler((_loop, { message, exception }) => {
      if (!message.endsWith('was never retrieved')) this.log('handler', told(exception));
    });
  }

  log(who: string, what: string): void {
    this.lines.push(`time ${this.loop.time()} turn ${loopTurns(this.loop)}: ${who} ${what}`);
  }

  /** Plays the program to its end. */
  *main(): Coroutine<void> {
    this.spawn(0);
    yield* sleep(PATIENCE);
    for (;;) {
      const left = [...this.tasks].filter(([, task]) => !task.done());
      if (left.length === 0) return;
      this.log('harness', `sweeps ${left.map(([number]) => `t${number}`).join(' ')}`);
      for (const [, task] of left) task.cancel('swept');
      yield* sleep(SWEEP);
    }
  }

  /** Starts a task, with what `create` does if need be. */
  spawn(
    number: number,
    create = (body: Coroutine<string>, name: string) => this.loop.createTask(body, { name }),
  ): Task<string> {
    const name = `t${number}`;
    const task = create(this.body(number), name);
    this.tasks.set(number, task);
    task.addDoneCallback(() => this.log(name, `is done: ${outcomeOf(task)}`));
    return task;
  }

  *body(number: number): Coroutine<string> {
    this.log(`t${number}`, 'starts');
    yield* this.steps(`t${number}`, this.program.tasks[number]!);
    return `r${number}`;
  }

  *steps(me: string, steps: readonly Step[]): Coroutine<void> {
    for (const step of steps) {
      const waiting = this.act(me, step);
      if (waiting !== undefined) yield* waiting;
    }
  }

  /** Those tasks that are there. */
  found(me: string, numbers: readonly number[]): Task<string>[] {
    const tasks = numbers.map((number) => this.tasks.get(number)).filter((task) => task !== undefined);
    if (tasks.length === 0) this.log(me, `finds no t${numbers.join(' t')}`);
    return tasks;
  }

  /**
   * Waits for what stands on those tasks. CPython gives the message of a cancelled task to the first who asks for
   * it, so it is left out where several may.
   */
  *waiting<T>(tasks: readonly Task<string>[], awaitable: Yieldable<T>): Coroutine<T> {
    for (const task of tasks) this.#waits.set(task, (this.#waits.get(task) ?? 0) + 1);
    try {
      return yield* awaitable;
    } catch (error) {
      const shared = tasks.some((task) => this.#waits.get(task)! > 1);
      throw shared && error instanceof CancelledError ? new CancelledError() : error;
    }
  }

  act(me: string, step: Step): Coroutine<void> | void {
    const doing = DOINGS[step.do] as Doing<Step>;
    return doing(this, me, step);
  }

  /** As a callback. */
  callback(action: Action): () => void {
    return () => {
      this.act('callback', action);
    };
  }
}

function outcomeOf(task: Task<string>): string {
  if (task.cancelled()) return `cancelled, ${task.cancelling()} requests`;
  const error = task.exception();
  return error === null ? task.result() : told(error);
}

const ACTIONS: Doings<PlainAction> = {
  tell: (player, me) => {
    const task = currentTask();
    const requests = task === null ? '' : `, requests ${task.cancelling()}`;
    player.log(me, `tells: ${variable.get()}, in ${task?.getName() ?? 'no task'}${requests}`);
  },
  raise: (_player, _me, { text }) => {
    throw new Boom(text);
  },
  cancel: (player, me, { task, message }) => {
    for (const found of player.found(me, [task])) {
      player.log(me, `cancels t${task}: ${found.cancel(message)}`);
    }
  },
  settle: (player, me, { future, how }) => {
    const found = player.futures[future]!;
    if (found.done()) {
      player.log(me, `finds f${future} done`);
      return;
    }
    if (how === 'result') found.setResult(`of f${future}`);
    else if (how === 'error') found.setException(new Boom(`of f${future}`));
    else found.cancel(`f${future}`);
    player.log(me, `settles f${future}: ${how}`);
  },
  'stop-timer': (player, me, { timer }) => {
    const found = player.timers.get(timer);
    player.log(me, `stops timer ${timer}: ${found === undefined ? 'none' : found.cancelled()}`);
    found?.cancel();
  },
};

const TASK_STEPS: Doings<TaskStep> = {
  *sleep(player, me, { seconds }) {
    yield* sleep(seconds);
    player.log(me, `slept ${seconds}`);
  },
  *turns(player, me, { count }) {
    for (let turn = 0; turn < count; turn++) yield* sleep(0);
    player.log(me, `let ${count} turns pass`);
  },
  'set-variable': (_player, _me, { value }) => {
    variable.set(value);
  },
  uncancel: (player, me) => {
    player.log(me, `uncancels: ${currentTask()!.uncancel()} left`);
  },
  spawn: (player, me, { task }) => {
    player.spawn(task);
    player.log(me, `spawned t${task}`);
  },
  *await(player, me, { task }) {
    const found = player.found(me, [task]);
    for (const each of found) player.log(me, `got ${yield* player.waiting(found, each)}`);
  },
  *wait(player, me, { future }) {
    player.log(me, `got ${yield* player.futures[future]!}`);
  },
  soon: (player, _me, { action }) => {
    player.loop.callSoon(player.callback(action));
  },
  later: (player, _me, { timer, delay, action }) => {
    player.timers.set(timer, player.loop.callLater(delay, player.callback(action)));
  },
  *delegate(player, me, { steps }) {
    yield* player.steps(me, steps);
  },
  *try(player, me, { steps }) {
    try {
      yield* player.steps(me, steps);
    } catch (error) {
      player.log(me, `caught ${told(error)}`);
    }
  },
  *finally(player, me, { steps, cleanup }) {
    try {
      yield* player.steps(me, steps);
    } finally {
      player.log(me, 'cleans up');
      yield* player.steps(me, cleanup);
      player.log(me, 'is clean');
    }
  },
};

const DOINGS: Doings<Step> = { ...ACTIONS, ...TASK_STEPS, ...LOCK_STEPS, ...WAIT_STEPS };
