// Whose code goes on after an `await`: the task that an async function belongs to, inherited by every promise that
// it makes. From Node 24 on an AsyncLocalStorage keeps it for nothing. Before, a storage in use has Node number and
// mark every promise, which doubles the price of a step; there V8's own hooks mark it with the task and nothing else.
import { AsyncLocalStorage } from 'node:async_hooks';
import { promiseHooks } from 'node:v8';
import { WAY } from './node-stores.js';
import type { Task } from './task.js';

/** Keeps the task across `await`. @internal */
export interface TaskOwner {
  /** The task whose async function runs. */
  getStore(): Task<unknown> | undefined;
  /** Calls the first part of an async function. */
  run<R>(task: Task<unknown>, body: () => R): R;
  /** Calls what is not part of the async function. */
  exit<R>(body: () => R): R;
}

const OWNER = Symbol('mioloop task');

interface Owned extends Promise<unknown> {
  [OWNER]?: Task<unknown>;
}

/** Hooks are set with the first async function: programs of generators never pay for them. */
class HookedOwner implements TaskOwner {
  private owner: Task<unknown> | undefined = undefined;
  private hooked = false;

  getStore(): Task<unknown> | undefined {
    return this.owner;
  }

  run<R>(task: Task<unknown>, body: () => R): R {
    if (!this.hooked) this.hook();
    return this.as(task, body);
  }

  exit<R>(body: () => R): R {
    return this.as(undefined, body);
  }

  private as<R>(owner: Task<unknown> | undefined, body: () => R): R {
    const outer = this.owner;
    this.owner = owner;
    try {
      return body();
    } finally {
      this.owner = outer;
    }
  }

  private hook(): void {
    this.hooked = true;
    promiseHooks.onInit((promise: Owned) => {
      if (this.owner !== undefined) promise[OWNER] = this.owner;
    });
    promiseHooks.onBefore((promise: Owned) => {
      this.owner = promise[OWNER];
    });
    promiseHooks.onAfter(() => {
      this.owner = undefined;
    });
  }
}

/** @internal */
export function newTaskOwner(): TaskOwner {
  return WAY === 'resources' ? new HookedOwner() : new AsyncLocalStorage<Task<unknown>>();
}
