// Kinds of functions.

const AsyncFunction = Object.getPrototypeOf(async () => {}) as object;

/** Whether `value` is an async function (one written so; others show at their first result). @internal */
export function isAsyncFunction(value: unknown): boolean {
  return typeof value === 'function' && Object.getPrototypeOf(value) === AsyncFunction;
}
