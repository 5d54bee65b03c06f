// openConnection and startServer: both ends of a connection, who serves it, and what becomes of its errors.

import type { Coroutine, EventLoop, StreamReader, StreamWriter } from 'mioloop';
import { allTasks, CancelledError, currentTask, openConnection, sleep, startServer } from 'mioloop';
import { failure } from './support/failure.js';
import { portOf, reportsOf, turns } from './support/hall.js';
import { descriptors, leakedSince } from './support/leaks.js';
import { Desk, Line } from './support/lockstep.js';
import { bothModes, inLoop } from './support/modes.js';
import { bytesOf, sameBytes } from './support/random.js';
import { Stranger, startPython } from './support/stranger.js';

/** Sends back the first line. */
function* echoLine(reader: StreamReader, writer: StreamWriter): Coroutine<void> {
  writer.write(yield* reader.readline());
  yield* writer.drain();
  writer.close();
  yield* writer.waitClosed();
}

async function echoLineAsync(reader: StreamReader, writer: StreamWriter): Promise<void> {
  writer.write(await reader.readline());
  await writer.drain();
  writer.close();
  await writer.waitClosed();
}

/** All the ways to write who serves a connection. */
const HANDLERS: Record<string, (loop: EventLoop) => (reader: StreamReader, writer: StreamWriter) => unknown> =
  {
    'a generator function': () => echoLine,
    'an async function': () => echoLineAsync,
    'a function that gives a generator': () => (reader, writer) => echoLine(reader, writer),
    'a function that gives a promise': () => (reader, writer) => echoLineAsync(reader, writer),
    'a function that makes a task': (loop) => (reader, writer) => {
      loop.createTask(echoLine(reader, writer));
    },
  };

for (const [name, handlerOf] of Object.entries(HANDLERS)) {
  inLoop(`a client of ours and a stranger are served by ${name} (B194)`, function* (t, loop) {
    const server = yield* startServer(handlerOf(loop), '127.0.0.1', 0);
    const [reader, writer] = yield* openConnection('127.0.0.1', portOf(server));
    writer.write(Buffer.from('hello world!\n'));
    t.is(String(yield* reader.readline()), 'hello world!\n');
    t.is((yield* reader.read()).length, 0);
    writer.close();
    yield* writer.waitClosed();
    const line = Line.connect(portOf(server));
    line.write('from a stranger\n');
    const { error } = yield* line.until(({ ended }) => ended);
    t.is(error, null);
    t.is(String(line.data()), 'from a stranger\n');
    line.destroy();
    server.close();
    yield* server.waitClosed();
  });
}

inLoop('every way to serve is a task, as long as it serves (B194)', function* (t, loop) {
  for (const [name, handlerOf] of Object.entries(HANDLERS)) {
    const server = yield* startServer(handlerOf(loop), '127.0.0.1', 0);
    const before = allTasks(loop).size;
    const line = Line.connect(portOf(server));
    yield* turns(8);
    t.is(allTasks(loop).size, before + 1, name);
    line.write('\n');
    yield* line.until(({ ended }) => ended);
    line.destroy();
    server.close();
    yield* server.waitClosed();
    yield* turns(2);
    t.is(allTasks(loop).size, before, name);
  }
});

inLoop('inside of who serves, currentTask() is the task (B194)', function* (t) {
  const seen: unknown[] = [];
  const handlers = [
    function* (_reader: StreamReader, writer: StreamWriter): Coroutine<void> {
      seen.push(currentTask());
      yield* sleep(0);
      seen.push(currentTask());
      writer.close();
    },
    async (_reader: StreamReader, writer: StreamWriter): Promise<void> => {
      seen.push(currentTask());
      await sleep(0);
      seen.push(currentTask());
      writer.close();
    },
  ];
  const wrapped = handlers.map(
    (handler) => (reader: StreamReader, writer: StreamWriter) => handler(reader, writer),
  );
  for (const handler of [...handlers, ...wrapped]) {
    const server = yield* startServer(handler, '127.0.0.1', 0);
    const line = Line.connect(portOf(server));
    yield* line.until(({ ended }) => ended);
    line.destroy();
    server.close();
    yield* server.waitClosed();
  }
  t.is(seen.length, 8);
  for (let at = 0; at < seen.length; at += 2) {
    t.truthy(seen[at]);
    t.is(seen[at], seen[at + 1]);
  }
});

const FAILING: Record<string, (error: Error) => (reader: StreamReader, writer: StreamWriter) => unknown> = {
  'a generator function': (error) =>
    function* () {
      yield* sleep(0);
      throw error;
    },
  'an async function': (error) => async () => {
    await sleep(0);
    throw error;
  },
  'a plain function': (error) => () => {
    throw error;
  },
  'a function that gives a promise': (error) => () => Promise.reject(error),
};

for (const [name, handlerOf] of Object.entries(FAILING)) {
  inLoop(`an error of ${name} is reported, and closes the connection (B194)`, function* (t, loop) {
    const reports = reportsOf(loop);
    const error = new Error('test');
    const server = yield* startServer(handlerOf(error), '127.0.0.1', 0);
    const line = Line.connect(portOf(server));
    yield* line.until(({ ended, closed }) => ended || closed);
    t.is(reports.length, 1);
    t.is(reports[0]!.message, 'Unhandled exception in client_connected_cb');
    t.is(reports[0]!.exception, error);
    t.true(reports[0]!.transport!.isClosing());
    line.destroy();
    server.close();
    yield* server.waitClosed();
  });
}

inLoop('a cancel of who serves closes the connection, and nobody hears of it (B194)', function* (t, loop) {
  const reports = reportsOf(loop);
  const tasks: ReturnType<typeof currentTask>[] = [];
  const handlers = [
    function* (reader: StreamReader): Coroutine<void> {
      tasks.push(currentTask());
      yield* reader.readline();
    },
    async (reader: StreamReader): Promise<void> => {
      tasks.push(currentTask());
      await reader.readline();
    },
    async () => {
      throw new CancelledError();
    },
  ];
  for (const handler of handlers) {
    const server = yield* startServer(handler, '127.0.0.1', 0);
    const line = Line.connect(portOf(server));
    yield* turns(6);
    tasks.pop()?.cancel();
    const { error } = yield* line.until(({ ended, closed }) => ended || closed);
    t.is(error, null);
    line.destroy();
    server.close();
    yield* server.waitClosed();
  }
  t.deepEqual(reports, []);
});

inLoop('the limit is that of every connection (B187)', function* (t) {
  const outcomes: unknown[] = [];
  const server = yield* startServer(
    function* (reader, writer) {
      outcomes.push(yield* failure(reader.readline()));
      writer.close();
    },
    '127.0.0.1',
    0,
    { limit: 10, backlog: 5 },
  );
  const [reader, writer] = yield* openConnection('127.0.0.1', portOf(server), { limit: 5 });
  t.regex(String(reader), /^<StreamReader limit=5 /);
  writer.write(Buffer.from('0123456789a\n'));
  t.is((yield* reader.read()).length, 0);
  t.true(outcomes[0] instanceof RangeError);
  writer.close();
  server.close();
  yield* server.waitClosed();
});

inLoop('what is wrong is refused before anything is opened (B187)', function* (t, loop) {
  const before = descriptors();
  const handler = () => undefined;
  for (const limit of [0, -1, Number.NaN]) {
    t.true((yield* failure(openConnection('127.0.0.1', 1, { limit }))) instanceof RangeError);
    t.true((yield* failure(startServer(handler, '127.0.0.1', 0, { limit }))) instanceof RangeError);
  }
  t.true((yield* failure(openConnection('127.0.0.1', 1, { limit: '5' as never }))) instanceof TypeError);
  for (const bad of [null, undefined, 5, {}]) {
    const error = yield* failure(startServer(bad as never, '127.0.0.1', 0));
    t.true(error instanceof TypeError, String(bad));
  }
  t.true((yield* failure(openConnection('127.0.0.1', 1, null as never))) instanceof TypeError);
  t.true((yield* failure(startServer(handler, '127.0.0.1', 0, 5 as never))) instanceof TypeError);
  const unknown = yield* failure(openConnection('127.0.0.1', 1, { nosuch: 1 } as never));
  t.is((unknown as NodeJS.ErrnoException).code, 'ERR_NOT_IMPLEMENTED');
  t.deepEqual(
    [...descriptors()].filter(([fd]) => !before.has(fd)),
    [],
  );
  t.is(loop.metrics().transports, 0);
});

inLoop('nobody there is an error of the connection (B187)', function* (t) {
  const desk = new Desk();
  desk[Symbol.dispose]();
  const error = (yield* failure(openConnection('127.0.0.1', desk.port))) as NodeJS.ErrnoException;
  t.is(error.code, 'ECONNREFUSED');
});

bothModes('opening that is cancelled leaves nothing open (B187)', async (t, { loop, run }) => {
  using desk = new Desk();
  const before = descriptors();
  await run(function* () {
    for (let count = 0; count < 6; count++) {
      const task = loop.createTask(() => openConnection('127.0.0.1', desk.port));
      yield* turns(count);
      if (task.cancel()) t.true((yield* failure(task)) instanceof CancelledError);
      else task.result()[1].close();
    }
    yield* turns(5);
    t.is(loop.metrics().transports, 0);
  });
  // The desk's own ends close with it.
  desk[Symbol.dispose]();
  t.deepEqual(await leakedSince(before), []);
});

bothModes(
  "Node's net talks to a server of ours, a hundred connections at a time",
  async (t, { loop, run }) => {
    const CLIENTS = 100;
    await using client = await Stranger.client();
    const content = bytesOf(3, 20_000);
    await run(function* () {
      const server = yield* startServer(
        async (reader, writer) => {
          for (;;) {
            const data = await reader.read(65_536);
            if (data.length === 0) break;
            writer.write(data);
            await writer.drain();
          }
          writer.close();
          await writer.waitClosed();
        },
        '127.0.0.1',
        0,
      );
      for (let count = 0; count < CLIENTS; count++) client.connect(portOf(server));
      while (loop.metrics().transports < CLIENTS) yield* sleep(0.001);
      client.write(content);
      client.end();
      server.close();
      yield* server.waitClosed();
    });
    const outcomes = await client.outcomes(CLIENTS);
    for (const { received, ended, error } of outcomes) {
      if (!ended || error !== null || !received.equals(content)) t.fail(`${received.length} bytes, ${error}`);
    }
    t.is(outcomes.length, CLIENTS);
  },
);

const PYTHON_CLIENT = `
import asyncio, sys
async def main():
    reader, writer = await asyncio.open_connection('127.0.0.1', int(sys.argv[1]))
    total = 0
    for n in range(200):
        writer.write(b'%d %d\\n' % (n, n * n))
        await writer.drain()
        total += int((await reader.readuntil(b';'))[:-1])
    writer.write_eof()
    assert await reader.read() == b'bye'
    writer.close()
    await writer.wait_closed()
    print(total)
asyncio.run(main())
`;

bothModes("asyncio's streams talk to ours (B188)", async (t, { run }) => {
  let child: ReturnType<typeof startPython>;
  await run(function* () {
    const server = yield* startServer(
      function* (reader, writer) {
        for (;;) {
          const line = yield* reader.readline();
          if (line.length === 0) break;
          const [one, other] = String(line).split(' ').map(Number);
          writer.write(Buffer.from(`${one! + other!};`));
          yield* writer.drain();
        }
        writer.write(Buffer.from('bye'));
        writer.close();
        yield* writer.waitClosed();
        server.close();
      },
      '127.0.0.1',
      0,
    );
    child = startPython(t, PYTHON_CLIENT, String(portOf(server)));
    if (child === undefined) server.close();
    yield* server.waitClosed();
  });
  if (child === undefined) return;
  let printed = '';
  for await (const piece of child.stdout!) printed += String(piece);
  let sum = 0;
  for (let n = 0; n < 200; n++) sum += n + n * n;
  t.is(printed, `${sum}\n`);
});

inLoop('a megabyte through both ends, with the end of the stream (B188, B193)', function* (t, loop) {
  using desk = new Desk();
  const [reader, writer] = yield* openConnection('127.0.0.1', desk.port);
  const [line] = yield* desk.accepted(1);
  const content = bytesOf(5, 1_000_000);
  line!.send(content);
  const reading = loop.createTask(() => reader.readexactly(content.length));
  writer.write(content);
  writer.writeEof();
  sameBytes(t, yield* reading, content);
  yield* line!.until(({ ended }) => ended);
  sameBytes(t, line!.data(), content);
  line!.finish();
  t.is((yield* reader.read()).length, 0);
  writer.close();
  yield* writer.waitClosed();
});
