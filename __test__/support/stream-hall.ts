// A server on streams whose guests are strangers in lockstep: the fixture of the stream tests.

import type {
  Coroutine,
  EventLoop,
  Future,
  Server,
  StreamReader,
  StreamServerOptions,
  StreamWriter,
} from 'mioloop';
import { startServer } from 'mioloop';
import { portOf } from './hall.js';
import { Line } from './lockstep.js';

export type Ends = [reader: StreamReader, writer: StreamWriter];

export class StreamHall {
  server!: Server;
  port = 0;
  readonly #lines: Line[] = [];
  readonly #writers: StreamWriter[] = [];
  readonly #arrivals: Future<Ends>[] = [];

  private constructor(readonly loop: EventLoop) {}

  /** A server on 127.0.0.1 that leaves its connections to the test. */
  static *open(loop: EventLoop, options: StreamServerOptions = {}): Coroutine<StreamHall> {
    const hall = new StreamHall(loop);
    const welcome = (...ends: Ends): void => {
      hall.#writers.push(ends[1]);
      hall.#arrivals.shift()?.setResult(ends);
    };
    hall.server = yield* startServer(welcome, '127.0.0.1', 0, options);
    hall.port = portOf(hall.server);
    return hall;
  }

  /** Both ends of a connection, and the stranger at its other side. */
  *join(options: { paused?: boolean } = {}): Coroutine<[...ends: Ends, line: Line]> {
    const arrival = this.loop.createFuture<Ends>();
    this.#arrivals.push(arrival);
    const line = Line.connect(this.port, options);
    this.#lines.push(line);
    return [...(yield* arrival), line];
  }

  /** Every stranger writes its last words. */
  sayAll(words: string): void {
    for (const line of this.#lines) {
      line.write(words);
      line.finish();
    }
  }

  [Symbol.dispose](): void {
    this.server.close();
    for (const writer of this.#writers) writer.transport.abort();
    for (const line of this.#lines) line.destroy();
  }
}
