// The marks between which a transport lets its protocol write. asyncio: `_FlowControlMixin`.
import { given, rangeError, typeError } from './errors.js';
import { checkOptions } from './options.js';

/** Above this many waiting bytes a protocol is told to pause: 64 KiB, as asyncio. */
const HIGH_BYTES = 64 * 1024;
/** The low mark is the high one divided by this, and the high one the low one times this. */
const RATIO = 4;

/** The two marks of a transport, in bytes. @internal */
export interface WriteBufferLimits {
  high: number;
  low: number;
}

/** The marks that a new transport has. @internal */
export const DEFAULT_LIMITS: Readonly<WriteBufferLimits> = { high: HIGH_BYTES, low: HIGH_BYTES / RATIO };

/** Marks to be set, in bytes. */
export interface WriteBufferLimitsOptions {
  /** Above it `pauseWriting` is called. */
  high?: number | undefined;
  /** At it, or below, `resumeWriting` is called. */
  low?: number | undefined;
}

/** The marks for what the user gave. @internal */
export function writeBufferLimits(limits: WriteBufferLimitsOptions = {}): WriteBufferLimits {
  checkOptions(limits, ['high', 'low'], 'setWriteBufferLimits');
  const set = { high: integer('high', limits.high), low: integer('low', limits.low) };
  const high = set.high ?? (set.low === undefined ? HIGH_BYTES : set.low * RATIO);
  const low = set.low ?? Math.floor(high / RATIO);
  if (!(high >= low && low >= 0)) {
    throw rangeError(`high (${high}) must be >= low (${low}) must be >= 0`);
  }
  return { high, low };
}

function integer(name: string, value: unknown): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'number' || !Number.isInteger(value)) {
    throw typeError(`${name} must be a whole number of bytes, got ${given(value)}`);
  }
  return value;
}
