// The workers of a ProcessPoolExecutor: processes of Node's, each at the other end of a socket pair that is its standard
// input. They are children of a loop, so that a blocking run hears of them, too.
import { fileURLToPath } from 'node:url';
import type { TransferListItem } from 'node:worker_threads';
import type { ChildTransport } from './child-transport.js';
import { BrokenProcessPool, RuntimeError } from './errors.js';
import type { EventLoop } from './event-loop.js';
import type { Pool, Worker, WorkerMaker } from './executor-pool.js';
import type { Answer, Order } from './executor-wire.js';
import { copied, FrameReader, frameOf } from './frames.js';
import { Operation } from './operation.js';
import { Protocol, SubprocessProtocol } from './protocol.js';
import { signalName } from './signal-number.js';
import { type Socket, socketpair } from './socket.js';
import type { Coroutine } from './stepping.js';
import type { Transport } from './transport.js';

const PROGRAM = new URL('./executor-process.js', import.meta.url);

/** What of this process's own arguments is about its program, not about Node. */
const PROGRAM_ARGUMENT = /^(-e|-p|-pe|--eval|--print|--input-type|--inspect|--test)\b/;
/** Those of them that have a value of their own. */
const WITH_VALUE = new Set(['-e', '-p', '-pe', '--eval', '--print']);

/** @internal */
export class ProcessMaker implements WorkerMaker {
  #loop: EventLoop | null = null;

  make(_number: number, pool: Pool, loop: EventLoop): Worker {
    return new ChildWorker(loop, pool);
  }

  join(loop: EventLoop): void {
    if (this.#loop !== null && this.#loop !== loop) {
      throw new RuntimeError(
        'a ProcessPoolExecutor belongs to the loop that has used it first: its processes are children of that loop',
        'ERR_EXECUTOR_LOOP',
      );
    }
    this.#loop = loop;
  }

  clone(values: readonly unknown[]): [unknown[], TransferListItem[]] {
    return [copied([...values]), []];
  }

  close(): void {}

  broken(message: string, options?: ErrorOptions): BrokenProcessPool {
    return new BrokenProcessPool(message, options);
  }
}

class ChildWorker implements Worker {
  readonly #loop: EventLoop;
  readonly #pool: Pool;
  readonly #frames = new FrameReader();
  #link: Transport | null = null;
  #child: ChildTransport | null = null;
  #killed = false;
  #hasEnded = false;
  #error: unknown;
  /** What is to be sent once it is connected. */
  #early: Buffer[] = [];
  /** Whether anything has come since somebody last looked. */
  #hasHeard = false;

  constructor(loop: EventLoop, pool: Pool) {
    this.#loop = loop;
    this.#pool = pool;
    const [ours, theirs] = socketpair();
    loop.atClose.add(this);
    const starting = new Operation(loop, this.#start(ours, theirs));
    starting.addDoneCallback(() => this.#started(starting));
  }

  send(order: Order): void {
    const frame = frameOf(order);
    // Its loop has ended the process.
    if (this.#loop.isClosed()) return;
    if (this.#link === null) this.#early.push(...frame);
    else this.#link.writelines(frame);
  }

  kill(): void {
    this.#killed = true;
    if (!this.#hasEnded && !this.#loop.isClosed()) this.#child?.kill();
  }

  collect(): void {}

  endText(): string {
    if (this.#error instanceof Error) return `could not be started: ${this.#error.message}`;
    const code = this.#child?.getReturncode() ?? null;
    if (code === null || code >= 0) return `exited with code ${code}`;
    return `was ended by ${signalName(-code)}`;
  }

  /** The loop closes: its children end with it. */
  remove(): void {
    this.#link?.abort();
    this.#child?.endWithLoop();
  }

  /** @internal Its end of the pair has something to say. */
  received(data: Buffer): void {
    this.#hasHeard = true;
    for (const answer of this.#frames.read(data)) this.#pool.answered(this, answer as Answer);
  }

  /** @internal The process is no more. What it has said just before is there, and comes with the next turns. */
  exited(): void {
    this.#hasEnded = true;
    this.#hasHeard = false;
    this.#loop.callSoon(() => {
      this.#loop.callSoon(() => (this.#hasHeard ? this.exited() : this.#gone()));
    });
  }

  *#start(ours: Socket, theirs: Socket): Coroutine<void> {
    try {
      const [link] = yield* this.#loop.createUnixConnection(() => new Link(this), null, { sock: ours });
      this.#link = link;
      link.writelines(this.#early);
      this.#early = [];
      const [child] = yield* this.#loop.subprocessExec(
        () => new Child(this),
        process.execPath,
        programArguments(),
        {
          stdin: theirs,
          stdout: null,
          stderr: null,
        },
      );
      this.#child = child as ChildTransport;
      if (this.#killed) this.kill();
    } finally {
      theirs.close();
    }
  }

  #started(starting: Operation<void>): void {
    if (starting.cancelled()) this.#gone();
    else {
      this.#error = starting.exception() ?? undefined;
      if (this.#error !== undefined) this.#gone();
    }
  }

  #gone(): void {
    this.#loop.atClose.delete(this);
    this.#link?.abort();
    this.#child?.close();
    this.#pool.ended(this);
  }
}

class Link extends Protocol {
  readonly #worker: ChildWorker;

  constructor(worker: ChildWorker) {
    super();
    this.#worker = worker;
  }

  override dataReceived(data: Buffer): void {
    this.#worker.received(data);
  }
}

class Child extends SubprocessProtocol {
  readonly #worker: ChildWorker;

  constructor(worker: ChildWorker) {
    super();
    this.#worker = worker;
  }

  override processExited(): void {
    this.#worker.exited();
  }
}

/** Node's own arguments hold for its processes, too: loaders of other languages come by them. */
function programArguments(): string[] {
  const args: string[] = [];
  let skips = false;
  for (const arg of process.execArgv) {
    if (!skips && !PROGRAM_ARGUMENT.test(arg)) args.push(arg);
    skips = !skips && WITH_VALUE.has(arg);
  }
  return [...args, fileURLToPath(PROGRAM)];
}
