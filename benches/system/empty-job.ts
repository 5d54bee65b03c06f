/** A job that does nothing: what is left is the way there and back. */
export function empty(): void {}
