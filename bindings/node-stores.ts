// How this Node keeps the stores of AsyncLocalStorage, which is its secret: found out once, by a look at a resource that
// was made inside a store. On Node 20 and 22 each storage has its store in the resource that runs, by a symbol of its
// own; from Node 24 on all are in one map, the frame.
import { AsyncLocalStorage, AsyncResource } from 'node:async_hooks';
import { types } from 'node:util';

/** Where Node 24 and later keep the frame, in a resource; undefined where there are no stores. */
const FRAME = Object.getOwnPropertySymbols(new AsyncResource('mioloop')).find(
  ({ description }) => description === 'context_frame',
);
/** What the symbols of storages are called before. */
const STORE_DESCRIPTION = 'kResourceStore';

/** Which symbols are storages': a description is read by a call into V8. */
const known = new Map<symbol, boolean>();

/** A resource without stores. @internal */
export const root = emptyResource();

/** `frames`, `resources`, or `unknown`: then stores are followed too, only without a look whether there are any. @internal */
export const WAY = root.runInAsyncScope(wayOfStores);

/** The stores of a resource where Node keeps frames; undefined without any. @internal */
export function frameOf(resource: AsyncResource): ReadonlyMap<unknown, unknown> | undefined {
  return FRAME === undefined ? undefined : Reflect.get(resource, FRAME);
}

/** A resource without stores, also where this is called, or loaded, inside of some. @internal */
export function emptyResource(): AsyncResource {
  const resource = new AsyncResource('mioloop');
  if (FRAME !== undefined) Reflect.set(resource, FRAME, undefined);
  for (const symbol of Object.getOwnPropertySymbols(resource)) {
    if (isStoreSymbol(symbol)) Reflect.set(resource, symbol, undefined);
  }
  return resource;
}

/** Whether a storage keeps its store under this symbol of a resource. @internal */
export function isStoreSymbol(symbol: symbol): boolean {
  let is = known.get(symbol);
  if (is === undefined) {
    is = symbol.description === STORE_DESCRIPTION;
    known.set(symbol, is);
  }
  return is;
}

/** In the root resource: on Node 20 and 22 a look leaves its traces where it is made. */
function wayOfStores(): 'frames' | 'resources' | 'unknown' {
  const store = {};
  const storage = new AsyncLocalStorage<object>();
  const inside = storage.run(store, () => new AsyncResource('mioloop'));
  // There a storage that is in use costs every promise something.
  storage.disable();
  const frame: unknown = frameOf(inside);
  // It extends Map, but not the Map of this realm's programs.
  if (types.isMap(frame)) return [...frame.values()].includes(store) ? 'frames' : 'unknown';
  const stores = Object.getOwnPropertySymbols(inside).filter(isStoreSymbol);
  return stores.some((symbol) => Reflect.get(inside, symbol) === store) ? 'resources' : 'unknown';
}
