// What every scenario shares: a loop whose turns are counted, a trace, and protocols that log.
// The Python side is python/twin.py, name for name. A trace line is "turn N: event"; turn 1 is the loop's first,
// until zero() or countFromHere() makes another turn number 0.

import type { Coroutine, EventLoop, Future, Server as LoopServer, Transport } from 'mioloop';
import { BufferedProtocol, newEventLoop, Protocol, sleep } from 'mioloop';

const testing: { loopTurns(loop: EventLoop): number } = await import(
  new URL('../../../dist/internals/testing.js', import.meta.url).href
);

/** Bytes; more than the kernel takes for one loopback connection that nobody reads. */
export const BIG = 16 * 1024 * 1024;

/** Seconds after which a scenario is stopped, so that a missing event is a readable failure and not a hang. */
const GIVE_UP = 10;

export type Mode = 'hosted' | 'blocking';

/** Name of a scenario → what plays it and gives its trace. Filled by importing the files of scenarios. */
export const scenarios = new Map<string, (mode: Mode) => Promise<string[]>>();

/** A generator function that is run until complete. */
export function scenario(name: string, main: (twin: Twin) => Coroutine<void>): void {
  script(name, async (twin) => {
    await twin.runUntilComplete(main(twin));
  });
}

/** A function that starts the loop itself, as often as it likes. */
export function script(name: string, body: (twin: Twin) => Promise<void>): void {
  scenarios.set(name, async (mode) => {
    const twin = new Twin(mode);
    try {
      await body(twin);
    } catch (error) {
      twin.log(`the scenario failed: ${error instanceof Error ? error.stack : String(error)}`);
    } finally {
      twin.close();
    }
    return twin.lines;
  });
}

/** The error that scenarios raise on purpose. */
export class Boom extends Error {}

/** An error in a word that both languages share. */
export function word(error: unknown): string {
  if (error === null || error === undefined) return 'no error';
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error ? String(error.code) : '';
  return /^E[A-Z]+$/.test(code) ? code : error.constructor.name;
}

export class Twin {
  readonly loop = newEventLoop();
  readonly lines: string[] = [];
  readonly #mode: Mode;
  readonly #servers: LoopServer[] = [];
  readonly #bothLost: Future<void> = this.loop.createFuture<void>();
  #base = testing.loopTurns(this.loop);
  #lost = 0;

  constructor(mode: Mode) {
    this.#mode = mode;
    this.loop.setExceptionHandler((_loop, context) => {
      const keys = (['handle', 'protocol', 'task', 'transport'] as const).filter(
        (key) => context[key] !== undefined,
      );
      this.log(`exception handler: ${word(context.exception)} (${keys.join(', ')})`);
    });
    this.loop.callLater(GIVE_UP, () => {
      this.log(`nothing more within ${GIVE_UP} s`);
      this.loop.stop();
    });
  }

  log(event: string): void {
    this.lines.push(`turn ${testing.loopTurns(this.loop) - this.#base}: ${event}`);
  }

  logger(event: string): () => void {
    return () => this.log(event);
  }

  /** Forgets what was logged; this turn is turn 0. */
  zero(): void {
    this.lines.length = 0;
    this.#base = testing.loopTurns(this.loop);
  }

  /** Logs an event whose turn is up to the kernel; what follows is counted from it. */
  countFromHere(event: string): void {
    this.#base = testing.loopTurns(this.loop);
    this.log(event);
  }

  *turns(count: number): Coroutine<void> {
    for (let turn = 0; turn < count; turn++) yield* sleep(0);
  }

  async runForever(): Promise<void> {
    if (this.#mode === 'blocking') this.loop.runForeverSync();
    else await this.loop.runForever();
  }

  async runUntilComplete<T>(awaitable: Coroutine<T> | Future<T>): Promise<T> {
    if (this.#mode === 'blocking') return this.loop.runUntilCompleteSync(awaitable);
    return await this.loop.runUntilComplete(awaitable);
  }

  *listen(factory: () => AnySide): Coroutine<LoopServer> {
    const server = yield* this.loop.createServer(factory, '127.0.0.1', 0);
    this.#servers.push(server);
    return server;
  }

  *connect<S extends AnySide>(server: LoopServer, factory: () => S): Coroutine<S> {
    const [host, port] = server.sockets[0]!.getsockname() as [string, number];
    const [, protocol] = yield* this.loop.createConnection(factory, host, port);
    return protocol;
  }

  /** Two connected sides, at rest; then turn 0. */
  *pair<S extends AnySide, C extends AnySide>(server: SideClass<S>, client: SideClass<C>): Coroutine<[S, C]> {
    const made: S[] = [];
    const listening = yield* this.listen(keep(made, () => new server(this)));
    const connected = yield* this.connect(listening, () => new client(this));
    yield* this.turns(6);
    this.zero();
    return [made[0]!, connected];
  }

  sideLost(): void {
    this.#lost += 1;
    if (this.#lost === 2) this.#bothLost.setResult();
  }

  *bothLost(): Coroutine<void> {
    yield* this.#bothLost;
  }

  close(): void {
    for (const server of this.#servers) server.close();
    this.loop.close();
  }
}

/** A factory that also keeps what it made. */
export function keep<S>(made: S[], factory: () => S): () => S {
  return () => {
    const side = factory();
    made.push(side);
    return side;
  };
}

export type AnySide = Side | BufferedSide;
export type SideClass<S extends AnySide> = new (twin: Twin) => S;

/** Logs every call that the loop makes to a protocol. */
export class Side extends Protocol {
  name = 'a side';
  transport!: Transport;

  constructor(readonly twin: Twin) {
    super();
  }

  log(event: string): void {
    this.twin.log(`${this.name} ${event}`);
  }

  override connectionMade(transport: Transport): void {
    this.transport = transport;
    this.log('connection made');
  }

  override dataReceived(data: Buffer): void {
    this.log(`data ${data.toString()}`);
  }

  override eofReceived(): boolean {
    this.log('eof');
    return false;
  }

  override connectionLost(error: Error | null): void {
    this.log(`connection lost: ${word(error)}`);
    this.twin.sideLost();
  }

  override pauseWriting(): void {
    this.log('pause writing');
  }

  override resumeWriting(): void {
    this.log('resume writing');
  }
}

/** The same for a BufferedProtocol. */
export class BufferedSide extends BufferedProtocol {
  name = 'a side';
  transport!: Transport;
  buffer = Buffer.alloc(64);

  constructor(readonly twin: Twin) {
    super();
  }

  log(event: string): void {
    this.twin.log(`${this.name} ${event}`);
  }

  override connectionMade(transport: Transport): void {
    this.transport = transport;
    this.log('connection made');
  }

  override getBuffer(sizehint: number): Uint8Array {
    this.log(`get buffer ${sizehint}`);
    return this.buffer;
  }

  override bufferUpdated(nbytes: number): void {
    this.log(`buffer updated ${this.buffer.toString('utf8', 0, nbytes)}`);
  }

  override eofReceived(): boolean {
    this.log('eof');
    return false;
  }

  override connectionLost(error: Error | null): void {
    this.log(`connection lost: ${word(error)}`);
    this.twin.sideLost();
  }
}

export class Server extends Side {
  override name = 'server';
}

export class Client extends Side {
  override name = 'client';
}
