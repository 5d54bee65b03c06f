// The lines of a stream, for `for await`. asyncio: `StreamReader.__anext__`.
import type { Future } from './future.js';

/** Something with lines. */
interface LineSource {
  readline(): Future<Buffer>;
}

/** Goes through the lines of a stream up to its end. @internal */
export class LineIterator implements AsyncIterator<Buffer, undefined> {
  private readonly source: LineSource;

  constructor(source: LineSource) {
    this.source = source;
  }

  next(): Promise<IteratorResult<Buffer, undefined>> {
    // With both callbacks it is an await of the function whose loop this is: a cancel of its task reaches the read.
    return this.source.readline().then(resultOf, rethrow);
  }
}

function resultOf(line: Buffer): IteratorResult<Buffer, undefined> {
  return line.length === 0 ? { done: true, value: undefined } : { done: false, value: line };
}

function rethrow(error: unknown): never {
  throw error;
}
