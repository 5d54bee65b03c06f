// Wrong arguments: the class and code of each error, a text that says what was given and what is expected, and nothing
// left open.

import { inspect } from 'node:util';
import { copyContext, type EventLoop, Future, NotImplementedError, Protocol, sleep } from 'mioloop';
import { Hall, turns } from './support/hall.js';
import { descriptors } from './support/leaks.js';
import { inLoop } from './support/modes.js';
import { Probe } from './support/probe.js';

/** Takes arguments that its types forbid. */
type Loose = (...args: unknown[]) => unknown;

interface Case {
  /** How it is called, as the title says it. */
  call: string;
  with: (loop: Record<keyof EventLoop, Loose>) => unknown;
  error: new (...args: never[]) => Error;
  code: string;
  /** What the text must contain: what was given and what is expected. */
  says: RegExp[];
}

const factory = (): Protocol => new Protocol();
const nothing = (): void => undefined;
const TYPE = { error: TypeError, code: 'ERR_INVALID_ARG_TYPE' };
const VALUE = { error: RangeError, code: 'ERR_INVALID_ARG_VALUE' };
const PORT = { error: RangeError, code: 'ERR_SOCKET_BAD_PORT' };
const NO_TLS = { error: NotImplementedError, code: 'ERR_NOT_IMPLEMENTED', says: [/ssl/] };

const CASES: Case[] = [
  { call: 'callSoon(5)', with: (loop) => loop.callSoon(5), ...TYPE, says: [/callable/, /callSoon/, /\b5\b/] },
  { call: "callSoon('text')", with: (loop) => loop.callSoon('text'), ...TYPE, says: [/callable/, /"text"/] },
  { call: 'callSoon()', with: (loop) => loop.callSoon(), ...TYPE, says: [/callable/, /undefined/] },
  {
    call: 'callSoon({ context })',
    with: (loop) => loop.callSoon({ context: copyContext() }),
    ...TYPE,
    says: [/callable/, /undefined/],
  },
  {
    call: "callSoon({ context: 'text' }, f)",
    with: (loop) => loop.callSoon({ context: 'text' }, nothing),
    ...TYPE,
    says: [/[Cc]ontext/, /"text"/],
  },
  {
    call: 'callSoonThreadsafe(null)',
    with: (loop) => loop.callSoonThreadsafe(null),
    ...TYPE,
    says: [/callable/, /null/],
  },
  { call: 'threadsafe({})', with: (loop) => loop.threadsafe({}), ...TYPE, says: [/callable/, /object/] },
  {
    call: 'callLater(null, f)',
    with: (loop) => loop.callLater(null, nothing),
    ...TYPE,
    says: [/delay must not be None/],
  },
  {
    call: "callLater('1', f)",
    with: (loop) => loop.callLater('1', nothing),
    ...TYPE,
    says: [/delay/, /seconds/, /"1"/],
  },
  {
    call: 'callLater(NaN, f)',
    with: (loop) => loop.callLater(Number.NaN, nothing),
    ...VALUE,
    says: [/delay/, /NaN/],
  },
  {
    call: 'callLater(1n, f)',
    with: (loop) => loop.callLater(1n, nothing),
    ...TYPE,
    says: [/delay/, /seconds/],
  },
  {
    call: 'callLater(1, 2)',
    with: (loop) => loop.callLater(1, 2),
    ...TYPE,
    says: [/callable/, /callLater/, /\b2\b/],
  },
  { call: 'callLater(f)', with: (loop) => loop.callLater(nothing), ...TYPE, says: [/delay/, /nothing/] },
  {
    call: 'callAt(null, f)',
    with: (loop) => loop.callAt(null, nothing),
    ...TYPE,
    says: [/when cannot be None/],
  },
  { call: 'callAt({}, f)', with: (loop) => loop.callAt({}, nothing), ...TYPE, says: [/when/] },
  { call: 'callAt(1)', with: (loop) => loop.callAt(1), ...TYPE, says: [/callable/, /callAt/, /undefined/] },
  { call: 'createTask(5)', with: (loop) => loop.createTask(5), ...TYPE, says: [/coroutine/, /\b5\b/] },
  {
    call: 'createTask(promise)',
    with: (loop) => loop.createTask(Promise.resolve(1)),
    ...TYPE,
    says: [/coroutine/, /promise/, /\(\) => f\(x\)/],
  },
  {
    call: 'setExceptionHandler(5)',
    with: (loop) => loop.setExceptionHandler(5),
    ...TYPE,
    says: [/A callable object or None is expected/, /\b5\b/],
  },
  { call: 'createServer()', with: (loop) => loop.createServer(), ...TYPE, says: [/factory/, /undefined/] },
  {
    call: 'createServer(protocol)',
    with: (loop) => loop.createServer(new Protocol(), '127.0.0.1', 0),
    ...TYPE,
    says: [/factory/, /function/, /Protocol/],
  },
  {
    call: 'createServer(f)',
    with: (loop) => loop.createServer(factory),
    ...VALUE,
    says: [/Neither host\/port nor sock were specified/],
  },
  {
    call: 'createServer(f, host, port, { ssl })',
    with: (loop) => loop.createServer(factory, '127.0.0.1', 0, { ssl: {} }),
    ...NO_TLS,
  },
  {
    call: 'createServer(f, host, port, { backlog: -1 })',
    with: (loop) => loop.createServer(factory, '127.0.0.1', 0, { backlog: -1 }),
    ...VALUE,
    says: [/backlog/, /-1/],
  },
  {
    call: 'createServer(f, host, port, { backlog: 1.5 })',
    with: (loop) => loop.createServer(factory, '127.0.0.1', 0, { backlog: 1.5 }),
    ...VALUE,
    says: [/backlog/, /1\.5/],
  },
  {
    call: "createServer(f, host, port, { backlog: 'many' })",
    with: (loop) => loop.createServer(factory, '127.0.0.1', 0, { backlog: 'many' }),
    ...TYPE,
    says: [/backlog/, /number/, /"many"/],
  },
  {
    call: 'createConnection()',
    with: (loop) => loop.createConnection(),
    ...TYPE,
    says: [/factory/, /undefined/],
  },
  {
    call: "createConnection('text', host, port)",
    with: (loop) => loop.createConnection('text', '127.0.0.1', 80),
    ...TYPE,
    says: [/factory/, /function/, /"text"/],
  },
  {
    call: 'createConnection(f)',
    with: (loop) => loop.createConnection(factory),
    ...VALUE,
    says: [/host and port was not specified and no sock specified/],
  },
  {
    call: 'createConnection(f, host, port, { ssl: true })',
    with: (loop) => loop.createConnection(factory, '127.0.0.1', 80, { ssl: true }),
    ...NO_TLS,
  },
];

for (const method of ['createServer', 'createConnection'] as const) {
  for (const host of [5, {}, true]) {
    CASES.push({
      call: `${method}(f, ${inspect(host)})`,
      with: (loop) => loop[method](factory, host, 80),
      ...TYPE,
      says: [/host/, /string/, typeof host === 'object' ? /object|instance/ : new RegExp(String(host))],
    });
  }
  for (const port of [-1, 65_536, 1e9, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
    CASES.push({
      call: `${method}(f, host, ${port})`,
      with: (loop) => loop[method](factory, '127.0.0.1', port),
      ...PORT,
      says: [/port/, /0 to 65535/, new RegExp(`got ${port}$`)],
    });
  }
  for (const port of [{}, [], true, 80n]) {
    CASES.push({
      call: `${method}(f, host, ${inspect(port)})`,
      with: (loop) => loop[method](factory, '127.0.0.1', port),
      ...TYPE,
      says: [/port/, /number/],
    });
  }
}

for (const { call, with: attempt, error: errorClass, code, says } of CASES) {
  inLoop(`${call} is a ${errorClass.name} with code ${code}`, function* (t, loop) {
    const open = descriptors().size;
    let error: unknown;
    try {
      const result = attempt(loop as unknown as Record<keyof EventLoop, Loose>);
      if (result instanceof Future) yield* result;
    } catch (thrown) {
      error = thrown;
    }
    t.true(error instanceof errorClass, String(error));
    t.is((error as NodeJS.ErrnoException).code, code);
    for (const said of says) t.regex((error as Error).message, said);
    yield* turns(2);
    t.is(descriptors().size, open, 'nothing is left open');
  });
}

inLoop('sleep() of what is no number of seconds', function* (t) {
  for (const [delay, errorClass] of [
    [Number.NaN, RangeError],
    ['1', TypeError],
    [null, TypeError],
  ] as const) {
    let error: unknown;
    try {
      yield* sleep(delay as number);
    } catch (thrown) {
      error = thrown;
    }
    t.true(error instanceof errorClass, String(error));
  }
});

inLoop('setProtocol() of no protocol is a TypeError; the old one stays', function* (t, loop) {
  using hall = yield* Hall.open(loop, () => new Probe(loop));
  const [probe, line] = yield* hall.join();
  for (const value of [undefined, null, 5, 'text']) {
    const error = t.throws(() => probe.transport.setProtocol(value as never), { instanceOf: TypeError });
    t.regex(error.message, /protocol/);
    t.true(error.message.includes(String(value)));
  }
  line.write('x');
  yield* probe.until(() => probe.received === 1);
});
