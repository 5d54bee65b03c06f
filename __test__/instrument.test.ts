// Instruments: what they are told and when, in both modes the same; what throws is removed; nothing is told without.

import test from 'ava';
import {
  type EventLoop,
  type ExceptionContext,
  ExitError,
  eagerTaskFactory,
  type Instrument,
  Lock,
  Protocol,
  sleep,
  type Task,
} from 'mioloop';
import { freshLoop } from './support/leaks.js';
import { bothModes, inLoop } from './support/modes.js';

/** Writes down all it is told. */
class Recorder implements Required<Instrument> {
  readonly events: string[] = [];
  beforeRun(): void {
    this.events.push('beforeRun');
  }
  afterRun(): void {
    this.events.push('afterRun');
  }
  taskSpawned(task: Task<unknown>): void {
    this.events.push(`spawned ${task.getName()}`);
  }
  taskScheduled(task: Task<unknown>): void {
    this.events.push(`scheduled ${task.getName()}`);
  }
  beforeTaskStep(task: Task<unknown>): void {
    this.events.push(`before ${task.getName()}`);
  }
  afterTaskStep(task: Task<unknown>): void {
    this.events.push(`after ${task.getName()}`);
  }
  taskExited(task: Task<unknown>): void {
    this.events.push(`exited ${task.getName()} ${task.done()}`);
  }
  beforeIoWait(timeout: number): void {
    this.events.push(`wait ${waitOf(timeout)}`);
  }
  afterIoWait(timeout: number): void {
    this.events.push(`waited ${waitOf(timeout)}`);
  }
}

function waitOf(timeout: number): string {
  return timeout === 0 ? '0' : timeout === Number.POSITIVE_INFINITY ? 'forever' : 'some time';
}

/** What is told of tasks. */
const ofTasks = (events: readonly string[]) => events.filter((event) => !/wait|Run/.test(event));

/** Without waits that nothing ended: a blocking loop also wakes for what Node's own threads tell each other. */
function withoutIdleWakes(events: readonly string[]): string[] {
  return events.filter((event, index) => {
    const isWait = event.startsWith('wait ') && events[index - 1]?.startsWith('waited ');
    const isItsEnd = event.startsWith('waited ') && events[index - 2]?.startsWith('waited ');
    return !isWait && !isItsEnd;
  });
}

bothModes('a run from its beginning to its end', async (t, { loop, run }) => {
  const recorder = new Recorder();
  loop.addInstrument(recorder);
  function* main() {
    recorder.events.push('body 1');
    yield* sleep(0);
    recorder.events.push('body 2');
    // Long enough that a busy machine does not make the wait one of 0.
    yield* sleep(0.1);
    recorder.events.push('body 3');
  }
  const task = loop.createTask(main(), { name: 'main' });
  await run(task);
  t.deepEqual(withoutIdleWakes(recorder.events), [
    'spawned main',
    'scheduled main',
    'beforeRun',
    'wait 0',
    'waited 0',
    'before main',
    'body 1',
    'scheduled main',
    'after main',
    'wait 0',
    'waited 0',
    'before main',
    'body 2',
    'after main',
    'wait some time',
    'waited some time',
    'scheduled main',
    'wait 0',
    'waited 0',
    'before main',
    'body 3',
    'exited main true',
    'after main',
    'wait 0',
    'waited 0',
    'afterRun',
  ]);
});

bothModes('a step of an async function ends where it awaits something again', async (t, { loop, run }) => {
  const recorder = new Recorder();
  const { events } = recorder;
  const lock = new Lock();
  async function work() {
    events.push('body 1');
    await sleep(0);
    events.push('body 2');
    await Promise.resolve();
    events.push('still 2');
    await lock.acquire();
    await lock.acquire();
    events.push('body 3');
  }
  await run(function* () {
    loop.addInstrument(recorder);
    const task = loop.createTask(work, { name: 'work' });
    for (let turn = 0; turn < 4; turn++) yield* sleep(0);
    lock.release();
    yield* task;
    loop.removeInstrument(recorder);
  });
  t.deepEqual(
    events.filter((event) => /work|body|still/.test(event)),
    [
      'spawned work',
      'scheduled work',
      'before work',
      'body 1',
      'scheduled work',
      'after work',
      'before work',
      'body 2',
      'still 2',
      'after work',
      'scheduled work',
      'before work',
      'body 3',
      'exited work true',
      'after work',
    ],
  );
});

inLoop('an eager task makes its first step inside the step of the one that makes it', function* (t, loop) {
  const recorder = new Recorder();
  loop.addInstrument(recorder);
  loop.setTaskFactory(eagerTaskFactory);
  // The step of the test is under way, and what is told begins with what follows.
  function* child() {
    yield* sleep(0);
  }
  function* parent() {
    yield* sleep(0);
    yield* loop.createTask(child());
  }
  const task = loop.createTask(parent());
  task.setName('parent');
  yield* task;
  loop.removeInstrument(recorder);
  const own = ofTasks(recorder.events).map((event) => event.replace(/Task-\d+/, 'task'));
  t.deepEqual(own.slice(0, 4), ['spawned task', 'before task', 'scheduled task', 'after task']);
  t.deepEqual(own.slice(4), [
    'before parent',
    'spawned task',
    'before task',
    'scheduled task',
    'after task',
    'after parent',
    'before task',
    'scheduled parent',
    'exited task true',
    'after task',
    'before parent',
    'scheduled task',
    'exited parent true',
    'after parent',
    'before task',
  ]);
});

inLoop('tasks that fail, are cancelled, or end at once exit as well', function* (t, loop) {
  const recorder = new Recorder();
  loop.addInstrument(recorder);
  const failing = loop.createTask(
    function* () {
      yield* sleep(0);
      throw new Error('boom');
    },
    { name: 'failing' },
  );
  const cancelled = loop.createTask(sleeping, { name: 'cancelled' });
  yield* sleep(0);
  cancelled.cancel();
  yield* sleep(0);
  yield* sleep(0);
  t.true(failing.exception() instanceof Error);
  t.true(cancelled.cancelled());
  loop.removeInstrument(recorder);
  t.deepEqual(
    recorder.events.filter((event) => event.startsWith('exited')),
    ['exited failing true', 'exited cancelled true'],
  );
});

function* sleeping() {
  yield* sleep(3600);
}

bothModes(
  'a wait without timers has no end; events of connections are no steps',
  async (t, { loop, run }) => {
    const recorder = new Recorder();
    await run(function* () {
      const received = loop.createFuture<void>();
      class Receiver extends Protocol {
        override dataReceived() {
          received.setResult();
        }
      }
      const server = yield* loop.createServer(() => new Receiver(), '127.0.0.1', 0);
      const [, port] = server.sockets[0]!.getsockname() as [string, number];
      const [transport] = yield* loop.createConnection(() => new Protocol(), '127.0.0.1', port);
      loop.addInstrument(recorder);
      transport.write(Buffer.from('data'));
      yield* received;
      loop.removeInstrument(recorder);
      transport.close();
      server.close();
      yield* server.waitClosed();
    });
    t.true(recorder.events.includes('wait forever'));
    t.deepEqual(
      ofTasks(recorder.events).map((event) => event.replace(/Task-\d+/, 'task')),
      ['scheduled task', 'before task'],
    );
  },
);

bothModes(
  'an instrument that throws is reported and removed; the others stay, and so does the loop',
  async (t, { loop, run }) => {
    const hooks = Object.getOwnPropertyNames(Recorder.prototype).filter((name) => name !== 'constructor');
    t.is(hooks.length, 9);
    for (const hook of hooks) {
      const reports: ExceptionContext[] = [];
      loop.setExceptionHandler((_loop, context) => reports.push(context));
      const error = new Error('boom');
      let calls = 0;
      const broken = {
        [hook]() {
          calls += 1;
          throw error;
        },
      } as Instrument;
      const recorder = new Recorder();
      loop.addInstrument(broken);
      loop.addInstrument(recorder);
      await run(function* () {
        yield* sleep(0);
        yield* loop.createTask(function* () {
          yield* sleep(0.001);
        });
      });
      t.is(calls, 1, hook);
      t.deepEqual(
        reports.map(({ message, exception, instrument }) => [message, exception, instrument]),
        [[`Exception in ${hook}() of an instrument, which has been removed`, error, broken]],
      );
      t.is(recorder.events.filter((event) => event.startsWith('exited')).length, 2);
      t.throws(() => loop.removeInstrument(broken), { instanceOf: RangeError });
      loop.removeInstrument(recorder);
    }
  },
);

inLoop('one that removes itself is told no more, also when it throws then', function* (t, loop) {
  const reports: string[] = [];
  loop.setExceptionHandler((_loop, { message }) => reports.push(message));
  let calls = 0;
  const once: Instrument = {
    beforeTaskStep() {
      calls += 1;
      loop.removeInstrument(once);
      throw new Error('boom');
    },
  };
  loop.addInstrument(once);
  yield* sleep(0);
  yield* sleep(0);
  t.is(calls, 1);
  t.deepEqual(reports, ['Exception in beforeTaskStep() of an instrument, which has been removed']);
});

inLoop('several are told in the order they came, each once', function* (t, loop) {
  const told: string[] = [];
  const first: Instrument = { beforeTaskStep: () => told.push('first') };
  const second: Instrument = { beforeTaskStep: () => told.push('second') };
  loop.addInstrument(first);
  loop.addInstrument(second);
  loop.addInstrument(first);
  yield* sleep(0);
  loop.removeInstrument(first);
  yield* sleep(0);
  loop.removeInstrument(second);
  yield* sleep(0);
  t.deepEqual(told, ['first', 'second', 'second']);
});

inLoop('who is added in the middle of a step is told of whole steps only', function* (t, loop) {
  const outer = new Recorder();
  const inner = new Recorder();
  loop.addInstrument(outer);
  yield* sleep(0);
  loop.addInstrument(inner);
  yield* sleep(0);
  loop.removeInstrument(outer);
  loop.removeInstrument(inner);
  const steps = ({ events }: Recorder) => ofTasks(events).map((event) => event.split(' ')[0]);
  t.deepEqual(steps(outer), ['scheduled', 'before', 'scheduled', 'after', 'before']);
  t.deepEqual(steps(inner), ['scheduled', 'before']);
});

test.serial('who is added while a hosted loop sleeps is told of whole waits only', async (t) => {
  const loop = freshLoop();
  const first = new Recorder();
  const second = new Recorder();
  loop.addInstrument(first);
  const run = loop.runForever();
  // Behind the loop's own one, which makes the first turn.
  await new Promise(setImmediate);
  t.deepEqual(first.events, ['beforeRun', 'wait forever']);
  loop.addInstrument(second);
  loop.stop();
  await run;
  t.deepEqual(first.events, ['beforeRun', 'wait forever', 'waited forever', 'afterRun']);
  t.deepEqual(second.events, ['afterRun']);
  loop.close();
});

inLoop('debug mode and instruments watch side by side', function* (t, loop) {
  const recorder = new Recorder();
  loop.addInstrument(recorder);
  loop.setDebug(true);
  let handleTraceback: unknown;
  loop.setExceptionHandler((_loop, context) => {
    handleTraceback = context.sourceTraceback;
  });
  loop.callSoon(() => {
    throw new Error('boom');
  });
  yield* sleep(0);
  t.true(Array.isArray(handleTraceback));
  loop.setDebug(false);
  yield* sleep(0);
  loop.removeInstrument(recorder);
  const steps = recorder.events
    .filter((event) => /^before T|^after T/.test(event))
    .map((event) => event.split(' ')[0]);
  t.deepEqual(steps, ['before', 'after', 'before']);
});

test.serial('an error that ends the run is told as the end of its task', (t) => {
  class Enough extends ExitError {}
  const loop = freshLoop();
  const recorder = new Recorder();
  loop.addInstrument(recorder);
  t.throws(
    () =>
      loop.runUntilCompleteSync(function* () {
        yield* sleep(0);
        throw new Enough();
      }),
    { instanceOf: Enough },
  );
  t.deepEqual(
    recorder.events.slice(-3).map((event) => event.replace(/Task-\d+/, 'task')),
    ['exited task true', 'after task', 'afterRun'],
  );
  loop.close();
});

test.serial('what is no instrument is refused', (t) => {
  const loop: EventLoop = freshLoop();
  for (const value of [null, undefined, 1, () => undefined]) {
    t.throws(() => loop.addInstrument(value as unknown as Instrument), { instanceOf: TypeError });
  }
  t.throws(() => loop.removeInstrument({}), { instanceOf: RangeError });
  loop.close();
});
