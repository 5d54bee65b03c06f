// Sending a file on a transport: by the system's sendfile, else by reads and writes. asyncio: `loop.sendfile`.
import { given, RuntimeError, SendfileNotAvailableError, typeError } from './errors.js';
import type { EventLoop } from './event-loop.js';
import { FilePieces } from './file-pieces.js';
import { checkOptions } from './options.js';
import { checkPart, descriptorOf, type SendableFile } from './sendable-file.js';
import { type PausableTransport, SendfileProtocol } from './sendfile-protocol.js';
import { turnOf } from './sleep.js';
import type { Coroutine } from './stepping.js';
import type { StreamTransport } from './stream-transport.js';
import { BaseTransport } from './transport.js';

/** Options of `loop.sendfile` and `loop.sockSendfile`. */
export interface SendfileOptions {
  /** Whether to read and write the file where the system can't send it by itself; true without it. */
  fallback?: boolean | undefined;
}

/** The body of `loop.sendfile`. @internal */
export function* sendfile(
  loop: EventLoop,
  transport: unknown,
  file: SendableFile,
  offset: number,
  count: number | null,
  options: SendfileOptions,
): Coroutine<number> {
  const fallback = wantsFallback(options, 'sendfile');
  checkPart(offset, count);
  descriptorOf(file);
  if (!(transport instanceof BaseTransport)) {
    throw typeError(`a transport is expected, got ${given(transport)}`);
  }
  if (transport.isClosing()) throw new RuntimeError('Transport is closing', 'ERR_TRANSPORT_CLOSING');
  switch (transport.sendfileMode) {
    case 'unsupported':
      throw new RuntimeError(
        `sendfile is not supported for transport ${transport}`,
        'ERR_SENDFILE_NOT_SUPPORTED',
      );
    case 'fallback':
      if (fallback) break;
      throw new RuntimeError(
        `fallback is disabled and native sendfile is not supported for transport ${transport}`,
        'ERR_SENDFILE_NOT_SUPPORTED',
      );
    case 'native':
      try {
        return yield* (transport as StreamTransport).sendFile(descriptorOf(file), offset, count);
      } catch (error) {
        if (!fallback || !(error instanceof SendfileNotAvailableError)) throw error;
      }
  }
  return yield* sendByWrites(loop, transport as PausableTransport, new FilePieces(loop, file, offset, count));
}

/** The option `fallback`, checked. @internal */
export function wantsFallback(options: SendfileOptions, method: string): boolean {
  checkOptions(options, ['fallback'], method);
  const { fallback = true } = options;
  if (typeof fallback !== 'boolean') throw typeError(`fallback must be a boolean, got ${given(fallback)}`);
  return fallback;
}

function* sendByWrites(loop: EventLoop, transport: PausableTransport, pieces: FilePieces): Coroutine<number> {
  const standIn = new SendfileProtocol(loop, transport);
  try {
    for (;;) {
      const piece = yield* pieces.next();
      if (piece === null) return pieces.sent;
      yield* standIn.drain();
      transport.write(piece);
      pieces.sent += piece.length;
      // Reading may never wait, nor the peer: others have their turns all the same.
      yield* turnOf(loop);
    }
  } finally {
    pieces.moveFile();
    standIn.restore();
  }
}
