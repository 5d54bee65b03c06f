// StreamReader, fed by hand: what each way of reading gives, waits for and refuses.

import { inspect } from 'node:util';
import type { EventLoop } from 'mioloop';
import {
  CancelledError,
  IncompleteReadError,
  LimitOverrunError,
  NotImplementedError,
  RuntimeError,
  StreamReader,
  timeout,
} from 'mioloop';
import { failure, thrown } from './support/failure.js';
import { turns } from './support/hall.js';
import { bothModes, inLoop } from './support/modes.js';
import { bytesOf, detach, sameBytes } from './support/random.js';

const LINE = Buffer.from('line1\nline2\nline3\n');

function text(data: Buffer): string {
  return data.toString('latin1');
}

/** A reader that has `pieces`, each as it would come from a transport. */
function readerOf(loop: EventLoop, pieces: readonly (string | Uint8Array)[], limit?: number): StreamReader {
  const reader = new StreamReader(limit, loop);
  for (const piece of pieces) reader.feedData(Buffer.from(piece));
  return reader;
}

/** Counts how often it is paused and resumed. */
class Valve {
  readonly calls: string[] = [];

  pauseReading(): void {
    this.calls.push('pause');
  }

  resumeReading(): void {
    this.calls.push('resume');
  }

  toString(): string {
    return '<Valve>';
  }
}

inLoop('nothing fed is nothing to read; what is fed comes out (B190)', function* (t, loop) {
  const reader = readerOf(loop, ['', LINE]);
  t.is(text(yield* reader.read(LINE.length)), text(LINE));
  const reading = reader.read(5);
  reader.feedData(Buffer.alloc(0));
  yield* turns(2);
  t.false(reading.done());
  reader.feedData(Buffer.from('x'));
  t.is(text(yield* reading), 'x');
});

inLoop('read(0) is empty at once, whatever is there (B190)', function* (t, loop) {
  const reader = readerOf(loop, []);
  t.is((yield* reader.read(0)).length, 0);
  reader.feedData(LINE);
  const reading = reader.read(0);
  t.true(reading.done());
  t.is((yield* reading).length, 0);
  t.is(text(yield* reader.read(5)), 'line1');
});

inLoop(
  'read(n) gives what is there, n bytes at most, and waits for the first one only (B190)',
  function* (t, loop) {
    const reader = readerOf(loop, []);
    const reading = reader.read(30);
    reader.feedData(LINE);
    t.false(reading.done());
    t.is(text(yield* reading), text(LINE));
    reader.feedData(Buffer.from('ab'));
    reader.feedData(Buffer.from('cd'));
    t.is(text(yield* reader.read(3)), 'abc');
    t.is(text(yield* reader.read(3)), 'd');
  },
);

inLoop('read(n) goes over newlines, and is not limited by the limit (B187, B190)', function* (t, loop) {
  const reader = readerOf(loop, ['line1\nline2'], 3);
  t.is(text(yield* reader.read(5)), 'line1');
  t.is(text(yield* reader.read(1024)), '\nline2');
});

inLoop('read(n) at the end of the stream is empty (B190)', function* (t, loop) {
  const reader = readerOf(loop, []);
  const reading = reader.read(1024);
  reader.feedEof();
  t.is((yield* reading).length, 0);
  t.is((yield* reader.read(1024)).length, 0);
  t.true(reader.atEof());
});

inLoop('read() gives everything up to the end, in one (B190)', function* (t, loop) {
  const reader = new StreamReader(4, loop);
  const valve = new Valve();
  reader.setTransport(valve);
  const reading = reader.read();
  for (const piece of ['chunk1', '\n', 'chunk2']) {
    reader.feedData(Buffer.from(piece));
    yield* turns(2);
    t.false(reading.done());
  }
  reader.feedEof();
  t.is(text(yield* reading), 'chunk1\nchunk2');
  t.deepEqual(valve.calls, [], 'what is asked for does not pause');
  t.is((yield* reader.read(-1)).length, 0);
});

inLoop('readline gives lines with their ends, in however many pieces they come (B188)', function* (t, loop) {
  const reader = readerOf(loop, ['chunk1 ']);
  const reading = reader.readline();
  for (const piece of ['chunk2 ', 'chunk3 ', '\n chunk4']) {
    t.false(reading.done());
    reader.feedData(Buffer.from(piece));
    yield* turns(1);
  }
  t.is(text(yield* reading), 'chunk1 chunk2 chunk3 \n');
  reader.feedData(Buffer.from('\n'));
  t.is(text(yield* reader.readline()), ' chunk4\n');
  reader.feedData(LINE);
  for (const line of ['line1\n', 'line2\n', 'line3\n']) {
    const done = reader.readline();
    t.true(done.done(), 'a line that is there is not waited for');
    t.is(text(yield* done), line);
  }
});

inLoop('readline at the end: a line without its end, then nothing (B188)', function* (t, loop) {
  const reader = readerOf(loop, ['some data']);
  const reading = reader.readline();
  reader.feedEof();
  t.is(text(yield* reading), 'some data');
  t.is((yield* reader.readline()).length, 0);
});

inLoop('readline and read, one after the other (B188, B190)', function* (t, loop) {
  const reader = readerOf(loop, ['line1\nli', 'ne2\nrest']);
  t.is(text(yield* reader.readline()), 'line1\n');
  t.is(text(yield* reader.read(3)), 'lin');
  t.is(text(yield* reader.readline()), 'e2\n');
  t.is(text(yield* reader.read(7)), 'rest');
});

inLoop('readline beyond the limit drops that line and keeps the rest (B188)', function* (t, loop) {
  const reader = readerOf(loop, ['li', 'ne1\nline2\n'], 3);
  const error = yield* failure(reader.readline());
  t.like(error as object, {
    name: 'RangeError',
    code: 'ERR_LIMIT_OVERRUN',
    message: 'Separator is found, but chunk is longer than limit',
  });
  // The limit counts what is before the end of the line.
  const second = readerOf(loop, ['abc\nabcd\n'], 3);
  t.is(text(yield* second.readline()), 'abc\n');
  t.true((yield* failure(second.readline())) instanceof RangeError);
  t.is(
    yield* (function* () {
      second.feedEof();
      return (yield* second.readline()).length;
    })(),
    0,
  );
});

inLoop('readline beyond the limit without an end drops all there is (B188)', function* (t, loop) {
  const valve = new Valve();
  const reader = new StreamReader(3, loop);
  reader.setTransport(valve);
  reader.feedData(Buffer.from('line1'));
  reader.feedData(Buffer.from('line2'));
  t.deepEqual(valve.calls, ['pause']);
  t.like((yield* failure(reader.readline())) as object, {
    name: 'RangeError',
    message: 'Separator is not found, and chunk exceed the limit',
  });
  t.deepEqual(valve.calls, ['pause', 'resume']);
  reader.feedData(Buffer.from('a\n'));
  t.is(text(yield* reader.readline()), 'a\n');
});

inLoop('readline beyond the limit, while it waits (B188)', function* (t, loop) {
  const reader = new StreamReader(7, loop);
  const first = reader.readline();
  for (const piece of ['chunk1', 'chunk2', 'chunk3\n', 'chunk4\n']) reader.feedData(Buffer.from(piece));
  t.true((yield* failure(first)) instanceof RangeError);
  t.is(text(yield* reader.readline()), 'chunk4\n');
  const second = reader.readline();
  reader.feedData(Buffer.from('chunk5'));
  yield* turns(1);
  reader.feedData(Buffer.from('chunk6'));
  t.true((yield* failure(second)) instanceof RangeError);
  reader.feedEof();
  t.is((yield* reader.readline()).length, 0);
});

inLoop('readuntil takes the separator along, whatever the pieces are cut like (B188)', function* (t, loop) {
  const separator = Buffer.from('$$$');
  const stream = 'one$$$two$$ $$$three$$$$four';
  for (let size = 1; size <= stream.length; size++) {
    const reader = new StreamReader(undefined, loop);
    const task = loop.createTask(function* () {
      const found: string[] = [];
      for (let count = 0; count < 3; count++) found.push(text(yield* reader.readuntil(separator)));
      return found;
    });
    for (let at = 0; at < stream.length; at += size) {
      reader.feedData(Buffer.from(stream.slice(at, at + size)));
      yield* turns(at % 3);
    }
    t.deepEqual(yield* task, ['one$$$', 'two$$ $$$', 'three$$$'], `pieces of ${size}`);
    t.is(text(yield* reader.read(9)), '$four', `pieces of ${size}`);
  }
});

inLoop('readuntil at the end of the stream gives what there was with its error (B188)', function* (t, loop) {
  const reader = readerOf(loop, ['some dataAA']);
  reader.feedEof();
  const error = yield* failure(reader.readuntil(Buffer.from('AAA')));
  t.true(error instanceof IncompleteReadError);
  t.is(text((error as IncompleteReadError).partial), 'some dataAA');
  t.is((error as IncompleteReadError).expected, null);
  t.is((error as Error).message, '11 bytes read on a total of undefined expected bytes');
  t.is((error as IncompleteReadError).code, 'ERR_INCOMPLETE_READ');
  t.true(reader.atEof());
});

inLoop('readuntil beyond the limit keeps everything, and says how much (B188)', function* (t, loop) {
  const reader = readerOf(loop, ['some dataAA'], 3);
  const separator = Buffer.from('AAA');
  const unfound = (yield* failure(reader.readuntil(separator))) as LimitOverrunError;
  t.true(unfound instanceof LimitOverrunError);
  t.is(unfound.message, 'Separator is not found, and chunk exceed the limit');
  t.is(unfound.consumed, 'some data'.length, 'the beginning of a separator is not counted');
  reader.feedData(Buffer.from('A'));
  const found = (yield* failure(reader.readuntil(separator))) as LimitOverrunError;
  t.is(found.message, 'Separator is found, but chunk is longer than limit');
  t.is(found.consumed, 'some data'.length);
  t.is(found.code, 'ERR_LIMIT_OVERRUN');
  t.is(text(yield* reader.readexactly(found.consumed)), 'some data');
  t.is(text(yield* reader.readuntil(separator)), 'AAA');
});

inLoop('of several separators the one that ends first wins (B189)', function* (t, loop) {
  const both = (...separators: string[]) => separators.map((separator) => Buffer.from(separator));
  const simple = readerOf(loop, ['line 1\nline 2\r']);
  t.is(text(yield* simple.readuntil(both('\r', '\n'))), 'line 1\n');
  t.is(text(yield* simple.readuntil(both('\r', '\n'))), 'line 2\r');
  const waiting = simple.readuntil(both('\r', '\n'));
  simple.feedData(Buffer.from('line 3\r'));
  t.is(text(yield* waiting), 'line 3\r');
  // The longer one begins first, the shorter one ends first.
  const overlapping = readerOf(loop, ['some dataAAA']);
  t.is(text(yield* overlapping.readuntil(both('some dataAAA', 'AA'))), 'some dataAA');
  // Both end at the same byte: the shorter one counts for the limit.
  const same = readerOf(loop, ['some dataA'], 9);
  t.is(text(yield* same.readuntil(both('A', 'ome dataA'))), 'some dataA');
  const limited = readerOf(loop, ['some dataA'], 3);
  t.is(((yield* failure(limited.readuntil(both('A', 'ome dataA')))) as LimitOverrunError).consumed, 9);
});

inLoop('separators of different lengths, longer than what is there (B189)', function* (t, loop) {
  const reader = readerOf(loop, ['data']);
  const reading = reader.readuntil([Buffer.from('A'), Buffer.from('long sep')]);
  yield* turns(2);
  reader.feedData(Buffer.from('Z'));
  yield* turns(2);
  t.false(reading.done());
  reader.feedData(Buffer.from('Aaaa'));
  t.is(text(yield* reading), 'dataZA');
  t.is(text(yield* reader.readexactly(3)), 'aaa');
});

inLoop('what is no separator is refused (B189)', function* (t, loop) {
  const reader = readerOf(loop, ['data']);
  const refusals: [unknown, string, RegExp][] = [
    [Buffer.alloc(0), 'RangeError', /^Separator should be at least one-byte string/],
    [[], 'RangeError', /^Separator should contain at least one element/],
    [[Buffer.from('A'), Buffer.alloc(0)], 'RangeError', /^Separator should be at least one-byte string/],
    ['\n', 'TypeError', /the string "\\n"/],
    [null, 'TypeError', /null/],
    [[Buffer.from('A'), 65], 'TypeError', /65/],
  ];
  for (const [separator, name, message] of refusals) {
    const error = (yield* failure(reader.readuntil(separator as Buffer))) as Error;
    t.is(error.name, name);
    t.regex(error.message, message);
  }
  t.is(text(yield* reader.readexactly(4)), 'data', 'and nothing is lost');
});

inLoop('readexactly gives exactly as many, over however many pieces (B188)', function* (t, loop) {
  const reader = new StreamReader(3, loop);
  const valve = new Valve();
  reader.setTransport(valve);
  const count = 2 * LINE.length;
  const reading = reader.readexactly(count);
  while (!reading.done()) {
    reader.feedData(LINE);
    yield* turns(1);
  }
  t.is(text(yield* reading), text(Buffer.concat([LINE, LINE])));
  t.deepEqual(valve.calls, ['pause', 'resume'], 'not before there is more than was asked for');
  t.is((yield* reader.readexactly(0)).length, 0);
});

inLoop(
  'readexactly at the end of the stream gives what there was with its error (B188)',
  function* (t, loop) {
    const reader = new StreamReader(undefined, loop);
    const reading = reader.readexactly(36);
    reader.feedData(LINE);
    yield* turns(2);
    t.false(reading.done());
    reader.feedEof();
    const error = (yield* failure(reading)) as IncompleteReadError;
    t.is(error.message, '18 bytes read on a total of 36 expected bytes');
    t.is(text(error.partial), text(LINE));
    t.is(error.expected, 36);
    t.is((yield* reader.read()).length, 0);
  },
);

inLoop('numbers of bytes that are none are refused, and nothing is lost (B190)', function* (t, loop) {
  const reader = readerOf(loop, ['data']);
  t.like((yield* failure(reader.readexactly(-1))) as object, {
    name: 'RangeError',
    message: 'readexactly size can not be less than zero, got -1',
  });
  for (const bad of ['4', null, {}]) {
    t.true((yield* failure(reader.read(bad as never))) instanceof TypeError, inspect(bad));
    t.true((yield* failure(reader.readexactly(bad as never))) instanceof TypeError, inspect(bad));
  }
  t.true((yield* failure(reader.readexactly(undefined as never))) instanceof TypeError);
  for (const bad of [Number.NaN, 1.5, Number.POSITIVE_INFINITY]) {
    t.true((yield* failure(reader.read(bad))) instanceof RangeError, inspect(bad));
    t.true((yield* failure(reader.readexactly(bad))) instanceof RangeError, inspect(bad));
  }
  t.is(text(yield* reader.read(4)), 'data');
});

inLoop('what needs not wait is done at once, what has to is not (B190)', function* (t, loop) {
  const reader = readerOf(loop, ['a\nb']);
  t.true(reader.readline().done());
  t.true(reader.readexactly(1).done());
  const reading = reader.readline();
  t.false(reading.done());
  reader.feedEof();
  t.false(reading.done(), 'not before its step');
  t.is((yield* reading).length, 0);
});

inLoop('a second one that waits is refused, with whatever it asks for (B190)', function* (t, loop) {
  const reader = new StreamReader(undefined, loop);
  const first = reader.read(1);
  const ways: [string, () => ReturnType<StreamReader['read']>][] = [
    ['read', () => reader.read(1)],
    ['read', () => reader.read()],
    ['readexactly', () => reader.readexactly(1)],
    ['readuntil', () => reader.readuntil()],
    ['readuntil', () => reader.readline()],
  ];
  for (const [method, read] of ways) {
    const error = (yield* failure(read())) as RuntimeError;
    t.true(error instanceof RuntimeError);
    t.is(error.code, 'ERR_ALREADY_READING');
    t.is(error.message, `${method}() called while another coroutine is already waiting for incoming data`);
  }
  t.is((yield* reader.read(0)).length, 0, 'nothing is not waited for');
  reader.feedData(Buffer.from('x'));
  t.is(text(yield* first), 'x');
});

inLoop('one who was woken and finds nothing left waits again (B190)', function* (t, loop) {
  const reader = new StreamReader(undefined, loop);
  const first = reader.read(10);
  reader.feedData(Buffer.from('abc'));
  // asyncio gives the first one nothing, which means the end of the stream.
  t.is(text(yield* reader.read(10)), 'abc');
  yield* turns(2);
  t.false(first.done());
  reader.feedData(Buffer.from('d'));
  t.is(text(yield* first), 'd');
});

inLoop('a read that is cancelled loses nothing, and the next one can wait (B190)', function* (t, loop) {
  const reader = new StreamReader(undefined, loop);
  for (const read of [() => reader.readexactly(6), () => reader.read(), () => reader.readline()]) {
    const task = loop.createTask(read);
    yield* turns(1);
    reader.feedData(Buffer.from('ab'));
    yield* turns(2);
    task.cancel();
    t.true((yield* failure(task)) instanceof CancelledError);
  }
  // A cancel behind the wake-up.
  const task = loop.createTask(() => reader.readexactly(8));
  yield* turns(1);
  reader.feedData(Buffer.from('cd'));
  task.cancel();
  t.true((yield* failure(task)) instanceof CancelledError);
  t.is(text(yield* reader.readexactly(8)), 'abababcd');
});

inLoop('a read within a timeout (B190)', function* (t, loop) {
  const reader = readerOf(loop, ['ab']);
  const error = yield* failure(timeout(0.01, () => reader.readexactly(4)));
  t.is((error as Error).name, 'TimeoutError');
  reader.feedData(Buffer.from('cd'));
  t.is(text(yield* timeout(10, () => reader.readexactly(4))), 'abcd');
});

inLoop('the error of a stream comes before its data (B190)', function* (t, loop) {
  const reader = readerOf(loop, ['line\n']);
  t.is(text(yield* reader.read(2)), 'li');
  t.is(reader.exception(), null);
  const error = new Error('broken');
  reader.setException(error);
  t.is(reader.exception(), error);
  for (const read of [
    () => reader.read(2),
    () => reader.read(0),
    () => reader.read(),
    () => reader.readline(),
    () => reader.readexactly(1),
    () => reader.readexactly(0),
    () => reader.readuntil(),
  ]) {
    t.is(yield* failure(read()), error);
  }
});

inLoop('the error of a stream reaches who waits (B190)', function* (t, loop) {
  const error = new Error('broken');
  for (const way of ['read', 'readexactly', 'readline', 'readuntil'] as const) {
    const reader = new StreamReader(undefined, loop);
    const reading = way === 'readexactly' ? reader.readexactly(4) : reader[way]();
    if (way !== 'read') reader.feedData(Buffer.from('ab'));
    reader.setException(error);
    t.is(yield* failure(reading), error, way);
  }
  // One that was cancelled is not disturbed.
  const reader = new StreamReader(undefined, loop);
  const task = loop.createTask(() => reader.readline());
  yield* turns(1);
  task.cancel();
  reader.setException(error);
  t.true((yield* failure(task)) instanceof CancelledError);
});

inLoop('more than twice the limit unread pauses, the limit or less resumes (B187)', function* (t, loop) {
  const reader = new StreamReader(10, loop);
  const valve = new Valve();
  reader.setTransport(valve);
  reader.feedData(Buffer.alloc(20));
  t.deepEqual(valve.calls, [], 'twice the limit is not more');
  reader.feedData(Buffer.alloc(1));
  reader.feedData(Buffer.alloc(1));
  t.deepEqual(valve.calls, ['pause'], 'once');
  yield* reader.readexactly(11);
  t.deepEqual(valve.calls, ['pause'], '11 are left');
  yield* reader.read(1);
  t.deepEqual(valve.calls, ['pause', 'resume']);
  t.true(inspect(reader).startsWith('<StreamReader 10 bytes limit=10 transport=<Valve>'));
  const error = thrown(() => reader.setTransport(valve)) as RuntimeError;
  t.is(error.message, 'Transport already set');
  t.is(error.code, 'ERR_TRANSPORT_SET');
});

inLoop('without a limit it is 64 KiB (B187)', function* (t, loop) {
  const reader = new StreamReader(undefined, loop);
  const valve = new Valve();
  reader.setTransport(valve);
  reader.feedData(Buffer.alloc(0x20000, 'a'));
  t.deepEqual(valve.calls, []);
  reader.feedData(Buffer.from('\n'));
  t.deepEqual(valve.calls, ['pause']);
  t.true((yield* failure(reader.readline())) instanceof RangeError);
  reader.feedData(Buffer.alloc(0x10000, 'a'));
  reader.feedData(Buffer.from('\n'));
  t.is((yield* reader.readline()).length, 0x10001);
});

inLoop(
  'who waits resumes what was paused, for what it waits for would never come (B187)',
  function* (t, loop) {
    const reader = new StreamReader(2, loop);
    const valve = new Valve();
    reader.setTransport(valve);
    reader.feedData(Buffer.from('12345'));
    t.deepEqual(valve.calls, ['pause']);
    const reading = reader.readexactly(12);
    t.deepEqual(valve.calls, ['pause', 'resume']);
    reader.feedData(Buffer.from('67890'));
    t.deepEqual(valve.calls, ['pause', 'resume'], 'nor is it paused meanwhile');
    reader.feedData(Buffer.from('ab'));
    t.is(text(yield* reading), '1234567890ab');
  },
);

inLoop('a transport that cannot pause is left alone (B187)', function* (t, loop) {
  const reader = new StreamReader(1, loop);
  let calls = 0;
  reader.setTransport({
    pauseReading() {
      calls += 1;
      throw new NotImplementedError();
    },
    resumeReading() {
      calls += 1;
    },
  });
  for (let count = 0; count < 10; count++) reader.feedData(Buffer.from('abc'));
  t.is(calls, 1);
  t.is((yield* reader.readexactly(30)).length, 30);
  t.is(calls, 1);
});

inLoop('limits that are none are refused (B187)', function* (t, loop) {
  for (const bad of [0, -1, Number.NaN]) {
    const error = thrown(() => new StreamReader(bad, loop));
    t.true(error instanceof RangeError);
    t.regex((error as Error).message, /^Limit cannot be <= 0/);
  }
  for (const bad of ['5', null, {}]) {
    t.true(thrown(() => new StreamReader(bad as never, loop)) instanceof TypeError);
  }
});

inLoop('atEof: when all is read and nothing will come (B190)', function* (t, loop) {
  const reader = new StreamReader(undefined, loop);
  t.false(reader.atEof());
  reader.feedData(Buffer.from('some data\n'));
  t.false(reader.atEof());
  yield* reader.readline();
  t.false(reader.atEof());
  reader.feedData(Buffer.from('more\n'));
  reader.feedEof();
  t.false(reader.atEof());
  yield* reader.readline();
  t.true(reader.atEof());
});

inLoop('feeding after the end, or no bytes, is refused (B190)', function* (t, loop) {
  const reader = new StreamReader(undefined, loop);
  t.true(thrown(() => reader.feedData('text' as never)) instanceof TypeError);
  reader.feedEof();
  const error = thrown(() => reader.feedData(LINE)) as RuntimeError;
  t.is(error.code, 'ERR_FEED_AFTER_EOF');
  t.is(error.message, 'feed_data after feed_eof');
});

inLoop("what is fed is the caller's again; what is read is the reader's own (B190)", function* (t, loop) {
  const reader = new StreamReader(undefined, loop);
  const bytes = Buffer.from('aaaabbbb');
  reader.feedData(bytes);
  bytes.fill('x');
  const first = yield* reader.read(4);
  t.is(text(first), 'aaaa');
  first.fill('y');
  t.is(text(yield* reader.read(4)), 'bbbb');
});

inLoop('a result cannot be taken away together with the rest (B190)', function* (t, loop) {
  for (const size of [100, 20_000]) {
    const content = bytesOf(1, size);
    const reader = readerOf(loop, [content]);
    const part = yield* reader.read(10);
    try {
      detach(part);
    } catch (error) {
      t.is((error as Error).name, 'DataCloneError', 'refused, or a copy on older Nodes');
    }
    sameBytes(t, yield* reader.readexactly(size - 10), content.subarray(10));
  }
});

inLoop('many small pieces do not cost more than they are (B187)', function* (t, loop) {
  const reader = new StreamReader(1024 * 1024, loop);
  const before = process.memoryUsage();
  const piece = Buffer.alloc(1);
  for (let count = 0; count < 1_000_000; count++) reader.feedData(piece.fill(count));
  const after = process.memoryUsage();
  const grown = after.heapUsed + after.external - before.heapUsed - before.external;
  t.true(grown < 60e6, `${grown} bytes`);
  const all = yield* reader.readexactly(1_000_000);
  for (let at = 0; at < all.length; at += 997) t.is(all[at], at & 0xff);
});

inLoop('the text of a reader (B190)', function* (t, loop) {
  const reader = new StreamReader(undefined, loop);
  t.is(String(reader), '<StreamReader>');
  reader.feedData(Buffer.from('data'));
  t.is(String(reader), '<StreamReader 4 bytes>');
  const reading = reader.readexactly(5);
  t.regex(String(reader), /^<StreamReader 4 bytes waiter=<.* pending>>$/);
  reader.feedEof();
  t.is(String(reader), '<StreamReader 4 bytes eof>');
  yield* failure(reading);
  reader.setException(new RangeError('bad'));
  t.is(inspect(reader), "<StreamReader eof exception=RangeError('bad')>");
  t.is(String(new StreamReader(123, loop)), '<StreamReader limit=123>');
});

inLoop('without a loop it is the current one (B190)', function* (t, loop) {
  const reader = new StreamReader();
  const reading = reader.read(1);
  t.is(reading.getLoop(), loop);
  reader.feedEof();
  yield* reading;
});

bothModes('for await goes through the lines, up to the end (B188)', async (t, { loop, run }) => {
  const lines: string[] = [];
  const reader = readerOf(loop, ['one\ntw']);
  async function read(): Promise<void> {
    for await (const line of reader) lines.push(text(line));
  }
  await run(function* () {
    const task = loop.createTask(read);
    yield* turns(2);
    t.deepEqual(lines, ['one\n']);
    reader.feedData(Buffer.from('o\nthree\nfo'));
    yield* turns(2);
    t.deepEqual(lines, ['one\n', 'two\n', 'three\n']);
    reader.feedData(Buffer.from('ur'));
    reader.feedEof();
    yield* task;
  });
  t.deepEqual(lines, ['one\n', 'two\n', 'three\n', 'four']);
});

bothModes('a cancel reaches for await, an error comes out of it (B188)', async (t, { loop, run }) => {
  await run(function* () {
    const reader = readerOf(loop, ['one\n']);
    const cancelled = loop.createTask(async () => {
      for await (const line of reader) t.is(text(line), 'one\n');
    });
    yield* turns(2);
    cancelled.cancel();
    t.true((yield* failure(cancelled)) instanceof CancelledError);
    const error = new Error('broken');
    reader.setException(error);
    const broken = loop.createTask(async () => {
      for await (const line of reader) t.fail(text(line));
    });
    t.is(yield* failure(broken), error);
  });
});
