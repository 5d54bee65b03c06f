// Cancelling operations of sockets, at every turn of their life: nothing is lost, and the socket is free at once.

import { type Coroutine, type EventLoop, type Future, sleep, socket, type Task } from 'mioloop';
import { inLoop } from './support/modes.js';
import { drain, fill, listening, made, pair, send, tcpPair } from './support/sockets.js';

/** Turns in which something of an operation happens: from its call to behind its end. */
const TURNS = 6;

/** A task that awaits what `begin` gives; as an async function every other time. */
function taskOf<T>(loop: EventLoop, begin: () => Future<T>, isAsync: boolean): Task<T> {
  if (isAsync) return loop.createTask(async () => await begin());
  return loop.createTask(function* () {
    return yield* begin();
  });
}

/** Calls `act` in the ready callbacks of the `count`-th turn from now, before or behind those of the same turn. */
function after(loop: EventLoop, count: number, act: () => void): void {
  if (count === 0) act();
  else loop.callSoon(after, loop, count - 1, act);
}

/** Whether the task got its result, or was cancelled. */
function* ended(task: Task<unknown>): Coroutine<boolean> {
  while (!task.done()) yield* sleep(0);
  return !task.cancelled();
}

for (const isAsync of [false, true]) {
  const who = isAsync ? 'an async function' : 'a generator';

  inLoop(`sockRecv of ${who}, cancelled at every turn, loses no byte (B94, B97)`, function* (t, loop) {
    for (let cancelTurn = 0; cancelTurn < TURNS; cancelTurn++) {
      for (let sendTurn = 0; sendTurn < TURNS; sendTurn++) {
        const [ours, theirs] = pair(t);
        const task = taskOf(loop, () => loop.sockRecv(ours, 10), isAsync);
        after(loop, sendTurn, () => send(theirs, 'data'));
        after(loop, cancelTurn, () => void task.cancel());
        const got = (yield* ended(task)) ? task.result().toString() : '';
        // Whoever asks next gets what it did not, and without a turn between.
        if (got === '') t.is((yield* loop.sockRecv(ours, 10)).toString(), 'data');
        else t.is(got, 'data');
        ours.close();
        theirs.close();
      }
    }
  });

  inLoop(`sockAccept of ${who}, cancelled at every turn, loses no connection (B97)`, function* (t, loop) {
    const listener = listening(t);
    for (let cancelTurn = 0; cancelTurn < TURNS; cancelTurn++) {
      for (let connectTurn = 0; connectTurn < TURNS; connectTurn++) {
        const task = taskOf(loop, () => loop.sockAccept(listener), isAsync);
        const sock = made(t);
        const connecting = loop.createFuture<void>();
        after(loop, connectTurn, () => {
          loop
            .createTask(function* () {
              yield* loop.sockConnect(sock, listener.getsockname());
            })
            .addDoneCallback(() => connecting.setResult());
        });
        after(loop, cancelTurn, () => void task.cancel());
        yield* connecting;
        const [connection] = (yield* ended(task)) ? task.result() : yield* loop.sockAccept(listener);
        t.deepEqual(connection.getpeername(), sock.getsockname());
        connection.close();
        sock.close();
      }
    }
  });

  inLoop(
    `sockSendall of ${who}, cancelled at every turn, leaves the next one in order (B94)`,
    function* (t, loop) {
      for (let cancelTurn = 0; cancelTurn < TURNS; cancelTurn++) {
        for (let drainTurn = 0; drainTurn < TURNS; drainTurn++) {
          const [ours, theirs] = pair(t);
          fill(ours);
          const task = taskOf(loop, () => loop.sockSendall(ours, Buffer.from('first')), isAsync);
          after(loop, drainTurn, () => void drain(theirs));
          after(loop, cancelTurn, () => void task.cancel());
          const sent = yield* ended(task);
          for (let turn = 0; turn <= TURNS; turn++) yield* sleep(0);
          t.is(drain(theirs), sent ? 'first'.length : 0);
          yield* loop.sockSendall(ours, Buffer.from('second'));
          t.is(theirs.recv(100).toString(), 'second');
          ours.close();
          theirs.close();
        }
      }
    },
  );
}

inLoop('a cancelled operation ends in the next turn (B98)', function* (t, loop) {
  const [ours] = pair(t);
  fill(ours);
  const listener = listening(t);
  const begin: (() => Future<unknown>)[] = [
    () => loop.sockRecv(ours, 10),
    () => loop.sockRecvInto(ours, Buffer.alloc(10)),
    () => loop.sockRecvfrom(ours, 10),
    () => loop.sockRecvfromInto(ours, Buffer.alloc(10)),
    () => loop.sockSendall(ours, Buffer.from('x')),
    () => loop.sockAccept(listener),
  ];
  for (const operation of begin) {
    const task = taskOf(loop, operation, false);
    yield* sleep(0);
    yield* sleep(0);
    t.true(task.cancel());
    yield* sleep(0);
    t.true(task.cancelled());
    // Without a task the operation itself is cancelled.
    const alone = operation();
    t.true(alone.cancel('enough'));
    t.false(alone.done());
    yield* sleep(0);
    t.true(alone.cancelled());
    t.throws(() => alone.result(), { message: 'enough' });
    t.false(alone.cancel());
  }
});

inLoop('the next call on the socket needs no turn between (B94)', function* (t, loop) {
  const [ours, theirs] = pair(t);
  for (let round = 0; round < 20; round++) {
    const task = taskOf(loop, () => loop.sockRecv(ours, 10), round % 2 === 1);
    for (let turn = 0; turn < round % 5; turn++) yield* sleep(0);
    task.cancel();
    const next = loop.sockRecv(ours, 10);
    send(theirs, `round ${round}`);
    t.is((yield* next).toString(), `round ${round}`);
  }
});

inLoop('of those who wait, one that is cancelled when it is its turn passes it on', function* (t, loop) {
  const [ours, theirs] = pair(t, socket.AF_UNIX, socket.SOCK_SEQPACKET);
  for (let cancelTurn = 0; cancelTurn < TURNS; cancelTurn++) {
    const [a, b, c] = [0, 1, 2].map(() => taskOf(loop, () => loop.sockRecv(ours, 10), false));
    yield* sleep(0);
    send(theirs, 'one');
    send(theirs, 'two');
    after(loop, cancelTurn, () => void a!.cancel());
    const waiting = (yield* ended(a!)) ? [a!, b!] : [b!, c!];
    for (const task of waiting) yield* ended(task);
    t.deepEqual(
      waiting.map((task) => task.result().toString()),
      ['one', 'two'],
    );
    c!.cancel();
    yield* ended(c!);
  }
});

inLoop('a long message that is cancelled in the middle leaves the socket to others', function* (t, loop) {
  const [ours, theirs] = tcpPair(t);
  const long = 20_000_000;
  const task = taskOf(loop, () => loop.sockSendall(ours, Buffer.alloc(long)), false);
  yield* sleep(0);
  yield* sleep(0);
  let received = drain(theirs);
  task.cancel();
  const last = loop.sockSendall(ours, Buffer.from('the end'));
  let tail = '';
  while (!tail.endsWith('the end')) {
    const data = yield* loop.sockRecv(theirs, 1_000_000);
    received += data.length;
    tail = (tail + data.toString('latin1', Math.max(0, data.length - 7))).slice(-7);
  }
  yield* last;
  yield* sleep(0);
  t.true(task.cancelled());
  t.true(received > 7 && received < long);
});
