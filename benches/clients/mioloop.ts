/** The client on mioloop: its first argument is `hosted` or `blocking`. */
import {
  type Coroutine,
  type Future,
  gather,
  getRunningLoop,
  Protocol,
  run,
  runSync,
  type Transport,
} from 'mioloop';
import { atOnce, beginWarmup, beginWindow, MESSAGE, port, Reply, report, takeOne } from './support.js';

class Ping extends Protocol {
  readonly #reply = new Reply();
  readonly closed: Future<void> = getRunningLoop().createFuture<void>();
  #transport!: Transport;

  override connectionMade(transport: Transport): void {
    this.#transport = transport;
    transport.write(MESSAGE);
  }

  override dataReceived(data: Buffer): void {
    if (this.#reply.take(data)) this.#transport.close();
  }

  override connectionLost(error: Error | null): void {
    if (error === null) this.closed.setResult();
    else this.closed.setException(error);
  }
}

function* worker(): Coroutine<void> {
  const loop = getRunningLoop();
  while (takeOne()) {
    const [, protocol] = yield* loop.createConnection(() => new Ping(), '127.0.0.1', port);
    yield* protocol.closed;
  }
}

function* crowd(): Coroutine<void> {
  yield* gather(...Array.from({ length: atOnce }, () => worker()));
}

function* main(): Coroutine<void> {
  beginWarmup();
  yield* crowd();
  const begin = beginWindow();
  yield* crowd();
  report(begin);
}

if (process.argv[2] === 'blocking') runSync(main);
else await run(main);
