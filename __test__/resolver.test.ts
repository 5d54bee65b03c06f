// The threads that look names up: more questions than threads, cancelled ones, a loop that is closed meanwhile, and
// debug mode's report of slow ones.

import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { DebugReport } from 'mioloop';
import { CancelledError, gather, sleep, socket } from 'mioloop';
import { bothModes, inLoop } from './support/modes.js';
import { errorOf } from './support/outcomes.js';

/** Many more than there are threads. */
const MANY = 300;
const STREAMS = { family: socket.AF_INET, type: socket.SOCK_STREAM };

inLoop('more questions at once than threads: each is answered (B198)', function* (t, loop) {
  const questions = Array.from({ length: MANY }, (_, port) => loop.getaddrinfo('localhost', port, STREAMS));
  const names = Array.from({ length: MANY }, (_, port) => loop.getnameinfo(['127.0.0.1', port], 1));
  const answers = yield* gather(...questions);
  t.deepEqual(
    answers.map((found) => found[0]!.address),
    Array.from({ length: MANY }, (_, port) => ['127.0.0.1', port]),
  );
  t.is((yield* gather(...names)).length, MANY);
});

inLoop('cancelled look-ups leave nothing behind, whether they have begun or wait', function* (t, loop) {
  const tasks = Array.from({ length: MANY }, (_, port) =>
    loop.createTask(function* () {
      return yield* loop.getaddrinfo('localhost', port, STREAMS);
    }),
  );
  yield* sleep(0);
  for (const [index, task] of tasks.entries()) if (index % 2 === 0) task.cancel();
  for (const [index, task] of tasks.entries()) {
    if (index % 2 === 0) t.true((yield* errorOf(task)) instanceof CancelledError);
    else t.deepEqual((yield* task)[0]!.address, ['127.0.0.1', index]);
  }
  // Answers that come now find nobody, and nobody minds.
  const found = yield* loop.getaddrinfo('localhost', 80, STREAMS);
  t.is(found[0]!.address[1], 80);
});

inLoop('an operation that is cancelled by its holder ends cancelled', function* (t, loop) {
  const operation = loop.getnameinfo(['127.0.0.1', 80]);
  t.true(operation.cancel('enough'));
  const error = yield* errorOf(operation);
  t.true(error instanceof CancelledError);
  t.true(operation.cancelled());
});

bothModes(
  'a loop that is closed while it looks names up waits for none of them',
  async (t, { loop, run }) => {
    const operations = await run(function* () {
      yield* sleep(0);
      return Array.from({ length: MANY }, (_, port) => loop.getaddrinfo('localhost', port));
    });
    loop.close();
    t.true(operations.every((operation) => !operation.done()));
  },
);

bothModes('a look-up that was begun before the run is answered in it', async (t, { loop, run }) => {
  const operation = loop.getaddrinfo('localhost', 80, STREAMS);
  t.is((await run(operation))[0]!.address[1], 80);
});

inLoop('debug mode reports look-ups that take as long as slowCallbackDuration (B198)', function* (t, loop) {
  const reports: DebugReport[] = [];
  const receive = (report: unknown) => reports.push(report as DebugReport);
  const { write } = process.stderr;
  subscribe('mioloop:debug', receive);
  process.stderr.write = () => true;
  try {
    loop.setDebug(true);
    loop.slowCallbackDuration = 3600;
    yield* loop.getaddrinfo('localhost', 80);
    loop.slowCallbackDuration = 0;
    yield* loop.getaddrinfo('localhost', 'http', STREAMS);
    yield* errorOf(loop.getaddrinfo('localhost', 80, { flags: socket.AI_NUMERICHOST }));
    yield* loop.getnameinfo(['127.0.0.1', 80]);
    loop.setDebug(false);
    yield* loop.getaddrinfo('localhost', 80);
  } finally {
    process.stderr.write = write;
    unsubscribe('mioloop:debug', receive);
  }
  const slow = reports.filter(({ kind }) => kind === 'slow-look-up');
  t.deepEqual(
    slow.map(({ message }) => message.replace(/\d+\.\d{3}/, '…')),
    [
      'getaddrinfo of localhost:http took … seconds',
      'getaddrinfo of localhost:80 took … seconds',
      'getnameinfo of 127.0.0.1:80 took … seconds',
    ],
  );
  t.true(slow.every((report) => report.loop === loop && report.seconds! >= 0));
});
