// Writers that are dropped without being closed.

import test, { type ExecutionContext } from 'ava';
import { newEventLoop, openConnection, sleep, startServer } from 'mioloop';
import { collect, collectUntil } from './support/collect.js';
import { portOf, turns } from './support/hall.js';
import { freshLoop } from './support/leaks.js';
import { Desk, Line } from './support/lockstep.js';
import { bothModes } from './support/modes.js';
import { linesOf } from './support/program.js';

/** The warnings of streams, instead of them being printed, until the test ends. */
function warningsOf(t: ExecutionContext): string[] {
  const warnings: string[] = [];
  const collectWarning = (warning: Error & { code?: string }): void => {
    if (warning.code === 'MIOLOOP_UNCLOSED_STREAM') warnings.push(`${warning.name}: ${warning.message}`);
  };
  process.on('warning', collectWarning);
  t.teardown(() => process.off('warning', collectWarning));
  return warnings;
}

/** Opens a connection and forgets it. */
function* forget(port: number) {
  const [, writer] = yield* openConnection('127.0.0.1', port);
  writer.write(Buffer.from('hello'));
  yield* writer.drain();
  return new WeakRef(writer);
}

bothModes('a writer that is dropped open is closed, with a warning (B195)', async (t, { loop, run }) => {
  const warnings = warningsOf(t);
  using desk = new Desk();
  await run(forget(desk.port));
  await collectUntil(() => warnings.length > 0);
  t.is(warnings.length, 1);
  t.regex(
    warnings[0]!,
    /^ResourceWarning: unclosed <StreamWriter transport=<StreamTransport fd=\d+> reader=<StreamReader transport=.*>; call writer.close\(\)$/,
  );
  await run(function* () {
    const [line] = yield* desk.accepted(1);
    yield* line!.until(({ ended }) => ended);
    t.is(String(line!.data()), 'hello');
    t.is(loop.metrics().transports, 0);
  });
});

bothModes('one that serves a connection and ends is closed, too (B195)', async (t, { run, loop }) => {
  const warnings = warningsOf(t);
  let line: Line | undefined;
  const server = await run(function* () {
    const made = yield* startServer(
      function* (reader) {
        yield* reader.readline();
      },
      '127.0.0.1',
      0,
    );
    line = Line.connect(portOf(made));
    line.write('a line\n');
    while (loop.metrics().transports === 0) yield* sleep(0.001);
    yield* turns(5);
    return made;
  });
  await collectUntil(() => warnings.length > 0);
  t.is(warnings.length, 1);
  await run(function* () {
    yield* line!.until(({ ended }) => ended);
    server.close();
    yield* server.waitClosed();
  });
  line!.destroy();
});

bothModes('one that waits is not dropped (B195)', async (t, { run, loop }) => {
  const warnings = warningsOf(t);
  using desk = new Desk();
  const tasks = await run(function* () {
    const all = [
      loop.createTask(function* () {
        const [reader, writer] = yield* openConnection('127.0.0.1', desk.port);
        const line = yield* reader.readline();
        writer.close();
        return line;
      }),
      loop.createTask(async () => {
        const [reader, writer] = await openConnection('127.0.0.1', desk.port);
        const line = await reader.readline();
        writer.close();
        return line;
      }),
    ];
    yield* turns(10);
    return all.map((task) => new WeakRef(task));
  });
  await collect();
  await run(function* () {
    for (const line of yield* desk.accepted(2)) line.write('a line\n');
    for (const task of tasks) t.is(String(yield* task.deref()!), 'a line\n');
  });
  await collect();
  t.deepEqual(warnings, []);
});

bothModes(
  'one that was closed, or whose connection was lost, is not warned of (B195)',
  async (t, { run }) => {
    const warnings = warningsOf(t);
    using desk = new Desk();
    await run(function* () {
      for (const [count, end] of ['closed', 'closing', 'lost'].entries()) {
        const [reader, writer] = yield* openConnection('127.0.0.1', desk.port);
        const line = (yield* desk.accepted(count + 1)).at(-1)!;
        if (end === 'lost') line.reset();
        else writer.close();
        if (end === 'closed') yield* writer.waitClosed();
        while (end === 'lost' && reader.exception() === null) yield* turns(1);
      }
    });
    await collect();
    t.deepEqual(warnings, []);
  },
);

test.serial('when the loop is closed, the warning says that (B195)', async (t) => {
  const warnings = warningsOf(t);
  using desk = new Desk();
  const loop = freshLoop();
  await loop.runUntilComplete(forget(desk.port));
  loop.close();
  await collectUntil(() => warnings.length > 0);
  t.deepEqual(warnings, ['ResourceWarning: loop is closed']);
  t.true(loop.isClosed());
});

test.serial('open streams do not keep a loop that is dropped (B18, B195)', async (t) => {
  const warnings: string[] = [];
  const collectWarning = (warning: Error): void => {
    warnings.push(warning.message);
  };
  process.on('warning', collectWarning);
  t.teardown(() => process.off('warning', collectWarning));
  using desk = new Desk();
  await (async () => {
    const loop = newEventLoop();
    await loop.runUntilComplete(function* () {
      for (let count = 0; count < 3; count++) {
        const [reader] = yield* openConnection('127.0.0.1', desk.port);
        loop.createTask(() => reader.readline());
      }
      yield* turns(2);
    });
  })();
  await collectUntil(() => warnings.length > 0);
  t.deepEqual(warnings, ['unclosed event loop, with 3 unclosed transports and servers; call loop.close()']);
});

const MANY_CONNECTIONS = `
  import { setFlagsFromString } from 'node:v8';
  import { runInNewContext } from 'node:vm';
  import { openConnection, runSync, startServer } from 'mioloop';
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc');
  runSync(function* () {
    const server = yield* startServer((reader, writer) => writer.close(), '127.0.0.1', 0);
    const [, port] = server.sockets[0].getsockname();
    for (let count = 0; count < 50; count++) {
      const [reader, writer] = yield* openConnection('127.0.0.1', port);
      writer.ballast = new ArrayBuffer(2 ** 20);
      yield* reader.read();
      writer.close();
      yield* writer.waitClosed();
    }
    // What one collection found is given back beside it, and that has ended when the next one begins.
    for (let round = 0; round < 3; round++) collect();
    console.log(process.memoryUsage().arrayBuffers < 25 * 2 ** 20);
    server.close();
  });
`;

test("writers that are closed are collected, in a blocking run in a module's body, too", async (t) => {
  t.deepEqual(await linesOf(MANY_CONNECTIONS), ['true']);
});
