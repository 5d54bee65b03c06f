// What a reader can be asked for: some bytes, all, a number of them, or up to a separator.
import { given, IncompleteReadError, LimitOverrunError, rangeError, typeError } from './errors.js';
import type { Unread } from './unread.js';

/** Something that is asked for. @internal */
export interface ReadRequest {
  /** What the error calls it when somebody else waits. asyncio's name of the method that would wait. */
  readonly method: string;
  /** With fewer unread bytes than this, it need not be looked at. */
  readonly needs: number;
  /** Takes it out; null when there is not enough. An error is its outcome. */
  take(unread: Unread): Buffer | null;
  /** Takes it out where nothing more will come, after `take` gave null. */
  takeLast(unread: Unread): Buffer;
}

/** Whatever is there, `count` bytes at most. @internal */
export class SomeBytes implements ReadRequest {
  readonly method = 'read';
  readonly needs = 1;
  private readonly count: number;

  constructor(count: number) {
    this.count = count;
  }

  take(unread: Unread): Buffer | null {
    return unread.size === 0 ? null : unread.take(Math.min(this.count, unread.size));
  }

  takeLast(unread: Unread): Buffer {
    return unread.take(0);
  }
}

/** Everything up to the end of the stream. @internal */
export class AllBytes implements ReadRequest {
  readonly method = 'read';
  readonly needs = Number.POSITIVE_INFINITY;

  take(): null {
    return null;
  }

  takeLast(unread: Unread): Buffer {
    return unread.take(unread.size);
  }
}

/** That many. @internal */
export class ExactBytes implements ReadRequest {
  readonly method = 'readexactly';
  readonly needs: number;

  constructor(count: number) {
    this.needs = count;
  }

  take(unread: Unread): Buffer | null {
    return unread.size < this.needs ? null : unread.take(this.needs);
  }

  takeLast(unread: Unread): Buffer {
    throw new IncompleteReadError(unread.take(unread.size), this.needs);
  }
}

/** A separator as it is searched for: a single byte is found faster as a number. */
interface Separator {
  readonly needle: Uint8Array | number;
  readonly length: number;
}

/** The separators that a user gave, the shortest first. */
type Separators = readonly [Separator, ...Separator[]];

/** Up to the separator that ends first, and with it. @internal */
export class BytesUntil implements ReadRequest {
  readonly method = 'readuntil';
  readonly needs = 1;
  private readonly separators: Separators;
  private readonly longest: number;
  private readonly limit: number;
  /** The place in the stream before which no separator begins. */
  private searched = 0;
  /** The length of the separator that was found. */
  private width = 0;

  constructor(separators: Separators, limit: number) {
    this.separators = separators;
    this.longest = separators.at(-1)!.length;
    this.limit = limit;
  }

  take(unread: Unread): Buffer | null {
    let from: number;
    do {
      from = Math.max(0, this.searched - unread.position);
      const length = unread.firstLength;
      if (length - from < this.separators[0].length) continue;
      const begin = this.find(unread, from);
      if (begin !== -1) return this.found(unread, begin);
      // A separator may have begun, and its last byte not have come.
      from = Math.max(0, length + 1 - this.longest);
      this.searched = unread.position + from;
    } while (unread.extend());
    if (from > this.limit) {
      this.overrun(unread, 'Separator is not found, and chunk exceed the limit', from, unread.size);
    }
    return null;
  }

  takeLast(unread: Unread): Buffer {
    throw new IncompleteReadError(unread.take(unread.size), null);
  }

  /** It is too long: up to the separator, and with the separator that was found or whatever is there. */
  protected overrun(_unread: Unread, message: string, consumed: number, _end: number): never {
    throw new LimitOverrunError(message, consumed);
  }

  private found(unread: Unread, begin: number): Buffer {
    const end = begin + this.width;
    if (begin > this.limit) {
      this.overrun(unread, 'Separator is found, but chunk is longer than limit', begin, end);
    }
    return unread.take(end);
  }

  /** Where the separator begins that ends first; of those that end at the same byte it is the shortest. */
  private find(unread: Unread, from: number): number {
    let found = -1;
    let end = unread.firstLength + 1;
    for (const { needle, length } of this.separators) {
      const begin = unread.find(needle, from, end - 1);
      if (begin === -1) continue;
      found = begin;
      end = begin + length;
      this.width = length;
    }
    return found;
  }
}

const NEWLINE: Separators = [{ needle: 0x0a, length: 1 }];

/** A line, with its end; the last one may have none. One that is too long is dropped. @internal */
export class OneLine extends BytesUntil {
  constructor(limit: number) {
    super(NEWLINE, limit);
  }

  override takeLast(unread: Unread): Buffer {
    return unread.take(unread.size);
  }

  protected override overrun(unread: Unread, message: string, _consumed: number, end: number): never {
    unread.drop(end);
    throw rangeError(message, 'ERR_LIMIT_OVERRUN');
  }
}

/**
 * What a user gave as a separator, or as several.
 * @throws TypeError for what are no bytes, RangeError for no separator or an empty one.
 * @internal
 */
export function separatorsOf(separator: Uint8Array | readonly Uint8Array[]): Separators {
  const list = Array.isArray(separator) ? (separator as readonly unknown[]) : [separator];
  const separators = list.map(separatorOf).sort((a, b) => a.length - b.length);
  const [first, ...others] = separators;
  if (first === undefined) throw rangeError('Separator should contain at least one element');
  if (first.length === 0) throw rangeError('Separator should be at least one-byte string');
  return [first, ...others];
}

function separatorOf(bytes: unknown): Separator {
  if (!(bytes instanceof Uint8Array)) {
    throw typeError(
      `a separator must be a Uint8Array (Buffer.from('\\n'), for example), not ${given(bytes)}`,
    );
  }
  return { needle: bytes.length === 1 ? bytes[0]! : bytes, length: bytes.length };
}
