// connectReadPipe and connectWritePipe: what they take, what they refuse, whose the descriptors are, what transports tell.

import { closeSync, constants, openSync, writeSync } from 'node:fs';
import { open } from 'node:fs/promises';
import test from 'ava';
import {
  BaseProtocol,
  type Coroutine,
  type EventLoop,
  KeyboardInterrupt,
  newEventLoop,
  type PipeEnd,
  Protocol,
  ReadTransport,
  RuntimeError,
  StreamReader,
  StreamReaderProtocol,
  sleep,
  socket,
  WriteTransport,
} from 'mioloop';
import { failure, thrown } from './support/failure.js';
import { freshLoop } from './support/leaks.js';
import { bothModes, inLoop } from './support/modes.js';
import { blocks, isOpen, makePipe, readPipe } from './support/pipes.js';
import { BufferedProbe, Probe } from './support/probe.js';

const BYTES = Buffer.from('some bytes');

function* lost(probe: Probe | BufferedProbe): Coroutine<void> {
  yield* probe.until(() => probe.lost !== undefined);
}

function* reading(loop: EventLoop, pipe: PipeEnd): Coroutine<Probe> {
  const [, probe] = yield* loop.connectReadPipe(() => new Probe(loop), pipe);
  return probe;
}

function* writing(loop: EventLoop, pipe: PipeEnd): Coroutine<Probe> {
  const [, probe] = yield* loop.connectWritePipe(() => new Probe(loop), pipe);
  return probe;
}

inLoop('a number is taken over: it is closed with the transport (B168, B169)', function* (t, loop) {
  const [reader, writer] = makePipe();
  const [input, from] = yield* loop.connectReadPipe(() => new Probe(loop), reader);
  const [output, to] = yield* loop.connectWritePipe(() => new Probe(loop), writer);
  t.true(input instanceof ReadTransport);
  t.true(output instanceof WriteTransport);
  t.is(input.getExtraInfo('pipe'), reader);
  t.is(output.getExtraInfo('pipe'), writer);
  t.is(output.getExtraInfo('socket'), undefined);
  t.is(output.getExtraInfo('nothing', 'else'), 'else');
  t.true(output.canWriteEof());
  output.write(BYTES);
  output.writeEof();
  yield* lost(from);
  t.deepEqual(from.data, BYTES);
  t.deepEqual(from.events, ['made', 'data', 'eof', 'lost']);
  t.deepEqual(to.events, ['made', 'lost']);
  t.deepEqual([from.lost, to.lost], [null, null]);
  t.deepEqual([isOpen(reader), isOpen(writer)], [false, false]);
});

inLoop('an object with close() is closed with the transport, which has a duplicate', function* (t, loop) {
  const [reader, writer] = makePipe();
  const closed: string[] = [];
  const object = { fd: reader, close: () => closed.push('closed') };
  const probe = yield* reading(loop, object);
  t.is(probe.transport.getExtraInfo('pipe'), object);
  closeSync(writer);
  yield* lost(probe);
  t.deepEqual(closed, ['closed']);
  t.true(isOpen(reader));
  closeSync(reader);
});

inLoop('an object without close() is left alone, and blocks again', function* (t, loop) {
  const [reader, writer] = makePipe();
  const probe = yield* writing(loop, { fd: writer });
  if (process.platform === 'linux') t.false(blocks(writer));
  probe.transport.close();
  yield* lost(probe);
  t.true(isOpen(writer));
  if (process.platform === 'linux') t.true(blocks(writer));
  closeSync(reader);
  closeSync(writer);
});

bothModes('a FileHandle is closed with the transport (B168)', async (t, { loop, run }) => {
  const [reader, writer] = makePipe();
  const handle = await open(`/proc/self/fd/${reader}`, 'r');
  closeSync(reader);
  await run(function* () {
    const probe = yield* reading(loop, handle);
    writeSync(writer, BYTES);
    closeSync(writer);
    yield* lost(probe);
    t.deepEqual(probe.data, BYTES);
  });
  // Its close() has been called. Node closes the descriptor on a thread of its own, a little later: that none is left is
  // seen behind each test.
  t.is(handle.fd, -1);
});

for (const [what, close] of [
  [
    'throws',
    () => {
      throw new Error('no');
    },
  ],
  ['rejects', () => Promise.reject(new Error('no'))],
] as const) {
  bothModes(`a close() of an object that ${what} is reported`, async (t, { loop, run }) => {
    const [reader, writer] = makePipe();
    const reports: string[] = [];
    loop.setExceptionHandler((_loop, { message, exception }) => reports.push(`${message} ${exception}`));
    await run(function* () {
      const probe = yield* reading(loop, { fd: reader, close });
      probe.transport.close();
      yield* lost(probe);
    });
    await new Promise(setImmediate);
    t.is(reports.length, 1);
    t.regex(reports[0]!, /^Closing the pipe of a transport failed: .* Error: no$/);
    closeSync(reader);
    closeSync(writer);
  });
}

test.serial('a loop that is closed closes numbers and objects', (t) => {
  const loop = freshLoop();
  const [reader, writer] = makePipe();
  let closed = 0;
  const transports = loop.runUntilCompleteSync(
    (function* () {
      const object = { fd: writer, close: () => (closed += 1) };
      const one = yield* loop.connectReadPipe(() => new Probe(loop), reader);
      const other = yield* loop.connectWritePipe(() => new Probe(loop), object);
      return [one[0], other[0]] as const;
    })(),
  );
  loop.close();
  t.is(closed, 1);
  t.false(isOpen(reader));
  t.true(isOpen(writer));
  closeSync(writer);
  const [input, output] = transports;
  t.is(String(input), `<ReadPipeTransport fd=${reader} closed>`);
  t.is(String(output), `<WritePipeTransport fd=${writer} closed>`);
  input.close();
  output.close();
  output.abort();
  output.write(BYTES);
  t.is(output.getWriteBufferSize(), 0);
});

inLoop('the text of a transport says how it stands (B16)', function* (t, loop) {
  const [reader, writer] = makePipe();
  const from = yield* reading(loop, reader);
  const to = yield* writing(loop, writer);
  const input = from.transport;
  const output = to.transport;
  t.is(String(input), `<ReadPipeTransport fd=${reader} polling>`);
  input.pauseReading();
  t.is(String(input), `<ReadPipeTransport fd=${reader} idle>`);
  t.is(String(output), `<WritePipeTransport fd=${writer} idle bufsize=0>`);
  output.write(Buffer.alloc(100_000));
  t.regex(String(output), new RegExp(`^<WritePipeTransport fd=${writer} polling bufsize=[1-9]\\d*>$`));
  output.close();
  t.regex(String(output), / closing polling bufsize=\d+>$/);
  input.resumeReading();
  yield* lost(from);
  t.is(String(input), `<ReadPipeTransport fd=${reader} closed>`);
  t.is(String(output), `<WritePipeTransport fd=${writer} closed>`);
});

inLoop('a regular file and a folder are refused, and stay the caller’s (B167)', function* (t, loop) {
  for (const path of ['package.json', '.']) {
    const fd = openSync(path, 'r');
    const input = yield* failure(reading(loop, fd));
    const output = yield* failure(writing(loop, fd));
    t.true(input instanceof RangeError && output instanceof RangeError);
    const kind = path === '.' ? 'a folder' : 'a regular file, which is for node:fs';
    t.is((input as Error).message, `Pipe transport is for pipes/sockets only. (descriptor ${fd} is ${kind})`);
    t.is(
      (output as Error).message,
      `Pipe transport is only for pipes, sockets and character devices (descriptor ${fd} is ${kind})`,
    );
    t.true(isOpen(fd));
    closeSync(fd);
  }
});

inLoop('what is no descriptor is refused', function* (t, loop) {
  for (const bad of [null, undefined, 'stdin', 1.5, Number.NaN, {}, { fd: 'x' }, { fd: null }, () => 3]) {
    const error = yield* failure(reading(loop, bad as unknown as number));
    t.true(error instanceof TypeError, String(error));
    t.regex(String(error), /a descriptor \(a number\), or an object that has fd or fileno\(\), is expected/);
  }
  for (const bad of [-1, 2 ** 31, 1_000_000, { fd: -1 }, { fileno: () => 999_999 }]) {
    const error = yield* failure(writing(loop, bad));
    t.is((error as NodeJS.ErrnoException).code, 'EBADF', String(error));
  }
  for (const factory of [null, 3, Protocol]) {
    t.true((yield* failure(loop.connectReadPipe(factory as never, 0))) instanceof TypeError);
    t.true((yield* failure(loop.connectWritePipe(factory as never, 1))) instanceof TypeError);
  }
  t.true((yield* failure(loop.connectReadPipe(() => 3 as never, 0))) instanceof TypeError);
});

inLoop('the other end of a pipe is refused, and stays the caller’s', function* (t, loop) {
  const [reader, writer] = makePipe();
  const input = (yield* failure(reading(loop, writer))) as NodeJS.ErrnoException;
  const output = (yield* failure(
    writing(loop, { fd: reader, close: () => t.fail() }),
  )) as NodeJS.ErrnoException;
  t.is(input.message, `read EBADF: descriptor ${writer} was not opened to read`);
  t.is(output.message, `write EBADF: descriptor ${reader} was not opened to write`);
  t.deepEqual([input.code, output.code], ['EBADF', 'EBADF']);
  closeSync(reader);
  closeSync(writer);
});

inLoop('a descriptor that this loop uses is refused', function* (t, loop) {
  const [reader, writer] = makePipe();
  const probe = yield* reading(loop, reader);
  const used = (yield* failure(reading(loop, reader))) as RuntimeError;
  t.true(used instanceof RuntimeError);
  t.is(used.code, 'ERR_DESCRIPTOR_USED');
  t.is(used.message, `File descriptor ${reader} is used by transport ${probe.transport}`);
  t.is((thrown(() => loop.addReader(reader, () => {})) as RuntimeError).code, 'ERR_DESCRIPTOR_USED');
  loop.addWriter(writer, () => {});
  const watched = (yield* failure(writing(loop, writer))) as RuntimeError;
  t.is(watched.code, 'ERR_DESCRIPTOR_USED');
  loop.removeWriter(writer);
  const output = yield* writing(loop, writer);
  output.transport.close();
  yield* lost(probe);
});

inLoop('a number that was watched and closed without a word can be taken over', function* (t, loop) {
  const [reader, writer] = makePipe();
  loop.addReader(reader, () => t.fail('it is another pipe'));
  closeSync(reader);
  closeSync(writer);
  const [again, source] = makePipe();
  t.is(again, reader);
  const probe = yield* reading(loop, again);
  writeSync(source, BYTES);
  closeSync(source);
  yield* lost(probe);
  t.deepEqual(probe.data, BYTES);
  loop.removeReader(reader);
});

test.serial('a closed loop takes nothing', (t) => {
  const loop = newEventLoop();
  loop.close();
  const [reader, writer] = makePipe();
  for (const call of [
    () => loop.connectReadPipe(() => new Protocol(), reader),
    () => loop.connectWritePipe(() => new BaseProtocol(), writer),
  ]) {
    t.is((thrown(call) as RuntimeError).code, 'ERR_LOOP_CLOSED');
  }
  closeSync(reader);
  closeSync(writer);
});

inLoop('a buffered protocol is received into', function* (t, loop) {
  const [reader, writer] = makePipe();
  const [, probe] = yield* loop.connectReadPipe(() => new BufferedProbe(loop, 4), reader);
  writeSync(writer, BYTES);
  closeSync(writer);
  yield* lost(probe);
  t.deepEqual(probe.data, BYTES);
  t.deepEqual(probe.events, ['made', 'data', 'eof', 'lost']);
});

inLoop('another protocol gets what is received from then on', function* (t, loop) {
  const [reader, writer] = makePipe();
  const first = yield* reading(loop, reader);
  const second = new BufferedProbe(loop);
  first.transport.setProtocol(second);
  t.is(first.transport.getProtocol(), second);
  writeSync(writer, BYTES);
  closeSync(writer);
  yield* lost(second);
  t.deepEqual([first.events, second.events], [['made'], ['data', 'eof', 'lost']]);
  t.is(first.transport.getProtocol(), null);
});

inLoop('sockets are pipes as well, and their ends (B167, B169)', function* (t, loop) {
  const [ours, theirs] = socket.socketpair();
  const input = yield* reading(loop, ours);
  const output = yield* writing(loop, theirs);
  output.transport.write(BYTES);
  yield* input.until(() => input.received === BYTES.length);
  input.transport.close();
  yield* lost(output);
  t.is(output.lost, null);
  t.deepEqual([ours.fileno(), theirs.fileno()], [-1, -1]);
});

inLoop('devices that can not be polled are read and written (B167)', function* (t, loop) {
  const input = yield* reading(loop, openSync('/dev/null', 'r'));
  yield* lost(input);
  t.deepEqual(input.events, ['made', 'eof', 'lost']);
  const zeros = yield* reading(loop, openSync('/dev/zero', 'r'));
  yield* zeros.until(() => zeros.received > 1_000_000);
  zeros.transport.pauseReading();
  const { received } = zeros;
  yield* sleep(0);
  t.is(zeros.received, received);
  zeros.transport.close();
  yield* lost(zeros);
  t.true(zeros.chunks.every((chunk) => chunk.every((byte) => byte === 0)));
  const sink = yield* writing(loop, openSync('/dev/null', 'w'));
  sink.transport.write(Buffer.alloc(1_000_000));
  t.is(sink.transport.getWriteBufferSize(), 0);
  sink.transport.close();
  yield* lost(sink);
  t.is(sink.lost, null);
});

inLoop('a device that is full is an error of the system, and nobody’s report (B47)', function* (t, loop) {
  const full = yield* writing(loop, openSync('/dev/full', 'w'));
  full.transport.write(BYTES);
  yield* lost(full);
  t.is((full.lost as NodeJS.ErrnoException).code, 'ENOSPC');
});

bothModes('an error of a protocol is reported, and closes the pipe (B47)', async (t, { loop, run }) => {
  class Fails extends Probe {
    override dataReceived(): void {
      throw new Error('on purpose');
    }
  }
  const [reader, writer] = makePipe();
  const reports: string[] = [];
  loop.setExceptionHandler((_loop, { message }) => reports.push(message));
  await run(function* () {
    const [, probe] = yield* loop.connectReadPipe(() => new Fails(loop), reader);
    writeSync(writer, BYTES);
    yield* lost(probe);
    t.is(probe.lost?.message, 'on purpose');
  });
  t.deepEqual(reports, ['Fatal error: protocol.data_received() call failed.']);
  closeSync(writer);
});

bothModes('an error in connectionMade or an async method closes a writing pipe', async (t, { loop, run }) => {
  const reports: string[] = [];
  loop.setExceptionHandler((_loop, { message }) => reports.push(message));
  class Fails extends Probe {
    override connectionMade(): void {
      throw new Error('on purpose');
    }
  }
  class Rejects extends Probe {
    override async connectionMade(): Promise<void> {
      throw new Error('on purpose');
    }
  }
  for (const kind of [Fails, Rejects]) {
    const [reader, writer] = makePipe();
    await run(function* () {
      const [, probe] = yield* loop.connectWritePipe(() => new kind(loop), writer);
      yield* lost(probe);
      t.is(probe.lost?.message, 'on purpose');
    });
    closeSync(reader);
  }
  t.deepEqual(reports, [
    'Fatal error: protocol.connection_made() call failed.',
    'Fatal error: an async protocol method failed.',
  ]);
});

bothModes('an exit in eofReceived ends the run', async (t, { loop, run }) => {
  class Exits extends Probe {
    override eofReceived(): boolean {
      throw new KeyboardInterrupt();
    }
  }
  const [reader, writer] = makePipe();
  closeSync(writer);
  let probe!: Exits;
  const main = function* () {
    [, probe] = yield* loop.connectReadPipe(() => new Exits(loop), reader);
    yield* lost(probe);
  };
  await t.throwsAsync(run(main), { instanceOf: KeyboardInterrupt });
  await run(() => lost(probe));
  t.is(probe.lost, null);
});

bothModes(
  'writes after the reader has gone are dropped, and warned of in the end',
  async (t, { loop, run }) => {
    const [reader, writer] = makePipe();
    const warnings: string[] = [];
    const { emitWarning } = process;
    process.emitWarning = (warning: string | Error) => {
      warnings.push(String(warning));
    };
    t.teardown(() => {
      process.emitWarning = emitWarning;
    });
    await run(function* () {
      const probe = yield* writing(loop, writer);
      closeSync(reader);
      yield* lost(probe);
      for (let count = 0; count < 6; count++) probe.transport.write(BYTES);
      t.is(probe.transport.getWriteBufferSize(), 0);
    });
    t.deepEqual(
      new Set(warnings),
      new Set(['pipe closed by peer or os.write(pipe, data) raised exception.']),
    );
  },
);

inLoop('write limits of a pipe (B169)', function* (t, loop) {
  const [reader, writer] = makePipe();
  const probe = yield* writing(loop, writer);
  const output = probe.transport;
  t.deepEqual(output.getWriteBufferLimits(), [16384, 65536]);
  output.setWriteBufferLimits({ high: 1000 });
  t.deepEqual(output.getWriteBufferLimits(), [250, 1000]);
  output.write(Buffer.alloc(65536));
  t.deepEqual(probe.events, ['made']);
  output.write(Buffer.alloc(1001));
  t.deepEqual(probe.events, ['made', 'pause']);
  t.is(readPipe(reader).length, 65536);
  yield* probe.until(() => probe.events.includes('resume'));
  t.true(thrown(() => output.write('text' as never)) instanceof TypeError);
  t.true(thrown(() => output.write(BYTES)) === undefined);
  closeSync(reader);
  yield* lost(probe);
});

inLoop('sendfile needs a socket', function* (t, loop) {
  const [reader, writer] = makePipe();
  const [output] = yield* loop.connectWritePipe(() => new Protocol(), writer);
  const file = openSync('package.json', 'r');
  const error = yield* failure(loop.sendfile(output as never, file));
  t.regex(String(error), /RuntimeError: sendfile is not supported for transport/);
  closeSync(file);
  closeSync(reader);
  output.close();
  yield* sleep(0);
});

inLoop('a stream on a FIFO has every line, of one writer after another', function* (t, loop) {
  const [reader, writer] = makePipe();
  const stream = new StreamReader();
  yield* loop.connectReadPipe(() => new StreamReaderProtocol(stream), reader);
  const again = openSync(`/proc/self/fd/${writer}`, constants.O_WRONLY);
  writeSync(writer, 'one\n');
  closeSync(writer);
  t.is(String(yield* stream.readline()), 'one\n');
  writeSync(again, 'two\n');
  t.is(String(yield* stream.readline()), 'two\n');
  closeSync(again);
  t.is((yield* stream.read()).length, 0);
});
