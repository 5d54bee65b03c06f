// StreamWriter: what it sends, what drain and waitClosed wait for, and the half-open stream.

import { inspect } from 'node:util';
import type { Task } from 'mioloop';
import {
  CancelledError,
  NotImplementedError,
  openConnection,
  RuntimeError,
  StreamReader,
  StreamReaderProtocol,
  StreamWriter,
  type Transport,
} from 'mioloop';
import { failure, thrown } from './support/failure.js';
import { turns } from './support/hall.js';
import { Desk } from './support/lockstep.js';
import { bothModes, inLoop } from './support/modes.js';
import { bytesOf, sameBytes } from './support/random.js';
import { StreamHall } from './support/stream-hall.js';

/** Bytes; more than the kernel takes for a connection that nobody reads. */
const BIG = 16 * 1024 * 1024;

inLoop('what is written arrives, in its order (B187)', function* (t, loop) {
  using hall = yield* StreamHall.open(loop);
  const [, writer, line] = yield* hall.join();
  writer.write(Buffer.from('one '));
  writer.writelines([Buffer.from('two '), Buffer.from('three ')]);
  const big = bytesOf(1, 100_000);
  writer.write(big);
  yield* writer.drain();
  t.true(writer.canWriteEof());
  writer.writeEof();
  yield* line.until(({ ended }) => ended);
  sameBytes(t, line.data(), Buffer.concat([Buffer.from('one two three '), big]));
  const error = thrown(() => writer.write(Buffer.from('more'))) as RuntimeError;
  t.true(error instanceof RuntimeError);
  t.is(error.message, 'Cannot call write() after write_eof()');
  t.true(thrown(() => writer.write('text' as never)) instanceof TypeError);
});

inLoop('a writer knows its transport, and what that knows (B187)', function* (t, loop) {
  using hall = yield* StreamHall.open(loop);
  const [, writer, line] = yield* hall.join();
  t.deepEqual(writer.getExtraInfo('peername'), ['127.0.0.1', line.localPort]);
  t.deepEqual(writer.getExtraInfo('sockname'), ['127.0.0.1', hall.port]);
  t.is(writer.getExtraInfo('nothing'), undefined);
  t.is(writer.getExtraInfo('nothing', 5), 5);
  t.is(writer.transport.getExtraInfo('sslcontext'), undefined);
  t.false(writer.isClosing());
  t.regex(
    inspect(writer),
    /^<StreamWriter transport=<StreamTransport fd=\d+> reader=<StreamReader transport=</,
  );
  writer.close();
  t.true(writer.isClosing());
});

inLoop('startTls is not there yet', function* (t, loop) {
  using hall = yield* StreamHall.open(loop);
  const [, writer] = yield* hall.join();
  const error = (yield* failure(writer.startTls({}))) as NotImplementedError;
  t.true(error instanceof NotImplementedError);
  t.is(error.code, 'ERR_NOT_IMPLEMENTED');
});

inLoop('drain is done at once while there is room (B191)', function* (t, loop) {
  using hall = yield* StreamHall.open(loop);
  const [, writer] = yield* hall.join();
  writer.write(Buffer.from('a little'));
  for (let count = 0; count < 3; count++) {
    const draining = writer.drain();
    t.true(draining.done());
    yield* draining;
  }
});

inLoop('drain waits for a slow peer; many may wait (B191)', function* (t, loop) {
  using hall = yield* StreamHall.open(loop);
  const [, writer, line] = yield* hall.join({ paused: true });
  const content = bytesOf(1, BIG);
  writer.write(content);
  const drains = Array.from({ length: 10 }, () => loop.createTask(() => writer.drain()));
  yield* turns(5);
  t.true(drains.every((drain) => !drain.done()));
  drains[0]!.cancel();
  t.true((yield* failure(drains[0]!)) instanceof CancelledError);
  line.resume();
  for (const drain of drains.slice(1)) yield* drain;
  t.true(writer.transport.getWriteBufferSize() <= writer.transport.getWriteBufferLimits()[0]);
  writer.close();
  yield* line.until(({ received }) => received === BIG);
  sameBytes(t, line.data(), content);
});

inLoop(
  'a loop of writes and drains stops at the high mark, so memory stays small (B191)',
  function* (t, loop) {
    using hall = yield* StreamHall.open(loop);
    const [, writer, line] = yield* hall.join({ paused: true });
    let written = 0;
    const pumping = loop.createTask(function* () {
      const piece = bytesOf(1, 32 * 1024);
      for (;;) {
        writer.write(piece);
        written += piece.length;
        yield* writer.drain();
      }
    });
    yield* turns(300);
    const before = written;
    yield* turns(50);
    t.is(written, before);
    t.true(writer.transport.getWriteBufferSize() < 200_000);
    line.reset();
    const error = (yield* failure(pumping)) as NodeJS.ErrnoException;
    t.true(['ECONNRESET', 'EPIPE'].includes(error.code!), String(error));
  },
);

inLoop("drain throws the reader's error (B191)", function* (t, loop) {
  using hall = yield* StreamHall.open(loop);
  const [reader, writer] = yield* hall.join();
  const error = new Error('broken');
  reader.setException(error);
  t.is(yield* failure(writer.drain()), error);
});

inLoop(
  'after a loss, drain is a reset: the error of the stream, then that of the connection (B191)',
  function* (t, loop) {
    using hall = yield* StreamHall.open(loop);
    const [reader, writer, line] = yield* hall.join();
    line.reset();
    const lost = (yield* failure(reader.read())) as NodeJS.ErrnoException;
    t.is(lost.code, 'ECONNRESET');
    t.is(yield* failure(writer.drain()), lost);
    t.is(yield* failure(writer.waitClosed()), lost);
    t.is(yield* failure(reader.readline()), lost);
    t.true(writer.isClosing());
    // Without a reader there is no such error.
    const [transport, protocol] = [
      writer.transport as Transport,
      new StreamReaderProtocol(new StreamReader()),
    ];
    protocol.connectionLost(null);
    const blind = new StreamWriter(transport, protocol, null, loop);
    const error = (yield* failure(blind.drain())) as NodeJS.ErrnoException;
    t.is(error.code, 'ECONNRESET');
    t.is(error.message, 'Connection lost');
  },
);

inLoop('those who drain when the connection is lost get its error (B191)', function* (t, loop) {
  using hall = yield* StreamHall.open(loop);
  const [, writer, line] = yield* hall.join({ paused: true });
  writer.write(bytesOf(1, BIG));
  const drains = Array.from({ length: 3 }, () => loop.createTask(() => writer.drain()));
  yield* turns(3);
  line.reset();
  for (const drain of drains) {
    const error = (yield* failure(drain)) as NodeJS.ErrnoException;
    t.true(['ECONNRESET', 'EPIPE'].includes(error.code!), String(error));
  }
});

inLoop('those who drain when the transport is aborted go on (B191)', function* (t, loop) {
  using hall = yield* StreamHall.open(loop);
  const [, writer] = yield* hall.join({ paused: true });
  writer.write(bytesOf(1, BIG));
  const draining = loop.createTask(() => writer.drain());
  yield* turns(2);
  writer.transport.abort();
  yield* draining;
  const error = (yield* failure(writer.drain())) as NodeJS.ErrnoException;
  t.is(error.code, 'ECONNRESET', 'but not a second time');
});

inLoop('one drain after another, behind each other (B191)', function* (t, loop) {
  // As a transport that pauses and resumes between two steps.
  const protocol = new StreamReaderProtocol(new StreamReader());
  using hall = yield* StreamHall.open(loop);
  const [, { transport }] = yield* hall.join();
  const writer = new StreamWriter(transport, protocol, null, loop);
  protocol.pauseWriting();
  const first = writer.drain();
  protocol.resumeWriting();
  protocol.pauseWriting();
  const second = writer.drain();
  protocol.connectionLost(new Error('broken'));
  yield* first;
  t.is(((yield* failure(second)) as Error).message, 'broken');
});

inLoop(
  'write and drain after close are a reset, once the connection is gone (B191, B192)',
  function* (t, loop) {
    using hall = yield* StreamHall.open(loop);
    const [, writer] = yield* hall.join();
    writer.close();
    writer.write(Buffer.from('data'));
    const error = (yield* failure(writer.drain())) as NodeJS.ErrnoException;
    t.is(error.code, 'ECONNRESET');
    t.is(error.syscall, 'write');
    t.is(error.message, 'Connection lost');
  },
);

inLoop('drain while the rest is sent waits for room as ever (B191)', function* (t, loop) {
  using hall = yield* StreamHall.open(loop);
  const [, writer, line] = yield* hall.join({ paused: true });
  writer.write(bytesOf(1, BIG));
  writer.close();
  const draining = loop.createTask(() => writer.drain());
  yield* turns(5);
  t.false(draining.done());
  line.resume();
  yield* draining;
  yield* writer.waitClosed();
});

inLoop('waitClosed waits for the end of the connection, however many wait (B192)', function* (t, loop) {
  using hall = yield* StreamHall.open(loop);
  const [reader, writer, line] = yield* hall.join({ paused: true });
  const waits: Task<void>[] = [];
  for (let count = 0; count < 3; count++) waits.push(loop.createTask(() => writer.waitClosed()));
  yield* turns(3);
  // A cancelled one is nobody else's affair. (asyncio cancels the future that they share.)
  waits[1]!.cancel();
  t.true((yield* failure(waits[1]!)) instanceof CancelledError);
  writer.write(bytesOf(1, BIG));
  writer.close();
  yield* turns(3);
  t.false(waits[0]!.done(), 'not before everything is sent');
  line.resume();
  yield* waits[0]!;
  yield* waits[2]!;
  const again = writer.waitClosed();
  t.true(again.done());
  yield* again;
  t.true(reader.atEof());
  t.is((yield* reader.read()).length, 0);
});

inLoop('waitClosed with data that nobody has read (B192)', function* (t, loop) {
  using hall = yield* StreamHall.open(loop);
  const [reader, writer, line] = yield* hall.join();
  line.deliver('first\nsecond\n');
  t.is(String(yield* reader.readline()), 'first\n');
  writer.close();
  yield* writer.waitClosed();
  t.false(reader.atEof(), 'what came before is still there');
  t.is(String(yield* reader.readline()), 'second\n');
  t.true(reader.atEof());
});

inLoop('who reads when the writer is closed finds the end (B192)', function* (t, loop) {
  using hall = yield* StreamHall.open(loop);
  const [reader, writer] = yield* hall.join();
  const reading = loop.createTask(() => reader.readline());
  yield* turns(1);
  writer.close();
  t.is((yield* reading).length, 0);
});

inLoop(
  'the end of a plain stream leaves it half open: what is written still arrives (B193)',
  function* (t, loop) {
    using hall = yield* StreamHall.open(loop);
    const [reader, writer, line] = yield* hall.join();
    line.deliver('question');
    line.end();
    t.is(String(yield* reader.read()), 'question');
    t.true(reader.atEof());
    yield* turns(5);
    t.false(writer.isClosing());
    writer.write(Buffer.from('answer'));
    writer.close();
    yield* line.until(({ ended }) => ended);
    t.is(String(line.data()), 'answer');
    yield* writer.waitClosed();
  },
);

inLoop('over TLS the end of the stream is that of the connection (B193)', function* (t, loop) {
  const reader = new StreamReader(undefined, loop);
  const overTls = { getExtraInfo: (name: string) => (name === 'sslcontext' ? {} : undefined) };
  for (const [transport, keepOpen] of [
    [overTls, false],
    [{ getExtraInfo: () => undefined }, true],
  ] as const) {
    const protocol = new StreamReaderProtocol(new StreamReader());
    protocol.connectionMade(transport as unknown as Transport);
    t.is(protocol.eofReceived(), keepOpen);
  }
  reader.feedEof();
  yield* reader.read();
});

inLoop('a reader that is not read pauses the connection, and goes on when it is (B187)', function* (t, loop) {
  using hall = yield* StreamHall.open(loop, { limit: 1000 });
  const [reader, writer, line] = yield* hall.join();
  const transport = writer.transport as Transport;
  const content = bytesOf(1, 5_000_000);
  line.send(content);
  while (transport.isReading()) yield* turns(1);
  yield* turns(20);
  t.false(transport.isReading(), 'the peer has to wait');
  const pieces: Buffer[] = [];
  let count = 0;
  while (count < content.length) {
    const piece = yield* reader.read(1 + (count % 70_000));
    pieces.push(piece);
    count += piece.length;
  }
  sameBytes(t, Buffer.concat(pieces), content);
  t.true(transport.isReading());
});

bothModes('await using closes a writer and waits for its end (B192)', async (t, { loop, run }) => {
  using desk = new Desk();
  let transport: Transport | undefined;
  await run(
    loop.createTask(async () => {
      const [reader, writer] = await openConnection('127.0.0.1', desk.port);
      await using _ = writer;
      transport = writer.transport as Transport;
      writer.write(Buffer.from('bye'));
      t.false(reader.atEof());
    }),
  );
  t.true(transport!.isClosing());
  t.is(transport!.getProtocol(), null, 'it is gone');
});
