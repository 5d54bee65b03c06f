// Following AsyncLocalStorage: a store that is set around `callSoon`, `createTask` or `createServer` is seen in
// what they call. Turns run outside of every store, and what a callback enters for good (`enterWith`) ends with it.
//
// On Node 20 and 22 turns run in a resource that notices when it gets a store, so that programs without stores pay 2 ns a
// capture and nothing a callback. From Node 24 on it takes a resource (20 ns) to look, and each callback enters a scope
// (7 ns).
import { AsyncResource, executionAsyncId, executionAsyncResource } from 'node:async_hooks';
import { emptyResource, frameOf, isStoreSymbol, root, WAY } from './node-stores.js';
import { asyncOwner } from './running.js';

/** The resource that turns run in now, and the storages that have a store in it. */
const turns =
  WAY === 'resources' ? noticing(new Set()) : { id: 0, resource: root, entered: new Set<symbol>() };

/** Whether a callback has set a store where turns run: ask `leaveStores` before the next one. @internal */
export const left = { stores: false };

/** Calls `run`, which makes turns, outside of every store. @internal */
export function outsideStores<T>(run: () => T): T {
  try {
    return turns.resource.runInAsyncScope(run);
  } finally {
    if (left.stores) leaveStores();
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
    if (!hasForeignStore(executionAsyncResource())) return null;
  }
  const here = new AsyncResource('mioloop');
  if (WAY === 'frames') {
    const frame = frameOf(here);
    if (frame === undefined || !hasForeign(frame.values())) return root;
  }
  // What is called is not part of the async function that asks for it.
  return asyncOwner.getStore() === undefined ? here : asyncOwner.exit(() => new AsyncResource('mioloop'));
}

/** The same for a task, whose steps are too many to leave what another step has entered for good. @internal */
export function captureTaskStores(): AsyncResource | null {
  const stores = captureStores();
  return stores === root ? null : stores;
}

/** Whether there is any store but the loop's own. */
function hasForeign(stores: Iterable<unknown>): boolean {
  const own = asyncOwner.getStore();
  for (const store of stores) if (store !== undefined && store !== own) return true;
  return false;
}

/** The same of a resource's own stores. This runs for every callback that is made within a store: no arrays. */
function hasForeignStore(resource: object): boolean {
  const own = asyncOwner.getStore();
  for (const symbol of Object.getOwnPropertySymbols(resource)) {
    if (!isStoreSymbol(symbol)) continue;
    const store: unknown = (resource as Record<symbol, unknown>)[symbol];
    if (store !== undefined && store !== own) return true;
  }
  return false;
}

/** A resource that notices which storages set a store in it. */
function noticing(entered: Set<symbol>): { id: number; resource: AsyncResource; entered: Set<symbol> } {
  const resource = new Proxy(emptyResource(), {
    set(target, key, value) {
      if (typeof key === 'symbol' && isStoreSymbol(key)) {
        if (value === undefined) entered.delete(key);
        else entered.add(key);
        left.stores = true;
      }
      return Reflect.set(target, key, value);
    },
  });
  return { id: resource.asyncId(), resource, entered };
}
