// Sending files on a transport. The Python side is python/files.py.

import { type Coroutine, socket, type Transport } from 'mioloop';
import { TestFile } from '../support/files.js';
import { BIG, Client, Server, scenario, type Twin, tried } from './scenario.js';
import { said } from './words.js';

const TEXT = Buffer.from('what is in the file');

class Counts extends Server {
  received = 0;

  override dataReceived(data: Buffer): void {
    this.received += data.length;
  }
}

class Resumes extends Client {
  override resumeWriting(): void {
    this.twin.countFromHere('client resume writing');
  }
}

function* send(twin: Twin, transport: Transport, file: TestFile): Coroutine<number> {
  return yield* twin.loop.sendfile(transport, file);
}

scenario('sendfile-small (B161)', function* (twin) {
  const [, client] = yield* twin.pair(Server, Client);
  using file = new TestFile(TEXT);
  client.transport.write(Buffer.from('before '));
  twin.log('client wrote');
  const sent = yield* twin.loop.sendfile(client.transport, file);
  twin.log(`client sent ${sent}, the position is ${file.position}`);
  client.transport.write(Buffer.from(' after'));
  twin.log('client wrote');
  yield* twin.turns(2);
  client.transport.close();
  yield* twin.bothLost();
});

scenario('sendfile-part (B161)', function* (twin) {
  const [, client] = yield* twin.pair(Server, Client);
  using file = new TestFile(TEXT);
  for (const [offset, count] of [[8], [5, 2], [0, 1000], [100], [100, 5], [19, 1]] as const) {
    const sent = yield* twin.loop.sendfile(client.transport, file, offset, count);
    twin.log(`client sent ${sent} from ${offset}, the position is ${file.position}`);
  }
  client.transport.close();
  yield* twin.bothLost();
});

scenario('sendfile-empty (B161)', function* (twin) {
  const [, client] = yield* twin.pair(Server, Client);
  using file = new TestFile(0);
  const sent = yield* twin.loop.sendfile(client.transport, file);
  twin.log(`client sent ${sent}, reading is ${client.transport.isReading()}`);
  client.transport.close();
  yield* twin.bothLost();
});

scenario('sendfile-behind-a-backlog (B161)', function* (twin) {
  const [server, client] = yield* twin.pair(Counts, Resumes);
  server.transport.pauseReading();
  client.transport.setWriteBufferLimits({ high: 0 });
  client.transport.write(new Uint8Array(BIG));
  twin.log('the big write returned');
  server.transport.resumeReading();
  using file = new TestFile(TEXT);
  const sent = yield* twin.loop.sendfile(client.transport, file);
  twin.countFromHere(`client sent ${sent}`);
  while (server.received < BIG + TEXT.length) yield* twin.turns(1);
  twin.countFromHere('everything arrived');
  server.transport.abort();
  client.transport.abort();
  yield* twin.bothLost();
});

scenario('sendfile-refuses-writes (B162)', function* (twin) {
  const [server, client] = yield* twin.pair(Counts, Client);
  const { transport } = client;
  server.transport.pauseReading();
  using file = new TestFile(2 * BIG);
  const sending = twin.loop.createTask(send(twin, transport, file));
  yield* twin.turns(2);
  const between = Buffer.from('in between');
  twin.log(`write ${tried(() => transport.write(between), said)}`);
  twin.log(`write of nothing ${tried(() => transport.write(new Uint8Array(0)), said)}`);
  twin.log(`writelines ${tried(() => transport.writelines([between]), said)}`);
  twin.log(`reading is ${transport.isReading()}, buffered ${transport.getWriteBufferSize()}`);
  server.transport.resumeReading();
  const sent = yield* sending;
  twin.countFromHere(`sent all: ${sent === 2 * BIG}, reading is ${transport.isReading()}`);
  transport.write(Buffer.from('afterwards'));
  while (server.received < 2 * BIG + 10) yield* twin.turns(1);
  twin.countFromHere('everything arrived');
  transport.close();
  yield* twin.bothLost();
});

scenario('sendfile-does-not-read', function* (twin) {
  const [server, client] = yield* twin.pair(Counts, Client);
  server.transport.pauseReading();
  using file = new TestFile(2 * BIG);
  const sending = twin.loop.createTask(send(twin, client.transport, file));
  yield* twin.turns(1);
  server.transport.write(Buffer.from('hello'));
  yield* twin.turns(4);
  twin.log('nothing was received');
  server.transport.resumeReading();
  yield* sending;
  twin.countFromHere('sent');
  yield* twin.turns(2);
  server.transport.abort();
  client.transport.abort();
  yield* twin.bothLost();
});

scenario('sendfile-cancelled (B166)', function* (twin) {
  const [server, client] = yield* twin.pair(Counts, Client);
  server.transport.pauseReading();
  using file = new TestFile(2 * BIG);
  const sending = twin.loop.createTask(send(twin, client.transport, file));
  yield* twin.turns(3);
  sending.cancel();
  twin.log('cancelled');
  const outcome = yield* twin.outcome(sending);
  twin.log(`sendfile ${outcome}, reading is ${client.transport.isReading()}`);
  client.transport.write(Buffer.from('afterwards'));
  server.transport.abort();
  client.transport.abort();
  yield* twin.bothLost();
});

scenario('sendfile-on-a-closing-transport (B163)', function* (twin) {
  const [, client] = yield* twin.pair(Server, Client);
  using file = new TestFile(TEXT);
  client.transport.close();
  twin.log(`sendfile ${yield* twin.outcome(twin.loop.sendfile(client.transport, file), said)}`);
  yield* twin.bothLost();
});

scenario('sock-sendfile (B161, B166)', function* (twin) {
  const [ours, theirs] = socket.socketpair();
  ours.setBlocking(false);
  theirs.setBlocking(false);
  twin.zero();
  {
    using file = new TestFile(TEXT);
    for (const [offset, count] of [[0], [8, 3], [100]] as const) {
      const sent = yield* twin.loop.sockSendfile(ours, file, offset, count);
      twin.log(`sent ${sent} from ${offset}, the position is ${file.position}`);
    }
    yield* twin.loop.sockSendall(ours, Buffer.from(' after'));
    const data = yield* twin.loop.sockRecv(theirs, 1000);
    twin.log(`received ${data}`);
  }
  {
    using file = new TestFile(0);
    twin.log(`sent ${yield* twin.loop.sockSendfile(ours, file)}`);
  }
  {
    using file = new TestFile(2 * BIG);
    const sending = twin.loop.createTask(sockSend(twin, ours, file));
    yield* twin.turns(3);
    sending.cancel();
    twin.log('cancelled');
    const outcome = yield* twin.outcome(sending);
    twin.log(`sock_sendfile ${outcome}, still registered: ${twin.loop.removeWriter(ours)}`);
  }
  ours.close();
  theirs.close();
});

function* sockSend(twin: Twin, sock: socket.Socket, file: TestFile): Coroutine<number> {
  return yield* twin.loop.sockSendfile(sock, file);
}
