// Connections and servers by other ways than one literal address: several addresses, sockets that are there already,
// Unix sockets. The Python side is python/opening.py.

import { existsSync } from 'node:fs';
import { type AddrInfo, type ConnectionOptions, Protocol, socket } from 'mioloop';
import { temporaryFolder } from '../support/folders.js';
import { Client, Server, scenario, type Twin, word } from './scenario.js';

const { AF_INET, AF_UNIX, IPPROTO_TCP, SOCK_STREAM, Socket, socketpair } = socket;

/** The host 'many' has these addresses. */
function many(twin: Twin, ...hosts: string[]): void {
  const kind = { family: AF_INET, type: SOCK_STREAM, proto: IPPROTO_TCP, canonname: '' };
  const getaddrinfo = function* (_host: string, port: number) {
    return hosts.map((host): AddrInfo => ({ ...kind, address: [host, port] }));
  };
  Object.assign(twin.loop, { getaddrinfo });
}

/** A port at which somebody listens at this host, and nobody at the others. */
function* listening(twin: Twin, host: string) {
  const server = yield* twin.listen(() => new Server(twin), host);
  return server.sockets[0]!.getsockname()[1];
}

function client(twin: Twin): Client {
  const made = new Client(twin);
  made.log('factory');
  return made;
}

function* connect(twin: Twin, port: number, options: ConnectionOptions = {}) {
  twin.zero();
  twin.log('create_connection called');
  try {
    yield* twin.loop.createConnection(() => client(twin), 'many', port, options);
    twin.log('create_connection returned');
  } catch (error) {
    // asyncio has one OSError for several.
    twin.log(`create_connection raised ${error instanceof AggregateError ? 'OSError' : word(error)}`);
  }
  yield* twin.turns(4);
}

scenario('second-address (B132)', function* (twin) {
  const port = yield* listening(twin, '127.0.0.2');
  many(twin, '127.0.0.1', '127.0.0.2', '127.0.0.3');
  yield* connect(twin, port);
});

scenario('second-address-staggered (B135)', function* (twin) {
  const port = yield* listening(twin, '127.0.0.2');
  many(twin, '127.0.0.1', '127.0.0.2', '127.0.0.3');
  yield* connect(twin, port, { happyEyeballsDelay: 5 });
});

scenario('first-address-staggered (B135)', function* (twin) {
  const port = yield* listening(twin, '127.0.0.1');
  many(twin, '127.0.0.1', '127.0.0.2', '127.0.0.3');
  yield* connect(twin, port, { happyEyeballsDelay: 5 });
});

scenario('one-address-staggered (B135)', function* (twin) {
  const port = yield* listening(twin, '127.0.0.1');
  many(twin, '127.0.0.1');
  yield* connect(twin, port, { happyEyeballsDelay: 5 });
});

scenario('no-address (B132)', function* (twin) {
  const port = yield* listening(twin, '127.0.0.4');
  many(twin, '127.0.0.1', '127.0.0.2');
  yield* connect(twin, port);
});

scenario('no-address-staggered (B132, B135)', function* (twin) {
  const port = yield* listening(twin, '127.0.0.4');
  many(twin, '127.0.0.1', '127.0.0.2', '127.0.0.3');
  yield* connect(twin, port, { happyEyeballsDelay: 5 });
});

scenario('staggered-cancelled (B134, B135)', function* (twin) {
  // It says nothing: a connection that stood already is closed here, and forgotten by CPython.
  const server = yield* twin.loop.createServer(() => new Protocol(), '127.0.0.1', 0);
  const [, port] = server.sockets[0]!.getsockname();
  many(twin, '127.0.0.1', '127.0.0.2');
  twin.zero();
  for (let turn = 0; turn < 7; turn++) {
    const options = { happyEyeballsDelay: 5 };
    const task = twin.loop.createTask(function* () {
      yield* twin.loop.createConnection(() => client(twin), 'many', port, options);
    });
    yield* twin.turns(turn);
    twin.log(`cancelled: ${task.cancel()}`);
    try {
      yield* task;
    } catch (error) {
      twin.log(`connecting raised ${word(error)}`);
    }
    yield* twin.turns(4);
  }
  server.close();
});

scenario('local-address (B133)', function* (twin) {
  const port = yield* listening(twin, '127.0.0.1');
  twin.zero();
  twin.log('create_connection called');
  const options: ConnectionOptions = { localAddr: ['127.0.0.2', 0] };
  const [transport] = yield* twin.loop.createConnection(() => client(twin), '127.0.0.1', port, options);
  twin.log(`create_connection returned, from ${transport.getExtraInfo('sockname')![0]}`);
});

scenario('listen-several (B137)', function* (twin) {
  twin.log('create_server called');
  const hosts = ['127.0.0.1', '127.0.0.2', '127.0.0.1'];
  const server = yield* twin.loop.createServer(() => new Server(twin), hosts, 0);
  twin.log(`create_server returned, sockets: ${server.sockets.length}`);
  server.close();
  yield* server.waitClosed();
  twin.log('wait_closed returned');
});

scenario('listen-socket (B140)', function* (twin) {
  const sock = new Socket(AF_INET, SOCK_STREAM);
  sock.bind(['127.0.0.1', 0]);
  twin.log('create_server called');
  const server = yield* twin.loop.createServer(() => new Server(twin), null, null, { sock });
  twin.log('create_server returned');
  server.close();
  twin.log('closed');
  yield* server.waitClosed();
  twin.log('wait_closed returned');
});

scenario('connect-socket (B100)', function* (twin) {
  const [ours, theirs] = socketpair();
  twin.log('create_connection called');
  const [transport] = yield* twin.loop.createConnection(() => client(twin), null, null, { sock: ours });
  twin.log('create_connection returned');
  theirs.send(Buffer.from('hello'));
  yield* twin.turns(3);
  transport.close();
  yield* twin.turns(3);
  theirs.close();
});

scenario('accepted-socket (B100)', function* (twin) {
  const [ours, theirs] = socketpair();
  theirs.send(Buffer.from('hello'));
  twin.log('connect_accepted_socket called');
  const [transport] = yield* twin.loop.connectAcceptedSocket(() => client(twin), ours);
  twin.log('connect_accepted_socket returned');
  yield* twin.turns(3);
  transport.abort();
  yield* twin.turns(3);
  theirs.close();
});

scenario('unix (B146, B147)', function* (twin) {
  using folder = temporaryFolder();
  const path = folder.file('twin.sock');
  const factory = (): Server => {
    const side = new Server(twin);
    side.log('factory');
    return side;
  };
  twin.log('create_unix_server called');
  const server = yield* twin.loop.createUnixServer(factory, path);
  twin.log('create_unix_server returned');
  twin.log('create_unix_connection called');
  const [transport] = yield* twin.loop.createUnixConnection(() => client(twin), path);
  twin.log('create_unix_connection returned');
  transport.write(Buffer.from('hello'));
  yield* twin.turns(4);
  server.close();
  twin.log(`server closed, file: ${existsSync(path)}`);
  transport.close();
  yield* server.waitClosed();
  twin.log('wait_closed returned');
});

scenario('unix-refused (B146)', function* (twin) {
  using folder = temporaryFolder();
  const path = folder.file('twin.sock');
  for (const words of ['missing', 'stale']) {
    twin.log(`${words}: create_unix_connection called`);
    try {
      yield* twin.loop.createUnixConnection(() => client(twin), path);
    } catch (error) {
      twin.log(`create_unix_connection raised ${word(error)}`);
    }
    using stale = new Socket(AF_UNIX, SOCK_STREAM);
    if (words === 'missing') stale.bind(path);
  }
  const server = yield* twin.loop.createUnixServer(() => new Server(twin), path);
  twin.log('create_unix_server returned');
  server.close();
});

scenario('unix-socket (B100)', function* (twin) {
  const [ours, theirs] = socketpair();
  twin.log('create_unix_connection called');
  yield* twin.loop.createUnixConnection(() => client(twin), null, { sock: ours });
  twin.log('create_unix_connection returned');
  theirs.close();
  yield* twin.turns(3);
});
