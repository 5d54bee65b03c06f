// One pipe of a child process: the protocol of its transport, which hands everything on. asyncio:
// `WriteSubprocessPipeProto`, `ReadSubprocessPipeProto`.
import type { EventLoop } from './event-loop.js';
import type { Future } from './future.js';
import type { Opened } from './native/addon.js';
import { Protocol } from './protocol.js';
import { ReadPipeTransport } from './read-pipe-transport.js';
import type { ReadTransport, WriteTransport } from './transport.js';
import { WritePipeTransport } from './write-pipe-transport.js';

/** The transport of a pipe. */
export type PipeTransport = ReadTransport | WriteTransport;

/** The transport of the child that has pipes. @internal */
export interface PipeOwner {
  pipeReceived(fd: number, data: Buffer): void;
  pipeLost(fd: number, error: Error | null): void;
  pauseWriting(): unknown;
  resumeWriting(): unknown;
}

/** The pipe at one descriptor of a child. @internal */
export class ChildPipe extends Protocol {
  /** Null until it is being connected. */
  transport: PipeTransport | null = null;
  isLost = false;
  private readonly owner: PipeOwner;
  private readonly fd: number;

  constructor(owner: PipeOwner, fd: number) {
    super();
    this.owner = owner;
    this.fd = fd;
  }

  /** Makes the transport of our `end`; done when that is connected. */
  connect(loop: EventLoop, end: Opened): Future<void> {
    const waiter = loop.createFuture<void>();
    const parts = { ...end, protocol: this, waiter };
    this.transport = this.fd === 0 ? new WritePipeTransport(loop, parts) : new ReadPipeTransport(loop, parts);
    return waiter;
  }

  override dataReceived(data: Buffer): void {
    this.owner.pipeReceived(this.fd, data);
  }

  override connectionLost(error: Error | null): void {
    this.isLost = true;
    this.owner.pipeLost(this.fd, error);
  }

  override pauseWriting(): unknown {
    return this.owner.pauseWriting();
  }

  override resumeWriting(): unknown {
    return this.owner.resumeWriting();
  }
}
