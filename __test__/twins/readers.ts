// Readers and writers of descriptors: in which turn they run, and before or after what. The Python side is
// python/readers.py.

import { type EventLoop, socket } from 'mioloop';
import { Boom, scenario, script } from './scenario.js';

/** Two connected sockets that do not block. */
function pair(): [socket.Socket, socket.Socket] {
  const ends = socket.socketpair();
  for (const end of ends) end.setBlocking(false);
  return ends;
}

function close(...ends: socket.Socket[]): void {
  for (const end of ends) end.close();
}

function send(sock: socket.Socket, text: string): void {
  sock.send(Buffer.from(text));
}

/** Runs `act` in the batch in which what is ready now is told. */
function soon(loop: EventLoop, act: () => void): void {
  loop.callSoon(act);
}

scenario('reader-every-turn (B89, B90)', function* (twin) {
  const [ours, theirs] = pair();
  let times = 0;
  const readable = (first: string, second: string): void => {
    times += 1;
    twin.log(`readable ${times} ${first} ${second}`);
    if (times === 3) twin.log(`received ${ours.recv(100).toString()}`);
    if (times === 4) twin.log('readable without data');
  };
  twin.zero();
  twin.loop.addReader(ours, readable, 'a', 'b');
  send(theirs, 'hello');
  yield* twin.turns(5);
  twin.log(`remove: ${twin.loop.removeReader(ours)}`);
  twin.log(`remove again: ${twin.loop.removeReader(ours)}`);
  send(theirs, 'more');
  yield* twin.turns(3);
  close(ours, theirs);
});

scenario('writer-every-turn (B90)', function* (twin) {
  const [ours, theirs] = pair();
  let times = 0;
  twin.zero();
  twin.loop.addWriter(ours, () => {
    times += 1;
    twin.log(`writable ${times}`);
    if (times === 2) twin.log(`remove: ${twin.loop.removeWriter(ours)}`);
  });
  yield* twin.turns(4);
  twin.log(`remove again: ${twin.loop.removeWriter(ours)}`);
  close(ours, theirs);
});

scenario('reader-before-writer (B90)', function* (twin) {
  const [ours, theirs] = pair();
  send(theirs, 'x');
  twin.zero();
  twin.loop.addWriter(ours, twin.logger('writable'));
  twin.loop.addReader(ours, twin.logger('readable'));
  yield* twin.turns(2);
  twin.log(`remove reader: ${twin.loop.removeReader(ours)}`);
  yield* twin.turns(1);
  twin.log(`remove writer: ${twin.loop.removeWriter(ours)}`);
  yield* twin.turns(1);
  close(ours, theirs);
});

scenario('reader-between-callbacks-and-timers (B22)', function* (twin) {
  const [ours, theirs] = pair();
  twin.loop.addReader(ours, () => {
    twin.log('readable');
    twin.loop.callSoon(twin.logger('callback of the reader'));
    ours.recv(100);
  });
  twin.zero();
  twin.loop.callLater(0, twin.logger('timer'));
  send(theirs, 'x');
  twin.loop.callSoon(twin.logger('callback'));
  yield* twin.turns(3);
  twin.loop.removeReader(ours);
  close(ours, theirs);
});

scenario('reader-replaced (B89)', function* (twin) {
  const [ours, theirs] = pair();
  twin.loop.addWriter(ours, () => undefined);
  twin.loop.addReader(ours, twin.logger('first reader'));
  twin.zero();
  send(theirs, 'x');
  soon(twin.loop, () => twin.loop.addReader(ours, twin.logger('second reader')));
  yield* twin.turns(3);
  twin.log(`remove: ${twin.loop.removeReader(ours)}`);
  twin.log(`remove writer: ${twin.loop.removeWriter(ours)}`);
  close(ours, theirs);
});

scenario('reader-removed-in-its-turn (B91)', function* (twin) {
  const [ours, theirs] = pair();
  twin.loop.addReader(ours, twin.logger('readable'));
  twin.zero();
  send(theirs, 'x');
  soon(twin.loop, () => twin.log(`remove: ${twin.loop.removeReader(ours)}`));
  yield* twin.turns(3);
  twin.log('enough');
  close(ours, theirs);
});

scenario('writer-removed-by-reader (B91)', function* (twin) {
  const [ours, theirs] = pair();
  twin.loop.addReader(ours, () => {
    twin.log(`readable; remove writer: ${twin.loop.removeWriter(ours)}`);
    twin.loop.removeReader(ours);
  });
  send(theirs, 'x');
  twin.zero();
  twin.loop.addWriter(ours, twin.logger('writable'));
  yield* twin.turns(3);
  twin.log('enough');
  close(ours, theirs);
});

scenario('reader-raises (B26)', function* (twin) {
  const [ours, theirs] = pair();
  send(theirs, 'x');
  twin.zero();
  twin.loop.addReader(ours, () => {
    twin.log('readable');
    throw new Boom();
  });
  twin.loop.addWriter(ours, twin.logger('writable'));
  yield* twin.turns(2);
  twin.loop.removeReader(ours);
  twin.loop.removeWriter(ours);
  close(ours, theirs);
});

script('reader-stops (B8)', async (twin) => {
  const [ours, theirs] = pair();
  twin.loop.addReader(ours, () => {
    twin.log(`readable: ${ours.recv(1).toString()}`);
    twin.loop.stop();
  });
  send(theirs, 'x');
  await twin.runForever();
  twin.log('first run has ended');
  twin.loop.callSoon(() => twin.loop.stop());
  await twin.runForever();
  twin.log('second run has ended');
  send(theirs, 'y');
  await twin.runForever();
  twin.log('third run has ended');
  twin.loop.removeReader(ours);
  close(ours, theirs);
});

scenario('reader-hears-the-end', function* (twin) {
  const [ours, theirs] = pair();
  let times = 0;
  twin.loop.addReader(ours, () => {
    times += 1;
    twin.log(`readable: ${ours.recv(100).length} bytes`);
    if (times === 2) twin.loop.removeReader(ours);
  });
  twin.zero();
  theirs.close();
  yield* twin.turns(4);
  close(ours);
});
