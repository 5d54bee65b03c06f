// Datagrams between Unix sockets. The strangers are python3, socat and plain sockets.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { socket } from 'mioloop';
import { DatagramProbe } from './support/datagram-probe.js';
import { turns } from './support/hall.js';
import { bothModes, inLoop } from './support/modes.js';
import { bytesOf, sameBytes } from './support/random.js';
import { startPython } from './support/stranger.js';

const { AF_UNIX, SOCK_DGRAM } = socket;
const family = AF_UNIX;

class Folder implements Disposable {
  readonly #path = mkdtempSync(join(tmpdir(), 'mioloop-datagram-'));

  at(name: string): string {
    return join(this.#path, name);
  }

  [Symbol.dispose](): void {
    rmSync(this.#path, { recursive: true });
  }
}

/** A plain socket, bound or not. */
function plain(path?: string): socket.Socket {
  const bound = new socket.Socket(AF_UNIX, SOCK_DGRAM);
  bound.setBlocking(false);
  if (path !== undefined) bound.bind(path);
  return bound;
}

inLoop('datagrams go between paths, both ways, in order (B129)', function* (t, loop) {
  using folder = new Folder();
  using one = yield* DatagramProbe.open(loop, folder.at('one'), null, { family });
  using other = yield* DatagramProbe.open(loop, folder.at('other'), folder.at('one'), { family });
  t.is(one.transport.getExtraInfo<string>('sockname'), folder.at('one'));
  t.is(other.transport.getExtraInfo<string>('peername'), folder.at('one'));
  const sizes = [0, 1, 8191, 8192, 100_000];
  for (const size of sizes) other.transport.sendto(bytesOf(size, size));
  yield* one.received(sizes.length);
  for (const [index, size] of sizes.entries()) sameBytes(t, one.datagrams[index]!, bytesOf(size, size));
  t.deepEqual(one.senders, Array(sizes.length).fill(folder.at('other')));
  one.transport.sendto(Buffer.from('back'), one.senders[0]!);
  yield* other.received(1);
  t.deepEqual(other.senders, [folder.at('one')]);
});

inLoop('senders have paths, abstract names or none (B129)', function* (t, loop) {
  using folder = new Folder();
  using probe = yield* DatagramProbe.open(loop, folder.at('ours'), null, { family });
  using named = plain(folder.at('ümlaut'));
  using unnamed = plain();
  named.sendto(Buffer.from('named'), folder.at('ours'));
  unnamed.sendto(Buffer.from('unnamed'), folder.at('ours'));
  const expected = [folder.at('ümlaut'), ''];
  if (process.platform === 'linux') {
    const name = `\0mioloop\0unix-${process.pid}`;
    using abstract = plain(name);
    abstract.sendto(Buffer.from('abstract'), folder.at('ours'));
    yield* probe.received(3);
    expected.push(name);
    probe.transport.sendto(Buffer.from('back'), probe.senders[2]!);
    yield* turns(2);
    t.is(abstract.recv(100).toString(), 'back');
  }
  yield* probe.received(expected.length);
  t.deepEqual(probe.senders, expected);
  t.throws(() => probe.transport.sendto(Buffer.from('x'), ''), {
    instanceOf: RangeError,
    message: /without a name/,
  });
});

inLoop('an endpoint on an abstract name leaves no file', function* (t, loop) {
  if (process.platform !== 'linux') {
    t.pass();
    return;
  }
  const name = `\0mioloop-endpoint-${process.pid}`;
  using probe = yield* DatagramProbe.open(loop, name, null, { family });
  t.is(probe.transport.getExtraInfo<string>('sockname'), name);
  using sender = plain();
  sender.sendto(Buffer.from('hello'), name);
  yield* probe.received(1);
});

inLoop(
  'what a socket has left at a path is replaced; a live one and other files are not (B129)',
  function* (t, loop) {
    using folder = new Folder();
    const path = folder.at('stale');
    plain(path).close();
    t.true(statSync(path).isSocket());
    const probe = yield* DatagramProbe.open(loop, path, null, { family });
    using sender = plain();
    sender.sendto(Buffer.from('hello'), path);
    yield* probe.received(1);
    const inUse = yield* failure(DatagramProbe.open(loop, path, null, { family }));
    t.is(inUse.code, 'EADDRINUSE');
    t.is(inUse.path, path);
    sender.sendto(Buffer.from('still here'), path);
    yield* probe.received(2);
    probe.transport.close();
    yield* turns(2);
    // As in asyncio, the file stays.
    t.true(existsSync(path));
    const file = folder.at('file');
    writeFileSync(file, 'text');
    t.is((yield* failure(DatagramProbe.open(loop, file, null, { family }))).code, 'EADDRINUSE');
    t.true(statSync(file).isFile());
  },
);

function* failure(opening: ReturnType<typeof DatagramProbe.open>): Generator<never, NodeJS.ErrnoException> {
  try {
    yield* opening as Generator<never, unknown>;
  } catch (error) {
    return error as NodeJS.ErrnoException;
  }
  throw new Error('it was opened');
}

inLoop('nobody at a path is errorReceived, with the path; the endpoint goes on (B128)', function* (t, loop) {
  using folder = new Folder();
  using probe = yield* DatagramProbe.open(loop, folder.at('ours'), null, { family });
  probe.transport.sendto(Buffer.from('anybody?'), folder.at('nobody'));
  plain(folder.at('gone')).close();
  probe.transport.sendto(Buffer.from('anybody?'), folder.at('gone'));
  yield* probe.until(() => probe.errors.length === 2);
  t.deepEqual(
    probe.errors.map(({ message }) => message),
    [`sendmsg ENOENT ${folder.at('nobody')}`, `sendmsg ECONNREFUSED ${folder.at('gone')}`],
  );
  using sender = plain();
  sender.sendto(Buffer.from('hello'), folder.at('ours'));
  yield* probe.received(1);
});

inLoop('a socket pair carries datagrams both ways (B129)', function* (t, loop) {
  const [ours, theirs] = socket.socketpair(AF_UNIX, SOCK_DGRAM);
  using probe = yield* DatagramProbe.open(loop, null, null, { sock: ours });
  using other = yield* DatagramProbe.open(loop, null, null, { sock: theirs });
  probe.transport.sendto(Buffer.from('ping'));
  yield* other.received(1);
  t.deepEqual(other.senders, ['']);
  other.transport.sendto(Buffer.from('pong'));
  yield* probe.received(1);
});

inLoop('a datagram beyond 256 KiB is errorReceived instead of being cut', function* (t, loop) {
  const [ours, theirs] = socket.socketpair(AF_UNIX, SOCK_DGRAM);
  theirs.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1024 * 1024);
  using probe = yield* DatagramProbe.open(loop, null, null, { sock: ours });
  const whole = bytesOf(1, 256 * 1024);
  theirs.send(whole);
  theirs.send(Buffer.alloc(256 * 1024 + 10_000));
  theirs.send(Buffer.from('next'));
  yield* probe.received(2);
  sameBytes(t, probe.datagrams[0]!, whole);
  t.is(probe.texts[1], 'next');
  t.deepEqual(
    probe.errors.map(({ code }) => code),
    ['EMSGSIZE'],
  );
  theirs.close();
});

const PYTHON_PEER = `
import socket, sys, time
peer = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
peer.bind(sys.argv[2])
while True:
    try:
        peer.connect(sys.argv[1])
        break
    except OSError:
        time.sleep(0.01)
for number in range(100):
    peer.send(bytes([number]) * number)
    assert peer.recv(1000) == bytes([number]) * number
print('all came back')
`;

bothModes('python3 talks to an echo on a path (B129)', async (t, { loop, run }) => {
  using folder = new Folder();
  const child = startPython(t, PYTHON_PEER, folder.at('ours'), folder.at('theirs'));
  if (child === undefined) return;
  const said = text(child.stdout!);
  await run(function* () {
    class Echo extends DatagramProbe {
      override datagramReceived(data: Buffer, address: string): void {
        super.datagramReceived(data, address);
        this.transport.sendto(data, address);
      }
    }

    const [transport, probe] = yield* loop.createDatagramEndpoint(
      () => new Echo(loop),
      folder.at('ours'),
      null,
      {
        family,
      },
    );
    yield* probe.received(100);
    transport.close();
    yield* turns(2);
  });
  t.is(await said, 'all came back\n');
});

bothModes('socat sends to an endpoint on a path (B129)', async (t, { loop, run }) => {
  using folder = new Folder();
  const path = folder.at('ours');
  const probe = await run(() => DatagramProbe.open(loop, path, null, { family }));
  const socat = spawn('socat', ['-u', '-', `UNIX-SENDTO:${path}`], { stdio: ['pipe', 'ignore', 'inherit'] });
  const started = await Promise.race([
    once(socat, 'spawn').then(() => true),
    once(socat, 'error').then(() => false),
  ]);
  if (!started) {
    t.log('skipped: no socat here');
    t.pass();
    return;
  }
  socat.stdin.end('by socat');
  await once(socat, 'close');
  await run(() => probe.received(1));
  t.deepEqual(probe.texts, ['by socat']);
  probe.transport.abort();
});
