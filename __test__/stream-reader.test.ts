// StreamReader, fed by hand: reading some bytes, all, or a number of them; who waits, errors, and whose the bytes are.

import { inspect } from 'node:util';
import { CancelledError, type IncompleteReadError, RuntimeError, StreamReader, timeout } from 'mioloop';
import { failure, thrown } from './support/failure.js';
import { turns } from './support/hall.js';
import { LINES, readerOf, text, Valve } from './support/hand-fed.js';
import { inLoop } from './support/modes.js';
import { bytesOf, detach, sameBytes } from './support/random.js';

inLoop('nothing fed is nothing to read; what is fed comes out (B190)', function* (t, loop) {
  const reader = readerOf(loop, ['', LINES]);
  t.is(text(yield* reader.read(LINES.length)), text(LINES));
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
  reader.feedData(LINES);
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
    reader.feedData(LINES);
    t.false(reading.done());
    t.is(text(yield* reading), text(LINES));
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

inLoop('readline and read, one after the other (B188, B190)', function* (t, loop) {
  const reader = readerOf(loop, ['line1\nli', 'ne2\nrest']);
  t.is(text(yield* reader.readline()), 'line1\n');
  t.is(text(yield* reader.read(3)), 'lin');
  t.is(text(yield* reader.readline()), 'e2\n');
  t.is(text(yield* reader.read(7)), 'rest');
});

inLoop('readexactly gives exactly as many, over however many pieces (B188)', function* (t, loop) {
  const reader = new StreamReader(3, loop);
  const valve = new Valve();
  reader.setTransport(valve);
  const count = 2 * LINES.length;
  const reading = reader.readexactly(count);
  while (!reading.done()) {
    reader.feedData(LINES);
    yield* turns(1);
  }
  t.is(text(yield* reading), text(Buffer.concat([LINES, LINES])));
  t.deepEqual(valve.calls, ['pause', 'resume'], 'not before there is more than was asked for');
  t.is((yield* reader.readexactly(0)).length, 0);
});

inLoop(
  'readexactly at the end of the stream gives what there was with its error (B188)',
  function* (t, loop) {
    const reader = new StreamReader(undefined, loop);
    const reading = reader.readexactly(36);
    reader.feedData(LINES);
    yield* turns(2);
    t.false(reading.done());
    reader.feedEof();
    const error = (yield* failure(reading)) as IncompleteReadError;
    t.is(error.message, '18 bytes read on a total of 36 expected bytes');
    t.is(text(error.partial), text(LINES));
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
  const error = thrown(() => reader.feedData(LINES)) as RuntimeError;
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

inLoop('the text of a reader (B190)', function* (t, loop) {
  const reader = new StreamReader(undefined, loop);
  t.is(String(reader), '<StreamReader>');
  reader.feedData(Buffer.from('data'));
  t.is(String(reader), '<StreamReader 4 bytes>');
  const reading = reader.readexactly(5);
  t.regex(String(reader), /^<StreamReader 4 bytes waiter=<.* pending.*>>$/);
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
