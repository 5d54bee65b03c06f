// Following AsyncLocalStorage: a store that is set around `callSoon`, `createTask` or `createServer` is seen in
// what they call. Turns run outside of every store, and what a callback enters for good (`enterWith`) ends with it.
//
// Node keeps stores in one of two ways. On Node 20 and 22 each storage has its store in the resource that runs, by a
// symbol of its own: turns run in a resource that notices, so that programs without stores pay 2 ns a capture and
// nothing a callback. From Node 24 on all are in one map, the frame: there it takes a resource (20 ns) to look at it,
// and each callback enters a scope (7 ns).
import { AsyncResource, executionAsyncId, executionAsyncResource } from 'node:async_hooks';
import { types } from 'node:util';
import { asyncTask } from './running.js';
import type { Task } from './task.js';

/** Where Node 24 and later keep the frame, in a resource; undefined where there are no stores. */
const FRAME = symbolOf(new AsyncResource('mioloop'), 'context_frame');
/** What the symbols of storages are called before. */
const STORE_DESCRIPTION = 'kResourceStore';

/** Without stores. */
const root = emptyResource();
/** How this Node keeps stores; unknown ways are followed too, only without a look whether there are any. */
const WAY = root.runInAsyncScope(wayOfStores);

/** The resource that turns run in now, and the storages that have a store in it. */
let turns = { id: root.asyncId(), resource: root, entered: new Set<symbol>() };

/** Whether a callback has set a store where turns run: ask `leaveStores` before the next one. @internal */
export const left = { stores: false };

/** Calls `run`, which makes turns, outside of every store. @internal */
export function outsideStores<T>(run: () => T): T {
  const outer = turns;
  if (WAY === 'resources') turns = noticing(new Set());
  try {
    return root.runInAsyncScope(() => turns.resource.runInAsyncScope(run));
  } finally {
    turns = outer;
    left.stores = false;
  }
}

/** Ends what the last callback has entered for good. @internal */
export function leaveStores(): void {
  left.stores = false;
  for (const symbol of [...turns.entered]) Reflect.set(turns.resource, symbol, undefined);
}

/** The stores that are set here, to be entered with `runInAsyncScope`; null where there is no need to. @internal */
export function captureStores(): AsyncResource | null {
  if (WAY === 'resources') {
    // By its number: to read the resource itself costs 20 ns more.
    if (turns.entered.size === 0 && executionAsyncId() === turns.id) return null;
    if (!hasForeign(storesIn(executionAsyncResource()))) return null;
  }
  const here = new AsyncResource('mioloop');
  if (WAY === 'frames') {
    const frame = Reflect.get(here, FRAME!) as ReadonlyMap<unknown, unknown> | undefined;
    if (frame === undefined || !hasForeign(frame.values())) return root;
  }
  // What is called is not part of the async function that asks for it.
  return asyncTask.getStore() === undefined ? here : asyncTask.exit(() => new AsyncResource('mioloop'));
}

/** Whether there is any store but the loop's own. */
function hasForeign(stores: Iterable<unknown>): boolean {
  const own = asyncTask.getStore();
  for (const store of stores) if (store !== undefined && store !== own) return true;
  return false;
}

/** A resource that notices which storages set a store in it. */
function noticing(entered: Set<symbol>): typeof turns {
  const resource = new Proxy(emptyResource(), {
    set(target, key, value) {
      if (typeof key === 'symbol' && key.description === STORE_DESCRIPTION) {
        if (value === undefined) entered.delete(key);
        else entered.add(key);
        left.stores = true;
      }
      return Reflect.set(target, key, value);
    },
  });
  return { id: resource.asyncId(), resource, entered };
}

/** A resource without stores, also where this is called, or loaded, inside of some. */
function emptyResource(): AsyncResource {
  const resource = new AsyncResource('mioloop');
  if (FRAME !== undefined) Reflect.set(resource, FRAME, undefined);
  for (const symbol of storeSymbols(resource)) Reflect.set(resource, symbol, undefined);
  return resource;
}

function wayOfStores(): 'frames' | 'resources' | 'unknown' {
  const owner = {} as Task<unknown>;
  const inside = asyncTask.run(owner, () => new AsyncResource('mioloop'));
  // On Node 20 and 22 a storage that is in use costs every promise something.
  asyncTask.disable();
  const frame: unknown = FRAME === undefined ? undefined : Reflect.get(inside, FRAME);
  // It extends Map, but not the Map of this realm's programs.
  if (types.isMap(frame)) return [...frame.values()].includes(owner) ? 'frames' : 'unknown';
  return storesIn(inside).includes(owner) ? 'resources' : 'unknown';
}

function storesIn(resource: object): readonly unknown[] {
  return storeSymbols(resource).map((symbol) => Reflect.get(resource, symbol));
}

function storeSymbols(resource: object): symbol[] {
  return Object.getOwnPropertySymbols(resource).filter(
    ({ description }) => description === STORE_DESCRIPTION,
  );
}

function symbolOf(object: object, description: string): symbol | undefined {
  return Object.getOwnPropertySymbols(object).find((symbol) => symbol.description === description);
}
