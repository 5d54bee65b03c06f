// The ways in which a connection ends. The Python side is python/closing.py.

import type { Transport } from 'mioloop';
import { BIG, Client, Server, scenario } from './scenario.js';

class KeepsOpen extends Client {
  override eofReceived(): boolean {
    super.eofReceived();
    return true;
  }
}

/** Counts instead of logging, for data in pieces whose sizes are the kernel's choice. */
class Counts extends Server {
  received = 0;

  override dataReceived(data: Buffer): void {
    this.received += data.length;
  }
}

scenario('close-idle (B107)', function* (twin) {
  const [, client] = yield* twin.pair(Server, Client);
  client.transport.close();
  twin.log('client closed');
  client.transport.write(Buffer.from('dropped'));
  client.transport.close();
  twin.loop.callSoon(twin.logger('soon, after the close'));
  yield* twin.bothLost();
});

scenario('close-with-data (B107)', function* (twin) {
  const [, client] = yield* twin.pair(Server, Client);
  client.transport.write(Buffer.from('last words'));
  client.transport.close();
  twin.log('client wrote and closed');
  yield* twin.bothLost();
});

scenario('close-both (B107)', function* (twin) {
  const [server, client] = yield* twin.pair(Server, Client);
  server.transport.close();
  client.transport.close();
  twin.log('both closed');
  yield* twin.bothLost();
});

scenario('close-drops-unread', function* (twin) {
  const [server, client] = yield* twin.pair(Server, Client);
  client.transport.write(Buffer.from('never seen'));
  server.transport.close();
  twin.log('client wrote, server closed');
  yield* twin.bothLost();
});

scenario('half-close (B106)', function* (twin) {
  class Answers extends Server {
    override eofReceived(): boolean {
      super.eofReceived();
      this.twin.loop.callSoon(() => this.answer());
      return true;
    }

    answer(): void {
      this.transport.write(Buffer.from('pong'));
      this.transport.close();
      this.log('answered and closed');
    }
  }

  const [, client] = yield* twin.pair(Answers, Client);
  client.transport.write(Buffer.from('ping'));
  client.transport.writeEof();
  client.transport.writeEof();
  twin.log('client wrote data and eof');
  yield* twin.bothLost();
});

scenario('close-in-connection-made', function* (twin) {
  class Closes extends Server {
    override connectionMade(transport: Transport): void {
      super.connectionMade(transport);
      transport.write(Buffer.from('bye'));
      transport.close();
    }
  }

  const server = yield* twin.listen(() => new Closes(twin));
  twin.zero();
  yield* twin.connect(server, () => new Client(twin));
  twin.log('create_connection returned');
  yield* twin.bothLost();
});

scenario('close-buffered (B107)', function* (twin) {
  class Reports extends Counts {
    override eofReceived(): boolean {
      twin.countFromHere(`server eof after all the data: ${this.received === BIG}`);
      return false;
    }
  }

  class Writes extends Client {
    override resumeWriting(): void {
      twin.countFromHere('client resume writing');
    }
  }

  const [server, client] = yield* twin.pair(Reports, Writes);
  server.transport.pauseReading();
  client.transport.setWriteBufferLimits({ high: 0 });
  client.transport.write(new Uint8Array(BIG));
  client.transport.close();
  twin.log('client closed with a buffer');
  yield* twin.turns(5);
  twin.log(`client is closing: ${client.transport.isClosing()}`);
  server.transport.resumeReading();
  yield* twin.bothLost();
});

scenario('abort-idle (B108)', function* (twin) {
  const [, client] = yield* twin.pair(Server, Client);
  client.transport.abort();
  twin.log('client aborted');
  client.transport.abort();
  yield* twin.bothLost();
});

scenario('abort-buffered (B108)', function* (twin) {
  class Reports extends Counts {
    override eofReceived(): boolean {
      twin.countFromHere(`server eof, without all the data: ${this.received < BIG}`);
      return false;
    }
  }

  const [server, client] = yield* twin.pair(Reports, Client);
  server.transport.pauseReading();
  client.transport.write(new Uint8Array(BIG));
  twin.log(`client has a buffer: ${client.transport.getWriteBufferSize() > 0}`);
  client.transport.abort();
  twin.log(`client aborted, buffered: ${client.transport.getWriteBufferSize()}`);
  yield* twin.turns(3);
  server.transport.resumeReading();
  yield* twin.bothLost();
});

scenario('abort-after-close (B108)', function* (twin) {
  const [server, client] = yield* twin.pair(Counts, Client);
  server.transport.pauseReading();
  client.transport.write(new Uint8Array(BIG));
  client.transport.close();
  twin.log('client closed with a buffer');
  yield* twin.turns(2);
  client.transport.abort();
  twin.log('client aborted');
  yield* twin.turns(3);
  server.transport.abort();
  twin.log('server aborted');
  yield* twin.bothLost();
});

scenario('write-to-closed-peer (B117)', function* (twin) {
  const [server, client] = yield* twin.pair(Server, KeepsOpen);
  server.transport.close();
  twin.log('server closed');
  yield* twin.turns(4);
  client.transport.write(Buffer.from('answered by a reset'));
  twin.log('client wrote');
  yield* twin.turns(3);
  client.transport.write(Buffer.from('fails'));
  twin.log('client wrote again');
  yield* twin.bothLost();
});

scenario('reset-while-reading (B102)', function* (twin) {
  const [server, client] = yield* twin.pair(Server, Client);
  server.transport.pauseReading();
  client.transport.write(Buffer.from('unread'));
  twin.log('client wrote');
  yield* twin.turns(2);
  server.transport.close();
  twin.log('server closed with unread data');
  yield* twin.bothLost();
});

scenario('call-soon-in-connection-lost', function* (twin) {
  class Schedules extends Server {
    override connectionLost(error: Error | null): void {
      super.connectionLost(error);
      twin.loop.callSoon(twin.logger("soon, from the server's connection lost"));
    }
  }

  const [server] = yield* twin.pair(Schedules, Client);
  server.transport.close();
  twin.loop.callSoon(twin.logger('soon, after the close'));
  twin.log('server closed');
  yield* twin.bothLost();
});
