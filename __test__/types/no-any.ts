// No public member takes or gives `any`: it would switch the user's own type checks off, unseen.

import type * as mioloop from 'mioloop';
import type { Assert, Equal, IsAny } from './equal.js';

type Module = typeof mioloop;

/** Whether `T` is any, or a function that takes or gives it. */
type Leaks<T> =
  IsAny<T> extends true
    ? true
    : T extends (...args: infer A) => infer R
      ? true extends IsAny<A[number]> | IsAny<R> | IsAny<Awaited<R>>
        ? true
        : false
      : false;

/** The names of the members of `T` that leak any. */
type LeakyMembers<T> = { [K in keyof T]-?: true extends Leaks<T[K]> ? K : never }[keyof T];

/** The names of the exports that leak any, and `Class.member` for those of a class. */
type LeakyExports = {
  [K in keyof Module]: Module[K] extends abstract new (
    ...args: infer A
  ) => infer I
    ? IsAny<A[number]> extends true
      ? `new ${K}`
      : `${K}.${string & LeakyMembers<I>}`
    : Leaks<Module[K]> extends true
      ? K
      : never;
}[keyof Module];

export type NoExportLeaksAny = Assert<Equal<LeakyExports, never>>;

/** What only a type names. */
export type NoInterfaceLeaksAny = Assert<
  Equal<
    LeakyMembers<
      Required<mioloop.ServerOptions> &
        Required<mioloop.TaskOptions> &
        Required<mioloop.RunOptions> &
        Required<mioloop.EventLoopOptions> &
        mioloop.ExtraInfo &
        mioloop.SystemErrorDetails &
        mioloop.ThreadsafeData
    >,
    never
  >
>;

/** The probe finds what it is for. */
export type AnAnyIsFound = Assert<
  Equal<
    // biome-ignore lint/suspicious/noExplicitAny: this is the leak to be found
    LeakyMembers<{ fine: string; leak: any; takes(value: any): void; gives(): Promise<any> }>,
    'leak' | 'takes' | 'gives'
  >
>;
