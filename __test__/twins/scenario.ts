// What every scenario shares: a loop whose turns are counted, and a trace.
// The Python side is python/twin.py, name for name. A trace line is "turn N: event"; turn 1 is the loop's first,
// until zero() or countFromHere() makes another turn number 0. In virtual time it is "time T turn N: event", with
// T in seconds from the loop's beginning.

import type { Coroutine, EventLoop, Future, Server as LoopServer, Scope } from 'mioloop';
import { newEventLoop, sleep } from 'mioloop';
import { loopTurns, virtualLoop } from '../support/internals.js';
import type { AnySide, SideClass } from './sides.js';
import { said, shown, type Words, word } from './words.js';

export { type AnySide, BufferedSide, Client, Server, Side, type SideClass } from './sides.js';
export { Boom, said, shown, tried, word } from './words.js';

/** Bytes; more than the kernel takes for one loopback connection that nobody reads. */
export const BIG = 16 * 1024 * 1024;

/** Seconds after which a scenario is stopped, so that a missing event is a readable failure and not a hang. */
const GIVE_UP = 10;
/** The same where time costs nothing: later than anything that a scenario waits for. */
const GIVE_UP_VIRTUAL = 1e6;

export type Mode = 'hosted' | 'blocking';

export interface Scenario {
  /** The name of its trace. */
  readonly name: string;
  /** As tests show it: with the behaviours that it cites. */
  readonly title: string;
  /** Plays it and gives its trace. */
  play(mode: Mode): Promise<string[]>;
}

/** Filled by importing the families. */
export const scenarios: Scenario[] = [];

type Main = (twin: Twin) => Coroutine<void>;
type Body = (twin: Twin) => Promise<void>;

/**
 * A generator function that is run until complete. Its title is a name and, in parentheses, the behaviours that
 * it shows.
 */
export function scenario(title: string, main: Main): void {
  register(title, false, (twin) => twin.runUntilComplete(main(twin)));
}

/** A function that starts the loop itself, as often as it likes. */
export function script(title: string, body: Body): void {
  register(title, false, body);
}

/** `scenario` in virtual time. */
export function virtualScenario(title: string, main: Main): void {
  register(title, true, (twin) => twin.runUntilComplete(main(twin)));
}

/** `script` in virtual time. */
export function virtualScript(title: string, body: Body): void {
  register(title, true, body);
}

function register(title: string, virtual: boolean, body: Body): void {
  const play = async (mode: Mode) => {
    const twin = new Twin(mode, virtual);
    try {
      await body(twin);
    } catch (error) {
      twin.log(`the scenario failed: ${error instanceof Error ? error.stack : String(error)}`);
    } finally {
      twin.close();
    }
    return twin.lines;
  };
  scenarios.push({ name: title.replace(/ \(B.*/, ''), title, play });
}

export class Twin {
  readonly loop: EventLoop;
  readonly lines: string[] = [];
  readonly #mode: Mode;
  readonly #virtual: boolean;
  readonly #servers: LoopServer[] = [];
  readonly #bothLost: Future<void>;
  #base = 0;
  #lost = 0;

  constructor(mode: Mode, virtual: boolean) {
    this.loop = virtual ? virtualLoop() : newEventLoop();
    this.#mode = mode;
    this.#virtual = virtual;
    this.#bothLost = this.loop.createFuture<void>();
    this.loop.setExceptionHandler((_loop, context) => {
      // When an error that nobody asked for is reported is up to the collectors of garbage.
      if (context.message.endsWith('was never retrieved')) return;
      const keys = (['handle', 'protocol', 'task', 'transport'] as const).filter(
        (key) => context[key] !== undefined,
      );
      this.log(`exception handler: ${word(context.exception)} (${keys.join(', ')})`);
    });
    const giveUp = this.#virtual ? GIVE_UP_VIRTUAL : GIVE_UP;
    this.loop.callLater(giveUp, () => {
      this.log(`nothing more within ${giveUp} s`);
      this.loop.stop();
    });
  }

  log(event: string): void {
    const time = this.#virtual ? `time ${seconds(this.loop.time())} ` : '';
    this.lines.push(`${time}turn ${loopTurns(this.loop) - this.#base}: ${event}`);
  }

  logger(event: string): () => void {
    return () => this.log(event);
  }

  /** Forgets what was logged; this turn is turn 0. */
  zero(): void {
    this.lines.length = 0;
    this.#base = loopTurns(this.loop);
  }

  /** Logs an event whose turn is up to the kernel; what follows is counted from it. */
  countFromHere(event: string): void {
    this.#base = loopTurns(this.loop);
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

  /** Waits that many turns, step by step, and tells of what ends it early. */
  *steps(name: string, count: number): Coroutine<string> {
    try {
      for (let step = 0; step < count; step++) {
        this.log(`${name} step ${step}`);
        yield* sleep(0);
      }
      return `${name} done`;
    } catch (error) {
      this.log(`${name} caught ${said(error)}`);
      throw error;
    }
  }

  /** Waits for a future, without end if need be; gives the error that ended it. */
  *caught(future: Future<unknown> = this.loop.createFuture<void>()): Coroutine<unknown> {
    try {
      yield* future;
    } catch (error) {
      return error;
    }
    return undefined;
  }

  /** What became of a run until `awaitable` was complete. */
  async ran(awaitable: Coroutine<unknown> | Future<unknown>, words: Words = word): Promise<string> {
    try {
      return shown(await this.runUntilComplete(awaitable));
    } catch (error) {
      return `raised ${words(error)}`;
    }
  }

  /** What became of `awaitable`: its result, or its error by `words`. */
  *outcome(
    awaitable: Future<unknown> | Coroutine<unknown> | Scope<unknown>,
    words: Words = word,
  ): Coroutine<string> {
    try {
      return shown(yield* awaitable);
    } catch (error) {
      return `raised ${words(error)}`;
    }
  }

  *listen(factory: () => AnySide, host = '127.0.0.1'): Coroutine<LoopServer> {
    const server = yield* this.loop.createServer(factory, host, 0);
    this.closes(server);
    return server;
  }

  /** Closes `server` when the scenario is over. */
  closes(server: LoopServer): void {
    this.#servers.push(server);
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

/** Without the zeros behind. */
function seconds(time: number): string {
  return time.toFixed(6).replace(/\.?0+$/, '');
}

/** A factory that also keeps what it made. */
export function keep<S>(made: S[], factory: () => S): () => S {
  return () => {
    const side = factory();
    made.push(side);
    return side;
  };
}
