// Whose code goes on after an `await`: the task that an async function belongs to, or the context of an async callback,
// inherited by every promise that it makes. From Node 24 on an AsyncLocalStorage keeps it for nothing. Before, a storage in use has Node number and
// mark every promise, which doubles the price of a step; there V8's own hooks mark it with its owner and nothing else.
import { AsyncLocalStorage } from 'node:async_hooks';
import { promiseHooks } from 'node:v8';
import type { Holder } from './context.js';
import { WAY } from './node-stores.js';
import type { Task } from './task.js';

/** Whose an async function is. @internal */
export interface Owner {
  /** Where its context variables are. */
  readonly holder: Holder;
  /** Null for a callback. */
  readonly ownerTask: Task<unknown> | null;
}

/** Keeps the owner across `await`. @internal */
export interface OwnerStorage {
  /** The owner of the async function that runs. */
  getStore(): Owner | undefined;
  /** Calls the first part of an async function. */
  run<R>(owner: Owner, body: () => R): R;
  /** Calls what is not part of the async function. */
  exit<R>(body: () => R): R;
}

const OWNER = Symbol('mioloop owner');

interface Owned extends Promise<unknown> {
  [OWNER]?: Owner;
}

/** Hooks are set with the first async function: programs of generators never pay for them. */
class HookedOwner implements OwnerStorage {
  private owner: Owner | undefined = undefined;
  private hooked = false;

  getStore(): Owner | undefined {
    return this.owner;
  }

  run<R>(owner: Owner, body: () => R): R {
    if (!this.hooked) this.hook();
    return this.as(owner, body);
  }

  exit<R>(body: () => R): R {
    return this.as(undefined, body);
  }

  private as<R>(owner: Owner | undefined, body: () => R): R {
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
export function newOwnerStorage(): OwnerStorage {
  return WAY === 'resources' ? new HookedOwner() : new AsyncLocalStorage<Owner>();
}
