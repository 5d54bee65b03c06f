// One who writes and drains without a pause never lets a turn pass by itself, and one who closes right behind a write never
// looks again: both have to hear of a lost connection all the same.

import { closeSync } from 'node:fs';
import {
  type Coroutine,
  createSubprocessExec,
  type EventLoop,
  openConnection,
  PIPE,
  type StreamWriter,
  sleep,
  socket,
} from 'mioloop';
import './support/children.js';
import { inLoop } from './support/modes.js';
import { makePipe } from './support/pipes.js';
import { Probe } from './support/probe.js';

/** More than a connection or a pipe takes while nobody reads. */
const ENDLESS = 1_000_000;

/** The error of writing for ever; null when there is none, where the loop would hang. */
function* lossOf(writer: StreamWriter, piece: Buffer) {
  try {
    for (let count = 0; count < ENDLESS; count++) {
      writer.write(piece);
      yield* writer.drain();
    }
    return null;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code;
  }
}

for (const size of [100, 65_536]) {
  inLoop(`a connection is lost while ${size} bytes are written again and again (B191)`, function* (t) {
    const [ours, theirs] = socket.socketpair();
    const [, writer] = yield* openConnection(null, null, { sock: ours });
    theirs.close();
    t.regex(String(yield* lossOf(writer, Buffer.alloc(size))), /^(EPIPE|ECONNRESET)$/);
    t.true(writer.isClosing());
  });

  inLoop(`a child ends while ${size} bytes are written to it again and again (B176)`, function* (t) {
    const child = yield* createSubprocessExec('head', ['-c', '1'], { stdin: PIPE, stdout: PIPE });
    t.regex(String(yield* lossOf(child.stdin!, Buffer.alloc(size))), /^(EPIPE|ECONNRESET)$/);
    t.is(yield* child.wait(), 0);
    t.true(child.stdin!.isClosing());
  });
}

/** A transport whose reader has just gone. */
const MAKERS: Record<string, (loop: EventLoop) => Coroutine<Probe>> = {
  *pipe(loop) {
    const [reader, writer] = makePipe();
    const [, probe] = yield* loop.connectWritePipe(() => new Probe(loop), writer);
    closeSync(reader);
    return probe;
  },
  *connection(loop) {
    const [ours, theirs] = socket.socketpair();
    const [, probe] = yield* loop.createConnection(() => new Probe(loop), null, null, { sock: ours });
    theirs.close();
    return probe;
  },
};

for (const [what, make] of Object.entries(MAKERS)) {
  for (const end of ['close', 'abort'] as const) {
    inLoop(
      `the error of a write is the end of a ${what}, though ${end}() follows (B110, B117)`,
      function* (t, loop) {
        for (const turns of [0, 1]) {
          const probe = yield* make(loop);
          probe.transport.write(Buffer.from('lost'));
          for (let turn = 0; turn < turns; turn++) yield* sleep(0);
          probe.transport[end]();
          t.true(probe.transport.isClosing());
          yield* probe.until(() => probe.lost !== undefined);
          t.is((probe.lost as NodeJS.ErrnoException | null)?.code, 'EPIPE');
          t.deepEqual(probe.events, ['made', 'lost']);
        }
      },
    );
  }
}
