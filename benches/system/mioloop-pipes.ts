/**
 * A long stream through a child on mioloop: `mioloop-pipes.js <hosted|blocking> <protocol|process|buffered> …`; `piped.ts` tells
 * the other arguments.
 */
import {
  BufferedProtocol,
  type Coroutine,
  createSubprocessExec,
  type Future,
  getRunningLoop,
  PIPE,
  type StreamWriter,
  type SubprocessOptions,
  SubprocessProtocol,
  type SubprocessTransport,
  type WriteTransport,
} from 'mioloop';
import type { Pieces } from '../servers/pieces.js';
import { measure } from './mioloop-support.js';
import { type Expected, parsePiped } from './piped.js';
import { Meter } from './support.js';

const READ_SIZE = 64 * 1024;
const BUFFER_SIZE = 128 * 1024;
/** By the program's argument. */
const WAYS: Record<string, (length: number) => Coroutine<void>> = {
  protocol: byProtocol,
  process: byProcess,
  buffered: byBuffer,
};
const OPTIONS: SubprocessOptions = { stdin: PIPE, stdout: PIPE, stderr: null };

const [, , , level, ...rest] = process.argv;
const { warmup, bytes, command, input, output } = parsePiped(rest);

class Through extends SubprocessProtocol {
  #stdin!: WriteTransport;
  #paused = false;

  constructor(
    readonly pieces: Pieces,
    readonly expected: Expected,
    readonly ended: Future<void>,
  ) {
    super();
  }

  override connectionMade(transport: SubprocessTransport): void {
    this.#stdin = transport.getPipeTransport(0) as WriteTransport;
    this.#pump();
  }

  override pipeDataReceived(_fd: number, data: Buffer): void {
    this.expected.take(data);
  }

  override pauseWriting(): void {
    this.#paused = true;
  }

  override resumeWriting(): void {
    this.#paused = false;
    this.#pump();
  }

  override connectionLost(): void {
    this.ended.setResult();
  }

  #pump(): void {
    while (!this.#paused) {
      const piece = this.pieces.next();
      if (piece === null) {
        this.#stdin.close();
        return;
      }
      this.#stdin.write(piece);
    }
  }
}

function* byProtocol(length: number): Coroutine<void> {
  const loop = getRunningLoop();
  const [program, ...args] = command(length);
  const expected = output(length);
  const factory = () => new Through(input(length), expected, loop.createFuture<void>());
  const [, protocol] = yield* loop.subprocessExec(factory, program!, args, OPTIONS);
  yield* protocol.ended;
  expected.end();
}

/** What comes out of the child, received into memory of the program's own, always the same. */
class Output extends BufferedProtocol {
  readonly #memory = Buffer.alloc(BUFFER_SIZE);

  constructor(
    readonly expected: Expected,
    readonly ended: Future<void>,
  ) {
    super();
  }

  override getBuffer(): Uint8Array {
    return this.#memory;
  }

  override bufferUpdated(count: number): void {
    this.expected.take(this.#memory.subarray(0, count));
  }

  override connectionLost(): void {
    this.ended.setResult();
  }
}

class BesideBuffer extends Through {
  override connectionMade(transport: SubprocessTransport): void {
    transport.getPipeTransport(1)!.setProtocol(new Output(this.expected, this.ended));
    super.connectionMade(transport);
  }

  override connectionLost(): void {}
}

function* byBuffer(length: number): Coroutine<void> {
  const loop = getRunningLoop();
  const [program, ...args] = command(length);
  const expected = output(length);
  const factory = () => new BesideBuffer(input(length), expected, loop.createFuture<void>());
  const [transport, protocol] = yield* loop.subprocessExec(factory, program!, args, OPTIONS);
  yield* protocol.ended;
  // It does not hear of the pipe whose protocol is another.
  transport.close();
  expected.end();
}

function* byProcess(length: number): Coroutine<void> {
  const [program, ...args] = command(length);
  const child = yield* createSubprocessExec(program!, args, OPTIONS);
  const feeding = getRunningLoop().createTask(feed(child.stdin!, input(length)));
  const expected = output(length);
  for (;;) {
    const data = yield* child.stdout!.read(READ_SIZE);
    if (data.length === 0) break;
    expected.take(data);
  }
  yield* feeding;
  yield* child.wait();
  expected.end();
}

function* feed(stdin: StreamWriter, pieces: Pieces): Coroutine<void> {
  for (let piece = pieces.next(); piece !== null; piece = pieces.next()) {
    stdin.write(piece);
    yield* stdin.drain();
  }
  stdin.close();
}

await measure(function* () {
  const stream = WAYS[level!]!;
  yield* stream(warmup);
  const meter = new Meter();
  yield* stream(bytes);
  return meter.report({ bytes });
});
