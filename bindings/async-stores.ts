// Following AsyncLocalStorage: a store that is set around `callSoon`, `createTask` or `createServer` is seen in
// what they call. Turns run outside of every store; what was captured is entered only where there is any, so that
// programs without stores pay for the capture alone (2 ns on Node 20 and 22, 20 ns on 24 and later).
import { AsyncResource, executionAsyncResource } from 'node:async_hooks';
import { asyncTask } from './running.js';
import type { Task } from './task.js';

/** Where Node 24 and later keep all stores of a resource: a map, undefined where there is none. */
const FRAME = symbolOf(new AsyncResource('mioloop'), 'context_frame');
/** Before, each storage kept its store in the resource, by a symbol of its own with this description. */
const STORE_DESCRIPTION = 'kResourceStore';

const root = new AsyncResource('mioloop');
/** How this Node keeps stores; unknown ways are followed too, only without a look whether there are any. */
const WAY = root.runInAsyncScope(wayOfStores);
/** The scope in which turns run now: what is made right there is outside of all stores. */
let clean: object = root;

/** Calls `run`, which makes turns, outside of every store. @internal */
export function outsideStores<T>(run: () => T): T {
  return root.runInAsyncScope(() => {
    // A scope of its own each time: what a callback enters for good (`enterWith`) ends with it.
    const scope = new AsyncResource('mioloop');
    const outer = clean;
    clean = scope;
    try {
      return scope.runInAsyncScope(run);
    } finally {
      clean = outer;
    }
  });
}

/** The stores that are set here, to be entered with `runInAsyncScope`; null where there are none. @internal */
export function captureStores(): AsyncResource | null {
  if (WAY === 'resources') {
    const resource = executionAsyncResource();
    if (resource === clean || !hasForeign(storesIn(resource))) return null;
  }
  const here = new AsyncResource('mioloop');
  if (WAY === 'frames') {
    const frame: unknown = Reflect.get(here, FRAME!);
    if (frame === undefined || !hasForeign((frame as ReadonlyMap<unknown, unknown>).values())) return null;
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

const NONE: readonly unknown[] = [];

function storesIn(resource: object): readonly unknown[] {
  const symbols = Object.getOwnPropertySymbols(resource);
  if (symbols.length === 0) return NONE;
  return symbols
    .filter((symbol) => symbol.description === STORE_DESCRIPTION)
    .map((symbol) => Reflect.get(resource, symbol));
}

function wayOfStores(): 'frames' | 'resources' | 'unknown' {
  const owner = {} as Task<unknown>;
  const inside = asyncTask.run(owner, () => new AsyncResource('mioloop'));
  // On Node 20 and 22 a storage that is in use costs every promise something.
  asyncTask.disable();
  const frame: unknown = FRAME === undefined ? undefined : Reflect.get(inside, FRAME);
  if (frame instanceof Map) return [...frame.values()].includes(owner) ? 'frames' : 'unknown';
  return storesIn(inside).includes(owner) ? 'resources' : 'unknown';
}

function symbolOf(object: object, description: string): symbol | undefined {
  return Object.getOwnPropertySymbols(object).find((symbol) => symbol.description === description);
}
