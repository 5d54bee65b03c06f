// A protocol that throws: the exception handler hears of it, its connection is closed, and all others go on.

import type { ExceptionContext, Transport } from 'mioloop';
import { RuntimeError } from 'mioloop';
import { Hall, reportsOf } from './support/hall.js';
import type { Line } from './support/lockstep.js';
import { inLoop } from './support/modes.js';
import { asyncioName, BufferedProbe, Echo, Probe } from './support/probe.js';
import { detach } from './support/random.js';

class Boom extends Error {}

type Throws = new (...args: ConstructorParameters<typeof Probe>) => Probe | BufferedProbe;

/** What throws, the protocol that does it, and the stranger's doing that provokes it. */
const CASES: [hook: string, protocol: Throws, provoke: (line: Line) => void][] = [
  [
    'connectionMade',
    class extends Probe {
      override connectionMade(transport: Transport): void {
        super.connectionMade(transport);
        throw new Boom();
      }
    },
    () => undefined,
  ],
  [
    'dataReceived',
    class extends Probe {
      override dataReceived(data: Buffer): void {
        super.dataReceived(data);
        throw new Boom();
      }
    },
    (line) => line.deliver('x'),
  ],
  [
    'eofReceived',
    class extends Probe {
      override eofReceived(): boolean {
        super.eofReceived();
        throw new Boom();
      }
    },
    (line) => line.end(),
  ],
  [
    'getBuffer',
    class extends BufferedProbe {
      override getBuffer(): Uint8Array {
        throw new Boom();
      }
    },
    (line) => line.deliver('x'),
  ],
  [
    'bufferUpdated',
    class extends BufferedProbe {
      override bufferUpdated(nbytes: number): void {
        super.bufferUpdated(nbytes);
        throw new Boom();
      }
    },
    (line) => line.deliver('x'),
  ],
];

for (const [hook, Throwing, provoke] of CASES) {
  inLoop(
    `an exception in ${hook} is reported, closes that connection and no other (B45, B46, B103)`,
    function* (t, loop) {
      const reports = reportsOf(loop);
      let guests = 0;
      using hall = yield* Hall.open<Probe | BufferedProbe>(loop, () =>
        ++guests === 2 ? new Throwing(loop) : new Echo(loop),
      );
      const [, before] = yield* hall.join();
      const [probe, line] = yield* hall.join();
      provoke(line);
      yield* probe.until(() => probe.lost !== undefined);
      t.true(probe.lost instanceof Boom, 'connectionLost gets the exception');
      t.true(probe.transport.isClosing());
      t.is(probe.events.filter((event) => event === 'lost').length, 1);
      yield* line.until(({ ended, closed }) => ended || closed);

      t.is(reports.length, 1);
      const report = reports[0]!;
      t.true(report.exception instanceof Boom);
      t.is(report.transport, probe.transport);
      t.is(report.protocol, probe);
      t.is(report.message, `Fatal error: protocol.${asyncioName(hook)}() call failed.`);

      const [, after] = yield* hall.join();
      for (const other of [before, after]) {
        other.write('still here');
        yield* other.until(({ received }) => received === 10);
      }
    },
  );
}

inLoop(
  'an exception in connectionLost is reported; the connection is gone all the same',
  function* (t, loop) {
    class Throwing extends Probe {
      override connectionLost(error: Error | null): void {
        super.connectionLost(error);
        throw new Boom();
      }
    }

    const reports = reportsOf(loop);
    using hall = yield* Hall.open(loop, () => new Throwing(loop));
    const [probe, line] = yield* hall.join();
    probe.transport.close();
    yield* line.until(({ ended }) => ended);
    hall.server.close();
    yield* hall.server.waitClosed();
    t.deepEqual(probe.events, ['made', 'lost']);
    t.is(reports.length, 1);
    const report = reports[0]!;
    t.true(report.exception instanceof Boom);
    t.is(report.transport, probe.transport);
    t.is(report.protocol, probe);
  },
);

/** Buffers that getBuffer must not give. */
const BAD_BUFFERS: [what: string, give: () => unknown, judge: (report: ExceptionContext) => boolean][] = [
  [
    'an empty buffer',
    () => new Uint8Array(0),
    ({ exception }) =>
      exception instanceof RuntimeError && /returned an empty buffer/.test(exception.message),
  ],
  [
    'a detached buffer',
    () => {
      const buffer = new Uint8Array(64);
      detach(buffer);
      return buffer;
    },
    ({ exception }) =>
      exception instanceof RuntimeError && /returned an empty buffer/.test(exception.message),
  ],
  ['undefined', () => undefined, ({ exception }) => exception instanceof TypeError],
  ['a string', () => 'a string is no buffer', ({ exception }) => exception instanceof TypeError],
  ['a number', () => 4096, ({ exception }) => exception instanceof TypeError],
];

for (const [what, give, judge] of BAD_BUFFERS) {
  inLoop(`getBuffer that gives ${what} is a fatal error of that connection (B104)`, function* (t, loop) {
    class Gives extends BufferedProbe {
      override getBuffer(sizehint: number): Uint8Array {
        super.getBuffer(sizehint);
        return give() as Uint8Array;
      }
    }

    const reports = reportsOf(loop);
    using hall = yield* Hall.open(loop, () => new Gives(loop));
    const [probe, line] = yield* hall.join();
    line.deliver('x');
    yield* probe.until(() => probe.lost !== undefined);
    t.deepEqual(probe.hints, [-1], 'the size hint is -1');
    t.is(reports.length, 1);
    const report = reports[0]!;
    t.true(judge(report), String(report.exception));
    t.is(probe.lost as unknown, report.exception);
    t.is(report.transport, probe.transport);
    t.is(report.protocol, probe);
    t.is(report.message, 'Fatal error: protocol.get_buffer() call failed.');
  });
}
