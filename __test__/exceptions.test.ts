// Where errors go that nobody awaits: the exception handler, set, default, failing; async callbacks' rejections.

import test from 'ava';
import {
  ContextVar,
  copyContext,
  type EventLoop,
  type ExceptionContext,
  KeyboardInterrupt,
  Protocol,
  SelectorEventLoop,
  sleep,
  type Task,
  type Transport,
} from 'mioloop';
import { freshLoop } from './support/leaks.js';
import { type Bench, bothModes, fromMacrotask } from './support/modes.js';
import { runProgram } from './support/program.js';

const BOOM = new Error('boom');

const failing = (): never => {
  throw BOOM;
};

test.serial('an exception handler is a function or null (B40)', (t) => {
  const loop = freshLoop();
  const handler = (): void => undefined;
  t.is(loop.getExceptionHandler(), null);
  for (const value of ['spam', 1, {}, undefined]) {
    t.throws(() => loop.setExceptionHandler(value as unknown as null), { instanceOf: TypeError });
  }
  loop.setExceptionHandler(handler);
  t.is(loop.getExceptionHandler(), handler);
  loop.setExceptionHandler(null);
  t.is(loop.getExceptionHandler(), null);
  loop.close();
});

test.serial('callExceptionHandler() calls the handler with the loop and that very context (B41)', (t) => {
  const loop = freshLoop();
  const calls: [EventLoop, ExceptionContext][] = [];
  const context = { message: 'a message', exception: BOOM };
  loop.setExceptionHandler((...args) => calls.push(args));
  loop.callExceptionHandler(context);
  t.is(calls.length, 1);
  t.is(calls[0]?.[0], loop);
  t.is(calls[0]?.[1], context);
  loop.close();
});

bothModes('the handler may be changed between two errors (B40)', async (t, bench) => {
  const { loop } = bench;
  const log: string[] = [];
  loop.setExceptionHandler(() => log.push('first'));
  loop.callSoon(failing);
  loop.callSoon(() => loop.setExceptionHandler(() => log.push('second')));
  loop.callSoon(failing);
  await turn(bench);
  t.deepEqual(log, ['first', 'second']);
});

bothModes('the handler runs in the context of the handle (B41)', async (t, bench) => {
  const { loop } = bench;
  const tag = new ContextVar<string>('tag');
  const log: string[] = [];
  loop.setExceptionHandler(() => log.push(tag.get('unset')));
  const token = tag.set('of the first');
  loop.callSoon(failing);
  tag.set('of the second');
  loop.callSoon(() => {
    tag.set('changed by the second');
    failing();
  });
  tag.reset(token);
  await turn(bench);
  t.deepEqual(log, ['of the first', 'changed by the second']);
});

bothModes('a task in a given context may report itself from inside (B41)', async (t, { loop, run }) => {
  const tag = new ContextVar<string>('tag');
  const log: string[] = [];
  loop.setExceptionHandler((_loop, { message }) => log.push(`${message}: ${tag.get('unset')}`));
  const task: Task<void> = loop.createTask(
    function* () {
      tag.set('set inside');
      loop.callExceptionHandler({ message: 'found', task });
      yield* sleep(0);
    },
    { context: copyContext() },
  );
  await run(task);
  t.deepEqual(log, ['found: set inside']);
});

/** Records what reaches the default handler. */
class Recording extends SelectorEventLoop {
  readonly seen: ExceptionContext[] = [];

  override defaultExceptionHandler(context: ExceptionContext): void {
    this.seen.push(context);
  }
}

bothModes(
  'without a handler, errors go to the default one (B40)',
  async (t, bench) => {
    const loop = bench.loop as Recording;
    loop.setExceptionHandler(null);
    const handle = loop.callSoon(failing);
    await turn(bench);
    t.is(loop.seen.length, 1);
    t.is(loop.seen[0]?.exception, BOOM);
    t.is(loop.seen[0]?.handle, handle);
  },
  () => new Recording(),
);

bothModes(
  'a handler that throws is reported by the default one, with the first context (B42)',
  async (t, bench) => {
    const loop = bench.loop as Recording;
    const inHandler = new Error('in the handler');
    const contexts: ExceptionContext[] = [];
    loop.setExceptionHandler((_loop, context) => {
      contexts.push(context);
      throw inHandler;
    });
    const log: string[] = [];
    loop.callSoon(failing);
    loop.callSoon(() => log.push('goes on'));
    await turn(bench);
    t.deepEqual(log, ['goes on']);
    t.is(contexts.length, 1);
    t.is(loop.seen.length, 1);
    t.is(loop.seen[0]?.message, 'Unhandled error in exception handler');
    t.is(loop.seen[0]?.exception, inHandler);
    t.is(loop.seen[0]?.context, contexts[0]);
  },
  () => new Recording(),
);

bothModes('a handler may hand on to defaultExceptionHandler() itself (B41)', handsOn, () => new Recording());

bothModes('an ExitError from the handler ends the run (B42)', async (t, bench) => {
  const { loop } = bench;
  const error = new KeyboardInterrupt();
  loop.setExceptionHandler(() => {
    throw error;
  });
  loop.callSoon(failing);
  t.is(await t.throwsAsync(bench.runForever(), { any: true }), error);
});

bothModes('an async callback that rejects is reported as one that throws (B26)', async (t, bench) => {
  const { loop } = bench;
  const seen: ExceptionContext[] = [];
  loop.setExceptionHandler((_loop, context) => {
    seen.push(context);
    if (seen.length === 3) loop.stop();
  });
  const future = loop.createFuture<void>();
  const atOnce = async (): Promise<void> => failing();
  const afterPromise = async (): Promise<void> => {
    await Promise.resolve();
    failing();
  };
  const afterFuture = async (): Promise<void> => {
    await future;
    failing();
  };
  const handles = [
    loop.callSoon(atOnce),
    loop.callLater(0, afterPromise),
    loop.callSoonThreadsafe(afterFuture),
  ];
  loop.callLater(0.001, () => future.setResult());
  await bench.runForever();
  for (const handle of handles) t.true(seen.some((context) => context.handle === handle));
  for (const context of seen) {
    t.is(context.exception, BOOM);
    t.regex(context.message, /^Exception in callback /);
  }
});

bothModes('an async protocol method that rejects is reported with its protocol', async (t, bench) => {
  const { loop } = bench;
  const seen: ExceptionContext[] = [];
  const reported = loop.createFuture<void>();
  loop.setExceptionHandler((_loop, context) => {
    seen.push(context);
    reported.setResult();
  });
  class Rejecting extends Protocol {
    override async dataReceived(): Promise<void> {
      await Promise.resolve();
      failing();
    }
  }
  const made: Rejecting[] = [];
  await bench.run(function* () {
    const factory = () => made[made.push(new Rejecting()) - 1]!;
    const server = yield* loop.createServer(factory, '127.0.0.1', 0);
    const [host, port] = server.sockets[0]!.getsockname() as [string, number];
    const [client]: [Transport, Protocol] = yield* loop.createConnection(() => new Protocol(), host, port);
    client.write(Buffer.from('x'));
    yield* reported;
    client.close();
    server.close();
    server.closeClients();
    yield* server.waitClosed();
  });
  t.is(seen.length, 1);
  t.is(seen[0]?.exception, BOOM);
  t.is(seen[0]?.protocol, made[0]);
});

bothModes('what an async callback awaits goes on in its own time', async (t, bench) => {
  const { loop } = bench;
  const log: string[] = [];
  loop.callSoon(async () => {
    log.push('begins');
    await sleep(0.001);
    log.push('after a sleep');
    loop.stop();
  });
  loop.callSoon(() => log.push('the next callback'));
  await bench.runForever();
  await fromMacrotask(() => undefined);
  t.deepEqual(log, ['begins', 'the next callback', 'after a sleep']);
});

test.serial(
  'the default handler writes message, keys in order, and the error with its stack to stderr',
  async (t) => {
    const ending = await runProgram(`
    import { newEventLoop } from 'mioloop';
    const loop = newEventLoop();
    function failing() { throw new RangeError('boom'); }
    loop.callSoon(failing);
    loop.callSoon(() => loop.stop());
    await loop.runForever();
    loop.callExceptionHandler({ message: 'second', transport: 'T', protocol: 'P', handle: 'H' });
    loop.callExceptionHandler({});
    loop.close();
  `);
    t.is(ending.code, 0, ending.stderr);
    t.is(ending.stdout, '');
    t.regex(
      ending.stderr,
      /^Exception in callback failing\b.*\nhandle: .*failing.*\nRangeError: boom\n +at failing /,
    );
    t.regex(ending.stderr, /\nsecond\nhandle: .*H.*\nprotocol: .*P.*\ntransport: .*T.*\n/);
    t.regex(ending.stderr, /\nUnhandled exception in event loop\n/);
  },
);

test.serial('a default handler that throws is logged, and the loop goes on (B43)', async (t) => {
  const ending = await runProgram(`
    import { SelectorEventLoop } from 'mioloop';
    class Broken extends SelectorEventLoop {
      defaultExceptionHandler() { throw new Error('spam'); }
    }
    const loop = new Broken();
    const failing = () => { throw new Error('boom'); };
    const once = async () => {
      loop.callSoon(failing);
      loop.callSoon(() => loop.stop());
      await loop.runForever();
    };
    await once();
    loop.setExceptionHandler(() => { throw new Error('ham'); });
    await once();
    loop.close();
    console.log('went on');
  `);
  t.is(ending.code, 0, ending.stderr);
  t.is(ending.stdout, 'went on\n');
  t.regex(ending.stderr, /^Exception in default exception handler\n(.*\n)*.*spam/);
  t.regex(
    ending.stderr,
    /\nException in default exception handler while handling an unexpected error in custom exception handler\n(.*\n)*.*spam/,
  );
});

/** Runs what is ready, once. */
async function turn({ loop, runForever }: Bench): Promise<void> {
  loop.callSoon(() => loop.stop());
  await runForever();
}

async function handsOn(t: Parameters<Parameters<typeof bothModes>[1]>[0], bench: Bench): Promise<void> {
  const loop = bench.loop as Recording;
  const contexts: ExceptionContext[] = [];
  loop.setExceptionHandler((which, context) => {
    contexts.push(context);
    which.defaultExceptionHandler(context);
  });
  loop.callSoon(failing);
  await turn(bench);
  t.is(contexts.length, 1);
  t.deepEqual(loop.seen, contexts);
}
