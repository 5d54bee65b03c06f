// Shows streams: a store of names and values that speaks lines, with a coroutine for each client. Try it with
// `nc 127.0.0.1 8889`. `line-service.js [port]`, 8889 without one.
import { type Coroutine, run, type StreamReader, type StreamWriter, startServer } from 'mioloop';

const HELP = 'SET name value | GET name | DELETE name | COUNT | QUIT';
/** Bytes; who sends more in a line is told so. */
const LONGEST_LINE = 1000;

const store = new Map<string, string>();

function answerTo(line: string): string {
  const [command = '', name = '', ...rest] = line.trim().split(/\s+/);
  switch (command.toUpperCase()) {
    case 'SET':
      if (name === '' || rest.length === 0) return `ERROR ${HELP}`;
      store.set(name, rest.join(' '));
      return 'OK';
    case 'GET':
      return store.has(name) ? `VALUE ${store.get(name)}` : 'NONE';
    case 'DELETE':
      return store.delete(name) ? 'OK' : 'NONE';
    case 'COUNT':
      return `COUNT ${store.size}`;
    default:
      return `ERROR ${HELP}`;
  }
}

function* serve(reader: StreamReader, writer: StreamWriter): Coroutine<void> {
  try {
    for (;;) {
      let answer: string;
      try {
        const line = String(yield* reader.readline());
        if (line === '' || /^quit\s*$/i.test(line)) break;
        answer = answerTo(line);
      } catch (error) {
        // The line is dropped; the next one is read as ever.
        if (!(error instanceof RangeError)) throw error;
        answer = `ERROR a line has at most ${LONGEST_LINE} bytes`;
      }
      writer.write(Buffer.from(`${answer}\n`));
      // A client that sends and does not read has to wait.
      yield* writer.drain();
    }
  } catch (error) {
    // It went without a word, which is no error of the service.
    if (!['ECONNRESET', 'EPIPE'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  } finally {
    writer.close();
  }
}

const port = Number(process.argv[2] ?? 8889);

await run(function* () {
  const server = yield* startServer(serve, '127.0.0.1', port, { limit: LONGEST_LINE });
  const [address, boundPort] = server.sockets[0]!.getsockname();
  console.log(`Serving on ${address}:${boundPort}, Ctrl-C ends it`);
  yield* server.serveForever();
});
