// A coroutine that has not begun: what `timeout`, `taskGroup` and `waitFor` give. `yield*` runs it in place, in
// the task that waits; `await`, `createTask`, `gather` and the like run it as a task of its own.
import { isCoroutine, isCoroutineFunction, isScope, SCOPE } from './coroutine.js';
import { RuntimeError } from './errors.js';
import type { EventLoop } from './event-loop.js';
import { Future, type Suspension } from './future.js';
import { getRunningLoop } from './running.js';
import { ScopeTask } from './scope-task.js';
import type { Coroutine } from './stepping.js';
import type { Task } from './task.js';
import { forgetUnawaited, watchUnawaited } from './unawaited.js';

/**
 * What a scope runs. A generator, a future or another scope that it gives goes on in the task that waits; an async
 * function is a task of its own.
 */
export type ScopeBody<A, T> = (argument: A) => Coroutine<T> | PromiseLike<T> | T;

/**
 * A coroutine that has not begun. It can be used once: `yield*` runs it in the task that waits, `await` as an
 * eager task. asyncio: a coroutine object.
 *
 * @example
 * const answer = yield* timeout(5, function* () { return yield* ask(); });       // in a generator
 * // const answer = await timeout(5, async () => await ask());                  // in an async function
 */
export class Scope<T> implements PromiseLike<T> {
  /** @internal */
  readonly [SCOPE] = true;
  /** @internal What made it. */
  readonly name: string;
  private body: (() => Coroutine<T>) | null;
  private readonly watched: boolean;

  /** @internal */
  constructor(name: string, body: () => Coroutine<T>) {
    this.name = name;
    this.body = body;
    this.watched = watchUnawaited(this, name);
  }

  /** Runs the coroutine in the task that waits: `yield* scope`. @throws RuntimeError the second time. */
  [Symbol.iterator](): Generator<Suspension, T, unknown> {
    return this.begin();
  }

  // biome-ignore lint/suspicious/noThenProperty: a scope is a thenable on purpose
  then<A = T, B = never>(
    onFulfilled?: ((value: T) => A | PromiseLike<A>) | null,
    onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    let task: Task<T>;
    try {
      task = eagerTask(getRunningLoop(), this);
    } catch (error) {
      return Promise.reject(error).then(onFulfilled, onRejected);
    }
    return task.then(onFulfilled, onRejected);
  }

  /** As a promise's `catch`. */
  catch<B = never>(onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null): Promise<T | B> {
    return this.then(undefined, onRejected);
  }

  /** As a promise's `finally`. */
  finally(onFinally?: (() => void) | null): Promise<T> {
    return this.then().finally(onFinally);
  }

  get [Symbol.toStringTag](): string {
    return 'Scope';
  }

  /** The scope as asyncio prints a coroutine. */
  toString(): string {
    return `<coroutine ${this.name}${this.body === null ? '' : ' (not begun)'}>`;
  }

  /** @internal */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }

  /** @internal The coroutine, for the one who runs it. */
  begin(): Coroutine<T> {
    const { body } = this;
    if (body === null) {
      throw new RuntimeError(
        `cannot reuse already awaited coroutine ${this.name}: make a new one each time`,
        'ERR_COROUTINE_REUSED',
      );
    }
    this.discard();
    return body();
  }

  /** @internal Nobody is going to run it. */
  discard(): void {
    this.body = null;
    if (this.watched) forgetUnawaited(this);
  }
}

/**
 * Runs the body of a scope: in place what can be delegated to, and an async function as an eager task that is
 * cancelled with the waiter.
 * @internal
 */
export function* perform<A, T>(body: ScopeBody<A, T>, argument: A): Coroutine<T> {
  if (isCoroutineFunction(body)) return yield* body(argument) as Coroutine<T>;
  // Only its call tells what another function gives; an async one has to be called as its task.
  const given: { inPlace: Iterable<Suspension, T, unknown> | null } = { inPlace: null };
  const call = (): unknown => {
    const result = body(argument);
    if (!isCoroutine(result) && !(result instanceof Future) && !isScope(result)) return result;
    given.inPlace = result as Iterable<Suspension, T, unknown>;
    return undefined;
  };
  const value = yield* eagerTask(getRunningLoop(), call as () => Promise<T>);
  return given.inPlace === null ? value : yield* given.inPlace;
}

/** A task whose first step is made at once; nobody else's factory makes it, because it is a part of who waits. */
function eagerTask<T>(loop: EventLoop, coroutine: Scope<T> | (() => Promise<T>)): Task<T> {
  loop.checkOpen();
  return new ScopeTask(loop, coroutine, { eagerStart: true });
}
