// What goes wrong with datagrams: the network's errors, the protocol's, wrong calls, and ends.

import { DatagramProtocol, type DatagramTransport, type InternetAddress, socket } from 'mioloop';
import { DatagramProbe } from './support/datagram-probe.js';
import { reportsOf, turns } from './support/hall.js';
import { MailBox } from './support/mail.js';
import { bothModes, inLoop } from './support/modes.js';

const LOCAL = '127.0.0.1';

/** A port where nobody is. */
function deadPort(): number {
  using box = new MailBox();
  return box.port;
}

inLoop('a refusal is errorReceived of a connected endpoint, which goes on (B127, B128)', function* (t, loop) {
  const port = deadPort();
  using probe = yield* DatagramProbe.open(loop, null, [LOCAL, port]);
  for (let round = 1; round <= 3; round++) {
    probe.transport.sendto(Buffer.from('anybody?'));
    yield* probe.until(() => probe.errors.length === round);
  }
  const [error] = probe.errors;
  t.is(error?.code, 'ECONNREFUSED');
  t.is(error?.message, `recvmsg ECONNREFUSED ${LOCAL}:${port}`);
  const there = new socket.Socket(socket.AF_INET, socket.SOCK_DGRAM);
  there.bind([LOCAL, port]);
  there.sendto(Buffer.from('now'), [LOCAL, probe.port]);
  yield* probe.received(1);
  there.close();
  t.false(probe.transport.isClosing());
});

inLoop(
  'an endpoint that is not connected hears of no refusal, and still receives (B127, B128)',
  function* (t, loop) {
    using probe = yield* DatagramProbe.open(loop);
    const port = deadPort();
    for (let round = 0; round < 3; round++) {
      probe.transport.sendto(Buffer.from('anybody?'), [LOCAL, port]);
      yield* turns(3);
    }
    using box = new MailBox();
    box.send(probe.port, 'still here');
    yield* probe.received(1);
    t.deepEqual(probe.errors, []);
  },
);

inLoop(
  'what the system refuses to send is errorReceived with the address; others are sent (B126)',
  function* (t, loop) {
    using probe = yield* DatagramProbe.open(loop);
    using box = new MailBox();
    const { transport } = probe;
    transport.sendto(Buffer.from('before'), [LOCAL, box.port]);
    transport.sendto(Buffer.alloc(65_508), [LOCAL, box.port]);
    transport.sendto(Buffer.from('to all'), ['255.255.255.255', 9]);
    transport.sendto(Buffer.from('to port 0'), [LOCAL, 0]);
    transport.sendto(Buffer.from('after'), [LOCAL, box.port]);
    yield* probe.until(() => probe.errors.length === 3);
    yield* box.until(2);
    t.deepEqual(box.texts(), ['before', 'after']);
    t.deepEqual(
      probe.errors.map((error) => error.message),
      [
        `sendmsg EMSGSIZE ${LOCAL}:${box.port}`,
        'sendmsg EACCES 255.255.255.255:9',
        `sendmsg EINVAL ${LOCAL}:0`,
      ],
    );
  },
);

inLoop('an error of the last datagram before close() is told before connectionLost', function* (t, loop) {
  const probe = yield* DatagramProbe.open(loop);
  probe.transport.sendto(Buffer.from('to all'), ['255.255.255.255', 9]);
  probe.transport.close();
  yield* probe.until(() => probe.lost !== undefined);
  t.deepEqual(probe.events, ['made', 'error', 'lost']);
});

inLoop('errors of protocol methods are reported, and the endpoint goes on (B125)', function* (t, loop) {
  const reports = reportsOf(loop);
  class Fails extends DatagramProbe {
    override datagramReceived(data: Buffer, address: InternetAddress): void {
      super.datagramReceived(data, address);
      throw new Error(`bad ${data}`);
    }

    override errorReceived(error: Error): void {
      super.errorReceived(error);
      throw new Error('worse');
    }
  }

  const [transport, probe] = yield* loop.createDatagramEndpoint(() => new Fails(loop), [LOCAL, 0]);
  using box = new MailBox();
  box.send(probe.port, 'one', 'two');
  yield* probe.received(2);
  transport.sendto(Buffer.from('to all'), ['255.255.255.255', 9]);
  yield* probe.until(() => probe.errors.length === 1);
  box.send(probe.port, 'three');
  yield* probe.received(3);
  yield* turns(1);
  t.deepEqual(
    reports.map(({ message, exception }) => `${message}: ${(exception as Error).message}`),
    [
      'protocol.datagram_received() failed: bad one',
      'protocol.datagram_received() failed: bad two',
      'protocol.error_received() failed: worse',
      'protocol.datagram_received() failed: bad three',
    ],
  );
  t.true(reports.every((report) => report.transport === transport && report.protocol === probe));
  transport.close();
});

inLoop('an async method’s rejection is reported, and the endpoint goes on', function* (t, loop, mode) {
  if (mode === 'blocking') {
    // Where promises settle in a turn is another test's matter.
    t.pass();
    return;
  }
  const reports = reportsOf(loop);
  class Fails extends DatagramProbe {
    override async datagramReceived(data: Buffer, address: InternetAddress): Promise<void> {
      super.datagramReceived(data, address);
      await Promise.resolve();
      throw new Error(`bad ${data}`);
    }
  }

  const [transport, probe] = yield* loop.createDatagramEndpoint(() => new Fails(loop), [LOCAL, 0]);
  using box = new MailBox();
  box.send(probe.port, 'one');
  yield* probe.received(1);
  yield* turns(2);
  t.deepEqual(
    reports.map(({ message, exception }) => `${message}: ${(exception as Error).message}`),
    ['an async protocol method failed: bad one'],
  );
  t.false(transport.isClosing());
  transport.close();
});

inLoop('an error in connectionMade closes the endpoint', function* (t, loop) {
  const reports = reportsOf(loop);
  class Fails extends DatagramProbe {
    override connectionMade(transport: DatagramTransport): void {
      super.connectionMade(transport);
      throw new Error('no');
    }
  }

  const [transport, probe] = yield* loop.createDatagramEndpoint(() => new Fails(loop), [LOCAL, 0]);
  t.true(transport.isClosing());
  yield* probe.until(() => probe.lost !== undefined);
  t.is(probe.lost?.message, 'no');
  t.deepEqual(
    reports.map(({ message }) => message),
    ['Fatal error: protocol.connection_made() call failed.'],
  );
});

inLoop('connectionLost is called once, whatever ends the endpoint', function* (t, loop) {
  const ends: ((transport: DatagramTransport) => void)[] = [
    (transport) => transport.close(),
    (transport) => transport.abort(),
    (transport) => {
      transport.close();
      transport.abort();
      transport.close();
    },
    (transport) => transport[Symbol.dispose](),
  ];
  for (const end of ends) {
    const probe = yield* DatagramProbe.open(loop);
    const { transport } = probe;
    const fd = transport.getExtraInfo('socket')!;
    t.true(fd.fileno() >= 0);
    end(transport);
    t.true(transport.isClosing());
    yield* turns(3);
    t.deepEqual(probe.events, ['made', 'lost']);
    t.is(probe.lost, null);
    t.is(fd.fileno(), -1);
    t.is(transport.getProtocol(), null);
    t.is(String(transport), '<DatagramTransport fd=-1 closed>');
    transport.close();
    transport.abort();
  }
});

inLoop('datagrams after close() are dropped, the sixth and later ones with a warning', function* (t, loop) {
  using box = new MailBox();
  const probe = yield* DatagramProbe.open(loop, null, [LOCAL, box.port]);
  const warnings: string[] = [];
  const { emitWarning } = process;
  process.emitWarning = ((warning: string) => warnings.push(warning)) as typeof emitWarning;
  try {
    probe.transport.close();
    for (let count = 0; count < 7; count++) probe.transport.sendto(Buffer.from('late'));
  } finally {
    process.emitWarning = emitWarning;
  }
  yield* turns(3);
  t.deepEqual(warnings, Array(3).fill('socket.send() raised exception.'));
  t.deepEqual(box.letters(), []);
});

inLoop(
  'nothing is delivered once the protocol has closed, though it was received already',
  function* (t, loop) {
    class Leaves extends DatagramProbe {
      override datagramReceived(data: Buffer, address: InternetAddress): void {
        super.datagramReceived(data, address);
        this.transport.close();
      }
    }

    const [, probe] = yield* loop.createDatagramEndpoint(() => new Leaves(loop), [LOCAL, 0]);
    using box = new MailBox();
    box.send(probe.port, 'one', 'two', 'three');
    yield* probe.until(() => probe.lost !== undefined);
    t.deepEqual(probe.texts, ['one']);
  },
);

inLoop(
  'wrong calls of sendto are errors that say what to do, and the endpoint goes on (B127)',
  function* (t, loop) {
    using probe = yield* DatagramProbe.open(loop);
    using box = new MailBox();
    const sendto = probe.transport.sendto.bind(probe.transport) as (...args: unknown[]) => void;
    const TYPE = { instanceOf: TypeError, code: 'ERR_INVALID_ARG_TYPE' };
    const VALUE = { instanceOf: RangeError, code: 'ERR_INVALID_ARG_VALUE' };
    const data = Buffer.from('x');
    for (const wrong of ['text', 5, null, undefined, [1], new ArrayBuffer(2), new Uint16Array(2)]) {
      t.throws(() => sendto(wrong, [LOCAL, 9]), { ...TYPE, message: /data argument must be a Uint8Array/ });
    }
    t.throws(() => sendto(data), { ...TYPE, message: /needs an address/ });
    t.throws(() => sendto(data, null), { ...TYPE, message: /needs an address/ });
    for (const wrong of ['text', 5, {}, [LOCAL], [], [LOCAL, 1, 2, 3, 4], [5, 9], [LOCAL, '9']]) {
      t.throws(() => sendto(data, wrong), TYPE, JSON.stringify(wrong));
    }
    for (const port of [-1, 65_536, 1.5, Number.NaN]) t.throws(() => sendto(data, [LOCAL, port]), VALUE);
    t.throws(() => sendto(data, ['localhost', 9]), { ...VALUE, message: /"localhost".*getaddrinfo/ });
    t.throws(() => sendto(data, ['::1', 9]), { ...VALUE, message: /IPv4.*"::1"/ });
    // The same once more, now that the host is known.
    sendto(Buffer.from('good'), [LOCAL, box.port]);
    for (const port of [-1, 65_536, 1.5, '9', undefined])
      t.throws(() => sendto(data, [LOCAL, port]), { any: true });
    sendto(Buffer.from('good'), [LOCAL, box.port]);
    yield* box.until(2);
    t.deepEqual(probe.errors, []);
  },
);

inLoop('an IPv6 endpoint takes no IPv4 address', function* (t, loop) {
  using probe = yield* DatagramProbe.open(loop, ['::1', 0]);
  const error = t.throws(() => probe.transport.sendto(Buffer.from('x'), [LOCAL, 9]), {
    instanceOf: RangeError,
  });
  t.regex(error.message, /IPv6.*"127\.0\.0\.1".*::ffff:/);
});

inLoop('a connected endpoint sends to its own address only, named or not (B127)', function* (t, loop) {
  for (const host of [LOCAL, '::1']) {
    using box = new MailBox({ host });
    using probe = yield* DatagramProbe.open(loop, null, [host, box.port]);
    const { transport } = probe;
    const peer = transport.getExtraInfo('peername') as InternetAddress;
    transport.sendto(Buffer.from('null'), null);
    transport.sendto(Buffer.from('undefined'));
    transport.sendto(Buffer.from('whole'), [...peer]);
    transport.sendto(Buffer.from('short'), [host, box.port]);
    for (const other of [[host, 1], ['127.0.0.2', box.port], [host], 'text', 7]) {
      const error = t.throws(() => transport.sendto(Buffer.from('x'), other as InternetAddress), {
        instanceOf: RangeError,
      });
      t.true(
        error.message.startsWith(`Invalid address: must be null or ${JSON.stringify(peer)}`),
        error.message,
      );
    }
    yield* box.until(4);
    t.deepEqual(box.texts(), ['null', 'undefined', 'whole', 'short']);
  }
});

inLoop(
  'setProtocol: the next datagrams are the new protocol’s; nonsense is a TypeError',
  function* (t, loop) {
    using probe = yield* DatagramProbe.open(loop);
    using box = new MailBox();
    const { transport } = probe;
    t.is(transport.getProtocol(), probe);
    for (const wrong of [null, undefined, 5, 'text']) {
      t.throws(() => transport.setProtocol(wrong as unknown as DatagramProtocol), { instanceOf: TypeError });
    }
    const other = new DatagramProbe(loop);
    transport.setProtocol(other);
    box.send(probe.port, 'for the other');
    yield* other.received(1);
    t.deepEqual(probe.datagrams, []);
    transport.setProtocol(new DatagramProtocol());
  },
);

bothModes('an endpoint of a loop that is closed: its calls do nothing (B16)', async (t, { loop, run }) => {
  const probe = await run(() => DatagramProbe.open(loop));
  const { transport } = probe;
  loop.close();
  t.regex(String(transport), /^<DatagramTransport fd=-?\d+>$/);
  transport.sendto(Buffer.from('late'), [LOCAL, 9]);
  transport.setWriteBufferLimits({ high: 5 });
  t.is(transport.getWriteBufferSize(), 0);
  transport.close();
  transport.abort();
  t.true(transport.isClosing());
  t.is(probe.lost, undefined);
});

bothModes(
  'what is sent between two runs, and before the loop runs again, leaves at once',
  async (t, { loop, run }) => {
    using box = new MailBox();
    const probe = await run(() => DatagramProbe.open(loop, null, [LOCAL, box.port]));
    probe.transport.sendto(Buffer.from('between'));
    await run(function* () {
      yield* box.until(1);
    });
    t.deepEqual(box.texts(), ['between']);
  },
);
