// Operations of raw sockets: inline when they need not wait, else in which turn. The Python side is
// python/sockets.py.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Future, gather, socket } from 'mioloop';
import { scenario } from './scenario.js';

type Sockets = socket.Socket[];

/** Two connected sockets that do not block. */
function pair(): [socket.Socket, socket.Socket] {
  const ends = socket.socketpair();
  for (const end of ends) end.setBlocking(false);
  return ends;
}

function listener(family = socket.AF_INET, address: [string, number] | string = ['127.0.0.1', 0]) {
  const sock = client(family);
  sock.bind(address);
  sock.listen();
  return sock;
}

function client(family = socket.AF_INET): socket.Socket {
  const sock = new socket.Socket(family, socket.SOCK_STREAM);
  sock.setBlocking(false);
  return sock;
}

function close(...socks: Sockets): void {
  for (const sock of socks) sock.close();
}

function send(sock: socket.Socket, text: string): void {
  sock.send(Buffer.from(text));
}

/** Calls `act` until it would block. */
function untilBlocked(act: () => unknown): void {
  try {
    for (;;) act();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
  }
}

/** Sends until the system takes no more. */
function fill(sock: socket.Socket): void {
  untilBlocked(() => sock.send(Buffer.alloc(4096, ' ')));
}

/** Receives until there is nothing more. */
function drain(sock: socket.Socket): void {
  untilBlocked(() => sock.recv(65536));
}

scenario('sock-recv-inline (B93, B95)', function* (twin) {
  const [ours, theirs] = pair();
  twin.zero();
  yield* twin.loop.sockSendall(theirs, Buffer.from('hello'));
  twin.log('sent');
  twin.log((yield* twin.loop.sockRecv(ours, 2)).toString());
  const buffer = Buffer.alloc(10);
  const count = yield* twin.loop.sockRecvInto(ours, buffer);
  twin.log(buffer.toString('utf8', 0, count));
  close(theirs);
  twin.log(`${(yield* twin.loop.sockRecv(ours, 2)).length} bytes`);
  close(ours);
});

scenario('sock-recv-waits (B93)', function* (twin) {
  const [ours, theirs] = pair();
  const reply = (): void => {
    twin.log('sent');
    send(theirs, 'hello');
  };
  twin.zero();
  twin.loop.callSoon(reply);
  twin.log((yield* twin.loop.sockRecv(ours, 100)).toString());
  twin.loop.callSoon(reply);
  twin.log(`${yield* twin.loop.sockRecvInto(ours, Buffer.alloc(10))} bytes`);
  twin.loop.callSoon(() => theirs.close());
  twin.log(`${(yield* twin.loop.sockRecv(ours, 100)).length} bytes`);
  close(ours);
});

scenario('sock-recv-in-tasks', function* (twin) {
  const [ours, theirs] = pair();
  const [other, theirOther] = pair();
  const task = twin.loop.createTask(function* () {
    return yield* twin.loop.sockRecv(ours, 100);
  });
  task.addDoneCallback(twin.logger('task is done'));
  const both = gather(twin.loop.sockRecv(other, 100), task);
  both.addDoneCallback(twin.logger('both are done'));
  yield* twin.turns(2);
  twin.zero();
  send(theirs, 'x');
  send(theirOther, 'y');
  twin.log((yield* both).join(' '));
  close(ours, theirs, other, theirOther);
});

scenario('sock-sendall-waits (B93)', function* (twin) {
  const [ours, theirs] = pair();
  fill(ours);
  const task = twin.loop.createTask(function* () {
    yield* twin.loop.sockSendall(ours, Buffer.from('last'));
  });
  task.addDoneCallback(twin.logger('task is done'));
  yield* twin.turns(3);
  twin.zero();
  drain(theirs);
  yield* task;
  twin.log(`sent: ${theirs.recv(100).toString()}`);
  close(ours, theirs);
});

scenario('sock-recv-cancelled (B94, B98)', function* (twin) {
  const [ours, theirs] = pair();
  const task = twin.loop.createTask(function* () {
    return yield* twin.loop.sockRecv(ours, 100);
  });
  task.addDoneCallback(twin.logger('task is done'));
  yield* twin.turns(2);
  twin.zero();
  twin.log(`cancel: ${task.cancel()}`);
  twin.loop.callSoon(send, theirs, 'x');
  // At once, while the cancelled one has not heard of it.
  twin.log((yield* twin.loop.sockRecv(ours, 100)).toString());
  twin.log(`cancelled: ${task.cancelled()}`);
  close(ours, theirs);
});

scenario('sock-recv-cancelled-in-the-turn-of-its-data (B94)', function* (twin) {
  const [ours, theirs] = pair();
  const task = twin.loop.createTask(function* () {
    return yield* twin.loop.sockRecv(ours, 100);
  });
  yield* twin.turns(2);
  twin.zero();
  send(theirs, 'x');
  twin.loop.callSoon(() => task.cancel());
  twin.log(yield* twin.outcome(task));
  twin.log((yield* twin.loop.sockRecv(ours, 100)).toString());
  close(ours, theirs);
});

scenario('sock-recv-cancelled-behind-its-data (B97)', function* (twin) {
  const [ours, theirs] = pair();
  const task = twin.loop.createTask(function* () {
    return yield* twin.loop.sockRecv(ours, 100);
  });
  yield* twin.turns(2);
  twin.zero();
  send(theirs, 'x');
  // Before the task's step, in the turn in which it would get what came.
  twin.loop.callSoon(() => {
    twin.loop.callSoon(() => task.cancel());
  });
  twin.log(yield* twin.outcome(task));
  send(theirs, 'y');
  twin.log((yield* twin.loop.sockRecv(ours, 100)).toString());
  close(ours, theirs);
});

scenario('sock-sendall-cancelled (B94)', function* (twin) {
  const [ours, theirs] = pair();
  fill(ours);
  const task = twin.loop.createTask(function* () {
    yield* twin.loop.sockSendall(ours, Buffer.from('never'));
  });
  yield* twin.turns(2);
  twin.zero();
  twin.log(`cancel: ${task.cancel()}`);
  drain(theirs);
  yield* twin.loop.sockSendall(ours, Buffer.from('world'));
  twin.log(`received: ${theirs.recv(100).toString()}`);
  twin.log(yield* twin.outcome(task));
  close(ours, theirs);
});

scenario('sock-accept-and-connect (B96, B97)', function* (twin) {
  const listening = listener();
  twin.zero();
  const task = twin.loop.createTask(function* () {
    return yield* twin.loop.sockAccept(listening);
  });
  task.addDoneCallback(twin.logger('accept is done'));
  yield* twin.turns(1);
  const ours = client();
  yield* twin.loop.sockConnect(ours, listening.getsockname());
  twin.log('connected');
  const [connection, address] = yield* task;
  const isOurs = String(address) === String(ours.getsockname());
  twin.log(`accepted: ${isOurs}, blocking: ${connection.getBlocking()}`);
  const other = client();
  yield* twin.loop.sockConnect(other, listening.getsockname());
  twin.log('connected');
  const [second] = yield* twin.loop.sockAccept(listening);
  twin.log('accepted');
  close(listening, ours, connection, other, second);
});

scenario('sock-connect-refused (B96)', function* (twin) {
  const listening = listener();
  const address = listening.getsockname();
  listening.close();
  const ours = client();
  twin.zero();
  twin.log(yield* twin.outcome(twin.loop.sockConnect(ours, address)));
  close(ours);
});

scenario('sock-connect-unix', function* (twin) {
  const folder = mkdtempSync(join(tmpdir(), 'mioloop-'));
  try {
    const path = join(folder, 'socket');
    const listening = listener(socket.AF_UNIX, path);
    let ours = client(socket.AF_UNIX);
    twin.zero();
    yield* twin.loop.sockConnect(ours, path);
    twin.log('connected');
    const [connection, address] = yield* twin.loop.sockAccept<string>(listening);
    twin.log(`accepted from nobody: ${address === ''}`);
    close(listening, ours, connection);
    ours = client(socket.AF_UNIX);
    twin.log(yield* twin.outcome(twin.loop.sockConnect(ours, path)));
    close(ours);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

scenario('sock-datagrams (B95)', function* (twin) {
  const [ours, theirs] = [1, 2].map(() => {
    const sock = new socket.Socket(socket.AF_INET, socket.SOCK_DGRAM);
    sock.setBlocking(false);
    sock.bind(['127.0.0.1', 0]);
    return sock;
  }) as [socket.Socket, socket.Socket];
  const isTheirs = (address: unknown): boolean => String(address) === String(theirs.getsockname());
  twin.zero();
  const sent = yield* twin.loop.sockSendto(theirs, Buffer.from('one'), ours.getsockname());
  twin.log(`${sent} bytes`);
  const [first, sender] = yield* twin.loop.sockRecvfrom(ours, 100);
  twin.log(`${first.toString()}, its sender: ${isTheirs(sender)}`);
  twin.loop.callSoon(() => theirs.sendto(Buffer.from('two'), ours.getsockname()));
  const buffer = Buffer.alloc(10);
  const [count, address] = yield* twin.loop.sockRecvfromInto(ours, buffer, 2);
  twin.log(`${buffer.toString('utf8', 0, count)}, its sender: ${isTheirs(address)}`);
  twin.loop.callSoon(() => theirs.sendto(Buffer.alloc(0), ours.getsockname()));
  const [last] = yield* twin.loop.sockRecvfrom(ours, 100);
  twin.log(`${last.length} bytes`);
  close(ours, theirs);
});

scenario('sock-errors (B93)', function* (twin) {
  const { loop } = twin;
  let [ours, theirs] = pair();
  close(theirs);
  twin.zero();
  twin.log(yield* twin.outcome(loop.sockSendall(ours, Buffer.from('x'))));
  twin.log(yield* twin.outcome(loop.sockRecv(ours, -1)));
  twin.log(yield* twin.outcome(loop.sockRecvfromInto(ours, Buffer.alloc(2), 3)));
  close(ours);
  twin.log(yield* twin.outcome(loop.sockRecv(ours, 1)));
  [ours, theirs] = pair();
  loop.setDebug(true);
  ours.setBlocking(true);
  const operations: Future<unknown>[] = [
    loop.sockRecv(ours, 1),
    loop.sockRecvInto(ours, Buffer.alloc(1)),
    loop.sockRecvfrom(ours, 1),
    loop.sockRecvfromInto(ours, Buffer.alloc(1)),
    loop.sockSendall(ours, Buffer.from('x')),
    loop.sockSendto(ours, Buffer.from('x'), '/nowhere'),
    loop.sockConnect(ours, '/nowhere'),
    loop.sockAccept(ours),
  ];
  for (const operation of operations) twin.log(yield* twin.outcome(operation));
  loop.setDebug(false);
  close(ours, theirs);
});
