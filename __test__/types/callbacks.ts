// The types of callbacks and their arguments. Nothing here runs: tsc is the test.

import type { Context, ContextVar, EventLoop, Handle, ThreadsafeHandle, TimerHandle } from 'mioloop';
import type { Assert, Equal } from './equal.js';

declare const loop: EventLoop;
declare const context: Context;
const twoArguments = (_text: string, _number: number): void => undefined;

export function argumentsAreThoseOfTheCallback(): void {
  loop.callSoon(twoArguments, 'text', 1);
  loop.callSoon({ context }, twoArguments, 'text', 1);
  loop.callSoonThreadsafe(twoArguments, 'text', 1);
  loop.callLater(1, twoArguments, 'text', 1);
  loop.callAt(loop.time() + 1, twoArguments, 'text', 1);
  loop.callLater({ context }, 1, twoArguments, 'text', 1);
  loop.addSignalHandler('SIGTERM', twoArguments, 'text', 1);
  loop.addSignalHandler({ context }, 15, twoArguments, 'text', 1);
  // @ts-expect-error: there is no such signal
  loop.addSignalHandler('SIGNOPE', twoArguments, 'text', 1);
  // @ts-expect-error: an argument is missing
  loop.addSignalHandler('SIGTERM', twoArguments, 'text');
  // @ts-expect-error: an argument is missing
  loop.callSoon(twoArguments, 'text');
  // @ts-expect-error: an argument has another type
  loop.callSoon(twoArguments, 1, 'text');
  // @ts-expect-error: the delay comes first
  loop.callLater(twoArguments, 1);
  // @ts-expect-error: seconds are a number
  loop.callLater('1', twoArguments, 'text', 1);
  // @ts-expect-error: what is called is a function
  loop.callSoon('text');
}

export const handles = () => [loop.callSoon(() => 1), loop.callLater(1, () => 1)] as const;
export type HandlesAreTyped = Assert<Equal<ReturnType<typeof handles>, readonly [Handle, TimerHandle]>>;

export const threadsafe = () => loop.threadsafe((text: string, number: number) => text.repeat(number));
export type ThreadsafeKeepsArguments = Assert<
  Equal<ReturnType<typeof threadsafe>, ThreadsafeHandle<[text: string, number: number]>>
>;

export function contexts(variable: ContextVar<string>): void {
  const text: string = variable.get('fallback');
  const maybe: string | undefined = context.get(variable);
  const result: number = context.run((one: number, two: number) => one + two, 1, 2);
  variable.reset(variable.set(`${text}${maybe}${result}`));
  // @ts-expect-error: a variable keeps its type
  variable.set(1);
}
