// The types of streams. Nothing here runs: tsc is the test.

import {
  type Coroutine,
  type IncompleteReadError,
  type LimitOverrunError,
  type Operation,
  openConnection,
  openUnixConnection,
  type Server,
  type StreamReader,
  type StreamWriter,
  socket,
  startServer,
  startUnixServer,
  type TransportSocket,
} from 'mioloop';
import type { Assert, Equal } from './equal.js';

export function* open() {
  const [reader, writer] = yield* openConnection('localhost', 80, { limit: 1000, family: socket.AF_INET });
  const line = yield* reader.readline();
  const parts = [yield* reader.read(), yield* reader.readuntil([Buffer.from('\r'), Buffer.from('\n')])];
  yield* writer.drain();
  const view = writer.getExtraInfo('socket');
  yield* openUnixConnection('/run/service.sock', { limit: 5 });
  return [reader, writer, line, parts, view] as const;
}

// Whatever serves a connection.
export function* serve(coroutine: (reader: StreamReader, writer: StreamWriter) => Coroutine<void>) {
  const plain = yield* startServer((_reader, writer) => writer.close(), ['127.0.0.1', '::1'], 0, {
    backlog: 5,
  });
  yield* startServer(coroutine, null, 0);
  yield* startServer(
    async (reader, writer) => {
      for await (const line of reader) writer.write(line.subarray(1));
      await using closed = writer;
      await closed.drain();
    },
    '127.0.0.1',
    0,
  );
  yield* startUnixServer(coroutine, new URL('file:///run/service.sock'), { limit: 5, cleanupSocket: false });
  return plain;
}

export function refused(reader: StreamReader, writer: StreamWriter) {
  // @ts-expect-error: text is no bytes
  writer.write('text');
  // @ts-expect-error: nor is a separator
  reader.readuntil('\n');
  // @ts-expect-error: a number of bytes is asked for
  reader.readexactly();
  // @ts-expect-error: there is no such option
  openConnection('localhost', 80, { limits: 5 });
  // @ts-expect-error: a limit is a number
  startServer(() => undefined, null, 0, { limit: '5' });
  // @ts-expect-error: somebody has to serve
  startServer(null, null, 0);
}

type Ends = Operation<[reader: StreamReader, writer: StreamWriter]>;
export type Checks = [
  Assert<Equal<ReturnType<typeof openConnection>, Ends>>,
  Assert<Equal<ReturnType<typeof openUnixConnection>, Ends>>,
  Assert<
    Equal<
      ReturnType<typeof open> extends Generator<unknown, infer R> ? R : never,
      readonly [StreamReader, StreamWriter, Buffer, Buffer[], TransportSocket | undefined]
    >
  >,
  Assert<Equal<ReturnType<typeof serve> extends Generator<unknown, infer R> ? R : never, Server>>,
  Assert<Equal<IncompleteReadError['partial'], Buffer>>,
  Assert<Equal<IncompleteReadError['expected'], number | null>>,
  Assert<Equal<LimitOverrunError['consumed'], number>>,
];
