// A server's end. The Python side is python/serving.py.

import type { Server as LoopServer } from 'mioloop';
import { Client, Server, scenario, word } from './scenario.js';

function* serve(server: LoopServer) {
  yield* server.serveForever();
}

scenario('server-close (B142, B143)', function* (twin) {
  const server = yield* twin.listen(() => new Server(twin));
  const client = yield* twin.connect(server, () => new Client(twin));
  yield* twin.turns(6);
  twin.zero();

  function* wait() {
    yield* server.waitClosed();
    twin.log('wait_closed returned');
  }

  const waiting = twin.loop.createTask(wait());
  server.close();
  twin.log(`server closed, sockets: ${server.sockets.length}, serving: ${server.isServing()}`);
  yield* twin.turns(3);
  client.transport.write(Buffer.from('still connected'));
  yield* twin.turns(3);
  client.transport.close();
  twin.log('client closed');
  yield* waiting;
  yield* twin.bothLost();
});

scenario('close-clients (B144)', function* (twin) {
  const server = yield* twin.listen(() => new Server(twin));
  yield* twin.connect(server, () => new Client(twin));
  yield* twin.turns(6);
  twin.zero();
  server.close();
  server.closeClients();
  twin.log('server and its clients closed');
  yield* server.waitClosed();
  twin.log('wait_closed returned');
  yield* twin.bothLost();
});

scenario('serve-forever-cancelled (B141)', function* (twin) {
  const server = yield* twin.listen(() => new Server(twin));
  const serving = twin.loop.createTask(serve(server));
  yield* twin.turns(3);
  twin.zero();
  serving.cancel();
  twin.log(`cancelled, serving: ${server.isServing()}`);
  serving.addDoneCallback(() => twin.log(`done, serving: ${server.isServing()}`));
  try {
    yield* serving;
  } catch (error) {
    twin.log(`main got ${word(error)}`);
  }
});

scenario('serve-forever-with-client (B141)', function* (twin) {
  const server = yield* twin.listen(() => new Server(twin));
  const serving = twin.loop.createTask(serve(server));
  const client = yield* twin.connect(server, () => new Client(twin));
  yield* twin.turns(6);
  twin.zero();
  serving.cancel();
  twin.log('cancelled');
  yield* twin.turns(4);
  twin.log(`serving: ${server.isServing()}, done: ${serving.done()}`);
  client.transport.close();
  try {
    yield* serving;
  } catch (error) {
    twin.log(`main got ${word(error)}`);
  }
  yield* twin.bothLost();
});

scenario('serve-forever-closed (B141)', function* (twin) {
  const server = yield* twin.listen(() => new Server(twin));
  const serving = twin.loop.createTask(serve(server));
  yield* twin.turns(3);
  twin.zero();
  server.close();
  twin.log('server closed');
  try {
    yield* serving;
  } catch (error) {
    twin.log(`main got ${word(error)}`);
  }
});
