// One who writes and drains without a pause never lets a turn pass by itself: it has to hear of a lost connection all the same.

import { createSubprocessExec, openConnection, PIPE, type StreamWriter, socket } from 'mioloop';
import './support/children.js';
import { inLoop } from './support/modes.js';

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
