// Stands in for a transport's protocol while a file is sent on it by `write`: it waits where the transport asks to
// pause. asyncio: `_SendfileFallbackProtocol`.
import { RuntimeError } from './errors.js';
import type { EventLoop } from './event-loop.js';
import { connectionClosed } from './file-sending.js';
import type { Future } from './future.js';
import { type BufferedProtocol, Protocol } from './protocol.js';
import type { Coroutine } from './stepping.js';
import type { Transport } from './transport.js';

/** What the stand-in has to know of a transport. @internal */
export interface PausableTransport extends Transport {
  /** Whether the protocol was told to pause writing, and not yet to resume. */
  readonly isWritingPaused: boolean;
  /** Tells the protocol to pause. */
  pauseWriting(): void;
  /** Tells the protocol to go on. */
  resumeWriting(): void;
}

/** @internal */
export class SendfileProtocol extends Protocol {
  readonly #loop: EventLoop;
  readonly #transport: PausableTransport;
  /** The protocol that has the transport else. */
  readonly #protocol: Protocol | BufferedProtocol;
  readonly #wasReading: boolean;
  readonly #wasPaused: boolean;
  #resumed: Future<void> | null = null;
  #lost: Error | null = null;

  /** Takes the protocol's place, and stops reading. */
  constructor(loop: EventLoop, transport: PausableTransport) {
    super();
    this.#loop = loop;
    this.#transport = transport;
    // It has one: it is not closing.
    this.#protocol = transport.getProtocol()!;
    this.#wasReading = transport.isReading();
    this.#wasPaused = transport.isWritingPaused;
    transport.pauseReading();
    transport.setProtocol(this);
  }

  /** Returns when the transport takes more. Throws the error of a connection that is gone. */
  *drain(): Coroutine<void> {
    if (this.#lost !== null) throw this.#lost;
    if (this.#transport.isClosing()) throw connectionClosed();
    if (!this.#transport.isWritingPaused) return;
    this.#resumed = this.#loop.createFuture<void>();
    yield* this.#resumed;
  }

  /** Gives the transport back to its protocol, which hears of a pause or its end that it does not know of. */
  restore(): void {
    if (this.#lost !== null) return;
    const transport = this.#transport;
    transport.setProtocol(this.#protocol);
    if (this.#wasReading) transport.resumeReading();
    if (transport.isWritingPaused && !this.#wasPaused) transport.pauseWriting();
    else if (!transport.isWritingPaused && this.#wasPaused) transport.resumeWriting();
  }

  override connectionLost(error: Error | null): unknown {
    this.#lost = error ?? connectionClosed();
    if (this.#resumed !== null && !this.#resumed.done()) this.#resumed.setException(this.#lost);
    return this.#protocol.connectionLost(error);
  }

  override resumeWriting(): void {
    if (this.#resumed !== null && !this.#resumed.done()) this.#resumed.setResult();
  }

  override dataReceived(): never {
    throw new RuntimeError('Invalid state: reading should be paused', 'ERR_SENDFILE_IN_PROGRESS');
  }

  override eofReceived(): never {
    throw new RuntimeError('Invalid state: reading should be paused', 'ERR_SENDFILE_IN_PROGRESS');
  }
}
