// The write buffer of datagram endpoints. Its receivers are Unix sockets, whose queues hold few datagrams; UDP has none that
// a sender would have to wait for.

import { type Coroutine, type EventLoop, socket } from 'mioloop';
import { DatagramProbe } from './support/datagram-probe.js';
import { turns } from './support/hall.js';
import { bothModes, inLoop } from './support/modes.js';
import { bytesOf, sameBytes } from './support/random.js';

const KIB = 1024;
/** What each datagram that waits counts beyond its bytes. */
const OVERHEAD = 8;

/** An endpoint and the other end of its socket pair. */
function* pair(loop: EventLoop): Coroutine<[DatagramProbe, socket.Socket]> {
  const [ours, theirs] = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM);
  theirs.setBlocking(false);
  return [yield* DatagramProbe.open(loop, null, null, { sock: ours }), theirs];
}

/** All that waits in a socket. */
function receiveAll(from: socket.Socket): Buffer[] {
  const all: Buffer[] = [];
  try {
    for (;;) all.push(from.recv(256 * KIB));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
    return all;
  }
}

inLoop('limits: 64 KiB and 16 KiB by default, one follows from the other (B118)', function* (t, loop) {
  using probe = yield* DatagramProbe.open(loop);
  const { transport } = probe;
  t.deepEqual(transport.getWriteBufferLimits(), [16 * KIB, 64 * KIB]);
  transport.setWriteBufferLimits({ high: 8192 });
  t.deepEqual(transport.getWriteBufferLimits(), [2048, 8192]);
  t.throws(() => transport.setWriteBufferLimits({ high: 1, low: 2 }), {
    instanceOf: RangeError,
    message: 'high (1) must be >= low (2) must be >= 0',
  });
});

inLoop('each datagram that waits counts its bytes and 8 more, an empty one too (B126)', function* (t, loop) {
  const [probe, theirs] = yield* pair(loop);
  using _ = theirs;
  const { transport } = probe;
  t.is(transport.getWriteBufferSize(), 0);
  while (transport.getWriteBufferSize() === 0) transport.sendto(Buffer.from('0123456789'));
  t.is(transport.getWriteBufferSize(), 10 + OVERHEAD);
  transport.sendto(Buffer.alloc(0));
  t.is(transport.getWriteBufferSize(), 10 + 2 * OVERHEAD);
  transport.sendto(Buffer.alloc(9000));
  t.is(transport.getWriteBufferSize(), 9010 + 3 * OVERHEAD);
  const lengths: number[] = [];
  while (transport.getWriteBufferSize() > 0) {
    lengths.push(...receiveAll(theirs).map((data) => data.length));
    yield* turns(1);
  }
  lengths.push(...receiveAll(theirs).map((data) => data.length));
  t.deepEqual(lengths.slice(-3), [10, 0, 9000]);
  transport.abort();
});

for (const size of [0, 100, 8 * KIB, 60 * KIB]) {
  inLoop(
    `while (!paused) sendto(${size} bytes) ends, and everything arrives in order (B126)`,
    function* (t, loop) {
      const [probe, theirs] = yield* pair(loop);
      using _ = theirs;
      const { transport } = probe;
      transport.setWriteBufferLimits({ high: 2000, low: 500 });
      const sent: Buffer[] = [];
      while (!probe.events.includes('pause')) {
        const data = bytesOf(sent.length, size);
        sent.push(data);
        transport.sendto(data);
      }
      t.true(transport.getWriteBufferSize() > 2000);
      const received: Buffer[] = [];
      while (!probe.events.includes('resume')) {
        received.push(...receiveAll(theirs));
        yield* turns(1);
      }
      t.true(transport.getWriteBufferSize() <= 500);
      transport.close();
      while (probe.lost === undefined) {
        received.push(...receiveAll(theirs));
        yield* turns(1);
      }
      received.push(...receiveAll(theirs));
      t.is(received.length, sent.length);
      sameBytes(t, Buffer.concat(received), Buffer.concat(sent));
      t.deepEqual(probe.events, ['made', 'pause', 'resume', 'lost']);
    },
  );
}

inLoop('close() sends what waits, abort() drops it', function* (t, loop) {
  for (const end of ['close', 'abort'] as const) {
    const [probe, theirs] = yield* pair(loop);
    using _ = theirs;
    const { transport } = probe;
    let sent = 0;
    while (transport.getWriteBufferSize() < 100) transport.sendto(Buffer.from([sent++]));
    transport[end]();
    let received = 0;
    while (probe.lost === undefined) {
      received += receiveAll(theirs).length;
      yield* turns(1);
    }
    received += receiveAll(theirs).length;
    if (end === 'close') t.is(received, sent);
    else t.true(received < sent, `${received} of ${sent}`);
    t.is(probe.lost, null);
  }
});

inLoop('what is sent after close() while datagrams wait is sent, too (B126)', function* (t, loop) {
  const [probe, theirs] = yield* pair(loop);
  using _ = theirs;
  const { transport } = probe;
  while (transport.getWriteBufferSize() === 0) transport.sendto(Buffer.from('first'));
  transport.close();
  transport.sendto(Buffer.from('last'));
  const received: string[] = [];
  while (probe.lost === undefined) {
    received.push(...receiveAll(theirs).map(String));
    yield* turns(1);
  }
  received.push(...receiveAll(theirs).map(String));
  t.is(received.at(-1), 'last');
});

inLoop('a receiver full of the datagrams of others is tried again, without a busy loop', function* (t, loop) {
  const name = `\0mioloop-flow-${process.pid}`;
  const receiver = new socket.Socket(socket.AF_UNIX, socket.SOCK_DGRAM);
  receiver.setBlocking(false);
  if (process.platform !== 'linux') {
    receiver.close();
    t.pass();
    return;
  }
  receiver.bind(name);
  const other = new socket.Socket(socket.AF_UNIX, socket.SOCK_DGRAM);
  other.setBlocking(false);
  t.throws(
    () => {
      for (;;) other.sendto(Buffer.from('other'), name);
    },
    { code: 'EAGAIN' },
  );
  const probe = yield* DatagramProbe.open(loop, null, null, { family: socket.AF_UNIX });
  probe.transport.sendto(Buffer.from('ours'), name);
  yield* turns(3);
  t.is(probe.transport.getWriteBufferSize(), 4 + OVERHEAD);
  const before = loop.metrics().turns;
  t.true(receiveAll(receiver).every((data) => data.toString() === 'other'));
  probe.transport.close();
  yield* probe.until(() => probe.lost !== undefined);
  t.deepEqual(receiveAll(receiver).map(String), ['ours']);
  t.true(loop.metrics().turns - before < 50);
  other.close();
  receiver.close();
});

bothModes('a run that ends with datagrams waiting sends them in the next one', async (t, { loop, run }) => {
  const [probe, theirs] = await run(() => pair(loop));
  using _ = theirs;
  await run(function* () {
    yield* turns(1);
    while (probe.transport.getWriteBufferSize() === 0) probe.transport.sendto(Buffer.from('x'));
    probe.transport.close();
  });
  const received = receiveAll(theirs);
  await run(() => probe.until(() => probe.lost !== undefined));
  received.push(...receiveAll(theirs));
  t.true(received.length > 1);
});
