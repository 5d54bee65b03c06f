// Signals as users name them, and their numbers.
import { constants } from 'node:os';
import { given, rangeError, typeError } from './errors.js';

/** A signal by its name or its number. */
export type Signal = NodeJS.Signals | number;

/** SIGINT, which Ctrl-C sends. @internal */
export const SIGINT = constants.signals.SIGINT;

const NUMBERS: ReadonlyMap<string, number> = new Map(Object.entries(constants.signals));
const NAMED = new Set(NUMBERS.values());

/** Linux has real-time signals, which have no names; those below are kept by the C library for its threads. */
const REAL_TIME = process.platform === 'linux' ? { first: 34, last: 64 } : null;

/**
 * The number of a signal.
 * @throws TypeError for what is neither a name nor a whole number; RangeError for one that the system does not have.
 * @internal
 */
export function signalNumber(signal: unknown): number {
  if (typeof signal === 'string') return numberOf(signal);
  if (!Number.isInteger(signal)) {
    throw typeError(`sig must be the number or the name of a signal, got ${given(signal)}`);
  }
  const number = signal as number;
  const isRealTime = REAL_TIME !== null && number >= REAL_TIME.first && number <= REAL_TIME.last;
  if (NAMED.has(number) || isRealTime) return number;
  throw rangeError(`invalid signal number ${number}`, 'ERR_UNKNOWN_SIGNAL');
}

/** The number of a signal that is to be sent: 0, too, which only asks. Errors as `signalNumber`. @internal */
export function sentSignalNumber(signal: unknown): number {
  return signal === 0 ? 0 : signalNumber(signal);
}

/** What a signal is called in texts; a real-time one has only its number. @internal */
export function signalName(number: number): string {
  for (const [name, value] of NUMBERS) if (value === number) return name;
  return `signal ${number}`;
}

function numberOf(name: string): number {
  const number = NUMBERS.get(name);
  if (number !== undefined) return number;
  throw rangeError(
    `invalid signal name, got ${given(name)}; the names are ${[...NUMBERS.keys()].join(', ')}`,
    'ERR_UNKNOWN_SIGNAL',
  );
}
