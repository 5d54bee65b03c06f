// createConnection with happyEyeballsDelay: an address that does not answer keeps nobody waiting, one connection is
// made, and whatever else was begun is closed.

import test from 'ava';
import { CancelledError, Protocol, sleep, timeout } from 'mioloop';
import { portOf, turns } from './support/hall.js';
import { descriptors } from './support/leaks.js';
import { Desk } from './support/lockstep.js';
import { bothModes } from './support/modes.js';
import { BlackHole, BookLoop, withBook } from './support/names.js';
import { errorOf } from './support/outcomes.js';
import { Probe } from './support/probe.js';
import { Stranger } from './support/stranger.js';

const DROPS_WHEN_FULL = process.platform === 'linux';

if (!DROPS_WHEN_FULL) test('a full queue drops nobody here', (t) => t.pass());
else {
  withBook('the first address does not answer: the next one is tried beside it (B135)', function* (t, loop) {
    using hole = new BlackHole('127.0.0.2');
    const before = descriptors().size;
    const server = yield* loop.createServer(() => new Probe(loop), '127.0.0.3', hole.port);
    loop.enter('many', '127.0.0.2', '127.0.0.3');
    const options = { happyEyeballsDelay: 0.02 };
    const [transport] = yield* loop.createConnection(() => new Probe(loop), 'many', hole.port, options);
    t.is(transport.getExtraInfo('peername')![0], '127.0.0.3');
    // The server, the two ends of the connection, and no attempt.
    yield* turns(3);
    t.is(descriptors().size, before + 3);
    transport.abort();
    server.close();
    yield* server.waitClosed();
  });

  withBook('several do not answer: each begins a delay later (B135)', function* (t, loop) {
    using first = new BlackHole('127.0.0.2');
    using second = new BlackHole('127.0.0.3', first.port);
    const server = yield* loop.createServer(() => new Probe(loop), '127.0.0.4', second.port);
    loop.enter('many', '127.0.0.2', '127.0.0.3', '127.0.0.4');
    const begin = loop.time();
    const options = { happyEyeballsDelay: 0.05 };
    const [transport] = yield* loop.createConnection(() => new Probe(loop), 'many', first.port, options);
    t.true(loop.time() - begin >= 0.1);
    t.is(transport.getExtraInfo('peername')![0], '127.0.0.4');
    transport.abort();
    server.close();
    yield* server.waitClosed();
  });

  withBook(
    'the others refuse: the race goes on until the last one has an answer (B135)',
    function* (t, loop) {
      using hole = new BlackHole('127.0.0.2');
      loop.enter('many', '127.0.0.3', '127.0.0.2', '127.0.0.4');
      const before = descriptors().size;
      const options = { happyEyeballsDelay: 0.01 };
      const connecting = () => loop.createConnection(() => new Probe(loop), 'many', hole.port, options);
      const error = yield* errorOf(loop.createTask(() => timeout(0.1, connecting)));
      t.is((error as Error).name, 'TimeoutError');
      yield* turns(2);
      t.is(descriptors().size, before);
    },
  );

  withBook('cancelled or timed out while it waits: every attempt is closed (B134)', function* (t, loop) {
    using hole = new BlackHole('127.0.0.2');
    using second = new BlackHole('127.0.0.3', hole.port);
    loop.enter('many', '127.0.0.2', '127.0.0.3');
    const before = descriptors().size;
    for (const options of [{}, { happyEyeballsDelay: 0 }, { happyEyeballsDelay: 60 }]) {
      const task = loop.createTask(function* () {
        yield* loop.createConnection(() => new Probe(loop), 'many', second.port, options);
      });
      yield* turns(8);
      t.is(descriptors().size, before + (options.happyEyeballsDelay === 0 ? 2 : 1));
      task.cancel();
      t.true((yield* errorOf(task)) instanceof CancelledError);
      yield* turns(2);
      t.is(descriptors().size, before);
    }
  });

  bothModes(
    'a host whose first address is a black hole, and a stranger at the second (B135)',
    async (t, { loop, run }) => {
      await using stranger = await Stranger.echo({ host: '127.0.0.3' });
      using hole = new BlackHole('127.0.0.2', stranger.port);
      (loop as BookLoop).enter('many', '127.0.0.2', '127.0.0.3');
      await run(function* () {
        const options = { happyEyeballsDelay: 0.02 };
        const made = loop.createConnection(() => new Probe(loop), 'many', hole.port, options);
        const [transport, probe] = yield* made;
        transport.write(Buffer.from('hello'));
        yield* probe.until(() => probe.received === 5);
        transport.writeEof();
        yield* probe.until(() => probe.lost !== undefined);
      });
      const { received, ended } = await stranger.outcome();
      t.is(received.toString(), 'hello');
      t.true(ended);
    },
    () => new BookLoop(),
  );
}

withBook('both families answer: one connection is made, the first one (B135)', function* (t, loop) {
  using six = new Desk({ host: '::1' });
  const four = yield* loop.createServer(() => new Protocol(), '127.0.0.1', six.port);
  loop.enter('many', '::1', '127.0.0.1');
  const options = { happyEyeballsDelay: 60 };
  const [transport] = yield* loop.createConnection(() => new Probe(loop), 'many', six.port, options);
  t.is(transport.getExtraInfo('peername')![0], '::1');
  transport.abort();
  four.close();
  yield* turns(2);
});

withBook('without a delay between them: whoever wins, the others are closed (B135)', function* (t, loop) {
  const desk = new Desk({ host: '127.0.0.1' });
  const addresses = Array.from({ length: 10 }, () => '127.0.0.1');
  loop.enter('many', ...addresses);
  const before = descriptors();
  const options = { happyEyeballsDelay: 0 };
  for (let round = 0; round < 20; round++) {
    const [transport] = yield* loop.createConnection(() => new Probe(loop), 'many', desk.port, options);
    transport.abort();
    yield* turns(3);
  }
  // The stranger may accept some only now; when it listens no more, there are none to come.
  desk[Symbol.dispose]();
  const left = () => [...descriptors()].filter(([fd, target]) => before.get(fd) !== target);
  for (let look = 0; look < 5000 && left().length > 0; look++) yield* sleep(0.001);
  t.deepEqual(left(), []);
});

withBook('cancelled at any turn of the race: nothing is left open (B134, B135)', function* (t, loop) {
  const server = yield* loop.createServer(() => new Protocol(), '127.0.0.3', 0);
  loop.enter('many', '127.0.0.2', '127.0.0.3', '127.0.0.4');
  const before = descriptors().size;
  const options = { happyEyeballsDelay: 60 };
  for (let turn = 0; turn < 16; turn++) {
    const task = loop.createTask(function* () {
      const [transport] = yield* loop.createConnection(() => new Protocol(), 'many', portOf(server), options);
      transport.abort();
    });
    yield* turns(turn);
    task.cancel();
    const error = yield* errorOf(task);
    t.true(error === 'it did not fail' || error instanceof CancelledError);
    yield* turns(8);
    t.is(descriptors().size, before, `cancelled after ${turn} turns`);
  }
  server.close();
});

withBook('a factory that throws: the winner is closed, too (B135)', function* (t, loop) {
  using desk = new Desk();
  loop.enter('many', '127.0.0.1');
  const options = { happyEyeballsDelay: 0.25 };
  const boom = new Error('boom');
  const factory = (): Probe => {
    throw boom;
  };
  t.is(yield* errorOf(loop.createConnection(factory, 'many', desk.port, options)), boom);
  const [line] = yield* desk.accepted(1);
  yield* line!.until(({ ended }) => ended);
});
