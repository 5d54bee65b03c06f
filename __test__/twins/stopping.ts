// The life of a loop: stop, runs that end early, runs that may not begin, close. The Python side is
// python/stopping.py.

import type { Coroutine } from 'mioloop';
import { CancelledError, KeyboardInterrupt, newEventLoop, SystemExit } from 'mioloop';
import { Boom, said, script, tried, virtualScript } from './scenario.js';

script('stop-twice (B5)', async (twin) => {
  twin.loop.callSoon(twin.logger('first run'));
  twin.loop.callSoon(() => twin.loop.callSoon(twin.logger('second run')));
  twin.loop.stop();
  twin.loop.stop();
  await twin.runForever();
  twin.log('first run returned');
  twin.loop.callSoon(() => twin.loop.stop());
  await twin.runForever();
  twin.log('second run returned');
});

script('stop-in-task (B3, B73)', async (twin) => {
  function* main() {
    twin.log('main stops the loop');
    twin.loop.stop();
    yield* twin.turns(1);
    twin.log('main goes on in the second run');
    return 'value';
  }

  const task = twin.loop.createTask(main());
  twin.log(await twin.ran(task, said));
  twin.log(`done: ${task.done()}`);
  twin.log(`second run: ${await twin.runUntilComplete(task)}`);
});

script('stop-in-done-callback (B6)', async (twin) => {
  function* main() {
    yield* twin.turns(1);
    twin.log('main returns');
    return 'value';
  }

  const task = twin.loop.createTask(main());
  task.addDoneCallback(() => twin.loop.stop());
  task.addDoneCallback(twin.logger('done callback behind stop'));
  twin.loop.callSoon(() => twin.loop.callSoon(twin.logger('second turn')));
  twin.log(await twin.runUntilComplete(task));
});

script('run-what-is-done (B51)', async (twin) => {
  const done = twin.loop.createFuture<string>();
  done.setResult('result');
  const failed = twin.loop.createFuture<string>();
  failed.setException(new Boom('text'));
  const cancelled = twin.loop.createFuture<string>();
  cancelled.cancel('why');
  twin.loop.callSoon(twin.logger('soon'));
  for (const future of [done, failed, cancelled]) twin.log(await twin.ran(future, said));
});

script('runs-that-fail (B65)', async (twin) => {
  function* fails() {
    yield* twin.turns(1);
    throw new Boom('text');
  }

  function* cancelled() {
    yield* twin.turns(1);
    throw new CancelledError('why');
  }

  twin.log(await twin.ran(fails(), said));
  twin.log(await twin.ran(cancelled(), said));
});

script('nested-runs (B4, B11)', async (twin) => {
  const other = newEventLoop();
  const future = twin.loop.createFuture<void>();
  const foreign = other.createFuture<void>();
  const nested = () => {
    twin.log(`this loop: ${tried(() => twin.loop.runUntilCompleteSync(future), said)}`);
    twin.log(`another loop: ${tried(() => other.runUntilCompleteSync(foreign), said)}`);
    twin.log(`close: ${tried(() => twin.loop.close(), said)}`);
    twin.loop.stop();
  };

  twin.loop.callSoon(nested);
  await twin.runForever();
  twin.log('returned');
  other.callSoon(twin.logger('another loop runs now'));
  other.callSoon(() => other.stop());
  other.runForeverSync();
  other.close();
});

script('states (B5, B11)', async (twin) => {
  const state = (when: string) => {
    twin.log(`${when}: running ${twin.loop.isRunning()}, closed ${twin.loop.isClosed()}`);
  };
  const callback = () => {
    state('in a callback');
    twin.loop.stop();
    state('stopped');
  };

  state('new');
  twin.loop.callSoon(callback);
  await twin.runForever();
  state('returned');
  twin.loop.close();
  twin.loop.close();
  state('closed');
});

script('after-close (B12)', async (twin) => {
  function* never(): Coroutine<void> {
    twin.log('never');
  }
  const nothing = () => twin.log('never');

  const { loop } = twin;
  const future = loop.createFuture<void>();
  loop.callSoon(nothing);
  loop.callLater(0, nothing);
  loop.close();
  twin.log(`run_forever: ${tried(() => loop.runForeverSync(), said)}`);
  twin.log(`run_until_complete: ${tried(() => loop.runUntilCompleteSync(future), said)}`);
  twin.log(`call_soon: ${tried(() => loop.callSoon(nothing), said)}`);
  twin.log(`call_soon_threadsafe: ${tried(() => loop.callSoonThreadsafe(nothing), said)}`);
  twin.log(`call_later: ${tried(() => loop.callLater(1, nothing), said)}`);
  twin.log(`call_at: ${tried(() => loop.callAt(1, nothing), said)}`);
  twin.log(`create_task: ${tried(() => loop.createTask(never()), said)}`);
  twin.log(`stop: ${tried(() => loop.stop())}`);
});

script('exit-in-callback (B10)', async (twin) => {
  const exits = () => {
    twin.loop.callSoon(twin.logger('scheduled by what exits'));
    throw new KeyboardInterrupt('now');
  };

  twin.loop.callSoon(twin.logger('before'));
  twin.loop.callSoon(exits);
  twin.loop.callSoon(twin.logger('the rest of the batch'));
  try {
    await twin.runForever();
  } catch (error) {
    twin.log(`raised ${said(error)}`);
  }
  twin.log(`running: ${twin.loop.isRunning()}`);
  twin.loop.callSoon(() => twin.loop.stop());
  await twin.runForever();
  twin.log('second run returned');
});

script('exit-in-task (B9, B10)', async (twin) => {
  function* exits() {
    yield* twin.turns(1);
    throw new SystemExit('now');
  }

  const task = twin.loop.createTask(exits());
  task.addDoneCallback((done) => twin.log(`task done: ${said(done.exception())}`));
  twin.log(await twin.ran(task, said));
  twin.log(`done: ${task.done()}`);
  // The run that was left must not stop the next one.
  twin.loop.callSoon(() => twin.loop.callSoon(() => twin.loop.callSoon(() => twin.loop.stop())));
  await twin.runForever();
  twin.log('second run returned');
});

virtualScript('stop-leaves-timers (B6)', async (twin) => {
  const stops = () => {
    twin.log('stops');
    twin.loop.stop();
  };

  twin.loop.callLater(2, stops);
  twin.loop.callLater(2, twin.logger('due in the same turn'));
  twin.loop.callLater(3, twin.logger('in the second run'));
  twin.loop.callLater(5, stops);
  await twin.runForever();
  twin.log('first run returned');
  await twin.runForever();
  twin.log('second run returned');
});

script('until-complete-in-order (B59)', async (twin) => {
  function* main(name: string): Coroutine<string> {
    twin.log(`${name} starts`);
    twin.loop.callSoon(twin.logger(`soon, behind ${name}`));
    return name;
  }

  twin.loop.createTask(main('background'));
  twin.log(`returned ${await twin.runUntilComplete(main('first'))}`);
  twin.log(`returned ${await twin.runUntilComplete(main('second'))}`);
});
