/** Children at once, each killed at a random time: every end is seen once, and nothing of them is left. */
import { constants } from 'node:os';
import {
  DEVNULL,
  type Future,
  gather,
  getRunningLoop,
  PIPE,
  SubprocessProtocol,
  type SubprocessTransport,
} from 'mioloop';
import { children, count, descriptors, figure, ready, runSoak, seeded, tell } from './support.js';

const SEED = 6;
/** Seconds in which all die. */
const SPAN = 2;
const SIGNALS = ['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGHUP'] as const;

class Victim extends SubprocessProtocol {
  exits = 0;
  ends = 0;
  lostPipes = 0;

  constructor(readonly gone: Future<void>) {
    super();
  }

  override processExited(): void {
    this.exits++;
  }

  override pipeConnectionLost(): void {
    this.lostPipes++;
  }

  override connectionLost(): void {
    this.ends++;
    this.gone.setResult();
  }
}

runSoak(function* () {
  const loop = getRunningLoop();
  const random = seeded(SEED);
  const victim = () => new Victim(loop.createFuture<void>());
  const options = { stdin: PIPE, stdout: PIPE, stderr: DEVNULL };
  ready();
  // The first may leave what the loop keeps for all.
  const [first, one] = yield* loop.subprocessExec(victim, 'sleep', ['3600'], options);
  first.kill();
  yield* one.gone;
  const before = descriptors();
  const killed: { transport: SubprocessTransport; protocol: Victim; signal: (typeof SIGNALS)[number] }[] = [];
  const start = loop.time();
  for (let index = 0; index < count; index++) {
    const [transport, protocol] = yield* loop.subprocessExec(victim, 'sleep', ['3600'], options);
    const signal = SIGNALS[Math.floor(random() * SIGNALS.length)]!;
    killed.push({ transport, protocol, signal });
  }
  const spawned = loop.time() - start;
  const alive = killed.filter(({ protocol }) => protocol.exits === 0).length;
  for (const { transport, signal } of killed)
    loop.callLater(random() * SPAN, () => transport.sendSignal(constants.signals[signal]));
  yield* gather(...killed.map(({ protocol }) => protocol.gone));
  const right = killed.filter(({ transport, protocol, signal }) => {
    const { exits, ends, lostPipes } = protocol;
    const code = transport.getReturncode();
    return exits === 1 && ends === 1 && lostPipes === 2 && code === -constants.signals[signal];
  });
  for (const { transport } of killed) transport.close();
  tell([
    figure('alive at once', alive, 'children', { atLeast: count }),
    figure('whose end was seen once, with its signal', right.length, 'children', { atLeast: count }),
    figure('children that are left', children(), 'children', { atMost: 0 }),
    figure('descriptors that are left', descriptors() - before, 'descriptors', { atMost: 0 }),
    figure('starting one', (spawned / count) * 1e6, 'µs', null),
  ]);
});
