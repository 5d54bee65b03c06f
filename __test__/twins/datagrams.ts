// Datagram endpoints, in turns. The Python side is python/datagrams.py.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Coroutine,
  type DatagramEndpointOptions,
  DatagramProtocol,
  type DatagramTransport,
  type InternetAddress,
  socket,
} from 'mioloop';
import { Boom, scenario, type Twin, word } from './scenario.js';

/** Logs every call that the loop makes to it. */
class Party extends DatagramProtocol {
  transport!: DatagramTransport;

  constructor(
    readonly twin: Twin,
    readonly name: string,
  ) {
    super();
  }

  log(event: string): void {
    this.twin.log(`${this.name} ${event}`);
  }

  override connectionMade(transport: DatagramTransport): void {
    this.transport = transport;
    this.log('connection made');
  }

  override datagramReceived(data: Buffer, _address: InternetAddress): void {
    this.log(`datagram (${data})`);
  }

  override errorReceived(error: Error): void {
    this.log(`error ${word(error)}`);
  }

  override connectionLost(error: Error | null): void {
    this.log(`connection lost: ${word(error)}`);
  }

  override pauseWriting(): void {
    this.log('pause writing');
  }

  override resumeWriting(): void {
    this.log('resume writing');
  }
}

type PartyClass = new (twin: Twin, name: string) => Party;
type Place = readonly [host: string, port: number] | string | null;

function* endpoint(
  twin: Twin,
  name: string,
  { party = Party, local = ['127.0.0.1', 0], remote = null, ...options }: Parts = {},
): Coroutine<Party> {
  const factory = () => new party(twin, name);
  const [, protocol] = yield* twin.loop.createDatagramEndpoint(factory, local, remote, options);
  return protocol;
}

interface Parts extends DatagramEndpointOptions {
  local?: Place;
  remote?: Place;
  party?: PartyClass;
}

function addressOf(party: Party): readonly [string, number] {
  const [host, port] = party.transport.getExtraInfo('sockname')!;
  return [host, port];
}

/** Two of them, the client connected to the server, at rest; then turn 0. */
function* parties(twin: Twin, serverClass = Party, clientClass = Party): Coroutine<[Party, Party]> {
  const server = yield* endpoint(twin, 'server', { party: serverClass });
  const remote = addressOf(server);
  const client = yield* endpoint(twin, 'client', { local: null, remote, party: clientClass });
  yield* twin.turns(3);
  twin.zero();
  return [server, client];
}

function* end(twin: Twin, ...ended: Party[]): Coroutine<void> {
  for (const party of ended) party.transport.abort();
  yield* twin.turns(2);
}

scenario('datagram-endpoint (B123)', function* (twin) {
  twin.zero();
  twin.log('create_datagram_endpoint called');
  const party = yield* endpoint(twin, 'party');
  twin.log('create_datagram_endpoint returned');
  party.transport.close();
  twin.log(`closed, closing: ${party.transport.isClosing()}`);
  yield* twin.turns(3);
});

scenario('datagram-factory-error (B124)', function* (twin) {
  class Fails extends Party {
    constructor(twin: Twin, name: string) {
      super(twin, name);
      twin.log('factory raises');
      throw new Boom();
    }
  }

  twin.zero();
  twin.log('create_datagram_endpoint called');
  try {
    yield* endpoint(twin, 'party', { party: Fails });
  } catch (error) {
    twin.log(`create_datagram_endpoint raised ${word(error)}`);
  }
});

scenario('datagram-echo (B126)', function* (twin) {
  class Echo extends Party {
    override datagramReceived(data: Buffer, address: InternetAddress): void {
      super.datagramReceived(data, address);
      this.transport.sendto(Buffer.concat([Buffer.from('again '), data]), address);
    }
  }

  const [server, client] = yield* parties(twin, Echo);
  client.transport.sendto(Buffer.from('hello'));
  twin.log('sent');
  yield* twin.turns(3);
  client.transport.sendto(Buffer.alloc(0));
  twin.log('sent nothing');
  yield* twin.turns(3);
  yield* end(twin, server, client);
});

scenario('datagram-in-connection-made', function* (twin) {
  class Greets extends Party {
    override connectionMade(transport: DatagramTransport): void {
      super.connectionMade(transport);
      transport.sendto(Buffer.from('greeting'));
      twin.loop.callSoon(twin.logger('soon, from connection made'));
    }
  }

  const server = yield* endpoint(twin, 'server');
  twin.zero();
  const client = yield* endpoint(twin, 'client', { local: null, remote: addressOf(server), party: Greets });
  twin.log('create_datagram_endpoint returned');
  yield* twin.turns(2);
  yield* end(twin, server, client);
});

scenario('datagram-burst', function* (twin) {
  const [server, client] = yield* parties(twin);
  for (let number = 0; number < 3; number++) client.transport.sendto(Buffer.from(String(number)));
  yield* twin.turns(5);
  yield* end(twin, server, client);
});

scenario('datagram-refused (B127, B128)', function* (twin) {
  const [server, client] = yield* parties(twin);
  server.transport.close();
  yield* twin.turns(2);
  twin.zero();
  client.transport.sendto(Buffer.from('anybody?'));
  twin.log('sent');
  yield* twin.turns(3);
  client.transport.sendto(Buffer.from('anybody now?'));
  twin.log('sent again');
  yield* twin.turns(3);
  yield* end(twin, client);
});

scenario('datagram-too-long (B126)', function* (twin) {
  const [server, client] = yield* parties(twin);
  client.transport.sendto(Buffer.alloc(65_508));
  client.transport.sendto(Buffer.from('short'));
  twin.log('sent');
  yield* twin.turns(3);
  yield* end(twin, server, client);
});

scenario('datagram-close', function* (twin) {
  const [server, client] = yield* parties(twin);
  client.transport.sendto(Buffer.from('last words'));
  client.transport.close();
  client.transport.close();
  client.transport.sendto(Buffer.from('never sent'));
  twin.log('closed');
  yield* twin.turns(3);
  yield* end(twin, server);
});

scenario('datagram-close-unread', function* (twin) {
  const [server, client] = yield* parties(twin);
  client.transport.sendto(Buffer.from('never read'));
  server.transport.close();
  yield* twin.turns(3);
  yield* end(twin, client);
});

scenario('datagram-abort', function* (twin) {
  const [server, client] = yield* parties(twin);
  client.transport.sendto(Buffer.from('sent before'));
  client.transport.abort();
  twin.log('aborted');
  yield* twin.turns(3);
  yield* end(twin, server);
});

scenario('datagram-received-error (B125)', function* (twin) {
  class Fails extends Party {
    override datagramReceived(data: Buffer, address: InternetAddress): void {
      super.datagramReceived(data, address);
      throw new Boom();
    }
  }

  twin.loop.setExceptionHandler((_, context) => twin.log(`handler: ${word(context.exception)}`));
  const [server, client] = yield* parties(twin, Fails);
  for (let number = 0; number < 2; number++) {
    client.transport.sendto(Buffer.from(`bad ${number}`));
    yield* twin.turns(2);
  }
  yield* end(twin, server, client);
});

scenario('datagram-set-protocol', function* (twin) {
  class Switches extends Party {
    override datagramReceived(data: Buffer, address: InternetAddress): void {
      super.datagramReceived(data, address);
      this.transport.setProtocol(new Party(twin, 'another'));
    }
  }

  const [server, client] = yield* parties(twin, Switches);
  client.transport.sendto(Buffer.from('one'));
  yield* twin.turns(2);
  client.transport.sendto(Buffer.from('two'));
  yield* twin.turns(2);
  yield* end(twin, server, client);
});

/** A socket of nobody's loop: how many datagrams it holds is up to the system, so they are not counted. */
class UnixReceiver {
  readonly #folder = mkdtempSync(join(tmpdir(), 'mioloop-twin-'));
  readonly path = join(this.#folder, 'receiver');
  readonly #socket = new socket.Socket(socket.AF_UNIX, socket.SOCK_DGRAM);

  constructor() {
    this.#socket.bind(this.path);
    this.#socket.setBlocking(false);
  }

  /** Receives all that waits; gives the last one. */
  receiveAll(): string {
    let last = '';
    try {
      for (;;) last = this.#socket.recv(100).toString();
    } catch {
      return last;
    }
  }

  [Symbol.dispose](): void {
    this.#socket.close();
    rmSync(this.#folder, { recursive: true });
  }
}

/** Sends until more than the mark waits. */
function fill(party: Party, mark = 0): void {
  while (party.transport.getWriteBufferSize() <= mark) party.transport.sendto(Buffer.from('0123456789'));
}

scenario('datagram-pause (B126)', function* (twin) {
  using receiver = new UnixReceiver();
  const family = socket.AF_UNIX;
  const party = yield* endpoint(twin, 'party', { local: null, remote: receiver.path, family });
  party.transport.setWriteBufferLimits({ high: 20, low: 20 });
  yield* twin.turns(2);
  twin.zero();
  fill(party, 20);
  twin.log('full');
  yield* twin.turns(2);
  receiver.receiveAll();
  twin.log('received');
  yield* twin.turns(3);
  yield* end(twin, party);
});

scenario('datagram-close-buffered (B126)', function* (twin) {
  using receiver = new UnixReceiver();
  const family = socket.AF_UNIX;
  const party = yield* endpoint(twin, 'party', { local: null, remote: receiver.path, family });
  yield* twin.turns(2);
  twin.zero();
  fill(party);
  party.transport.sendto(Buffer.from('the last'));
  party.transport.close();
  twin.log('closed');
  yield* twin.turns(2);
  receiver.receiveAll();
  twin.log('received');
  yield* twin.turns(3);
  twin.log(`then received ${receiver.receiveAll()}`);
});

scenario('datagram-abort-buffered', function* (twin) {
  using receiver = new UnixReceiver();
  const family = socket.AF_UNIX;
  const party = yield* endpoint(twin, 'party', { local: null, remote: receiver.path, family });
  yield* twin.turns(2);
  twin.zero();
  fill(party);
  party.transport.abort();
  twin.log('aborted');
  yield* twin.turns(3);
});
