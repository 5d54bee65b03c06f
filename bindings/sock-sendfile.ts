// Sending a file on a socket of the user's: by the system's sendfile, else by reads and `sockSendall`. asyncio:
// `loop.sock_sendfile`.
import { rangeError } from './errors.js';
import type { EventLoop } from './event-loop.js';
import { FilePieces } from './file-pieces.js';
import { notAvailable } from './file-sending.js';
import type { Future } from './future.js';
import { STILL } from './line.js';
import { READY_WRITE, SENDFILE_BYTES } from './native/layout.js';
import { checkPart, descriptorOf, moveBehind, type SendableFile } from './sendable-file.js';
import { type SendfileOptions, wantsFallback } from './sendfile.js';
import { turnOf } from './sleep.js';
import { checkSocket, perform, refused, sockSendall } from './sock-operations.js';
import type { Socket } from './socket.js';
import { SOCK_STREAM } from './socket-constants.js';
import type { Coroutine } from './stepping.js';
import { isNotSupported, isSystemError } from './system-error.js';

/** The body of `loop.sockSendfile`. @internal */
export function* sockSendfile(
  loop: EventLoop,
  sock: Socket,
  file: SendableFile,
  offset: number,
  count: number | null,
  options: SendfileOptions,
): Coroutine<number> {
  const fallback = wantsFallback(options, 'sockSendfile');
  checkSocket(loop, sock);
  if (sock.type !== SOCK_STREAM) throw rangeError('only SOCK_STREAM type sockets are supported');
  checkPart(offset, count);
  descriptorOf(file);
  const progress = { sent: 0 };
  try {
    return yield* sendBySystem(loop, sock, file, offset, count, progress);
  } catch (error) {
    if (progress.sent > 0 || !isSystemError(error) || !isNotSupported(error)) throw error;
    if (!fallback) throw notAvailable(error);
  } finally {
    if (progress.sent > 0) moveBehind(file, offset + progress.sent);
  }
  return yield* sendByPieces(loop, sock, new FilePieces(loop, file, offset, count));
}

/** By the system's sendfile: a portion, and the next one when the socket is ready for more. */
function sendBySystem(
  loop: EventLoop,
  sock: Socket,
  file: SendableFile,
  offset: number,
  count: number | null,
  progress: { sent: number },
): Future<number> {
  return perform(loop, sock, READY_WRITE, () => () => {
    const wanted = Math.min(SENDFILE_BYTES, (count ?? Number.POSITIVE_INFINITY) - progress.sent);
    if (wanted === 0) return progress.sent;
    const sent = sock.native.sendFile(descriptorOf(file), offset + progress.sent, wanted);
    if (sent < 0) return refused(sent, 'sendfile');
    if (sent === 0) return progress.sent;
    progress.sent += sent;
    // Also where the socket took all of the portion: others have their turns.
    loop.descriptors.find(sock)?.askAgain(READY_WRITE);
    return STILL;
  });
}

function* sendByPieces(loop: EventLoop, sock: Socket, pieces: FilePieces): Coroutine<number> {
  try {
    for (;;) {
      const piece = yield* pieces.next();
      if (piece === null) return pieces.sent;
      yield* sockSendall(loop, sock, piece);
      pieces.sent += piece.length;
      // Reading may never wait, nor the peer.
      yield* turnOf(loop);
    }
  } finally {
    pieces.moveFile();
  }
}
