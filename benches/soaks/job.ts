/** What runs in the workers of `jobs.ts`. */

export function square(number: number): number {
  return number * number;
}

/** Ends the worker that it runs in. */
export function crash(): void {
  process.exit(1);
}
