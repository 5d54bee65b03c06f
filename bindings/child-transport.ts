// The transport of a child process: its pipes, its end, and in which order its protocol hears of both. asyncio:
// `BaseSubprocessTransport`.
import { constants } from 'node:os';
import { ChildPipe, type PipeOwner, type PipeTransport } from './child-pipe.js';
import { type Context, captureContext } from './context.js';
import { debugReport } from './debug.js';
import type { EventLoop } from './event-loop.js';
import type { Future } from './future.js';
import type { Opened, Spawned } from './native/addon.js';
import * as layout from './native/layout.js';
import type { SubprocessProtocol } from './protocol.js';
import { checkProtocol } from './protocol-factory.js';
import type { Source } from './scheduler.js';
import { type Signal, sentSignalNumber } from './signal-number.js';
import type { Coroutine } from './stepping.js';
import { systemError } from './system-error.js';
import {
  type ChildProcessInfo,
  type ExtraInfo,
  type ReadTransport,
  SubprocessTransport,
  type WriteTransport,
} from './transport.js';

/** What a child's return code is said to be when somebody else has reaped it, as in asyncio. */
const UNKNOWN_RETURNCODE = 255;
const { SIGKILL, SIGTERM } = constants.signals;
const { ESRCH } = constants.errno;

/** What a new transport is made of. @internal */
export interface ChildParts {
  readonly spawned: Spawned;
  readonly args: ChildProcessInfo['args'];
  readonly protocol: SubprocessProtocol;
  /** Done when the pipes are connected. */
  readonly waiter: Future<void>;
}

/** A child process. @internal */
export class ChildTransport extends SubprocessTransport implements Source, PipeOwner {
  readonly generation: number;
  readonly #loop: EventLoop;
  readonly #slot: number;
  readonly #pid: number;
  readonly #args: ChildProcessInfo['args'];
  /** What is done for the child, and its protocol's methods, are in this context. */
  readonly #context: Context;
  /** Null when the connection is lost. */
  #protocol: SubprocessProtocol | null;
  readonly #pipes = new Map<number, ChildPipe>();
  #closed = false;
  /** Whether the child is reaped; the protocol may not know yet. */
  #isReaped = false;
  #returncode: number | null = null;
  /** What is to be called behind `connectionMade`; null when that is on its way. */
  #early: (() => unknown)[] | null = [];
  readonly #exitWaiters = new Set<Future<number>>();

  constructor(loop: EventLoop, { spawned, args, protocol, waiter }: ChildParts) {
    super();
    this.#loop = loop;
    this.#slot = spawned.slot;
    this.generation = spawned.generation;
    this.#pid = spawned.pid;
    this.#args = args;
    this.#protocol = protocol;
    this.#context = captureContext(loop.followsStores);
    loop.scheduler.attach(this.#slot, this);
    loop.atClose.add(this);
    const ends = [spawned.stdin, spawned.stdout, spawned.stderr];
    ends.forEach((end, fd) => {
      if (end !== undefined) this.#pipes.set(fd, new ChildPipe(this, fd));
    });
    loop.callSoon(() => this.#connectPipes(ends, 0, waiter));
  }

  // ---- what is asked -------------------------------------------------------------------------------

  getPid(): number {
    return this.#pid;
  }

  getReturncode(): number | null {
    return this.#returncode;
  }

  getPipeTransport(fd: 0): WriteTransport | null;
  getPipeTransport(fd: 1 | 2): ReadTransport | null;
  getPipeTransport(fd: number): PipeTransport | null;
  getPipeTransport(fd: number): PipeTransport | null {
    return this.#pipes.get(fd)?.transport ?? null;
  }

  getExtraInfo<K extends keyof ExtraInfo>(name: K): ExtraInfo[K] | undefined;
  getExtraInfo<D = undefined>(name: string, fallback?: D): unknown;
  getExtraInfo(name: string, fallback?: unknown): unknown {
    return name === 'subprocess' ? this.#info() : fallback;
  }

  #info(): ChildProcessInfo {
    const returncode = (): number | null => this.#returncode;
    return {
      pid: this.#pid,
      args: this.#args,
      get returncode() {
        return returncode();
      },
    };
  }

  isClosing(): boolean {
    return this.#closed;
  }

  setProtocol(protocol: SubprocessProtocol): void {
    checkProtocol(protocol);
    if (this.#protocol !== null) this.#protocol = protocol;
  }

  getProtocol(): SubprocessProtocol | null {
    return this.#protocol;
  }

  // ---- signals and the end -------------------------------------------------------------------------

  sendSignal(signal: Signal): void {
    const number = sentSignalNumber(signal);
    const errno = this.#isOver ? ESRCH : this.#send(number);
    // Who was told of the end should know better; who was not yet, can't.
    if (errno === 0 || (errno === ESRCH && !this.#isOver)) return;
    throw Object.assign(systemError(errno, { syscall: 'kill' }), { pid: this.#pid });
  }

  terminate(): void {
    this.sendSignal(SIGTERM);
  }

  kill(): void {
    this.sendSignal(SIGKILL);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    // A closed loop has closed everything, and killed the child.
    if (this.#loop.isClosed()) return;
    for (const pipe of this.#pipes.values()) pipe.transport?.close();
    if (!this.#isRunning()) return;
    if (this.#loop.debugging) {
      const message = `Close running child process: kill ${this}`;
      debugReport({ kind: 'child-killed', loop: this.#loop, message, subject: this });
    }
    // It may have ended just now, or be another user's: neither is an error of who closes.
    this.#send(SIGKILL);
  }

  /** @internal The loop closes, and nobody will ever hear of the child. */
  remove(): void {
    if (!this.#closed && this.#isRunning()) {
      process.emitWarning(`unclosed transport ${this}: its child is killed; call transport.close()`, {
        type: 'ResourceWarning',
        code: 'MIOLOOP_UNCLOSED_CHILD',
      });
    }
    this.endWithLoop();
  }

  /** @internal `remove`, for who has known that the child ends with the loop. */
  endWithLoop(): void {
    if (!this.#closed && this.#isRunning()) this.#send(SIGKILL);
    this.#closed = true;
  }

  /** @internal */
  complete(kind: number, offset: number, _length: number, detail: number): void {
    if (kind !== layout.COMPLETE_EXITED) return;
    this.#isReaped = true;
    const { scheduler } = this.#loop;
    scheduler.detach(this.#slot, this);
    scheduler.core.submit(layout.SUBMIT_CLOSE, this.#slot, this.generation);
    this.#loop.atClose.delete(this);
    let returncode = offset | 0;
    if (detail !== 0) {
      returncode = UNKNOWN_RETURNCODE;
      process.emitWarning(
        `child process pid ${this.#pid} exit status already read: will report returncode ${returncode}`,
        { type: 'RuntimeWarning', code: 'MIOLOOP_CHILD_STATUS_LOST' },
      );
    }
    this.#loop.callSoon({ context: this.#context }, () => this.#exited(returncode));
  }

  /** @internal Waits for the child and its pipes; once the return code is there, for neither. asyncio: `_wait`. */
  *wait(): Coroutine<number> {
    if (this.#returncode !== null) return this.#returncode;
    const waiter = this.#loop.createFuture<number>();
    this.#exitWaiters.add(waiter);
    try {
      return yield* waiter;
    } finally {
      this.#exitWaiters.delete(waiter);
    }
  }

  /** Its protocol has heard of its end, or never will. */
  get #isOver(): boolean {
    return this.#protocol === null || this.#loop.isClosed();
  }

  #isRunning(): boolean {
    return !this.#isReaped && this.#send(0) === 0;
  }

  #send(signal: number): number {
    return this.#loop.scheduler.core.native.signalChild(this.#slot, this.generation, signal);
  }

  // ---- what its protocol hears ---------------------------------------------------------------------

  /** One after another from `fd` on, each in the turns that connecting a pipe takes, as asyncio does. */
  #connectPipes(ends: readonly (Opened | undefined)[], fd: number, waiter: Future<void>): void {
    const loop = this.#loop;
    const next = ends.findIndex((end, index) => index >= fd && end !== undefined);
    if (next !== -1) {
      const pipe = this.#pipes.get(next)!;
      pipe.connect(loop, ends[next]!).addDoneCallback(() => this.#connectPipes(ends, next + 1, waiter));
      // Nobody else knows of it.
      if (this.#closed) pipe.transport?.close();
      return;
    }
    const protocol = this.#protocol!;
    loop.callSoon(() => protocol.connectionMade(this));
    for (const call of this.#early!) loop.callSoon(call);
    this.#early = null;
    if (!waiter.done()) waiter.setResult();
  }

  /** @internal */
  pipeReceived(fd: number, data: Buffer): void {
    const protocol = this.#protocol!;
    this.#tell(() => protocol.pipeDataReceived(fd, data));
  }

  /** @internal */
  pipeLost(fd: number, error: Error | null): void {
    const protocol = this.#protocol!;
    this.#tell(() => protocol.pipeConnectionLost(fd, error));
    this.#finish();
  }

  /** @internal */
  pauseWriting(): unknown {
    return this.#protocol?.pauseWriting();
  }

  /** @internal */
  resumeWriting(): unknown {
    return this.#protocol?.resumeWriting();
  }

  #exited(returncode: number): void {
    this.#returncode = returncode;
    const protocol = this.#protocol!;
    this.#tell(() => protocol.processExited());
    this.#finish();
  }

  /** When the child and all its pipes are gone. */
  #finish(): void {
    if (this.#returncode === null) return;
    for (const pipe of this.#pipes.values()) if (!pipe.isLost) return;
    this.#tell(() => this.#lose());
  }

  #lose(): unknown {
    const protocol = this.#protocol!;
    try {
      return protocol.connectionLost(null);
    } finally {
      this.#protocol = null;
      for (const waiter of this.#exitWaiters) if (!waiter.done()) waiter.setResult(this.#returncode!);
    }
  }

  /** In the next turn, but never before `connectionMade`. */
  #tell(call: () => unknown): void {
    if (this.#early === null) this.#loop.callSoon(call);
    else this.#early.push(call);
  }

  /** The transport as asyncio prints it. */
  override toString(): string {
    const parts = [this.constructor.name];
    if (this.#closed) parts.push('closed');
    parts.push(`pid=${this.#pid}`);
    parts.push(this.#returncode === null ? 'running' : `returncode=${this.#returncode}`);
    for (const [fd, { transport }] of this.#pipes) {
      if (transport !== null) parts.push(`${['stdin', 'stdout', 'stderr'][fd]}=${transport}`);
    }
    return `<${parts.join(' ')}>`;
  }
}
