// The two ends of a pipe as transports. The Python side is python/pipes.py.

import { closeSync, openSync, writeSync } from 'node:fs';
import type { Coroutine, Transport } from 'mioloop';
import { makePipe, readPipe } from '../support/pipes.js';
import { Side, said, scenario, type Twin } from './scenario.js';

/** Bytes; a pipe takes 65,536. */
const HALF = 100_000;

class Reading extends Side {
  override name = 'reader';
}

class Writing extends Side {
  override name = 'writer';
}

type Kind = new (twin: Twin) => Side;

/** A reading transport at rest, and the other end. */
function* reading(twin: Twin, side: Kind = Reading): Coroutine<[Side, number]> {
  const [reader, writer] = makePipe();
  const [, protocol] = yield* twin.loop.connectReadPipe(() => new side(twin), reader);
  yield* twin.turns(3);
  twin.zero();
  return [protocol, writer];
}

/** A writing transport at rest, and the other end. */
function* writing(twin: Twin, side: Kind = Writing): Coroutine<[Side, number]> {
  const [reader, writer] = makePipe();
  const [, protocol] = yield* twin.loop.connectWritePipe(() => new side(twin), writer);
  yield* twin.turns(3);
  twin.zero();
  return [protocol, reader];
}

function take(reader: number): number {
  return readPipe(reader).length;
}

scenario('pipe-read-connect (B168)', function* (twin) {
  const [reader, writer] = makePipe();
  writeSync(writer, 'early');
  twin.log('calls');
  yield* twin.loop.connectReadPipe(() => new Reading(twin), reader);
  twin.log('connect_read_pipe returned');
  yield* twin.turns(3);
  closeSync(writer);
  twin.log('writer closed');
  yield* twin.turns(5);
});

scenario('pipe-write-connect (B169)', function* (twin) {
  const [reader, writer] = makePipe();
  closeSync(reader);
  twin.log('calls');
  yield* twin.loop.connectWritePipe(() => new Writing(twin), writer);
  twin.log('connect_write_pipe returned');
  yield* twin.turns(5);
});

scenario('pipe-data-and-end (B168)', function* (twin) {
  const [, writer] = yield* reading(twin);
  writeSync(writer, 'last words');
  closeSync(writer);
  twin.log('written and closed');
  yield* twin.turns(6);
});

scenario('pipe-eof-true (B168)', function* (twin) {
  class KeepsOpen extends Reading {
    override eofReceived(): boolean {
      super.eofReceived();
      this.transport.pauseReading();
      this.transport.resumeReading();
      this.transport.close();
      this.log(`reading ${this.transport.isReading()}`);
      this.twin.loop.callSoon(this.twin.logger('soon, after the end'));
      return true;
    }
  }

  const [, writer] = yield* reading(twin, KeepsOpen);
  closeSync(writer);
  twin.log('closed');
  yield* twin.turns(6);
});

scenario('pipe-eof-error', function* (twin) {
  class Raises extends Reading {
    override eofReceived(): boolean {
      super.eofReceived();
      throw new RangeError('on purpose');
    }
  }

  twin.loop.setExceptionHandler((_loop, { exception }) => twin.log(`reported ${said(exception)}`));
  const [, writer] = yield* reading(twin, Raises);
  closeSync(writer);
  twin.log('closed');
  yield* twin.turns(6);
});

scenario('pipe-close-in-data', function* (twin) {
  class Closes extends Reading {
    override dataReceived(data: Buffer): void {
      super.dataReceived(data);
      this.transport.close();
      this.transport.close();
    }
  }

  const [, writer] = yield* reading(twin, Closes);
  writeSync(writer, 'first');
  twin.log('written');
  yield* twin.turns(2);
  try {
    writeSync(writer, 'second');
  } catch {
    twin.log('nobody reads');
  }
  closeSync(writer);
  yield* twin.turns(3);
});

scenario('pipe-close-drops-unread', function* (twin) {
  const [protocol, writer] = yield* reading(twin);
  writeSync(writer, 'never seen');
  protocol.transport.close();
  twin.log('written, transport closed');
  yield* twin.turns(4);
  closeSync(writer);
});

scenario('pipe-pause-and-resume (B168)', function* (twin) {
  const [protocol, writer] = yield* reading(twin);
  protocol.transport.pauseReading();
  writeSync(writer, 'waits');
  twin.log('paused and written');
  yield* twin.turns(3);
  closeSync(writer);
  twin.log('closed');
  yield* twin.turns(3);
  protocol.transport.resumeReading();
  twin.log('resumed');
  yield* twin.turns(6);
});

scenario('pipe-pause-before-dispatch (B168)', function* (twin) {
  const [protocol, writer] = yield* reading(twin);
  writeSync(writer, 'waits');
  twin.log('written');
  twin.loop.callSoon(() => protocol.transport.pauseReading());
  twin.loop.callSoon(twin.logger('paused'));
  yield* twin.turns(3);
  protocol.transport.resumeReading();
  twin.log('resumed');
  yield* twin.turns(2);
  closeSync(writer);
  yield* twin.turns(5);
});

scenario('pipe-pause-in-connection-made (B168)', function* (twin) {
  class Pauses extends Reading {
    override connectionMade(transport: Transport): void {
      super.connectionMade(transport);
      transport.pauseReading();
    }
  }

  const [reader, writer] = makePipe();
  writeSync(writer, 'early');
  closeSync(writer);
  const [, protocol] = yield* twin.loop.connectReadPipe(() => new Pauses(twin), reader);
  yield* twin.turns(3);
  twin.log('resumes');
  protocol.transport.resumeReading();
  yield* twin.turns(6);
});

scenario('pipe-write (B169)', function* (twin) {
  const [protocol, reader] = yield* writing(twin);
  protocol.transport.write(Buffer.from('a'));
  protocol.transport.write(Buffer.from(''));
  protocol.transport.writelines([Buffer.from('b'), Buffer.from('c')]);
  yield* twin.turns(1);
  twin.log(`arrived: ${readPipe(reader, 10)}`);
  protocol.transport.write(Buffer.from('last'));
  protocol.transport.close();
  protocol.transport.close();
  protocol.transport.write(Buffer.from('dropped'));
  twin.log('written and closed');
  twin.loop.callSoon(twin.logger('soon, after the close'));
  yield* twin.turns(3);
  twin.log(`arrived: ${readPipe(reader, 10)}`);
  closeSync(reader);
});

scenario('pipe-reader-gone (B169)', function* (twin) {
  const [protocol, reader] = yield* writing(twin);
  closeSync(reader);
  twin.log('reader closed');
  yield* twin.turns(4);
  protocol.transport.write(Buffer.from('dropped'));
  yield* twin.turns(2);
});

scenario('pipe-reader-gone-with-backlog (B47, B169)', function* (twin) {
  const [protocol, reader] = yield* writing(twin);
  protocol.transport.write(Buffer.alloc(HALF));
  twin.log(`buffered ${protocol.transport.getWriteBufferSize()}`);
  yield* twin.turns(2);
  closeSync(reader);
  twin.log('reader closed');
  yield* twin.turns(4);
});

scenario('pipe-reader-gone-while-closing (B169)', function* (twin) {
  const [protocol, reader] = yield* writing(twin);
  protocol.transport.write(Buffer.alloc(HALF));
  protocol.transport.close();
  yield* twin.turns(2);
  closeSync(reader);
  twin.log('reader closed');
  yield* twin.turns(4);
});

scenario('pipe-write-to-gone-reader (B47, B169)', function* (twin) {
  const [protocol, reader] = yield* writing(twin);
  closeSync(reader);
  protocol.transport.write(Buffer.from('nobody reads'));
  twin.log('reader closed, then written');
  yield* twin.turns(4);
});

scenario('pipe-write-eof-pending (B169)', function* (twin) {
  const [protocol, reader] = yield* writing(twin);
  protocol.transport.write(Buffer.alloc(HALF));
  protocol.transport.writeEof();
  protocol.transport.writeEof();
  protocol.transport.write(Buffer.from('dropped'));
  twin.log(`buffered ${protocol.transport.getWriteBufferSize()}`);
  yield* twin.turns(3);
  twin.log(`taken ${take(reader)}`);
  yield* twin.turns(3);
  twin.log(`taken ${take(reader)}, then ${take(reader)}`);
  closeSync(reader);
});

scenario('pipe-abort-with-backlog', function* (twin) {
  const [protocol, reader] = yield* writing(twin);
  protocol.transport.write(Buffer.alloc(HALF));
  protocol.transport.abort();
  twin.log(`aborted, buffered ${protocol.transport.getWriteBufferSize()}`);
  yield* twin.turns(3);
  twin.log(`taken ${take(reader)}, then ${take(reader)}`);
  closeSync(reader);
});

scenario('pipe-abort-after-close', function* (twin) {
  const [protocol, reader] = yield* writing(twin);
  protocol.transport.write(Buffer.alloc(HALF));
  protocol.transport.close();
  yield* twin.turns(2);
  protocol.transport.abort();
  twin.log('aborted');
  yield* twin.turns(3);
  closeSync(reader);
});

scenario('pipe-pause-writing', function* (twin) {
  const [protocol, reader] = yield* writing(twin);
  protocol.transport.write(Buffer.alloc(2 * HALF));
  twin.log(`buffered ${protocol.transport.getWriteBufferSize()}`);
  yield* twin.turns(2);
  for (let times = 0; times < 3; times++) {
    twin.log(`taken ${take(reader)}`);
    yield* twin.turns(3);
  }
  twin.log(`taken ${take(reader)}`);
  closeSync(reader);
  yield* twin.turns(4);
});

scenario('pipe-refused (B167)', function* (twin) {
  const file = openSync(process.execPath, 'r');
  twin.log(yield* twin.outcome(twin.loop.connectReadPipe(() => new Reading(twin), file)));
  twin.log(yield* twin.outcome(twin.loop.connectWritePipe(() => new Writing(twin), file)));
  closeSync(file);

  function fails(): Side {
    throw new RangeError('on purpose');
  }

  const [reader, writer] = makePipe();
  twin.log(yield* twin.outcome(twin.loop.connectReadPipe(fails, reader), said));
  writeSync(writer, 'x');
  twin.log(`taken ${take(reader)}`);
  closeSync(reader);
  closeSync(writer);
});

scenario('pipe-connect-cancelled', function* (twin) {
  const [reader, writer] = makePipe();

  function* connect(): Coroutine<void> {
    yield* twin.loop.connectReadPipe(() => new Reading(twin), reader);
  }

  const task = twin.loop.createTask(connect());
  yield* twin.turns(1);
  task.cancel();
  twin.log('cancelled');
  yield* twin.turns(4);
  closeSync(writer);
});
