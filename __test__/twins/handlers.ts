// The exception handler: what it is told, what it may do, and who stands in for it. The Python side is
// python/handlers.py.

import type { Coroutine, ExceptionContext, ExceptionHandler } from 'mioloop';
import { CancelledError, RuntimeError, SystemExit, sleep, TimerHandle } from 'mioloop';
import { Boom, said, scenario, script, type Twin, tried, virtualScript } from './scenario.js';

/** A handler that logs what it is told: the message up to what names an object, the keys, the error. */
function tells(twin: Twin): ExceptionHandler {
  return (loop, context) => {
    const message = context.message.split(' callback')[0];
    const error = said(context.exception);
    twin.log(`${message} (${keysOf(context)}): ${error}, this loop: ${loop === twin.loop}`);
  };
}

function keysOf(context: ExceptionContext): string {
  return Object.keys(context).sort().join(', ');
}

function boom(): void {
  throw new Boom('text');
}

function stopSoon(twin: Twin): void {
  twin.loop.callSoon(() => twin.loop.callSoon(() => twin.loop.stop()));
}

script('handler-of-callbacks (B26)', async (twin) => {
  twin.loop.setExceptionHandler(tells(twin));
  twin.loop.callSoon(boom);
  twin.loop.callSoon(twin.logger('the next callback'));
  twin.loop.callSoonThreadsafe(boom);
  twin.loop.callSoon(boom as (...args: string[]) => void, 'with', 'arguments');
  stopSoon(twin);
  await twin.runForever();
  twin.log('returned');
});

virtualScript('handler-of-timers (B26)', async (twin) => {
  twin.loop.setExceptionHandler((_loop, { exception, handle }) => {
    const when = handle instanceof TimerHandle ? handle.when() : 'none';
    twin.log(`${said(exception)}, the timer: ${handle === timer}, when ${when}`);
  });
  const timer = twin.loop.callLater(1, boom);
  twin.loop.callLater(1, twin.logger('the next timer'));
  twin.loop.callLater(2, () => twin.loop.stop());
  await twin.runForever();
});

scenario('handler-of-done-callbacks (B26, B52)', function* (twin) {
  function* returns(): Coroutine<string> {
    return 'value';
  }

  twin.loop.setExceptionHandler(tells(twin));
  const future = twin.loop.createFuture<string>();
  future.addDoneCallback(boom);
  future.addDoneCallback(twin.logger('the next callback'));
  future.setResult('x');
  const task = twin.loop.createTask(returns());
  task.addDoneCallback(boom);
  twin.log(`awaited ${yield* task}`);
  yield* twin.turns(2);
});

scenario('handler-is-not-for-tasks', function* (twin) {
  function* fails() {
    yield* twin.turns(1);
    boom();
  }

  twin.loop.setExceptionHandler(tells(twin));
  const task = twin.loop.createTask(fails());
  yield* twin.turns(3);
  twin.log(`asked for: ${said(task.exception())}`);
  twin.log(yield* twin.outcome(task, said));
});

script('handler-that-raises (B42)', async (twin) => {
  twin.loop.setExceptionHandler((_loop, context) => {
    twin.log(`the handler is told of ${said(context.exception)}`);
    throw new RuntimeError('broken');
  });
  twin.loop.defaultExceptionHandler = (context) => {
    const first = context.context as ExceptionContext;
    twin.log(`${context.message} (${keysOf(context)}): ${said(context.exception)}`);
    twin.log(`in its context: ${keysOf(first)}: ${said(first.exception)}`);
  };
  twin.loop.callSoon(boom);
  twin.loop.callSoon(twin.logger('the next callback'));
  stopSoon(twin);
  await twin.runForever();
});

script('handler-and-the-default (B40)', async (twin) => {
  const passesOn: ExceptionHandler = (loop, context) => {
    twin.log('handler passes it on');
    loop.defaultExceptionHandler(context);
  };

  twin.loop.defaultExceptionHandler = (context) => {
    twin.log(`default: ${context.message.split(' callback')[0]}`);
  };
  for (const handler of [null, passesOn, null]) {
    twin.loop.setExceptionHandler(handler);
    twin.log(`set: ${twin.loop.getExceptionHandler() === handler}`);
    twin.loop.callSoon(boom);
    twin.loop.callSoon(() => twin.loop.stop());
    await twin.runForever();
  }
});

script('handler-called-by-hand (B40)', async (twin) => {
  const given = { message: 'by hand', detail: 42 };
  twin.loop.setExceptionHandler((_loop, context) => {
    twin.log(`told the same object: ${context === given}, ${context.message}, ${context.detail}`);
    return 'ignored';
  });
  twin.log(`outside of a run: ${twin.loop.callExceptionHandler(given) ?? null}`);
  twin.loop.callSoon(() => twin.loop.callExceptionHandler(given));
  twin.loop.callSoon(() => twin.loop.stop());
  await twin.runForever();
});

script('handler-of-the-wrong-kind (B40)', async (twin) => {
  twin.loop.setExceptionHandler((_loop, context) => {
    twin.log(`still there: ${said(context.exception)}`);
  });
  for (const wrong of ['text', 1, []]) {
    twin.log(tried(() => twin.loop.setExceptionHandler(wrong as unknown as ExceptionHandler), said));
  }
  twin.loop.callSoon(boom);
  twin.loop.callSoon(() => twin.loop.stop());
  await twin.runForever();
});

script('handler-that-goes-on (B26)', async (twin) => {
  function* works() {
    twin.log('a task of the handler');
    yield* sleep(0);
    twin.loop.stop();
  }

  twin.loop.setExceptionHandler((loop, context) => {
    twin.log(`handler: ${said(context.exception)}`);
    loop.callSoon(twin.logger('scheduled by the handler'));
    loop.createTask(works());
  });
  twin.loop.callSoon(boom);
  twin.loop.callSoon(twin.logger('the next callback'));
  await twin.runForever();
});

script('handler-that-exits (B10, B42)', async (twin) => {
  twin.loop.setExceptionHandler((_loop, context) => {
    twin.log(`handler: ${said(context.exception)}`);
    throw new SystemExit('enough');
  });
  twin.loop.callSoon(boom);
  twin.loop.callSoon(twin.logger('the rest of the batch'));
  try {
    await twin.runForever();
  } catch (error) {
    twin.log(`raised ${said(error)}`);
  }
  twin.loop.callSoon(() => twin.loop.stop());
  await twin.runForever();
  twin.log('second run returned');
});

script('handler-of-cancelled-errors (B26)', async (twin) => {
  twin.loop.setExceptionHandler(tells(twin));
  twin.loop.callSoon(() => {
    throw new CancelledError('in a callback');
  });
  twin.loop.callSoon(twin.logger('the next callback'));
  stopSoon(twin);
  await twin.runForever();
});
