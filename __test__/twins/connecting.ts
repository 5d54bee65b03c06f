// From listen and connect to the first callback of both protocols. The Python side is python/connecting.py.

import type { Transport } from 'mioloop';
import { Boom, Client, Server, type Side, type SideClass, scenario, type Twin, word } from './scenario.js';

scenario('listen', function* (twin) {
  twin.log('create_server called');
  const server = yield* twin.listen(() => new Server(twin));
  twin.log('create_server returned');
  server.close();
  twin.log('closed');
  yield* server.waitClosed();
  twin.log('wait_closed returned');
});

scenario('accept (B100)', function* (twin) {
  function factory(sideClass: SideClass<Side>): Side {
    const side = new sideClass(twin);
    side.log('factory');
    return side;
  }

  class Accepted extends Server {
    override connectionMade(transport: Transport): void {
      super.connectionMade(transport);
      twin.loop.callSoon(twin.logger("soon, from the server's connection made"));
    }
  }

  class Connected extends Client {
    override connectionMade(transport: Transport): void {
      super.connectionMade(transport);
      twin.loop.callSoon(twin.logger("soon, from the client's connection made"));
    }
  }

  const server = yield* twin.listen(() => factory(Accepted));
  twin.zero();
  twin.log('create_connection called');
  yield* twin.connect(server, () => factory(Connected));
  twin.log('create_connection returned');
  yield* twin.turns(3);
});

scenario('accept-three', function* (twin) {
  let count = 0;

  class Numbered extends Server {
    constructor(twin: Twin) {
      super(twin);
      count += 1;
      this.name = `server ${count}`;
      this.log('factory');
    }
  }

  function* connect(number: number) {
    yield* twin.connect(server, () => new Client(twin));
    twin.log(`create_connection ${number} returned`);
  }

  const server = yield* twin.listen(() => new Numbered(twin));
  twin.zero();
  const tasks = [1, 2, 3].map((number) => twin.loop.createTask(connect(number)));
  for (const task of tasks) yield* task;
});

scenario('refused (B132)', function* (twin) {
  const server = yield* twin.listen(() => new Server(twin));
  const [host, port] = server.sockets[0]!.getsockname() as [string, number];
  server.close();
  yield* twin.turns(1);
  twin.zero();
  twin.log('create_connection called');
  try {
    yield* twin.loop.createConnection(() => new Client(twin), host, port);
  } catch (error) {
    twin.log(`create_connection raised ${word(error)}`);
  }
});

scenario('server-factory-error (B139)', function* (twin) {
  const server = yield* twin.listen(() => {
    twin.log('server factory raises');
    throw new Boom();
  });
  twin.zero();
  twin.log('create_connection called');
  yield* twin.connect(server, () => new Client(twin));
  twin.log('create_connection returned');
  twin.sideLost();
  yield* twin.bothLost();
});

scenario('client-factory-error', function* (twin) {
  const server = yield* twin.listen(() => new Server(twin));
  twin.zero();
  twin.log('create_connection called');
  try {
    yield* twin.connect(server, (): Client => {
      twin.log('client factory raises');
      throw new Boom();
    });
  } catch (error) {
    twin.log(`create_connection raised ${word(error)}`);
  }
});

scenario('connection-made-error', function* (twin) {
  class Fails extends Server {
    override connectionMade(transport: Transport): void {
      super.connectionMade(transport);
      throw new Boom();
    }

    override dataReceived(data: Buffer): void {
      super.dataReceived(data);
      this.transport.close();
    }
  }

  class Writes extends Client {
    override connectionMade(transport: Transport): void {
      super.connectionMade(transport);
      transport.write(Buffer.from('ping'));
      throw new Boom();
    }
  }

  const server = yield* twin.listen(() => new Fails(twin));
  twin.zero();
  yield* twin.connect(server, () => new Writes(twin));
  twin.log('create_connection returned');
  yield* twin.bothLost();
});
