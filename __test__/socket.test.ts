// socket.Socket by itself, without a loop: each method is a system call.

import { closeSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { Worker } from 'node:worker_threads';
import test from 'ava';
import { NotImplementedError, socket } from 'mioloop';
import './support/leaks.js';
import { bound, closing, fill, listening, made, pair, send, tcpPair } from './support/sockets.js';

const { AF_INET, AF_INET6, AF_UNIX, SOCK_DGRAM, SOCK_SEQPACKET, SOCK_STREAM, SOL_SOCKET } = socket;
const { Socket } = socket;

const codeOf = (error: unknown): unknown => (error as NodeJS.ErrnoException).code;

/** A path that nothing is at, removed at the test's end. */
function freshPath(t: { teardown(fn: () => void): void }, name: string): string {
  const path = join(tmpdir(), `mioloop-${process.pid}-${name}`);
  t.teardown(() => rmSync(path, { force: true }));
  return path;
}

// ---- making --------------------------------------------------------------------------------------

test.serial('a socket is of TCP over IPv4, and blocks, unless told otherwise', (t) => {
  const sock = closing(t, new Socket());
  t.deepEqual([sock.family, sock.type], [AF_INET, SOCK_STREAM]);
  t.true(sock.getBlocking());
  t.true(sock.fileno() >= 0);
});

test.serial('family, type and protocol are those that were given', (t) => {
  for (const [family, type, proto] of [
    [AF_INET, SOCK_DGRAM, socket.IPPROTO_UDP],
    [AF_INET6, SOCK_STREAM, socket.IPPROTO_TCP],
    [AF_UNIX, SOCK_SEQPACKET, 0],
  ] as const) {
    const sock = closing(t, new Socket(family, type, proto));
    t.deepEqual([sock.family, sock.type, sock.proto], [family, type, proto]);
  }
});

test.serial('flags of the type are no part of it', (t) => {
  const flag = socket.SOCK_NONBLOCK;
  if (flag === undefined) {
    t.pass('not on this platform');
    return;
  }
  const sock = closing(t, new Socket(AF_INET, SOCK_STREAM | flag));
  t.is(sock.type, SOCK_STREAM);
  t.false(sock.getBlocking());
});

test.serial('what there is no socket for is the system’s error', (t) => {
  const error = t.throws(() => new Socket(12_345, SOCK_STREAM));
  t.is(codeOf(error), 'EAFNOSUPPORT');
  t.is((error as NodeJS.ErrnoException).syscall, 'socket');
  t.is(codeOf(t.throws(() => new Socket(AF_INET, SOCK_STREAM, 200))), 'EPROTONOSUPPORT');
});

test.serial('wrong arguments of the constructor are refused', (t) => {
  const Loose = Socket as unknown as new (...args: unknown[]) => unknown;
  const wrong: unknown[][] = [['2'], [1.5], [AF_INET, 'x'], [AF_INET, SOCK_STREAM, {}], [null], [{}]];
  for (const args of [...wrong, [{ fileno: 'x' }], [{ fileno: 1.5 }]]) {
    t.throws(() => new Loose(...args), { instanceOf: TypeError, code: 'ERR_INVALID_ARG_TYPE' });
  }
  t.throws(() => new Loose({ fileno: 1, close: true }), { instanceOf: NotImplementedError });
});

test.serial('an open descriptor is taken over with its kind and its mode', (t) => {
  const [ours, theirs] = pair(t, AF_UNIX, SOCK_SEQPACKET);
  const again = closing(t, new Socket({ fileno: ours.detach() }));
  t.deepEqual([again.family, again.type, again.getBlocking()], [AF_UNIX, SOCK_SEQPACKET, false]);
  send(theirs, 'x');
  t.is(again.recv(10).toString(), 'x');
});

test.serial('what is no socket, or not open, is not taken over', (t) => {
  t.is(codeOf(t.throws(() => new Socket({ fileno: -1 }))), 'EBADF');
  t.is(codeOf(t.throws(() => new Socket({ fileno: 100_000 }))), 'EBADF');
  const file = openSync(process.execPath, 'r');
  t.is(codeOf(t.throws(() => new Socket({ fileno: file }))), 'ENOTSOCK');
  closeSync(file);
});

test.serial('socketpair gives two ends of one connection', (t) => {
  const [ours, theirs] = socket.socketpair().map((end) => closing(t, end)) as [socket.Socket, socket.Socket];
  t.deepEqual([ours.family, ours.type, ours.getBlocking()], [AF_UNIX, SOCK_STREAM, true]);
  send(ours, 'ping');
  t.is(theirs.recv(10).toString(), 'ping');
  t.is(ours.getpeername<string>(), '');
  t.regex(String(codeOf(t.throws(() => socket.socketpair(AF_INET)))), /^E(OP)?NOTSUPP?$/);
});

// ---- connections ---------------------------------------------------------------------------------

test.serial('bind, listen, connect and accept', (t) => {
  const listener = bound(t);
  listener.listen();
  const [host, port] = listener.getsockname();
  t.is(host, '127.0.0.1');
  t.not(port, 0);
  t.is(codeOf(t.throws(() => listener.accept())), 'EAGAIN');
  const sock = closing(t, new Socket());
  sock.connect([host, port]);
  const [connection, address] = listener.accept();
  closing(t, connection);
  t.deepEqual(address, sock.getsockname());
  t.deepEqual(connection.getpeername(), sock.getsockname());
  t.deepEqual(sock.getpeername(), listener.getsockname());
  t.false(connection.getBlocking());
  t.deepEqual([connection.family, connection.type], [AF_INET, SOCK_STREAM]);
});

test.serial('an address of IPv6 has four parts, of which two are enough', (t) => {
  const listener = closing(t, new Socket(AF_INET6, SOCK_STREAM));
  listener.bind(['::1', 0]);
  listener.listen();
  const address = listener.getsockname();
  t.deepEqual([address[0], ...address.slice(2)], ['::1', 0, 0]);
  const sock = closing(t, new Socket(AF_INET6, SOCK_STREAM));
  sock.connect(address);
  t.deepEqual(sock.getpeername(), address);
});

test.serial('an address of a Unix socket is a path, or an abstract name', (t) => {
  const names = [freshPath(t, 'unix')];
  if (process.platform === 'linux') names.push(`\0mioloop-test-${process.pid}`, '\0with\0zeros');
  for (const name of names) {
    const listener = closing(t, new Socket(AF_UNIX, SOCK_STREAM));
    listener.bind(name);
    listener.listen();
    t.is(listener.getsockname<string>(), name);
    const sock = closing(t, new Socket(AF_UNIX, SOCK_STREAM));
    sock.connect(name);
    const [connection, address] = listener.accept<string>();
    closing(t, connection);
    t.is(address, '');
    t.is(sock.getpeername<string>(), name);
  }
});

test.serial('a host that is a name is an error that says what to do', (t) => {
  const sock = closing(t, new Socket());
  const datagrams = closing(t, new Socket(AF_INET, SOCK_DGRAM));
  const calls = {
    bind: () => sock.bind(['localhost', 0]),
    connect: () => sock.connect(['localhost', 9]),
    sendto: () => datagrams.sendto(Buffer.from('x'), ['localhost', 9]),
  };
  for (const [name, call] of Object.entries(calls)) {
    t.throws(call, {
      instanceOf: RangeError,
      code: 'ERR_INVALID_ARG_VALUE',
      message: `${name}() takes a literal address, and the string "localhost" is none: resolve a name before, by loop.getaddrinfo()`,
    });
  }
  sock.bind(['127.0.0.1', 0]);
  // What the system has against a literal is its own error.
  t.throws(() => sock.bind(['127.0.0.1', 0]), { code: 'EINVAL' });
});

test.serial('errors name the call and the address', (t) => {
  const listener = listening(t);
  const [, port] = listener.getsockname();
  const sock = closing(t, new Socket());
  const inUse = t.throws(() => sock.bind(['127.0.0.1', port]));
  t.is((inUse as Error).message, `bind EADDRINUSE 127.0.0.1:${port}`);
  t.like(inUse, { code: 'EADDRINUSE', syscall: 'bind', address: '127.0.0.1', port });
  listener.close();
  const refused = t.throws(() => sock.connect(['127.0.0.1', port]));
  t.is((refused as Error).message, `connect ECONNREFUSED 127.0.0.1:${port}`);
  t.is(codeOf(t.throws(() => made(t).getpeername())), 'ENOTCONN');
  t.is(codeOf(t.throws(() => made(t).connect(listening(t).getsockname()))), 'EINPROGRESS');
});

test.serial('wrong addresses are refused', (t) => {
  const sock = closing(t, new Socket());
  for (const address of ['127.0.0.1', ['127.0.0.1'], [1, 2], ['127.0.0.1', '80'], null, [null, 80]]) {
    t.throws(() => sock.connect(address as never), { instanceOf: TypeError });
  }
  for (const port of [-1, 65_536, 1.5, Number.NaN]) {
    t.throws(() => sock.bind(['127.0.0.1', port]), { instanceOf: RangeError });
  }
  const local = closing(t, new Socket(AF_UNIX, SOCK_STREAM));
  t.throws(() => local.bind(['127.0.0.1', 1]), { instanceOf: TypeError });
  t.throws(() => local.bind('x'.repeat(300)), { instanceOf: RangeError, message: /AF_UNIX path too long/ });
  t.throws(() => sock.listen('x' as never), { instanceOf: TypeError });
});

// ---- bytes ---------------------------------------------------------------------------------------

test.serial('bytes are sent and received, to the end', (t) => {
  const [ours, theirs] = pair(t);
  t.is(codeOf(t.throws(() => ours.recv(1))), 'EAGAIN');
  t.is(theirs.send(Buffer.from('hello')), 5);
  t.is(ours.recv(2).toString(), 'he');
  const buffer = new Uint8Array(10);
  t.is(ours.recvInto(buffer.subarray(2)), 3);
  t.deepEqual([...buffer.subarray(0, 6)], [0, 0, ...Buffer.from('llo'), 0]);
  theirs.close();
  t.is(ours.recv(10).length, 0);
  t.is(ours.recvInto(buffer), 0);
  t.is(codeOf(t.throws(() => ours.send(Buffer.from('x')))), 'EPIPE');
});

test.serial('sending takes what the system takes', (t) => {
  const [ours, theirs] = pair(t);
  const sent = fill(ours);
  t.true(sent > 0);
  t.is(codeOf(t.throws(() => ours.send(Buffer.from('x')))), 'EAGAIN');
  let received = 0;
  while (received < sent) received += theirs.recv(1_000_000).length;
  t.is(received, sent);
});

test.serial('datagrams have senders', (t) => {
  const [ours, theirs] = [bound(t, SOCK_DGRAM), bound(t, SOCK_DGRAM)];
  const address = ours.getsockname();
  t.is(theirs.sendto(Buffer.from('one'), address), 3);
  theirs.sendto(Buffer.from('two'), address);
  theirs.sendto(Buffer.from('three'), address);
  t.deepEqual(ours.recvfrom(100), [Buffer.from('one'), theirs.getsockname()]);
  const buffer = Buffer.alloc(4, '.');
  t.deepEqual(ours.recvfromInto(buffer, 2), [2, theirs.getsockname()]);
  t.deepEqual(ours.recvfromInto(buffer), [4, theirs.getsockname()]);
  t.is(buffer.toString(), 'thre');
  t.is(codeOf(t.throws(() => ours.recvfrom(100))), 'EAGAIN');
  t.is(codeOf(t.throws(() => ours.recvfromInto(buffer))), 'EAGAIN');
  // Connected, nobody else is heard.
  ours.connect(theirs.getsockname());
  ours.send(Buffer.from('back'));
  t.is(theirs.recv(10).toString(), 'back');
});

test.serial('what has no name has none as a sender', (t) => {
  const [ours, theirs] = pair(t, AF_UNIX, SOCK_DGRAM);
  send(theirs, 'x');
  t.deepEqual(ours.recvfrom<string>(10), [Buffer.from('x'), '']);
  const [stream, peer] = tcpPair(t);
  stream.setBlocking(true);
  send(peer, 'x');
  t.is(stream.recvfrom(10)[1] as unknown, '');
});

test.serial('the special hosts of Python', (t) => {
  const sock = closing(t, new Socket(AF_INET, SOCK_DGRAM));
  sock.bind(['', 0]);
  t.is(sock.getsockname()[0], '0.0.0.0');
  const [, port] = sock.getsockname();
  t.is(codeOf(t.throws(() => sock.sendto(Buffer.from('x'), ['<broadcast>', port]))), 'EACCES');
});

test.serial('received bytes are the receiver’s own', (t) => {
  const [ours, theirs] = pair(t);
  for (const size of [1, 100, 8192, 8193, 30_000, 60_000]) {
    const sent = Buffer.alloc(size, size % 251);
    theirs.send(sent);
    const first = ours.recv(size * 2);
    theirs.send(Buffer.alloc(size, 7));
    ours.recv(size * 2);
    t.true(first.equals(sent), `${size} bytes`);
  }
});

test.serial('bytes of small pieces can not be taken away from others', (t) => {
  const [ours, theirs] = pair(t);
  send(theirs, 'one');
  const one = ours.recv(10);
  send(theirs, 'two');
  const two = ours.recv(10);
  try {
    structuredClone(one.buffer, { transfer: [one.buffer as ArrayBuffer] });
  } catch {
    // Newer versions of Node refuse it, older ones copy.
  }
  t.is(`${one.toString()} ${two.toString()}`, 'one two');
});

test.serial('wrong arguments for bytes are refused', (t) => {
  const [ours] = pair(t);
  const loose = ours as unknown as Record<string, (...args: unknown[]) => unknown>;
  for (const size of ['1', null, {}]) {
    t.throws(() => loose.recv!(size), { instanceOf: TypeError });
    t.throws(() => loose.recvfrom!(size), { instanceOf: TypeError });
  }
  for (const size of [-1, 1.5, Number.NaN, 2 ** 31]) {
    t.throws(() => loose.recv!(size), { instanceOf: RangeError });
    t.throws(() => loose.recvfromInto!(Buffer.alloc(1), size), { instanceOf: RangeError });
  }
  t.throws(() => ours.recvfromInto(Buffer.alloc(2), 3), { message: /greater than the length of the buffer/ });
  for (const method of ['send', 'recvInto', 'recvfromInto']) {
    for (const bytes of ['text', new ArrayBuffer(1), new Uint16Array(1), null]) {
      t.throws(() => loose[method]!(bytes), { instanceOf: TypeError, message: /a Uint8Array/ });
    }
  }
  t.throws(() => loose.sendto!('text', '/path'), { instanceOf: TypeError });
});

// ---- modes and options ---------------------------------------------------------------------------

test.serial('a socket that blocks waits for what it is asked', async (t) => {
  const [ours, theirs] = pair(t);
  ours.setBlocking(true);
  t.true(ours.getBlocking());
  const fd = theirs.detach();
  const worker = new Worker(
    `const { workerData } = require('node:worker_threads');
     setTimeout(() => { require('node:fs').writeSync(workerData, 'late'); require('node:fs').closeSync(workerData); }, 50);`,
    { eval: true, workerData: fd, trackUnmanagedFds: false },
  );
  const ended = new Promise((resolve) => worker.on('exit', resolve));
  await new Promise((resolve) => worker.on('online', resolve));
  t.is(ours.recv(10).toString(), 'late');
  await ended;
  ours.setBlocking(false);
  t.false(ours.getBlocking());
  t.throws(() => ours.setBlocking(1 as never), { instanceOf: TypeError });
});

test.serial('options are integers, booleans or bytes', (t) => {
  const sock = closing(t, new Socket());
  t.is(sock.getsockopt(SOL_SOCKET, socket.SO_KEEPALIVE), 0);
  sock.setsockopt(SOL_SOCKET, socket.SO_KEEPALIVE, true);
  t.not(sock.getsockopt(SOL_SOCKET, socket.SO_KEEPALIVE), 0);
  sock.setsockopt(SOL_SOCKET, socket.SO_KEEPALIVE, 0);
  t.is(sock.getsockopt(SOL_SOCKET, socket.SO_KEEPALIVE), 0);
  t.is(sock.getsockopt(SOL_SOCKET, socket.SO_TYPE), SOCK_STREAM);
  // struct linger { on, seconds }
  const linger = new Int32Array([1, 5]);
  sock.setsockopt(SOL_SOCKET, socket.SO_LINGER, new Uint8Array(linger.buffer));
  const value = sock.getsockopt(SOL_SOCKET, socket.SO_LINGER, 8);
  t.deepEqual(new Int32Array(Uint8Array.from(value).buffer), linger);
  t.is(sock.getsockopt(SOL_SOCKET, socket.SO_LINGER, 1024).length, 8);
});

test.serial('wrong options are refused', (t) => {
  const sock = closing(t, new Socket());
  t.is(codeOf(t.throws(() => sock.getsockopt(SOL_SOCKET, 99_999))), 'ENOPROTOOPT');
  t.is(codeOf(t.throws(() => sock.setsockopt(SOL_SOCKET, 99_999, 1))), 'ENOPROTOOPT');
  for (const size of [0, -1, 1025, 1.5, '4']) {
    t.throws(() => sock.getsockopt(SOL_SOCKET, socket.SO_LINGER, size as never), { instanceOf: RangeError });
  }
  for (const value of ['1', null, {}, [1]]) {
    t.throws(() => sock.setsockopt(SOL_SOCKET, socket.SO_KEEPALIVE, value as never), {
      instanceOf: TypeError,
    });
  }
  for (const value of [2 ** 32, -(2 ** 31) - 1, 0.5]) {
    t.throws(() => sock.setsockopt(SOL_SOCKET, socket.SO_KEEPALIVE, value), { instanceOf: RangeError });
  }
  t.throws(() => sock.getsockopt('x' as never, 1), { instanceOf: TypeError });
  t.throws(() => sock.setsockopt(1, 1.5, 1), { instanceOf: TypeError });
});

// ---- ends ----------------------------------------------------------------------------------------

test.serial('shutdown ends one direction or both', (t) => {
  const [ours, theirs] = pair(t);
  ours.shutdown(socket.SHUT_WR);
  t.is(theirs.recv(1).length, 0);
  send(theirs, 'still');
  t.is(ours.recv(10).toString(), 'still');
  ours.shutdown(socket.SHUT_RDWR);
  t.is(codeOf(t.throws(() => theirs.send(Buffer.from('x')))), 'EPIPE');
  for (const how of [3, -1, '0', undefined]) {
    t.throws(() => ours.shutdown(how as never), { instanceOf: RangeError });
  }
  t.is(codeOf(t.throws(() => made(t).shutdown(socket.SHUT_WR))), 'ENOTCONN');
});

test.serial('a socket is closed once; then everything is EBADF', (t) => {
  const sock = new Socket();
  sock.close();
  sock.close();
  t.is(sock.fileno(), -1);
  t.is(sock.detach(), -1);
  const calls: (() => unknown)[] = [
    () => sock.bind(['127.0.0.1', 0]),
    () => sock.listen(),
    () => sock.accept(),
    () => sock.connect(['127.0.0.1', 1]),
    () => sock.recv(1),
    () => sock.recvInto(Buffer.alloc(1)),
    () => sock.recvfrom(1),
    () => sock.recvfromInto(Buffer.alloc(1)),
    () => sock.send(Buffer.alloc(1)),
    () => sock.sendto(Buffer.alloc(1), ['127.0.0.1', 1]),
    () => sock.setBlocking(false),
    () => sock.shutdown(socket.SHUT_WR),
    () => sock.getsockname(),
    () => sock.getpeername(),
    () => sock.getsockopt(SOL_SOCKET, socket.SO_TYPE),
    () => sock.setsockopt(SOL_SOCKET, socket.SO_KEEPALIVE, 1),
  ];
  for (const call of calls) t.is(codeOf(t.throws(call)), 'EBADF', String(call));
  // What was known of it still is.
  t.deepEqual([sock.family, sock.type], [AF_INET, SOCK_STREAM]);
});

test.serial('a scope closes it', (t) => {
  let sock: socket.Socket;
  {
    using inner = new Socket();
    sock = inner;
    t.not(sock.fileno(), -1);
  }
  t.is(sock.fileno(), -1);
});

test.serial('a detached descriptor is the caller’s', (t) => {
  const sock = new Socket();
  const fd = sock.fileno();
  t.is(sock.detach(), fd);
  t.is(sock.fileno(), -1);
  const again = new Socket({ fileno: fd });
  t.is(again.fileno(), fd);
  again.close();
});

// ---- text ----------------------------------------------------------------------------------------

test.serial('its text says what it is and between whom', (t) => {
  const listener = listening(t);
  const [, port] = listener.getsockname();
  const { family, type, proto } = listener;
  const kind = `family=${family} type=${type} proto=${proto}`;
  t.is(listener.toString(), `<Socket fd=${listener.fileno()} ${kind} laddr=["127.0.0.1",${port}]>`);
  const sock = closing(t, new Socket());
  sock.connect(listener.getsockname());
  t.true(inspect(sock).endsWith(` raddr=["127.0.0.1",${port}]>`), inspect(sock));
  listener.close();
  t.is(String(listener), `<Socket [closed] fd=-1 ${kind}>`);
});
