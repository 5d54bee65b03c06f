// Datagrams over UDP: what arrives, from whom, in which pieces and order. The peer is Node's dgram, in a thread of its own.

import { AsyncLocalStorage } from 'node:async_hooks';
import { networkInterfaces } from 'node:os';
import { type Address, ContextVar, type InternetAddress, socket } from 'mioloop';
import { DatagramProbe } from './support/datagram-probe.js';
import { MailBox } from './support/mail.js';
import { inLoop } from './support/modes.js';
import { bytesOf, sameBytes } from './support/random.js';

const LOCAL = '127.0.0.1';

inLoop('datagrams come one by one, with their sender, in order', function* (t, loop) {
  using probe = yield* DatagramProbe.open(loop);
  using box = new MailBox();
  box.send(probe.port, 'one', 'two', 'three');
  yield* probe.received(3);
  t.deepEqual(probe.texts, ['one', 'two', 'three']);
  t.deepEqual(probe.senders, Array(3).fill([LOCAL, box.port]));
});

inLoop('sendto answers whom a datagram came from, whatever the size (B126)', function* (t, loop) {
  using probe = yield* DatagramProbe.open(loop);
  using box = new MailBox();
  box.send(probe.port, 'hello');
  yield* probe.received(1);
  // Below and above the size from which a datagram is sent at once, and the largest that there is.
  const sizes = [0, 1, 1024, 8191, 8192, 65_507];
  const sent = sizes.map((size) => bytesOf(size, size));
  for (const data of sent) probe.transport.sendto(data, probe.senders[0]!);
  const letters = yield* box.until(sent.length);
  for (const [index, { data, port }] of letters.entries()) {
    t.is(port, probe.port);
    sameBytes(t, data, sent[index]!);
  }
});

inLoop('a datagram of 65,507 bytes arrives whole, between small and empty ones', function* (t, loop) {
  using probe = yield* DatagramProbe.open(loop);
  using box = new MailBox();
  const sent = [1, 65_507, 0, 30_000, 0, 1].map((size, index) => bytesOf(index, size));
  box.send(probe.port, ...sent);
  yield* probe.received(sent.length);
  t.is(probe.datagrams.length, sent.length);
  for (const [index, data] of probe.datagrams.entries()) sameBytes(t, data, sent[index]!);
});

inLoop('a thousand small datagrams of a burst arrive whole and in order', function* (t, loop) {
  using probe = yield* DatagramProbe.open(loop);
  using box = new MailBox();
  const sent = Array.from({ length: 1000 }, (_, number) => bytesOf(number, number % 200));
  // A socket's buffer takes about 250 of them at once; what is beyond would be lost.
  for (let start = 0; start < sent.length; start += 200) {
    box.send(probe.port, ...sent.slice(start, start + 200));
    yield* probe.received(start + 200);
  }
  sameBytes(t, Buffer.concat(probe.datagrams), Buffer.concat(sent));
  t.deepEqual(
    probe.datagrams.map((data) => data.length),
    sent.map((data) => data.length),
  );
});

inLoop('a thousand datagrams sent in one turn leave in order', function* (t, loop) {
  using box = new MailBox();
  using probe = yield* DatagramProbe.open(loop, null, [LOCAL, box.port]);
  const sent = Array.from({ length: 1000 }, (_, number) => bytesOf(number, number % 100));
  for (let start = 0; start < sent.length; start += 200) {
    for (const data of sent.slice(start, start + 200)) probe.transport.sendto(data);
    yield* box.until(start + 200);
  }
  const letters = box.letters();
  sameBytes(t, Buffer.concat(letters.map(({ data }) => data)), Buffer.concat(sent));
});

inLoop('the bytes are the caller’s again when sendto returns, and the receiver’s own', function* (t, loop) {
  using probe = yield* DatagramProbe.open(loop);
  using box = new MailBox();
  for (const size of [100, 10_000]) {
    const data = Buffer.alloc(size, 'a');
    probe.transport.sendto(data, [LOCAL, box.port]);
    data.fill('b');
  }
  const letters = yield* box.until(2);
  t.true(letters.every(({ data }) => data.every((byte) => byte === 97)));
  box.send(probe.port, 'first', 'second');
  yield* probe.received(2);
  const [first, second] = probe.datagrams;
  first!.fill('x');
  t.is(second!.toString(), 'second');
});

inLoop('each protocol may change the address that it gets', function* (t, loop) {
  using probe = yield* DatagramProbe.open(loop);
  using box = new MailBox();
  box.send(probe.port, 'one', 'two');
  yield* probe.received(2);
  const [first, second] = probe.senders as InternetAddress[];
  first![0] = 'changed';
  first![1] = 0;
  t.deepEqual(second, [LOCAL, box.port]);
  box.send(probe.port, 'three');
  yield* probe.received(3);
  t.deepEqual(probe.senders[2], [LOCAL, box.port]);
});

inLoop('several endpoints and peers keep apart', function* (t, loop) {
  const probes: DatagramProbe[] = [];
  using boxes = new DisposableStackOf<MailBox>();
  for (let number = 0; number < 10; number++) {
    probes.push(yield* DatagramProbe.open(loop));
    boxes.add(new MailBox({ echo: true }));
  }
  for (const [index, { transport }] of probes.entries()) {
    for (const [number, box] of boxes.items.entries()) {
      transport.sendto(Buffer.from(`${index} to ${number}`), [LOCAL, box.port]);
    }
  }
  for (const [index, probe] of probes.entries()) {
    yield* probe.received(10);
    const expected = boxes.items.map((box, number) => `${index} to ${number} from ${box.port}`);
    const actual = probe.texts.map((text, at) => `${text} from ${(probe.senders[at] as InternetAddress)[1]}`);
    t.deepEqual(actual.sort(), expected.sort());
    probe.transport.close();
  }
});

inLoop('more senders than are remembered have their own addresses', function* (t, loop) {
  using probe = yield* DatagramProbe.open(loop, ['0.0.0.0', 0]);
  const hosts = Array.from({ length: 600 }, (_, index) => `127.0.${index >> 8}.${index & 255 || 1}`);
  for (const [index, host] of hosts.entries()) {
    using each = new socket.Socket(socket.AF_INET, socket.SOCK_DGRAM);
    each.bind([host, 0]);
    each.sendto(Buffer.from(host), [LOCAL, probe.port]);
    yield* probe.received(index + 1);
  }
  t.deepEqual(
    probe.senders.map(([host]) => host),
    probe.texts,
  );
});

inLoop('IPv6: addresses have four parts, both ways', function* (t, loop) {
  using probe = yield* DatagramProbe.open(loop, ['::1', 0]);
  using box = new MailBox({ host: '::1' });
  t.deepEqual(probe.transport.getExtraInfo('sockname'), ['::1', probe.port, 0, 0]);
  box.send(probe.port, 'six');
  yield* probe.received(1);
  t.deepEqual(probe.senders, [['::1', box.port, 0, 0]]);
  for (const host of ['::1', '0:0:0:0:0:0:0:1']) {
    probe.transport.sendto(Buffer.from('two parts'), [host, box.port]);
    probe.transport.sendto(Buffer.from('four parts'), [host, box.port, 0, 0]);
  }
  probe.transport.sendto(Buffer.alloc(10_000), probe.senders[0]!);
  const letters = yield* box.until(5);
  t.deepEqual(
    letters.map(({ data }) => (data.length > 100 ? 'large' : data.toString())),
    ['two parts', 'four parts', 'two parts', 'four parts', 'large'],
  );
});

inLoop('IPv6: a sender on a link has its scope, and is answered by it (B131)', function* (t, loop) {
  const link = Object.entries(networkInterfaces())
    .flatMap(([name, addresses]) => (addresses ?? []).map((address) => ({ name, ...address })))
    .find(({ family, address }) => family === 'IPv6' && address.startsWith('fe80:'));
  if (link === undefined) {
    t.log('skipped: no interface here has an address of its link');
    t.pass();
    return;
  }
  const scope = (link as { scopeid?: number }).scopeid!;
  using one = yield* DatagramProbe.open(loop, [`${link.address}%${link.name}`, 0]);
  t.deepEqual(one.transport.getExtraInfo('sockname'), [link.address, one.port, 0, scope]);
  using other = yield* DatagramProbe.open(loop, [`${link.address}%${scope}`, 0]);
  one.transport.sendto(Buffer.from('by its number'), [link.address, other.port, 0, scope]);
  one.transport.sendto(Buffer.from('in the host'), [`${link.address}%${scope}`, other.port]);
  yield* other.received(2);
  t.deepEqual(other.texts, ['by its number', 'in the host']);
  t.deepEqual(other.senders, Array(2).fill([link.address, one.port, 0, scope]));
  other.transport.sendto(Buffer.from('back'), other.senders[0]!);
  yield* one.received(1);
});

inLoop('an IPv6 endpoint for both families names IPv4 senders in its own way', function* (t, loop) {
  const dual = new socket.Socket(socket.AF_INET6, socket.SOCK_DGRAM);
  dual.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, false);
  dual.bind(['::', 0]);
  using probe = yield* DatagramProbe.open(loop, null, null, { sock: dual });
  using box = new MailBox();
  box.send(probe.port, 'four');
  yield* probe.received(1);
  t.deepEqual(probe.senders, [['::ffff:127.0.0.1', box.port, 0, 0]]);
  probe.transport.sendto(Buffer.from('answer'), probe.senders[0]!);
  yield* box.until(1);
});

inLoop('a name of an endpoint is resolved; what it is bound and connected to is known', function* (t, loop) {
  using box = new MailBox();
  const family = socket.AF_INET;
  using probe = yield* DatagramProbe.open(loop, ['localhost', 0], ['localhost', box.port], { family });
  t.deepEqual(probe.transport.getExtraInfo('peername'), [LOCAL, box.port]);
  t.deepEqual(probe.transport.getExtraInfo('sockname'), [LOCAL, probe.port]);
  t.is(probe.transport.getExtraInfo('nothing', 5), 5);
  probe.transport.sendto(Buffer.from('hello'));
  t.deepEqual((yield* box.until(1))[0]?.port, probe.port);
});

inLoop('a group receives what is sent to it', function* (t, loop) {
  const GROUP = '239.255.43.21';
  using probe = yield* DatagramProbe.open(loop, ['0.0.0.0', 0]);
  const view = probe.transport.getExtraInfo('socket')!;
  const membership = Buffer.from([...GROUP.split('.').map(Number), 127, 0, 0, 1]);
  view.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, membership);
  view.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, Buffer.from([127, 0, 0, 1]));
  using box = new MailBox({ host: '0.0.0.0', group: GROUP });
  box.sendTo(GROUP, probe.port, 'to the group');
  yield* probe.received(1);
  t.deepEqual(probe.texts, ['to the group']);
  probe.transport.sendto(Buffer.from('from a member'), [GROUP, box.port]);
  t.deepEqual(
    (yield* box.until(1)).map(({ data }) => data.toString()),
    ['from a member'],
  );
});

inLoop('zero-length datagrams are sent and received as such (B126)', function* (t, loop) {
  using box = new MailBox({ echo: true });
  using probe = yield* DatagramProbe.open(loop, null, [LOCAL, box.port]);
  probe.transport.sendto(Buffer.alloc(0));
  probe.transport.sendto(new Uint8Array(0));
  yield* probe.received(2);
  t.deepEqual(probe.texts, ['', '']);
  t.is(box.letters().length, 2);
});

inLoop(
  'a subclass of Uint8Array and a view into a larger buffer are sent as their bytes',
  function* (t, loop) {
    using box = new MailBox();
    using probe = yield* DatagramProbe.open(loop, null, [LOCAL, box.port]);
    class Bytes extends Uint8Array {}
    probe.transport.sendto(Bytes.from([104, 105]));
    probe.transport.sendto(new Uint8Array(Buffer.from('xxhixx')).subarray(2, 4));
    probe.transport.sendto(new Uint8Array(new SharedArrayBuffer(2)).fill(104));
    yield* box.until(3);
    t.deepEqual(box.texts(), ['hi', 'hi', 'hh']);
  },
);

/** Disposes of several things. */
class DisposableStackOf<T extends Disposable> implements Disposable {
  readonly items: T[] = [];

  add(item: T): void {
    this.items.push(item);
  }

  [Symbol.dispose](): void {
    for (const item of this.items) item[Symbol.dispose]();
  }
}

inLoop('methods run where the endpoint was made: context variables and stores follow', function* (t, loop) {
  const user = new ContextVar('user', 'nobody');
  const store = new AsyncLocalStorage<string>();
  const seen: string[] = [];
  class Looks extends DatagramProbe {
    override datagramReceived(data: Buffer, address: Address): void {
      seen.push(`${data} ${user.get()} ${store.getStore()}`);
      // What one call sets is there in the next.
      user.set(data.toString());
      super.datagramReceived(data, address);
    }
  }

  user.set('ada');
  const [, probe] = yield* store.run('inside', () =>
    loop.createDatagramEndpoint(() => new Looks(loop), [LOCAL, 0]),
  );
  user.set('bob');
  using box = new MailBox();
  box.send(probe.port, 'one', 'two');
  yield* probe.received(2);
  t.deepEqual(seen, ['one ada inside', 'two one inside']);
  t.is(user.get(), 'bob');
  probe.transport.abort();
});

inLoop('addresses are arrays of the protocol’s own type', function* (t, loop) {
  using probe = yield* DatagramProbe.open(loop);
  using box = new MailBox();
  box.send(probe.port, 'x');
  yield* probe.received(1);
  const address: Address = probe.senders[0]!;
  t.true(Array.isArray(address) && !Object.isFrozen(address));
});
