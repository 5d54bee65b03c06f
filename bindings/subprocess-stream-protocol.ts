// Between a child process and the streams of its pipes. asyncio: `SubprocessStreamProtocol`.
import type { EventLoop } from './event-loop.js';
import { getEventLoop } from './loops.js';
import { SubprocessProtocol } from './protocol.js';
import { StreamFlow } from './stream-flow.js';
import { StreamReader } from './stream-reader.js';
import { StreamWriter } from './stream-writer.js';
import type { SubprocessTransport } from './transport.js';

/**
 * The protocol of a child process whose pipes are streams. asyncio: `SubprocessStreamProtocol`. `createSubprocessExec` makes
 * it; with `loop.subprocessExec`, streams can be had of any child.
 *
 * @example
 * const factory = () => new SubprocessStreamProtocol(undefined, loop);
 * const [transport, { stdout }] = yield* loop.subprocessExec(factory, 'ls');
 */
export class SubprocessStreamProtocol extends SubprocessProtocol {
  /** What the child reads; null where that is no pipe. */
  stdin: StreamWriter | null = null;
  /** What the child writes; null where that is no pipe. */
  stdout: StreamReader | null = null;
  /** What the child complains; null where that is no pipe. */
  stderr: StreamReader | null = null;
  /** @internal Of `stdin`. */
  readonly flow: StreamFlow;
  private readonly limit: number | undefined;
  private readonly loop: EventLoop;
  /** Null once it was closed, because everything is at its end. */
  private transport: SubprocessTransport | null = null;
  private hasExited = false;
  /** Those that are read and not at their end. */
  private readonly readers = new Map<number, StreamReader>();

  /**
   * @param limit bytes that a line may have (65,536), and half of what is received ahead
   * @param loop the current one without it
   */
  constructor(limit?: number, loop: EventLoop = getEventLoop()) {
    super();
    this.limit = limit;
    this.loop = loop;
    this.flow = new StreamFlow(loop);
  }

  override connectionMade(transport: SubprocessTransport): void {
    this.transport = transport;
    this.stdout = this.reading(transport, 1);
    this.stderr = this.reading(transport, 2);
    const stdin = transport.getPipeTransport(0);
    if (stdin !== null) this.stdin = new StreamWriter(stdin, this, null, this.loop);
  }

  private reading(transport: SubprocessTransport, fd: 1 | 2): StreamReader | null {
    const pipe = transport.getPipeTransport(fd);
    if (pipe === null) return null;
    const reader = new StreamReader(this.limit, this.loop);
    reader.setTransport(pipe);
    this.readers.set(fd, reader);
    return reader;
  }

  override pipeDataReceived(fd: number, data: Buffer): void {
    this.readers.get(fd)?.receive(data);
  }

  override pipeConnectionLost(fd: number, error: Error | null): void {
    if (fd === 0) {
      this.flow.lost(error);
      return;
    }
    const reader = this.readers.get(fd);
    if (error === null) reader?.feedEof();
    else reader?.setException(error);
    this.readers.delete(fd);
    this.closeAtEnd();
  }

  override processExited(): void {
    this.hasExited = true;
    this.closeAtEnd();
  }

  override pauseWriting(): void {
    this.flow.pause();
  }

  override resumeWriting(): void {
    this.flow.resume();
  }

  /** Nothing more will come: then nobody needs what is left, the pipe to `stdin`. */
  private closeAtEnd(): void {
    if (this.readers.size > 0 || !this.hasExited) return;
    this.transport?.close();
    this.transport = null;
  }
}
