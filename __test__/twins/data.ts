// Bytes, from a write to the other side's protocol. The Python side is python/data.py.

import type { Transport } from 'mioloop';
import { Boom, BufferedSide, Client, Server, scenario, type Twin } from './scenario.js';

scenario('first-data', function* (twin) {
  class Echo extends Server {
    override dataReceived(data: Buffer): void {
      super.dataReceived(data);
      this.transport.write(data);
    }
  }

  class Asks extends Client {
    override connectionMade(transport: Transport): void {
      super.connectionMade(transport);
      transport.write(Buffer.from('ping'));
    }

    override dataReceived(data: Buffer): void {
      super.dataReceived(data);
      this.transport.close();
    }
  }

  const server = yield* twin.listen(() => new Echo(twin));
  twin.zero();
  yield* twin.connect(server, () => new Asks(twin));
  twin.log('create_connection returned');
  yield* twin.bothLost();
});

scenario('write-order', function* (twin) {
  class Echo extends Server {
    override dataReceived(data: Buffer): void {
      super.dataReceived(data);
      this.transport.write(Buffer.from('['));
      this.transport.writelines([data, Buffer.from(']')]);
    }
  }

  const [, client] = yield* twin.pair(Echo, Client);
  client.transport.write(Buffer.from('a'));
  client.transport.write(Buffer.from(''));
  client.transport.writelines([Buffer.from('b'), Buffer.from('c')]);
  twin.log('client wrote three times');
  yield* twin.turns(3);
  client.transport.write(Buffer.from('d'));
  twin.log('client wrote again');
  yield* twin.turns(4);
  twin.log('enough');
});

scenario('data-and-eof (B106)', function* (twin) {
  const [, client] = yield* twin.pair(Server, Client);
  client.transport.write(Buffer.from('last words'));
  client.transport.writeEof();
  twin.log('client wrote data and eof');
  yield* twin.bothLost();
});

scenario('set-protocol (B105)', function* (twin) {
  class Second extends Server {
    override name = 'second protocol';
  }

  class First extends Server {
    override dataReceived(data: Buffer): void {
      super.dataReceived(data);
      this.transport.setProtocol(new Second(this.twin));
    }
  }

  const [, client] = yield* twin.pair(First, Client);
  client.transport.write(Buffer.from('one'));
  twin.log('client wrote one');
  yield* twin.turns(2);
  client.transport.write(Buffer.from('two'));
  client.transport.close();
  twin.log('client wrote the rest and closed');
  yield* twin.bothLost();
});

scenario('set-protocol-buffered (B105)', function* (twin) {
  class Second extends BufferedSide {
    override name = 'second protocol';

    override bufferUpdated(nbytes: number): void {
      super.bufferUpdated(nbytes);
      server.transport.setProtocol(server);
    }
  }

  class First extends Server {
    override dataReceived(data: Buffer): void {
      super.dataReceived(data);
      this.transport.setProtocol(new Second(this.twin));
    }
  }

  const [server, client] = yield* twin.pair(First, Client);
  for (const word of ['one', 'two', 'three', 'four']) {
    client.transport.write(Buffer.from(word));
    twin.log(`client wrote ${word}`);
    yield* twin.turns(2);
  }
  client.transport.close();
  yield* twin.bothLost();
});

scenario('buffered-echo', function* (twin) {
  class Echo extends BufferedSide {
    override name = 'server';

    override bufferUpdated(nbytes: number): void {
      super.bufferUpdated(nbytes);
      this.transport.write(this.buffer.subarray(0, nbytes));
    }
  }

  class Asks extends BufferedSide {
    override name = 'client';

    override bufferUpdated(nbytes: number): void {
      super.bufferUpdated(nbytes);
      this.transport.close();
    }
  }

  const [, client] = yield* twin.pair(Echo, Asks);
  client.transport.write(Buffer.from('ping'));
  twin.log('client wrote');
  yield* twin.bothLost();
});

scenario('small-buffer', function* (twin) {
  class Small extends BufferedSide {
    override name = 'server';

    constructor(twin: Twin) {
      super(twin);
      this.buffer = Buffer.alloc(4);
    }
  }

  const [, client] = yield* twin.pair(Small, Client);
  client.transport.write(Buffer.from('ten bytes!'));
  client.transport.close();
  twin.log('client wrote and closed');
  yield* twin.bothLost();
});

scenario('data-received-error (B103)', function* (twin) {
  class Fails extends Server {
    override dataReceived(data: Buffer): void {
      super.dataReceived(data);
      throw new Boom();
    }
  }

  const [, client] = yield* twin.pair(Fails, Client);
  client.transport.write(Buffer.from('ping'));
  twin.log('client wrote');
  yield* twin.bothLost();
});

scenario('eof-received-error (B103)', function* (twin) {
  class Fails extends Server {
    override eofReceived(): boolean {
      super.eofReceived();
      throw new Boom();
    }
  }

  const [, client] = yield* twin.pair(Fails, Client);
  client.transport.writeEof();
  twin.log('client wrote eof');
  yield* twin.bothLost();
});

scenario('empty-buffer (B104)', function* (twin) {
  class Empty extends BufferedSide {
    override name = 'server';

    override getBuffer(sizehint: number): Uint8Array {
      super.getBuffer(sizehint);
      return new Uint8Array(0);
    }
  }

  const [, client] = yield* twin.pair(Empty, Client);
  client.transport.write(Buffer.from('ping'));
  twin.log('client wrote');
  yield* twin.bothLost();
});
