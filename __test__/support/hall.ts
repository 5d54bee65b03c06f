// A server on the loop whose guests are strangers in lockstep: the fixture of the transport tests.

import type { Coroutine, EventLoop, ExceptionContext, Future, Server } from 'mioloop';
import { sleep } from 'mioloop';
import { Line } from './lockstep.js';
import type { BufferedProbe, Probe } from './probe.js';

/** The port of a server that listens on one address. */
export function portOf(server: Server): number {
  const [, port] = server.sockets[0]!.getsockname() as [string, number];
  return port;
}

/** Lets the loop make `count` turns. What is in the kernel before is dispatched by then. */
export function* turns(count: number): Coroutine<void> {
  for (let turn = 0; turn < count; turn++) yield* sleep(0);
}

/** Collects what the exception handler of `loop` is called with from now on. */
export function reportsOf(loop: EventLoop): ExceptionContext[] {
  const reports: ExceptionContext[] = [];
  loop.setExceptionHandler((_loop, context) => {
    reports.push(context);
  });
  return reports;
}

export class Hall<P extends Probe | BufferedProbe> {
  /** In the order of their factory calls. */
  readonly probes: P[] = [];
  server!: Server;
  port = 0;
  readonly #lines: Line[] = [];
  readonly #arrivals: Future<P>[] = [];

  private constructor(
    readonly loop: EventLoop,
    readonly make: () => P,
  ) {}

  /** A server on 127.0.0.1 that serves each connection with a probe made by `make`. */
  static *open<P extends Probe | BufferedProbe>(loop: EventLoop, make: () => P): Coroutine<Hall<P>> {
    const hall = new Hall(loop, make);
    hall.server = yield* loop.createServer(() => hall.#welcome(), '127.0.0.1', 0);
    hall.port = portOf(hall.server);
    return hall;
  }

  #welcome(): P {
    const probe = this.make();
    this.probes.push(probe);
    this.#arrivals.shift()?.setResult(probe);
    return probe;
  }

  /** A stranger comes in; it is not served before the loop turns. */
  knock(options: { paused?: boolean } = {}): Line {
    const line = Line.connect(this.port, options);
    this.#lines.push(line);
    return line;
  }

  /** A stranger and the probe that serves it, connected. */
  *join(options: { paused?: boolean } = {}): Coroutine<[P, Line]> {
    const arrival = this.loop.createFuture<P>();
    this.#arrivals.push(arrival);
    const line = this.knock(options);
    const probe = yield* arrival;
    yield* probe.until(() => probe.events.includes('made'));
    return [probe, line];
  }

  [Symbol.dispose](): void {
    this.server.close();
    for (const line of this.#lines) line.destroy();
  }
}
