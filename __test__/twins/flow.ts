// Pausing, on the reading and on the writing side. The Python side is python/flow.py.

import type { Transport } from 'mioloop';
import { BIG, Boom, Client, keep, Server, scenario } from './scenario.js';

class PausesAtOnce extends Server {
  override connectionMade(transport: Transport): void {
    super.connectionMade(transport);
    transport.pauseReading();
  }
}

class PausesOnData extends Server {
  override dataReceived(data: Buffer): void {
    super.dataReceived(data);
    this.transport.pauseReading();
  }
}

class Counts extends Server {
  received = 0;

  override dataReceived(data: Buffer): void {
    this.received += data.length;
  }
}

scenario('pause-in-connection-made (B101)', function* (twin) {
  const made: PausesAtOnce[] = [];
  const server = yield* twin.listen(keep(made, () => new PausesAtOnce(twin)));
  twin.zero();
  const client = yield* twin.connect(server, () => new Client(twin));
  client.transport.write(Buffer.from('ping'));
  twin.log('client wrote');
  yield* twin.turns(5);
  made[0]!.transport.resumeReading();
  twin.log(`server reads again: ${made[0]!.transport.isReading()}`);
  yield* twin.turns(3);
  client.transport.close();
  yield* twin.bothLost();
});

scenario('pause-in-data-received', function* (twin) {
  const [server, client] = yield* twin.pair(PausesOnData, Client);
  client.transport.write(Buffer.from('one'));
  twin.log('client wrote one');
  yield* twin.turns(2);
  client.transport.write(Buffer.from('two'));
  client.transport.close();
  twin.log('client wrote two and closed');
  yield* twin.turns(5);
  server.transport.resumeReading();
  twin.log('server resumed');
  yield* twin.turns(4);
  server.transport.resumeReading();
  twin.log('server resumed');
  yield* twin.bothLost();
});

scenario('pause-and-resume-in-one-turn', function* (twin) {
  class PausesBriefly extends PausesOnData {
    override dataReceived(data: Buffer): void {
      super.dataReceived(data);
      this.transport.resumeReading();
    }
  }

  const [, client] = yield* twin.pair(PausesBriefly, Client);
  client.transport.write(Buffer.from('one'));
  twin.log('client wrote one');
  yield* twin.turns(2);
  client.transport.write(Buffer.from('two'));
  client.transport.writeEof();
  twin.log('client wrote two and eof');
  yield* twin.bothLost();
});

scenario('pause-before-dispatch', function* (twin) {
  const [server, client] = yield* twin.pair(Server, Client);
  client.transport.write(Buffer.from('held back'));
  twin.loop.callSoon(() => server.transport.pauseReading());
  twin.log('client wrote; server pauses before the data is dispatched');
  yield* twin.turns(4);
  server.transport.resumeReading();
  twin.log('server resumed');
  yield* twin.turns(3);
  client.transport.close();
  yield* twin.bothLost();
});

scenario('pause-writing (B119)', function* (twin) {
  class Writes extends Client {
    override resumeWriting(): void {
      twin.countFromHere('client resume writing');
      this.transport.setWriteBufferLimits();
      this.transport.write(Buffer.from('from resume writing'));
      twin.log('client wrote');
    }
  }

  class Reports extends Counts {
    override dataReceived(data: Buffer): void {
      super.dataReceived(data);
      if (this.received === BIG + 19) {
        twin.countFromHere('everything arrived, with what resume writing wrote');
        client.transport.close();
      }
    }
  }

  const [server, client] = yield* twin.pair(Reports, Writes);
  server.transport.pauseReading();
  client.transport.setWriteBufferLimits({ high: 0 });
  twin.log(`limits ${client.transport.getWriteBufferLimits().join(', ')}`);
  client.transport.write(new Uint8Array(BIG));
  twin.log('the big write returned');
  client.transport.write(new Uint8Array(0));
  yield* twin.turns(4);
  server.transport.resumeReading();
  twin.log('server resumed');
  yield* twin.bothLost();
});

scenario('write-until-paused (B119)', function* (twin) {
  class Writes extends Client {
    paused = false;

    override pauseWriting(): void {
      super.pauseWriting();
      this.paused = true;
    }
  }

  const [server, client] = yield* twin.pair(Counts, Writes);
  server.transport.pauseReading();
  client.transport.setWriteBufferLimits({ high: 10, low: 5 });
  while (!client.paused) client.transport.write(new Uint8Array(1000));
  twin.log(`paused, and more than 10 bytes are buffered: ${client.transport.getWriteBufferSize() > 10}`);
  client.transport.write(new Uint8Array(1000));
  client.transport.setWriteBufferLimits({ high: 3, low: 2 });
  twin.log('wrote when paused: not called again');
  client.transport.abort();
  server.transport.abort();
  yield* twin.bothLost();
});

scenario('limits-pause-at-once (B119)', function* (twin) {
  class Resumes extends Client {
    override resumeWriting(): void {
      twin.countFromHere('client resume writing');
    }
  }

  const [server, client] = yield* twin.pair(Counts, Resumes);
  server.transport.pauseReading();
  client.transport.setWriteBufferLimits({ high: 2 * BIG });
  client.transport.write(new Uint8Array(BIG));
  twin.log('the big write returned: not paused');
  client.transport.setWriteBufferLimits({ high: 100 });
  twin.log('limits lowered');
  yield* twin.turns(2);
  server.transport.resumeReading();
  while (server.received < BIG) yield* twin.turns(1);
  server.transport.abort();
  client.transport.abort();
  twin.countFromHere('everything arrived; both aborted');
  yield* twin.bothLost();
});

scenario('pause-writing-error (B119)', function* (twin) {
  class Fails extends Client {
    override pauseWriting(): void {
      super.pauseWriting();
      throw new Boom();
    }

    override resumeWriting(): void {
      twin.countFromHere('client resume writing');
      throw new Boom();
    }
  }

  const [server, client] = yield* twin.pair(Counts, Fails);
  server.transport.pauseReading();
  client.transport.setWriteBufferLimits({ high: 0 });
  client.transport.write(new Uint8Array(BIG));
  twin.log('the big write returned');
  server.transport.resumeReading();
  while (server.received < BIG) yield* twin.turns(1);
  twin.countFromHere('everything arrived');
  client.transport.close();
  yield* twin.bothLost();
});
