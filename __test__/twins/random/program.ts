// The little programs that both sides play: a tree of tasks, each a list of steps. They are JSON; play.py reads them.

/** What a callback may do as well as a task: it does not wait. */
export type Action = PlainAction | LockAction;

export type PlainAction =
  | { do: 'tell' }
  | { do: 'raise'; text: string }
  | { do: 'cancel'; task: number; message: string }
  | { do: 'settle'; future: number; how: 'result' | 'error' | 'cancel' }
  | { do: 'stop-timer'; timer: number };

export type LockAction =
  | { do: 'put-nowait'; queue: number; item: string }
  | { do: 'get-nowait'; queue: number }
  | { do: 'task-done'; queue: number }
  | { do: 'event'; event: number; how: 'set' | 'clear' };

/** What tasks do, besides. */
export type TaskStep =
  | { do: 'sleep'; seconds: number }
  | { do: 'turns'; count: number }
  | { do: 'set-variable'; value: string }
  | { do: 'uncancel' }
  | { do: 'spawn'; task: number }
  | { do: 'await'; task: number }
  | { do: 'wait'; future: number }
  | { do: 'soon'; action: Action }
  | { do: 'later'; timer: number; delay: number; action: Action }
  | { do: 'delegate'; steps: Step[] }
  | { do: 'try'; steps: Step[] }
  | { do: 'finally'; steps: Step[]; cleanup: Step[] };

/** Locks, queues and the like. */
export type LockStep =
  | { do: 'lock'; lock: number; steps: Step[] }
  | { do: 'semaphore'; semaphore: number; steps: Step[] }
  | { do: 'notify'; condition: number; count: number }
  | { do: 'await-notice'; condition: number }
  | { do: 'await-event'; event: number }
  | { do: 'put'; queue: number; item: string }
  | { do: 'get'; queue: number }
  | { do: 'join'; queue: number }
  | { do: 'meet'; barrier: number };

/** Waiting for other tasks, or for a limited time. */
export type WaitStep =
  | { do: 'timeout'; delay: number; steps: Step[] }
  | { do: 'wait-for'; task: number; delay: number }
  | { do: 'gather'; tasks: number[]; all: boolean }
  | { do: 'shield'; task: number }
  | { do: 'group'; tasks: number[]; steps: Step[] }
  | { do: 'wait-any'; tasks: number[]; delay: number; until: 'first' | 'first error' | 'all' }
  | { do: 'as-completed'; tasks: number[]; delay: number };

export type Step = Action | TaskStep | LockStep | WaitStep;

export interface Program {
  seed: number;
  /** The steps of each task; task 0 is there from the beginning. */
  tasks: Step[][];
  futures: number;
  locks: number;
  conditions: number;
  events: number;
  /** The value of each. */
  semaphores: number[];
  /** The size of each. */
  queues: number[];
  /** The parties of each. */
  barriers: number[];
}
