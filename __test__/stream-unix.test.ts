// Streams over Unix sockets, with strangers at the other end.

import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { openUnixConnection, startUnixServer } from 'mioloop';
import { failure } from './support/failure.js';
import { bothModes } from './support/modes.js';
import { bytesOf, sameBytes } from './support/random.js';
import { startPython } from './support/stranger.js';

/** The path of a socket in a folder of its own, which is gone after the test. */
function socketPath(t: ExecutionContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'mioloop-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  return join(folder, 'service.sock');
}

bothModes(
  'both ends of ours over a Unix socket, and its file is gone behind (B187, B194)',
  async (t, { run }) => {
    const path = socketPath(t);
    const content = bytesOf(1, 300_000);
    await run(function* () {
      const server = yield* startUnixServer(
        async (reader, writer) => {
          writer.write(await reader.readexactly(content.length));
          await writer.drain();
          t.is((await reader.read()).length, 0);
          writer.close();
          await writer.waitClosed();
        },
        path,
        { limit: 1000 },
      );
      const [reader, writer] = yield* openUnixConnection(path, { limit: 5 });
      t.regex(String(reader), /^<StreamReader limit=5 /);
      writer.write(content);
      writer.writeEof();
      sameBytes(t, yield* reader.read(), content);
      writer.close();
      yield* writer.waitClosed();
      server.close();
      yield* server.waitClosed();
    });
    t.false(existsSync(path));
  },
);

const PYTHON_SERVER = `
import socket, sys
server = socket.socket(socket.AF_UNIX)
server.bind(sys.argv[1])
server.listen()
print('ready', flush=True)
peer, _ = server.accept()
with peer, peer.makefile('rwb') as file:
    for line in file:
        file.write(line[:-1][::-1] + b'\\n')
        file.flush()
`;

bothModes("a server of Python's sockets answers over a Unix socket (B187)", async (t, { run }) => {
  const path = socketPath(t);
  const child = startPython(t, PYTHON_SERVER, path);
  if (child === undefined) return;
  await once(child.stdout!, 'data');
  await run(function* () {
    const [reader, writer] = yield* openUnixConnection(path);
    for (const word of ['stressed', 'drawer']) {
      writer.write(Buffer.from(`${word}\n`));
      t.is(String(yield* reader.readline()), `${[...word].reverse().join('')}\n`);
    }
    writer.writeEof();
    t.is((yield* reader.readline()).length, 0);
    writer.close();
    yield* writer.waitClosed();
  });
});

const PYTHON_CLIENT = `
import asyncio, sys
async def main():
    reader, writer = await asyncio.open_unix_connection(sys.argv[1])
    writer.write(b'one\\ntwo\\n')
    writer.write_eof()
    print((await reader.read()).decode())
    writer.close()
    await writer.wait_closed()
asyncio.run(main())
`;

bothModes("asyncio's streams are served over a Unix socket (B194)", async (t, { run }) => {
  const path = socketPath(t);
  let child: ReturnType<typeof startPython>;
  await run(function* () {
    const server = yield* startUnixServer(function* (reader, writer) {
      const lines = String(yield* reader.read()).split('\n');
      writer.write(Buffer.from(lines.toReversed().join(' ').trim()));
      writer.close();
      yield* writer.waitClosed();
      server.close();
    }, path);
    child = startPython(t, PYTHON_CLIENT, path);
    if (child === undefined) server.close();
    yield* server.waitClosed();
  });
  if (child === undefined) return;
  let printed = '';
  for await (const piece of child.stdout!) printed += String(piece);
  t.is(printed, 'two one\n');
});

bothModes('nobody there, and what is wrong, over a Unix socket (B187)', async (t, { run }) => {
  const path = socketPath(t);
  await run(function* () {
    const absent = (yield* failure(openUnixConnection(path))) as NodeJS.ErrnoException;
    t.is(absent.code, 'ENOENT');
    t.true((yield* failure(openUnixConnection(path, { limit: 0 }))) instanceof RangeError);
    t.true((yield* failure(startUnixServer(() => undefined, path, { limit: -1 }))) instanceof RangeError);
    t.true((yield* failure(startUnixServer(5 as never, path))) instanceof TypeError);
  });
  t.false(existsSync(path));
});
