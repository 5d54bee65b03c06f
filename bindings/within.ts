// `lock.with(body)`: acquires, runs the body, releases whatever happens. asyncio: `async with lock`.
import { checkBody } from './coroutine.js';
import { isAsyncFunction } from './functions.js';
import type { Future } from './future.js';
import type { Guard } from './guard.js';
import { perform, Scope, type ScopeBody } from './scope.js';
import type { Coroutine } from './stepping.js';

/** Something that can be acquired. @internal */
export interface Acquirable {
  acquire(): Future<Guard>;
}

/** Runs `body` while `owner` is held. @internal */
export function within<T>(owner: Acquirable, body: () => unknown): Scope<T> | Promise<T> {
  checkBody(body, 'with');
  if (isAsyncFunction(body)) return awaited(owner, body as () => Promise<T>);
  return new Scope('with', () => delegated(owner, body as ScopeBody<void, T>));
}

async function awaited<T>(owner: Acquirable, body: () => Promise<T>): Promise<T> {
  const guard = await owner.acquire();
  try {
    return await body();
  } finally {
    guard.release();
  }
}

function* delegated<T>(owner: Acquirable, body: ScopeBody<void, T>): Coroutine<T> {
  const guard = yield* owner.acquire();
  try {
    return yield* perform(body, undefined);
  } finally {
    guard.release();
  }
}
