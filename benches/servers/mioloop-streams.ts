/** The echo server on mioloop's streams: `mioloop-streams.js <hosted|blocking>`. */
import { type Coroutine, type StreamReader, type StreamWriter, startServer } from 'mioloop';
import { runServer, serveForever } from './mioloop-support.js';

const READ_SIZE = 64 * 1024;

function* echo(reader: StreamReader, writer: StreamWriter): Coroutine<void> {
  for (;;) {
    const data = yield* reader.read(READ_SIZE);
    if (data.length === 0) break;
    writer.write(data);
    yield* writer.drain();
  }
  writer.close();
}

runServer(function* () {
  yield* serveForever(yield* startServer(echo, '127.0.0.1', 0));
});
