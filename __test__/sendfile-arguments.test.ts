// loop.sendfile: wrong arguments, files that are none, transports that send none, and who may fall back.

import { closeSync, openSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import type { ExecutionContext } from 'ava';
import { type Coroutine, type EventLoop, SendfileNotAvailableError, Transport } from 'mioloop';
import { Folder, makePipe, TestFile } from './support/files.js';
import { Hall } from './support/hall.js';
import { bothModes, inLoop } from './support/modes.js';
import { Probe } from './support/probe.js';

type Arguments = Parameters<EventLoop['sendfile']>;

/** A transport of a user's own. */
class Foreign extends (Transport as unknown as new () => object) {
  isClosing(): boolean {
    return false;
  }

  override toString(): string {
    return '<Foreign>';
  }
}

/** What sendfile fails with. */
function* failure(loop: EventLoop, ...given: unknown[]): Coroutine<Error & { code?: string }> {
  try {
    yield* loop.sendfile(...(given as Arguments));
  } catch (error) {
    return error as Error;
  }
  throw new Error('it did not fail');
}

function refuses(t: ExecutionContext, error: Error, name: string, message: string | RegExp): void {
  t.is(error.name, name);
  if (typeof message === 'string') t.is(error.message, message);
  else t.regex(error.message, message);
}

inLoop('offset and count are whole numbers (B165)', function* (t, loop) {
  using hall = yield* Hall.open(loop, () => new Probe(loop));
  using file = new TestFile(Buffer.from('content'));
  const [{ transport }, line] = yield* hall.join();
  const wrong: [error: string, offset: unknown, count: unknown, message: string][] = [
    ['TypeError', 0, '100', 'count must be a positive integer (got the string "100")'],
    ['TypeError', 0, 1.5, 'count must be a positive integer (got 1.5)'],
    ['TypeError', 0, Number.NaN, 'count must be a positive integer (got NaN)'],
    ['TypeError', 0, 5n, 'count must be a positive integer (got 5)'],
    ['RangeError', 0, 0, 'count must be a positive integer (got 0)'],
    ['RangeError', 0, -1, 'count must be a positive integer (got -1)'],
    ['TypeError', '0', null, 'offset must be a non-negative integer (got the string "0")'],
    ['TypeError', 0.5, null, 'offset must be a non-negative integer (got 0.5)'],
    ['TypeError', null, null, 'offset must be a non-negative integer (got null)'],
    ['TypeError', 2 ** 60, null, `offset must be a non-negative integer (got ${2 ** 60})`],
    ['RangeError', -1, null, 'offset must be a non-negative integer (got -1)'],
  ];
  for (const [name, offset, count, message] of wrong) {
    refuses(t, yield* failure(loop, transport, file, offset, count), name, message);
  }
  t.true(transport.isReading());
  transport.close();
  yield* line.until(({ ended }) => ended);
  t.is(line.data().length, 0);
  t.is(file.position, 0);
});

inLoop('what is no file, no transport or no option is refused (B165)', function* (t, loop) {
  using hall = yield* Hall.open(loop, () => new Probe(loop));
  using file = new TestFile(Buffer.from('content'));
  const [{ transport }] = yield* hall.join();
  for (const none of [null, undefined, 'a path', {}, { fd: null }, { fd: 'x' }, 1.5, Buffer.from('x')]) {
    refuses(
      t,
      yield* failure(loop, transport, none),
      'TypeError',
      /^file must be a descriptor, a FileHandle or/,
    );
  }
  refuses(t, yield* failure(loop, {}, file), 'TypeError', 'a transport is expected, got an object');
  refuses(t, yield* failure(loop, null, file), 'TypeError', 'a transport is expected, got null');
  const options = [0, null];
  refuses(
    t,
    yield* failure(loop, transport, file, ...options, { fallback: 1 }),
    'TypeError',
    'fallback must be a boolean, got 1',
  );
  refuses(
    t,
    yield* failure(loop, transport, file, ...options, 7),
    'TypeError',
    /^the options of sendfile\(\) must be/,
  );
  refuses(
    t,
    yield* failure(loop, transport, file, ...options, { fallbck: true }),
    'NotImplementedError',
    /fallbck/,
  );
  t.is(file.position, 0);
});

bothModes('a file that is closed, or not open for reading: EBADF', async (t, { loop, run }) => {
  using folder = new Folder();
  writeFileSync(folder.at('file'), 'content');
  const handle = await open(folder.at('file'));
  await handle.close();
  const number = openSync(folder.at('file'), 'r');
  closeSync(number);
  const writable = openSync(folder.at('file'), 'a');
  await run(function* () {
    using hall = yield* Hall.open(loop, () => new Probe(loop));
    const [{ transport }] = yield* hall.join();
    for (const file of [handle, number, -1, 1_000_000, writable]) {
      t.is((yield* failure(loop, transport, file)).code, 'EBADF');
    }
    t.false(transport.isClosing());
    t.true(transport.isReading());
  });
  closeSync(writable);
});

inLoop('without fallback, what is no regular file is not available (B163)', function* (t, loop) {
  using hall = yield* Hall.open(loop, () => new Probe(loop));
  using folder = new Folder();
  const [{ transport }] = yield* hall.join();
  using pipe = makePipe();
  const directory = openSync(folder.path, 'r');
  for (const file of [pipe.reading, directory]) {
    const error = yield* failure(loop, transport, file, 0, null, { fallback: false });
    t.true(error instanceof SendfileNotAvailableError);
    t.like(error, { name: 'SendfileNotAvailableError', code: 'ERR_SENDFILE_NOT_AVAILABLE' });
    t.like(error.cause, { code: 'EINVAL', syscall: 'sendfile' });
    t.regex(error.message, /not a regular file/);
  }
  t.is((yield* failure(loop, transport, directory)).code, 'EISDIR', 'nor can it be read');
  t.is((yield* failure(loop, transport, pipe.reading, 5)).code, 'ESPIPE', 'a pipe has no positions');
  t.true(transport.isReading());
  closeSync(directory);
});

inLoop('a closing transport, and one that can not (B163)', function* (t, loop) {
  using hall = yield* Hall.open(loop, () => new Probe(loop));
  using file = new TestFile(Buffer.from('content'));
  const [probe, line] = yield* hall.join();
  const foreign = new Foreign();
  refuses(
    t,
    yield* failure(loop, foreign, file),
    'RuntimeError',
    'sendfile is not supported for transport <Foreign>',
  );
  Object.defineProperty(foreign, 'sendfileMode', { value: 'fallback' });
  refuses(
    t,
    yield* failure(loop, foreign, file, 0, null, { fallback: false }),
    'RuntimeError',
    'fallback is disabled and native sendfile is not supported for transport <Foreign>',
  );
  probe.transport.close();
  refuses(t, yield* failure(loop, probe.transport, file), 'RuntimeError', 'Transport is closing');
  yield* probe.until(() => probe.lost !== undefined);
  refuses(t, yield* failure(loop, probe.transport, file), 'RuntimeError', 'Transport is closing');
  yield* line.until(({ ended }) => ended);
  t.is(line.data().length, 0);
  t.is(file.position, 0);
});

bothModes('a closed loop sends nothing', async (t, { loop, run }) => {
  using file = new TestFile(Buffer.from('content'));
  const probe = await run(function* () {
    using hall = yield* Hall.open(loop, () => new Probe(loop));
    const [probe] = yield* hall.join();
    return probe;
  });
  loop.close();
  t.throws(() => loop.sendfile(probe.transport, file), { code: 'ERR_LOOP_CLOSED' });
});
