// Statements about types: a false one does not compile.

/** Whether two types are the same; `any` is the same as itself only. */
export type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** Compiles for `true` only. */
export type Assert<T extends true> = T;

export type IsAny<T> = 0 extends 1 & T ? true : false;
