// StreamReader, fed by hand: lines and other separators.

import { CancelledError, IncompleteReadError, LimitOverrunError, StreamReader } from 'mioloop';
import { failure } from './support/failure.js';
import { turns } from './support/hall.js';
import { LINES, readerOf, text, Valve } from './support/hand-fed.js';
import { bothModes, inLoop } from './support/modes.js';

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
  reader.feedData(LINES);
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
