// A program of its own: reads lines from standard input and writes them to standard output in capitals, both as pipes.
// Arguments: the mode, and `worker` for a thread.

import { isMainThread, Worker, workerData } from 'node:worker_threads';
import {
  type Coroutine,
  getRunningLoop,
  run,
  runSync,
  StreamReader,
  StreamReaderProtocol,
  StreamWriter,
} from 'mioloop';

function* echo(): Coroutine<void> {
  const loop = getRunningLoop();
  const reader = new StreamReader();
  yield* loop.connectReadPipe(() => new StreamReaderProtocol(reader), 0);
  const flow = () => new StreamReaderProtocol(new StreamReader());
  const [transport, protocol] = yield* loop.connectWritePipe(flow, 1);
  const writer = new StreamWriter(transport, protocol, null, loop);
  for (;;) {
    const line = yield* reader.readline();
    if (line.length === 0) break;
    writer.write(Buffer.from(line.toString().toUpperCase()));
    yield* writer.drain();
  }
  writer.write(Buffer.from('the end\n'));
  writer.close();
  yield* writer.waitClosed();
}

async function main(mode: string): Promise<void> {
  if (mode === 'blocking') runSync(echo);
  else await run(echo);
}

const [, , mode = 'hosted', place] = process.argv;
if (isMainThread && place === 'worker') {
  new Worker(new URL(import.meta.url), { workerData: mode });
} else {
  await main(isMainThread ? mode : (workerData as string));
}
