// Coroutines of both kinds that do the same.

import { type Coroutine, sleep } from 'mioloop';

/** A generator and an async function with the same steps. */
export function both<T>(before: () => void, after: () => T): (() => Coroutine<T>)[] & (() => Promise<T>)[] {
  const coroutines = [
    function* () {
      before();
      yield* sleep(0);
      return after();
    },
    async () => {
      before();
      await sleep(0);
      return after();
    },
  ];
  return coroutines as (() => Coroutine<T>)[] & (() => Promise<T>)[];
}

/** A generator that does not wait. */
export function atOnce<T>(body: () => T): () => Coroutine<T> {
  // biome-ignore lint/correctness/useYield: it must not.
  return function* () {
    return body();
  };
}
