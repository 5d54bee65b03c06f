// The half close, and the arguments that write and writelines refuse.

import { RuntimeError } from 'mioloop';
import { Hall, turns } from './support/hall.js';
import { inLoop } from './support/modes.js';
import { Probe } from './support/probe.js';
import { bytesOf, sameBytes } from './support/random.js';

const BIG = 16 * 1024 * 1024;

const AFTER_EOF = { instanceOf: RuntimeError, message: /^Cannot call write\(\) after write_eof\(\)/ };
const LINES_AFTER_EOF = {
  instanceOf: RuntimeError,
  message: /^Cannot call writelines\(\) after write_eof\(\)/,
};

inLoop('writeEof() ends our side; the peer can still answer (B121)', function* (t, loop) {
  using hall = yield* Hall.open(loop, () => new Probe(loop));
  const [probe, line] = yield* hall.join();
  t.true(probe.transport.canWriteEof());
  probe.transport.write(Buffer.from('question'));
  probe.transport.writeEof();
  yield* line.until(({ ended }) => ended);
  t.is(line.data().toString(), 'question');
  t.false(probe.transport.isClosing());
  t.true(probe.transport.isReading());
  line.write('answer');
  yield* probe.until(() => probe.received === 6);
  line.end();
  yield* probe.until(() => probe.lost !== undefined);
  t.is(probe.lost, null);
  t.deepEqual(probe.events, ['made', 'data', 'eof', 'lost']);
});

inLoop('writeEof() behind a backlog ends our side when it is sent (B121)', function* (t, loop) {
  using hall = yield* Hall.open(loop, () => new Probe(loop));
  const [probe, line] = yield* hall.join({ paused: true });
  const content = bytesOf(1, BIG);
  probe.transport.write(content);
  probe.transport.writeEof();
  t.true(probe.transport.getWriteBufferSize() > 0);
  line.resume();
  yield* line.until(({ ended }) => ended);
  sameBytes(t, line.data(), content);
  t.false(probe.transport.isClosing());
  t.is(probe.lost, undefined);
});

inLoop('writeEof() then close() with a backlog sends all of it (B121)', function* (t, loop) {
  using hall = yield* Hall.open(loop, () => new Probe(loop));
  const [probe, line] = yield* hall.join({ paused: true });
  const content = bytesOf(1, BIG);
  probe.transport.write(content);
  probe.transport.writeEof();
  probe.transport.close();
  line.resume();
  yield* line.until(({ ended }) => ended);
  sameBytes(t, line.data(), content);
  yield* probe.until(() => probe.lost !== undefined);
  t.is(probe.lost, null);
});

inLoop(
  'a second writeEof() does nothing; after close() or the end it is harmless (B121)',
  function* (t, loop) {
    using hall = yield* Hall.open(loop, () => new Probe(loop));
    const [probe, line] = yield* hall.join();
    probe.transport.writeEof();
    probe.transport.writeEof();
    yield* line.until(({ ended }) => ended);
    probe.transport.writeEof();
    probe.transport.close();
    probe.transport.writeEof();
    yield* probe.until(() => probe.lost !== undefined);
    probe.transport.writeEof();
    const [other] = yield* hall.join();
    other.transport.abort();
    other.transport.writeEof();
    yield* other.until(() => other.lost !== undefined);
    other.transport.writeEof();
    t.is(other.lost, null);
    other.transport.write(Buffer.from('dropped: writeEof() after abort() did not count'));
  },
);

inLoop(
  'every write after writeEof() is a RuntimeError, also of nothing, even once closing (B121)',
  function* (t, loop) {
    using hall = yield* Hall.open(loop, () => new Probe(loop));
    const [{ transport }, line] = yield* hall.join();
    transport.writeEof();
    const attempts = (): void => {
      t.throws(() => transport.write(Buffer.from('too late')), AFTER_EOF);
      t.throws(() => transport.write(new Uint8Array(0)), AFTER_EOF);
      t.throws(() => transport.writelines([Buffer.from('too late')]), LINES_AFTER_EOF);
      t.throws(() => transport.writelines([]), LINES_AFTER_EOF);
    };
    attempts();
    transport.close();
    attempts();
    yield* line.until(({ ended }) => ended);
    attempts();
    t.is(line.look().received, 0);
  },
);

inLoop('writelines cannot queue data after an end that its own iteration wrote (B121)', function* (t, loop) {
  using hall = yield* Hall.open(loop, () => new Probe(loop));
  const [{ transport }, line] = yield* hall.join();
  transport.write(Buffer.from('before'));

  function* pieces(): Generator<Uint8Array> {
    yield Buffer.from('too late');
    transport.writeEof();
    yield Buffer.from('much too late');
  }

  t.throws(() => transport.writelines(pieces()), LINES_AFTER_EOF);
  yield* line.until(({ ended }) => ended);
  yield* turns(2);
  t.is(line.data().toString(), 'before');
});

/** What is no bytes; `said` is how the error names it. */
const NO_BYTES: [value: unknown, said: RegExp][] = [
  ['text', /string/],
  [5, /\b5\b/],
  [null, /null/],
  [undefined, /undefined/],
  [{ length: 3 }, /object/],
  [[1, 2, 3], /Array/],
  [new ArrayBuffer(3), /ArrayBuffer/],
  [new Uint16Array(3), /Uint16Array/],
];

inLoop('write() of anything but bytes is a TypeError that says what was given (B115)', function* (t, loop) {
  using hall = yield* Hall.open(loop, () => new Probe(loop));
  const [{ transport }, line] = yield* hall.join();
  for (const [value, said] of NO_BYTES) {
    const error = t.throws(() => transport.write(value as Uint8Array), { instanceOf: TypeError });
    t.regex(error.message, said);
    t.regex(error.message, /Uint8Array|bytes-like/, 'what is expected');
  }
  transport.write(Buffer.from('ok'));
  transport.close();
  yield* line.until(({ ended }) => ended);
  t.is(line.data().toString(), 'ok', 'a refused write leaves no trace');
});

inLoop(
  'writelines() with one wrong piece is a TypeError, and nothing is sent (B115, B116)',
  function* (t, loop) {
    using hall = yield* Hall.open(loop, () => new Probe(loop));
    const [{ transport }, line] = yield* hall.join();
    for (const [value, said] of NO_BYTES) {
      const list = [Buffer.from('a'), value as Uint8Array, Buffer.from('b')];
      const error = t.throws(() => transport.writelines(list), { instanceOf: TypeError });
      t.regex(error.message, said);
    }
    for (const list of [5, null, undefined, 'text']) {
      t.throws(() => transport.writelines(list as never), { instanceOf: TypeError });
    }
    transport.close();
    yield* line.until(({ ended }) => ended);
    t.is(line.look().received, 0);
  },
);

inLoop('wrong arguments are refused on a closed transport too (B115)', function* (t, loop) {
  using hall = yield* Hall.open(loop, () => new Probe(loop));
  const [probe] = yield* hall.join();
  probe.transport.close();
  t.throws(() => probe.transport.write('text' as never), { instanceOf: TypeError });
  yield* probe.until(() => probe.lost !== undefined);
  t.throws(() => probe.transport.write('text' as never), { instanceOf: TypeError });
});
