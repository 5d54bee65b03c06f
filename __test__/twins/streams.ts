// Streams: who waits at a reader or a writer, and when they go on. The Python side is python/streams.py.

import type { Coroutine, Future, Task, Transport } from 'mioloop';
import {
  type ClientConnectedCallback,
  currentTask,
  openConnection,
  StreamReader,
  StreamReaderProtocol,
  StreamWriter,
  sleep,
  startServer,
} from 'mioloop';
import { Boom, scenario, type Twin, word } from './scenario.js';

function* serve(twin: Twin, handler: ClientConnectedCallback): Coroutine<number> {
  const server = yield* startServer(handler, '127.0.0.1', 0);
  twin.closes(server);
  const [, port] = server.sockets[0]!.getsockname() as [string, number];
  return port;
}

type Ends = [reader: StreamReader, writer: StreamWriter];

/** Both ends of a connection, at rest; then turn 0. */
function* pair(twin: Twin): Coroutine<[...theirs: Ends, ...ours: Ends]> {
  const accepted = twin.loop.createFuture<Ends>();
  const port = yield* serve(twin, (...ends) => accepted.setResult(ends));
  const ours = yield* openConnection('127.0.0.1', port);
  const theirs = yield* accepted;
  yield* twin.turns(6);
  twin.zero();
  return [...theirs, ...ours];
}

/** A transport that does nothing. */
class Nowhere {
  closing = false;

  isClosing(): boolean {
    return this.closing;
  }

  getExtraInfo(): undefined {
    return undefined;
  }
}

/** A reader, a protocol and a writer without a connection. */
function byHand(twin: Twin): [StreamReader, StreamReaderProtocol, StreamWriter, Nowhere] {
  const reader = new StreamReader(8);
  const protocol = new StreamReaderProtocol(reader);
  const nowhere = new Nowhere();
  const transport = nowhere as unknown as Transport;
  return [reader, protocol, new StreamWriter(transport, protocol, reader, twin.loop), nowhere];
}

function spawn(twin: Twin, name: string, wait: () => Future<Buffer> | Future<void>): Task<void> {
  return twin.loop.createTask(function* () {
    let result: unknown;
    try {
      result = yield* wait() as Future<unknown>;
    } catch (error) {
      twin.log(`${name} raised ${word(error)}`);
      return;
    }
    twin.log(`${name} has ${result instanceof Buffer ? text(result) || 'the end' : 'nothing'}`);
  });
}

function* finish(...tasks: Task<void>[]): Coroutine<void> {
  for (const task of tasks) yield* task;
}

function text(data: Buffer): string {
  return String(data).trim();
}

scenario('stream-open (B194)', function* (twin) {
  const served = twin.loop.createFuture<void>();

  function* handler(reader: StreamReader, writer: StreamWriter): Coroutine<void> {
    twin.log('served');
    writer.write(Buffer.from('hello\n'));
    yield* writer.drain();
    twin.log('drained');
    served.setResult();
    yield* reader.read();
    writer.close();
  }

  const port = yield* serve(twin, handler);
  twin.zero();
  const [reader, writer] = yield* openConnection('127.0.0.1', port);
  twin.log('open');
  twin.log(`read ${text(yield* reader.readline())}`);
  yield* served;
  writer.close();
  yield* writer.waitClosed();
  twin.log('closed');
  yield* twin.turns(5);
});

scenario('stream-plain-callback (B194)', function* (twin) {
  function* later(writer: StreamWriter): Coroutine<void> {
    twin.log('task');
    writer.close();
  }

  const port = yield* serve(twin, (_reader, writer) => {
    twin.log('called');
    twin.loop.createTask(later(writer));
  });
  twin.zero();
  const [reader, writer] = yield* openConnection('127.0.0.1', port);
  twin.log('open');
  yield* reader.read();
  twin.log('end');
  writer.close();
  yield* writer.waitClosed();
  yield* twin.turns(5);
});

scenario('stream-callback-gives-coroutine (B194)', function* (twin) {
  function* serves(writer: StreamWriter): Coroutine<void> {
    twin.log('coroutine');
    writer.close();
  }

  const port = yield* serve(twin, (_reader, writer) => {
    twin.log('called');
    return serves(writer);
  });
  twin.zero();
  const [reader, writer] = yield* openConnection('127.0.0.1', port);
  yield* reader.read();
  twin.log('end');
  writer.close();
  yield* writer.waitClosed();
  yield* twin.turns(5);
});

scenario('stream-read (B188, B190)', function* (twin) {
  const [reader, server, , writer] = yield* pair(twin);
  const task = spawn(twin, 'reader', () => reader.readline());
  yield* twin.turns(2);
  writer.write(Buffer.from('a line\n'));
  twin.log('written');
  yield* task;
  writer.writeEof();
  twin.log('ended');
  yield* spawn(twin, 'reader', () => reader.read());
  server.close();
  twin.log('server closed');
  yield* server.waitClosed();
  twin.log('wait_closed');
  writer.close();
  yield* writer.waitClosed();
});

scenario('stream-read-there (B188)', function* (twin) {
  const reader = new StreamReader(8);
  reader.feedData(Buffer.from('one\ntwo\n'));
  twin.loop.callSoon(twin.logger('next turn'));
  for (let count = 0; count < 2; count++) twin.log(`read ${text(yield* reader.readline())}`);
  yield* twin.turns(1);
  twin.log('a turn later');
});

scenario('stream-read-pieces (B188, B190)', function* (twin) {
  const reader = new StreamReader(8);
  let task = spawn(twin, 'reader', () => reader.readexactly(6));
  for (let count = 0; count < 3; count++) {
    yield* twin.turns(1);
    reader.feedData(Buffer.from('ab'));
    twin.log('fed');
  }
  yield* task;
  task = spawn(twin, 'reader', () => reader.readline());
  for (const piece of 'ab\n') {
    yield* twin.turns(2);
    reader.feedData(Buffer.from(piece));
    twin.log('fed');
  }
  yield* task;
  task = spawn(twin, 'reader', () => reader.read());
  for (const piece of 'ab') {
    yield* twin.turns(1);
    reader.feedData(Buffer.from(piece));
  }
  yield* twin.turns(1);
  reader.feedEof();
  twin.log('ended');
  yield* task;
});

scenario('stream-read-cancel (B190)', function* (twin) {
  const reader = new StreamReader(8);
  let task = spawn(twin, 'reader', () => reader.readline());
  yield* twin.turns(1);
  task.cancel();
  twin.log('cancelled');
  yield* task;
  task = spawn(twin, 'reader', () => reader.readline());
  yield* twin.turns(1);
  reader.feedData(Buffer.from('line\n'));
  task.cancel();
  twin.log('fed and cancelled');
  yield* task;
  yield* spawn(twin, 'reader', () => reader.readline());
});

scenario('stream-second-reader (B190)', function* (twin) {
  const reader = new StreamReader(8);
  const first = spawn(twin, 'first', () => reader.readline());
  yield* twin.turns(1);
  yield* spawn(twin, 'second', () => reader.readline());
  first.cancel();
  twin.log('first cancelled');
  yield* spawn(twin, 'third', () => reader.read(0));
  reader.feedData(Buffer.from('x'));
  yield* first;
  yield* spawn(twin, 'fourth', () => reader.read(1));
});

scenario('stream-error-while-waiting (B191, B192)', function* (twin) {
  const [reader, protocol, writer, nowhere] = byHand(twin);
  protocol.pauseWriting();
  const closed = spawn(twin, 'wait_closed', () => writer.waitClosed());
  const tasks = [...'ab'].map((name) => spawn(twin, `drain ${name}`, () => writer.drain()));
  const reading = spawn(twin, 'reader', () => reader.readline());
  yield* twin.turns(2);
  protocol.connectionLost(new Boom());
  twin.log('lost');
  yield* finish(closed, reading, ...tasks);
  yield* spawn(twin, 'drain again', () => writer.drain());
  yield* spawn(twin, 'wait_closed again', () => writer.waitClosed());
  nowhere.closing = true;
});

scenario('stream-lost-while-waiting (B191, B192)', function* (twin) {
  const [reader, protocol, writer, nowhere] = byHand(twin);
  protocol.pauseWriting();
  const tasks = [...'ab'].map((name) => spawn(twin, `drain ${name}`, () => writer.drain()));
  const closed = spawn(twin, 'wait_closed', () => writer.waitClosed());
  const reading = spawn(twin, 'reader', () => reader.read());
  yield* twin.turns(2);
  nowhere.closing = true;
  protocol.connectionLost(null);
  twin.log('lost');
  yield* finish(closed, reading, ...tasks);
  yield* spawn(twin, 'drain again', () => writer.drain());
  yield* spawn(twin, 'wait_closed again', () => writer.waitClosed());
});

scenario('stream-drain (B191)', function* (twin) {
  const [, protocol, writer, nowhere] = byHand(twin);
  yield* writer.drain();
  twin.log('no need to wait');
  protocol.pauseWriting();
  const tasks = [...'abc'].map((name) => spawn(twin, name, () => writer.drain()));
  yield* twin.turns(2);
  tasks[1]!.cancel();
  twin.log('b cancelled');
  yield* twin.turns(2);
  protocol.resumeWriting();
  protocol.pauseWriting();
  twin.log('resumed and paused');
  const last = spawn(twin, 'd', () => writer.drain());
  yield* finish(...tasks);
  protocol.resumeWriting();
  twin.log('resumed');
  yield* last;
  nowhere.closing = true;
});

scenario('stream-drain-closing (B191, B192)', function* (twin) {
  const [, server, reader, writer] = yield* pair(twin);
  writer.close();
  twin.log('closed');
  writer.write(Buffer.from('data'));
  yield* spawn(twin, 'drain', () => writer.drain());
  yield* spawn(twin, 'drain', () => writer.drain());
  yield* spawn(twin, 'reader', () => reader.read());
  server.close();
  yield* server.waitClosed();
});

scenario('stream-close-while-reading (B192)', function* (twin) {
  const [, server, reader, writer] = yield* pair(twin);
  const task = spawn(twin, 'reader', () => reader.readline());
  const closed = spawn(twin, 'wait_closed', () => writer.waitClosed());
  yield* twin.turns(2);
  writer.close();
  twin.log('closed');
  yield* finish(task, closed);
  server.close();
  yield* server.waitClosed();
});

scenario('stream-handler-error (B194)', function* (twin) {
  const port = yield* serve(twin, function* () {
    twin.log('served');
    yield* sleep(0);
    throw new Boom();
  });
  twin.zero();
  const [reader, writer] = yield* openConnection('127.0.0.1', port);
  yield* reader.read();
  twin.log('end');
  writer.close();
  yield* writer.waitClosed();
});

scenario('stream-handler-cancelled (B194)', function* (twin) {
  const port = yield* serve(twin, function* () {
    twin.log('served');
    const task = currentTask()!;
    twin.loop.callSoon(() => task.cancel());
    yield* twin.loop.createFuture();
  });
  twin.zero();
  const [reader, writer] = yield* openConnection('127.0.0.1', port);
  yield* reader.read();
  twin.log('end');
  writer.close();
  yield* writer.waitClosed();
});

scenario('stream-half-open (B193)', function* (twin) {
  const [reader, server, client, writer] = yield* pair(twin);
  writer.write(Buffer.from('question'));
  writer.writeEof();
  twin.log('asked');
  yield* spawn(twin, 'server', () => reader.read());
  server.write(Buffer.from('answer'));
  server.close();
  twin.log('answered and closed');
  yield* spawn(twin, 'client', () => client.read());
  writer.close();
  yield* writer.waitClosed();
});
